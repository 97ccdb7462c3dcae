"""Telegram: what buttons say, messages of several parts, open cards."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telegram_keyboard",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=24), nullable=False),
        sa.Column("buttons", bot.db.Json(), nullable=False),
        sa.Column("used", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "token", name=op.f("pk_telegram_keyboard")),
    )
    op.create_index("ix_telegram_keyboard_used", "telegram_keyboard", ["used"])
    op.create_table(
        "telegram_part",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "sent", "position", name=op.f("pk_telegram_part")),
    )
    op.create_index("ix_telegram_part_chat_message_id", "telegram_part", ["workspace_id", "chat", "message_id"])
    op.create_index("ix_telegram_part_key", "telegram_part", ["workspace_id", "key"])
    op.create_table(
        "telegram_card",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("state", bot.db.Json(), nullable=False),
        sa.Column("changed", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "chat", name=op.f("pk_telegram_card")),
    )
