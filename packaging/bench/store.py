"""The encrypted store: appending, the inbox, unlocking, search, and what encryption costs against plain SQLite.

The peer is the standard library's SQLite with the same schema, the same events and projections, the same pragmas, the
same SQLAlchemy, and no key, no seal and no head file: everything that encryption adds counts against us.
"""

import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import Engine, create_engine, event

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.crypto.passwords import FLOOR, stretch
from app.domain.conversation import InboxView
from app.domain.events import EventKind
from app.domain.ids import ConversationId, PersonId, VaultId
from app.domain.office import Office, Person, Role, Sector
from app.services.desk import Desk
from app.services.vaults import VaultService
from app.store import codec, tables
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.log import EventLog
from app.store.logged import NewEvent

CONVERSATIONS = 10_000
MESSAGES = 100_000
SEARCH_MESSAGES = 1_000_000
APPENDS = 2_000
ROUNDS = 7
"""Ours and the peer's take turns this often; ratios are medians over the rounds."""

PASSWORD = "copper lantern under quiet stairs"  # noqa: S105 - of a vault that lives for minutes
_NOW_MS = 1_795_000_000_000
_PER_COMMIT = 2_000
_VOCABULARY = 20_000

Row = dict[str, object]


def measure(
    messages: int = MESSAGES, conversations: int = CONVERSATIONS, search_messages: int = SEARCH_MESSAGES
) -> list[Row]:
    """Return the figures of the store; takes some minutes with the sizes of the budgets."""
    rows = _measure_appends()
    with _scratch() as folder:
        rows += _measure_reading(folder / "vault", messages, conversations)
    with _scratch() as folder:
        rows += _measure_search(folder / "vault", search_messages, max(1, search_messages // 10))
    return rows


def _measure_appends() -> list[Row]:
    """Time single durable appends, ours and the peer's in turns."""
    with _scratch() as folder:
        desk = _create(folder / "vault")
        desk.vault.keyring.add(ConversationId("C"))
        ours, plain = desk.ledger.log, _plain_log(folder / "plain.db")
        ours_ms, plain_ms, ratios = [], [], []
        for number in range(ROUNDS):
            mine = _time_appends(ours, APPENDS // ROUNDS, is_first=number == 0)
            with _unsealed():
                peer = _time_appends(plain, APPENDS // ROUNDS, is_first=number == 0)
            ours_ms += mine
            plain_ms += peer
            ratios.append(statistics.median(mine) / statistics.median(peer))
        writes = _ratio_of_batches(ours, plain)
        desk.close()
    return [
        _row("durable append of one message, p50", statistics.median(ours_ms), "ms", "≤ 1"),
        _row("durable append of one message, p95", _p95(ours_ms), "ms"),
        _row("the same in plain SQLite, p50", statistics.median(plain_ms), "ms"),
        _row("one append against plain SQLite", statistics.median(ratios), "ratio", "≤ 1.3"),
        _row("1,000 appends in one commit against plain SQLite", writes, "ratio", "≤ 1.3"),
    ]


def _measure_reading(directory: Path, messages: int, conversations: int) -> list[Row]:
    """Time the inbox and unlocking at the size of a busy office."""
    desk = _create(directory)
    _fill(desk, messages, conversations)
    inbox_ms = [_time(lambda: desk.conversations.inbox(InboxView.OPEN)) for _ in range(50)]
    counts_ms = [_time(desk.conversations.counts) for _ in range(50)]
    ids = [row.conversation_id for row in desk.conversations.inbox(InboxView.OPEN)]
    thread_ms = [_time(lambda cid=cid: desk.conversations.thread(cid)) for cid in ids]
    desk.close()
    beyond_ms = [_unlock_to_inbox(directory) for _ in range(5)]
    size = f"{messages:,} messages"
    return [
        _row(f"inbox, first 200 rows of {conversations:,} ({size}), p95", _p95(inbox_ms), "ms", "≤ 50"),
        _row("numbers of the rail, p95", _p95(counts_ms), "ms"),
        _row("one thread, p95", _p95(thread_ms), "ms"),
        _row(f"unlock to inbox beyond the key derivation ({size})", statistics.median(beyond_ms), "ms", "≤ 500"),
    ]


def _measure_search(directory: Path, messages: int, conversations: int) -> list[Row]:
    """Time searches as they are typed: rare and common words, two words, two and three letters."""
    desk = _create(directory)
    _fill(desk, messages, conversations)
    started = time.perf_counter()
    desk.conversations.catch_up_index()
    indexed_s = time.perf_counter() - started
    took_ms = [_time(lambda query=query: desk.conversations.search(query)) for query in _queries(200)]
    desk.close()
    size = f"{messages:,} messages"
    return [
        _row(f"search in {size}, p50", statistics.median(took_ms), "ms"),
        _row(f"search in {size}, p95", _p95(took_ms), "ms", "≤ 50"),
        _row(f"building the index of {size}", indexed_s, "s"),
    ]


def _time_appends(log: EventLog, number: int, *, is_first: bool) -> list[float]:
    cid = ConversationId("C")
    if is_first:
        opened = {"contact_name": "Ada Quill", "origin": "phone"}
        log.append([NewEvent(cid, EventKind.CONVERSATION_OPENED, opened)], now_ms=_NOW_MS)
    words = _Words(7)
    events = [_message(cid, words.sentence()) for _ in range(number)]
    return [_time(lambda one=one: log.append([one], now_ms=_NOW_MS)) for one in events]


def _ratio_of_batches(ours: EventLog, plain: EventLog) -> float:
    """Compare commits of a thousand, where the disk's waiting does not hide the work."""
    words, cid = _Words(8), ConversationId("C")
    ratios = []
    for _ in range(ROUNDS):
        batch = [_message(cid, words.sentence()) for _ in range(1_000)]
        mine = _time(lambda batch=batch: ours.append(batch, now_ms=_NOW_MS))
        with _unsealed():
            ratios.append(mine / _time(lambda batch=batch: plain.append(batch, now_ms=_NOW_MS)))
    return statistics.median(ratios)


def _unlock_to_inbox(directory: Path) -> float:
    """Return unlocking and the first inbox in milliseconds, less the stretching of the password."""
    stretching_ms = _time(lambda: stretch(PASSWORD, bytes(16), FLOOR))
    started = time.perf_counter()
    desk = VaultService().unlock(directory, PASSWORD)
    desk.conversations.inbox(InboxView.OPEN)
    desk.conversations.counts()
    took_ms = (time.perf_counter() - started) * 1000
    desk.close()
    return max(0.0, took_ms - stretching_ms)


def _create(directory: Path) -> Desk:
    office = Office("Linden Street Family Practice", Sector.CLINIC, is_demo=False)
    return VaultService().create(directory, password=PASSWORD, person_name="Mara Lind", office=office, kdf=FLOOR).desk


def _fill(desk: Desk, messages: int, conversations: int) -> None:
    words, per_conversation = _Words(9), messages // conversations
    pending: list[NewEvent] = []
    for number in range(conversations):
        cid = ConversationId(f"C{number:07}")
        desk.vault.keyring.add(cid)
        opened = {"contact_name": words.name(), "origin": "imported"}
        pending.append(NewEvent(cid, EventKind.CONVERSATION_OPENED, opened, _NOW_MS))
        pending += [_turn(cid, words, place) for place in range(per_conversation)]
        if len(pending) >= _PER_COMMIT:
            desk.ledger.log.append(pending, now_ms=_NOW_MS)
            pending = []
    desk.ledger.log.append(pending, now_ms=_NOW_MS)


def _turn(cid: ConversationId, words: "_Words", place: int) -> NewEvent:
    if place % 2 == 0:
        return _message(cid, words.sentence())
    body = {"held_id": None, "text": words.sentence(), "provenance": None, "author": None}
    return NewEvent(cid, EventKind.MESSAGE_SENT, body, _NOW_MS + place)


def _message(cid: ConversationId, text: str) -> NewEvent:
    return NewEvent(cid, EventKind.MESSAGE_RECEIVED, {"text": text, "written_ms": _NOW_MS})


class _Words:
    """Invented words with the frequencies of a language (Zipf), the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - invented words
        self._words = vocabulary()
        weights = [1 / (rank + 2) for rank in range(_VOCABULARY)]
        self._pool = self._random.choices(self._words, weights, k=1 << 16)

    def sentence(self) -> str:
        """Return 5 to 25 words."""
        start = self._random.randrange(len(self._pool) - 25)
        return " ".join(self._pool[start : start + self._random.randint(5, 25)])

    def name(self) -> str:
        """Return a first and a last name."""
        return f"{self._random.choice(self._words).title()} {self._random.choice(self._words).title()}"


def vocabulary() -> list[str]:
    """Return ``_VOCABULARY`` pronounceable words, commonest first."""
    syllables = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
    randomness = random.Random(1)  # noqa: S311 - invented words
    words = dict.fromkeys("".join(randomness.choices(syllables, k=randomness.randint(2, 4))) for _ in range(60_000))
    return list(words)[:_VOCABULARY]


def _queries(number: int) -> Iterator[str]:
    words, randomness = vocabulary(), random.Random(3)  # noqa: S311 - invented words
    for place in range(number):
        rare, common = words[randomness.randrange(500, 5_000)], words[randomness.randrange(50)]
        yield (common + " ", rare, f"{common} {rare}", common[:2], rare[:3])[place % 5]


def _plain_log(path: Path) -> EventLog:
    """Return the same event log over a plain file."""
    engine = _plain_engine(path)
    tables.metadata.create_all(engine)
    vault = SimpleNamespace(
        connect=lambda: engine,
        vault_id=VaultId("PLAIN"),
        person=Person(PersonId("P"), "Mara Lind", Role.FRONT_DESK),
        keyring=SimpleNamespace(save=lambda: None, key_for=lambda _cid: b"", has=lambda _cid: True),
        freshen_keys=lambda _ids: None,
        head=SimpleNamespace(advance=lambda *_: None),
    )
    return EventLog(vault)  # type: ignore[arg-type]


def _plain_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(_begin_of(connection)))
    return engine


def _begin_of(connection: object) -> str:
    is_writing = connection.get_execution_options().get(BEGIN_IMMEDIATE)  # type: ignore[attr-defined]
    return "BEGIN IMMEDIATE" if is_writing else "BEGIN"


@contextmanager
def _unsealed() -> Iterator[None]:
    """Let the peer write its bodies as they are."""
    sealing = codec.seal
    codec.seal = lambda _key, plain, _aad: plain  # type: ignore[assignment]
    try:
        yield
    finally:
        codec.seal = sealing  # type: ignore[assignment]


@contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vestibule-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _time(step: Callable[[], object]) -> float:
    """Return how long one step takes, in milliseconds."""
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1000


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _row(what: str, value: float, unit: str, budget: str = "") -> Row:
    return {"what": what, "value": value, "unit": unit, "budget": budget}
