"""For which deals a card was used."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "library_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_use")),
        sa.UniqueConstraint("workspace_id", "card_id", "deal", name=op.f("uq_library_use_workspace_id_card_id_deal")),
    )


def downgrade() -> None:
    op.drop_table("library_use")
