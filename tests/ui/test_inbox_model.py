"""The list model keeps rows' identity; the presenter keeps it equal to the store."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from app.domain.conversation import ConversationState, InboxRow, Origin, Urgency
from app.domain.ids import ConversationId
from app.ui.background import BackgroundRunner
from app.ui.inbox.ages import DAY_MS, HOUR_MS, MINUTE_MS, age_sentence, age_words
from app.ui.inbox.marks import row_sentence, state_marks, urgency_mark
from app.ui.inbox.model import PAGE_ROWS, InboxModel, InboxRole
from app.ui.inbox.presenter import InboxPresenter, RailEntry
from tests.support.memory_desk import ME, MemoryConversations
from tests.support.waiting import PATIENCE_MS

NOW = 1_795_000_000_000


def row(name, **changes):
    base = InboxRow(
        ConversationId(name),
        name,
        "Hello there",
        Origin.PHONE,
        Urgency.ROUTINE,
        ConversationState.OPEN,
        NOW - HOUR_MS,
        NOW,
        1,
        None,
        None,
        has_unsent_text=False,
    )
    return replace(base, **changes)


def names(model):
    return [model.at(place).contact_name for place in range(model.rowCount())]


@pytest.fixture
def model(qapp):
    return InboxModel(lambda: NOW)


def test_the_model_keeps_the_rules_of_qt_models(model, qtmodeltester):
    model.replace([row(name) for name in "ABCDE"], has_more=False)
    qtmodeltester.check(model, force_py=True)
    model.replace([row(name) for name in "EBXAC"], has_more=True)
    qtmodeltester.check(model, force_py=True)


def test_when_rows_move_then_a_remembered_index_follows_its_conversation(model):
    model.replace([row(name) for name in "ABCDE"], has_more=False)
    remembered = QPersistentModelIndex(model.index(3))
    model.replace([row(name) for name in "DXABE"], has_more=False)
    assert names(model) == list("DXABE")
    assert remembered.row() == 0
    assert remembered.data(InboxRole.ROW).contact_name == "D"


def test_when_a_row_leaves_then_its_index_becomes_invalid_and_the_others_stay(model):
    model.replace([row(name) for name in "ABC"], has_more=False)
    gone, kept = QPersistentModelIndex(model.index(1)), QPersistentModelIndex(model.index(2))
    model.replace([row(name) for name in "AC"], has_more=False)
    assert not gone.isValid()
    assert kept.row() == 1


def test_when_only_contents_change_then_nothing_moves(model, qtbot):
    model.replace([row(name) for name in "AB"], has_more=False)
    with qtbot.assertNotEmitted(model.layoutChanged), qtbot.waitSignal(model.dataChanged, timeout=PATIENCE_MS):
        model.replace([row("A", unread_count=0), row("B")], has_more=False)
    assert model.at(0).unread_count == 0


def test_pages_are_asked_for_once_and_appended_without_doubles(model, qtbot):
    model.replace([row("A"), row("B")], has_more=True)
    with qtbot.waitSignal(model.more_wanted, timeout=PATIENCE_MS) as asked:
        model.fetchMore(model.index(-1))
    assert asked.args == [2]
    assert not model.canFetchMore(model.index(-1))
    model.append_page([row("B"), row("C")], has_more=False)
    assert names(model) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("age_ms", "words"),
    [
        (0, "now"),
        (59_000, "now"),
        (12 * MINUTE_MS, "12 min"),
        (3 * HOUR_MS + 5 * MINUTE_MS, "3 h 05"),
        (2 * DAY_MS + 4 * HOUR_MS, "2 d 4 h"),
        (30 * DAY_MS, "4 wk"),
    ],
)
def test_ages_are_short_on_the_screen(age_ms, words):
    assert age_words(NOW - age_ms, NOW) == words


def test_ages_are_whole_words_for_a_screen_reader():
    assert age_sentence(NOW - 3 * HOUR_MS - MINUTE_MS, NOW) == "waiting 3 hours 1 minute"


def test_every_mark_has_a_shape_and_a_word():
    marked = row(
        "A",
        has_unsent_text=True,
        assigned_to=ME.person_id,
        state=ConversationState.SNOOZED,
        snoozed_until_ms=NOW + DAY_MS,
    )
    marks = [*state_marks(marked, NOW, "You"), urgency_mark(Urgency.EMERGENCY), urgency_mark(Urgency.URGENT)]
    assert all(mark.icon and mark.word for mark in marks)
    assert [mark.word for mark in state_marks(row("A", has_proposal=True), NOW, None)] == ["Draft ready"]


def test_a_screen_reader_hears_the_whole_row_without_steering_characters(model):
    model.replace([row("A\u202eB", urgency=Urgency.EMERGENCY, snippet="line\nbreak\u2066 here")], has_more=False)
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == row_sentence(model.at(0), NOW)
    assert spoken == "AB, Emergency, waiting 1 hour, line break here"


@pytest.fixture
def store():
    return MemoryConversations()


@pytest.fixture
def presenter(qapp, store):
    runner = BackgroundRunner("inbox under test")
    yield InboxPresenter(store, runner, lambda: NOW)
    runner.close()


def test_the_presenter_shows_counts_and_rows_of_the_entry(presenter, store, qtbot):
    first = store.start("Ada", Origin.PHONE, "One")
    second = store.start("Ben", Origin.PHONE, "Two")
    store.set_urgency(second, Urgency.EMERGENCY)
    presenter.refresh()
    qtbot.waitUntil(lambda: names(presenter.model) == ["Ben", "Ada"], timeout=PATIENCE_MS)
    presenter.show(RailEntry.EMERGENCIES)
    qtbot.waitUntil(lambda: names(presenter.model) == ["Ben"], timeout=PATIENCE_MS)
    assert presenter.state.counts.emergencies == 1
    store.mark_done(first)
    presenter.show(RailEntry.DONE)
    qtbot.waitUntil(lambda: names(presenter.model) == ["Ada"], timeout=PATIENCE_MS)


def test_the_oldest_is_who_waits_longest_not_who_stands_first(presenter, store, qtbot):
    old = store.start("Old", Origin.PHONE, "x")
    urgent = store.start("New but urgent", Origin.PHONE, "x")
    store.set_urgency(urgent, Urgency.URGENT)
    presenter.refresh()
    qtbot.waitUntil(lambda: presenter.model.rowCount() == 2, timeout=PATIENCE_MS)
    assert presenter.model.at(0).conversation_id == urgent
    assert presenter.oldest() == old
    assert presenter.after(old) == urgent
    assert presenter.after(urgent) == old


def test_more_than_a_page_is_fetched_when_the_list_is_scrolled(presenter, store, qtbot):
    for number in range(PAGE_ROWS + 30):
        store.start(f"Person {number}", Origin.PHONE, "x")
    presenter.refresh()
    qtbot.waitUntil(lambda: presenter.model.rowCount() == PAGE_ROWS, timeout=PATIENCE_MS)
    presenter.model.fetchMore(presenter.model.index(-1))
    qtbot.waitUntil(lambda: presenter.model.rowCount() == PAGE_ROWS + 30, timeout=PATIENCE_MS)
    assert not presenter.model.canFetchMore(presenter.model.index(-1))
