"""Calls whose transcript somebody sent, their minutes, and who read them."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("engine", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("posted_at", bot.db.Instant(), nullable=True),
        sa.Column("posted_to", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_call_workspace_id_key")),
    )
    for column in ("sent_by", "deal", "state"):
        op.create_index(f"ix_call_workspace_id_{column}", "call", ["workspace_id", column])
    op.create_table(
        "call_text",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.Column("dropped", bot.db.Json(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_text")),
    )
    op.create_table(
        "call_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lines", bot.db.Json(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("about", bot.db.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_item")),
        sa.UniqueConstraint("call_id", "n", name=op.f("uq_call_item_call_id_n")),
    )
    op.create_table(
        "call_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_read")),
    )
    op.create_index(op.f("ix_call_read_call_id"), "call_read", ["call_id"])


def downgrade() -> None:
    for name in ("call_read", "call_item", "call_text", "call"):
        op.drop_table(name)
