"""Accounts on chat platforms, invitations, and lanes of the outbox."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("workspace_id", "platform", "person_id", name="uq_account_workspace_id_platform_person_id"),
        sa.UniqueConstraint("workspace_id", "platform", "user", name="uq_account_workspace_id_platform_user"),
    )
    op.create_table(
        "invite",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires", bot.db.Instant(), nullable=False),
        sa.Column("used", bot.db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invite_person_id_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invite")),
    )
    op.create_index("ix_invite_expires", "invite", ["expires"])
    op.create_table(
        "lane",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("lease_until", bot.db.Instant(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("paused_until", bot.db.Instant(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
    )
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("unreachable_at", bot.db.Instant(), nullable=True))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
        outbox.add_column(sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"))
        outbox.drop_column("lease_until")
    op.execute("UPDATE outbox SET lane = workspace_id || '/' || platform, state = replace(state, 'sending', 'ready')")
