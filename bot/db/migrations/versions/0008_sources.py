"""The CRM's other ways in: batches that were pushed, runs of a source that is asked, what is worked out later."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAMED = sa.text("batch <> ''")


def upgrade() -> None:
    op.create_table(
        "crm_push",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", bot.db.Json(), nullable=False),
        sa.Column("taken", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "signature", name=op.f("pk_crm_push")),
    )
    op.create_index(
        "uq_crm_push_workspace_id_batch",
        "crm_push",
        ["workspace_id", "batch"],
        unique=True,
        sqlite_where=NAMED,
        postgresql_where=NAMED,
    )
    op.create_index("ix_crm_push_taken", "crm_push", ["taken"])
    op.create_table(
        "crm_run",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("begun", bot.db.Instant(), nullable=False),
        sa.Column("ended", bot.db.Instant(), nullable=True),
        sa.Column("failing", bot.db.Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "source", name=op.f("pk_crm_run")),
    )
    op.add_column("crm_state", sa.Column("tended", sa.Integer(), nullable=False, server_default="0"))
