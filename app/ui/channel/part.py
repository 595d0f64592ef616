"""What the patient channel brings to the console: its page, its keys, the call, and the line at the bottom."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.config import ConsoleSettings
from app.domain.channel import LinkPhase
from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.ui.channel.alerts import AlertChoices, Alerts
from app.ui.channel.conversation import ChannelConversation
from app.ui.channel.invitations import Invitations
from app.ui.channel.ports import ChannelSource
from app.ui.channel.presenter import ChannelPresenter
from app.ui.channel.questions import off_question, wipe_question
from app.ui.channel.reasons import problem_words
from app.ui.channel.state import ChannelState
from app.ui.channel.steps import TurningOn
from app.ui.channel.words import status_line_words, status_tip
from app.ui.components import announce
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.ui.channel.asking_sheet import AskingSheet
    from app.ui.channel.hours_sheet import HoursSheet
    from app.ui.channel.page import ChannelPage
    from app.ui.components import Button

SAY_SECONDS = 8.0
OFFICE_FILE = "vestibule-office.json"

_BUTTONS = (
    (CommandId.CHANNEL_SWITCH, "switch"),
    (CommandId.CHANNEL_FILE, "office_file"),
    (CommandId.CHANNEL_RETRY, "retry"),
    (CommandId.CHANNEL_HOLDINGS, "ask_gateway"),
    (CommandId.CHANNEL_WIPE, "wipe"),
    (CommandId.CHANNEL_HOURS, "change_hours"),
    (CommandId.CHANNEL_NOTICE, "change_notice"),
)


class ChannelPart(QObject):
    """Owns what belongs to the channel in one window; ``conversation`` is what follows the open conversation."""

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
        managing, inviting = desk.desk.why_not(Right.MANAGE_CHANNEL), desk.desk.why_not(Right.INVITE)
        choices = AlertChoices(settings.alert_sound, settings.alert_tray, settings.alert_repeat_s)
        state = ChannelState(
            alerts=choices,
            no_managing="" if managing is None else managing.value,
            no_inviting="" if inviting is None else inviting.value,
        )
        self.presenter = ChannelPresenter(source, state, self)
        self.alerts = Alerts(window, choices, self._is_read_now)
        self.steps = TurningOn(window, desk, self.presenter, commander, settings)
        self.invitations = Invitations(window, desk, self.presenter, commander, lambda: self.asking)
        self.conversation = ChannelConversation(
            window, desk, self.presenter, lambda: self.asking, self.invitations.ask, keymap, commander
        )
        self._connect()
        commander.offer_page(PageId.CHANNEL, lambda: self.page)
        keymap.bind(CommandId.INVITE, self.invitations.ask)
        for command_id, name in _BUTTONS:
            keymap.bind(command_id, partial(self._press, name))

    def begin(self) -> None:
        """Read how the channel stands."""
        self.presenter.begin()

    def close(self) -> None:
        """Take back what is lent, ring no more, end the thread."""
        self.alerts.hush()
        self.invitations.close()
        self.steps.close()
        self.presenter.close()

    @cached_property
    def page(self) -> "ChannelPage":
        """The page, made now if it was not."""
        from app.ui.channel.page import ChannelPage  # noqa: PLC0415  needed when it is first shown

        page, presenter = ChannelPage(self._desk.now_ms), self.presenter
        page.entered.connect(presenter.enter)
        page.switch.clicked.connect(self.switch)
        page.retry.clicked.connect(presenter.retry)
        page.invite.clicked.connect(lambda _checked=False: self.invitations.ask())
        page.office_file.clicked.connect(self.pick_office_file)
        page.row_wanted.connect(presenter.show_link)
        page.vouch.action_wanted.connect(self.steps.ask_for_paper)
        page.ask_gateway.clicked.connect(presenter.ask_gateway)
        page.wipe.clicked.connect(self.ask_wipe)
        page.change_hours.clicked.connect(self.ask_hours)
        page.change_notice.clicked.connect(self.steps.ask_notice)
        page.alerts.chosen.connect(self._on_alerts)
        presenter.state_changed.connect(page.show_state)
        page.show_state(presenter.state)
        return page

    @cached_property
    def asking(self) -> "AskingSheet":
        """Asks before something is done."""
        from app.ui.channel.asking_sheet import AskingSheet  # noqa: PLC0415  needed when it is opened

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

    def switch(self) -> None:
        """Ask before the channel is turned on or off."""
        status = self.presenter.state.status
        if status is not None and status.is_on:
            self.asking.ask(off_question(status), self.presenter.turn_off)
        elif status is not None:
            self.steps.begin()

    def pick_office_file(self) -> None:
        """Ask where the office file goes."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            self.tr("The office file, for IT"),
            str(Path.home() / OFFICE_FILE),
            "JSON (*.json)",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if chosen:
            self.presenter.write_office_file(Path(chosen))

    def ask_wipe(self) -> None:
        """Ask before the gateway forgets everything."""
        self.asking.ask(wipe_question(self.presenter.state.held_messages), self.presenter.wipe)

    def ask_hours(self) -> None:
        """Show hours, holidays and words to change them."""
        self.hours.ask(self.presenter.state.hours)

    def say(self, words: str) -> None:
        """Say something for a while."""
        self._window.toast.show_message(words, SAY_SECONDS)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.state_changed.connect(self._on_state)
        presenter.arrived.connect(lambda cid: self.alerts.arrived(ConversationId(cid)))
        presenter.turned.connect(self._on_turned)
        presenter.file_written.connect(self._on_file)
        presenter.wiped.connect(lambda count: self.say(self.tr("Wiped: {count} pieces").format(count=count)))
        presenter.hours_set.connect(lambda: self.say(self.tr("These hours are in force.")))
        presenter.failed.connect(self._on_failed)
        self.steps.said.connect(self.say)
        self.invitations.said.connect(self.say)
        self._desk.conversation.thread_ready.connect(lambda opened: self.alerts.read(opened.thread.conversation_id))

    def _on_state(self, state: ChannelState) -> None:
        status = state.status
        self._window.new_conversation.offer_invite(state.is_on and not state.no_inviting)
        if status is not None:
            self._window.status.show_way_out(
                status_line_words(status, self._desk.now_ms()),
                status_tip(status),
                is_open=status.is_on,
                is_well=not status.is_on or status.phase in {LinkPhase.ON, LinkPhase.DIALLING},
            )

    def _on_turned(self, is_on: bool) -> None:
        on, off = self.tr("The patient channel is on. Invite somebody with L."), self.tr("The patient channel is off.")
        self.say(on if is_on else off)
        announce(self._window, on if is_on else off)
        if self._window.page_id is PageId.CHANNEL:
            self.page.focus_first()

    def _on_file(self, file: Path) -> None:
        words = self.tr("{file} is written. It holds no secret of a patient; give it to whoever runs the gateway.")
        self.say(words.format(file=file.name))

    def _on_failed(self, code: str) -> None:
        words = problem_words(code)
        is_said = self.invitations.show_problem(words) or self.steps.show_problem(words)
        if not is_said and self._window.page_id is not PageId.CHANNEL:
            self.say(words)

    def _on_alerts(self, choices: AlertChoices) -> None:
        self.alerts.use(choices)
        self.presenter.set_alerts(choices)
        self._save_setting("alert_sound", choices.has_sound)
        self._save_setting("alert_tray", choices.has_tray)
        self._save_setting("alert_repeat_s", choices.repeat_s)

    def _is_read_now(self, conversation_id: ConversationId) -> bool:
        is_front = self._window.isActiveWindow() and self._window.page_id is PageId.INBOX
        is_covered = self._window.curtain.isVisible() or self._commander.open_sheet() is not None
        return is_front and not is_covered and self._desk.conversation.open_id == conversation_id

    def _press(self, name: str) -> None:
        button: Button = getattr(self.page, name)
        button.click()
