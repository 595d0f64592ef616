"""The vault at the size of years: append, open, search, retention, erasing, backup and check.

``make bench-vault`` runs 100,000 conversations with 1,000,000 messages; ``--conversations`` and ``--messages`` make it
smaller. The peer of the append is a plain SQLite file with the same tables, transactions and settings (``store``).
"""

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from store import (
    PASSWORD,
    Row,
    _create,
    _p95,
    _plain_log,
    _queries,
    _row,
    _scratch,
    _time,
    _unlock_to_inbox,
    _unsealed,
    _Words,
)

from app.compliance.rules import Duration, Unit
from app.domain.conversation import InboxView
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.services.backups import RestoreService, by_secret
from app.services.clock import MS_PER_DAY, system_clock
from app.services.desk import Desk
from app.services.erasing.plaintext_hunt import HuntPlace
from app.services.vaults import VaultService
from app.store.log import EventLog
from app.store.logged import NewEvent
from app.store.upkeep import verify_log

CONVERSATIONS, MESSAGES = 100_000, 1_000_000
SMALL = (2_000, 20_000)
"""Conversations and messages when this runs among the parts of ``make bench``."""

_T = TypeVar("_T")
_DUE_PERCENT = 1
_KEPT_DAYS = 30
_PER_COMMIT = 1_000


def measure(conversations: int = SMALL[0], messages: int = SMALL[1]) -> list[Row]:
    """Return the figures of one vault of that size."""
    with _scratch() as folder:
        rows = _append(folder, conversations, messages)
        rows += _read(folder / "vault", messages)
        with VaultService().unlock(folder / "vault", PASSWORD) as desk:
            desk.erasure.places = (HuntPlace("vault", folder / "vault"),)
            rows += _retain(desk)
            rows += _back_up(desk, folder / "backups")
    return [*rows, _row("peak memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, "MB")]


def _append(folder: Path, conversations: int, messages: int) -> list[Row]:
    """Write the same events to both files, a commit here and a commit there."""
    desk, plain = _create(folder / "vault"), _plain_log(folder / "plain.db")
    mine_s = peer_s = 0.0
    for batch in _batches(conversations, max(1, messages // conversations)):
        desk.vault.keyring.add_many(
            event.conversation_id for event in batch if event.kind.value == "conversation_opened"
        )
        mine_s += _seconds(desk.ledger.log, batch)
        with _unsealed():
            peer_s += _seconds(plain, batch)
    indexed_s = _time(desk.conversations.catch_up_index) / 1000
    desk.close()
    size_mb = sum(path.stat().st_size for path in (folder / "vault").iterdir()) / 1e6
    plain_mb = (folder / "plain.db").stat().st_size / 1e6
    return [
        _row(f"append {messages:,} messages in commits of {_PER_COMMIT:,}", mine_s, "s"),
        _row("the same against plain SQLite", mine_s / peer_s, "ratio", "≤ 1.3"),
        _row("size of the vault, with its index", size_mb, "MB"),
        _row("size of the plain file, without one", plain_mb, "MB"),
        _row("building the search index", indexed_s, "s"),
    ]


def _read(directory: Path, messages: int) -> list[Row]:
    beyond_ms = statistics.median(_unlock_to_inbox(directory) for _ in range(3))
    with VaultService().unlock(directory, PASSWORD) as desk:
        desk.conversations.search("warm")
        inbox_ms = [_time(lambda: desk.conversations.inbox(InboxView.OPEN)) for _ in range(30)]
        took_ms = [_time(lambda query=query: desk.conversations.search(query)) for query in _queries(100)]
        verified_s = _time(lambda: verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None)) / 1000
    return [
        _row(f"unlock to inbox beyond the key derivation ({messages:,} messages)", beyond_ms, "ms", "≤ 500"),
        _row("inbox, first 200 rows, p95", _p95(inbox_ms), "ms"),
        _row("search, p95", _p95(took_ms), "ms", "≤ 50"),
        _row("check every event (vault verify)", verified_s, "s"),
    ]


def _retain(desk: Desk) -> list[Row]:
    """Preview and let go one in a hundred; then erase a single conversation, hunt and certificate included."""
    shipped = desk.retention.book.in_force().rules
    classes = tuple(replace(one, keep=Duration(_KEPT_DAYS, Unit.DAYS)) for one in shipped.classes)
    desk.retention.book.sign(replace(shipped, classes=classes))
    looked_s, preview = _timed(desk.retention.preview)
    due, day = len(preview.plan.due), preview.plan.today
    went_s, _ = _timed(lambda: desk.retention.apply(preview.digest, confirmed_count=due, confirmed_day=day))
    one = desk.conversations.inbox(InboxView.OPEN)[0].conversation_id
    erased_s, erasure = _timed(lambda: desk.erasure.erase([one], "request"))
    assert erasure.certificate.is_clean
    return [
        _row(f"retention preview of {preview.plan.total:,} conversations", looked_s, "s"),
        _row(f"retention run, {due:,} conversations with hunt and new index", went_s, "s"),
        _row("erase one conversation, with hunt and new index", erased_s, "s"),
    ]


def _back_up(desk: Desk, folder: Path) -> list[Row]:
    folder.mkdir()
    whole_s, _ = _timed(lambda: desk.backups.take(folder))
    desk.conversations.add_note(desk.conversations.inbox(InboxView.OPEN)[0].conversation_id, "one note more")
    again_s, _ = _timed(lambda: desk.backups.take(folder))
    came_back_s, _ = _timed(lambda: RestoreService().rehearse(folder, by_secret(PASSWORD)))
    return [
        _row("first backup, whole", whole_s, "s"),
        _row("next backup, one note later", again_s, "s"),
        _row("rehearsal: restore, open, check everything", came_back_s, "s"),
    ]


def _batches(conversations: int, per_conversation: int) -> Iterator[list[NewEvent]]:
    """Yield events in the order of their time; one conversation in a hundred is older than what is kept."""
    words, randomness, now_ms = _Words(9), random.Random(4), system_clock()  # noqa: S311 - invented words
    pending: list[NewEvent] = []
    for number in range(conversations):
        is_due = number * 100 < conversations * _DUE_PERCENT
        days = _KEPT_DAYS + 5 if is_due else randomness.randrange(_KEPT_DAYS - 1)
        pending += _conversation(f"C{number:07}", words, per_conversation, now_ms - days * MS_PER_DAY)
        while len(pending) >= _PER_COMMIT:
            yield pending[:_PER_COMMIT]
            pending = pending[_PER_COMMIT:]
    if pending:
        yield pending


def _conversation(name: str, words: _Words, messages: int, when_ms: int) -> Iterator[NewEvent]:
    cid = ConversationId(name)
    opened = {"contact_name": words.name(), "origin": "imported"}
    yield NewEvent(cid, EventKind.CONVERSATION_OPENED, opened, when_ms)
    for place in range(messages):
        text = words.sentence()
        if place % 2 == 0:
            body: dict[str, object] = {"text": text, "written_ms": when_ms + place}
            yield NewEvent(cid, EventKind.MESSAGE_RECEIVED, body, when_ms + place)  # type: ignore[arg-type]
        else:
            sent = {"held_id": None, "text": text, "provenance": None, "author": None}
            yield NewEvent(cid, EventKind.MESSAGE_SENT, sent, when_ms + place)


def _seconds(log: EventLog, batch: list[NewEvent]) -> float:
    return _time(lambda: log.append(batch, now_ms=system_clock())) / 1000


def _timed(step: Callable[[], _T]) -> tuple[float, _T]:
    started = time.perf_counter()
    result = step()
    return time.perf_counter() - started, result


def main() -> int:
    """Measure at the sizes that were asked for, print a table and write JSON."""
    parser = argparse.ArgumentParser(prog="make bench-vault", description=__doc__)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--out", type=Path, default=Path("bench-vault.json"))
    arguments = parser.parse_args()
    rows = measure(arguments.conversations, arguments.messages)
    for row in rows:
        print(f"  {row['what']:<66} {row['value']:>10,.3g} {row['unit']:<6} {row.get('budget', '')}")
    report = {"conversations": arguments.conversations, "messages": arguments.messages, "rows": rows}
    arguments.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
