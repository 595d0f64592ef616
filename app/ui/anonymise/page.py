"""The page: what a conversation says beside what would leave of it, by which profile, and what every mark is about."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui.anonymise.both_sides import BothSides
from app.ui.anonymise.foot import LeavingFoot, WorkLine
from app.ui.anonymise.head import LeavingHead
from app.ui.anonymise.inspector import Inspector
from app.ui.anonymise.problems import problem_words
from app.ui.anonymise.rules_pane import RulesPane
from app.ui.anonymise.state import Chosen, LeavingState, Phase, Place
from app.ui.components import Banner, EmptyState, Tone, announce
from app.ui.shell.pages import Page
from app.ui.theme import IconName, Space, active

_WIDE_PX = 980
_INSPECTOR_PX = 288
_STRIP_PX = 132
_LOW_STRIP_PX = 84
_ROOMY_PX = 560


class LeavingPage(Page):
    """Lays out sides and inspector; decides nothing."""

    #: The page came to the front.
    entered = Signal()
    #: The page was left.
    left = Signal()
    #: Another profile is wanted; argument: ``Profile``.
    profile_wanted = Signal(object)
    #: The work is to stop.
    stop_wanted = Signal()
    #: The work is to be done once more.
    again_wanted = Signal()
    #: The text that would leave is to be taken along.
    copy_wanted = Signal()
    #: The rules of the office are to be shown.
    rules_wanted = Signal()
    #: Several conversations are to be taken along.
    set_wanted = Signal()
    #: The way back to the inbox.
    back_wanted = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = LeavingState()
        self._shown: object = None
        self._told: Chosen | None = None
        self.sides = BothSides(now_ms)
        self.inspector = Inspector()
        self.rules_pane = RulesPane(now_ms)
        self.head = LeavingHead()
        self.foot = LeavingFoot()
        self.work = WorkLine()
        title, _stop, text = self._clean_words().partition("\n")
        self._nothing = Banner(Tone.NEUTRAL, title, text)
        self._nothing.hide()
        self.problem = Banner(Tone.CAUTION)
        self._lay_out()
        self._connect()
        self.show_state(self._state)

    @property
    def is_wide(self) -> bool:
        """Room for the inspector beside the sides."""
        return self.width() >= active().px(_WIDE_PX)

    @property
    def is_roomy(self) -> bool:
        """Room for more than the sides and what is chosen."""
        return self.height() >= active().px(_ROOMY_PX)

    @property
    def phase(self) -> Phase:
        """What is shown."""
        return self._state.phase

    def show_state(self, state: LeavingState) -> None:
        """Show what is known."""
        self._state = state
        thread = state.thread
        self.head.show_state(state)
        if thread is not None and thread is not self._shown:
            self._shown = thread
            self.sides.show_thread(thread, self._place_in(state))
            self.foot.legend.show_thread(thread)
            found = ", ".join(self.foot.legend.words()) or self._clean_words()
            announce(self, self.tr("What would leave. {found}").format(found=found))
        elif thread is None and self._shown is not None:
            self._shown = None
            self.sides.clear()
            self.foot.legend.show_thread(None)
        self._show_phase(state)

    def show_progress(self, done: int, total: int) -> None:
        """How many messages of how many are done."""
        if self._state.phase is Phase.WORKING:
            self.work.show_progress(done, total)

    @property
    def is_showing_rules(self) -> bool:
        """Whether the rules are in front."""
        return self._stack.currentWidget() is self.rules_pane

    def show_rules(self) -> None:
        """Bring the rules of the office to the front."""
        self._stack.setCurrentWidget(self.rules_pane)
        self.rules_pane.focus_first()

    def show_conversation(self) -> None:
        """Bring the conversation back to the front."""
        self._stack.setCurrentIndex(0 if self._state.phase is Phase.EMPTY else 1)
        self.focus_first()

    def step(self, step: int) -> None:
        """Go to the next mark, or the next rule."""
        if self.is_showing_rules:
            self.rules_pane.step(step)
        else:
            self.sides.step(step)

    # -- Page --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Read again."""
        self.entered.emit()

    def leave(self) -> None:
        """Work for nobody."""
        self.left.emit()

    def focus_first(self) -> None:
        """Begin in the original."""
        target = self._empty if self._state.phase is Phase.EMPTY else self.sides.here
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """Both sides, what can be done, the profile in use, the foot."""
        if self.is_showing_rules:
            pane = self.rules_pane
            return pane.list, pane.form.text, pane.form.tried, pane.cases.check
        sides, inspector, foot = self.sides, self.inspector, self.foot
        used = self.head.profiles[self._state.profile]
        return sides.here, sides.leaving, inspector.lift, inspector.who, used, foot.copy, foot.rules, foot.several

    def toast_places(self) -> tuple[QWidget, ...]:
        """Over the sides or the list of rules, not over the buttons."""
        return self.sides, self.rules_pane.list, self

    def stop(self) -> bool:
        """Esc leads from the rules to the conversation, and stops what is being worked out."""
        if self.is_showing_rules:
            self.show_conversation()
            return True
        if self._state.phase is Phase.WORKING:
            self.stop_wanted.emit()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the size."""
        super().resizeEvent(event)
        self._arrange()

    # -- private -----------------------------------------------------------------------------------------------

    def _place_in(self, state: LeavingState) -> Place | None:
        before = self.sides.place() if self.sides.chosen or self.sides.here.toPlainText() else None
        assert state.thread is not None
        known = {message.event_id for message in state.thread.messages}
        return before if before is not None and before.event_id in known else None

    def _show_phase(self, state: LeavingState) -> None:
        phase, thread = state.phase, state.thread
        is_working = phase is Phase.WORKING
        self.work.setVisible(is_working)
        if is_working:
            self.work.begin()
        self.problem.setVisible(phase in {Phase.FAILED, Phase.STOPPED})
        if phase is Phase.STOPPED:
            self.problem.show_words(
                Tone.NEUTRAL,
                self.tr("Stopped."),
                self.tr("What stands here may be incomplete. Nothing has left."),
                self.tr("Go on"),
            )
        elif phase is Phase.FAILED and state.problem is not None:
            self._say_problem(state.problem)
        is_clean = phase is Phase.SHOWN and thread is not None and thread.found_count == 0
        self._nothing.setVisible(is_clean and self.is_roomy)
        self.inspector.show_advice(self._clean_words() if is_clean and not self.is_roomy else "")
        if not self.is_showing_rules:
            self._stack.setCurrentIndex(0 if phase is Phase.EMPTY else 1)
        self._offer()

    def _clean_words(self) -> str:
        return self.tr(
            "Nothing that identifies somebody was found.\n"
            "Read it before you share it: select words that were missed, then press M."
        )

    def _say_problem(self, error: Exception) -> None:
        title, text = problem_words(error)
        self.problem.show_words(Tone.CAUTION, title, text, self.tr("Try again"))

    def _on_chosen(self, chosen: Chosen | None) -> None:
        is_other = chosen != self._told
        self._told = chosen
        self.inspector.show_chosen(chosen)
        self._offer()
        focus = self.window().focusWidget()
        if chosen is not None and is_other and focus is not None and self.sides.isAncestorOf(focus):
            announce(self.inspector, self.inspector.words().replace("\n", ". "))

    def _offer(self) -> None:
        """Offer what can be done with what is shown."""
        thread, is_shown = self._state.thread, self._state.phase is Phase.SHOWN
        can_copy = is_shown and thread is not None and bool(thread.messages)
        self.foot.copy.setEnabled(can_copy)
        can_lift = is_shown and self.sides.chosen is not None
        self.inspector.offer(can_lift=can_lift, can_mark=is_shown, can_copy=can_copy)

    def _connect(self) -> None:
        self.head.profile_wanted.connect(self.profile_wanted)
        self.head.back_wanted.connect(self.back_wanted)
        self._empty.action_wanted.connect(self.back_wanted)
        self.rules_pane.back_wanted.connect(self.show_conversation)
        self.problem.action_wanted.connect(self.again_wanted)
        self.work.stop_wanted.connect(self.stop_wanted)
        self.sides.chosen_changed.connect(self._on_chosen)
        for place in (self.inspector, self.foot):
            place.copy_wanted.connect(self.copy_wanted)
            place.rules_wanted.connect(self.rules_wanted)
        self.foot.set_wanted.connect(self.set_wanted)

    def _arrange(self) -> None:
        look, is_wide = active(), self.is_wide
        is_roomy = self.is_roomy
        way = QBoxLayout.Direction
        self._body.setDirection(way.LeftToRight if is_wide else way.TopToBottom)
        self.head.set_room(is_wide=is_wide, is_roomy=is_roomy)
        self.foot.set_wide(is_wide=is_wide)
        self.inspector.set_room(is_wide=is_wide, is_short=not is_wide and not is_roomy)
        self.rules_pane.set_wide(is_wide=is_wide)
        if is_wide:
            self.inspector.setFixedWidth(look.px(_INSPECTOR_PX))
            self.inspector.setMaximumHeight(16_777_215)
        else:
            self.inspector.setMinimumWidth(0)
            self.inspector.setMaximumWidth(16_777_215)
            self.inspector.setMaximumHeight(look.px(_STRIP_PX if is_roomy else _LOW_STRIP_PX))
        self.foot.setVisible(is_wide or is_roomy)
        self.sides.set_roomy(is_roomy=is_roomy)
        self._show_phase(self._state)

    def _lay_out(self) -> None:
        look = active()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(look.px(Space.M))
        self._body.addWidget(self.sides, 1)
        self._body.addWidget(self.inspector)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(look.px(Space.L), look.px(Space.S), look.px(Space.L), look.px(Space.S))
        column.setSpacing(look.px(Space.S))
        for widget in (self.head, self.work, self.problem, self._nothing):
            column.addWidget(widget)
        column.addLayout(self._body, 1)
        column.addWidget(self.foot)
        self._empty = EmptyState(
            IconName.EYE_OFF,
            self.tr("No conversation is open"),
            self.tr("Open one in the inbox, then come back here. To take several along at once, press S."),
            self.tr("To the inbox"),
        )
        self._stack = QStackedWidget()
        for page in (self._empty, content, self.rules_pane):
            self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
