"""What changed of the past as it happens, exits of closed weeks; what was kept before is counted anew."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crm_shift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("reach", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_shift")),
    )
    op.create_index("ix_crm_shift_workspace_id_id", "crm_shift", ["workspace_id", "id"])
    op.drop_table("kpi_scope")
    op.create_table(
        "kpi_scope",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("setup", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "scope", name=op.f("pk_kpi_scope")),
    )
    op.create_table(
        "kpi_exits",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("cut", sa.String(length=16), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("final", sa.Integer(), nullable=False),
        sa.Column("cells", bot.db.Json(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "scope", "cut", name=op.f("pk_kpi_exits")),
    )


def downgrade() -> None:
    for name in ("kpi_exits", "kpi_scope", "crm_shift"):
        op.drop_table(name)
    op.create_table(
        "kpi_scope",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "scope", name=op.f("pk_kpi_scope")),
    )
