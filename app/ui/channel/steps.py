"""What stands before the first connection, one sheet after another: the root code, what patients read, the address."""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.config import ConsoleSettings
from app.config.country import country_of
from app.ui.channel.presenter import ChannelPresenter
from app.ui.channel.state import ChannelState
from app.ui.inbox.ages import short_date
from app.ui.shell.commander import Commander
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.ui.channel.notice_sheet import NoticeSheet
    from app.ui.channel.papers import RootPaper
    from app.ui.channel.root_sheet import RootSheet
    from app.ui.channel.turn_on_sheet import TurnOnSheet
    from app.ui.channel.vouch_sheet import VouchSheet


class TurningOn(QObject):
    """Owns those sheets; each can be opened by itself as well."""

    #: Something is to be said; argument: words.
    said = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        presenter: ChannelPresenter,
        commander: Commander,
        settings: ConsoleSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._presenter = presenter
        self._commander = commander
        self._gateway = settings.gateway
        self._gateway_ca = settings.gateway_ca if settings.gateway_ca != Path() else None
        self._country = country_of(settings.country, os.environ)
        self._is_under_way = False
        self._goes_on = False
        presenter.keys_made.connect(self._on_keys_made)
        presenter.keys_confirmed.connect(self._on_keys)
        presenter.notice_set.connect(self._on_notice_set)
        presenter.state_changed.connect(self._on_state)

    @cached_property
    def root(self) -> "RootSheet":
        """Makes, shows and proves the office's root code."""
        from app.ui.channel.root_sheet import RootSheet  # noqa: PLC0415  needed when it is opened

        sheet = RootSheet(self._window.root)
        sheet.make_wanted.connect(self._presenter.make_keys)
        sheet.print_wanted.connect(self._print_root)
        sheet.save_wanted.connect(self._pick_root_file)
        sheet.proven.connect(self._presenter.confirm_keys)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def noticing(self) -> "NoticeSheet":
        """What patients read before they consent."""
        from app.ui.channel.notice_sheet import NoticeSheet  # noqa: PLC0415

        sheet = NoticeSheet(self._window.root, self._country, self._desk.desk.office.name)
        sheet.notice_wanted.connect(self._presenter.set_notice)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def turning_on(self) -> "TurnOnSheet":
        """Asks where the gateway is and says what will happen."""
        from app.ui.channel.turn_on_sheet import TurnOnSheet  # noqa: PLC0415

        is_demo = self._desk.desk.office.is_demo
        sheet = TurnOnSheet(self._window.root, is_demo=is_demo, fixed=self._gateway, ca_file=self._gateway_ca)
        sheet.turn_on_wanted.connect(self._presenter.turn_on)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def vouching(self) -> "VouchSheet":
        """Asks for the root code, when it has to vouch again."""
        from app.ui.channel.vouch_sheet import VouchSheet  # noqa: PLC0415

        sheet = VouchSheet(self._window.root)
        sheet.typed.connect(self._presenter.recertify)
        self._commander.add_sheet(sheet)
        return sheet

    def begin(self) -> None:
        """Ask for what is still missing, then for the gateway."""
        self._is_under_way = True
        self._step_on()

    def ask_notice(self) -> None:
        """Show what patients read before they consent, to change it."""
        self._is_under_way = False
        self.noticing.ask(self._presenter.state.notice)

    def ask_for_paper(self) -> None:
        """Ask for the root code, so that it vouches again."""
        self.vouching.ask()

    def show_problem(self, words: str) -> bool:
        """Say on the open sheet what went wrong; False when none of these is open."""
        for name in ("root", "vouching"):
            if name in self.__dict__ and getattr(self, name).isVisible():
                getattr(self, name).say(words)
                return True
        return False

    def close(self) -> None:
        """Take a code that was not proven off the screen and out of memory."""
        if "root" in self.__dict__:
            self.root.close_sheet()
            self.root.forget()

    def save_root(self, file: Path) -> None:
        """Write the root code into a PDF without asking where."""
        from app.ui.components.paper import save_pdf  # noqa: PLC0415  loads the printers

        try:
            save_pdf(file, self.tr("Root code of the office"), self.root_paper().draw)
        except OSError:
            self.root.say(self.tr("It could not be written there."))
        else:
            self.root.say(self.tr("Saved. A PDF belongs on a stick in a drawer, not beside the vault."))

    def root_paper(self) -> "RootPaper":
        """The page with the code."""
        from app.ui.channel.papers import RootPaper  # noqa: PLC0415

        status = self._presenter.state.status
        day = short_date(self._desk.now_ms(), self._desk.now_ms())
        fingerprint = "" if status is None else status.fingerprint
        return RootPaper(self._desk.desk.office.name, day, fingerprint, self.root.groups)

    def _step_on(self) -> None:
        state = self._presenter.state
        if state.status is None or not self._is_under_way:
            return
        is_unproven = "root" in self.__dict__ and bool(self.root.groups)
        if not state.status.has_office_keys or is_unproven:
            self.root.ask()
        elif state.notice is None:
            self.noticing.ask(None)
        else:
            self._is_under_way = False
            self.turning_on.ask(state.status.gateway)

    def _go_on(self) -> None:
        """Step on when the state with the step in it was read."""
        self._goes_on = True
        self._presenter.look()

    def _on_state(self, state: ChannelState) -> None:
        if self._goes_on and not state.is_busy and state.status is not None:
            self._goes_on = False
            self._step_on()

    def _on_keys_made(self, code: str) -> None:
        self.root.tell(code)

    def _on_keys(self) -> None:
        if "root" in self.__dict__:
            self.root.finish()
        if "vouching" in self.__dict__:
            self.vouching.close_sheet()
        self.said.emit(self.tr("The office's keys are in force."))
        self._go_on()

    def _on_notice_set(self) -> None:
        self.said.emit(self.tr("Patients read this from now on."))
        self._go_on()

    def _print_root(self) -> None:
        from app.ui.components.paper import print_page  # noqa: PLC0415  loads the printers

        if not print_page(self._window, self.tr("Root code of the office"), self.root_paper().draw):
            self.root.say(self.tr("Not printed. Write it down by hand, or save it."))

    def _pick_root_file(self) -> None:
        from app.ui.components.paper import ask_for_pdf  # noqa: PLC0415  loads the printers

        file = ask_for_pdf(self._window, self.tr("Save the root code"), "vestibule-root-code.pdf")
        if file is not None:
            self.save_root(file)
