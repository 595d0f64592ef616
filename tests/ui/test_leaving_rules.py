"""The office's rules and its test set, by keyboard alone; and the whole page on the real confined worker."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from app.anonymise.labels import Label
from app.services.anonymising.anonymiser import Anonymiser, Pipeline
from app.services.anonymising.rule_records import RuleDraft, RuleKind
from app.services.anonymising.rules import Stretch
from app.ui.anonymise.rules_model import RuleModel
from app.ui.anonymise.state import Phase
from app.ui.shell.pages import PageId
from tests.support.leaving_consoles import FIRST, LeavingConsole, is_shown
from tests.support.waiting import PATIENCE_MS

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def house(qapp, tmp_path):
    made = LeavingConsole(tmp_path, qapp, model=None)
    yield made
    made.abandon()


@pytest.fixture
def wait(qtbot):
    return lambda condition: qtbot.waitUntil(condition, timeout=PATIENCE_MS)


@pytest.fixture
def console(house, wait):
    made = house.open_page(wait)
    press(made, Qt.Key.Key_R)
    wait(lambda: made.leaving.page.is_showing_rules)
    return made


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def pane_of(console):
    return console.leaving.page.rules_pane


def add(console, wait, kind, *lines):
    """Write a rule as somebody does without a mouse: kind, words, label, Add."""
    form = pane_of(console).form
    form.kind.setFocus()
    while form.kind.currentData() is not kind:
        press(console, Qt.Key.Key_Down if list(RuleKind).index(kind) > form.kind.currentIndex() else Qt.Key.Key_Up)
    press(console, Qt.Key.Key_Tab)
    for place, line in enumerate(lines):
        if place:
            press(console, Qt.Key.Key_Return)
        QTest.keyClicks(QApplication.focusWidget(), line)
    before = pane_of(console).model.rowCount()
    press(console, Qt.Key.Key_Tab)
    press(console, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.save
    press(console, Qt.Key.Key_Return)
    wait(lambda: pane_of(console).model.rowCount() > before or pane_of(console).form._help.property("ink") == "caution")


def rows(console):
    model = pane_of(console).model
    return [model.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(model.rowCount())]


def test_rules_are_written_by_keys_with_author_and_day(console, house, wait):
    add(console, wait, RuleKind.FIND, "Orla Quint", "Bo Reth")
    assert len(rows(console)) == 2
    person = house.desk.person.display_name
    assert all("Always find" in row and person in row for row in rows(console))
    add(console, wait, RuleKind.SHAPE, "LQ-9999")
    assert any("LQ-9999" in row and "Find the shape" in row for row in rows(console))
    press(console, Qt.Key.Key_Escape)
    assert not console.leaving.page.is_showing_rules
    assert console.window.page_id is PageId.LEAVING


def test_a_shape_that_finds_everything_is_refused_in_words_and_stays_typed(console, wait):
    add(console, wait, RuleKind.SHAPE, "AAAA")
    assert "ordinary words" in pane_of(console).form._help.text()
    assert pane_of(console).form.text.toPlainText() == "AAAA"
    assert rows(console) == []


def test_the_line_to_try_shows_what_the_rules_find(console, wait):
    add(console, wait, RuleKind.SHAPE, "LQ-9999")
    form = pane_of(console).form
    form.tried.setFocus()
    QTest.keyClicks(form.tried, "file lq-4821 please")
    wait(lambda: bool(form.found.text()))
    assert form.found.text() == "file [ID_1] please"
    form.tried.selectAll()
    QTest.keyClicks(form.tried, "is it open")
    wait(lambda: form.found.text() == "Nothing is found in it.")


def test_a_rule_is_changed_removed_by_delete_and_brought_back(console, house, wait):
    add(console, wait, RuleKind.FIND, "Orla Quint")
    pane = pane_of(console)
    pane.list.setFocus()
    press(console, Qt.Key.Key_Home)
    press(console, Qt.Key.Key_Down)
    wait(lambda: pane.form.rule is not None)
    pane.form.text.setFocus()
    press(console, Qt.Key.Key_End, CTRL)
    press(console, Qt.Key.Key_Backspace)
    pane.form.save.setFocus()
    press(console, Qt.Key.Key_Return)
    wait(lambda: "Orla Quin," in rows(console)[0])
    pane.list.setFocus()
    press(console, Qt.Key.Key_Home)
    wait(lambda: pane.chosen is not None)
    press(console, Qt.Key.Key_Delete)
    wait(lambda: rows(console) == [])
    press(console, Qt.Key.Key_Z, CTRL)
    wait(lambda: len(rows(console)) == 1)
    assert house.desk.ledger.log.tail().seq > 0


def test_the_test_set_says_how_many_hold_names_the_failing_and_leads_there(console, house, wait):
    view, cid = console.leaving.view, house.conversation_id
    event_id = console.leaving.presenter.state.thread.messages[0].event_id

    def learn(words, label):
        place = FIRST.index(words)
        return view.rules.learn(
            RuleDraft(RuleKind.FIND, words, label), Stretch(cid, event_id, place, place + len(words))
        )

    learn("LQ-4821", Label.ID)
    jorge = learn("bring my file", Label.MISC)
    pane_of(console).back.setFocus()  # in a text field the letter would be typed
    press(console, Qt.Key.Key_T)
    cases = pane_of(console).cases
    wait(lambda: cases.words.text() == "2 of 2 hold")
    view.rules.put(RuleDraft(RuleKind.FIND, "something else", Label.MISC), jorge.rule.rule_id)
    cases.check.setFocus()
    press(console, Qt.Key.Key_Return)
    wait(lambda: cases.words.text() == "1 of 2 hold")
    assert ["\u201cbring my file\u201d" in line for line in cases.failing()] == [True]
    press(console, Qt.Key.Key_Tab, SHIFT)
    press(console, Qt.Key.Key_Return)
    assert console.window.page_id is PageId.INBOX


def test_nothing_to_check_says_so(console, wait):
    pane_of(console).back.setFocus()  # in a text field the letter would be typed
    press(console, Qt.Key.Key_T)
    wait(lambda: pane_of(console).cases.words.text() == "There is no case yet.")


def test_the_model_of_rules_keeps_the_rules_of_qt(console, wait):
    add(console, wait, RuleKind.FIND, "Orla Quint")
    model = RuleModel(lambda: 0)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(console.leaving.view.rules.standing())
    model.replace(())
    assert tester.model() is model


class TestOnTheRealWorker:
    """The page on ``services.anonymising``: a confined child, here without the trained pipeline."""

    @pytest.fixture
    def worker(self):
        with Anonymiser(Pipeline(None)) as made:
            yield made

    @pytest.fixture
    def house(self, qapp, tmp_path, worker):
        made = LeavingConsole(tmp_path, qapp, model=None, anonymiser=worker)
        yield made
        made.abandon()

    def test_the_worker_finds_the_contact_the_shapes_and_what_was_learnt(self, house, worker, wait):
        console = house.open_page(wait)
        assert worker.pid is not None
        leaving = console.leaving.page.sides.leaving.toPlainText()
        for word in ("rosa", "Melor", "desk@example.org", "415-555-0134"):
            assert word not in leaving
        console.leaving.rules.put((RuleDraft(RuleKind.SHAPE, "LQ-9999", Label.ID),))
        wait(lambda: "LQ-4821" not in console.leaving.page.sides.leaving.toPlainText() and is_shown(console))

    def test_a_worker_that_cannot_run_here_says_so(self, qapp, tmp_path, wait):
        (tmp_path / "house").mkdir()
        with Anonymiser(tmp_path / "nowhere") as away:
            house = LeavingConsole(tmp_path / "house", qapp, model=None, anonymiser=away)
            console = house.start()
            wait(lambda: console.presenters.inbox.model.rowCount() > 0)
            console.presenters.conversation.open(console.presenters.inbox.model.at(0).conversation_id)
            wait(lambda: console.presenters.conversation.open_id is not None)
            console.window.show_page(PageId.LEAVING)
            wait(lambda: console.leaving.presenter.state.phase is Phase.FAILED)
            assert console.leaving.page.problem.title() == "The anonymiser is not available here"
            house.abandon()
