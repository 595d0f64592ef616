"""Placing a legal hold, and releasing one."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.compliance.holds import Hold
from app.domain.ids import ConversationId
from app.ui.components import Button, ButtonKind, Text, person_line, readable_line
from app.ui.retention.words import hold_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle, active

MAX_CHARS = 500
_WHOLE_PX = 440
"""Height that the sheet needs with its explanation."""


class HoldSheet(Sheet):
    """Owner, reason, and the day by which somebody looks again."""

    #: A hold is wanted; arguments: conversation id, owner, reason, day.
    hold_wanted = Signal(object, str, str, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._cid: ConversationId | None = None
        words = self.tr(
            "While a hold stands, nothing of the conversation is erased or redacted, whatever the rules say."
        )
        self._intro = Text(words, TextStyle.BODY, ink="soft", is_wrapping=True)
        self.body.addWidget(self._intro)
        self.reason = self._line(self.tr("Why it must be kept"))
        self.owner = self._line(self.tr("Who answers for it"))
        self.review = self._line(self.tr("By when somebody looks again, as 2027-01-31"))
        self.button = Button(self.tr("Hold it"), kind=ButtonKind.PRIMARY, icon=IconName.LOCK, key_hint=self.tr("Enter"))
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, cid: ConversationId, contact_name: str, owner: str, review_on: date) -> None:
        """Ask about one conversation, with a proposal for owner and day."""
        self._cid = cid
        self.title.setText(self.tr("Hold {name}").format(name=person_line(contact_name, 60)))
        self.setAccessibleName(self.title.text())
        self.reason.clear()
        self.owner.setText(owner)
        self.review.setText(review_on.isoformat())
        self._on_edited()
        self.open(self.reason)

    def fit_height(self, room_px: int) -> None:
        """Give up the explanation before a line: at twice the size all of it is taller than a small screen."""
        self._intro.setVisible(room_px >= active().px(_WHOLE_PX))

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(MAX_CHARS)
        line.setAccessibleName(name)
        self.body.addWidget(Text(name, TextStyle.SMALL_STRONG))
        self.body.addWidget(line)
        line.textChanged.connect(self._on_edited)
        line.returnPressed.connect(self._on_clicked)
        return line

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.review.text().strip())
        except ValueError:
            return None

    def _on_edited(self) -> None:
        if hasattr(self, "button"):
            is_filled = bool(self.reason.text().strip() and self.owner.text().strip())
            self.button.setEnabled(is_filled and self._day() is not None)

    def _on_clicked(self) -> None:
        day = self._day()
        if self._cid is not None and day is not None and self.button.isEnabled():
            self.close_sheet()
            self.hold_wanted.emit(self._cid, self.owner.text(), self.reason.text(), day)


class ReleaseSheet(Sheet):
    """Why a hold is not needed any more."""

    #: A hold is to go; arguments: its id, the reason.
    release_wanted = Signal(object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._hold: Hold | None = None
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_CHARS)
        name = self.tr("Why it need not be kept any more")
        self.reason.setAccessibleName(name)
        self.button = Button(self.tr("Release the hold"), kind=ButtonKind.PRIMARY, key_hint=self.tr("Enter"))
        for widget in (self._words, Text(name, TextStyle.SMALL_STRONG), self.reason):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.reason.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        self.reason.returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, hold: Hold, contact_name: str, today: date) -> None:
        """Ask about one hold."""
        self._hold = hold
        self.title.setText(self.tr("Release the hold on {name}").format(name=person_line(contact_name, 60)))
        self.setAccessibleName(self.title.text())
        self._words.setText(readable_line(hold_words(hold, today), 300))
        self.reason.clear()
        self.button.setEnabled(False)
        self.open(self.reason)

    def _on_clicked(self) -> None:
        if self._hold is not None:
            self.close_sheet()
            self.release_wanted.emit(self._hold.hold_id, self.reason.text())
