"""Answers by short code in an editor: the list opens when it is called, takes its keys only then, and fields follow."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton, QVBoxLayout, QWidget

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.ui.composer.completion import AnswerCompletion, best_answers
from app.ui.composer.editor import ComposerEditor
from app.ui.composer.field_steps import FieldSteps
from app.ui.composer.pane import ComposerPane
from app.ui.theme import SchemeChoice, Theme

HOURS = Article(ArticleId("hours"), "Opening hours", "We open at 8:00.", None, short_code="hours")
VISIT = Article(
    ArticleId("visit"), "Your visit", "Dear {name},\n\nsee you on {date} 🗓 at {time}.", None, short_code="visit"
)
PARKING = Article(ArticleId("parking"), "Parking behind the house", "Behind the house.", None)
ANSWERS = (HOURS, VISIT, PARKING)
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Window(QMainWindow):
    def __init__(self):
        super().__init__()
        body = QWidget()
        column = QVBoxLayout(body)
        self.editor, self.button = ComposerEditor("Reply"), QPushButton("Next")
        column.addStretch(1)
        column.addWidget(self.editor)
        column.addWidget(self.button)
        self.setCentralWidget(body)
        self.resize(700, 500)
        self.steps = FieldSteps(self.editor)
        self.completion = AnswerCompletion(self.editor, lambda: ANSWERS, self.steps)


@pytest.fixture
def window(qtbot):
    made = Window()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    made.editor.setFocus()
    return made


def titles(window):
    return [article.title for article in window.completion.found]


def press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget(), key, modifiers)


def test_letters_behind_a_slash_find_answers_and_enter_inserts_the_first(window):
    QTest.keyClicks(window.editor, "Hello /ho")
    assert titles(window)[0] == "Opening hours"
    press(window, Qt.Key.Key_Return)
    assert window.editor.toPlainText() == "Hello We open at 8:00."
    assert not window.completion.is_open
    window.editor.undo()
    assert window.editor.toPlainText() == "Hello /ho"


def test_titles_are_found_by_a_few_letters_and_arrows_choose(window):
    QTest.keyClicks(window.editor, "::")
    assert set(titles(window)) == {"Opening hours", "Your visit", "Parking behind the house"}
    press(window, Qt.Key.Key_Up)
    chosen = window.completion.found[-1]
    press(window, Qt.Key.Key_Tab)
    assert window.editor.toPlainText().startswith(chosen.body[:4])
    assert best_answers("park", ANSWERS) == [PARKING]
    assert best_answers("zzz", ANSWERS) == []


@pytest.mark.parametrize("typed", ["and/or", "1/2", "http://a.example", "either / or", "a::b"])
def test_ordinary_typing_is_left_alone(window, typed):
    QTest.keyClicks(window.editor, typed)
    assert not window.completion.is_open
    press(window, Qt.Key.Key_Return)
    assert window.editor.toPlainText() == f"{typed}\n"


def test_enter_after_a_lone_slash_is_an_enter(window):
    QTest.keyClicks(window.editor, "/")
    assert window.completion.is_open
    press(window, Qt.Key.Key_Return)
    assert window.editor.toPlainText() == "/\n"


def test_esc_leaves_the_text_as_typed_and_the_list_away_until_the_next_sign(window):
    QTest.keyClicks(window.editor, "/h")
    press(window, Qt.Key.Key_Escape)
    QTest.keyClicks(window.editor, "ou")
    assert window.editor.toPlainText() == "/hou"
    assert not window.completion.is_open
    QTest.keyClicks(window.editor, " /h")
    assert window.completion.is_open


def test_the_list_goes_when_the_keyboard_does_and_stays_inside_the_window(window):
    QTest.keyClicks(window.editor, "/v")
    frame = window.completion._frame
    assert window.rect().contains(frame.geometry())
    window.button.setFocus()
    assert not window.completion.is_open


def test_in_a_low_window_the_list_takes_the_side_with_more_room_and_scrolls(window):
    window.resize(500, 150)
    QTest.keyClicks(window.editor, "/")
    frame = window.completion._frame
    assert window.rect().contains(frame.geometry())


def test_the_fields_of_an_inserted_answer_are_stepped_through_and_overtyped(window):
    QTest.keyClicks(window.editor, "/visit")
    press(window, Qt.Key.Key_Return)
    for typed in ("Ada", "3 December", "10:30"):
        assert window.editor.textCursor().selectedText().startswith("{")
        QTest.keyClicks(window.editor, typed)
        press(window, Qt.Key.Key_Tab)
    assert window.editor.toPlainText() == "Dear Ada,\n\nsee you on 3 December 🗓 at 10:30."
    assert window.button.hasFocus()  # nothing is left to fill in, so Tab leaves as it always does


def test_shift_tab_goes_back_to_the_field_before(window):
    window.editor.setPlainText("{one} and {two}")
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Tab)
    assert window.editor.textCursor().selectedText() == "{two}"
    press(window, Qt.Key.Key_Backtab, SHIFT)
    assert window.editor.textCursor().selectedText() == "{one}"


def test_the_editor_follows_the_scale(qapp, window):
    theme = Theme.apply(qapp, SchemeChoice.LIGHT, 1.0, is_motion_reduced=True)
    pane = ComposerPane()
    pane.show()
    before = pane.reply.document().defaultFont().pixelSize()
    theme.set_scale(2.0)
    pane.reply.setPlainText("words")
    assert pane.reply.document().defaultFont().pixelSize() == 2 * before
    theme.set_scale(1.0)
    pane.deleteLater()
