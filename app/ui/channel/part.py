"""What the patient channel brings to the console: its page, its sheets, invitations, the alert, and the status line."""

import os
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.config import ConsoleSettings
from app.config.country import country_of
from app.domain.channel import InvitationRow, Invite, LinkPhase
from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.ui.channel.alerts import AlertChoices, Alerts
from app.ui.channel.lending import LentClipboard
from app.ui.channel.ports import ChannelSource
from app.ui.channel.presenter import ChannelPresenter
from app.ui.channel.questions import off_question, revoke_question, wipe_question
from app.ui.channel.state import ChannelState
from app.ui.channel.words import problem_words, status_line_words, status_tip
from app.ui.components import announce
from app.ui.inbox.ages import short_date
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.ui.channel.asking_sheet import AskingSheet
    from app.ui.channel.conversation import ChannelConversation
    from app.ui.channel.hours_sheet import HoursSheet
    from app.ui.channel.invite_sheet import InviteSheet
    from app.ui.channel.notice_sheet import NoticeSheet
    from app.ui.channel.page import ChannelPage
    from app.ui.channel.papers import InvitePaper, RootPaper
    from app.ui.channel.root_sheet import RootSheet
    from app.ui.channel.second_screen import SecondScreen
    from app.ui.channel.turn_on_sheet import TurnOnSheet
    from app.ui.channel.vouch_sheet import VouchSheet
    from app.ui.components import Button

SAY_SECONDS = 8.0
OFFICE_FILE = "vestibule-office.json"


class ChannelPart(QObject):
    """Owns what belongs to the channel in one window, but for what stands in a conversation."""

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        source: ChannelSource,
        keymap: KeyMap,
        commander: Commander,
        settings: ConsoleSettings,
        save_setting: Callable[[str, object], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._save_setting = save_setting
        self._gateway = settings.gateway
        self._gateway_ca = settings.gateway_ca if settings.gateway_ca != Path() else None
        self._country = country_of(settings.country, os.environ)
        self.conversation: ChannelConversation | None = None
        """What follows the open conversation; the console puts it here."""
        self._turns_on_next = False
        self._goes_on = False
        managing, inviting = desk.desk.why_not(Right.MANAGE_CHANNEL), desk.desk.why_not(Right.INVITE)
        choices = AlertChoices(settings.alert_sound, settings.alert_tray, settings.alert_repeat_s)
        state = ChannelState(
            alerts=choices,
            no_managing="" if managing is None else managing.value,
            no_inviting="" if inviting is None else inviting.value,
        )
        self.presenter = ChannelPresenter(source, state, self)
        self.alerts = Alerts(window, choices, self._is_read_now)
        self.clipboard = LentClipboard(self)
        self._connect()
        commander.offer_page(PageId.CHANNEL, lambda: self.page)
        self._bind(keymap)

    def begin(self) -> None:
        """Read how the channel stands."""
        self.presenter.begin()

    def close(self) -> None:
        """Take back what is lent, ring no more, end the thread."""
        self.clipboard.take_back()
        self.alerts.hush()
        for name in ("root", "inviting"):
            if name in self.__dict__:
                getattr(self, name).close_sheet()
        if "root" in self.__dict__:
            self.root.forget()
        if "second" in self.__dict__:
            self.second.close_screen()
        self.presenter.close()

    # -- what is made when it is first needed -------------------------------------------------------------------

    @cached_property
    def page(self) -> "ChannelPage":
        """The page, made now if it was not."""
        from app.ui.channel.page import ChannelPage  # noqa: PLC0415  needed when it is first shown

        page = ChannelPage(self._desk.now_ms)
        page.entered.connect(self.presenter.enter)
        page.switch.clicked.connect(self.switch)
        page.retry.clicked.connect(self.presenter.retry)
        page.invite.clicked.connect(lambda _checked=False: self.ask_invitation())
        page.office_file.clicked.connect(self.pick_office_file)
        page.row_wanted.connect(self.presenter.show_link)
        page.vouch.action_wanted.connect(self.ask_for_paper)
        page.ask_gateway.clicked.connect(self.presenter.ask_gateway)
        page.wipe.clicked.connect(self.ask_wipe)
        page.change_hours.clicked.connect(self.ask_hours)
        page.change_notice.clicked.connect(self.ask_notice)
        page.alerts.chosen.connect(self._on_alerts)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self.presenter.state)
        return page

    @cached_property
    def turning_on(self) -> "TurnOnSheet":
        """Asks where the gateway is and says what will happen."""
        from app.ui.channel.turn_on_sheet import TurnOnSheet  # noqa: PLC0415  needed when it is opened

        sheet = TurnOnSheet(
            self._window.root, is_demo=self._desk.desk.office.is_demo, fixed=self._gateway, ca_file=self._gateway_ca
        )
        sheet.turn_on_wanted.connect(self.presenter.turn_on)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def root(self) -> "RootSheet":
        """Makes, shows and proves the office's root code."""
        from app.ui.channel.root_sheet import RootSheet  # noqa: PLC0415

        sheet = RootSheet(self._window.root)
        sheet.make_wanted.connect(self.presenter.make_keys)
        sheet.print_wanted.connect(self._print_root)
        sheet.save_wanted.connect(self._pick_root_file)
        sheet.proven.connect(self.presenter.confirm_keys)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def vouching(self) -> "VouchSheet":
        """Asks for the root code, when it has to vouch again."""
        from app.ui.channel.vouch_sheet import VouchSheet  # noqa: PLC0415

        sheet = VouchSheet(self._window.root)
        sheet.typed.connect(self.presenter.recertify)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def inviting(self) -> "InviteSheet":
        """Makes and shows an invitation."""
        from app.ui.channel.invite_sheet import InviteSheet  # noqa: PLC0415

        sheet = InviteSheet(self._window.root, self.clipboard)
        sheet.invite_wanted.connect(self.presenter.invite)
        sheet.revoke_wanted.connect(self._ask_revoke_shown)
        sheet.print_wanted.connect(self._print_invitation)
        sheet.second_wanted.connect(self._show_second)
        sheet.closed.connect(self._close_second)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def second(self) -> "SecondScreen":
        """The code alone, on the screen that faces the visitor."""
        from app.ui.channel.second_screen import SecondScreen  # noqa: PLC0415

        return SecondScreen(self._window)

    @cached_property
    def asking(self) -> "AskingSheet":
        """Asks before something is done."""
        from app.ui.channel.asking_sheet import AskingSheet  # noqa: PLC0415

        sheet = AskingSheet(self._window.root)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def hours(self) -> "HoursSheet":
        """Hours, holidays, and the words when nobody is here."""
        from app.ui.channel.hours_sheet import HoursSheet  # noqa: PLC0415

        sheet = HoursSheet(self._window.root)
        sheet.hours_wanted.connect(self.presenter.set_hours)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def noticing(self) -> "NoticeSheet":
        """What patients read before they consent."""
        from app.ui.channel.notice_sheet import NoticeSheet  # noqa: PLC0415

        sheet = NoticeSheet(self._window.root, self._country, self._desk.desk.office.name)
        sheet.notice_wanted.connect(self.presenter.set_notice)
        self._commander.add_sheet(sheet)
        return sheet

    # -- wishes ------------------------------------------------------------------------------------------------

    def switch(self) -> None:
        """Ask before the channel is turned on or off."""
        status = self.presenter.state.status
        if status is None:
            return
        if status.is_on:
            self.asking.ask(off_question(status), self.presenter.turn_off)
        else:
            self._turns_on_next = True
            self._step_on()

    def ask_invitation(self, name: str = "") -> None:
        """Ask whom to invite, or say why nobody can be."""
        state = self.presenter.state
        if state.no_inviting or not state.is_on:
            self._say(problem_words(state.no_inviting or "is_off"))
        else:
            self.inviting.ask(name)

    def pick_office_file(self) -> None:
        """Ask where the office file goes."""
        options = QFileDialog.Option.DontUseNativeDialog
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            self.tr("The office file, for IT"),
            str(Path.home() / OFFICE_FILE),
            "JSON (*.json)",
            options=options,
        )
        if chosen:
            self.presenter.write_office_file(Path(chosen))

    def _ask_revoke_shown(self, invite_id: str) -> None:
        row = next((row for row in self.presenter.state.invitations if row.invite_id == invite_id), None)
        self.inviting.close_sheet()
        if row is not None:
            self.ask_revoke(row)

    def ask_revoke(self, row: InvitationRow) -> None:
        """Ask before an invitation is taken back."""
        self.asking.ask(revoke_question(row.contact_name), lambda: self.presenter.revoke(row.invite_id))

    def ask_wipe(self) -> None:
        """Ask before the gateway forgets everything."""
        self.asking.ask(wipe_question(self.presenter.state.held_messages), self.presenter.wipe)

    def ask_for_paper(self) -> None:
        """Ask for the root code, so that it vouches again."""
        self.vouching.ask()

    def ask_hours(self) -> None:
        """Show hours, holidays and words to change them."""
        self.hours.ask(self.presenter.state.hours)

    def ask_notice(self) -> None:
        """Show what patients read before they consent, to change it."""
        self._turns_on_next = False
        self.noticing.ask(self.presenter.state.notice)

    # -- private -----------------------------------------------------------------------------------------------

    @property
    def _has_unproven_code(self) -> bool:
        return "root" in self.__dict__ and bool(self.root.groups)

    def _bind(self, keymap: KeyMap) -> None:
        keymap.bind(CommandId.INVITE, self.ask_invitation)
        for command_id, name in (
            (CommandId.CHANNEL_SWITCH, "switch"),
            (CommandId.CHANNEL_FILE, "office_file"),
            (CommandId.CHANNEL_RETRY, "retry"),
            (CommandId.CHANNEL_HOLDINGS, "ask_gateway"),
            (CommandId.CHANNEL_WIPE, "wipe"),
            (CommandId.CHANNEL_HOURS, "change_hours"),
            (CommandId.CHANNEL_NOTICE, "change_notice"),
        ):
            keymap.bind(command_id, partial(self._press, name))

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.state_changed.connect(self._on_state)
        presenter.keys_made.connect(self._on_keys_made)
        presenter.keys_confirmed.connect(self._on_keys)
        presenter.invited.connect(self._on_invited)
        presenter.turned.connect(self._on_turned)
        presenter.file_written.connect(self._on_file)
        presenter.wiped.connect(lambda count: self._say(self.tr("Wiped: {count} pieces").format(count=count)))
        presenter.hours_set.connect(lambda: self._say(self.tr("These hours are in force.")))
        presenter.arrived.connect(lambda cid: self.alerts.arrived(ConversationId(cid)))
        presenter.notice_set.connect(self._on_notice_set)
        presenter.revoked.connect(lambda: self._say(self.tr("The invitation opens nothing any more.")))
        presenter.failed.connect(self._on_failed)
        self._window.new_conversation.invite_wanted.connect(self.ask_invitation)
        self._desk.conversation.thread_ready.connect(lambda opened: self.alerts.read(opened.thread.conversation_id))

    def _on_keys_made(self, code: str) -> None:
        self.root.tell(code)

    def _on_keys(self) -> None:
        if "root" in self.__dict__:
            self.root.finish()
        if "vouching" in self.__dict__:
            self.vouching.close_sheet()
        self._say(self.tr("The office's keys are in force."))
        self._on_step_done()

    def _on_notice_set(self) -> None:
        self._say(self.tr("Patients read this from now on."))
        self._on_step_done()

    def _on_state(self, state: ChannelState) -> None:
        status = state.status
        self._window.new_conversation.offer_invite(state.is_on and not state.no_inviting)
        if self._goes_on and not state.is_busy and state.status is not None:
            self._goes_on = False
            self._step_on()
        if status is not None:
            self._window.status.show_way_out(
                status_line_words(status, self._desk.now_ms()),
                status_tip(status),
                is_open=status.is_on,
                is_well=not status.is_on or status.phase in {LinkPhase.ON, LinkPhase.DIALLING},
            )

    def _step_on(self) -> None:
        """Three sheets stand before the first connection: the root code, what they read, the address."""
        state = self.presenter.state
        if state.status is None or not self._turns_on_next:
            return
        if not state.status.has_office_keys or self._has_unproven_code:
            self.root.ask()
        elif state.notice is None:
            self.noticing.ask(None)
        else:
            self._turns_on_next = False
            self.turning_on.ask(state.status.gateway)

    def _on_step_done(self) -> None:
        """Go on when the state with the step in it was read."""
        self._goes_on = True
        self.presenter.look()

    def _on_invited(self, invite: Invite) -> None:
        from app.ui.channel.second_screen import other_screen  # noqa: PLC0415  needed now

        self.inviting.tell(invite, self._desk.now_ms(), has_second=other_screen(self._window) is not None)
        announce(self._window, self.tr("The link is made."))

    def _on_turned(self, is_on: bool) -> None:
        words = (
            self.tr("The patient channel is on. Invite somebody with L.")
            if is_on
            else self.tr("The patient channel is off.")
        )
        self._say(words)
        announce(self._window, words)
        if self._window.page_id is PageId.CHANNEL:
            self.page.focus_first()

    def _on_file(self, file: Path) -> None:
        words = self.tr("{file} is written. It holds no secret of a patient; give it to whoever runs the gateway.")
        self._say(words.format(file=file.name))

    def _on_failed(self, code: str) -> None:
        words = problem_words(code)
        if "inviting" in self.__dict__ and self.inviting.isVisible():
            self.inviting.show_problem(words)
        elif "root" in self.__dict__ and self.root.isVisible():
            self.root.say(words)
        elif "vouching" in self.__dict__ and self.vouching.isVisible():
            self.vouching.say(words)
        elif self._window.page_id is not PageId.CHANNEL:
            self._say(words)

    def _on_alerts(self, choices: AlertChoices) -> None:
        self.alerts.use(choices)
        self.presenter.set_alerts(choices)
        for key, value in (
            ("alert_sound", choices.has_sound),
            ("alert_tray", choices.has_tray),
            ("alert_repeat_s", choices.repeat_s),
        ):
            self._save_setting(key, value)

    def _is_read_now(self, conversation_id: ConversationId) -> bool:
        is_front = self._window.isActiveWindow() and self._window.page_id is PageId.INBOX
        is_covered = self._window.curtain.isVisible() or self._commander.open_sheet() is not None
        return is_front and not is_covered and self._desk.conversation.open_id == conversation_id

    def _press(self, name: str) -> None:
        button: Button = getattr(self.page, name)
        button.click()

    def _print_root(self) -> None:
        from app.ui.components.paper import print_page  # noqa: PLC0415  loads the printers

        if not print_page(self._window, self.tr("Root code of the office"), self._root_paper().draw):
            self.root.say(self.tr("Not printed. Write it down by hand, or save it."))

    def _pick_root_file(self) -> None:
        from app.ui.components.paper import ask_for_pdf  # noqa: PLC0415

        file = ask_for_pdf(self._window, self.tr("Save the root code"), "vestibule-root-code.pdf")
        if file is not None:
            self.save_root(file)

    def save_root(self, file: Path) -> None:
        """Write the root code into a PDF without asking where."""
        from app.ui.components.paper import save_pdf  # noqa: PLC0415

        try:
            save_pdf(file, self.tr("Root code of the office"), self._root_paper().draw)
        except OSError:
            self.root.say(self.tr("It could not be written there."))
        else:
            self.root.say(self.tr("Saved. A PDF belongs on a stick in a drawer, not beside the vault."))

    def _root_paper(self) -> "RootPaper":
        from app.ui.channel.papers import RootPaper  # noqa: PLC0415

        status = self.presenter.state.status
        day = short_date(self._desk.now_ms(), self._desk.now_ms())
        fingerprint = "" if status is None else status.fingerprint
        return RootPaper(self._desk.desk.office.name, day, fingerprint, self.root.groups)

    def _print_invitation(self) -> None:
        from app.ui.components.paper import print_page  # noqa: PLC0415

        if self.inviting.invite is not None:
            print_page(self._window, self.tr("Invitation"), self._invite_paper(self.inviting.invite).draw)

    def _invite_paper(self, invite: Invite) -> "InvitePaper":
        from app.ui.channel.papers import InvitePaper  # noqa: PLC0415

        return InvitePaper(self._desk.desk.office.name, invite.link, invite.expires_ms, invite.language)

    def _show_second(self) -> None:
        from app.ui.channel.second_screen import other_screen  # noqa: PLC0415

        screen, invite = other_screen(self._window), self.inviting.invite
        if screen is not None and invite is not None:
            self.second.show_code(self._desk.desk.office.name, invite.link, screen)

    def _close_second(self) -> None:
        if "second" in self.__dict__:
            self.second.close_screen()

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
