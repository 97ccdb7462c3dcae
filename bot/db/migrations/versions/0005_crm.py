"""The CRM picture: accounts, deals, moves, touches, leads and targets in versions; stages; what counts; sources."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REPLACED = sa.text("until < 2147483647")
NO_DEAL = sa.text("deal = ''")


def upgrade() -> None:
    op.create_table(
        "crm_account",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("contact_title", sa.Text(), nullable=False),
        sa.Column("purchase_preference", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_account")),
        sa.UniqueConstraint("workspace_id", "account", "until", name=op.f("uq_crm_account_workspace_id_account_until")),
    )
    op.create_index(
        "ix_crm_account_workspace_id_until",
        "crm_account",
        ["workspace_id", "until"],
        sqlite_where=REPLACED,
        postgresql_where=REPLACED,
    )
    op.create_index("ix_crm_account_workspace_id_owner", "crm_account", ["workspace_id", "owner"])
    op.create_table(
        "crm_deal",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("product_line", sa.Text(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=4), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expected_close", sa.Date(), nullable=True),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_deal")),
        sa.UniqueConstraint("workspace_id", "deal", "until", name=op.f("uq_crm_deal_workspace_id_deal_until")),
    )
    op.create_index(
        "ix_crm_deal_workspace_id_until",
        "crm_deal",
        ["workspace_id", "until"],
        sqlite_where=REPLACED,
        postgresql_where=REPLACED,
    )
    op.create_index("ix_crm_deal_workspace_id_account", "crm_deal", ["workspace_id", "account"])
    op.create_index("ix_crm_deal_workspace_id_closed", "crm_deal", ["workspace_id", "closed"])
    op.create_index("ix_crm_deal_workspace_id_owner_status", "crm_deal", ["workspace_id", "owner", "status"])
    op.create_index("ix_crm_deal_workspace_id_stage_status", "crm_deal", ["workspace_id", "stage", "status"])
    op.create_table(
        "crm_lead",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("first_response", sa.BigInteger(), nullable=True),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_lead")),
        sa.UniqueConstraint("workspace_id", "lead", "until", name=op.f("uq_crm_lead_workspace_id_lead_until")),
    )
    op.create_index(
        "ix_crm_lead_workspace_id_until",
        "crm_lead",
        ["workspace_id", "until"],
        sqlite_where=REPLACED,
        postgresql_where=REPLACED,
    )
    op.create_index("ix_crm_lead_workspace_id_created", "crm_lead", ["workspace_id", "created"])
    op.create_index("ix_crm_lead_workspace_id_owner", "crm_lead", ["workspace_id", "owner"])
    op.create_table(
        "crm_move",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("from_stage", sa.Integer(), nullable=False),
        sa.Column("to_stage", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_move")),
        sa.UniqueConstraint(
            "workspace_id",
            "deal",
            "at",
            "to_stage",
            "until",
            name=op.f("uq_crm_move_workspace_id_deal_at_to_stage_until"),
        ),
    )
    op.create_index(
        "ix_crm_move_workspace_id_until",
        "crm_move",
        ["workspace_id", "until"],
        sqlite_where=REPLACED,
        postgresql_where=REPLACED,
    )
    op.create_index("ix_crm_move_workspace_id_from_stage_at", "crm_move", ["workspace_id", "from_stage", "at"])
    op.create_table(
        "crm_source",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("heard", bot.db.Instant(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("columns", bot.db.Json(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "source", "kind", name=op.f("pk_crm_source")),
    )
    op.create_table(
        "crm_stage",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Float(), nullable=True),
        sa.Column("exit_criteria", sa.Text(), nullable=False),
        sa.Column("stall_days", sa.Float(), nullable=True),
        sa.Column("touch_days", sa.Float(), nullable=True),
        sa.Column("former", bot.db.Json(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=True),
        sa.Column("usual_of", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "number", name=op.f("pk_crm_stage")),
    )
    op.create_table(
        "crm_state",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_crm_state")),
    )
    op.create_table(
        "crm_target",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_target")),
        sa.UniqueConstraint(
            "workspace_id",
            "team",
            "owner",
            "period",
            "measure",
            "until",
            name=op.f("uq_crm_target_workspace_id_team_owner_period_measure_until"),
        ),
    )
    op.create_index(
        "ix_crm_target_workspace_id_until",
        "crm_target",
        ["workspace_id", "until"],
        sqlite_where=REPLACED,
        postgresql_where=REPLACED,
    )
    op.create_table(
        "crm_touch",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_touch")),
        sa.UniqueConstraint(
            "workspace_id", "deal", "at", "mark", "until", name=op.f("uq_crm_touch_workspace_id_deal_at_mark_until")
        ),
    )
    op.create_index(
        "ix_crm_touch_workspace_id_until",
        "crm_touch",
        ["workspace_id", "until"],
        sqlite_where=REPLACED,
        postgresql_where=REPLACED,
    )
    op.create_index(
        "ix_crm_touch_workspace_id_account_at",
        "crm_touch",
        ["workspace_id", "account", "at"],
        sqlite_where=NO_DEAL,
        postgresql_where=NO_DEAL,
    )
