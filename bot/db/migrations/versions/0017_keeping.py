"""Calls that a team learns from, how long calls are kept, and which were erased."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("more", bot.db.Json(), nullable=False),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("published_at", bot.db.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_example")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_example_call_id")),
    )
    columns = ["workspace_id", "team_id", "state"]
    op.create_index(op.f("ix_call_example_workspace_id_team_id_state"), "call_example", columns)
    op.create_table(
        "call_keeping",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_call_keeping")),
    )
    op.create_table(
        "call_erased",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_erased")),
    )


def downgrade() -> None:
    for name in ("call_erased", "call_keeping", "call_example"):
        op.drop_table(name)
