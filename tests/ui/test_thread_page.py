"""The page of a conversation: plain text, separators, provenance, laziness, find, jump."""

from dataclasses import replace

import pytest

from app.domain.conversation import HeldReply, ItemKind, Origin, Party, Provenance, ThreadItem
from app.domain.ids import EventId, ProposalId
from app.ui.inbox.ages import DAY_MS
from app.ui.thread.find_bar import FindBar
from app.ui.thread.page import CHUNK_ITEMS, ThreadPage
from app.ui.thread.presenter import OpenThread
from app.ui.thread.words import notice_words, provenance_words
from tests.support.memory_desk import MemoryConversations, make_source

NOW = 1_795_000_000_000


def item(number, text="Hello", **changes):
    base = ThreadItem(EventId(f"e{number}"), ItemKind.MESSAGE, Party.VISITOR, "Ada Quill", text, NOW + number)
    return replace(base, **changes)


def opened(*items, first_unseen=None, is_fresh=True, jump_to=None, held=None):
    store = MemoryConversations(lambda: NOW)
    thread = store.thread(store.start("Ada Quill", Origin.PHONE, "x"))
    return OpenThread(replace(thread, items=items, held=held), first_unseen, jump_to, is_fresh)


@pytest.fixture
def page(qtbot):
    made = ThreadPage(lambda: NOW, lambda person_id: "Marcus" if person_id else None)
    made.resize(800, 500)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_a_visitor_writes_is_never_markup_nor_steering(page):
    hostile = "<h1>Hi</h1> <img src='file:///etc/passwd'> \u202eevil\u202c &amp; http://x.example"
    page.show_thread(opened(item(1, hostile)))
    assert "<h1>Hi</h1> <img src='file:///etc/passwd'> evil &amp; http://x.example" in page.toPlainText()


def test_days_are_separated_and_the_new_part_begins_with_a_line(page):
    items = (item(1, wall_ms=NOW - DAY_MS), item(2), item(3))
    page.show_thread(opened(*items, first_unseen=items[2].event_id))
    lines = page.toPlainText().splitlines()
    assert "Yesterday" in lines
    assert "Today" in lines
    assert lines.index("New since you looked") > lines.index("Today")


def test_a_note_says_that_it_is_one(page):
    page.show_thread(opened(item(1, "Call her back", kind=ItemKind.NOTE, party=Party.DESK, author_name="Dana")))
    assert "Note  ·  Dana" in page.toPlainText()


def test_a_sent_message_tells_how_it_came_to_be(page):
    source = make_source(1, "Opening hours", "We open at eight")
    provenance = Provenance(ProposalId("p"), "starter", (source,), 12)
    page.show_thread(opened(item(1, "At eight.", party=Party.DESK, provenance=provenance, author_name="Dana")))
    words = "Proposed by starter from Opening hours (approved 3 Nov), approved by Dana, 12 % changed"
    assert words in page.toPlainText()


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        (None, "imported"),
        (Provenance(None, None, (), 0), "Written by Dana"),
        (Provenance(None, None, (make_source(1, "Fees", "£30"),), 0), "Written by Dana with Fees (approved"),
        (Provenance(ProposalId("p"), "m", (), 0), "without a source, approved by Dana, unchanged"),
    ],
)
def test_provenance_is_honest_about_what_is_missing(provenance, words):
    assert words in provenance_words(provenance, "Dana", NOW)


@pytest.mark.parametrize(
    "code", ["opened:phone", "assigned:p1", "unassigned", "urgency:urgent", f"snoozed:{NOW}", "done", "reopened"]
)
def test_every_notice_has_words(code, qapp):
    words = notice_words(code, "Dana", lambda _person: "Marcus", NOW)
    assert words[0].isupper()
    assert "p1" not in words
    assert code != words


def test_a_long_thread_begins_with_its_latest_items_and_brings_the_rest_on_scrolling(page, qtbot):
    items = tuple(item(number, f"message number {number}") for number in range(CHUNK_ITEMS * 2 + 10))
    page.show_thread(opened(*items))
    assert "message number 0\n" not in page.toPlainText() + "\n"
    assert f"message number {len(items) - 1}" in page.toPlainText()
    bar = page.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    assert f"message number {len(items) - 2 * CHUNK_ITEMS}" in page.toPlainText()
    assert bar.value() > 0  # the reading place stays where it was


def test_a_growing_thread_keeps_the_reading_place(page):
    items = tuple(item(number, "word " * 60) for number in range(12))
    page.show_thread(opened(*items))
    page.verticalScrollBar().setValue(40)
    page.show_thread(opened(*items, item(99, "One more"), is_fresh=False))
    assert page.verticalScrollBar().value() == 40
    assert "One more" in page.toPlainText()


def test_at_the_end_a_growing_thread_follows(page):
    items = tuple(item(number, "word " * 60) for number in range(12))
    page.show_thread(opened(*items))
    page.show_thread(opened(*items, item(99, "One more"), is_fresh=False))
    assert page.verticalScrollBar().value() == page.verticalScrollBar().maximum()


def test_a_jump_reaches_an_item_that_was_not_laid_out(page):
    items = tuple(item(number, f"message number {number}.") for number in range(CHUNK_ITEMS * 3))
    page.show_thread(opened(*items, jump_to=items[2].event_id))
    assert "message number 2." in page.toPlainText()
    assert page.verticalScrollBar().value() < page.verticalScrollBar().maximum()


def test_a_held_reply_is_shown_as_on_its_way(page):
    held = HeldReply(EventId("h"), "c", "At eight.", NOW + 5_000)
    page.show_thread(opened(item(1), held=held))
    assert "On its way" in page.toPlainText()
    assert "Ctrl+Z takes it back" in page.toPlainText()
    page.show_thread(opened(item(1), item(2, "At eight.", party=Party.DESK), is_fresh=False))
    assert "On its way" not in page.toPlainText()


def test_a_line_holds_about_75_characters_however_wide_the_window_is(page, qtbot):
    page.resize(1800, 500)
    page.show_thread(opened(item(1, "n" * 2_000)))
    qtbot.wait(20)
    block = page.document().begin()
    while block.text()[:5] != "nnnnn":
        block = block.next()
    assert 60 <= block.layout().lineAt(0).textLength() <= 90


def test_find_marks_every_place_and_goes_round(page, qtbot):
    bar = FindBar(page)
    qtbot.addWidget(bar)
    items = tuple(
        item(number, "the parking lot" if number % 3 == 0 else "nothing") for number in range(CHUNK_ITEMS + 30)
    )
    page.show_thread(opened(*items))
    bar.open()
    bar.field.setText("PARKING")
    assert len(page.extraSelections()) == 30
    assert bar._count.text() == "1 of 30"
    bar.go(-1)
    assert bar._count.text() == "30 of 30"
    bar.field.setText("zebra")
    assert bar._count.text() == "Not found"
    bar.close_bar()
    assert page.extraSelections() == []
