"""The page of models: list at the left, passport at the right; in a tight window one of them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.ui.models.list_pane import ModelListPane
from app.ui.models.passport_pane import PassportPane
from app.ui.models.state import ModelsState
from app.ui.shell.pages import Page
from app.ui.theme import active

_TIGHT_PX = 800
_LIST_PX = 360
_LIST_SHARE = 0.32


class ModelsPage(Page):
    """Lays out list and passport; decides nothing."""

    #: The page came to the front.
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ModelsState()
        self._is_reading = False
        self.list_pane = ModelListPane()
        self.passport = PassportPane()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.list_pane)
        self._splitter.addWidget(self.passport)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self.list_pane.model_chosen.connect(lambda name: self.passport.show_model(name, self._state))
        self.list_pane.passport_wanted.connect(self.read)
        self.passport.back_wanted.connect(self.go_to_list)

    @property
    def is_tight(self) -> bool:
        """Room for one of list and passport only."""
        return self.width() < active().px(_TIGHT_PX)

    def show_state(self, state: ModelsState) -> None:
        """Show what was read, or what goes on."""
        self._state = state
        self.list_pane.show_state(state)
        self.passport.show_model(self.list_pane.chosen, state)

    def read(self) -> None:
        """Bring the keyboard to what can be done with the model."""
        self._is_reading = True
        self._arrange()
        self.passport.focus_first()

    def go_to_list(self) -> None:
        """Bring the keyboard to the list."""
        self._is_reading = False
        self._arrange()
        self.list_pane.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- Page --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Read again."""
        self.entered.emit()

    def focus_first(self) -> None:
        """Begin in the list."""
        self.list_pane.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """List, import, and what can be done."""
        return self.list_pane.list, self.list_pane.import_button, self.passport.use, self.passport.test

    def stop(self) -> bool:
        """Esc leads from the passport to the list."""
        if self.passport.isAncestorOf(self.window().focusWidget()):
            self.go_to_list()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        look = active()
        self.list_pane.setVisible(not self.is_tight or not self._is_reading)
        self.passport.setVisible(not self.is_tight or self._is_reading)
        self.passport.show_back(is_shown=self.is_tight)
        wanted = self.width() if self.is_tight else min(look.px(_LIST_PX), int(self.width() * _LIST_SHARE))
        self._splitter.setSizes([max(wanted, look.px(280)), max(0, self.width() - wanted)])
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
