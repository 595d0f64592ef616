"""Conversations as the screens read them: inbox rows, threads, search hits.

These records are answers to questions, not storage: the truth is the event log (``app.domain.events``).
All times are Unix milliseconds, UTC. Text is what people wrote, untouched and uninterpreted.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

from app.domain.contact import NOTHING_KNOWN, ContactDetails
from app.domain.ids import ConversationId, EventId, PersonId, ProposalId
from app.domain.proposal import Proposal, SourceRef

MAX_MESSAGE_CHARS = 20_000
"""Longest message that is accepted from any door; longer is refused with a clear error."""

MAX_NAME_CHARS = 120
"""Longest contact name; longer is refused."""


class Party(Enum):
    """Who stands behind an item of a thread."""

    VISITOR = "visitor"
    DESK = "desk"
    SYSTEM = "system"


class Origin(Enum):
    """The door a conversation came through. ``CHANNEL`` is the seat kept for the patient's browser."""

    PHONE = "phone"
    WALK_IN = "walk_in"
    PASTED = "pasted"
    IMPORTED = "imported"
    CHANNEL = "channel"


class Urgency(IntEnum):
    """Order of the inbox; only people raise it here, nothing lowers it by itself."""

    ROUTINE = 0
    SOON = 1
    URGENT = 2
    EMERGENCY = 3


class ConversationState(Enum):
    """Where a conversation stands."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


class InboxView(Enum):
    """The filters of the rail; ``OPEN`` is the working list."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    SNOOZED = "snoozed"
    DONE = "done"


class IdentityMeans(Enum):
    """How the desk came to know who writes; raised by a person, recorded, and taken back by one."""

    CALLED_BACK = "called_back"
    """On a number that the office already held."""
    PHOTO_ID = "photo_id"
    KNOWN = "known"
    """Somebody of the office knows the person."""


IDENTITY_NOTICE = "identity:"
"""A notice of a thread that begins so says how identity was raised; with nothing behind it, that it was taken back."""


class ComposerTab(Enum):
    """The two sheets of the composer; each keeps its own unsent text."""

    REPLY = "reply"
    NOTE = "note"


class ItemKind(Enum):
    """What an item of a thread is."""

    MESSAGE = "message"
    NOTE = "note"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox. ``has_proposal``: a proposal for the newest message waits to be read."""

    conversation_id: ConversationId
    contact_name: str
    snippet: str
    origin: Origin
    urgency: Urgency
    state: ConversationState
    oldest_unanswered_ms: int | None
    last_activity_ms: int
    unread_count: int
    assigned_to: PersonId | None
    snoozed_until_ms: int | None
    has_unsent_text: bool
    has_proposal: bool = False


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Numbers for the rail; ``emergencies`` counts open ones."""

    open: int
    mine: int
    unassigned: int
    snoozed: int
    done: int
    emergencies: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a sent message came to be. ``proposal_id`` is None when a person wrote it alone."""

    proposal_id: ProposalId | None
    model_name: str | None
    sources: tuple[SourceRef, ...]
    changed_percent: int


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """One message, note or notice, oldest first in its thread."""

    event_id: EventId
    kind: ItemKind
    party: Party
    author_name: str
    text: str
    wall_ms: int
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class HeldReply:
    """A reply within its undo time: written down, not yet sent."""

    held_id: EventId
    conversation_id: ConversationId
    text: str
    releases_at_ms: int


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything the middle pane shows of one conversation."""

    conversation_id: ConversationId
    contact_name: str
    origin: Origin
    urgency: Urgency
    state: ConversationState
    assigned_to: PersonId | None
    snoozed_until_ms: int | None
    items: tuple[ThreadItem, ...]
    first_unseen: EventId | None
    unsent_reply: str
    unsent_note: str
    proposal: Proposal | None
    held: HeldReply | None
    details: ContactDetails = NOTHING_KNOWN

    @property
    def identity(self) -> "ThreadItem | None":
        """The notice by which identity stands raised; None while it is not."""
        notices = [
            item for item in self.items if item.kind is ItemKind.NOTICE and item.text.startswith(IDENTITY_NOTICE)
        ]
        return notices[-1] if notices and notices[-1].text != IDENTITY_NOTICE else None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One message that matches a search. ``marks`` are half-open code-point ranges inside ``excerpt``."""

    conversation_id: ConversationId
    event_id: EventId
    contact_name: str
    excerpt: str
    marks: tuple[tuple[int, int], ...]
    wall_ms: int
