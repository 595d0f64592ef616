"""The chain by itself: what it proves, and what it says when it does not hold."""

from dataclasses import replace

import pytest

from app.domain.events import EventKind
from app.store.chain import ChainWalk, LogFault, LogProblem, StoredEvent, body_digest, event_hash, genesis

GENESIS = genesis("VAULT")


def make_log(length: int, kind: EventKind = EventKind.NOTE_ADDED) -> list[StoredEvent]:
    events, prev_hash = [], GENESIS
    for seq in range(1, length + 1):
        body = bytes([seq]) * 60
        event = StoredEvent(seq, f"E{seq}", "C", "P", seq, 1000 + seq, kind.value, 1, body, prev_hash, b"")
        event = replace(event, hash=event_hash(prev_hash, event))
        events.append(event)
        prev_hash = event.hash
    return events


def walk(events: list[StoredEvent]) -> list[LogProblem]:
    walked = ChainWalk(GENESIS)
    return [problem for event in events for problem in walked.step(event)]


def test_an_untouched_log_holds() -> None:
    assert walk(make_log(5)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", "E9"),
        ("conversation_id", "D"),
        ("actor", "Q"),
        ("lamport", 99),
        ("wall_ms", 5),
        ("kind", EventKind.ERASED.value),
        ("schema", 2),
        ("body", b"x" * 60),
        ("hash", b"h" * 32),
    ],
)
def test_each_changed_field_is_named_by_its_number_and_only_once(field: str, value: object) -> None:
    log = make_log(5)
    log[2] = replace(log[2], **{field: value})
    problems = walk(log)
    assert LogProblem(3, LogFault.CHANGED) in problems
    # A forged hash also cuts the next event off; any other field is reported once.
    assert {problem.seq for problem in problems} == ({3, 4} if field == "hash" else {3})


def test_an_event_rewritten_with_a_sound_hash_of_its_own_does_not_fit_its_neighbour() -> None:
    log = make_log(5)
    forged = replace(log[2], body=b"y" * 60)
    log[2] = replace(forged, hash=event_hash(forged.prev_hash, forged))
    assert walk(log) == [LogProblem(4, LogFault.MOVED)]


def test_a_removed_event_is_missing() -> None:
    log = make_log(5)
    del log[2]
    assert walk(log) == [LogProblem(3, LogFault.MISSING)]


def test_removing_and_renumbering_shows_as_moved() -> None:
    log = make_log(5)
    renumbered = [*log[:2], *(replace(event, seq=event.seq - 1) for event in log[3:])]
    assert walk(renumbered) == [LogProblem(3, LogFault.MOVED)]


def test_two_events_that_changed_places_are_moved() -> None:
    log = make_log(5)
    log[1], log[2] = replace(log[2], seq=2), replace(log[1], seq=3)
    assert [problem.fault for problem in walk(log)] == [LogFault.MOVED] * 3
    assert walk(log)[0].seq == 2


def test_a_log_of_another_vault_does_not_begin_here() -> None:
    assert list(ChainWalk(genesis("OTHER")).step(make_log(1)[0])) == [LogProblem(1, LogFault.MOVED)]


def test_shed_composer_text_keeps_its_place_in_the_chain() -> None:
    log = make_log(3, EventKind.TEXT_SAVED)
    log[1] = replace(log[1], body=body_digest(log[1].body))
    assert log[1].is_shed
    assert walk(log) == []


def test_words_that_nothing_replaced_may_not_be_shed() -> None:
    log = make_log(3)
    log[1] = replace(log[1], body=body_digest(log[1].body))
    assert walk(log) == [LogProblem(2, LogFault.WORDS_MISSING)]


def test_a_digest_of_other_words_breaks_the_chain() -> None:
    log = make_log(3, EventKind.TEXT_SAVED)
    log[1] = replace(log[1], body=body_digest(b"other words, as long as a seal would be at the least"))
    assert walk(log) == [LogProblem(2, LogFault.CHANGED)]


def test_a_stored_event_does_not_show_its_body() -> None:
    assert "body" not in repr(make_log(1)[0])
