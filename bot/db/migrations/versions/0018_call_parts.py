"""What the work on a call has made so far, erased with the call."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_part",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "n", name=op.f("pk_call_part")),
    )


def downgrade() -> None:
    op.drop_table("call_part")
