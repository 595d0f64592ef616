"""The patient channel as the screens read it: its state, invitations, what a gateway holds, and one patient's side.

Answers to questions, like ``app.domain.conversation``; the truth is the event log and the tables of transport
(``app.store.channel``). All times are Unix milliseconds, UTC. When the office is away: ``app.domain.office_hours``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from app.domain.ids import ConversationId, EventId, PersonId

MAX_FILE_BYTES = 25 * 1_024 * 1_024
INVITATION_MS = 72 * 3_600_000
"""An invitation can be used for so long; threat-model.md §6.1."""
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""The only gateways a demo vault may talk to."""


class LinkPhase(Enum):
    """How the console stands with its gateway."""

    OFF = "off"
    DIALLING = "dialling"
    ON = "on"
    WAITING = "waiting"
    """It did not answer, and is tried again."""
    REFUSED = "refused"
    """It said no; ``ChannelStatus.code`` says why."""


@dataclass(frozen=True, slots=True)
class GatewayPlace:
    """Where the gateway is, and the address under which patients open the page."""

    host: str
    port: int
    page_url: str
    is_tls: bool = True
    ca_file: Path | None = None


class PageState(Enum):
    """What a look at the page that the gateway serves has found."""

    NOT_LOOKED = "not_looked"
    SAME = "same"
    DIFFERENT = "different"
    """What patients are served is not what this desk knows: a person has to look."""
    UNKNOWN = "unknown"
    """It could not be fetched; ``code`` says why."""


@dataclass(frozen=True, slots=True)
class ServedPage:
    """One look at the served page. ``differing``: a few paths of files that are other, missing or served too laxly."""

    state: PageState = PageState.NOT_LOOKED
    at_ms: int | None = None
    code: str = ""
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """The channel of one office; nothing here names a patient, so every role may see it."""

    has_office_keys: bool = False
    is_on: bool = False
    gateway: GatewayPlace | None = None
    phase: LinkPhase = LinkPhase.OFF
    code: str = ""
    retry_at_ms: int | None = None
    last_contact_ms: int | None = None
    waiting_count: int = 0
    """Frames that the gateway does not have yet."""
    undelivered_count: int = 0
    """Messages that have not arrived at their patient."""
    oldest_undelivered_ms: int | None = None
    card_issued_ms: int | None = None
    card_until_ms: int | None = None
    certified_until_ms: int | None = None
    """Until then the root on paper vouches for the vault's card key."""
    fingerprint: str = ""
    """Of the office, in eight groups of four letters and digits."""
    desks: int = 1
    is_open_door: bool = False
    refused_frames: int = 0
    """What came and did not hold, since the console started."""
    page: ServedPage = field(default_factory=ServedPage)
    held_back: tuple["HeldBack", ...] = ()
    """Mailboxes of which nothing more is taken for now, and why; they name nobody."""


class HoldCause(Enum):
    """Why a mailbox is held back."""

    FLOOD = "flood"
    """More came than is taken in an hour or a day."""
    WALLED = "walled"
    """It belongs to a conversation whose keys the person at the desk does not have."""
    FAULT = "fault"
    """Something of it could not be written down: a damaged row, or a fault of this program."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A mailbox that is held back. ``until_ms`` None: until the next connection."""

    cause: HoldCause
    since_ms: int
    until_ms: int | None = None
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """What the office says of itself before anybody consents; the page words the rest. ``withdraw``: by other ways."""

    phone: str
    country: str
    emergency: tuple[str, ...]
    keeps_days: int
    who: str
    withdraw: str
    languages: tuple[str, ...] = ("en", "es")
    is_assistant_offered: bool = True
    is_open_door: bool = False
    version: int = 0
    """Set by the service: counts up whenever what a patient agrees to changes."""


class InvitationState(Enum):
    """What became of an invitation."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Invite:
    """A fresh invitation. The link opens a conversation for whoever has it: it is shown, printed, never logged."""

    invite_id: str
    contact_name: str = field(repr=False)
    language: str
    link: str = field(repr=False)
    expires_ms: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One line of the list. ``conversation_id``: what came of it."""

    invite_id: str
    contact_name: str = field(repr=False)
    language: str
    made_ms: int
    expires_ms: int
    state: InvitationState
    made_by: PersonId | None = None
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies at the gateway in one place; ``size`` in bytes."""

    count: int = 0
    size: int = 0
    oldest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One mailbox. ``contact_name`` is None for whoever may not see it, and for one that nothing here knows."""

    contact_name: str | None = field(repr=False)
    to_desk: Pile
    to_patient: Pile
    files: Pile
    conversation_id: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that the gateway holds, as it told at ``read_ms``."""

    read_ms: int
    disk_bytes: int
    mailboxes: tuple[Held, ...]
    closed: int = 0


class Delivery(Enum):
    """How far a message of the desk has come."""

    WAITING = "waiting"
    STORED = "stored"
    DELIVERED = "delivered"
    READ = "read"


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file of a thread. ``is_here``: all of it is in the vault; else it waits at the gateway.

    ``is_lost``: the gateway does not have it any more, and its sender was asked for it again. ``is_fetched``: one of
    ours, and the visitor's browser has it.
    """

    name: str = field(repr=False)
    media_type: str
    size: int
    is_here: bool
    is_lost: bool = False
    is_fetched: bool = False


class AlarmKind(Enum):
    """What no undisturbed conversation does."""

    GAP = "gap"
    FORK = "fork"
    CHANGED = "changed"
    LATE = "late"
    """A message that was written before others came behind them."""
    UNREADABLE = "unreadable"
    """Sealed to keys that this vault does not have: it came back from a backup, or what came is rubbish."""
    FLOOD = "flood"
    """More came at once than is taken; the rest waits at the gateway."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm and when it was noticed."""

    kind: AlarmKind
    at_ms: int


@dataclass(frozen=True, slots=True)
class ChannelPeer:
    """The patient of one conversation."""

    safety_number: str
    verified_ms: int | None = None
    verified_by: str = field(default="", repr=False)
    assistant_allowed: bool = False
    consent_version: int | None = None
    consent_ms: int | None = None
    language: str = ""
    last_seen_ms: int | None = None
    has_ended: bool = False
    asked_erasure_ms: int | None = None
    alarms: tuple[Alarm, ...] = ()
    is_confirmed: bool = False
    """The patient's browser has answered: what is sent now leaves at once."""

    @property
    def is_verified(self) -> bool:
        """Whether somebody compared this safety number."""
        return self.verified_ms is not None


@dataclass(frozen=True, slots=True)
class ChannelThread:
    """What the channel adds to one conversation. ``early``: came before the patient's browser had proved itself."""

    peer: ChannelPeer
    delivery: Mapping[EventId, Delivery]
    files: Mapping[EventId, FileInfo]
    early: frozenset[EventId]
