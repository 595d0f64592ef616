"""The tables of transport; see migration 0003, which makes them."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, text

from app.store.tables import metadata

peer = Table(
    "channel_peer",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("started", LargeBinary, nullable=False),  # the start of the program that its sending chain belongs to
    Column("last_seen_ms", Integer),
    Column("renewed", LargeBinary, nullable=False),  # the generation for which a new one was asked
    Column("away_ms", Integer),
    Column("gap_ms", Integer),  # since when something is missing, once that was told
    Column("session", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("conversation_id"),
)
Index("channel_peer_by_address", peer.c.address, unique=True)

message = Table(
    "channel_message",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("message_id", LargeBinary, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("is_ours", Boolean, nullable=False),
    Column("part", Integer, nullable=False),
    Column("state", Integer, nullable=False),  # ``MessageState``
    Column("is_early", Boolean, nullable=False),
    Column("made_ms", Integer, nullable=False),
    PrimaryKeyConstraint("conversation_id", "message_id"),
)
Index("channel_message_by_event", message.c.conversation_id, message.c.event_id)

outbox = Table(
    "channel_outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("number", Integer, nullable=False),
    Column("message_id", LargeBinary),  # none for what only travels: answers, acknowledgements
    Column("frame", LargeBinary, nullable=False),  # ciphertext
    Column("is_stored", Boolean, nullable=False),
    Column("made_ms", Integer, nullable=False),
    sqlite_autoincrement=True,  # a row that went must not lend its id to one that was not sent yet
)
Index("channel_outbox_by_chain", outbox.c.conversation_id, outbox.c.chain, outbox.c.number, unique=True)
Index("channel_outbox_unsent", outbox.c.id, sqlite_where=text("is_stored = 0"))

key = Table(
    "channel_key",
    metadata,
    Column("key_id", Text, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("replaced_ms", Integer),
    Column("content", LargeBinary, nullable=False),  # sealed under a key of its own
    PrimaryKeyConstraint("key_id"),
)

document = Table(
    "channel_document",
    metadata,
    Column("kind", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # public
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("kind", "seq"),
)

setting = Table(
    "channel_setting",
    metadata,
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed under the office's key
    PrimaryKeyConstraint("name"),
)

invitation = Table(
    "channel_invitation",
    metadata,
    Column("invite_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("expires_ms", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: name, language, and the secret while it is open
    PrimaryKeyConstraint("invite_id"),
)
Index("channel_invitation_by_address", invitation.c.address, unique=True)

errand = Table(
    "channel_errand",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("until_ms", Integer, nullable=False),
    Column("due_ms", Integer, nullable=False),
    sqlite_autoincrement=True,
)

file = Table(
    "channel_file",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("is_ours", Boolean, nullable=False),
    Column("is_done", Boolean, nullable=False),  # all of it is where it shall be: here, or at the gateway
    PrimaryKeyConstraint("conversation_id", "blob"),
)
Index("channel_file_undone", file.c.conversation_id, sqlite_where=text("is_done = 0"))

chunk = Table(
    "channel_chunk",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("number", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # ciphertext; its key stands in the sealed event
    PrimaryKeyConstraint("conversation_id", "blob", "number"),
)

OF_CONVERSATION = (peer, message, outbox, invitation, file, chunk)
"""Tables whose rows go when their conversation is erased."""
