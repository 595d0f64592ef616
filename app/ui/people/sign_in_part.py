"""What one's own sign-in brings to the console: its sheets and what they ask for."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.people.sign_in import SignInState
from app.ui.lock.refusals import Refusal
from app.ui.people.sign_in_presenter import SignInPresenter
from app.ui.people.sign_in_words import WISHES, Wish
from app.ui.shell.commander import Commander
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.desk import Desk
    from app.ui.people.papers import SparePaper, VaultOnPaper
    from app.ui.people.sign_in_forms import WishSheet
    from app.ui.people.sign_in_overview import SignInSheet, SpareSheet

SAY_SECONDS = 8.0


class SignInPart(QObject):
    """Owns the sheets; each is made when it is first opened."""

    def __init__(
        self, window: MainWindow, desk: "Desk", commander: Commander, vault_on_paper: "Callable[[], VaultOnPaper]"
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commander = commander
        self._vault_on_paper = vault_on_paper
        self._state: SignInState | None = None
        self._overview: SignInSheet | None = None
        self._spare: SpareSheet | None = None
        self.sheets: dict[Wish, WishSheet] = {}
        self.presenter = SignInPresenter(desk, self)
        self.presenter.state_read.connect(self._on_state)
        self.presenter.done.connect(self._on_done)
        self.presenter.failed.connect(self._on_failed)
        self.presenter.spare_made.connect(self._on_spare_made)

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self.presenter.close()

    def ask(self) -> None:
        """Show how the person at the desk signs in."""
        self.overview.ask()
        self.presenter.look()

    @property
    def overview(self) -> "SignInSheet":
        """The sheet with everything at a glance."""
        if self._overview is None:
            from app.ui.people.sign_in_overview import SignInSheet  # noqa: PLC0415  needed when it is opened

            self._overview = SignInSheet(self._window.root)
            self._overview.wanted.connect(self._on_wanted)
            self._commander.add_sheet(self._overview)
        return self._overview

    @property
    def spare(self) -> "SpareSheet":
        """The sheet with printed codes."""
        if self._spare is None:
            from app.ui.people.sign_in_overview import SpareSheet  # noqa: PLC0415

            self._spare = SpareSheet(self._window.root)
            self._spare.print_wanted.connect(self._on_print)
            self._spare.save_wanted.connect(self._on_save)
            self._commander.add_sheet(self._spare)
        return self._spare

    def _on_state(self, state: SignInState) -> None:
        self._state = state
        self.overview.show_state(state)

    def _on_spare_made(self, codes: tuple[str, ...]) -> None:
        self.spare.tell(codes)

    def _on_wanted(self, wish: Wish) -> None:
        if self._state is None:
            return
        sheet = self.sheets.get(wish) or self._make(wish)
        self.overview.close_sheet()
        sheet.ask(self._state)
        if wish is Wish.SET_PHONE:
            self.presenter.offer_code()

    def _make(self, wish: Wish) -> "WishSheet":
        from app.ui.people.sign_in_sheets import PasswordSheet, PhoneSheet, StickSheet  # noqa: PLC0415

        root, asks = self._window.root, self.presenter
        sheet: WishSheet
        if wish is Wish.SET_PHONE:
            sheet = phone = PhoneSheet(root)
            phone.wanted.connect(asks.set_code)
            asks.code_offered.connect(phone.offer)
        elif wish is Wish.MAKE_STICK:
            sheet = stick = StickSheet(root, partial(asks.judge, has_second=True))
            stick.wanted.connect(asks.make_stick)
            stick.look_wanted.connect(asks.look_for_disks)
            asks.disks_found.connect(stick.show_disks)
        else:
            has_second = False if wish is Wish.REMOVE_STICK else None
            sheet = typed = PasswordSheet(root, wish, partial(asks.judge, has_second=has_second))
            typed.wanted.connect(asks.fulfil)
        asks.busy_changed.connect(sheet.set_busy)
        self._commander.add_sheet(sheet)
        self.sheets[wish] = sheet
        return sheet

    def _open_sheet(self) -> "WishSheet | None":
        return next((sheet for sheet in self.sheets.values() if sheet.isVisible()), None)

    def _on_done(self, wish: Wish) -> None:
        sheet = self._open_sheet()
        if sheet is not None:
            sheet.close_sheet()
        if WISHES[wish].done:
            self._window.toast.show_message(WISHES[wish].done, SAY_SECONDS)

    def _on_failed(self, refusal: Refusal) -> None:
        sheet = self._open_sheet()
        if sheet is not None:
            sheet.show_refusal(refusal)
        else:
            self._window.toast.show_message(f"{refusal.title}. {refusal.text}", SAY_SECONDS)

    def _paper(self, codes: tuple[str, ...]) -> "SparePaper":
        from app.ui.people.papers import SparePaper  # noqa: PLC0415  loads the printers

        return SparePaper(self._vault_on_paper(), codes)

    def _on_print(self, codes: tuple[str, ...]) -> None:
        from app.ui.people.on_paper import print_paper  # noqa: PLC0415  loads the printers

        self.spare.say(print_paper(self._window, self._paper(codes)))

    def _on_save(self, codes: tuple[str, ...]) -> None:
        from app.ui.people.on_paper import save_paper  # noqa: PLC0415  loads the printers

        self.spare.say(save_paper(self._window, self._paper(codes), "vestibule-printed-codes.pdf"))
