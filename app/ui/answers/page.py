"""The page of approved answers: list at the left, editor at the right; in a tight window one of them."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services.answers.service import AnswerList
from app.ui.answers.editor_pane import AnswerEditor
from app.ui.answers.list_pane import AnswerListPane
from app.ui.answers.state import OpenAnswer
from app.ui.shell.pages import Page
from app.ui.theme import active

_TIGHT_PX = 800
_LIST_PX = 380
_LIST_SHARE = 0.32


class AnswersPage(Page):
    """Lays out list and editor; decides nothing."""

    #: The page came to the front.
    entered = Signal()
    #: What is unsaved is to be kept in the vault, now.
    settling = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_writing = False
        self.list_pane = AnswerListPane()
        self.editor = AnswerEditor(today)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.list_pane)
        self._splitter.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self.list_pane.writing_wanted.connect(self.write)
        self.editor.foot.back_wanted.connect(self.go_to_list)

    @property
    def is_tight(self) -> bool:
        """Room for one of list and editor only."""
        return self.width() < active().px(_TIGHT_PX)

    def show_list(self, answers: AnswerList) -> None:
        """Show what was read."""
        self.list_pane.show_list(answers)

    def show_open(self, opened: OpenAnswer | None) -> None:
        """Show an answer in the editor and mark it in the list."""
        self.editor.show_open(opened)
        self.list_pane.select(opened.form.article_id if opened is not None else None)
        if opened is None:
            self._is_writing = False
            self._arrange()

    def write(self) -> None:
        """Bring the keyboard into the editor."""
        self._is_writing = True
        self._arrange()
        self.editor.focus_title()

    def go_to_list(self) -> None:
        """Bring the keyboard to the list."""
        self._is_writing = False
        self._arrange()
        self.list_pane.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def search(self) -> None:
        """Bring the keyboard to the search box."""
        self._is_writing = False
        self._arrange()
        self.list_pane.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list_pane.search.selectAll()

    # -- Page --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Read again."""
        self.entered.emit()

    def leave(self) -> None:
        """Keep what was typed."""
        self.settling.emit()

    def settle(self) -> None:
        """Keep what was typed, before the lock."""
        self.settling.emit()

    def focus_first(self) -> None:
        """Begin in the list; where it is empty, with the way to the first answer."""
        target = self.list_pane.list if self.list_pane.model.rowCount() else self.list_pane.search
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """Search, list, title, text."""
        return self.list_pane.search, self.list_pane.list, self.editor.title, self.editor.body

    def toast_places(self) -> tuple[QWidget, ...]:
        """Over the form, not over its buttons; with nothing open, over the whole page."""
        return self.editor.form_area, self

    def stop(self) -> bool:
        """Esc leaves a field for the list, and a search for the whole list."""
        if self.list_pane.search.text() and not self.editor.isAncestorOf(self.window().focusWidget()):
            self.list_pane.search.clear()
            return True
        if self.editor.isAncestorOf(self.window().focusWidget()) or self.list_pane.search.hasFocus():
            self.go_to_list()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        look = active()
        self.list_pane.setVisible(not self.is_tight or not self._is_writing)
        self.editor.setVisible(not self.is_tight or self._is_writing)
        self.editor.show_back(is_shown=self.is_tight)
        wanted = self.width() if self.is_tight else min(look.px(_LIST_PX), int(self.width() * _LIST_SHARE))
        self._splitter.setSizes([max(wanted, look.px(300)), max(0, self.width() - wanted)])
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
