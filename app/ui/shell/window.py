"""The main window: puts the panes side by side, or one over the other where there is no room. Decides nothing else.

::

    demo band
    rail │ page, with a strip of tabs above those of the office
    status line

The page is the inbox (list │ thread and composer │ details) or one that was offered with ``offer_page``.
"""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import PersonId
from app.domain.office import Office, Person
from app.ui.components import readable_line
from app.ui.composer.pane import ComposerPane
from app.ui.context.pane import ContextPane
from app.ui.inbox.model import InboxModel
from app.ui.inbox.pane import InboxPane
from app.ui.palette.palette import Palette
from app.ui.palette.search import SearchSheet
from app.ui.shell.curtain import Curtain
from app.ui.shell.new_conversation import NewConversationSheet
from app.ui.shell.office_tabs import OfficeTabs
from app.ui.shell.pages import OFFICE_PAGES, Page, PageId
from app.ui.shell.rail import WIDTH_PX, Rail
from app.ui.shell.small_sheets import DiscardSheet, PassageSheet
from app.ui.shell.status import DemoBand, StatusLine
from app.ui.shell.toasts import Toasts
from app.ui.theme import active
from app.ui.thread.pane import ThreadPane

WIDE_PX = 1500
"""From here on the details stand beside the thread; below they are a drawer over it (1366 by 768 is below)."""

TIGHT_PX = 900
"""Below this the list and the thread take turns."""

SHORT_PX = 600
"""Below this height page and composer take turns (200 % on a screen of 768 lines)."""

ROOMY_PX = 860
"""From this height on a proposal stays in full while the person writes below it."""

LIST_SHARE = 0.30
CONTEXT_SHARE = 0.265
LIST_MAX_PX = 460
CONTEXT_MAX_PX = 420
DRAWER_PX = 360


class Pane(Enum):
    """The panes of the inbox that F6 goes through, in its order, and the rail."""

    LIST = "list"
    THREAD = "thread"
    COMPOSER = "composer"
    CONTEXT = "context"
    RAIL = "rail"


class MainWindow(QMainWindow):
    """Holds the views of one open desk."""

    #: The person wants to close the window.
    close_requested = Signal()
    #: Another page came to the front; argument: ``PageId``.
    page_changed = Signal(object)

    def __init__(
        self,
        office: Office,
        person: Person,
        model: InboxModel,
        now_ms: Callable[[], int],
        name_of: Callable[[PersonId | None], str | None],
    ) -> None:
        super().__init__()
        mark = self.tr("Demonstration · ") if office.is_demo else ""
        self.setWindowTitle(f"{mark}{readable_line(office.name, 60)} · Vestibule")
        self.setMinimumSize(560, 420)
        self._wants_context = True
        self._is_drawer_open = False
        self._is_reading = False
        self._may_close = False
        self._was_short = False
        self._makers: dict[PageId, Callable[[], Page]] = {}
        self._pages: dict[PageId, Page] = {}
        self._page_id = PageId.INBOX
        self._came_from: dict[PageId, QWidget | None] = {}
        self.rail = Rail()
        self.office_tabs = OfficeTabs()
        self.inbox = InboxPane(model, now_ms, name_of)
        self.composer = ComposerPane()
        self.conversation = ThreadPane(self.composer, now_ms, name_of)
        self.context = ContextPane(person.person_id, name_of, now_ms)
        self.status = StatusLine()
        self._band = DemoBand()
        self._band.setVisible(office.is_demo)
        self._lay_out()
        self.toast = Toasts(self.conversation.page, self.root)
        self.context.close_wanted.connect(self.toggle_context)
        self.rail.entry_wanted.connect(lambda _entry: self._leave_for_inbox())
        self.rail.page_wanted.connect(self.show_page)
        self.rail.office_wanted.connect(self._show_office)
        self.office_tabs.page_wanted.connect(self.show_page)
        self.palette_sheet = Palette(self.root)
        self.search = SearchSheet(self.root, now_ms)
        self.new_conversation = NewConversationSheet(self.root)
        self.discard = DiscardSheet(self.root)
        self.passage = PassageSheet(self.root)
        self.curtain = Curtain(self.root)
        self.resize(active().px(1366), active().px(768))

    # -- pages -------------------------------------------------------------------------------------------------

    @property
    def page_id(self) -> PageId:
        """The page in front."""
        return self._page_id

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages beside the inbox that have been made."""
        return tuple(self._pages.values())

    def offer_page(self, page_id: PageId, make: Callable[[], Page]) -> None:
        """Give a page its entry in the rail; ``make`` is called when it is first shown."""
        self._makers[page_id] = make
        if page_id in OFFICE_PAGES:
            self.office_tabs.offer_page(page_id)
        self.rail.offer_page(page_id)

    def show_page(self, page_id: PageId) -> None:
        """Bring a page to the front, with the keyboard where it was when the page was left."""
        if page_id is self._page_id:
            self._focus_again(page_id)
            return
        if page_id is not PageId.INBOX and page_id not in self._pages:
            self._pages[page_id] = self._makers[page_id]()
            self._stack.addWidget(self._pages[page_id])
            for place in self._pages[page_id].toast_places():
                self.toast.offer_place(place)
        self._came_from[self._page_id] = self.focusWidget()
        if self._page_id in self._pages:
            self._pages[self._page_id].leave()
        self._page_id = page_id
        self._is_drawer_open = False
        self._stack.setCurrentWidget(self._pages.get(page_id, self._splitter))
        self._arrange()
        self.rail.show_page(page_id)
        self.office_tabs.show_page(page_id)
        self.page_changed.emit(page_id)
        if page_id in self._pages:
            self._pages[page_id].enter()
        self._focus_again(page_id)

    def _show_office(self) -> None:
        if self.office_tabs.last is not None:
            self.show_page(self.office_tabs.last)

    def _leave_for_inbox(self) -> None:
        if self._page_id is not PageId.INBOX:
            self.show_page(PageId.INBOX)

    def refresh_page(self) -> None:
        """Have the page in front read again what it shows; the inbox does so by itself."""
        if self._page_id in self._pages:
            self._pages[self._page_id].enter()

    def stop_page(self) -> bool:
        """Let the page in front close or stop what is on top of it; False when there was nothing."""
        return self._page_id in self._pages and self._pages[self._page_id].stop()

    def _focus_again(self, page_id: PageId) -> None:
        here = self._pages.get(page_id, self._splitter)
        before = self._came_from.get(page_id)
        if before is not None and before.isVisible() and here.isAncestorOf(before):
            before.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif page_id in self._pages:
            self._pages[page_id].focus_first()
        else:
            self.focus_pane(Pane.LIST)

    # -- what is shown -----------------------------------------------------------------------------------------

    @property
    def is_wide(self) -> bool:
        """Room for the details beside the thread."""
        return self.width() >= active().px(WIDE_PX)

    @property
    def is_short(self) -> bool:
        """Not enough height for page and composer over each other."""
        return self.height() < active().px(SHORT_PX)

    @property
    def is_tight(self) -> bool:
        """Room for one of list and thread only."""
        return self.width() < active().px(TIGHT_PX)

    def show_reading(self, is_reading: bool) -> None:
        """In a tight window: the thread (True) or the list (False)."""
        self._is_reading = is_reading
        self._arrange()

    def toggle_context(self) -> None:
        """Show or hide the details, beside the thread or over it."""
        if self.is_wide:
            self._wants_context = not self._wants_context
        else:
            self._is_drawer_open = not self._is_drawer_open
        self._arrange()
        if self.context.isVisible():
            self.context.focus_first()

    def open_context(self) -> None:
        """Make sure that the details are to be seen."""
        if not self.context.isVisible():
            self.toggle_context()

    def close_drawer(self) -> bool:
        """Close the drawer; False when none is open."""
        if self.is_wide or not self._is_drawer_open:
            return False
        self._is_drawer_open = False
        self._arrange()
        self.focus_pane(Pane.THREAD)
        return True

    def pane_in_focus(self) -> Pane:
        """The pane that has the keyboard."""
        here: QWidget | None = self.focusWidget()
        while here is not None:
            for pane, widget in self._panes().items():
                if here is widget:
                    return pane
            here = here.parentWidget()
        return Pane.LIST

    def focus_pane(self, pane: Pane) -> None:
        """Bring the keyboard into a pane; those of the inbox bring its page to the front."""
        if pane is not Pane.RAIL and self._page_id is not PageId.INBOX:
            self.show_page(PageId.INBOX)
        if self.is_tight and pane in {Pane.LIST, Pane.THREAD, Pane.COMPOSER}:
            self.show_reading(pane is not Pane.LIST)
        {
            Pane.LIST: self.inbox.focus_list,
            Pane.THREAD: self._focus_page,
            Pane.COMPOSER: self.composer.focus_main,
            Pane.CONTEXT: self.context.focus_first,
            Pane.RAIL: self.rail.focus_first,
        }[pane]()

    def _focus_page(self) -> None:
        self.conversation.show_page()
        self.conversation.page.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step_pane(self, step: int) -> None:
        """Go to the next pane that can be seen, or the one before."""
        if self._page_id is not PageId.INBOX:
            self._step_stop(step)
            return
        order = list(Pane)
        place = order.index(self.pane_in_focus())
        for _ in order:
            place = (place + step) % len(order)
            is_offered = self._can_focus(order[place]) or (self.is_tight and order[place] in {Pane.LIST, Pane.THREAD})
            if is_offered:
                self.focus_pane(order[place])
                return

    def _step_stop(self, step: int) -> None:
        """Go through the places of a page beside the inbox, and the rail."""
        offered = (*self._pages[self._page_id].stops(), self.office_tabs.bar)
        stops = [stop for stop in offered if stop.isVisible() and stop.isEnabled()]
        here = self.focusWidget()
        place = next((at for at, stop in enumerate(stops) if here is stop or stop.isAncestorOf(here)), len(stops))
        place = (place + step) % (len(stops) + 1)
        if place == len(stops):
            self.rail.focus_first()
        else:
            stops[place].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _can_focus(self, pane: Pane) -> bool:
        if pane is Pane.THREAD:
            return self.conversation.isVisible()
        return self._panes()[pane].isVisible()

    def allow_close(self) -> None:
        """The next close is meant."""
        self._may_close = True

    # -- Qt ----------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the console decide."""
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_splitter"):
            self._arrange()

    def _panes(self) -> dict[Pane, QWidget]:
        return {
            Pane.COMPOSER: self.composer,
            Pane.LIST: self.inbox,
            Pane.THREAD: self.conversation,
            Pane.CONTEXT: self.context,
            Pane.RAIL: self.rail,
        }

    def _lay_out(self) -> None:
        self.root = QWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        for pane in (self.inbox, self.conversation):
            self._splitter.addWidget(pane)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.rail)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._splitter)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.office_tabs)
        beside.addWidget(self._stack, 1)
        body.addLayout(beside, 1)
        column = QVBoxLayout(self.root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._band)
        column.addLayout(body, 1)
        column.addWidget(self.status)
        self.setCentralWidget(self.root)
        self.setTabOrder(self.inbox.list, self.conversation.page)
        self.setTabOrder(self.conversation.page, self.composer.reply)

    def _arrange(self) -> None:
        look = active()
        self.inbox.setVisible(not self.is_tight or not self._is_reading)
        self.conversation.setVisible(not self.is_tight or self._is_reading)
        self.conversation.show_back(self.is_tight)
        self.composer.set_room(has_room=self.height() >= look.px(ROOMY_PX), is_short=self.is_short)
        if self.is_short is not self._was_short:
            self._was_short = self.is_short
            self.conversation.set_short(self.is_short)
        room = self.width() - look.px(WIDTH_PX)
        if self.is_wide:
            self._is_drawer_open = False
            if self.context.parentWidget() is not self._splitter:
                self._splitter.addWidget(self.context)
            self.context.show_as_drawer(is_drawer=False)
            self.context.setVisible(self._wants_context)
            context = min(look.px(CONTEXT_MAX_PX), int(room * CONTEXT_SHARE)) if self._wants_context else 0
        else:
            context = 0
            self._arrange_drawer()
        wanted = min(look.px(LIST_MAX_PX), int(room * LIST_SHARE) if not self.is_tight else room)
        wanted = max(wanted, look.px(320))
        self._splitter.setSizes([wanted, max(0, room - wanted - context), context])
        for place, stretch in enumerate((0, 1, 0)):
            if place < self._splitter.count():
                self._splitter.setStretchFactor(place, stretch)

    def _arrange_drawer(self) -> None:
        look = active()
        if self.context.parentWidget() is not self.root:
            self.context.setParent(self.root)
        self.context.show_as_drawer(is_drawer=True)
        is_shown = self._is_drawer_open and self._page_id is PageId.INBOX
        self.context.setVisible(is_shown)
        if is_shown:
            width = min(look.px(DRAWER_PX), self.width() - look.px(WIDTH_PX))
            corner = self._splitter.mapTo(self.root, QPoint(self._splitter.width() - width, 0))
            self.context.setGeometry(corner.x(), corner.y(), width, self._splitter.height())
            self.context.raise_()
