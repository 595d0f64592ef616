"""What releasing a set brings to the console: its key, its sheet, and a thread for looking.

There is no way to take back what was written into a folder, so the button that writes names the count, and nothing is
written that was not looked at.
"""

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.domain.conversation import InboxRow, InboxView
from app.domain.roles import Right
from app.ui.background import BackgroundRunner
from app.ui.components import readable_line
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.problems import problem_of
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.anonymise.replacing.profiles import Profile
    from app.domain.ids import ConversationId
    from app.services.anonymising.set_release import SetPreview, SetRelease
    from app.services.anonymising.view import LeavingView
    from app.ui.anonymise.set_sheet import SetSheet

SAY_SECONDS = 12.0
MAX_ROWS = 5_000
"""Of each view of the inbox; an office that releases more at once uses the command line."""


class SetPart(QObject):
    """Owns what belongs to sets in one window."""

    #: How many conversations of how many are done. Emitted on the working thread.
    progressed = Signal(int, int)

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        keymap: KeyMap,
        commander: Commander,
        view: "Callable[[], LeavingView]",
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._view = view
        self._stop = threading.Event()
        self._runner: BackgroundRunner | None = None
        keymap.bind(CommandId.LEAVING_SET, self.ask)

    def close(self) -> None:
        """Stop what runs, and end the thread."""
        self._stop.set()
        if self._runner is not None:
            self._runner.close()

    @cached_property
    def release(self) -> "SetRelease":
        """Sets, as the services know them."""
        from app.services.anonymising.set_release import SetRelease  # noqa: PLC0415  loads the finder

        return SetRelease(self._desk.desk.ledger, self._view())

    @cached_property
    def sheet(self) -> "SetSheet":
        """The sheet, made now if it was not."""
        from app.ui.anonymise.set_sheet import SetSheet  # noqa: PLC0415  needed when it is opened

        sheet = SetSheet(self._window.root)
        sheet.look_wanted.connect(self._look)
        sheet.stop_wanted.connect(self._halt)
        sheet.write_wanted.connect(self._ask_folder)
        self.progressed.connect(sheet.show_progress)
        self._commander.add_sheet(sheet)
        return sheet

    @property
    def is_offered(self) -> bool:
        """Whether the person at the desk may release sets."""
        return self._desk.desk.why_not(Right.RELEASE_SETS) is None

    def ask(self) -> None:
        """Ask which conversations, or say who may."""
        if not self.is_offered:
            self._say(self.tr("Taking a set along takes an administrator. Nothing has left."))
            return
        self.sheet.ask()
        self._desk.runner.run(self._rows, done=self.sheet.show_rows, failed=self._on_failed)

    def write(self, preview: "SetPreview", parent: Path) -> None:
        """Write what was looked at into a new folder within ``parent``."""
        self._desk.runner.run(
            self.release.write,
            preview,
            parent,
            done=lambda made: self._on_written(preview, made),
            failed=self._on_failed,
        )

    # -- private ------------------------------------------------------------------------------------------------

    def _rows(self) -> tuple[InboxRow, ...]:
        """On the store thread."""
        inbox = self._desk.desk.conversations.inbox
        views = (InboxView.OPEN, InboxView.SNOOZED, InboxView.DONE)
        return tuple(row for view in views for row in inbox(view, limit=MAX_ROWS))

    def _look(self, ids: "tuple[ConversationId, ...]", profile: "Profile", k: int) -> None:
        self._stop.set()
        stop = self._stop = threading.Event()
        if self._runner is None:
            self._runner = BackgroundRunner("sets", self)
        release = self.release
        self._runner.run(
            lambda: release.preview(ids, profile, k, on_progress=self.progressed.emit, is_stopped=stop.is_set),
            done=lambda preview: None if stop.is_set() else self.sheet.show_preview(preview),
            failed=lambda error: None if stop.is_set() else self._on_failed(error),
        )

    def _halt(self) -> None:
        self._stop.set()

    def _ask_folder(self, preview: "SetPreview") -> None:
        """Ask where to. The dialog is ours, not the desktop's, which would remember the folder."""
        chosen = QFileDialog.getExistingDirectory(
            self._window,
            self.tr("Where the set goes"),
            str(Path.home()),
            QFileDialog.Option.ShowDirsOnly | QFileDialog.Option.DontUseNativeDialog,
        )
        if chosen:
            self.write(preview, Path(chosen))

    def _on_written(self, preview: "SetPreview", made: Path) -> None:
        from app.ui.anonymise.set_words import conversations  # noqa: PLC0415  loads the finder

        self.sheet.close_sheet()
        words = self.tr("{conversations} written into {folder}. The audit log says so.")
        count = conversations(len(preview.threads))
        self._say(words.format(conversations=count, folder=readable_line(made.name, 60)))

    def _on_failed(self, error: Exception) -> None:
        from app.services.anonymising.set_release import StaleSetError  # noqa: PLC0415  loads the finder
        from app.ui.anonymise.problems import problem_words  # noqa: PLC0415

        if isinstance(error, StaleSetError):
            self.sheet.forget()
            title = self.tr("Something was written since you looked")
            self.sheet.show_problem(title, self.tr("Nothing has left. Look again."))
        elif isinstance(error, OSError):
            title = self.tr("The folder could not be written")
            self.sheet.show_problem(title, self.tr("What stands there may be incomplete; choose another one."))
        elif getattr(error, "code", "") in {"disk_full", "disk_failed"}:
            problem = problem_of(error)
            self.sheet.show_problem(problem.title, problem.text)
        else:
            self.sheet.show_problem(*problem_words(error))

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
