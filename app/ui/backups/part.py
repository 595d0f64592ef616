"""What backups bring to the console: a page, its keys, the sheet for a rehearsal, and backups by themselves."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.config import ConsoleSettings
from app.domain.roles import Right
from app.services.backups import by_secret
from app.ui.backups.presenter import BackupsPresenter
from app.ui.backups.state import BackupsState
from app.ui.backups.words import problem_words, rehearsal_words, size_words
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.store.backup.taking import Taken
    from app.ui.backups.older_sheet import OlderBackupsSheet
    from app.ui.backups.page import BackupsPage
    from app.ui.backups.rehearse_sheet import RehearseSheet
    from app.ui.components import Button

SAY_SECONDS = 8.0


class BackupsPart(QObject):
    """Owns what belongs to backups in one window."""

    def __init__(
        self,
        window: MainWindow,
        desk: "Desk",
        keymap: KeyMap,
        commander: Commander,
        settings: ConsoleSettings,
        now_ms: Callable[[], int],
        save_folder: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._may_back_up = desk.why_not(Right.BACK_UP) is None
        self._commander = commander
        self._now_ms = now_ms
        self._save_folder = save_folder
        desk.backups.places = settings.backup_places
        folder = next(iter(settings.backup_places), None)
        may_choose = desk.why_not(Right.RESTORE) is None
        is_fixed = "backup_dir" in settings.managed_keys or not may_choose
        state = BackupsState(folder=folder, every_h=settings.backup_every_h, is_fixed=is_fixed)
        self.presenter = BackupsPresenter(desk.backups, state, now_ms, self)
        self.presenter.taken.connect(self._on_taken)
        self.presenter.rehearsed.connect(lambda report: self._say(rehearsal_words(report)))
        self.presenter.failed.connect(lambda code: self._say(problem_words(code)))
        commander.offer_page(PageId.BACKUPS, lambda: self.page)
        for command_id, name in (
            (CommandId.BACKUP_TAKE, "take"),
            (CommandId.BACKUP_REHEARSE, "rehearse"),
            (CommandId.BACKUP_FOLDER, "choose"),
        ):
            keymap.bind(command_id, partial(self._press, name))

    def begin(self) -> None:
        """Look whether a backup is due."""
        self.presenter.begin()

    def close(self) -> None:
        """Stop a backup and end the thread."""
        self.presenter.close()

    @cached_property
    def page(self) -> "BackupsPage":
        """The page, made now if it was not."""
        from app.ui.backups.page import BackupsPage  # noqa: PLC0415  needed when it is first shown

        page = BackupsPage(self._now_ms)
        page.entered.connect(self.presenter.look)
        page.take.clicked.connect(self.presenter.take)
        page.rehearse.clicked.connect(self.ask)
        page.choose.clicked.connect(self.pick_folder)
        page.stop_button.clicked.connect(self.presenter.stop)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self.presenter.state)
        return page

    @cached_property
    def sheet(self) -> "RehearseSheet":
        """The sheet that asks for password or code."""
        from app.ui.backups.rehearse_sheet import RehearseSheet  # noqa: PLC0415  needed when it is opened

        sheet = RehearseSheet(self._window.root)
        sheet.rehearsal_wanted.connect(lambda secret, code: self.presenter.rehearse(by_secret(secret, code)))
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def older(self) -> "OlderBackupsSheet":
        """Offers to let backups go that hold words which were taken out."""
        from app.ui.backups.older_sheet import OlderBackupsSheet  # noqa: PLC0415  needed when it is opened

        sheet = OlderBackupsSheet(self._window.root)
        sheet.renew_wanted.connect(lambda: self.presenter.take(keep=1))
        self._commander.add_sheet(sheet)
        return sheet

    def tell_of_older(self, said: str) -> None:
        """Say that backups of before hold what was taken out; nothing where there is none, or nobody may back up."""
        snapshots = len(self.presenter.state.snapshots)
        if snapshots and self._may_back_up:
            self.older.ask(said, snapshots)

    def ask(self) -> None:
        """Ask for the password or the code that a rehearsal opens the copy with."""
        self.sheet.open()

    def pick_folder(self) -> None:
        """Ask where backups go."""
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("A folder for backups, on another disk"))
        if chosen:
            self.use_folder(Path(chosen))

    def use_folder(self, folder: Path) -> None:
        """Backups go to ``folder`` from now on, also after the next start."""
        self._save_folder(str(folder))
        self.presenter.choose(folder)

    def _press(self, name: str) -> None:
        """Press a button of the page, which is made for it when it must be."""
        button: Button = getattr(self.page, name)
        button.click()

    def _on_taken(self, taken: "Taken") -> None:
        words = self.tr("Backed up: {size}, of which {new} were new")
        self._say(words.format(size=size_words(taken.snapshot.size), new=size_words(taken.new_bytes)))

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
