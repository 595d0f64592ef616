"""The hash chain over the event log: pure, sees bytes and never a key.

An event's hash covers the one before it, its own header and the *digest* of its sealed body::

    digest = BLAKE2b-256(sealed body)
    hash   = BLAKE2b-256(label | previous hash | header fields … | digest)      each part behind its length

Because the body enters by its digest, a body may be *shed*: replaced by its digest, 32 bytes, shorter than any seal.
The chain still proves that the event happened, and in which place, while the words are gone. Composer text that has
been replaced is shed at once; redacting a message sheds every body that held its words, and erasing a conversation
sheds all of its bodies (``app.store.tombstones`` says which bodies may be missing).

``seq`` stays out of the hash on purpose: a row that was moved still has a sound hash of its own but does not follow
its neighbour, which lets the report say "moved" instead of "changed".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b

from app.domain.events import EventKind
from app.store.codec import pack

HASH_BYTES = 32
_HASH_LABEL = b"vestibule/1 event"
_GENESIS_LABEL = b"vestibule/1 log"
_MAY_BE_SHED = frozenset(
    {EventKind.TEXT_SAVED.value, EventKind.OFFICE_RULE_SET.value, EventKind.CONTACT_DESCRIBED.value}
)
"""What a newer event replaces."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the ``event`` table, as it lies on disk."""

    seq: int
    event_id: str
    conversation_id: str
    actor: str
    lamport: int
    wall_ms: int
    kind: str
    schema: int
    body: bytes = field(repr=False)
    prev_hash: bytes
    hash: bytes

    @property
    def is_shed(self) -> bool:
        """Whether only the digest of the body is left."""
        return len(self.body) == HASH_BYTES


class LogFault(Enum):
    """What can be wrong at one place of the log."""

    CHANGED = "changed"
    """The event's own bytes do not fit its hash."""
    MISSING = "missing"
    """No event stands at this number, but later ones do."""
    MOVED = "moved"
    """A sound event that does not follow the one before it."""
    CUT_OFF = "cut_off"
    """The log ends here, and the head file knows of more."""
    UNKNOWN_TAIL = "unknown_tail"
    """The event that the head file names is another one: an older or foreign log was put in place."""
    WORDS_MISSING = "words_missing"
    """The body was shed though nothing replaced it."""
    UNREADABLE = "unreadable"
    """The body does not open under its conversation's key, or the page it stands on is damaged."""


@dataclass(frozen=True, slots=True)
class LogProblem:
    """One fault and the number of the event where it shows."""

    seq: int
    fault: LogFault


def genesis(vault_id: str) -> bytes:
    """Return the hash that stands before the first event; it binds the log to its vault."""
    return blake2b(pack(_GENESIS_LABEL, vault_id.encode()), digest_size=HASH_BYTES).digest()


def body_digest(body: bytes) -> bytes:
    """Return the digest of a sealed body; of a shed one, the digest that was left in its place."""
    return body if len(body) == HASH_BYTES else blake2b(body, digest_size=HASH_BYTES).digest()


def event_hash(prev_hash: bytes, event: StoredEvent) -> bytes:
    """Return the hash of one event that follows ``prev_hash``."""
    return hash_of(prev_hash, event.event_id, event.conversation_id, event.actor, event.lamport, event.wall_ms,
                   event.kind, event.schema, event.body)  # fmt: skip


def hash_of(
    prev_hash: bytes,
    event_id: str,
    conversation_id: str,
    actor: str,
    lamport: int,
    wall_ms: int,
    kind: str,
    schema: int,
    body: bytes,
) -> bytes:
    """Return the hash of an event that is still being put together; the same as ``event_hash``."""
    row = pack(
        _HASH_LABEL,
        prev_hash,
        event_id.encode(),
        conversation_id.encode(),
        actor.encode(),
        b"%d" % lamport,
        b"%d" % wall_ms,
        kind.encode(),
        b"%d" % schema,
        body_digest(body),
    )
    return blake2b(row, digest_size=HASH_BYTES).digest()


def never(_event: StoredEvent) -> bool:
    """Return that no body may be missing beside those that a newer event of its kind replaces."""
    return False


@dataclass(slots=True)
class ChainWalk:
    """Takes events in the order of ``seq`` and says where the chain does not hold.

    After a fault it goes on from the hash that is stored, so that one change is reported once. ``may_be_shed`` is asked
    about events without a body that no newer event of their kind replaced.
    """

    prev_hash: bytes
    seq: int = 0
    may_be_shed: Callable[[StoredEvent], bool] = never

    def step(self, event: StoredEvent) -> Iterator[LogProblem]:
        """Yield what is wrong with the next event, and take it as the new end."""
        is_gap = event.seq != self.seq + 1
        if is_gap:
            yield LogProblem(self.seq + 1, LogFault.MISSING)
        if event_hash(event.prev_hash, event) != event.hash:
            yield LogProblem(event.seq, LogFault.CHANGED)
        elif event.prev_hash != self.prev_hash and not is_gap:
            yield LogProblem(event.seq, LogFault.MOVED)
        if event.is_shed and event.kind not in _MAY_BE_SHED and not self.may_be_shed(event):
            yield LogProblem(event.seq, LogFault.WORDS_MISSING)
        self.prev_hash, self.seq = event.hash, event.seq
