"""What stands around the composer in one window: rewrites, comparing, notes on demand, the emergency list, edit marks.

The sheets are made when they are first opened.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.office import Role
from app.domain.prompt import Task
from app.ui.composer.compare_sheet import CompareSheet
from app.ui.composer.edit_check import EditCheck
from app.ui.composer.instruction_sheet import InstructionSheet
from app.ui.composer.state import Phase
from app.ui.emergency.presenter import EmergencyList, EmergencyPresenter
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.menus import open_menu, rewrite_menu
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow
from app.ui.shell.wiring import show_problem
from app.ui.thread.note_sheet import NoteSheet
from app.ui.thread.noting import NotingPresenter

if TYPE_CHECKING:
    from app.ui.emergency.sheet import EmergencySheet


class DeskPart(QObject):
    """Owns those sheets and their presenters, and binds their keys."""

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        keymap: KeyMap,
        commander: Commander,
        country: str,
        save_country: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._list: EmergencyList | None = None
        self._has_asked = False
        self._bind(keymap)
        self._connect_rewrites()
        self.noting = NotingPresenter(lambda: desk.proposals, lambda: desk.composer.followed, desk.runner, self)
        self._connect_edits()
        self.emergency = EmergencyPresenter(desk.desk.interlock, desk.runner, country, save_country, self)
        self._connect_emergency()

    @cached_property
    def comparing(self) -> CompareSheet:
        """Before and after."""
        sheet = CompareSheet(self._window.root)
        sheet.back_wanted.connect(self._desk.composer.go_back)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def instructing(self) -> InstructionSheet:
        """One line that says how it should read."""
        sheet = InstructionSheet(self._window.root)
        sheet.given.connect(lambda told: self._desk.composer.propose(Task.INSTRUCTED, told))
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def note(self) -> NoteSheet:
        """A summary or hand-over note."""
        sheet = NoteSheet(self._window.root)
        sheet.save_wanted.connect(self._save_note)
        sheet.source_wanted.connect(self._window.passage.show_source)
        sheet.closed.connect(self.noting.give_up)
        self.noting.begun.connect(sheet.wait_for)
        self.noting.ready.connect(sheet.show_note)
        self.noting.failed.connect(sheet.show_failure)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def emergency_list(self) -> "EmergencySheet":
        """The list that the office signs."""
        from app.ui.emergency.sheet import EmergencySheet  # noqa: PLC0415  loads the matcher of phrases

        sheet = EmergencySheet(self._window.root)
        sheet.sign_wanted.connect(self.emergency.sign)
        sheet.country_wanted.connect(self.emergency.use_country)
        self._commander.add_sheet(sheet)
        if self._list is not None:
            sheet.show_list(self._list, self._desk.now_ms())
        return sheet

    def open_list(self) -> None:
        """Show the emergency list."""
        self.emergency.refresh()
        self.emergency_list.open()

    def ask_note(self, task: Task) -> None:
        """Ask for a summary or hand-over note of the open conversation."""
        if self._desk.composer.followed is not None and self.note is not None:
            self.noting.ask(task)

    def _bind(self, keymap: KeyMap) -> None:
        keymap.bind(CommandId.REWRITE, self._rewrite)
        keymap.bind(CommandId.COMPARE, self._compare)
        keymap.bind(CommandId.SUMMARY, lambda: self.ask_note(Task.SUMMARY))
        keymap.bind(CommandId.HAND_OVER_NOTE, lambda: self.ask_note(Task.HAND_OVER_NOTE))
        keymap.bind(CommandId.EMERGENCY_LIST, self.open_list)

    def _connect_rewrites(self) -> None:
        actions = self._window.composer.proposal.action_row
        actions.rewrite_wanted.connect(lambda _button: self._rewrite())
        actions.compare_wanted.connect(self._compare)

    def _connect_edits(self) -> None:
        self._edits = EditCheck(self._desk.composer, self._desk.runner, self)
        self._window.composer.edited.connect(lambda _tab, _text: self._edits.touched())
        self._edits.marked.connect(self._window.composer.show_unheld)

    def _connect_emergency(self) -> None:
        self.emergency.read.connect(self._on_list)
        self.emergency.failed.connect(lambda error: show_problem(self._window, error))
        self._window.status.reminder_wanted.connect(self.open_list)

    def _rewrite(self) -> None:
        if self._desk.composer.state.phase is Phase.READY:
            offers, foot = rewrite_menu(self._desk.drafting.model, self._choose)
            frame = self._window.composer.proposal
            open_menu(self._window.composer, self.tr("Rewrite"), offers, at=frame, foot=foot)

    def _choose(self, task: Task) -> None:
        if task is Task.INSTRUCTED:
            self.instructing.open()
        else:
            self._desk.composer.propose(task)

    def _compare(self) -> None:
        state = self._desk.composer.state
        if state.before is not None and state.proposal is not None and state.phase is Phase.READY:
            self.comparing.compare(state.before, state.proposal)

    def _save_note(self, text: str) -> None:
        self._desk.conversation.add_note(text, lambda: self._window.toast.show_message(self.tr("Saved as a note")))

    def _on_list(self, read: EmergencyList) -> None:
        self._list = read
        is_signed = read.status.is_signed
        self._window.status.remind("" if is_signed else self.tr("Read the emergency list"))
        if "emergency_list" in self.__dict__ or self._must_be_read(read):
            self.emergency_list.show_list(read, self._desk.now_ms())

    def _must_be_read(self, read: EmergencyList) -> bool:
        """Open the list once for an administrator whose office has never signed one; a demo has nothing to sign for."""
        desk = self._desk.desk
        is_due = read.status.signed_version is None and not desk.office.is_demo
        if self._has_asked or not is_due or desk.person.role is not Role.ADMINISTRATOR:
            return False
        self._has_asked = True
        self.emergency_list.open()
        return True
