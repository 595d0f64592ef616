"""What people bring to the console: a page, its keys and its sheets."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.ids import PersonId
from app.services.people.service import Added, PersonAct
from app.ui.people.presenter import PeoplePresenter
from app.ui.people.sign_in_part import SignInPart
from app.ui.people.state import Farewell
from app.ui.people.words import problem_words
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.ui.lock.refusals import Refusal
    from app.ui.people.page import PeoplePage
    from app.ui.people.paper_sheets import ProveSheet, RenewSheet
    from app.ui.people.papers import SharePaper
    from app.ui.people.person_sheet import PersonSheet
    from app.ui.people.small_sheets import FarewellSheet, GivenSheet, ResetSheet, SharesSheet

SAY_SECONDS = 8.0


class PeoplePart(QObject):
    """Owns what belongs to people in one window."""

    #: The console has to lock: somebody was let go and the vault gets its new key, or a new recovery code is next.
    lock_wanted = Signal()

    def __init__(self, window: MainWindow, desk: "Desk", keymap: KeyMap, commander: Commander) -> None:
        super().__init__(window)
        self._window = window
        self._commander = commander
        self.presenter = PeoplePresenter(desk, self)
        self.sign_in = SignInPart(window, desk, commander, self.presenter.vault_on_paper)
        self.sign_in.presenter.done.connect(lambda _wish: self.presenter.look())
        self.presenter.given.connect(self._on_given)
        self.presenter.changed.connect(self._on_changed)
        self.presenter.looked.connect(self._on_looked)
        self.presenter.let_go.connect(self.lock_wanted)
        self.presenter.shared.connect(self._on_shared)
        self.presenter.failed.connect(self._on_failed)
        self.presenter.renewal_asked.connect(self.lock_wanted)
        self.presenter.paper_tried.connect(self._on_paper_tried)
        commander.offer_page(PageId.PEOPLE, lambda: self.page)
        keymap.bind(CommandId.PERSON_ADD, self.ask)
        keymap.bind(CommandId.SHARES, self.ask_shares)
        keymap.bind(CommandId.SIGN_IN, self.sign_in.ask)

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self.sign_in.close()
        self.presenter.close()

    @cached_property
    def page(self) -> "PeoplePage":
        """The page, made now if it was not."""
        from app.ui.people.page import PeoplePage  # noqa: PLC0415  needed when it is first shown

        page = PeoplePage()
        page.entered.connect(self.presenter.look)
        page.add.clicked.connect(self.ask)
        page.shares.clicked.connect(self.ask_shares)
        page.wanted.connect(self._on_wanted)
        page.sign_in.clicked.connect(self.sign_in.ask)
        page.prove.clicked.connect(self._on_prove)
        page.renew.clicked.connect(self._on_renew)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self.presenter.state)
        return page

    @cached_property
    def asking(self) -> "PersonSheet":
        """Asks who comes in, or what somebody is."""
        from app.ui.people.person_sheet import PersonSheet  # noqa: PLC0415  needed when it is opened

        sheet = PersonSheet(self._window.root)
        sheet.add_wanted.connect(self.presenter.add)
        sheet.change_wanted.connect(self.presenter.change)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def giving(self) -> "GivenSheet":
        """Shows a one-time password."""
        from app.ui.people.small_sheets import GivenSheet  # noqa: PLC0415

        sheet = GivenSheet(self._window.root)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def resetting(self) -> "ResetSheet":
        """Asks before a password is given anew."""
        from app.ui.people.small_sheets import ResetSheet  # noqa: PLC0415

        sheet = ResetSheet(self._window.root)
        sheet.reset_wanted.connect(self.presenter.reset)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def parting(self) -> "FarewellSheet":
        """Asks before somebody is let go."""
        from app.ui.people.small_sheets import FarewellSheet  # noqa: PLC0415

        sheet = FarewellSheet(self._window.root)
        sheet.farewell_wanted.connect(self.presenter.disable)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def sharing(self) -> "SharesSheet":
        """Makes and shows recovery shares."""
        from app.ui.people.small_sheets import SharesSheet  # noqa: PLC0415

        sheet = SharesSheet(self._window.root)
        sheet.make_wanted.connect(self.presenter.make_shares)
        sheet.print_wanted.connect(self._on_print_share)
        sheet.save_wanted.connect(self._on_save_share)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def proving(self) -> "ProveSheet":
        """Tries what somebody types from paper."""
        from app.ui.people.paper_sheets import ProveSheet  # noqa: PLC0415

        sheet = ProveSheet(self._window.root)
        sheet.prove_wanted.connect(self.presenter.prove)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def renewing(self) -> "RenewSheet":
        """Asks before a new recovery code is made."""
        from app.ui.people.paper_sheets import RenewSheet  # noqa: PLC0415

        sheet = RenewSheet(self._window.root)
        sheet.renew_wanted.connect(self.presenter.ask_for_renewal)
        self._commander.add_sheet(sheet)
        return sheet

    def ask(self) -> None:
        """Ask who comes in, or say why nobody may."""
        if self._may():
            self.asking.ask()

    def ask_shares(self) -> None:
        """Ask about recovery shares, or say why not."""
        if self._may():
            self.sharing.ask()

    def _may(self) -> bool:
        reason = self.presenter.state.no_adding
        if reason:
            self._say(problem_words(reason))
        return not reason

    def _on_wanted(self, act: PersonAct, person_id: PersonId) -> None:
        people = self.presenter.state.people
        members = () if people is None else people.members
        person = next((one.person for one in members if one.person.person_id == person_id), None)
        if person is None:
            return
        if act is PersonAct.CHANGE:
            self.asking.ask(person)
        elif act is PersonAct.RESET:
            self.resetting.ask(person_id, person.display_name)
        else:
            self.presenter.look_at(person_id)

    def _on_given(self, added: Added) -> None:
        if "asking" in self.__dict__:
            self.asking.close_sheet()
        self.giving.tell(added)

    def _on_changed(self) -> None:
        self.asking.close_sheet()
        self._say(self.tr("Changed."))

    def _on_shared(self, shares: tuple[str, ...]) -> None:
        self.sharing.tell(shares, self.presenter.vault_on_paper())

    def _on_prove(self) -> None:
        self.proving.ask()

    def _on_renew(self) -> None:
        self.renewing.ask()

    def _on_paper_tried(self, refusal: "Refusal | None") -> None:
        self.proving.show_outcome(refusal)

    def _on_print_share(self, paper: "SharePaper") -> None:
        from app.ui.people.on_paper import print_paper  # noqa: PLC0415  loads the printers

        self.sharing.say(print_paper(self._window, paper))

    def _on_save_share(self, paper: "SharePaper") -> None:
        from app.ui.people.on_paper import save_paper  # noqa: PLC0415  loads the printers

        self.sharing.say(save_paper(self._window, paper, f"vestibule-share-{paper.number}.pdf"))

    def _on_looked(self, farewell: Farewell) -> None:
        self.parting.ask(farewell)

    def _on_failed(self, code: str) -> None:
        if "asking" in self.__dict__ and self.asking.isVisible():
            self.asking.show_problem(code)
        else:
            self._say(problem_words(code))

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
