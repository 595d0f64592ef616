"""The inbox: working order, pages, numbers, and an index behind all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.conversation import InboxView, Origin, Urgency
from app.domain.ids import ConversationId
from app.services.desk import Desk
from app.store.inbox_query import _PAGES, _SELECT_DUE
from tests.support.desks import TemporaryDesk


@pytest.fixture
def house(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house: TemporaryDesk) -> Iterator[Desk]:
    with house.opened() as desk:
        yield desk


def start(desk: Desk, name: str, text: str = "Hello?") -> ConversationId:
    return desk.conversations.start(name, Origin.PHONE, text)


def names(desk: Desk, view: InboxView = InboxView.OPEN, **page: int) -> list[str]:
    return [row.contact_name for row in desk.conversations.inbox(view, **page)]


def answer(desk: Desk, cid: ConversationId) -> None:
    desk.conversations.release_reply(desk.conversations.hold_reply(cid, "Yes.", None).held_id)


def test_urgent_ones_come_first_then_whoever_waits_longest_then_the_newest_answered(desk: Desk) -> None:
    ids = {name: start(desk, name) for name in ("Ada", "Bo", "Cy", "Di", "Ed")}
    desk.conversations.set_urgency(ids["Di"], Urgency.EMERGENCY)
    desk.conversations.set_urgency(ids["Cy"], Urgency.SOON)
    answer(desk, ids["Ada"])
    answer(desk, ids["Ed"])
    assert names(desk) == ["Di", "Cy", "Bo", "Ed", "Ada"]


def test_a_second_message_does_not_push_anybody_back(desk: Desk) -> None:
    ada, _ = start(desk, "Ada"), start(desk, "Bo")
    desk.conversations.receive(ada, "Are you there?")
    assert names(desk) == ["Ada", "Bo"]
    assert desk.conversations.inbox(InboxView.OPEN)[0].unread_count == 2


def test_pages_follow_one_another(desk: Desk) -> None:
    for number in range(5):
        start(desk, f"N{number}")
    assert names(desk, limit=2) + names(desk, limit=2, offset=2) + names(desk, limit=2, offset=4) == names(desk)


def test_views_and_numbers_agree(desk: Desk, house: TemporaryDesk) -> None:
    ids = [start(desk, f"N{number}") for number in range(5)]
    desk.conversations.assign(ids[0], desk.person.person_id)
    desk.conversations.snooze(ids[1], house.clock.now_ms + 60_000)
    desk.conversations.mark_done(ids[2])
    desk.conversations.set_urgency(ids[3], Urgency.EMERGENCY)
    assert names(desk, InboxView.MINE) == ["N0"]
    assert names(desk, InboxView.SNOOZED) == ["N1"]
    assert names(desk, InboxView.DONE) == ["N2"]
    assert names(desk, InboxView.UNASSIGNED) == ["N3", "N4"]
    counts = desk.conversations.counts()
    assert (counts.open, counts.mine, counts.unassigned) == (3, 1, 2)
    assert (counts.snoozed, counts.done, counts.emergencies) == (1, 1, 1)


def test_what_is_done_waits_no_more_and_comes_back_with_the_next_message(desk: Desk) -> None:
    cid = start(desk, "Ada")
    desk.conversations.mark_done(cid)
    assert desk.conversations.inbox(InboxView.DONE)[0].oldest_unanswered_ms is None
    desk.conversations.receive(cid, "One more thing")
    row = desk.conversations.inbox(InboxView.OPEN)[0]
    assert row.snippet == "One more thing"
    assert row.oldest_unanswered_ms is not None


def test_what_was_done_with_a_message_unanswered_does_not_wait_since_then(desk: Desk, house: TemporaryDesk) -> None:
    cid = start(desk, "Ada")
    desk.conversations.mark_done(cid)
    house.clock.move(1_000_000)
    event_id = desk.conversations.receive(cid, "One more thing")
    written_ms = next(item.wall_ms for item in desk.conversations.thread(cid).items if item.event_id == event_id)
    assert desk.conversations.inbox(InboxView.OPEN)[0].oldest_unanswered_ms == written_ms


def test_taking_back_done_brings_the_waiting_back(desk: Desk) -> None:
    cid = start(desk, "Ada")
    before = desk.conversations.inbox(InboxView.OPEN)[0].oldest_unanswered_ms
    desk.conversations.mark_done(cid)
    desk.conversations.reopen(cid)
    assert desk.conversations.inbox(InboxView.OPEN)[0].oldest_unanswered_ms == before


def test_a_snoozed_conversation_returns_when_its_time_has_come(desk: Desk, house: TemporaryDesk) -> None:
    cid = start(desk, "Ada")
    desk.conversations.snooze(cid, house.clock.now_ms + 60_000)
    assert names(desk) == []
    house.clock.move(61_000)
    assert names(desk) == ["Ada"]
    assert desk.conversations.thread(cid).items[-1].text == "reopened"


def test_the_snippet_is_the_beginning_of_the_newest_message_on_one_line(desk: Desk) -> None:
    cid = start(desk, "Ada", "First line\n\tsecond   line " + "x" * 300)
    row = desk.conversations.inbox(InboxView.OPEN)[0]
    assert row.snippet.startswith("First line second line xxx")
    assert len(row.snippet) == 140
    desk.conversations.add_note(cid, "a note is not for the inbox")
    assert desk.conversations.inbox(InboxView.OPEN)[0].snippet == row.snippet


@pytest.mark.parametrize("view", InboxView)
def test_every_page_is_read_in_the_order_of_an_index(desk: Desk, view: InboxView) -> None:
    values = {"number": 200, "skip": 0, "person": "P"}
    statement = str(_PAGES[view].compile(desk.vault.connect(), compile_kwargs={"render_postcompile": True}))
    used = (
        _PAGES[view]
        .compile(desk.vault.connect())
        .construct_params({name: value for name, value in values.items() if name != "person" or view is InboxView.MINE})
    )
    with desk.vault.connect().connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(used.values())).all()
    words = " ".join(str(row[-1]) for row in plan)
    assert "USING INDEX inbox_by" in words
    assert "TEMP B-TREE" not in words


def test_waking_looks_at_snoozed_rows_only(desk: Desk) -> None:
    statement = _SELECT_DUE.compile(desk.vault.connect(), compile_kwargs={"literal_binds": False})
    with desk.vault.connect().connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {str(statement).replace('?', '5')}")).all()
    assert "snoozed_by_time" in str(plan[0][-1])
