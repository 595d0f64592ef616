"""The driving test of one model: its verdict, or how far it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.models.findings import TestFinding
from app.services.models.keeper import Passport
from app.ui.components import Button, IconLabel, ProgressLine, Text
from app.ui.components.facts import FactSheet
from app.ui.models.state import TestRun
from app.ui.models.words import count_lines, fault_words, tested_words, verdict_words
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active

_COUNTS = 6


class TestCard(QWidget):
    """Says what was counted; live while a test runs."""

    __test__ = False

    #: The test is to stop.
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = active()
        self._icon = IconLabel(IconName.INFO, Role.INK_FAINT, Size.ICON)
        self._verdict = Text("", TextStyle.STRONG, is_wrapping=True)
        self._words = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._progress = ProgressLine(self.tr("Driving test"))
        self.stop = Button(self.tr("Stop the test"), icon=IconName.STOP)
        self.stop.clicked.connect(self.stop_wanted)
        self._counts = FactSheet()
        names = [name for name, _count in count_lines(_NOTHING)]
        self._labels = [self._counts.add(name) for name in names]
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.S))
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(Space.S))
        column.addLayout(head)
        column.addWidget(self._words)
        column.addWidget(self._progress)
        column.addWidget(self._counts)
        column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)

    def words(self) -> str:
        """Everything that is said, for tests."""
        counts = "" if self._counts.isHidden() else self._counts.words()
        return f"{self._verdict.text()}\n{self._words.text()}\n{counts}"

    def show_model(self, passport: Passport, run: TestRun | None) -> None:
        """Show the test that runs on this model, or the last one."""
        is_running = run is not None and run.name == passport.entry.name
        self._progress.setVisible(is_running)
        self.stop.setVisible(is_running)
        if is_running and run is not None:
            self._show_run(run)
            return
        finding = passport.findings.test
        self._verdict.setText(verdict_words(finding))
        if finding is None:
            self._icon.set_icon(IconName.INFO, Role.INK_FAINT)
            self._words.setText(
                self.tr(
                    "A test drive asks 40 built-in questions and the ones this office has answered, the way the inbox "
                    "asks them, and counts what comes back."
                )
            )
        else:
            passed = finding.is_passed
            self._icon.set_icon(*((IconName.DONE, Role.ACCENT_INK) if passed else (IconName.WARNING, Role.CAUTION_INK)))
            faults = fault_words(finding)
            self._words.setText(f"{faults} {tested_words(finding)}." if faults else f"{tested_words(finding)}.")
        self._show_counts(finding)

    def _show_run(self, run: TestRun) -> None:
        self._icon.set_icon(IconName.SOURCE, Role.ACCENT_INK)
        self._progress.set_fraction(run.done / run.total if run.total else None)
        if run.total:
            self._verdict.setText(self.tr("Question {done} of {total}").format(done=run.done, total=run.total))
        else:
            self._verdict.setText(self.tr("Getting ready"))
        self._words.setText(self.tr("The inbox can be used meanwhile; it may be a little slower."))
        self._show_counts(run.so_far)

    def _show_counts(self, finding: TestFinding | None) -> None:
        self._counts.setVisible(finding is not None)
        if finding is not None:
            for label, (_name, words) in zip(self._labels, count_lines(finding), strict=True):
                label.set_untrusted(words)


_NOTHING = TestFinding(0, False, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
