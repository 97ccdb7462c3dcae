"""What was asked of a language model, and answers that need not be asked for again."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "llm_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("cached", sa.Integer(), nullable=False),
        sa.Column("guessed", sa.Boolean(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_call")),
    )
    op.create_index("ix_llm_call_workspace_id_at", "llm_call", ["workspace_id", "at"])
    op.create_table(
        "llm_answer",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_llm_answer")),
    )
    op.create_index("ix_llm_answer_workspace_id_about", "llm_answer", ["workspace_id", "about"])
    op.create_index("ix_llm_answer_at", "llm_answer", ["at"])


def downgrade() -> None:
    op.drop_table("llm_answer")
    op.drop_table("llm_call")
