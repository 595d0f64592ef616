"""The main window: puts the panes side by side, or one over the other where there is no room. Decides nothing else.

::

    demo band
    rail │ list │ thread and composer │ details
    status line
"""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

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
    """The panes that F6 goes through, in its order."""

    LIST = "list"
    THREAD = "thread"
    COMPOSER = "composer"
    CONTEXT = "context"
    RAIL = "rail"


class MainWindow(QMainWindow):
    """Holds the views of one open desk."""

    #: The person wants to close the window.
    close_requested = Signal()

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
        self.rail = Rail()
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
        self.palette_sheet = Palette(self.root)
        self.search = SearchSheet(self.root, now_ms)
        self.new_conversation = NewConversationSheet(self.root)
        self.discard = DiscardSheet(self.root)
        self.passage = PassageSheet(self.root)
        self.curtain = Curtain(self.root)
        self.resize(active().px(1366), active().px(768))

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
        """Bring the keyboard into a pane."""
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
        order = list(Pane)
        place = order.index(self.pane_in_focus())
        for _ in order:
            place = (place + step) % len(order)
            is_offered = self._can_focus(order[place]) or (self.is_tight and order[place] in {Pane.LIST, Pane.THREAD})
            if is_offered:
                self.focus_pane(order[place])
                return

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
        body.addWidget(self._splitter, 1)
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
        self.context.setVisible(self._is_drawer_open)
        if self._is_drawer_open:
            width = min(look.px(DRAWER_PX), self.width() - look.px(WIDTH_PX))
            corner = self._splitter.mapTo(self.root, QPoint(self._splitter.width() - width, 0))
            self.context.setGeometry(corner.x(), corner.y(), width, self._splitter.height())
            self.context.raise_()
