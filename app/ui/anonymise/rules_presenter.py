"""The office's rules and its test set, without widgets."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.services.anonymising.rule_records import AnonymisingCase, OfficeRule, RuleDraft
from app.services.anonymising.view import CaseReport, LeavingView
from app.ui.background import BackgroundRunner
from app.ui.components.untrusted import readable_line
from app.ui.shell.steps import Step, StepKeeper

MAX_NAMED_CHARS = 40


class RulesPresenter(QObject):
    """Reads and writes rules on the store's thread; tries and checks on a thread of its own."""

    #: The rules were read; argument: tuple of ``OfficeRule``.
    rules_read = Signal(object)
    #: A rule was written or removed; no argument.
    changed = Signal()
    #: A rule could not be stored; argument: the exception.
    refused = Signal(object)
    #: Words were tried; arguments: the words, ``AnonymisedText``.
    tried = Signal(str, object)
    #: How many conversations of how many are checked. Emitted on the working thread.
    progressed = Signal(int, int)
    #: The office's test set was run; argument: ``CaseReport``.
    checked = Signal(object)
    #: Something could not be tried or checked; argument: the exception.
    failed = Signal(object)

    def __init__(
        self, view: LeavingView, store_runner: BackgroundRunner, steps: StepKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._store = store_runner
        self._steps = steps
        self._stop = threading.Event()
        self._runner: BackgroundRunner | None = None

    def close(self) -> None:
        """Stop what runs, and end the thread."""
        self._stop.set()
        if self._runner is not None:
            self._runner.close()

    def read(self) -> None:
        """Read the rules that stand."""
        self._store.run(self._view.rules.standing, done=self.rules_read.emit, failed=self.refused.emit, topic="rules")

    def put(self, drafts: tuple[RuleDraft, ...], rule_id: str | None = None) -> None:
        """Write rules, or other words for one."""
        self._write(self._view.rules.put_all, drafts, rule_id)

    def remove(self, rule: OfficeRule) -> None:
        """Remove a rule with its cases, with time to take it back."""
        self._store.run(
            self._take_away, rule, done=lambda cases: self._on_removed(rule, cases), failed=self.refused.emit
        )

    def try_words(self, text: str) -> None:
        """Look what is found in a text that somebody typed."""
        self._own_runner().run(
            self._view.try_text,
            text,
            done=lambda found: self.tried.emit(text, found),
            failed=self.failed.emit,
            topic="try",
        )

    def check(self) -> None:
        """Run the office's test set; a run that goes on is given up."""
        self.stop()
        stop = self._stop = threading.Event()
        self._own_runner().run(
            lambda: self._view.check_cases(on_progress=self.progressed.emit, is_stopped=stop.is_set),
            done=lambda report: self._on_checked(stop, report),
            failed=lambda error: None if stop.is_set() else self.failed.emit(error),
            topic="check",
        )

    def stop(self) -> None:
        """Give up a run of the test set."""
        self._stop.set()

    def _take_away(self, rule: OfficeRule) -> tuple[AnonymisingCase, ...]:
        cases = tuple(case for case in self._view.rules.cases(rule.learnt_in) if case.rule_id == rule.rule_id)
        self._view.rules.remove(rule)
        return cases

    def _on_removed(self, rule: OfficeRule, cases: tuple[AnonymisingCase, ...]) -> None:
        named = _tr("Removed: {text}").format(text=f"\u201c{readable_line(rule.text, MAX_NAMED_CHARS)}\u201d")
        self._steps.take(Step(named, lambda: self._write(self._view.rules.put_back, rule, cases)))
        self._after_writing()

    def _on_checked(self, stop: threading.Event, report: CaseReport) -> None:
        if not stop.is_set():
            self.checked.emit(report)

    def _write(self, function: Callable[..., object], *arguments: object) -> None:
        self._store.run(function, *arguments, done=lambda _made: self._after_writing(), failed=self.refused.emit)

    def _after_writing(self) -> None:
        self.read()
        self.changed.emit()

    def _own_runner(self) -> BackgroundRunner:
        if self._runner is None:
            self._runner = BackgroundRunner("anonymiser rules", self)
        return self._runner


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
