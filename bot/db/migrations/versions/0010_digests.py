"""Digests: what people wish to hear and when, what is due to whom."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("done IS NULL")


def upgrade() -> None:
    op.create_table(
        "kpi_digest",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("due", bot.db.Instant(), nullable=False),
        sa.Column("done", bot.db.Instant(), nullable=True),
        sa.Column("told", bot.db.Json(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kpi_digest_person_id_person")),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "kind", "period", name=op.f("pk_kpi_digest")),
    )
    op.create_index(
        "ix_kpi_digest_workspace_id_due",
        "kpi_digest",
        ["workspace_id", "due"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "kpi_digest_wish",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("daily", sa.String(length=8), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("monthly", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("measures", bot.db.Json(), nullable=False),
        sa.Column("since", bot.db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kpi_digest_wish_person_id_person")),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_kpi_digest_wish")),
    )
