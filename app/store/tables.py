"""The tables of the vault's database, as SQLAlchemy Core sees them.

``event`` is the truth; every other table here is a projection that ``app.store.projections`` can build again from it.
Sealed columns (BLOB) are encrypted under the key of their conversation, so a backup of this file gives away ids, times,
enums and counters, and no name and no word. What migrations create must equal what stands here (a test compares).
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData()

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("lamport", Integer, nullable=False),
    Column("wall_ms", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed; a bare digest once it is shed (see app.store.chain)
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("seq > 0", name="event_seq_counts_from_one"),
)
Index("event_id_is_unique", event.c.event_id, unique=True)
Index("event_by_conversation", event.c.conversation_id, event.c.seq)
INDEXED_KINDS = (
    "erased",
    "erasure_certified",
    "hold_placed",
    "hold_released",
    "marked_done",
    "message_redacted",
    "retention_classed",
    "retention_signed",
)
"""Kinds of event that are looked for over the whole log. SQLite takes the index only for ``kind = '…'`` written out."""
Index(
    "event_by_rare_kind",
    event.c.kind,
    event.c.conversation_id,
    event.c.wall_ms,
    sqlite_where=text(" OR ".join(f"kind = '{kind}'" for kind in INDEXED_KINDS)),
)

conversation = Table(
    "conversation",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("contact", LargeBinary, nullable=False),  # sealed
    Column("snippet", LargeBinary, nullable=False),  # sealed
    Column("snippet_seq", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("assigned_to", Text),
    Column("opened_ms", Integer, nullable=False),
    Column("last_activity_ms", Integer, nullable=False),
    Column("oldest_unanswered_ms", Integer),
    Column("snoozed_until_ms", Integer),
    Column("unread_count", Integer, nullable=False),
    Column("seen_seq", Integer, nullable=False),
    Column("newest_received", Text),
    Column("newest_received_seq", Integer, nullable=False),
    Column("has_unsent_reply", Boolean, nullable=False),
    Column("has_unsent_note", Boolean, nullable=False),
    Column("has_fresh_proposal", Boolean, nullable=False),
    Column("last_seq", Integer, nullable=False),
    # The order of the inbox, worked out when a row is written so that an index can hold it (app.store.facts).
    Column("sort_rank", Integer, nullable=False),
    Column("sort_waiting_ms", Integer, nullable=False),
    PrimaryKeyConstraint("conversation_id"),
)
_INBOX_ORDER = (
    conversation.c.sort_rank.desc(),
    conversation.c.sort_waiting_ms,
    conversation.c.last_activity_ms.desc(),
)
Index("inbox_by_state", conversation.c.state, *_INBOX_ORDER)
Index("inbox_by_person", conversation.c.assigned_to, conversation.c.state, *_INBOX_ORDER)
Index(
    "snoozed_by_time",
    conversation.c.snoozed_until_ms,
    sqlite_where=text("snoozed_until_ms IS NOT NULL"),
)

tally = Table(
    "tally",
    metadata,
    Column("state", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("assigned_to", Text, nullable=False),  # "" for nobody
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("state", "urgency", "assigned_to"),
    sqlite_with_rowid=False,
)

thread_item = Table(
    "thread_item",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("wall_ms", Integer, nullable=False),
    Column("held_id", Text),
    Column("content", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("conversation_id", "seq"),
    sqlite_with_rowid=False,
)
# The last line of defence against a reply that is sent twice: the database itself refuses the second one.
Index("held_reply_is_sent_once", thread_item.c.held_id, unique=True, sqlite_where=text("held_id IS NOT NULL"))

unsent = Table(
    "unsent",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("tab", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("sheddable_seq", Integer),  # the TEXT_SAVED event whose body may go once this row is replaced
    Column("content", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("conversation_id", "tab"),
)

held = Table(
    "held",
    metadata,
    Column("held_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("releases_at_ms", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("held_id"),
)
Index("held_by_conversation", held.c.conversation_id)

proposal = Table(
    "proposal",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("proposal_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("conversation_id"),
)

contact_details = Table(
    "contact_details",
    metadata,
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("conversation_id"),
)

article = Table(
    "article",
    metadata,
    Column("article_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("article_id"),
)

office = Table(
    "office",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),  # sealed
)

PROJECTIONS = (conversation, tally, thread_item, unsent, held, proposal, contact_details, article, office)
"""Every table that may be emptied and built again from ``event``."""

OF_CONVERSATION = (conversation, thread_item, unsent, held, proposal, contact_details)
"""Those whose rows go when their conversation is erased; see ``app.store.channel.tables`` for the rest."""
