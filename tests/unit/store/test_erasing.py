"""Erasing on real files: what is gone, what the chain still proves, and what a second opening finishes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.domain.conversation import ComposerTab, Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError
from app.store import tables
from app.store.chain import LogFault
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.erasing import (
    EraseStep,
    bury,
    remove_orphans,
    resume_erasures,
    shed_keyless,
    uncertified,
    unfinished,
    unmake,
)
from app.store.errors import UnknownConversationError, VaultDamagedError
from app.store.search import entry_of
from app.store.tombstones import ERASED_IDS, of_kind
from app.store.upkeep import LogReport, verify_log
from tests.support.desks import TemporaryDesk, all_threads, plain_rows

CID_TABLES = (tables.conversation, tables.thread_item, tables.unsent, tables.held, tables.proposal)


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


def start(desk: Desk, words: str = "the pewter heron sleeps") -> ConversationId:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, words)
    desk.conversations.add_note(cid, f"a note: {words}")
    desk.conversations.save_text(cid, ComposerTab.REPLY, f"half: {words}")
    return cid


def erase(desk: Desk, *ids: ConversationId, steps: list[EraseStep] | None = None) -> None:
    log, seen = desk.ledger.log, [] if steps is None else steps
    bury(log, ids, "request", now_ms=desk.ledger.now_ms())
    unmake(log, desk.vault, ids, renew_index=desk.index.renew, at=seen.append)


def verify(desk: Desk) -> LogReport:
    return verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None)


def test_nothing_of_the_conversation_stays_but_its_place_in_the_chain(desk: Desk) -> None:
    kept, gone = start(desk, "the otter swims"), start(desk)
    desk.conversations.hold_reply(gone, "held heron", None)
    before, steps = all_threads(desk)[kept], []
    erase(desk, gone, steps=steps)
    assert steps == [step for step in EraseStep if step is not EraseStep.TOMBSTONE]
    with desk.vault.connect().connect() as connection:
        for table in CID_TABLES:
            query = select(func.count()).select_from(table).where(table.c.conversation_id == gone)
            assert connection.execute(query).scalar_one() == 0
    left = [event for event in desk.ledger.log.walk_from(0) if event.conversation_id == gone]
    assert len(left) > 4
    assert all(event.is_shed for event in left[:-1])
    assert desk.ledger.log.read(gone)[-1].body == {"reason": "request"}
    with pytest.raises(UnknownConversationError):
        desk.vault.keyring.key_for(gone)
    with pytest.raises(NoSuchConversationError):
        desk.conversations.thread(gone)
    assert all_threads(desk) == {kept: before}


def test_the_vault_stays_verifiable_searchable_and_can_be_built_again(desk: Desk) -> None:
    start(desk, "the otter swims")
    erase(desk, start(desk), start(desk))
    assert verify(desk).is_sound
    rows = plain_rows(desk)
    desk.conversations.rebuild_projections()
    assert plain_rows(desk) == rows
    assert verify(desk).is_sound
    assert desk.conversations.search("heron") == ()
    assert len(desk.conversations.search("otter")) == 2


def test_an_erased_conversation_takes_nothing_more(desk: Desk) -> None:
    gone = start(desk)
    erase(desk, gone)
    with pytest.raises(UnknownConversationError):
        desk.ledger.write(gone, EventKind.MARKED_DONE)


def test_the_index_is_another_file_under_another_key_and_the_logs_are_empty(desk: Desk) -> None:
    gone = start(desk)
    desk.conversations.catch_up_index()
    key, file = desk.vault.keyring.index_key, desk.vault.directory / "index.db"
    salt = file.read_bytes()[:16]
    erase(desk, gone)
    assert desk.vault.keyring.index_key != key
    assert file.read_bytes()[:16] != salt
    assert (desk.vault.directory / "vault.db-wal").stat().st_size == 0


def stage_and_erase(desk: Desk, gone: ConversationId) -> None:
    log = desk.ledger.log
    entries = [entry for entry in map(entry_of, log.read_logged(gone)) if entry is not None]
    bury(log, [gone], "request", now_ms=desk.ledger.now_ms())
    key = desk.index.stage_without(entries)
    assert key is not None
    unmake(log, desk.vault, [gone], renew_index=desk.index.adopt, next_index_key=key)
    assert desk.vault.keyring.index_key == key


def inside_the_index(desk: Desk) -> bytes:
    """Every byte that FTS5 keeps, opened."""
    with desk.vault.index_engine().connect() as connection:
        rows = [
            row[0]
            for table, column in (("words_data", "block"), ("words_idx", "term"), ("names_data", "block"))
            for row in connection.execute(text(f"SELECT {column} FROM {table}"))
        ]
    return b"".join(row if isinstance(row, bytes) else str(row).encode() for row in rows)


def test_a_staged_index_has_lost_the_words_and_nothing_else(desk: Desk) -> None:
    for number in range(30):
        start(desk, " ".join(f"otter{number:03}word{place:03}" for place in range(40)))
    gone = start(desk, "the zyxwvutters of a pewterling heron")
    desk.conversations.catch_up_index()
    assert b"yxwvutters" in inside_the_index(desk)
    stage_and_erase(desk, gone)
    assert b"yxwvutters" not in inside_the_index(desk)
    assert b"ewterling" not in inside_the_index(desk)
    assert desk.conversations.search("heron") == ()
    assert len(desk.conversations.search("otter007word001")) == 2
    start(desk, "another heron")
    assert len(desk.conversations.search("heron")) == 2
    desk.index.rebuild()
    assert len(desk.conversations.search("otter007word001")) == 2
    assert not desk.vault.verify_files().problems
    assert not (desk.vault.directory / "index.next").exists()


def test_a_conversation_that_shares_its_words_keeps_them(desk: Desk) -> None:
    kept, gone = start(desk), start(desk)
    desk.conversations.catch_up_index()
    stage_and_erase(desk, gone)
    assert {hit.conversation_id for hit in desk.conversations.search("pewter heron")} == {kept}


def test_an_index_that_cannot_be_staged_is_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = start(desk)
    desk.conversations.catch_up_index()

    def fail() -> None:
        raise VaultDamagedError("index")

    monkeypatch.setattr(desk.vault, "stage_index", fail)
    assert desk.index.stage_without([]) is None
    desk.erasure.erase([gone], "request")
    assert desk.conversations.search("heron") == ()


def test_a_reader_in_the_way_is_reported_and_nothing_hangs_on_it(
    made: TemporaryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.cipher._BUSY_TIMEOUT_MS", 50)
    with made.opened() as desk:
        gone = start(desk)
        with desk.vault.connect().connect() as reader:
            reader.execute(select(func.count()).select_from(tables.event)).scalar_one()
            bury(desk.ledger.log, [gone], "request", now_ms=desk.ledger.now_ms())
            done = unmake(desk.ledger.log, desk.vault, [gone], renew_index=desk.index.renew)
        assert not done.are_wals_empty
        assert desk.vault.empty_wals()


@pytest.mark.parametrize("has_key", [True, False])
def test_what_a_crash_left_is_finished_at_the_next_opening(made: TemporaryDesk, has_key: bool) -> None:
    with made.opened() as desk:
        gone = start(desk)
        bury(desk.ledger.log, [gone], "request", now_ms=desk.ledger.now_ms())
        if not has_key:
            desk.vault.keyring.drop(gone)
            desk.vault.keyring.save()
        assert unfinished(desk.vault) == (gone,)
    with made.opened() as desk:
        assert unfinished(desk.vault) == ()
        assert uncertified(desk.vault) == (gone,)
        assert resume_erasures(desk.ledger.log, desk.vault) == ()
        assert verify(desk).is_sound


def test_a_certificate_closes_the_journal(desk: Desk) -> None:
    erase(desk, start(desk))
    desk.ledger.write(OFFICE, EventKind.ERASURE_CERTIFIED, certificate={})
    assert uncertified(desk.vault) == ()
    later = start(desk)
    erase(desk, later)
    assert uncertified(desk.vault) == (later,)


def test_an_older_database_beside_a_newer_keyring_loses_what_was_erased(desk: Desk) -> None:
    kept, gone = start(desk, "the otter swims"), start(desk)
    desk.vault.keyring.drop(gone)
    desk.vault.keyring.save()
    assert shed_keyless(desk.ledger.log, desk.vault, now_ms=desk.ledger.now_ms()) == (gone,)
    assert shed_keyless(desk.ledger.log, desk.vault, now_ms=desk.ledger.now_ms()) == ()
    assert list(all_threads(desk)) == [kept]
    assert verify(desk).is_sound


def test_words_that_are_missing_without_a_tombstone_are_reported(desk: Desk) -> None:
    start(desk)
    with desk.vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(text("UPDATE event SET body = zeroblob(32) WHERE kind = 'message_received'"))
    assert LogFault.WORDS_MISSING in {problem.fault for problem in verify(desk).problems}


def test_a_tombstone_that_was_removed_is_reported(desk: Desk) -> None:
    erase(desk, start(desk))
    start(desk, "the otter swims")
    with desk.vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(text("DELETE FROM event WHERE kind = 'erased'"))
    assert {LogFault.MISSING, LogFault.WORDS_MISSING} <= {problem.fault for problem in verify(desk).problems}


def test_rows_that_an_old_page_brings_back_are_counted_and_go(desk: Desk) -> None:
    gone = start(desk)
    with desk.vault.connect().connect() as connection:
        row = connection.execute(select(tables.conversation).where(_is(gone))).one()._asdict()
    erase(desk, gone)
    with desk.vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(tables.conversation.insert(), row)
    assert verify(desk).stale_projections
    remove_orphans(desk.vault)
    with desk.vault.connect().connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.conversation)).scalar_one() == 0


def test_tombstones_are_found_by_an_index(desk: Desk) -> None:
    start(desk)
    with desk.vault.connect().connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {ERASED_IDS}")).all()
    assert "event_by_rare_kind" in plan[0][-1]
    with pytest.raises(ValueError, match="no index"):
        of_kind(EventKind.MESSAGE_RECEIVED)


def _is(cid: ConversationId) -> object:
    return tables.conversation.c.conversation_id == cid
