"""The standup knows the deals: what it asks about, what was said; questions pushed down; blockers of a CRM's deal."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standup_deal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("onward", sa.Text(), nullable=False),
        sa.Column("reasons", bot.db.Json(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("done", bot.db.Json(), nullable=False),
        sa.Column("bar", sa.String(length=8), nullable=False),
        sa.Column("blocker_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["standup_slot.id"], name=op.f("fk_standup_deal_slot_id_standup_slot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_deal")),
        sa.UniqueConstraint("slot_id", "deal", name=op.f("uq_standup_deal_slot_id_deal")),
    )
    op.create_table(
        "standup_focus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("texts", bot.db.Json(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_focus")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_standup_focus_workspace_id_key")),
    )
    op.create_table(
        "standup_focus_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("focus_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["focus_id"], ["standup_focus.id"], name=op.f("fk_standup_focus_person_focus_id_standup_focus")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standup_focus_person_person_id_person")),
        sa.ForeignKeyConstraint(
            ["slot_id"],
            ["standup_slot.id"],
            name=op.f("fk_standup_focus_person_slot_id_standup_slot"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_focus_person")),
        sa.UniqueConstraint("focus_id", "person_id", name=op.f("uq_standup_focus_person_focus_id_person_id")),
    )
    op.create_index("ix_standup_focus_person_person_id_slot_id", "standup_focus_person", ["person_id", "slot_id"])
    op.create_index("ix_standup_focus_person_slot_id", "standup_focus_person", ["slot_id"])
    with op.batch_alter_table("blocker") as blocker:
        blocker.add_column(sa.Column("deal_key", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_blocker_workspace_id_raised_on", "blocker", ["workspace_id", "raised_on"])
