"""The library: cards with their versions, vectors, what was asked, gaps, offered phrasings."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "library_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("band", sa.String(length=8), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("gap_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_ask")),
    )
    op.create_index("ix_library_ask_gap_id", "library_ask", ["gap_id"])
    op.create_index("ix_library_ask_workspace_id_at", "library_ask", ["workspace_id", "at"])
    op.create_index("ix_library_ask_workspace_id_card_id", "library_ask", ["workspace_id", "card_id"])
    op.create_table(
        "library_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("phrasings", bot.db.Json(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tags", bot.db.Json(), nullable=False),
        sa.Column("variants", bot.db.Json(), nullable=False),
        sa.Column("points", bot.db.Json(), nullable=False),
        sa.Column("roles", bot.db.Json(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("changed", bot.db.Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_card")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_library_card_workspace_id_key")),
    )
    op.create_index("ix_library_card_workspace_id_review_by", "library_card", ["workspace_id", "review_by"])
    op.create_index("ix_library_card_workspace_id_seq", "library_card", ["workspace_id", "seq"])
    op.create_table(
        "library_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened", bot.db.Instant(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_gap")),
    )
    op.create_index("ix_library_gap_workspace_id_state", "library_gap", ["workspace_id", "state"])
    op.create_table(
        "library_state",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("embedded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_library_state")),
    )
    op.create_table(
        "library_vector",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "model", "digest", name=op.f("pk_library_vector")),
    )
    op.create_table(
        "library_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["library_card.id"], name=op.f("fk_library_offer_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_offer")),
        sa.UniqueConstraint("workspace_id", "card_id", "text", name=op.f("uq_library_offer_workspace_id_card_id_text")),
    )
    op.create_index("ix_library_offer_workspace_id_state", "library_offer", ["workspace_id", "state"])
    op.create_table(
        "library_version",
        sa.Column("workspace_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", bot.db.Instant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("body", bot.db.Json(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["library_card.id"], name=op.f("fk_library_version_card_id")),
        sa.PrimaryKeyConstraint("workspace_id", "card_id", "version", name=op.f("pk_library_version")),
    )
