"""The proposal inside the composer: its own frame, its headline, its text, what to watch for, and its actions.

The frame has one height from the first moment to the last, so nothing below it jumps while words arrive. In a short
window, where it is shown alone, it takes all the room there is, and what has to be checked takes the place of the line
that names the sources: the text gets the rest.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.components import IconLabel, ProgressLine, Text, UntrustedLabel
from app.ui.composer.actions import ProposalActions
from app.ui.composer.proposal_text import ProposalText
from app.ui.composer.state import RUNNING, Phase, ProposalState
from app.ui.composer.words import explanation, headline, warning_words
from app.ui.theme import IconName, Radius, Role, Space, TextStyle, active

HEIGHT_PX = 244
ROOMY_PX = 316
SHORT_PX = 196
"""At least; in a short window the frame grows to what the window has."""
CRAMPED_PX = 244
"""Below it two or three lines of text are all there is (1366x768 at 200 % leaves 213)."""
SLIM_PX = 118
QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's word for no bound; PySide does not export it."""

_DRESS: dict[Phase, tuple[IconName, Role, Role]] = {  # icon, ink, wash
    Phase.URGENT: (IconName.EMERGENCY, Role.SIGNAL_INK, Role.SIGNAL_WASH),
    Phase.REFUSED: (IconName.WARNING, Role.CAUTION_INK, Role.CAUTION_WASH),
    Phase.HAND_OVER: (IconName.PEOPLE, Role.CAUTION_INK, Role.CAUTION_WASH),
    Phase.STALE: (IconName.HISTORY, Role.CAUTION_INK, Role.CAUTION_WASH),
    Phase.FAILED: (IconName.WARNING, Role.CAUTION_INK, Role.CAUTION_WASH),
    Phase.STOPPED: (IconName.STOP, Role.INK_SOFT, Role.ACCENT_WASH),
}
_USUAL = (IconName.DRAFT, Role.ACCENT_INK, Role.ACCENT_WASH)


class ProposalFrame(QWidget):
    """Shows a ``ProposalState``; the wishes come from ``action_row`` and ``text``."""

    #: Open a source; argument: its number.
    source_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ProposalState(Phase.NONE)
        self._icon = IconLabel(IconName.DRAFT)
        self._headline = Text("", TextStyle.STRONG)
        self._explanation = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", max_chars=300)
        self._progress = ProgressLine(self.tr("The proposal is being written"))
        self._progress.set_fraction(None)
        self.text = ProposalText()
        self.text.source_wanted.connect(self.source_wanted)
        self.action_row = ProposalActions()
        self._warnings = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._is_aside = False
        self._is_short = False
        self._has_room = True
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)  # within what ``_fit`` allows
        self.hide()

    def show_state(self, state: ProposalState) -> None:
        """Show one moment of the proposal."""
        before, self._state = self._state, state
        self.text.show_state(state)
        if state.phase in RUNNING and before.phase is state.phase and before.sources == state.sources:
            return  # only more words: nothing else moves
        icon, ink, _wash = _DRESS.get(state.phase, _USUAL)
        self._icon.set_icon(icon, ink)
        self._headline.setText(headline(state))
        self._explanation.set_untrusted(explanation(state))
        self._warnings.setText("\n".join(f"▲ {words}" for words in warning_words(state)))
        self._progress.setVisible(state.phase in RUNNING)
        self._show_parts(state)
        self.setVisible(state.phase is not Phase.NONE)
        self.update()

    def set_short(self, *, is_short: bool) -> None:
        """Take less height in a short window; a longer text scrolls."""
        if is_short is not self._is_short:
            self._is_short = is_short
            self._show_parts(self._state)

    def set_aside(self, *, is_aside: bool, has_room: bool) -> None:
        """The person writes: what would be sent is their text, so the proposal steps back and cannot be approved."""
        if (is_aside, has_room) != (self._is_aside, self._has_room):
            self._is_aside, self._has_room = is_aside, has_room
            self._show_parts(self._state)

    def say_refused(self, words: str) -> None:
        """Say, where the eye is, why nothing was sent; it stays until something changes."""
        self._warnings.setText(f"▲ {words}")
        self._warnings.setVisible(not self.text.isHidden())
        self._show_explanation()

    def focus_first(self) -> None:
        """Put the keyboard on what comes first: a fact that must be read, or the first action."""
        is_led = bool(self._state.unread) and self.text.isVisible() and self.text.focus_fact(self._state.unread[0])
        if not is_led and not self.action_row.focus_first():
            self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_next_fact(self) -> bool:
        """Put the keyboard on the next fact that nobody has checked; False when there is no fact."""
        place = self.text.next_to_check()
        return place is not None and self.text.isVisible() and self.text.focus_fact(place)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.text.refresh_look()
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the height."""
        super().resizeEvent(event)
        self._show_explanation()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = active(), QPainter(self)
        _icon, ink, wash = _DRESS.get(self._state.phase, _USUAL)
        edge = look.px(Radius.L)
        if self.rect().adjusted(edge, 2, -edge, -2).contains(event.rect()):
            # Most repaints are a few words or the progress line; rounding the whole frame for them costs milliseconds.
            painter.fillRect(event.rect(), look.colour(wash))
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.colour(wash))
        painter.setPen(QPen(look.colour(ink, 110), 1))
        radius = look.px(Radius.L)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
        painter.end()

    def _show_parts(self, state: ProposalState) -> None:
        is_folded = self._is_aside and not self._has_room
        self.text.setVisible((bool(state.text) or state.phase in RUNNING) and not is_folded)
        self._warnings.setVisible(bool(self._warnings.text()) and not is_folded)
        self._show_explanation()
        self.action_row.show_state(state, is_aside=self._is_aside)
        self._fit()

    def _show_explanation(self) -> None:
        is_cramped = self._is_short and self.height() < active().px(CRAMPED_PX)
        is_covered = is_cramped and not self._warnings.isHidden()
        self._explanation.setVisible(bool(explanation(self._state)) and not is_covered)

    def _fit(self) -> None:
        look = active()
        is_slim = self.text.isHidden()
        full_px = SHORT_PX if self._is_short else ROOMY_PX if self._has_room else HEIGHT_PX
        self.setFixedHeight(look.px(SLIM_PX if is_slim else full_px))
        if self._is_short and not is_slim:
            self.setMaximumHeight(QWIDGETSIZE_MAX)
        edge = look.px(Space.L)
        self._column.setContentsMargins(edge, look.px(Space.M), edge, look.px(Space.S))

    def _lay_out(self) -> None:
        look = active()
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._headline)
        lines.addWidget(self._explanation)
        words = QHBoxLayout()
        words.setSpacing(look.px(Space.M))
        words.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(lines, 1)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(look.px(6))
        column.addLayout(words)
        column.addWidget(self._progress)
        column.addWidget(self.text, 1)
        column.addWidget(self._warnings)
        column.addWidget(self.action_row)
