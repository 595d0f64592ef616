"""The event log and the projections that the console reads."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first version."""
    _create_event()
    _create_conversation()
    _create_tally()
    _create_thread_item()
    _create_composer()
    _create_office()


def downgrade() -> None:
    """There is no way back: an older program refuses a newer vault, and a backup holds the older file."""
    raise NotImplementedError


def _create_event() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("lamport", sa.Integer, nullable=False),
        sa.Column("wall_ms", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("prev_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("seq > 0", name="event_seq_counts_from_one"),
    )
    op.create_index("event_id_is_unique", "event", ["event_id"], unique=True)
    op.create_index("event_by_conversation", "event", ["conversation_id", "seq"])


def _create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("contact", sa.LargeBinary, nullable=False),
        sa.Column("snippet", sa.LargeBinary, nullable=False),
        sa.Column("snippet_seq", sa.Integer, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("assigned_to", sa.Text),
        sa.Column("opened_ms", sa.Integer, nullable=False),
        sa.Column("last_activity_ms", sa.Integer, nullable=False),
        sa.Column("oldest_unanswered_ms", sa.Integer),
        sa.Column("snoozed_until_ms", sa.Integer),
        sa.Column("unread_count", sa.Integer, nullable=False),
        sa.Column("seen_seq", sa.Integer, nullable=False),
        sa.Column("newest_received", sa.Text),
        sa.Column("newest_received_seq", sa.Integer, nullable=False),
        sa.Column("has_unsent_reply", sa.Boolean, nullable=False),
        sa.Column("has_unsent_note", sa.Boolean, nullable=False),
        sa.Column("has_fresh_proposal", sa.Boolean, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("sort_rank", sa.Integer, nullable=False),
        sa.Column("sort_waiting_ms", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    order = [sa.text("sort_rank DESC"), sa.text("sort_waiting_ms"), sa.text("last_activity_ms DESC")]
    op.create_index("inbox_by_state", "conversation", [sa.text("state"), *order])
    op.create_index("inbox_by_person", "conversation", [sa.text("assigned_to"), sa.text("state"), *order])
    op.create_index(
        "snoozed_by_time", "conversation", ["snoozed_until_ms"], sqlite_where=sa.text("snoozed_until_ms IS NOT NULL")
    )


def _create_tally() -> None:
    op.create_table(
        "tally",
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("assigned_to", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("state", "urgency", "assigned_to"),
        sqlite_with_rowid=False,
    )


def _create_thread_item() -> None:
    op.create_table(
        "thread_item",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("wall_ms", sa.Integer, nullable=False),
        sa.Column("held_id", sa.Text),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "held_reply_is_sent_once",
        "thread_item",
        ["held_id"],
        unique=True,
        sqlite_where=sa.text("held_id IS NOT NULL"),
    )


def _create_composer() -> None:
    op.create_table(
        "unsent",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("tab", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("sheddable_seq", sa.Integer),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "tab"),
    )
    op.create_table(
        "held",
        sa.Column("held_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("releases_at_ms", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("held_id"),
    )
    op.create_index("held_by_conversation", "held", ["conversation_id"])
    op.create_table(
        "proposal",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("proposal_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
    )


def _create_office() -> None:
    op.create_table(
        "article",
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "office",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
