"""Full-text search in a file of its own, with a key of its own.

The index holds words and places, no text (``content=''``), so that what a search shows is opened from the vault under
the conversation's key. ``secure-delete`` takes removed words out of the pages at once (plain FTS5 keeps them until a
merge; threat-model.md §8), and the table is not ``contentless_delete``, because that one only writes tombstones.

``row id = seq`` of the event. ``progress`` remembers the last event that was taken and its hash: an index that lags
catches up from there, and one that belongs to another history is thrown away and built again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.domain.events import Event, EventKind
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.errors import VaultDamagedError, VaultRolledBackError
from app.store.excerpt import QueryWord
from app.store.log import EventLog
from app.store.logged import LoggedEvent
from app.store.redacting import texts_left

if TYPE_CHECKING:
    from app.store.open_vault import OpenVault

INDEX_VERSION = 1
"""Raised when the tables below change; an index of another version is built again."""

MIN_PREFIX_CHARS = 2
"""One letter begins too many words of messages to be worth looking for; in names it is looked for."""

_BATCH = 1000
_FILLER = "vestibule"
_T = TypeVar("_T")
_TOKENIZER = "unicode61 remove_diacritics 2"
_TABLES = (
    # Two and three letters are what a person has typed when the first results are due.
    f"CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, prefix='2 3', tokenize='{_TOKENIZER}')",
    f"CREATE VIRTUAL TABLE names USING fts5(text, content='', columnsize=0, prefix='1 2 3', tokenize='{_TOKENIZER}')",
    "INSERT INTO words(words, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO names(names, rank) VALUES ('secure-delete', 1)",
    "CREATE TABLE progress (version INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL)",
)


_MAX_COUNTED = 2**31 - 1
"""Of a number in a file's header, which is signed and has 32 bits."""

_PROGRESS = text("SELECT version, seq, hash FROM progress")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index takes of one event: its place, and a text or a name."""

    seq: int
    text: str = field(repr=False)
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """Places of the log where a query was found, newest first: in messages and notes, and in contact names."""

    seqs: tuple[int, ...]
    name_seqs: tuple[int, ...]


def entry_of(entry: LoggedEvent) -> IndexEntry | None:
    """Return what the index takes of an event, or None when it takes nothing."""
    event: Event = entry.event
    if entry.is_shed:
        return None
    match event.kind:
        case EventKind.MESSAGE_RECEIVED | EventKind.MESSAGE_SENT | EventKind.NOTE_ADDED:
            return IndexEntry(entry.seq, str(event.body["text"]))
        case EventKind.CONVERSATION_OPENED:
            return IndexEntry(entry.seq, str(event.body["contact_name"]), is_name=True)
        case _:
            return None


class SearchIndex:
    """The index of one open vault."""

    def __init__(self, vault: "OpenVault", log: EventLog) -> None:
        self._vault = vault
        self._log = log
        self._lock = RLock()
        self._trusted_seq: int | None = None

    def require_log_not_older(self) -> None:
        """Do nothing unless the index knows of events that the log does not hold.

        The head file says how far the log had come; somebody who puts an old log back with its old head beside it meets
        this second witness.

        Raises:
            VaultRolledBackError: an older log.
        """
        try:
            with self._vault.index_engine().connect() as connection:
                end = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
                row = connection.execute(_PROGRESS).one_or_none() if _has_tables(connection) else None
        except VaultDamagedError:
            self._vault.mend_index()
            return
        taken = row.seq if row is not None and row.version == INDEX_VERSION else 0
        if self._log.tail().seq < max(end, taken):
            raise VaultRolledBackError("log")

    def note_end(self) -> None:
        """Remember how far the log had come, also where the index lags behind it; called when the desk is closed."""
        with self._lock, self._writing() as connection, connection.begin():
            connection.exec_driver_sql(f"PRAGMA user_version = {min(self._log.tail().seq, _MAX_COUNTED):d}")

    def catch_up(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
        """Take every event that the index has not seen; return how many it had missed.

        An index that is ahead of the log, of another history or of another version is emptied first.
        """
        with self._lock:
            seen = first = self._mended(self._seen)
            end = self._log.tail().seq
            while seen < end:
                batch = self._log.read_after(seen, _BATCH)
                self._take(batch)
                seen = batch[-1].seq
                progress(seen, end)
        return end - first

    def search(self, words: tuple[QueryWord, ...], *, limit: int) -> Matches:
        """Return the newest places where all words stand in one message, and the names that hold all words."""
        if not words:
            return Matches((), ())

        def find() -> Matches:
            with self._vault.index_engine().connect() as connection:
                return Matches(
                    _match(connection, "words", _query(words, MIN_PREFIX_CHARS), limit),
                    _match(connection, "names", _query(words, 1), limit),
                )

        return self._mended(find)

    def remove(self, entries: Iterable[IndexEntry]) -> None:
        """Take texts out of the index, and their words out of its pages.

        The same texts that went in are needed, so an erasure comes here before it drops the key.
        """
        with self._writing() as connection, connection.begin():
            for entry in entries:
                table = "names" if entry.is_name else "words"
                connection.execute(_DELETE[table], {"seq": entry.seq, "text": entry.text})

    def add(self, entries: Iterable[IndexEntry]) -> None:
        """Take texts in that were left out while a wall stood round them."""
        with self._writing() as connection, connection.begin():
            for entry in entries:
                table = "names" if entry.is_name else "words"
                connection.execute(_INSERT[table], {"seq": entry.seq, "text": entry.text})

    def rebuild(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        """Throw the index away and build it again from the log."""
        with self._lock:
            with self._writing() as connection, connection.begin():
                _make_empty(connection, self._log.hash_at(0) or b"")
            self._trusted_seq = 0
            self.catch_up(progress)

    def renew(self) -> None:
        """Put a new, empty file under a new key in place of the index; ``catch_up`` then fills it."""
        with self._lock:
            self._vault.renew_index()
            self._trusted_seq = None

    def stage_without(self, entries: Iterable[IndexEntry]) -> bytes | None:
        """Write the index without the words of some texts into a new file; return its key, None when that fails.

        A hundred times faster than building it again from the log. ``secure-delete`` takes the words out of the pages;
        the merge then writes every page anew, and the export takes nothing along that is not in use.
        """
        with self._lock:
            try:
                self.catch_up()
                self.remove(entries)
                self._merge()
                return self._vault.stage_index()
            except (VaultDamagedError, DBAPIError):
                return None

    def adopt(self) -> None:
        """Put the staged file in place of the index, once its key is durable."""
        with self._lock:
            self._vault.adopt_index()
            self._trusted_seq = None

    def _merge(self) -> None:
        """Write both tables anew, page by page. One segment is left alone by FTS5, so each gets a second one first."""
        for table in ("words", "names"):
            with self._writing() as connection, connection.begin():
                connection.execute(_INSERT[table], {"seq": 0, "text": _FILLER})
            with self._writing() as connection, connection.begin():
                connection.execute(_OPTIMIZE[table])
                connection.execute(_DELETE[table], {"seq": 0, "text": _FILLER})

    def _seen(self) -> int:
        """Return the last event that was taken. Found sound once, the index is only moved on by this object."""
        if self._trusted_seq is not None:
            return self._trusted_seq
        with self._writing() as connection, connection.begin():
            if _has_tables(connection):
                row = connection.execute(_PROGRESS).one_or_none()
                if row is not None and row.version == INDEX_VERSION and self._log.hash_at(row.seq) == row.hash:
                    return int(row.seq)
            _make_empty(connection, self._log.hash_at(0) or b"")
        return 0

    def _take(self, batch: tuple[LoggedEvent, ...]) -> None:
        walled = self._vault.keyring.walled  # not even their words lie in a file that everybody opens
        open_to_all = [logged for logged in batch if logged.event.conversation_id not in walled]
        found = [entry for entry in map(entry_of, open_to_all) if entry is not None]
        found += [entry for logged in open_to_all for entry in self._entries_left(logged)]
        last_hash = self._log.hash_at(batch[-1].seq)
        with self._writing() as connection, connection.begin():
            for table, is_name in (("words", False), ("names", True)):
                rows = [{"seq": entry.seq, "text": entry.text} for entry in found if entry.is_name is is_name]
                if rows:
                    connection.execute(_INSERT[table], rows)
            connection.execute(text("UPDATE progress SET seq = :seq, hash = :hash"),
                               {"seq": batch[-1].seq, "hash": last_hash})  # fmt: skip
        self._trusted_seq = batch[-1].seq

    def _entries_left(self, logged: LoggedEvent) -> Iterator[IndexEntry]:
        """Yield what a redaction leaves of its messages: they are looked for where they stand in the log."""
        if logged.event.kind is EventKind.MESSAGE_REDACTED and not logged.is_shed:
            for event_id, left in texts_left(logged.event).items():
                seq = self._log.seq_of(event_id)
                if seq is not None:
                    yield IndexEntry(seq, left)

    def _mended(self, step: Callable[[], _T]) -> _T:
        """Do a step on the index file; when its bytes are damaged, build it anew under a new key and do it again."""
        try:
            return step()
        except VaultDamagedError:
            with self._lock:
                self._vault.mend_index()
                self._trusted_seq = None
                self.catch_up()
            return step()

    def _writing(self) -> Connection:
        return self._vault.index_engine().connect().execution_options(**{BEGIN_IMMEDIATE: True})


_INSERT = {
    "words": text("INSERT INTO words(rowid, text) VALUES (:seq, :text)"),
    "names": text("INSERT INTO names(rowid, text) VALUES (:seq, :text)"),
}
_DELETE = {
    "words": text("INSERT INTO words(words, rowid, text) VALUES ('delete', :seq, :text)"),
    "names": text("INSERT INTO names(names, rowid, text) VALUES ('delete', :seq, :text)"),
}
_OPTIMIZE = {
    "words": text("INSERT INTO words(words) VALUES ('optimize')"),
    "names": text("INSERT INTO names(names) VALUES ('optimize')"),
}
_MATCH = {
    "words": text("SELECT rowid FROM words WHERE words MATCH :query ORDER BY rowid DESC LIMIT :number"),
    "names": text("SELECT rowid FROM names WHERE names MATCH :query ORDER BY rowid DESC LIMIT :number"),
}


def _query(words: tuple[QueryWord, ...], min_prefix_chars: int) -> str:
    """Return an FTS5 query. Words hold letters and digits only, and the quotes make operators of none of them."""
    parts = (
        f'"{word.text}"' + ("*" if word.is_prefix and len(word.text) >= min_prefix_chars else "") for word in words
    )
    return " AND ".join(parts)


def _match(connection: Connection, table: str, query: str, limit: int) -> tuple[int, ...]:
    return tuple(connection.execute(_MATCH[table], {"query": query, "number": limit}).scalars())


def _has_tables(connection: Connection) -> bool:
    found = connection.execute(text("SELECT count(*) FROM sqlite_schema WHERE name = 'progress'")).scalar_one()
    return bool(found)


def _make_empty(connection: Connection, start_hash: bytes) -> None:
    for name in ("words", "names", "progress"):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    for statement in _TABLES:
        connection.execute(text(statement))
    connection.execute(
        text("INSERT INTO progress VALUES (:version, 0, :hash)"), {"version": INDEX_VERSION, "hash": start_hash}
    )
