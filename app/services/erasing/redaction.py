"""Taking words out of one message or note: a name, a line, or all of it; for good.

What stood there is replaced by a mark of fixed length, which does not even tell how long it was. The words leave every
place that this vault has for them: the event, what was held on the way to sending, the texts of drafts and proposals,
unsent text, the stand-ins of an anonymised view, the search index and the write-ahead logs. Other messages may quote
them; how many do is told, and each can be redacted as well.

An attachment goes whole: its name, the key that opens it, its chunks here and what the gateway still has of it.

The conversation keeps its key, so a backup made before still opens to it until the next one replaces it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.conversation import ItemKind, Thread
from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId, EventId
from app.domain.roles import Right
from app.services.conversations.texts import check_text
from app.services.errors import NoSuchConversationError, RedactionFault, RedactionRefusedError
from app.services.ledger import Ledger
from app.services.retention.holds import HoldService
from app.store.logged import LoggedEvent
from app.store.redacting import FILE_KINDS, MESSAGE_KINDS, read_bodies, with_bodies
from app.store.search import IndexEntry, SearchIndex
from app.store.thread_query import read_thread

MASK = "███"
"""Stands where words were taken out."""

_WORK_IN_PROGRESS = frozenset(
    {
        EventKind.DRAFT_PROPOSED,
        EventKind.DRAFT_DISCARDED,
        EventKind.TEXT_SAVED,
        EventKind.ANONYMISED_MAPPED,
        EventKind.ANONYMISING_CASE_KEPT,
        EventKind.MESSAGE_REDACTED,
    }
)
"""What may quote anything and is needed by nothing: all of it in the conversation goes."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was done. ``quotes`` counts other messages and notes of the thread that still hold the same words."""

    event_id: EventId
    bodies: int
    quotes: int
    are_wals_empty: bool


class RedactionService:
    """Takes words out of the threads of one open vault. Safe from any thread."""

    def __init__(self, ledger: Ledger, index: SearchIndex, holds: HoldService) -> None:
        self._ledger = ledger
        self._index = index
        self._holds = holds

    def redact(
        self, cid: ConversationId, event_id: EventId, span: tuple[int, int] | None = None, *, reason: str = ""
    ) -> Redaction:
        """Take a message, or a stretch of it, out of a thread for good.

        Args:
            cid: the conversation.
            event_id: its message, note or attachment.
            span: half-open, in code points of the text as it stands now; None takes all of it. An attachment has
                no other.
            reason: kept beside it, sealed; may be "".

        Raises:
            RedactionRefusedError: says why; nothing was changed.
            HeldByLawError, NoSuchConversationError, NotYoursError, InvalidTextError: likewise.
        """
        self._ledger.require(Right.REDACT_MESSAGES)
        reason = check_text(reason, may_be_empty=True)
        with self._ledger.lock:
            self._holds.require_free([cid])
            thread = self._thread(cid)
            text = _text_of(thread, event_id)
            start, end = _checked(text, span)
            left = text[:start] + MASK + text[end:]
            bodies, before = self._bodies(cid, event_id, left, is_whole=end - start == len(text))
            self._index.catch_up()
            self._index.remove(before)
            self._write(cid, event_id, bodies, reason)
        self._ledger.tell(cid)
        are_wals_empty = self._ledger.vault.empty_wals()
        return Redaction(event_id, len(bodies), _count_quotes(thread, event_id, text[start:end]), are_wals_empty)

    def _write(
        self, cid: ConversationId, event_id: EventId, bodies: dict[EventId, dict[str, JsonValue] | None], reason: str
    ) -> None:
        self._ledger.write(
            cid,
            EventKind.MESSAGE_REDACTED,
            event_id=event_id,
            reason=reason,
            bodies={str(key): body for key, body in bodies.items()},
        )
        self._index.catch_up()

    def _bodies(
        self, cid: ConversationId, event_id: EventId, left: str, *, is_whole: bool
    ) -> tuple[dict[EventId, dict[str, JsonValue] | None], tuple[IndexEntry, ...]]:
        """Return what stands from now on in the place of each shed event, and what the index holds of them so far."""
        log = self._ledger.log
        with self._ledger.reading() as connection:
            earlier = read_bodies(connection, log.logged, cid)
        logged = log.read_logged(cid)
        shed = frozenset(entry.event.event_id for entry in logged if entry.is_shed)
        bodies: dict[EventId, dict[str, JsonValue] | None] = dict(earlier)
        before: list[IndexEntry] = []
        held_id = None
        for entry in with_bodies(logged, earlier):
            event = entry.event
            is_file = event.kind in FILE_KINDS
            if event.event_id == event_id and is_file and not is_whole:
                raise RedactionRefusedError(RedactionFault.IS_A_FILE)
            if event.event_id in {event_id, *earlier} and event.kind in MESSAGE_KINDS:
                before.append(IndexEntry(entry.seq, str(event.body["text"])))
            if event.event_id == event_id and is_file:
                bodies[event_id] = dict(event.body) | {"file": {"name": left}}
            elif event.event_id == event_id:
                bodies[event_id] = dict(event.body) | {"text": left}
                held_id = event.body.get("held_id")
            elif event.kind in _WORK_IN_PROGRESS and event.event_id not in shed:
                bodies[event.event_id] = None
        bodies |= _held_bodies(with_bodies(logged, earlier), held_id, left)
        return bodies, tuple(before)

    def _thread(self, cid: ConversationId) -> Thread:
        found = None
        if self._ledger.keys.has(cid):
            with self._ledger.reading() as connection:
                found = read_thread(connection, self._ledger.keys, cid, {})
        if found is None:
            raise NoSuchConversationError
        if found.held is not None:
            raise RedactionRefusedError(RedactionFault.REPLY_IS_HELD)
        return found


def _held_bodies(
    entries: Iterable[LoggedEvent], held_id: object, left: str
) -> dict[EventId, dict[str, JsonValue] | None]:
    """Return the replies on their way without their proposals, and without the words when it was this one."""
    found: dict[EventId, dict[str, JsonValue] | None] = {}
    for entry in entries:
        event: Event = entry.event
        if event.kind is EventKind.REPLY_HELD and not entry.is_shed:
            text = left if event.event_id == held_id else event.body["text"]
            found[event.event_id] = dict(event.body) | {"text": text, "proposal": None}
    return found


def _text_of(thread: Thread, event_id: EventId) -> str:
    for item in thread.items:
        if item.event_id == event_id and item.kind is not ItemKind.NOTICE:
            return item.text
    raise RedactionRefusedError(RedactionFault.NO_SUCH_MESSAGE)


def _checked(text: str, span: tuple[int, int] | None) -> tuple[int, int]:
    start, end = (0, len(text)) if span is None else span
    if not 0 <= start < end <= len(text):
        raise RedactionRefusedError(RedactionFault.SPAN_OUTSIDE)
    if not text[start:end].replace(MASK[0], "").strip():
        raise RedactionRefusedError(RedactionFault.NOTHING_LEFT)
    return start, end


def _count_quotes(thread: Thread, event_id: EventId, removed: str) -> int:
    words = removed.strip().casefold()
    others = (item for item in thread.items if item.event_id != event_id and item.kind is not ItemKind.NOTICE)
    return sum(words in item.text.casefold() for item in others)
