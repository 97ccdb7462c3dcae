"""What people change about deals from chat, how it stands against the CRM, and how far it was sent."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before", bot.db.Json(), nullable=False),
        sa.Column("after", bot.db.Json(), nullable=False),
        sa.Column("told", bot.db.Json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("to_stage", sa.Integer(), nullable=True),
        sa.Column("moved", sa.BigInteger(), nullable=True),
        sa.Column("sending", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", bot.db.Instant(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_change")),
        sa.UniqueConstraint("key", name=op.f("uq_crm_change_key")),
    )
    op.create_index("ix_crm_change_workspace_id_deal", "crm_change", ["workspace_id", "deal"])
    op.create_index("ix_crm_change_workspace_id_state", "crm_change", ["workspace_id", "state"])
    op.create_index("ix_crm_change_workspace_id_at", "crm_change", ["workspace_id", "at"])
    op.create_index("ix_crm_change_workspace_id_sending", "crm_change", ["workspace_id", "sending"])
