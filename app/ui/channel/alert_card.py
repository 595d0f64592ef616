"""How the console calls when somebody writes: sound, tray, and how often again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.channel.alerts import AlertChoices
from app.ui.components import CheckBox, Select, Text
from app.ui.theme import Space, TextStyle, active

_REPEATS_S = (0, 30, 60, 120, 300)


class AlertCard(QWidget):
    """Two boxes and a list."""

    #: Somebody chose otherwise; argument: ``AlertChoices``.
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sound = CheckBox(self.tr("Sound"))
        self.tray = CheckBox(self.tr("A word in the tray, without name or text"))
        self.repeat = Select(self.tr("Again until it is read"))
        for seconds in _REPEATS_S:
            self.repeat.addItem(_repeat_words(self, seconds), seconds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.XS))
        row = QHBoxLayout()
        row.addWidget(Text(self.tr("Again until it is read"), TextStyle.SMALL_STRONG))
        row.addWidget(self.repeat)
        row.addStretch(1)
        for widget in (self.sound, self.tray):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(
            Text(
                self.tr(
                    "The call never takes the keyboard and never says who wrote. Where this machine has no bell"
                    " of its own, the mark in the task bar is what is left."
                ),
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            )
        )
        for box in (self.sound, self.tray):
            box.clicked.connect(self._tell)
        self.repeat.activated.connect(self._tell)

    def show_choices(self, choices: AlertChoices) -> None:
        """Show what is chosen."""
        self.sound.setChecked(choices.has_sound)
        self.tray.setChecked(choices.has_tray)
        place = self.repeat.findData(choices.repeat_s)
        if place < 0:
            self.repeat.addItem(_repeat_words(self, choices.repeat_s), choices.repeat_s)
            place = self.repeat.count() - 1
        self.repeat.setCurrentIndex(place)

    def _tell(self) -> None:
        self.chosen.emit(AlertChoices(self.sound.isChecked(), self.tray.isChecked(), int(self.repeat.currentData())))


def _repeat_words(widget: QWidget, seconds: int) -> str:
    if seconds == 0:
        return widget.tr("once only")
    return (
        widget.tr("every {minutes} min").format(minutes=seconds // 60)
        if seconds >= 60 and seconds % 60 == 0  # noqa: PLR2004
        else widget.tr("every {seconds} s").format(seconds=seconds)
    )
