"""The numbers of a picture that is too large to be counted while somebody waits."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi_noted",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("numbers", bot.db.Json(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_kpi_noted")),
    )


def downgrade() -> None:
    op.drop_table("kpi_noted")
