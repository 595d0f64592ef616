"""JSON lines in: what fits is taken, what does not is named by line and code, and nothing else suffers."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.conversation import ConversationState, InboxView, ItemKind, Origin, Party, Urgency
from app.services.conversations.imports import LINES_PER_COMMIT, MAX_TURNS, LineProblem
from app.services.desk import Desk
from tests.support.desks import TemporaryDesk, all_threads

MINUTE_MS = 60_000


@pytest.fixture
def house(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house: TemporaryDesk) -> Iterator[Desk]:
    with house.opened() as desk:
        yield desk


def line(**changes: object) -> str:
    return json.dumps({"id": "x-1", "turns": [{"who": "user", "text": "Hello?"}]} | changes)


def turn(**changes: object) -> list[dict[str, object]]:
    return [{"who": "user", "text": "Hello?"} | changes]


REJECTED = [
    ("{", "not_json"),
    ("[" * 100_000, "not_json"),
    ("[]", "not_an_object"),
    ("{}", "no_turns"),
    (line(turns=[]), "no_turns"),
    (line(turns="hello"), "no_turns"),
    (line(turns=["hello"]), "bad_turn"),
    (line(turns=turn(text=None)), "bad_turn"),
    (line(turns=turn(who="robot")), "bad_who"),
    (line(turns=turn(who=None)), "bad_who"),
    (line(turns=turn(text=" ")), "text_empty"),
    (line(turns=turn(text="a\0")), "text_has_nul"),
    (line(turns=turn(text="\ud800")), "text_has_surrogate"),
    (line(turns=turn(text="x" * 20_001)), "text_too_long"),
    (line(turns=turn() * (MAX_TURNS + 1)), "too_many_turns"),
    (line(turns=turn(minutes_ago="5")), "bad_time"),
    (line(turns=turn(minutes_ago=True)), "bad_time"),
    (line(turns=turn(minutes_ago=10**12)), "bad_time"),
    (line(turns=turn(written_ms=-1)), "bad_time"),
    (line(turns=turn(written_ms=10**20)), "bad_time"),
    (line(turns=turn(author=5)), "bad_author"),
    (line(contact=["x"]), "bad_contact"),
    (line(contact=""), "name_empty"),
    (line(contact="x" * 121), "name_too_long"),
    (line(origin="pigeon"), "bad_origin"),
    (line(origin=["phone"]), "bad_origin"),
    (line(urgency="panic"), "bad_urgency"),
    (line(urgency=3), "bad_urgency"),
    (line(state="lost"), "bad_state"),
    (line(snoozed_until_ms=10**20), "bad_time"),
    (line(assigned=7), "bad_assigned"),
]


@pytest.mark.parametrize(("bad", "code"), REJECTED)
def test_a_line_that_does_not_fit_is_named_and_its_neighbours_are_taken(desk: Desk, bad: str, code: str) -> None:
    report = desk.conversations.import_lines([line(), bad, line()])
    assert report.imported == 2
    assert report.rejected == (LineProblem(2, code),)
    assert desk.conversations.counts().open == 2


def test_blank_lines_count_and_say_nothing(desk: Desk) -> None:
    report = desk.conversations.import_lines(["\n", line(), "", "{"])
    assert report.imported == 1
    assert report.rejected == (LineProblem(4, "not_json"),)


def test_a_report_does_not_repeat_words(desk: Desk) -> None:
    report = desk.conversations.import_lines(['{"canary": ', line(turns=turn(text="canary\0"))])
    assert len(report.rejected) == 2
    assert "canary" not in repr(report)


def test_everything_that_a_line_says_is_there(desk: Desk, house: TemporaryDesk) -> None:
    turns = [
        {"who": "user", "text": "Hello?", "minutes_ago": 90},
        {"who": "agent", "text": "Yes?", "author": "Bo Nib", "minutes_ago": 80},
        {"who": "note", "text": "Called", "author": "Bo Nib", "minutes_ago": 70},
        {"who": "user", "text": "Thanks", "minutes_ago": 60},
    ]
    raw = line(contact="Ada Quill", origin="phone", urgency="urgent", assigned=desk.person.display_name, turns=turns)
    desk.conversations.import_lines([raw])
    row = desk.conversations.inbox(InboxView.MINE)[0]
    thread = desk.conversations.thread(row.conversation_id)
    assert (row.contact_name, row.origin, row.urgency) == ("Ada Quill", Origin.PHONE, Urgency.URGENT)
    assert (row.unread_count, row.snippet, row.assigned_to) == (1, "Thanks", desk.person.person_id)
    said = [item for item in thread.items if item.kind is not ItemKind.NOTICE]
    assert [(item.party, item.author_name, item.text) for item in said] == [
        (Party.VISITOR, "Ada Quill", "Hello?"),
        (Party.DESK, "Bo Nib", "Yes?"),
        (Party.DESK, "Bo Nib", "Called"),
        (Party.VISITOR, "Ada Quill", "Thanks"),
    ]
    ages = [round((house.clock.now_ms - item.wall_ms) / MINUTE_MS) for item in said]
    assert ages == [90, 80, 70, 60]
    assert row.oldest_unanswered_ms == said[-1].wall_ms


def test_done_and_snoozed_arrive_as_such(desk: Desk, house: TemporaryDesk) -> None:
    until_ms = house.clock.now_ms + 10 * MINUTE_MS
    desk.conversations.import_lines(
        [line(state="done"), line(state="snoozed"), line(state="snoozed", snoozed_until_ms=until_ms)]
    )
    snoozed = desk.conversations.inbox(InboxView.SNOOZED)
    assert desk.conversations.inbox(InboxView.DONE)[0].state is ConversationState.DONE
    assert min(row.snoozed_until_ms or 0 for row in snoozed) == until_ms


def test_a_line_without_a_name_goes_by_its_id(desk: Desk) -> None:
    desk.conversations.import_lines([line(id="star-1"), json.dumps({"turns": turn()})])
    assert {row.contact_name for row in desk.conversations.inbox(InboxView.OPEN)} == {"star-1", "Imported conversation"}


def test_somebody_who_does_not_work_here_is_not_assigned(desk: Desk) -> None:
    desk.conversations.import_lines([line(assigned="Nobody Known")])
    assert desk.conversations.counts().unassigned == 1


def test_lines_are_read_one_by_one_and_committed_in_groups(desk: Desk) -> None:
    read: list[int] = []
    committed_when_read: dict[int, int] = {}

    def lines() -> Iterator[str]:
        for number in range(2 * LINES_PER_COMMIT + 5):
            read.append(number)
            committed_when_read[number] = desk.ledger.log.tail().seq
            yield line()

    steps: list[int] = []
    before = desk.ledger.log.tail().seq
    report = desk.conversations.import_lines(lines(), steps.append)
    assert report.imported == len(read)
    assert steps == [LINES_PER_COMMIT, 2 * LINES_PER_COMMIT, 2 * LINES_PER_COMMIT + 5]
    assert committed_when_read[LINES_PER_COMMIT - 1] == before
    assert committed_when_read[LINES_PER_COMMIT] == before + 2 * LINES_PER_COMMIT


def test_listeners_hear_once_per_commit(desk: Desk) -> None:
    heard: list[str] = []
    desk.conversations.on_change(heard.append)
    desk.conversations.import_lines([line(), line()])
    assert heard == ["office"]


def test_imported_text_is_found_at_once(desk: Desk) -> None:
    desk.conversations.import_lines([line(turns=turn(text="swollen ankle"))])
    assert len(desk.conversations.search("ankle")) == 1


def test_real_dialogues_go_in_and_come_out_word_for_word(desk: Desk, shared_data: Path) -> None:
    with gzip.open(shared_data / "dialogues" / "star.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [next(file) for _ in range(250)]
    report = desk.conversations.import_lines(lines)
    assert report.rejected == ()
    assert report.imported == 250
    said = {
        thread.contact_name: [item.text for item in thread.items if item.kind is ItemKind.MESSAGE]
        for thread in all_threads(desk).values()
    }
    expected = {raw["id"]: [one["text"] for one in raw["turns"]] for raw in map(json.loads, lines)}
    assert said == expected
