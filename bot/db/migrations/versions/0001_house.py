"""People, standups, blockers, the web chat, inbox and outbox."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("workspace_id", "calendar", "day", name=op.f("uq_holiday_workspace_id_calendar_day")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("heard_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.Column("heard", bot.db.Instant(), nullable=False),
        sa.Column("answered", bot.db.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint(
            "workspace_id", "platform", "heard_id", name=op.f("uq_inbox_workspace_id_platform_heard_id")
        ),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_answered_heard", ["answered", "heard"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("only", sa.Text(), nullable=False),
        sa.Column("under", sa.Text(), nullable=False),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due", bot.db.Instant(), nullable=False),
        sa.Column("expires", bot.db.Instant(), nullable=True),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", bot.db.Instant(), nullable=True),
        sa.Column("created", bot.db.Instant(), nullable=False),
        sa.Column("sent_at", bot.db.Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_outbox_workspace_id_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_lane_chat_state", ["lane", "chat", "state"], unique=False)
        batch_op.create_index("ix_outbox_state_due", ["state", "due"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("standup_at", sa.Time(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("standup_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_team_workspace_id_name")),
    )
    op.create_table(
        "web_counter",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_web_counter")),
    )
    op.create_table(
        "web_file",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("only_person", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.Column("created", bot.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_file")),
    )
    op.create_table(
        "web_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=True),
        sa.Column("author", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.Column("only_person", sa.Integer(), nullable=True),
        sa.Column("created", bot.db.Instant(), nullable=False),
        sa.Column("edited", bot.db.Instant(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_message")),
        sa.UniqueConstraint(
            "workspace_id", "author", "client_id", name=op.f("uq_web_message_workspace_id_author_client_id")
        ),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_web_message_workspace_id_key")),
    )
    with op.batch_alter_table("web_message", schema=None) as batch_op:
        batch_op.create_index("ix_web_message_chat", ["workspace_id", "chat", "id"], unique=False)
        batch_op.create_index("ix_web_message_seq", ["workspace_id", "seq"], unique=False)
        batch_op.create_index("ix_web_message_thread", ["thread"], unique=False)

    op.create_table(
        "web_read",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "chat", name=op.f("pk_web_read")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("calendar", sa.String(length=16), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("product_line", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.String(length=16), nullable=True),
        sa.Column("standup_at", sa.Time(), nullable=True),
        sa.Column("joins", sa.Boolean(), nullable=False),
        sa.Column("slack", sa.Text(), nullable=False),
        sa.Column("telegram", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("unreachable", sa.Text(), nullable=False),
        sa.Column("created", bot.db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_person_manager_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_person_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_person_workspace_id_key")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_team_id"), ["team_id"], unique=False)

    op.create_table(
        "standup_agenda",
        sa.Column("team_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("since", bot.db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_standup_agenda_team_id")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_standup_agenda")),
    )
    with op.batch_alter_table("standup_agenda", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standup_agenda_at"), ["at"], unique=False)

    op.create_table(
        "standup_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_standup_question_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_question")),
        sa.UniqueConstraint(
            "workspace_id", "team_id", "key", name=op.f("uq_standup_question_workspace_id_team_id_key")
        ),
    )
    op.create_table(
        "standup_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("questions", bot.db.Json(), nullable=False),
        sa.Column("opened", bot.db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_standup_run_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_run")),
        sa.UniqueConstraint("workspace_id", "team_id", "day", name=op.f("uq_standup_run_workspace_id_team_id_day")),
    )
    op.create_table(
        "blocker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("decide_at", bot.db.Instant(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_blocker_owner_id")),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name=op.f("fk_blocker_raised_by")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_blocker_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker")),
    )
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.create_index("ix_blocker_decide_at", ["decide_at"], unique=False)
        batch_op.create_index("ix_blocker_raised_by_state", ["raised_by", "state"], unique=False)
        batch_op.create_index("ix_blocker_team_id_state", ["team_id", "state"], unique=False)

    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
        sa.UniqueConstraint(
            "workspace_id",
            "person_id",
            "first",
            "last",
            "part",
            name=op.f("uq_leave_workspace_id_person_id_first_last_part"),
        ),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index("ix_leave_last", ["last"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_place_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_place_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint(
            "workspace_id", "platform", "chat", "thread", name=op.f("uq_place_workspace_id_platform_chat_thread")
        ),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index("ix_place_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_place_team_id", ["team_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created", bot.db.Instant(), nullable=False),
        sa.Column("seen", bot.db.Instant(), nullable=False),
        sa.Column("expires", bot.db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_expires", ["expires"], unique=False)

    op.create_table(
        "signin",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires", bot.db.Instant(), nullable=False),
        sa.Column("used", bot.db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signin_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_signin")),
    )
    with op.batch_alter_table("signin", schema=None) as batch_op:
        batch_op.create_index("ix_signin_expires", ["expires"], unique=False)

    op.create_table(
        "standup_office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=False),
        sa.Column("due", bot.db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["standup_run.id"], name=op.f("fk_standup_office_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_office")),
        sa.UniqueConstraint("run_id", "office", name=op.f("uq_standup_office_run_id_office")),
    )
    with op.batch_alter_table("standup_office", schema=None) as batch_op:
        batch_op.create_index("ix_standup_office_due", ["due"], unique=False)

    op.create_table(
        "standup_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=False),
        sa.Column("first_due", bot.db.Instant(), nullable=False),
        sa.Column("due", bot.db.Instant(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("asked_at", bot.db.Instant(), nullable=True),
        sa.Column("nudge_at", bot.db.Instant(), nullable=True),
        sa.Column("close_at", bot.db.Instant(), nullable=True),
        sa.Column("answered_at", bot.db.Instant(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("snoozes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standup_slot_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["standup_run.id"], name=op.f("fk_standup_slot_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_slot")),
        sa.UniqueConstraint(
            "workspace_id", "person_id", "day", name=op.f("uq_standup_slot_workspace_id_person_id_day")
        ),
    )
    with op.batch_alter_table("standup_slot", schema=None) as batch_op:
        batch_op.create_index("ix_standup_slot_run_id", ["run_id"], unique=False)
        batch_op.create_index("ix_standup_slot_state_close_at", ["state", "close_at"], unique=False)
        batch_op.create_index("ix_standup_slot_state_due", ["state", "due"], unique=False)
        batch_op.create_index("ix_standup_slot_state_nudge_at", ["state", "nudge_at"], unique=False)

    op.create_table(
        "blocker_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("blocker_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["blocker_id"], ["blocker.id"], name=op.f("fk_blocker_event_blocker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker_event")),
    )
    with op.batch_alter_table("blocker_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blocker_event_blocker_id"), ["blocker_id"], unique=False)

    op.create_table(
        "standup_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("items", bot.db.Json(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["standup_slot.id"], name=op.f("fk_standup_answer_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_answer")),
        sa.UniqueConstraint("slot_id", "question", name=op.f("uq_standup_answer_slot_id_question")),
    )
    op.create_table(
        "standup_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["standup_slot.id"], name=op.f("fk_standup_event_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_event")),
    )
    with op.batch_alter_table("standup_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standup_event_slot_id"), ["slot_id"], unique=False)
