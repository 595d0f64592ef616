"""What walls bring to the console: two commands, a page, three sheets, and what the status line says meanwhile."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.services.walls.service import WallView
from app.ui.components import announce
from app.ui.inbox.ages import counted
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow
from app.ui.walls.presenter import WallsPresenter
from app.ui.walls.words import refusal_words

if TYPE_CHECKING:
    from app.domain.walls import Access
    from app.ui.thread.presenter import OpenThread
    from app.ui.walls.access_sheet import AccessSheet
    from app.ui.walls.page import AccessPage
    from app.ui.walls.review_sheet import ReviewSheet
    from app.ui.walls.wall_sheet import WallSheet

SAY_SECONDS = 8.0


class WallsPart(QObject):
    """Owns what belongs to walls and emergency access in one window."""

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        keymap: KeyMap,
        commander: Commander,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._now_ms = now_ms
        self.presenter = WallsPresenter(desk.desk, self)
        state = self.presenter.state
        if state.may_see or state.may_ask:
            commander.offer_page(PageId.ACCESS, lambda: self.page)
        if state.may_ask:
            keymap.bind(CommandId.EMERGENCY_ACCESS, self.ask_access)
        if desk.desk.why_not(Right.RAISE_WALL) is None:
            keymap.bind(CommandId.WALL, self.ask_wall)
        self._connect()

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self.presenter.close()

    @cached_property
    def page(self) -> "AccessPage":
        """The page, made now if it was not."""
        from app.ui.walls.page import AccessPage  # noqa: PLC0415  needed when it is first shown

        page = AccessPage(self._now_ms)
        page.entered.connect(self.presenter.refresh)
        page.ask.clicked.connect(self.ask_access)
        page.review_wanted.connect(self._on_review_wanted)
        page.limits_wanted.connect(self.presenter.set_limits)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self.presenter.state)
        return page

    @cached_property
    def wall_sheet(self) -> "WallSheet":
        """Asks who may know of a conversation."""
        from app.ui.walls.wall_sheet import WallSheet  # noqa: PLC0415  needed when it is opened

        sheet = WallSheet(self._window.root)
        sheet.wall_wanted.connect(self.presenter.set_wall)
        sheet.lower_wanted.connect(self.presenter.lower_wall)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def access_sheet(self) -> "AccessSheet":
        """Asks for emergency access."""
        from app.ui.walls.access_sheet import AccessSheet  # noqa: PLC0415

        sheet = AccessSheet(self._window.root, self._desk.desk.sign_in.asks_code, self._now_ms)
        sheet.confirm_wanted.connect(self.presenter.confirm)
        sheet.open_wanted.connect(self.presenter.open)
        self.presenter.confirmed.connect(sheet.show_found)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def review_sheet(self) -> "ReviewSheet":
        """Asks for a judgement."""
        from app.ui.walls.review_sheet import ReviewSheet  # noqa: PLC0415

        sheet = ReviewSheet(self._window.root)
        sheet.judged.connect(self.presenter.review)
        self._commander.add_sheet(sheet)
        return sheet

    def ask_wall(self) -> None:
        """Read the wall round the open conversation, then ask."""
        cid = self._desk.conversation.open_id
        if cid is not None:
            self.presenter.look(cid)

    def ask_access(self) -> None:
        """Ask whose conversation, why, and who confirms it."""
        self.access_sheet.ask(self._desk.desk.emergency.second_people())

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.looked.connect(self._on_looked)
        presenter.moved.connect(self._on_moved)
        presenter.opened.connect(self._on_opened)
        presenter.over.connect(self._on_over)
        presenter.reviewed.connect(lambda: self._say(self.tr("The review is noted.")))
        presenter.failed.connect(self._on_failed)
        self._desk.conversation.thread_ready.connect(self._on_thread)
        self._window.status.access_ended.connect(presenter.end)

    def _on_thread(self, opened: "OpenThread") -> None:
        has_wall = opened.thread.conversation_id in self._desk.desk.ledger.keys.walled
        self._window.conversation.show_wall(has_wall)

    def _on_looked(self, view: WallView | None) -> None:
        shown = self._desk.conversation.shown
        if shown is not None:
            thread, desk = shown.thread, self._desk.desk
            self.wall_sheet.ask(
                thread.conversation_id, thread.contact_name, desk.walls.candidates(), desk.person.person_id, view
            )

    def _on_moved(self, cid: ConversationId, is_within: bool) -> None:
        has_wall = cid in self._desk.desk.ledger.keys.walled
        if not is_within:
            self._leave(cid)
        else:
            self._window.conversation.show_wall(has_wall)
        self._desk.inbox.refresh()
        self._say(
            self.tr("The wall stands. Nobody outside of it sees that there is such a conversation.")
            if has_wall
            else self.tr("The wall is gone: everybody who answers clients sees the conversation.")
        )

    def _on_opened(self, access: "Access") -> None:
        minutes = max(1, round((access.until_ms - self._now_ms()) / 60_000))
        words = self.tr("Open for {minutes}. It stands in the audit log and will be reviewed.")
        self._say(words.format(minutes=counted(minutes, self.tr("minute"), self.tr("minutes"))))
        self._window.status.show_access(is_open=True)
        self._desk.inbox.refresh()
        self._commander.open_conversation(access.conversation_id)

    def _on_over(self, ids: tuple[ConversationId, ...]) -> None:
        for cid in ids:
            self._leave(cid)
        if not self._desk.desk.emergency.running:
            self._window.status.show_access(is_open=False)
        self._desk.inbox.refresh()
        words = self.tr("The emergency access is over.")
        self._say(words)
        announce(self._window.status, words)

    def _leave(self, cid: ConversationId) -> None:
        """Take a conversation off the screen that the person may not see any more."""
        if self._desk.conversation.open_id == cid:
            self._desk.conversation.close()

    def _on_review_wanted(self, place: int) -> None:
        state = self.presenter.state
        access = state.accesses[place]
        fault = self._desk.desk.emergency.why_not_review(access)
        if fault is not None:
            self._say(refusal_words(_Coded(fault.value)))
        else:
            self.review_sheet.ask(access, state, self._now_ms())

    def _on_failed(self, error: Exception) -> None:
        words = refusal_words(error)
        if "access_sheet" in self.__dict__ and self.access_sheet.isVisible():
            self.access_sheet.say(words)
        else:
            self._say(words)

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)


class _Coded(Exception):  # noqa: N818 - carries a code to the words and is never raised
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
