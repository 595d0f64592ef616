"""The buttons below an answer, and what became of it in words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.answers.state import OpenAnswer
from app.ui.components import Button, ButtonKind, Text
from app.ui.theme import IconName, Space, TextStyle, active


class EditorFoot(QWidget):
    """Emits wishes; shows only what makes sense for the open answer."""

    #: The answer is to be approved.
    save_wanted = Signal()
    #: The changes are to be discarded.
    discard_wanted = Signal()
    #: A new answer with this text is wanted.
    duplicate_wanted = Signal()
    #: The answer is to be taken out of use.
    withdraw_wanted = Signal()
    #: The withdrawn answer is to be brought back.
    restore_wanted = Signal()
    #: In a tight window: back to the list.
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_old = False
        self._is_wide = True
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = Button(self.tr("List"), kind=ButtonKind.PLAIN, icon=IconName.ARROW_LEFT)
        self.save = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint="Ctrl+S")
        self.restore = Button(self.tr("Bring back"), kind=ButtonKind.PRIMARY, icon=IconName.UNDO)
        self.discard = Button("", kind=ButtonKind.QUIET)
        self.duplicate = Button(self.tr("Duplicate"), kind=ButtonKind.PLAIN, icon=IconName.COPY)
        self.withdraw = Button(self.tr("Withdraw"), kind=ButtonKind.PLAIN)
        self._state = Text("", TextStyle.SMALL, ink="faint")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(active().px(Space.S))
        for widget in (self.back, self.save, self.restore, self.discard):
            self._row.addWidget(widget)
        self._row.addWidget(self._state, 1)
        self._row.addWidget(self.duplicate)
        self._row.addWidget(self.withdraw)
        self.back.hide()
        for button, signal in (
            (self.save, self.save_wanted),
            (self.restore, self.restore_wanted),
            (self.discard, self.discard_wanted),
            (self.duplicate, self.duplicate_wanted),
            (self.withdraw, self.withdraw_wanted),
            (self.back, self.back_wanted),
        ):
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())

    def show_state(self, opened: OpenAnswer) -> None:
        """Follow what was typed and stored."""
        self._is_old, is_gone = opened.answer is not None, opened.is_withdrawn
        is_first = opened.is_changed or not self._is_old
        self.save.setText(self.tr("Approve and save") if is_first else self.tr("Approve again"))
        self.save.setVisible(not is_gone)
        self.restore.setVisible(is_gone)
        self.discard.setVisible(opened.is_changed)
        self.discard.setText(self.tr("Discard changes") if self._is_old else self.tr("Discard"))
        self.withdraw.setVisible(self._is_old and not is_gone)
        self._state.setText(self._words(opened))
        self._show_width()

    def fit(self, side_px: int, *, is_wide: bool) -> None:
        """Keep to the column above; where it is narrow the words and the rarest button go."""
        self._is_wide = is_wide
        look = active()
        self._row.setContentsMargins(side_px, look.px(Space.S), side_px, look.px(Space.S))
        self._show_width()

    def _show_width(self) -> None:
        self._state.setVisible(self._is_wide)
        self.duplicate.setVisible(self._is_wide and self._is_old)

    def _words(self, opened: OpenAnswer) -> str:
        if opened.is_withdrawn:
            return self.tr("Withdrawn: not offered to anybody.")
        if opened.is_changed:
            return self.tr("Not approved yet. Kept, encrypted, until you save or discard it.")
        day = opened.answer.article.approved_on if opened.answer is not None else None
        return self.tr("Approved on {day}").format(day=f"{day:%-d %B %Y}") if day is not None else ""
