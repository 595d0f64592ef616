"""Two small sheets: why a proposal is discarded, and the passage behind a source."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.proposal import SourceRef
from app.ui.components import Banner, Button, Text, Tone, UntrustedLabel, readable_line
from app.ui.composer.words import discard_reasons
from app.ui.shell.sheet import Sheet
from app.ui.theme import Space, TextStyle, active


class DiscardSheet(Sheet):
    """Five reasons, keys 1 to 5."""

    #: A reason was picked; argument: its words.
    reason_given = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=440)
        self.title.setText(self.tr("Why is this not the reply?"))
        self.setAccessibleName(self.title.text())
        self.body.addWidget(
            Text(self.tr("The reason helps the office improve its approved answers."), TextStyle.SMALL, ink="soft")
        )
        self._buttons = []
        for number, reason in enumerate(discard_reasons(), start=1):
            button = Button(reason, key_hint=str(number))
            button.clicked.connect(lambda _checked=False, reason=reason: self._give(reason))
            self.body.addWidget(button)
            self._buttons.append(button)

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet with the first reason in focus."""
        super().open(first or self._buttons[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick a reason with its number."""
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < len(self._buttons):
            self._buttons[place].click()
            return
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)

    def _give(self, reason: str) -> None:
        self.close_sheet()
        self.reason_given.emit(reason)


class PassageSheet(Sheet):
    """One passage of an approved answer, as it was given to the model."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=640)
        self._origin = Text("", TextStyle.SMALL, ink="faint")
        self._internal = Banner(
            Tone.CAUTION, self.tr("For the office only"), self.tr("Do not pass this wording on to a visitor.")
        )
        self._quote = UntrustedLabel("", style=TextStyle.LEAD, is_wrapping=True)
        self._quote.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        holder = QWidget()
        holder.setProperty("surface", "surface")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, active().px(Space.S), 0)
        column.addWidget(self._quote)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(holder)
        self._area.setMinimumHeight(active().px(180))
        self.body.addWidget(self._origin)
        self.body.addWidget(self._internal)
        self.body.addWidget(self._area, 1)

    def show_source(self, source: SourceRef) -> None:
        """Open the sheet on one source."""
        self.title.setText(f"{source.number}   {readable_line(source.title, 70)}")
        self.setAccessibleName(self.title.text())
        approved = (
            self.tr("Approved on {day}").format(day=f"{source.approved_on:%-d %B %Y}") if source.approved_on else ""
        )
        self._origin.setText(approved or self.tr("Approved answer of this office"))
        self._internal.setVisible(source.is_internal)
        self._quote.set_untrusted(source.quote)
        self.open(self._quote)
