"""The event log on a real vault: durable, all or nothing, and honest about what was done to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.store import tables
from app.store.chain import LogFault
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.errors import (
    DiskFailedError,
    EventFormatError,
    StoreBugError,
    StoreError,
    UnknownConversationError,
    VaultDamagedError,
    VaultRolledBackError,
)
from app.store.log import EventLog
from app.store.logged import NewEvent
from app.store.open_vault import OpenVault
from app.store.upkeep import LogReport, verify_log
from tests.support.vaults import TemporaryStore

CID = ConversationId("CONVERSATION-ONE")
NOW_MS = 1_795_000_000_000
OPENED = NewEvent(CID, EventKind.CONVERSATION_OPENED, {"contact_name": "Ada Quill", "origin": "phone"})


def message(words: str = "Is somebody there?") -> NewEvent:
    return NewEvent(CID, EventKind.MESSAGE_RECEIVED, {"text": words, "written_ms": NOW_MS})


@pytest.fixture
def store(tmp_path: Path) -> TemporaryStore:
    return TemporaryStore(tmp_path)


@pytest.fixture
def vault(store: TemporaryStore) -> Iterator[OpenVault]:
    with store.open() as vault:
        yield vault


@pytest.fixture
def log(vault: OpenVault) -> EventLog:
    vault.keyring.add(CID)
    return EventLog.open(vault)


@pytest.fixture
def filled(log: EventLog) -> EventLog:
    log.append([OPENED, *(message(f"message {number}") for number in range(8))], now_ms=NOW_MS)
    return log


def run_sql(vault: OpenVault, *statements: str) -> None:
    with vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def check(log: EventLog, vault: OpenVault) -> LogReport:
    return verify_log(log, vault, lambda _done, _total: None)


def faults(report: LogReport) -> list[tuple[int, LogFault]]:
    return [(problem.seq, problem.fault) for problem in report.problems]


def test_what_was_appended_is_read_back_in_order(log: EventLog) -> None:
    written = log.append([OPENED, message("first"), message("second")], now_ms=NOW_MS)
    assert log.read(CID) == written
    assert [event.lamport for event in written] == [1, 2, 3]
    assert [event.body.get("text") for event in written] == [None, "first", "second"]
    assert len({event.event_id for event in written}) == 3


def test_the_head_file_follows_every_commit(log: EventLog, vault: OpenVault) -> None:
    log.append([OPENED], now_ms=NOW_MS)
    log.append([message()], now_ms=NOW_MS)
    assert vault.head.expected == (2, log.tail().hash)


def test_a_body_that_does_not_fit_leaves_nothing_of_its_batch(log: EventLog) -> None:
    with pytest.raises(EventFormatError):
        log.append([OPENED, NewEvent(CID, EventKind.NOTE_ADDED, {"text": 5, "author": None})], now_ms=NOW_MS)
    assert log.tail().seq == 0
    assert log.append([OPENED], now_ms=NOW_MS)


def test_an_event_without_a_key_is_refused(log: EventLog) -> None:
    stranger = NewEvent(ConversationId("C2"), EventKind.MARKED_DONE, {})
    with pytest.raises(UnknownConversationError):
        log.append([OPENED, stranger], now_ms=NOW_MS)
    assert log.tail().seq == 0


def test_an_event_of_a_conversation_that_was_never_opened_is_refused(log: EventLog) -> None:
    with pytest.raises(UnknownConversationError):
        log.append([message()], now_ms=NOW_MS)
    assert log.tail().seq == 0


def test_the_database_itself_refuses_a_reply_that_is_sent_twice(log: EventLog) -> None:
    sent = NewEvent(CID, EventKind.MESSAGE_SENT, {"held_id": "H", "text": "Yes.", "provenance": None, "author": None})
    log.append([OPENED, sent], now_ms=NOW_MS)
    with pytest.raises(StoreBugError):
        log.append([sent], now_ms=NOW_MS)
    assert log.tail().seq == 2


def test_no_word_and_no_name_lies_on_the_disk(filled: EventLog, store: TemporaryStore) -> None:
    filled.append([message("canary-wort")], now_ms=NOW_MS)
    for name, data in store.snapshot().items():
        assert b"canary-wort" not in data, name
        assert b"Ada Quill" not in data, name
        assert CID.encode() not in data, name


def test_inside_the_database_words_and_names_are_sealed_too(filled: EventLog, vault: OpenVault) -> None:
    filled.append([message("canary-wort")], now_ms=NOW_MS)
    with vault.connect().connect() as connection:
        for table in (tables.event, *tables.PROJECTIONS):
            for row in connection.execute(table.select()):
                joined = b"|".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
                assert b"canary" not in joined, table.name
                assert b"Quill" not in joined, table.name


def test_a_crash_between_commit_and_head_is_accepted_at_the_next_opening(
    filled: EventLog, store: TemporaryStore, tmp_path: Path
) -> None:
    before = {name: data for name, data in store.snapshot().items() if name.startswith("head.")}
    filled.append([message("committed, and the head file does not know")], now_ms=NOW_MS)
    crashed = store.copy_to(tmp_path / "crashed")
    for name, data in before.items():
        (crashed.directory / name).write_bytes(data)
    with crashed.open() as vault:
        log = EventLog.open(vault)
        assert log.read(CID)[-1].body["text"] == "committed, and the head file does not know"
        assert vault.head.expected == (10, log.tail().hash)


def test_a_tail_that_does_not_chain_is_not_accepted(
    filled: EventLog, vault: OpenVault, store: TemporaryStore, tmp_path: Path
) -> None:
    before = {name: data for name, data in store.snapshot().items() if name.startswith("head.")}
    filled.append([message()], now_ms=NOW_MS)
    run_sql(vault, "UPDATE event SET wall_ms = 5 WHERE seq = 10")
    crashed = store.copy_to(tmp_path / "crashed")
    for name, data in before.items():
        (crashed.directory / name).write_bytes(data)
    with pytest.raises(VaultDamagedError), crashed.open() as damaged:
        EventLog.open(damaged)


def test_a_vault_whose_newest_events_are_gone_is_refused(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "DELETE FROM event WHERE seq > 7")
    with pytest.raises(VaultRolledBackError):
        EventLog.open(vault)


def test_an_older_database_put_back_is_refused(filled: EventLog, store: TemporaryStore, vault: OpenVault) -> None:
    vault.close()
    older = (store.directory / "vault.db").read_bytes()
    with store.open() as again:
        EventLog.open(again).append([message()], now_ms=NOW_MS)
    (store.directory / "vault.db").write_bytes(older)
    with pytest.raises(VaultRolledBackError):
        store.open()


def test_after_the_head_file_failed_nothing_more_is_acknowledged(
    filled: EventLog, vault: OpenVault, store: TemporaryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DiskFailedError("head")

    with monkeypatch.context() as patch:
        patch.setattr(vault.head, "advance", fail)
        with pytest.raises(DiskFailedError):
            filled.append([message("committed")], now_ms=NOW_MS)
    with pytest.raises(DiskFailedError):
        filled.append([message("refused")], now_ms=NOW_MS)
    vault.abandon()
    with store.open() as again:
        log = EventLog.open(again)
        assert [event.body.get("text") for event in log.read(CID)][-1] == "committed"
        assert log.append([message("taken again")], now_ms=NOW_MS)


def test_an_untouched_log_verifies(filled: EventLog, vault: OpenVault) -> None:
    report = check(filled, vault)
    assert report == LogReport(event_count=9, problems=(), stale_projections=0)
    assert report.is_sound


def test_a_changed_event_is_named(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "UPDATE event SET wall_ms = wall_ms + 1 WHERE seq = 4")
    assert faults(check(filled, vault)) == [(4, LogFault.CHANGED)]


def test_words_swapped_between_two_events_are_named(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "UPDATE event SET body = (SELECT body FROM event WHERE seq = 5) WHERE seq = 4")
    assert faults(check(filled, vault)) == [(4, LogFault.CHANGED), (4, LogFault.UNREADABLE)]


def test_a_removed_event_is_named(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "DELETE FROM event WHERE seq = 4")
    assert faults(check(filled, vault)) == [(4, LogFault.MISSING)]


def test_events_that_changed_places_are_named(filled: EventLog, vault: OpenVault) -> None:
    run_sql(
        vault,
        "UPDATE event SET seq = 99 WHERE seq = 4",
        "UPDATE event SET seq = 4 WHERE seq = 5",
        "UPDATE event SET seq = 5 WHERE seq = 99",
    )
    report = check(filled, vault)
    assert [fault for fault in faults(report) if fault[1] is LogFault.MOVED] == [
        (4, LogFault.MOVED),
        (5, LogFault.MOVED),
        (6, LogFault.MOVED),
    ]


def test_a_log_that_was_cut_off_is_named(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "DELETE FROM event WHERE seq > 6")
    assert (7, LogFault.CUT_OFF) in faults(check(filled, vault))


def test_a_forged_tail_does_not_match_the_head_file(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "DELETE FROM event WHERE seq = 9", "DELETE FROM thread_item WHERE seq = 9")
    forger = EventLog(vault)
    forger._commit([message("forged")], NOW_MS)
    assert faults(check(filled, vault)) == [(9, LogFault.UNKNOWN_TAIL)]


def test_shed_words_that_nothing_replaced_are_named(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "UPDATE event SET body = randomblob(32) WHERE seq = 4")
    assert (4, LogFault.WORDS_MISSING) in faults(check(filled, vault))


def test_an_old_page_under_the_projections_is_counted(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "DELETE FROM thread_item WHERE seq = 9", "UPDATE conversation SET last_seq = 3")
    report = check(filled, vault)
    assert report.stale_projections == 2
    assert not report.problems


def test_an_old_page_under_the_table_of_counts_is_counted(filled: EventLog, vault: OpenVault) -> None:
    run_sql(vault, "UPDATE tally SET number = 7")
    assert check(filled, vault).stale_projections == 2  # one cell that should not be, one that is missing


def test_no_error_of_the_log_holds_words(filled: EventLog, vault: OpenVault) -> None:
    bad = NewEvent(CID, EventKind.MESSAGE_RECEIVED, {"text": "canary-word", "written_ms": "canary-word"})
    with pytest.raises(StoreError) as caught:
        filled.append([bad], now_ms=NOW_MS)
    assert "canary-word" not in str(caught.value) + repr(bad) + repr(vault)


def test_migrations_make_exactly_the_tables_that_the_code_knows(vault: OpenVault) -> None:
    def is_ours(_object: object, name: str, kind: str, *_: object) -> bool:
        return not (kind == "table" and name == "alembic_version")

    with vault.connect().connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, tables.metadata) == []
