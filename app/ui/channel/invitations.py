"""Invitations: the sheet that makes and shows one, the clipboard, the paper, the screen that faces the visitor."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.channel import InvitationRow, Invite
from app.ui.channel.lending import LentClipboard
from app.ui.channel.presenter import ChannelPresenter
from app.ui.channel.questions import revoke_question
from app.ui.channel.reasons import problem_words
from app.ui.components import announce
from app.ui.shell.commander import Commander
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.channel.asking_sheet import AskingSheet
    from app.ui.channel.invite_sheet import InviteSheet
    from app.ui.channel.papers import InvitePaper
    from app.ui.channel.second_screen import SecondScreen


class Invitations(QObject):
    """Owns what shows a link; the link leaves it when the sheet is closed."""

    #: Something is to be said; argument: words.
    said = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        presenter: ChannelPresenter,
        commander: Commander,
        asking: "Callable[[], AskingSheet]",
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._presenter = presenter
        self._commander = commander
        self._asking = asking
        self.clipboard = LentClipboard(self)
        presenter.invited.connect(self._on_invited)
        presenter.revoked.connect(lambda: self.said.emit(self.tr("The invitation opens nothing any more.")))
        window.new_conversation.invite_wanted.connect(self.ask)

    @cached_property
    def sheet(self) -> "InviteSheet":
        """Makes and shows an invitation."""
        from app.ui.channel.invite_sheet import InviteSheet  # noqa: PLC0415  needed when it is opened

        sheet = InviteSheet(self._window.root, self.clipboard)
        sheet.invite_wanted.connect(self._presenter.invite)
        sheet.revoke_wanted.connect(self._ask_revoke)
        sheet.print_wanted.connect(self._print)
        sheet.second_wanted.connect(self._show_second)
        sheet.closed.connect(self._close_second)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def second(self) -> "SecondScreen":
        """The code alone, on the screen that faces the visitor."""
        from app.ui.channel.second_screen import SecondScreen  # noqa: PLC0415

        return SecondScreen(self._window)

    def ask(self, name: str = "") -> None:
        """Ask whom to invite, or say why nobody can be."""
        state = self._presenter.state
        if state.no_inviting or not state.is_on:
            self.said.emit(problem_words(state.no_inviting or "is_off"))
        else:
            self.sheet.ask(name)

    def show_problem(self, words: str) -> bool:
        """Say on the open sheet what went wrong; False when it is not open."""
        if "sheet" not in self.__dict__ or not self.sheet.isVisible():
            return False
        self.sheet.show_problem(words)
        return True

    def close(self) -> None:
        """Take every link off screens and clipboard."""
        self.clipboard.take_back()
        if "sheet" in self.__dict__:
            self.sheet.close_sheet()
        self._close_second()

    def _on_invited(self, invite: Invite) -> None:
        from app.ui.channel.second_screen import other_screen  # noqa: PLC0415

        self.sheet.tell(invite, self._desk.now_ms(), has_second=other_screen(self._window) is not None)
        announce(self._window, self.tr("The link is made."))

    def _ask_revoke(self, invite_id: str) -> None:
        rows = self._presenter.state.invitations
        row: InvitationRow | None = next((row for row in rows if row.invite_id == invite_id), None)
        self.sheet.close_sheet()
        if row is not None:
            self._asking().ask(revoke_question(row.contact_name), lambda: self._presenter.revoke(invite_id))

    def _print(self) -> None:
        from app.ui.components.paper import print_page  # noqa: PLC0415  loads the printers

        if self.sheet.invite is not None:
            print_page(self._window, self.tr("Invitation"), self.paper(self.sheet.invite).draw)

    def paper(self, invite: Invite) -> "InvitePaper":
        """The page for somebody to take along."""
        from app.ui.channel.papers import InvitePaper  # noqa: PLC0415

        return InvitePaper(self._desk.desk.office.name, invite.link, invite.expires_ms, invite.language)

    def _show_second(self) -> None:
        from app.ui.channel.second_screen import other_screen  # noqa: PLC0415

        screen, invite = other_screen(self._window), self.sheet.invite
        if screen is not None and invite is not None:
            self.second.show_code(self._desk.desk.office.name, invite.link, screen)

    def _close_second(self) -> None:
        if "second" in self.__dict__:
            self.second.close_screen()
