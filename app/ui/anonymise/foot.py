"""Below the sides: what the marks mean, and what can be done with the whole; above them, how far the work is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.ui.anonymise.legend import Legend
from app.ui.components import Button, ProgressLine, Text
from app.ui.theme import IconName, Space, TextStyle, active


class LeavingFoot(QWidget):
    """Legend and three buttons."""

    #: The text that would leave is to be taken along.
    copy_wanted = Signal()
    #: The rules of the office are to be shown.
    rules_wanted = Signal()
    #: Several conversations are to be taken along.
    set_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.legend = Legend()
        self.copy = Button(self.tr("Copy what would leave"), icon=IconName.COPY, key_hint="Ctrl+Shift+C")
        self.copy.clicked.connect(self.copy_wanted)
        self.rules = Button(self.tr("Rules of this office…"), icon=IconName.SETTINGS, key_hint="R")
        self.rules.clicked.connect(self.rules_wanted)
        self.several = Button(self.tr("Export a set…"), icon=IconName.SAVE, key_hint="S")
        self.several.setToolTip(self.tr("Export several conversations at once, anonymised and compared (S)"))
        self.several.clicked.connect(self.set_wanted)
        look, acts = active(), QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.several)
        acts.addWidget(self.rules)
        acts.addWidget(self.copy)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addWidget(self.legend, 1)
        self._row.addLayout(acts)
        for row in (acts, self._row):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(look.px(Space.S))

    def set_wide(self, *, is_wide: bool) -> None:
        """Legend and buttons side by side, or one above the other."""
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)


class WorkLine(QWidget):
    """How far the work is, and the way to stop it."""

    #: The work is to stop.
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress = ProgressLine(self.tr("Looking for what identifies somebody"))
        self._doing = Text("", TextStyle.SMALL, ink="soft")
        self.halt = Button(self.tr("Stop"), icon=IconName.STOP, key_hint="Esc")
        self.halt.clicked.connect(self.stop_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active().px(Space.S))
        row.addWidget(self._progress, 1)
        row.addWidget(self._doing)
        row.addWidget(self.halt)

    def begin(self) -> None:
        """Nothing is done yet."""
        self._progress.set_fraction(None)
        self._doing.setText(self.tr("Looking for what identifies somebody…"))

    def show_progress(self, done: int, total: int) -> None:
        """How many messages of how many are done."""
        self._progress.set_fraction(done / total if total else None)
        self._doing.setText(self.tr("{done} of {total} messages").format(done=done, total=total))
