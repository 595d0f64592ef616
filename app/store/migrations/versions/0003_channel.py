"""The transport of the patient channel: sessions, frames that wait, keys, invitations, files."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; an office without the channel leaves them empty."""
    _create_conversations()
    _create_outbox()
    _create_office()
    _create_invitation()
    _create_files()


def downgrade() -> None:
    """There is no way back: an older program refuses a newer vault, and a backup holds the older file."""
    raise NotImplementedError


def _create_conversations() -> None:
    op.create_table(
        "channel_peer",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("started", sa.LargeBinary, nullable=False),
        sa.Column("last_seen_ms", sa.Integer),
        sa.Column("renewed", sa.LargeBinary, nullable=False),
        sa.Column("away_ms", sa.Integer),
        sa.Column("gap_ms", sa.Integer),
        sa.Column("session", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_index("channel_peer_by_address", "channel_peer", ["address"], unique=True)
    op.create_table(
        "channel_message",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("message_id", sa.LargeBinary, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("is_ours", sa.Boolean, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("is_early", sa.Boolean, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "message_id"),
    )
    op.create_index("channel_message_by_event", "channel_message", ["conversation_id", "event_id"])


def _create_outbox() -> None:
    op.create_table(
        "channel_outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("message_id", sa.LargeBinary),
        sa.Column("frame", sa.LargeBinary, nullable=False),
        sa.Column("is_stored", sa.Boolean, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("channel_outbox_by_chain", "channel_outbox", ["conversation_id", "chain", "number"], unique=True)
    op.create_index("channel_outbox_unsent", "channel_outbox", ["id"], sqlite_where=sa.text("is_stored = 0"))
    op.create_table(
        "channel_errand",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("until_ms", sa.Integer, nullable=False),
        sa.Column("due_ms", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )


def _create_office() -> None:
    op.create_table(
        "channel_key",
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("replaced_ms", sa.Integer),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_table(
        "channel_document",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("kind", "seq"),
    )
    op.create_table(
        "channel_setting",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _create_invitation() -> None:
    op.create_table(
        "channel_invitation",
        sa.Column("invite_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("expires_ms", sa.Integer, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("invite_id"),
    )
    op.create_index("channel_invitation_by_address", "channel_invitation", ["address"], unique=True)


def _create_files() -> None:
    op.create_table(
        "channel_file",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("blob", sa.LargeBinary, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("is_ours", sa.Boolean, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "blob"),
    )
    op.create_index("channel_file_undone", "channel_file", ["conversation_id"], sqlite_where=sa.text("is_done = 0"))
    op.create_table(
        "channel_chunk",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("blob", sa.LargeBinary, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "blob", "number"),
    )
