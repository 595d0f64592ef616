"""The office's own test set: how many cases hold, which do not, and the way to where they stand."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.anonymising.view import CaseReport, FailedCase
from app.ui.anonymise.words import label_word
from app.ui.components import (
    Button,
    IconButton,
    ProgressLine,
    SectionHeader,
    Text,
    UntrustedLabel,
    person_line,
    readable_line,
)
from app.ui.components.facts import ButtonRow
from app.ui.theme import IconName, Space, TextStyle, active

MAX_SHOWN = 12
MAX_SAID_CHARS = 40


class CaseList(QFrame):
    """Runs nothing; emits wishes."""

    #: Every case is to be run.
    check_wanted = Signal()
    #: The run is to be given up.
    stop_wanted = Signal()
    #: The conversation of a case is to be opened; argument: its id.
    conversation_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.words = Text("", TextStyle.STRONG, is_wrapping=True)
        self._more = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._progress = ProgressLine(self.tr("Test set"))
        self.check = Button(self.tr("Check again"), icon=IconName.REGENERATE, key_hint="T")
        self.halt = Button(self.tr("Stop"), icon=IconName.STOP)
        self.check.clicked.connect(self.run)
        self.halt.clicked.connect(self._on_halt)
        self._lines: list[UntrustedLabel] = []
        self._failed = QWidget()
        self._failed.setProperty("surface", "surface")
        self._lay_out()
        self.show_idle()

    def run(self) -> None:
        """Ask for a run."""
        self._show(is_running=True)
        self.words.setText(self.tr("Checking…"))
        self.check_wanted.emit()

    def show_idle(self) -> None:
        """Nothing was run yet."""
        self._show(is_running=False)
        self.words.setText("")
        self._more.setText(
            self.tr("Every correction is a case: checked again, it must still be found, or still be let through.")
        )
        self._fill(())

    def show_progress(self, done: int, total: int) -> None:
        """How many conversations of how many are done."""
        self._progress.set_fraction(done / total if total else None)

    def show_report(self, report: CaseReport) -> None:
        """Say how many hold, and which do not."""
        self._show(is_running=False)
        held = self.tr("{held} of {total} hold").format(held=report.held, total=report.total)
        self.words.setText(held if report.total else self.tr("There is no case yet."))
        left = len(report.failed) - MAX_SHOWN
        self._more.setText(self.tr("and {count} more").format(count=left) if left > 0 else "")
        self._fill(report.failed[:MAX_SHOWN])

    def show_failure(self, words: str) -> None:
        """It could not be run."""
        self._show(is_running=False)
        self.words.setText(words)

    def failing(self) -> list[str]:
        """Return the lines of the cases that do not hold."""
        return [line.text() for line in self._lines]

    def _fill(self, failed: tuple[FailedCase, ...]) -> None:
        old, self._failed = self._failed, QWidget()
        self._failed.setProperty("surface", "surface")
        column = QVBoxLayout(self._failed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.XS))
        self._lines = [UntrustedLabel(self._line(one), style=TextStyle.SMALL, is_wrapping=True) for one in failed]
        for one, line in zip(failed, self._lines, strict=True):
            row = QHBoxLayout()
            row.addWidget(line, 1)
            row.addWidget(self._way_to(one))
            column.addLayout(row)
        self._column.replaceWidget(old, self._failed)
        self._failed.setVisible(bool(failed))
        old.hide()  # it lies over its successor until the event loop comes round
        old.deleteLater()

    def _way_to(self, one: FailedCase) -> IconButton:
        name = person_line(one.contact_name, MAX_SAID_CHARS)
        button = IconButton(IconName.ARROW_RIGHT, self.tr("Open the conversation with {name}").format(name=name))
        cid = one.case.conversation_id
        button.clicked.connect(lambda _checked=False: self.conversation_wanted.emit(cid))
        return button

    def _line(self, one: FailedCase) -> str:
        said = f"\u201c{readable_line(one.said, MAX_SAID_CHARS)}\u201d"
        words = (
            self.tr("{said} is not found ({label})") if one.case.must_find else self.tr("{said} is covered ({label})")
        )
        return words.format(said=said, label=label_word(one.case.label))

    def _on_halt(self) -> None:
        self.stop_wanted.emit()
        self.show_idle()

    def _show(self, *, is_running: bool) -> None:
        self._progress.setVisible(is_running)
        self._progress.set_fraction(None)
        self.halt.setVisible(is_running)
        self.check.setVisible(not is_running)
        self._row.arrange()

    def _lay_out(self) -> None:
        look = active()
        self._row = ButtonRow(self.check, self.halt)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(look.px(Space.M),) * 4)
        self._column.setSpacing(look.px(Space.S))
        self._column.addWidget(SectionHeader(self.tr("THE OFFICE'S OWN TEST SET")))
        for widget in (self.words, self._progress, self._failed, self._more, self._row):
            self._column.addWidget(widget)
