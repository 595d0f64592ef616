"""What the audit log brings to the console: a page for who may read it, and checkpoints by themselves for everybody."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from app.domain.roles import Right
from app.services.evidence.audit_log import SIGN_EVERY_MS
from app.ui.audit.presenter import AuditPresenter
from app.ui.background import BackgroundRunner
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.ui.audit.page import AuditPage
    from app.ui.components import Button

SAY_SECONDS = 8.0


class AuditPart(QObject):
    """Owns what belongs to the audit log in one window."""

    def __init__(
        self,
        window: MainWindow,
        desk: "Desk",
        runner: BackgroundRunner,
        keymap: KeyMap,
        commander: Commander,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._runner = runner
        self._now_ms = now_ms
        self.presenter = AuditPresenter(desk.audit, self)
        self._watch = QTimer(self, interval=SIGN_EVERY_MS)
        self._watch.timeout.connect(self._sign)
        self._watch.start()
        if desk.why_not(Right.READ_AUDIT_LOG) is None:
            commander.offer_page(PageId.AUDIT, lambda: self.page)
            keymap.bind(CommandId.AUDIT_CHECK, partial(self._press, "check"))
            keymap.bind(CommandId.AUDIT_EXPORT, partial(self._press, "export"))

    def close(self) -> None:
        """Sign a last checkpoint and end the thread."""
        self._watch.stop()
        self._sign()
        self.presenter.close()

    @cached_property
    def page(self) -> "AuditPage":
        """The page, made now if it was not."""
        from app.ui.audit.page import AuditPage  # noqa: PLC0415  needed when it is first shown

        page, presenter = AuditPage(self._now_ms, self._desk.people), self.presenter
        page.wanted.connect(presenter.show)
        page.more_wanted.connect(presenter.show_more)
        page.check.clicked.connect(presenter.check)
        page.export.clicked.connect(self.pick_file)
        presenter.read.connect(page.show_entries)
        presenter.read_more.connect(page.model.append)
        presenter.progressed.connect(page.show_progress)
        presenter.checked.connect(page.show_report)
        presenter.exported.connect(self._on_exported)
        presenter.failed.connect(lambda _error: self._say(self.tr("It did not work. The log is as it was.")))
        return page

    def pick_file(self) -> None:
        """Ask where the export goes."""
        name, _kind = QFileDialog.getSaveFileName(
            self._window, self.tr("Export for a witness"), "audit-log.jsonl", self.tr("JSON lines (*.jsonl)")
        )
        if name:
            self.presenter.export(Path(name))

    def _sign(self) -> None:
        self._runner.run(self._desk.audit.sign_when_due)

    def _press(self, name: str) -> None:
        button: Button = getattr(self.page, name)
        button.click()

    def _on_exported(self, count: int, file: Path) -> None:
        words = self.tr(
            "{count} entries and a signed checkpoint are in {file}. Give it to somebody outside the office."
        )
        self._say(words.format(count=QLocale().toString(count), file=file.name))

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
