"""Alerts with what happened to them, deals that stall for a known reason, days that were looked at."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("opened", bot.db.Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("facts", bot.db.Json(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("calm", sa.Integer(), nullable=False),
        sa.Column("held", sa.String(length=16), nullable=False),
        sa.Column("closed", bot.db.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_alert")),
        sa.UniqueConstraint(
            "workspace_id",
            "team_id",
            "rule",
            "stage",
            "since",
            name=op.f("uq_kpi_alert_workspace_id_team_id_rule_stage_since"),
        ),
    )
    op.create_index("ix_kpi_alert_workspace_id_state", "kpi_alert", ["workspace_id", "state"])
    op.create_table(
        "kpi_alert_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_alert_event")),
    )
    op.create_index(op.f("ix_kpi_alert_event_alert_id"), "kpi_alert_event", ["alert_id"])
    op.create_table(
        "kpi_looked",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "team_id", name=op.f("pk_kpi_looked")),
    )
    op.create_table(
        "kpi_quiet",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "deal", name=op.f("pk_kpi_quiet")),
    )


def downgrade() -> None:
    for name in ("kpi_quiet", "kpi_looked", "kpi_alert_event", "kpi_alert"):
        op.drop_table(name)
