"""The middle pane: who it is, what can be decided, the page, and room for the composer below."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.domain.conversation import ConversationState, Origin, Thread, Urgency
from app.domain.ids import PersonId
from app.ui.components import Banner, Button, ButtonKind, Chip, EmptyState, IconButton, PersonLabel, Tone
from app.ui.composer.pane import ComposerPane
from app.ui.inbox.ages import clock_words
from app.ui.theme import IconName, Space, TextStyle, active
from app.ui.thread.find_bar import FindBar
from app.ui.thread.page import ThreadPage
from app.ui.thread.presenter import OpenThread

_TIGHT_PX = 640


class ThreadPane(QWidget):
    """Shows an ``OpenThread``; emits wishes."""

    #: Mark the conversation done.
    done_wanted = Signal()
    #: Put it back into the inbox.
    reopen_wanted = Signal()
    #: Choose a time to snooze to; argument: the button at which to open the choice.
    snooze_wanted = Signal(object)
    #: Go back to the list (only offered when the list is hidden).
    back_wanted = Signal()
    #: Show or hide the details.
    details_wanted = Signal()
    #: A reply of the office is to become an approved answer; argument: its text.
    answer_wanted = Signal(str)
    #: Selected words are to be taken out for good; arguments: ``ThreadItem``, the words.
    redact_wanted = Signal(object, str)

    def __init__(
        self,
        composer: ComposerPane,
        now_ms: Callable[[], int],
        name_of: Callable[[PersonId | None], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._composer = composer
        self._is_short = False
        composer.room_wanted.connect(self.show_composer)
        self._thread: Thread | None = None
        self.page = ThreadPage(now_ms, name_of)
        self.page.answer_wanted.connect(self.answer_wanted)
        self.page.redact_wanted.connect(self.redact_wanted)
        self.find_bar = FindBar(self.page)
        self.banner = Banner()
        self.banner.hide()
        self.alarm = Banner(
            Tone.SIGNAL,
            self.tr("An emergency: call them now"),
            self.tr(
                "Follow the emergency plan of the office, then write. Keep their exact words. No model writes here."
            ),
        )
        self.alarm.hide()
        self.channel_banner = Banner()
        self.channel_banner.hide()
        self._name = PersonLabel(style=TextStyle.HEADING)
        self._origin = Chip("")
        self._urgency = Chip("", tone=Tone.SIGNAL, icon=IconName.FLAG)
        self._state = Chip("", icon=IconName.SNOOZE)
        self._wall = Chip(self.tr("Within a wall"), tone=Tone.CAUTION, icon=IconName.LOCK)
        self._wall.hide()
        self._build_actions()
        self._lay_out()
        self.show_nothing()

    def show_thread(self, opened: OpenThread) -> None:
        """Show the head and the page."""
        thread = self._thread = opened.thread
        self._name.set_untrusted(thread.contact_name)
        self._origin.set_text(self._origin_words(thread.origin))
        self._urgency.setVisible(thread.urgency is not Urgency.ROUTINE)
        if thread.urgency is not Urgency.ROUTINE:
            self._urgency.set_text(urgency_word(self, thread.urgency))
            self._urgency.set_tone(_TONES[thread.urgency])
        self.alarm.setVisible(thread.urgency is Urgency.EMERGENCY and thread.state is ConversationState.OPEN)
        self._show_state(thread)
        self._stack.setCurrentIndex(1)
        self.page.setAccessibleName(self.tr("Conversation with {name}").format(name=self._name.text()))
        if opened.is_fresh:
            self.show_page()
        self.page.show_thread(opened)

    def show_wall(self, has_wall: bool) -> None:
        """Say that only named people know of the conversation."""
        self._wall.setVisible(has_wall)

    def show_nothing(self) -> None:
        """No conversation is open."""
        self._thread = None
        self.page.clear_thread()
        self._stack.setCurrentIndex(0)

    def set_short(self, is_short: bool) -> None:
        """In a short window page and composer take turns; otherwise both are there."""
        self._is_short = is_short
        self.show_page()

    def show_page(self) -> None:
        """Give the room to the page."""
        self.page.show()
        self._composer.set_folded(is_folded=self._is_short)

    def show_composer(self) -> None:
        """Give the room to the composer, in a short window all of it."""
        self._composer.set_folded(is_folded=False)
        self.page.setVisible(not self._is_short)

    def show_back(self, is_offered: bool) -> None:
        """Offer the way back to the list."""
        self._back.setVisible(is_offered)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.page.refresh_look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._origin.setVisible(self.width() > active().px(_TIGHT_PX))

    def _show_state(self, thread: Thread) -> None:
        is_open = thread.state is ConversationState.OPEN
        self._done.setVisible(is_open)
        self.snooze_button.setVisible(is_open)
        self._reopen.setVisible(not is_open)
        self._state.setVisible(not is_open)
        if thread.state is ConversationState.DONE:
            self._state.set_text(self.tr("Done"))
        elif thread.snoozed_until_ms is not None:
            moment = clock_words(thread.snoozed_until_ms, self._now_ms())
            self._state.set_text(self.tr("Snoozed until {moment}").format(moment=moment))

    def _build_actions(self) -> None:
        self._back = IconButton(IconName.ARROW_LEFT, self.tr("Back to the list"), key_hint="F6")
        self._back.clicked.connect(self.back_wanted)
        self._back.hide()
        self.snooze_button = IconButton(IconName.SNOOZE, self.tr("Snooze"), key_hint="B")
        self.snooze_button.clicked.connect(lambda: self.snooze_wanted.emit(self.snooze_button))
        self._done = Button(self.tr("Done"), icon=IconName.DONE, key_hint="E")
        self._done.clicked.connect(self.done_wanted)
        self._reopen = Button(self.tr("Reopen"), kind=ButtonKind.QUIET, icon=IconName.UNDO)
        self._reopen.clicked.connect(self.reopen_wanted)
        self._details = IconButton(IconName.PANEL, self.tr("Show or hide details"), key_hint="I")
        self._details.clicked.connect(self.details_wanted)

    def _lay_out(self) -> None:
        look = active()
        head = QHBoxLayout()
        head.setContentsMargins(look.px(28), look.px(Space.S), look.px(Space.L), look.px(Space.S))
        head.setSpacing(look.px(Space.S))
        head.addWidget(self._back)
        head.addWidget(self._name, 1)
        for mark in (self._wall, self._urgency, self._state, self._origin):
            head.addWidget(mark)
        for button in (self.snooze_button, self._done, self._reopen, self._details):
            head.addWidget(button)
        holder = QWidget()
        holder.setProperty("surface", "surface")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        holder.setLayout(head)
        conversation = QWidget()
        column = QVBoxLayout(conversation)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (holder, self.alarm, self.channel_banner, self.banner, self.find_bar, self.page, self._composer):
            stretch = 1 if widget is self.page else 0
            column.addWidget(widget, stretch)
        nothing = EmptyState(
            IconName.VESTIBULE,
            self.tr("Nobody in front of you"),
            self.tr("Choose a conversation, or press G for the one that has waited longest."),
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(nothing)
        self._stack.addWidget(conversation)

    def _origin_words(self, origin: Origin) -> str:
        return {
            Origin.PHONE: self.tr("Phone call"),
            Origin.WALK_IN: self.tr("Walk-in"),
            Origin.PASTED: self.tr("Pasted text"),
            Origin.IMPORTED: self.tr("Imported"),
            Origin.CHANNEL: self.tr("Channel"),
        }[origin]


_TONES = {Urgency.SOON: Tone.NEUTRAL, Urgency.URGENT: Tone.CAUTION, Urgency.EMERGENCY: Tone.SIGNAL}


def urgency_word(widget: QWidget, urgency: Urgency) -> str:
    """The word of an urgency, with the widget's translations."""
    return {
        Urgency.ROUTINE: widget.tr("Routine"),
        Urgency.SOON: widget.tr("Soon"),
        Urgency.URGENT: widget.tr("Urgent"),
        Urgency.EMERGENCY: widget.tr("Emergency"),
    }[urgency]
