"""The audit log on a real vault: who opened what, who may read it, and what a cut or a change looks like."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.office import Role
from app.services.desk import Desk
from app.services.errors import NotYoursError
from app.services.evidence.audit_log import SIGN_EVERY_MS
from app.services.evidence.audit_trail import AGAIN_MS
from app.services.evidence.checkpoints import CheckpointFormatError, parse_checkpoint
from app.store import tables
from app.store.audit_query import AuditFilter
from app.store.chain import LogFault
from tests.support.desks import TemporaryDesk

WORDS = "the pewter heron stands behind the observatory"


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


def actions(desk: Desk, **wanted: object) -> list[str]:
    return [entry.action for entry in desk.audit.entries(AuditFilter(**wanted))]


def test_opening_exporting_and_reading_the_log_are_entries_and_no_word_is_in_them(desk: Desk) -> None:
    cid = desk.conversations.start("Ada Quillfeather", Origin.PHONE, WORDS)
    desk.conversations.mark_seen(cid)
    desk.conversations.export(cid)
    entries = desk.audit.entries()
    about = [entry for entry in entries if entry.object_id == cid]
    assert [entry.action for entry in about][:3] == ["exported", "seen", "looked_at"]
    assert entries[0].action == "audit_read"
    assert {entry.actor_name for entry in about} == {desk.person.display_name}
    assert "heron" not in repr(entries)
    assert "Quillfeather" not in repr(entries)


def test_who_goes_to_and_fro_is_noted_once_in_a_while(desk: Desk, made: TemporaryDesk) -> None:
    cid = desk.conversations.start("Ada", Origin.PHONE, WORDS)
    looked = {"kinds": frozenset({EventKind.LOOKED_AT})}
    for _ in range(3):
        desk.conversations.mark_seen(cid)
    assert actions(desk, **looked) == ["looked_at"]
    made.clock.move(AGAIN_MS)
    desk.conversations.mark_seen(cid)
    assert actions(desk, **looked) == ["looked_at"] * 2


def test_looking_tells_no_screen_to_read_again(desk: Desk) -> None:
    cid = desk.conversations.start("Ada", Origin.PHONE, WORDS)
    desk.conversations.mark_seen(cid)
    told: list[object] = []
    desk.conversations.on_change(told.append)
    desk.audit.entries()
    desk.audit.sign()
    assert told == []


def test_entries_are_filtered_by_person_conversation_kind_and_time_and_come_in_pages(
    desk: Desk, made: TemporaryDesk
) -> None:
    first = desk.conversations.start("Ada", Origin.PHONE, WORDS)
    made.clock.move(10_000)
    middle_ms = made.clock.now_ms
    second = desk.conversations.start("Bo", Origin.PHONE, WORDS)
    desk.conversations.export(second)
    assert {e.object_id for e in desk.audit.entries(AuditFilter(conversation_id=second))} == {second}
    assert "exported" in actions(desk, conversation_id=second)
    assert all(e.object_id != first for e in desk.audit.entries(AuditFilter(since_ms=middle_ms)))
    assert all(e.object_id != second for e in desk.audit.entries(AuditFilter(until_ms=middle_ms)))
    page = desk.audit.entries(limit=2)
    older = desk.audit.entries(before_seq=page[-1].seq, limit=2)
    assert [entry.seq for entry in older] == [page[-1].seq - 1, page[-1].seq - 2]


def test_only_who_may_reads_it(desk: Desk) -> None:
    desk.vault.person = replace(desk.vault.person, role=Role.FRONT_DESK)
    for forbidden in (desk.audit.entries, desk.audit.verify, lambda: list(desk.audit.export())):
        with pytest.raises(NotYoursError):
            forbidden()
    assert desk.audit.sign().size


def test_a_whole_log_is_sound_with_its_checkpoints(desk: Desk) -> None:
    desk.conversations.start("Ada", Origin.PHONE, WORDS)
    kept = desk.audit.sign()
    desk.conversations.start("Bo", Origin.PHONE, WORDS)
    report = desk.audit.verify((kept,))
    assert report.is_sound
    assert (report.own.checked, report.witnessed.checked) == (1, 1)
    assert desk.audit.newest_checkpoint() == kept


def test_a_checkpoint_is_signed_hourly_and_only_when_something_happened(desk: Desk, made: TemporaryDesk) -> None:
    assert desk.audit.sign_when_due() is not None
    assert desk.audit.sign_when_due() is None
    made.clock.move(SIGN_EVERY_MS)
    assert desk.audit.sign_when_due() is None
    desk.conversations.start("Ada", Origin.PHONE, WORDS)
    assert desk.audit.sign_when_due() is not None


def test_a_change_a_removal_and_a_swap_are_named_by_their_entry(desk: Desk) -> None:
    for name in ("Ada", "Bo", "Cy"):
        desk.conversations.start(name, Origin.PHONE, WORDS)
    tail = desk.ledger.log.tail().seq
    with desk.vault.connect().begin() as connection:
        connection.execute(text("UPDATE event SET wall_ms = wall_ms + 1 WHERE seq = :seq"), {"seq": tail - 2})
        connection.execute(delete(tables.event).where(tables.event.c.seq == tail - 4))
    faults = {(problem.seq, problem.fault) for problem in desk.audit.verify().problems}
    assert (tail - 2, LogFault.CHANGED) in faults
    assert (tail - 4, LogFault.MISSING) in faults


def test_a_log_that_was_cut_off_and_written_on_does_not_fit_a_checkpoint_kept_elsewhere(
    made: TemporaryDesk, tmp_path: Path
) -> None:
    with made.opened() as desk:
        desk.conversations.start("Ada", Origin.PHONE, WORDS)
    older = made.store.copy_to(tmp_path / "older")
    with made.opened() as desk:
        desk.conversations.start("Bo", Origin.PHONE, WORDS)
        kept = desk.audit.sign()
    made.store = older
    with made.opened() as desk:
        for _ in range(4):
            desk.conversations.start("Cy", Origin.PHONE, WORDS)
        report = desk.audit.verify((kept,))
        assert not report.problems
        assert report.witnessed.broken == (kept.size,)
        assert not report.is_sound


def test_a_forged_checkpoint_is_refused_and_a_broken_one_is_no_checkpoint(desk: Desk) -> None:
    kept = desk.audit.sign()
    forged = replace(kept, size=kept.size - 1, head_hash=desk.ledger.log.hash_at(kept.size - 1))
    assert desk.audit.verify((forged,)).witnessed.broken == (forged.size,)
    assert parse_checkpoint(kept.note) == kept
    for broken in ("", kept.note[:-5], kept.note + "x", kept.note.replace("\n\n", "\n"), "x" * 100_000):
        with pytest.raises(CheckpointFormatError):
            parse_checkpoint(broken)


def test_everything_can_be_exported_in_order(desk: Desk) -> None:
    desk.conversations.start("Ada", Origin.PHONE, WORDS)
    exported = list(desk.audit.export())
    assert [entry.seq for entry in exported] == sorted(entry.seq for entry in exported)
    assert exported[-1].action == "audit_exported"
    assert "heron" not in json.dumps([entry.action for entry in exported])
