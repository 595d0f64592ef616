"""Approved answers by keyboard, on a real vault: written, refused, kept through a lock, tried, begun from a reply."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.conversation import InboxView, ItemKind, Party
from app.domain.ids import ArticleId
from app.services.answers.form import form_of
from app.services.answers.service import AnswerFilter
from app.services.answers.verdict import Verdict
from app.ui.answers.preview import Preview
from app.ui.shell.pages import PageId
from tests.support.consoles import DemoConsole
from tests.support.waiting import PATIENCE_MS

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def demo(qapp, tmp_path):
    made = DemoConsole(tmp_path, qapp)
    yield made
    if getattr(made, "console", None) is not None:
        made.console.answers.close()
    made.abandon()


@pytest.fixture
def console(demo, qtbot):
    return unlock(demo, qtbot)


def unlock(demo, qtbot):
    made = demo.start()
    qtbot.waitUntil(lambda: made.presenters.answers.answers is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(made.window.isActiveWindow, timeout=PATIENCE_MS)
    press(made, Qt.Key.Key_5, CTRL)
    return made


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def write(words):
    QTest.keyClicks(QApplication.focusWidget(), words)


def settled(console, qtbot):
    """Wait until the store has done everything that was asked of it."""
    qtbot.waitUntil(lambda: console.presenters.runner._waiting == 0, timeout=PATIENCE_MS)


def stored(demo, title):
    answers = demo.desk.answers.list().answers
    return next((answer for answer in answers if answer.article.title == title), None)


def test_an_answer_is_written_saved_and_found_by_keyboard_alone(console, demo, qtbot):
    press(console, Qt.Key.Key_N)
    write("Bicycles")
    press(console, Qt.Key.Key_Tab)
    write("Dear {name}, bicycles go to the rack.")
    press(console, Qt.Key.Key_Tab)
    write("bikes")
    press(console, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: stored(demo, "Bicycles") is not None, timeout=PATIENCE_MS)
    saved = stored(demo, "Bicycles").article
    assert saved.short_code == "bikes"
    assert saved.approved_on == demo.desk.answers.today
    settled(console, qtbot)
    press(console, Qt.Key.Key_Escape)
    press(console, Qt.Key.Key_Slash)
    write("rack bikes")
    model = console.answers.page.list_pane.model
    assert [model.at(place).article.title for place in range(model.rowCount())] == ["Bicycles"]
    assert not demo.desk.answers.unsaved()


def test_a_refusal_says_why_and_goes_to_the_place(console, demo, qtbot):
    press(console, Qt.Key.Key_N)
    press(console, Qt.Key.Key_S, CTRL)
    editor = console.answers.page.editor
    qtbot.waitUntil(editor.banner.isVisible, timeout=PATIENCE_MS)
    assert editor.banner.title() == "The title is missing"
    assert editor.title.hasFocus()
    write("T")
    assert not editor.banner.isVisible()


def test_unsaved_words_stand_there_again_after_a_lock(demo, qtbot):
    console = unlock(demo, qtbot)
    press(console, Qt.Key.Key_N)
    write("Half an ans")
    console.end(None)
    qtbot.waitUntil(lambda: bool(demo.ended), timeout=PATIENCE_MS)
    demo.runner.close()
    console.dispose()
    demo.ended.clear()

    console = unlock(demo, qtbot)
    settled(console, qtbot)
    model = console.answers.page.list_pane.model
    first = model.at(0)
    assert (first.article.title, first.is_new) == ("Half an ans", True)
    console.presenters.answers.choose(first.article.article_id)
    assert console.answers.page.editor.title.text() == "Half an ans"


def test_changes_are_kept_shown_and_can_be_discarded_and_undone(console, demo, qtbot):
    presenter = console.presenters.answers
    presenter.choose(ArticleId("after-hours"))
    press(console, Qt.Key.Key_E)
    before = console.answers.page.editor.body.toPlainText()
    write("New words. ")
    qtbot.waitUntil(lambda: bool(demo.desk.answers.unsaved()), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: presenter._find(ArticleId("after-hours")).has_unsaved, timeout=PATIENCE_MS)
    assert stored(demo, "When we are closed").article.body == before
    presenter.discard_changes()
    settled(console, qtbot)
    assert console.answers.page.editor.body.toPlainText() == before
    assert demo.desk.answers.unsaved() == {}
    press(console, Qt.Key.Key_Z, CTRL)
    settled(console, qtbot)
    assert console.answers.page.editor.body.toPlainText().startswith("New words. ")
    assert demo.desk.answers.unsaved()


def test_withdrawing_can_be_taken_back_from_the_toast(console, demo, qtbot):
    presenter = console.presenters.answers
    presenter.choose(ArticleId("after-hours"))
    presenter.withdraw()
    qtbot.waitUntil(lambda: stored(demo, "When we are closed").is_withdrawn, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "withdrawn" in console.window.toast.text(), timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: not stored(demo, "When we are closed").is_withdrawn, timeout=PATIENCE_MS)


def test_the_rail_says_how_many_are_due(console, demo, qtbot):
    form = form_of(stored(demo, "When we are closed").article)
    demo.desk.answers.save(replace(form, review_on="2026-01-01"))
    button = console.window.rail._pages[PageId.ANSWERS]
    qtbot.waitUntil(lambda: button.accessibleName() == "Answers, 1 due for review", timeout=PATIENCE_MS)
    console.answers.page.list_pane.show_filter(AnswerFilter.DUE)
    assert console.answers.page.list_pane.model.rowCount() == 1


def test_review_in_six_months_is_one_press(console, demo, qtbot):
    presenter = console.presenters.answers
    presenter.choose(ArticleId("after-hours"))
    console.answers.page.editor.facts.review_in(6)
    press(console, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: stored(demo, "When we are closed").article.review_on is not None, timeout=PATIENCE_MS)
    review_on = stored(demo, "When we are closed").article.review_on
    assert (review_on - demo.desk.answers.today).days in range(181, 186)


def test_a_question_is_tried_and_its_answer_opened(console, qtbot):
    press(console, Qt.Key.Key_T)
    sheet = console.answers.trial
    assert sheet.isVisible()
    with qtbot.waitSignal(
        console.answers._trying.tried, timeout=PATIENCE_MS, check_params_cb=lambda words, _t: bool(words)
    ):
        write("Where can I park?")
    console.answers._trying.ask("Where can I park?")
    with qtbot.waitSignal(console.answers._trying.tried, timeout=PATIENCE_MS) as heard:
        pass
    best = heard.args[1][0]
    assert best.verdict is Verdict.OFFERED
    assert "1 answer" in sheet._words.text()
    press(console, Qt.Key.Key_Escape)
    assert console.window.page_id is PageId.ANSWERS


def test_a_sent_reply_becomes_an_answer_only_after_a_person_looked(console, demo, qtbot):
    count = len(demo.desk.answers.list().answers)
    cid = next(
        row.conversation_id
        for view in (InboxView.DONE, InboxView.OPEN)
        for row in demo.desk.conversations.inbox(view)
        if any(
            item.party is Party.DESK and item.kind is ItemKind.MESSAGE
            for item in demo.desk.conversations.thread(row.conversation_id).items
        )
    )
    console.commander.open_conversation(cid)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    first_name = console.presenters.conversation.shown.thread.contact_name.split()[0]
    console.answers.save_as_answer(f"Dear {first_name}, come on 3 December.")
    qtbot.waitUntil(console.answers.reply.isVisible, timeout=PATIENCE_MS)
    assert console.answers.reply._preview.toPlainText() == "Dear {name}, come on {date}."
    press(console, Qt.Key.Key_Space)  # the first guess: the name stays
    assert console.answers.reply._preview.toPlainText() == f"Dear {first_name}, come on {{date}}."
    press(console, Qt.Key.Key_Space)
    console.answers.reply._go_on()
    qtbot.waitUntil(lambda: console.window.page_id is PageId.ANSWERS, timeout=PATIENCE_MS)
    assert console.answers.page.editor.body.toPlainText() == "Dear {name}, come on {date}."
    settled(console, qtbot)
    assert len(demo.desk.answers.list().answers) == count


def test_the_menu_of_a_reply_offers_it_and_that_of_a_visitor_does_not(console, demo, qtbot):
    cid = next(
        row.conversation_id
        for row in demo.desk.conversations.inbox(InboxView.DONE)
        if {item.party for item in demo.desk.conversations.thread(row.conversation_id).items}
        >= {Party.DESK, Party.VISITOR}
    )
    console.commander.open_conversation(cid)
    page = console.window.conversation.page
    qtbot.waitUntil(lambda: page._writer is not None and len(page._writer.items) > 1, timeout=PATIENCE_MS)
    top = page.verticalScrollBar().value()
    for placed in page._writer.items:
        if placed.item.kind is ItemKind.MESSAGE:
            middle = page._sheet(placed).center()
            found = page.reply_at(QPoint(int(middle.x()), int(middle.y() - top)))
            assert (found is placed.item) is (placed.item.party is Party.DESK)


def test_an_answer_called_in_the_composer_is_filled_before_it_leaves(console, demo, qtbot):
    form = form_of(stored(demo, "When we are closed").article)
    demo.desk.answers.save(replace(form, short_code="closed", body="Dear {name}, we are closed."))
    qtbot.waitUntil(
        lambda: any(article.short_code == "closed" for article in console.presenters.answers.offered),
        timeout=PATIENCE_MS,
    )
    row = next(row for row in demo.desk.conversations.inbox(InboxView.OPEN) if not row.has_unsent_text)
    console.commander.open_conversation(row.conversation_id)
    qtbot.waitUntil(lambda: console.presenters.conversation.shown is not None, timeout=PATIENCE_MS)
    press(console, Qt.Key.Key_R)
    write("/clo")
    assert console.answers.completion.is_open
    press(console, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is console.window.composer.reply  # Esc was the list's
    assert console.window.composer.reply.toPlainText() == "/clo"
    for _ in range(4):
        press(console, Qt.Key.Key_Backspace)
    write("/clo")
    press(console, Qt.Key.Key_Return)
    settled(console, qtbot)
    press(console, Qt.Key.Key_Return, CTRL)
    assert "{name} is still to be filled in" in console.window.toast.text()
    assert console.window.composer.reply.textCursor().selectedText() == "{name}"
    write("Ada")
    press(console, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: demo.desk.conversations.thread(row.conversation_id).held is not None, timeout=PATIENCE_MS)
    assert demo.desk.conversations.thread(row.conversation_id).held.text == "Dear Ada, we are closed."


def test_a_document_is_read_shown_and_taken_in(console, demo, qtbot, tmp_path):
    document = tmp_path / "handbook.md"
    document.write_text("# Bicycle rack\n\nBicycles go to the rack beside the door.\n", encoding="utf-8")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"no document")
    press(console, Qt.Key.Key_I)
    sheet = console.answers.import_sheet
    assert sheet.isVisible()
    sheet.files_picked.emit((document, broken))
    qtbot.waitUntil(lambda: sheet._preview is not None, timeout=PATIENCE_MS)
    assert len(sheet._boxes) == 1
    assert "broken.pdf" in sheet._banner.text()
    assert stored(demo, "Bicycle rack") is None
    press(console, Qt.Key.Key_Return)  # the button that approves what is ticked
    qtbot.waitUntil(lambda: stored(demo, "Bicycle rack") is not None, timeout=PATIENCE_MS)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_page_fits_a_small_screen(console, demo, scale, qtbot):
    demo.theme.set_scale(scale)
    console.window.resize(1366, 768)
    console.presenters.answers.choose(ArticleId("after-hours"))
    press(console, Qt.Key.Key_E)
    page = console.answers.page
    assert page.editor.isVisible()
    for button in (page.editor.foot.save, page.editor.foot.withdraw):
        right = button.mapTo(console.window, QPoint(button.width(), 0)).x()
        assert right <= console.window.width()
        assert button.width() >= button.sizeHint().width()
    press(console, Qt.Key.Key_Escape)
    assert page.list_pane.list.hasFocus()


def test_the_preview_fetches_nothing_and_shows_no_markup(qapp, tmp_path):
    picture = tmp_path / "secret.png"
    picture.write_bytes(b"x")
    preview = Preview("Preview")
    preview.show_text(
        f"**Bold** <b>tag</b> ![p]({Path(picture).as_uri()}) [link](http://a.example)\n\n- {{name}}\n- two"
    )
    assert preview.document().loadResource(QTextDocument.ResourceType.ImageResource.value, "x") is None
    assert "<b>tag</b>" in preview.toPlainText()
    assert "{name}" in preview.toPlainText()
    assert isinstance(preview, QWidget)
    assert not preview.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse


def test_a_toast_never_covers_the_buttons_of_the_form(console, qtbot):
    console.presenters.answers.choose(ArticleId("after-hours"))
    console.answers.page.editor.facts.review_in(6)
    press(console, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "Approved and saved" in console.window.toast.text(), timeout=PATIENCE_MS)
    toast = next(toast for _place, toast in console.window.toast._places if toast.isVisible())
    save = console.answers.page.editor.foot.save
    bottom = toast.mapTo(console.window, QPoint(0, toast.height())).y()
    assert bottom <= save.mapTo(console.window, QPoint(0, 0)).y()
