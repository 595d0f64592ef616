"""What details of contacts bring to the console: a sheet, its key, and a step that can be taken back."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.contact import ContactDetails, ContactField
from app.domain.ids import ConversationId
from app.services.contacts.errors import InvalidDetailError
from app.ui.context.contact_words import untrusted_of
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.problems import problem_of
from app.ui.shell.steps import Step
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.ui.context.contact_sheet import ContactSheet


class ContactPart(QObject):
    """Owns what belongs to details of contacts in one window; written on the store's thread."""

    def __init__(
        self, window: MainWindow, desk: DeskPresenters, keymap: KeyMap, commander: Commander, country: str
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._country = country
        keymap.bind(CommandId.CONTACT_DETAILS, self.ask)
        window.context.contact.edit_wanted.connect(self.ask)

    @cached_property
    def sheet(self) -> "ContactSheet":
        """The sheet, made now if it was not."""
        from app.ui.context.contact_sheet import ContactSheet  # noqa: PLC0415  needed when it is opened

        sheet = ContactSheet(self._window.root)
        sheet.details_given.connect(self._on_given)
        self._commander.add_sheet(sheet)
        return sheet

    def ask(self) -> None:
        """Ask what is known of the contact of the open conversation."""
        shown = self._desk.conversation.shown
        if shown is not None:
            self.sheet.ask(shown.thread.conversation_id, shown.thread.contact_name, shown.thread.details)

    def _on_given(self, cid: ConversationId, fields: dict[ContactField, str]) -> None:
        contacts = self._desk.desk.contacts

        def write() -> ContactDetails:
            return contacts.describe(cid, contacts.check(untrusted_of(fields), self._country))

        self._desk.runner.run(write, done=lambda before: self._on_written(cid, before), failed=self._on_failed)

    def _on_written(self, cid: ConversationId, before: ContactDetails) -> None:
        self.sheet.close_sheet()
        describe, runner = self._desk.desk.contacts.describe, self._desk.runner

        def take_back() -> None:
            runner.run(describe, cid, before, failed=self._on_failed)

        self._desk.steps.take(Step(self.tr("The details are written down"), take_back))

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, InvalidDetailError) and self.sheet.isVisible():
            self.sheet.show_problem(error)
            return
        problem = problem_of(error)
        self._window.toast.show_message(f"{problem.title}. {problem.text}")
