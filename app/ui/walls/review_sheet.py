"""Judging one emergency access."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.walls import MAX_REASON_CHARS, Access, Finding
from app.ui.components import Button, ButtonKind, Text, UntrustedLabel
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle
from app.ui.walls.state import AccessState
from app.ui.walls.words import access_detail, access_title

if TYPE_CHECKING:
    from app.domain.ids import EventId


class ReviewSheet(ScrollSheet):
    """What happened, a note, and two answers; neither can be taken back."""

    #: An access was judged; arguments: its id, ``Finding``, note.
    judged = Signal(object, object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self._access_id: EventId | None = None
        self.name(self.tr("Review an emergency access"))
        self._who = UntrustedLabel("", style=TextStyle.STRONG, is_wrapping=True, max_chars=200)
        self._what = UntrustedLabel("", style=TextStyle.BODY, is_wrapping=True, max_chars=900)
        words = self.tr("What they did meanwhile stands in the audit log. A review is for good.")
        self._hint = Text(words, TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.note = QLineEdit()
        self.note.setMaxLength(MAX_REASON_CHARS)
        name = self.tr("What you found out, without names")
        self.note.setAccessibleName(name)
        self.good = Button(self.tr("It was justified"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.bad = Button(self.tr("It was not justified"), kind=ButtonKind.QUIET, icon=IconName.WARNING)
        self.good.clicked.connect(lambda: self._judge(Finding.JUSTIFIED))
        self.bad.clicked.connect(lambda: self._judge(Finding.NOT_JUSTIFIED))
        self.put(self._who, self._what, self._hint, Text(name, TextStyle.SMALL_STRONG), self.note)
        self.put_buttons(self.good, self.bad)

    def ask(self, access: Access, state: AccessState, now_ms: int) -> None:
        """Ask about one access."""
        self._access_id = access.access_id
        self._who.set_untrusted(access_title(access, state))
        self._what.set_untrusted(access_detail(access, state, now_ms))
        self.note.clear()
        self.open(self.note)

    def _judge(self, finding: Finding) -> None:
        if self._access_id is not None:
            self.close_sheet()
            self.judged.emit(self._access_id, finding, self.note.text())
