"""Where approved answers were used: in proposals, and in replies that were sent.

Nothing on the disk joins a conversation to an answer outside sealed bodies, because an answer's id may name what a
conversation is about. So the log is read once per unlock, a stretch at a time, and remembered; later calls read on from
there. Conversations that have been erased meanwhile are left out.
"""

from dataclasses import dataclass
from threading import Lock

from app.domain.events import EventKind
from app.domain.ids import ArticleId, ConversationId
from app.services.ledger import Ledger
from app.store.answer_query import read_contacts, read_using
from app.store.logged import LoggedEvent

STEP_EVENTS = 400
"""Bodies opened by one call; about 20 ms on one ordinary core, so that other work of the store gets its turn."""

MAX_NEWEST = 20


@dataclass(frozen=True, slots=True)
class SentUse:
    """A reply that used an answer. ``at_ms`` is Unix milliseconds."""

    conversation_id: ConversationId
    event_id: str
    contact_name: str
    at_ms: int
    changed_percent: int | None


@dataclass(frozen=True, slots=True)
class AnswerUse:
    """How often an answer was used; ``newest`` holds the latest replies, newest first.

    ``is_complete`` is False while older parts of the log have not been read: ask again.
    """

    proposed_count: int
    sent_count: int
    newest: tuple[SentUse, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    conversation_id: ConversationId
    event_id: str
    at_ms: int
    is_sent: bool
    changed_percent: int | None


class AnswerUses:
    """Reads on in the log of one open vault. Safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._last_seq = 0
        self._seen: dict[str, list[_Seen]] = {}

    def of(self, article_id: ArticleId) -> AnswerUse:
        """Return what is known of one answer after reading one more stretch of the log."""
        with self._lock:
            is_complete = not self._read_on()
            seen = [one for one in self._seen.get(article_id, ()) if self._ledger.keys.has(one.conversation_id)]
        sent = [one for one in reversed(seen) if one.is_sent]
        return AnswerUse(
            sum(not one.is_sent for one in seen), len(sent), self._named(sent[:MAX_NEWEST]), is_complete=is_complete
        )

    def _read_on(self) -> bool:
        """Read one stretch; return whether there is more."""
        with self._ledger.reading() as connection:
            read = read_using(self._ledger.log, connection, self._ledger.keys, self._last_seq, STEP_EVENTS)
        self._last_seq = read.last_seq
        for entry in read.events:
            seen = _seen_in(entry)
            for article_id in _articles_of(entry):
                self._seen.setdefault(article_id, []).append(seen)
        return read.has_more

    def _named(self, sent: list[_Seen]) -> tuple[SentUse, ...]:
        with self._ledger.reading() as connection:
            names = read_contacts(connection, self._ledger.keys, [one.conversation_id for one in sent])
        return tuple(
            SentUse(one.conversation_id, one.event_id, names[one.conversation_id], one.at_ms, one.changed_percent)
            for one in sent
            if one.conversation_id in names
        )


def _seen_in(entry: LoggedEvent) -> _Seen:
    event = entry.event
    provenance = event.body.get("provenance")
    percent = provenance["changed_percent"] if isinstance(provenance, dict) else None
    is_sent = event.kind is EventKind.MESSAGE_SENT
    return _Seen(
        event.conversation_id, event.event_id, event.wall_ms, is_sent, percent if isinstance(percent, int) else None
    )


def _articles_of(entry: LoggedEvent) -> list[str]:
    """The answers that a proposal's text, or the provenance of a reply, names; each once."""
    body = entry.event.body
    holder = body.get("proposal") if entry.event.kind is EventKind.DRAFT_PROPOSED else body.get("provenance")
    if not isinstance(holder, dict):
        return []
    sources = holder["sources"]
    assert isinstance(sources, list)
    return list(dict.fromkeys(str(source["article_id"]) for source in sources if isinstance(source, dict)))
