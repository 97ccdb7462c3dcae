"""To-dos, and what happened to them."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "todo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("created", bot.db.Instant(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_at", sa.Time(), nullable=True),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closed", bot.db.Instant(), nullable=True),
        sa.Column("reminded", sa.String(length=16), nullable=False),
        sa.Column("remind_at", bot.db.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_todo_workspace_id_key")),
    )
    op.create_index("ix_todo_workspace_id_deal", "todo", ["workspace_id", "deal"])
    op.create_index("ix_todo_workspace_id_owner_id_state", "todo", ["workspace_id", "owner_id", "state"])
    op.create_index("ix_todo_workspace_id_remind_at", "todo", ["workspace_id", "remind_at"])
    op.create_table(
        "todo_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("todo_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo_event")),
    )
    op.create_index(op.f("ix_todo_event_todo_id"), "todo_event", ["todo_id"])


def downgrade() -> None:
    op.drop_table("todo_event")
    op.drop_table("todo")
