"""The channel in one open conversation: who writes, what stands above, attachments both ways, the safety number."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.domain.channel import MAX_FILE_BYTES, ChannelThread
from app.domain.conversation import Thread
from app.domain.ids import ConversationId, EventId
from app.store.files import replace_file
from app.ui.channel.banner import Notice, WayOn, no_proposal_words, notice_of
from app.ui.channel.presenter import ChannelPresenter
from app.ui.channel.preview import NoPreview, Preview, preview_of
from app.ui.channel.questions import attach_question, end_question
from app.ui.channel.reasons import problem_words
from app.ui.components import announce
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow
from app.ui.thread.presenter import OpenThread

if TYPE_CHECKING:
    from app.ui.background import BackgroundRunner
    from app.ui.channel.asking_sheet import AskingSheet
    from app.ui.channel.file_sheet import FileSheet
    from app.ui.channel.safety_sheet import SafetySheet

SAY_SECONDS = 8.0


class ChannelConversation(QObject):
    """Follows the open conversation; does nothing for one that came through another door."""

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        presenter: ChannelPresenter,
        asking: "Callable[[], AskingSheet]",
        invite: Callable[[str], object],
        keymap: KeyMap,
        commander: Commander,
    ) -> None:
        """Follow the conversations of one window; ``asking`` gives the sheet that asks, ``invite`` invites by name."""
        super().__init__(presenter)
        self._window = window
        self._desk = desk
        self._presenter = presenter
        self._asking = asking
        self._invite = invite
        self._commander = commander
        self._runner: BackgroundRunner = presenter.runner
        self._thread: Thread | None = None
        self._known: ChannelThread | None = None
        self._notice: Notice | None = None
        self._connect()
        keymap.bind(CommandId.SAFETY_NUMBER, self.compare)
        keymap.bind(CommandId.FILES, self.show_files)
        keymap.bind(CommandId.ATTACH, self.pick_file)
        keymap.bind(CommandId.END_CHANNEL, self.ask_end)

    @property
    def known(self) -> ChannelThread | None:
        """What the channel knows of the open conversation; None when it came through another door."""
        return self._known

    @cached_property
    def safety(self) -> "SafetySheet":
        """The safety number."""
        from app.ui.channel.safety_sheet import SafetySheet  # noqa: PLC0415  needed when it is opened

        sheet = SafetySheet(self._window.root)
        sheet.same.connect(self._on_same)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def files(self) -> "FileSheet":
        """The attachments."""
        from app.ui.channel.file_sheet import FileSheet  # noqa: PLC0415  needed when it is opened

        sheet = FileSheet(self._window.root)
        sheet.look_wanted.connect(self._look_at)
        sheet.save_wanted.connect(self._pick_place)
        sheet.removal_wanted.connect(self._remove)
        self._commander.add_sheet(sheet)
        return sheet

    def compare(self) -> None:
        """Show the safety number."""
        if self._thread is not None and self._known is not None:
            peer, name = self._known.peer, self._thread.contact_name
            self.safety.ask(self._thread.conversation_id, name, peer, self._desk.now_ms())

    def show_files(self, first: str | None = None) -> None:
        """Show the attachments, beginning with one of them."""
        if self._known is None or not self._known.files or self._thread is None:
            self._say(self.tr("There are no attachments in this conversation."))
            return
        known = self._known.files
        order = [item.event_id for item in reversed(self._thread.items) if item.event_id in known]
        self.files.ask(
            tuple((event_id, known[event_id]) for event_id in order), None if first is None else EventId(first)
        )

    def pick_file(self) -> None:
        """Ask which file goes along."""
        if self._known is None or self._known.peer.has_ended:
            self._say(problem_words("not_over_channel" if self._known is None else "has_ended"))
            return
        options = QFileDialog.Option.DontUseNativeDialog
        chosen, _kind = QFileDialog.getOpenFileName(
            self._window, self.tr("A file for this conversation, 25 MB at most"), str(Path.home()), options=options
        )
        if chosen:
            self.ask_attach(Path(chosen))

    def ask_attach(self, file: Path) -> None:
        """Ask before a file leaves, or say why it cannot."""
        thread = self._thread
        if thread is None:
            return
        try:
            size = file.stat().st_size
        except OSError:
            self._say(problem_words("unreadable"))
            return
        if not 0 < size <= MAX_FILE_BYTES:
            self._say(problem_words("file_too_large" if size else "file_empty"))
            return
        cid = thread.conversation_id
        self._asking().ask(attach_question(file.name, size, thread.contact_name), lambda: self._attach(cid, file))

    def ask_end(self) -> None:
        """Ask before the office ends a conversation."""
        thread = self._thread
        if thread is None or self._known is None or self._known.peer.has_ended:
            self._say(problem_words("not_over_channel" if self._known is None else "has_ended"))
            return
        cid = thread.conversation_id
        self._asking().ask(end_question(thread.contact_name), lambda: self._end(cid))

    def save(self, event_id: EventId, file: Path) -> None:
        """Write an attachment outside the vault without asking where."""
        self._runner.run(
            lambda: replace_file(file, self._presenter.service().attachment(event_id)),
            done=lambda _none: self._say(self.tr("Saved. It lies outside the vault now.")),
            failed=self._on_failed,
        )

    def _connect(self) -> None:
        self._desk.conversation.thread_ready.connect(self._on_thread)
        self._desk.conversation.closed.connect(lambda: self._show(None, None))
        self._window.conversation.channel_banner.action_wanted.connect(self._go_on)
        self._window.conversation.page.file_wanted.connect(self.show_files)
        self._window.composer.attach_wanted.connect(self.pick_file)
        self._window.context.channel.safety_wanted.connect(self.compare)
        self._window.context.channel.files_wanted.connect(self.show_files)

    def _on_thread(self, opened: OpenThread) -> None:
        before = self._notice
        self._show(opened.thread, opened.channel)
        if self._notice is not None and self._notice != before:
            announce(self._window, f"{self._notice.title}. {self._notice.text}")

    def _show(self, thread: Thread | None, known: ChannelThread | None) -> None:
        self._thread, self._known = thread, known
        now_ms = self._desk.now_ms()
        self._window.context.show_channel(known)
        self._window.composer.show_channel(
            is_channel=known is not None,
            has_ended=known is not None and known.peer.has_ended,
            no_proposal=no_proposal_words(known),
        )
        notice = self._notice = notice_of(known, now_ms)
        banner = self._window.conversation.channel_banner
        banner.setVisible(notice is not None)
        if notice is not None:
            banner.show_words(notice.tone, notice.title, notice.text, notice.action)

    def _go_on(self) -> None:
        way = WayOn.NONE if self._notice is None else self._notice.way_on
        if way is WayOn.COMPARE:
            self.compare()
        elif way is WayOn.REQUESTS:
            self._window.show_page(PageId.REQUESTS)
        elif way is WayOn.INVITE and self._thread is not None:
            self._invite(self._thread.contact_name)

    def _on_same(self, conversation_id: str) -> None:
        self._runner.run(
            lambda: self._presenter.service().verify(ConversationId(conversation_id)),
            done=lambda _none: self._on_verified(),
            failed=self._on_failed,
        )

    def _on_verified(self) -> None:
        self._say(self.tr("Noted, with your name: compared by phone."))
        self._desk.conversation.refresh_soon()

    def _look_at(self, event_id: str) -> None:
        def look() -> Preview | NoPreview:
            return preview_of(self._presenter.service().attachment(EventId(event_id)))

        self._runner.run(
            look,
            done=lambda found: self.files.show_preview(EventId(event_id), found),
            failed=lambda error: self.files.show_problem(problem_words(_code_of(error))),
            topic="attachment",
        )

    def _pick_place(self, event_id: str) -> None:
        known = self._known.files.get(EventId(event_id)) if self._known is not None else None
        if known is None:
            return
        options = QFileDialog.Option.DontUseNativeDialog
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Where to, outside the vault"),
            str(Path.home() / safe_name(known.name)),
            options=options,
        )
        if chosen:
            self.save(EventId(event_id), Path(chosen))

    def _remove(self, event_id: str) -> None:
        """Ask as for words that are taken out; whoever may not is told so there."""
        items = () if self._thread is None else self._thread.items
        item = next((one for one in items if one.event_id == event_id), None)
        if item is not None:
            self._window.conversation.redact_wanted.emit(item, item.text)

    def _attach(self, conversation_id: ConversationId, file: Path) -> None:
        def attach() -> object:
            with file.open("rb") as opened:
                data = opened.read(MAX_FILE_BYTES + 1)
            return self._presenter.service().attach(conversation_id, file.name, data)

        self._runner.run(
            attach,
            done=lambda _event: self._desk.conversation.refresh_soon(),
            failed=self._on_failed,
        )

    def _end(self, conversation_id: ConversationId) -> None:
        self._runner.run(
            lambda: self._presenter.service().end(conversation_id),
            done=lambda _none: self._desk.conversation.refresh_soon(),
            failed=self._on_failed,
        )

    def _on_failed(self, error: Exception) -> None:
        self._say(problem_words(_code_of(error)))

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)


def safe_name(untrusted_name: str) -> str:
    """Return the name as one that no shell and no file manager takes for more than a name.

    Its ending stays visible: what hides it (a right-to-left mark, a run of spaces) goes.
    """
    kept = "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in untrusted_name)
    name = " ".join(kept.split()).strip(". ")[-120:].lstrip(". ")
    return name or "attachment"


def _code_of(error: Exception) -> str:
    return str(getattr(error, "code", "")) or ("unreadable" if isinstance(error, OSError) else "failed")
