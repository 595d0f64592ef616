"""What each command of the key map does."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import ComposerTab, Urgency
from app.domain.ids import ConversationId
from app.ui.components import veil
from app.ui.help.guide import GuideSheet
from app.ui.help.key_sheet import KeySheet
from app.ui.inbox.presenter import RailEntry
from app.ui.palette.palette import Entry
from app.ui.shell.commands import CommandId
from app.ui.shell.decisions import Decisions
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import Page, PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.sheet import Sheet
from app.ui.shell.window import MainWindow, Pane

UNDER_CURTAIN = frozenset({CommandId.SIGN_OUT, CommandId.CURTAIN, CommandId.STOP})
UNDER_SHEET = UNDER_CURTAIN | {
    CommandId.COUNTER_MODE,
    CommandId.SEND,
    CommandId.SCHEME,
    CommandId.LARGER,
    CommandId.SMALLER,
}


_PAGE_COMMANDS = {
    PageId.ANSWERS: CommandId.ANSWERS,
    PageId.MODEL: CommandId.MODEL,
    PageId.PEOPLE: CommandId.PEOPLE,
    PageId.RETENTION: CommandId.RETENTION,
    PageId.BACKUPS: CommandId.BACKUPS,
    PageId.AUDIT: CommandId.AUDIT,
    PageId.REQUESTS: CommandId.REQUESTS,
    PageId.ACCESS: CommandId.ACCESS,
    PageId.CHANNEL: CommandId.CHANNEL,
    PageId.LEAVING: CommandId.LEAVING,
}


class Commander(QObject):
    """Binds the commands of one window."""

    #: The person wants to lock and sign out.
    sign_out_wanted = Signal()
    #: Light or dark was toggled.
    scheme_wanted = Signal()
    #: Larger (1) or smaller (-1) was asked for.
    scale_wanted = Signal(int)
    #: The single-letter keys were switched; argument: on or off.
    single_keys_changed = Signal(bool)
    #: Counter mode was switched by the person; argument: on or off.
    counter_mode_changed = Signal(bool)

    def __init__(self, window: MainWindow, desk: DeskPresenters, keymap: KeyMap) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._keymap = keymap
        self.decisions = Decisions(window, desk, self._open)
        root = window.root
        self.keys = KeySheet(root, keymap)
        self.guide = GuideSheet(root)
        self._sheets: tuple[Sheet, ...] = (
            window.palette_sheet,
            window.search,
            window.new_conversation,
            window.discard,
            window.passage,
            self.keys,
            self.guide,
        )
        self._bind_moving()
        self._bind_conversation()
        self._bind_proposal()
        self._bind_finding()
        self._bind_console()
        self._connect_widgets()

    def offer_page(self, page_id: PageId, make: Callable[[], Page]) -> None:
        """Give a page its key and its entries in rail and palette; ``make`` is called when it is first shown."""
        self._window.offer_page(page_id, make)
        self._keymap.bind(_PAGE_COMMANDS[page_id], partial(self._window.show_page, page_id))

    def add_sheet(self, sheet: Sheet) -> None:
        """Let a sheet that was made later rule the keys while it is open, as the others do."""
        self._sheets = (*self._sheets, sheet)
        self._connect_sheet(sheet)

    def open_conversation(self, conversation_id: ConversationId) -> None:
        """Bring the inbox to the front with this conversation."""
        self._window.show_page(PageId.INBOX)
        self._open(conversation_id)
        self._window.focus_pane(Pane.THREAD)

    def open_oldest(self) -> None:
        """Open who waits longest."""
        oldest = self._desk.inbox.oldest()
        if oldest is not None:
            self._open(oldest)

    def open_sheet(self) -> Sheet | None:
        """The sheet that is open, if any."""
        return next((sheet for sheet in self._sheets if sheet.isVisible()), None)

    def _bind_moving(self) -> None:
        bind = self._keymap.bind
        bind(CommandId.NEXT, lambda: self._step(1))
        bind(CommandId.PREVIOUS, lambda: self._step(-1))
        bind(CommandId.OLDEST, self.open_oldest)
        bind(CommandId.NEXT_PANE, lambda: self._window.step_pane(1))
        bind(CommandId.PREVIOUS_PANE, lambda: self._window.step_pane(-1))
        for command_id, entry in (
            (CommandId.INBOX, RailEntry.INBOX),
            (CommandId.EMERGENCIES, RailEntry.EMERGENCIES),
            (CommandId.SNOOZED, RailEntry.SNOOZED),
            (CommandId.FINISHED, RailEntry.DONE),
        ):
            bind(command_id, partial(self._show_entry, entry))

    def _bind_conversation(self) -> None:
        bind = self._keymap.bind
        bind(CommandId.DONE, self.decisions.mark_done)
        bind(CommandId.DONE_AND_NEXT, self.decisions.mark_done_and_next)
        bind(CommandId.HEARD_MORE, self.decisions.hear_more)
        bind(CommandId.REOPEN, lambda: self._desk.conversation.reopen(self.tr("Back in the inbox")))
        bind(CommandId.SNOOZE, self.decisions.snooze)
        bind(CommandId.ASSIGN, self.decisions.assign)
        bind(CommandId.ASSIGN_TO_ME, lambda: self.decisions.give(self._desk.desk.person.person_id))
        bind(CommandId.URGENCY, self.decisions.choose_urgency)
        bind(CommandId.EMERGENCY, lambda: self.decisions.raise_to(Urgency.EMERGENCY))

    def _bind_proposal(self) -> None:
        bind, composer = self._keymap.bind, self._desk.composer
        bind(CommandId.REPLY, lambda: self._write(ComposerTab.REPLY))
        bind(CommandId.NOTE, lambda: self._write(ComposerTab.NOTE))
        bind(CommandId.SWITCH_TAB, self._switch_tab)
        bind(CommandId.SEND, self._send)
        bind(CommandId.PROPOSE, self._propose)
        bind(CommandId.APPROVE, self._approve)
        bind(CommandId.EDIT_PROPOSAL, composer.edit)
        bind(CommandId.DISCARD_PROPOSAL, self._discard)
        bind(CommandId.NEXT_SOURCE, self._next_source)
        bind(CommandId.NEXT_FACT, self._next_fact)
        bind(CommandId.STOP, self._stop)

    def _bind_finding(self) -> None:
        bind = self._keymap.bind
        bind(CommandId.SEARCH, self._window.search.open)
        bind(CommandId.FIND, self._find)
        bind(CommandId.PALETTE, self._open_palette)
        bind(CommandId.HELP, self.keys.open)
        bind(CommandId.GUIDE, self.guide.open)

    def _bind_console(self) -> None:
        bind = self._keymap.bind
        bind(CommandId.NEW_CONVERSATION, self._window.new_conversation.open)
        bind(CommandId.CONTEXT, self._window.toggle_context)
        bind(CommandId.COUNTER_MODE, self._toggle_counter_mode)
        bind(CommandId.CURTAIN, self._toggle_curtain)
        bind(CommandId.UNDO, self._desk.steps.undo_last)
        self._offer_undo(is_offered=False)
        self._desk.steps.step_shown.connect(lambda _step: self._offer_undo(is_offered=True))
        self._desk.steps.emptied.connect(lambda: self._offer_undo(is_offered=False))
        bind(CommandId.SCHEME, self.scheme_wanted.emit)
        bind(CommandId.LARGER, lambda: self.scale_wanted.emit(1))
        bind(CommandId.SMALLER, lambda: self.scale_wanted.emit(-1))
        bind(CommandId.SINGLE_KEYS, self._toggle_single_keys)
        bind(CommandId.SIGN_OUT, self.sign_out_wanted.emit)

    def _connect_widgets(self) -> None:
        window = self._window
        window.conversation.done_wanted.connect(self.decisions.mark_done)
        window.conversation.reopen_wanted.connect(lambda: self._desk.conversation.reopen(self.tr("Back in the inbox")))
        window.conversation.snooze_wanted.connect(lambda _button: self.decisions.snooze())
        window.composer.send_wanted.connect(self._send)
        window.context.urgency_wanted.connect(self.decisions.raise_to)
        window.context.identity_wanted.connect(self.decisions.raise_identity)
        window.context.assign_wanted.connect(self.decisions.give)
        window.rail.command_wanted.connect(lambda command_id: self._keymap.action(command_id).trigger())
        window.status.counter_mode_left.connect(self._toggle_counter_mode)

        for sheet in self._sheets:
            self._connect_sheet(sheet)
        window.curtain.drawn.connect(lambda: self._keymap.pause(UNDER_CURTAIN))
        window.curtain.lifted.connect(self._on_curtain_lifted)
        window.page_changed.connect(self._keymap.use_page)

    def _connect_sheet(self, sheet: Sheet) -> None:
        sheet.opened.connect(lambda: self._keymap.pause(UNDER_SHEET))
        sheet.closed.connect(self._keymap.resume)

    def _offer_undo(self, *, is_offered: bool) -> None:
        """Until there is a step to take back, Ctrl+Z belongs to the text field and takes back typing."""
        self._keymap.set_enabled(CommandId.UNDO, is_enabled=is_offered)

    def _on_curtain_lifted(self) -> None:
        if self.open_sheet() is None:
            self._keymap.resume()
        else:
            self._keymap.pause(UNDER_SHEET)

    # -- moving ------------------------------------------------------------------------------------------------

    def _open(self, conversation_id: ConversationId) -> None:
        self._desk.conversation.open(conversation_id)
        self._window.inbox.select(conversation_id)
        if self._window.is_tight:
            self._window.show_reading(is_reading=True)

    def _step(self, step: int) -> None:
        model, here = self._desk.inbox.model, self._desk.inbox.model.row_of(self._desk.conversation.open_id)
        if model.rowCount():
            place = (0 if step > 0 else model.rowCount() - 1) if here is None else here + step
            self._open(model.at(min(max(place, 0), model.rowCount() - 1)).conversation_id)

    def _show_entry(self, entry: RailEntry) -> None:
        self._desk.inbox.show(entry)
        self._window.focus_pane(Pane.LIST)

    # -- writing -----------------------------------------------------------------------------------------------

    def _write(self, tab: ComposerTab) -> None:
        if self._desk.conversation.shown is not None:
            if self._window.is_tight:
                self._window.show_reading(is_reading=True)
            self._window.composer.show_tab(tab, with_focus=True)

    def _switch_tab(self) -> None:
        is_reply = self._window.composer.tab is ComposerTab.REPLY
        self._write(ComposerTab.NOTE if is_reply else ComposerTab.REPLY)

    def _send(self) -> None:
        sheet = self.open_sheet()
        if sheet is self._window.new_conversation:
            self._window.new_conversation.submit()
            return
        if sheet is not None or self._window.page_id is not PageId.INBOX:
            return
        composer = self._desk.composer
        if self._window.composer.tab is ComposerTab.REPLY:
            if self._window.composer.can_send:
                composer.send()
            else:
                self._window.toast.show_message(self._window.composer.hint())
            return
        note = composer.take_note()
        if note:
            self._desk.conversation.add_note(note, composer.note_written)

    def _propose(self) -> None:
        if self._desk.conversation.shown is None:
            return
        self._window.composer.show_tab(ComposerTab.REPLY)
        if self._window.composer.no_proposal:
            self._window.toast.show_message(self._window.composer.no_proposal)
        else:
            self._desk.composer.propose()

    def _approve(self) -> None:
        if self._window.composer.tab is ComposerTab.REPLY and self._desk.composer.approve():
            self._window.focus_pane(Pane.THREAD)

    def _discard(self) -> None:
        if self._desk.composer.state.proposal is not None:
            self._window.discard.open()

    def _next_fact(self) -> None:
        if self._desk.composer.state.facts:
            self._window.composer.show_tab(ComposerTab.REPLY)
            self._window.composer.show_in_full()
            self._window.composer.proposal.focus_next_fact()

    def _next_source(self) -> None:
        if self._desk.composer.state.sources:
            self._window.open_context()
            self._window.context.focus_next_source()

    def _stop(self) -> None:
        """Esc closes what lies on top, else stops a proposal, else leaves the text field."""
        sheet = self.open_sheet()
        if self._window.curtain.isVisible():
            self._window.curtain.lift()
        elif sheet is not None:
            sheet.close_sheet()
        elif self._window.page_id is not PageId.INBOX:
            if not self._window.stop_page():
                self._window.show_page(PageId.INBOX)
        elif self._desk.composer.stop():
            return
        elif self._window.conversation.find_bar.isVisible():
            self._window.conversation.find_bar.close_bar()
        elif not self._window.close_drawer() and self._window.pane_in_focus() is Pane.COMPOSER:
            self._window.focus_pane(Pane.THREAD)

    # -- the console -------------------------------------------------------------------------------------------

    def _find(self) -> None:
        if self._desk.conversation.shown is not None:
            self._window.conversation.find_bar.open()
        else:
            self._window.search.open()

    def _open_palette(self) -> None:
        self._window.palette_sheet.open_with(
            Entry(
                action.text(),
                command.group.title,
                "  ".join(self._keymap.keys_of(command)[:1]),
                command.icon,
                action.trigger,
            )
            for command, action in self._keymap.bound()
            if action.isEnabled() and command.command_id not in {CommandId.PALETTE, CommandId.STOP}
        )

    def _toggle_curtain(self) -> None:
        curtain = self._window.curtain
        curtain.lift() if curtain.isVisible() else curtain.draw()

    def _toggle_counter_mode(self) -> None:
        veil().draw(not veil().is_drawn)
        self.counter_mode_changed.emit(veil().is_drawn)

    def _toggle_single_keys(self) -> None:
        self._keymap.use_single_keys(not self._keymap.uses_single_keys)
        self.single_keys_changed.emit(self._keymap.uses_single_keys)
