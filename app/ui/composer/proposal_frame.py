"""The proposal inside the composer: its own frame, its headline, text, warnings and the actions in their fixed order.

The frame has one height from the first moment to the last, so nothing below it jumps while words arrive.
"""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.ui.components import Button, ButtonKind, IconButton, IconLabel, ProgressLine, Text, UntrustedLabel
from app.ui.composer.proposal_text import ProposalText
from app.ui.composer.state import RUNNING, Phase, ProposalState
from app.ui.composer.words import explanation, headline, warning_words
from app.ui.theme import IconName, Radius, Role, Space, TextStyle, active

HEIGHT_PX = 244
ROOMY_PX = 316
SHORT_PX = 196
SLIM_PX = 118

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
    """Shows a ``ProposalState``; emits wishes."""

    #: Approve and send.
    approve_wanted = Signal()
    #: Put the text into the editor.
    edit_wanted = Signal()
    #: Propose again.
    regenerate_wanted = Signal()
    #: Shorter, warmer, simpler: open the choice at this widget; argument: the button.
    rewrite_wanted = Signal(object)
    #: Discard, with a reason.
    discard_wanted = Signal()
    #: Stop and keep what is there.
    stop_wanted = Signal()
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
        self._warnings = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._is_aside = False
        self._is_short = False
        self._has_room = True
        self._wanted: set[Button] = set()
        self._folded: list[Button] = []
        self._build_actions()
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
        self._explanation.setVisible(bool(explanation(state)))
        self._warnings.setText("\n".join(f"▲ {words}" for words in warning_words(state)))
        self._progress.setVisible(state.phase in RUNNING)
        self._show_parts(state)
        self.setVisible(state.phase is not Phase.NONE)
        self.update()

    def set_short(self, *, is_short: bool) -> None:
        """Take less height in a short window; a longer text scrolls."""
        if is_short is not self._is_short:
            self._is_short = is_short
            self._fit()

    def set_aside(self, *, is_aside: bool, has_room: bool) -> None:
        """The person writes: what would be sent is their text, so the proposal steps back and cannot be approved."""
        if (is_aside, has_room) != (self._is_aside, self._has_room):
            self._is_aside, self._has_room = is_aside, has_room
            self._show_parts(self._state)

    def focus_first_action(self) -> None:
        """Put the keyboard on the action that comes first."""
        buttons = (self._approve, self._edit, self._regenerate, self._stop)
        next((button for button in buttons if not button.isHidden()), self.text).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._fold_actions()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

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
        self._edit.setText(self.tr("Add it to my text") if self._is_aside else self.tr("Edit"))
        self._show_actions(state)
        self._fit()

    def _build_actions(self) -> None:
        self._approve = Button(
            self.tr("Approve and send"), kind=ButtonKind.PRIMARY, icon=IconName.SEND, key_hint="Ctrl+Shift+Enter"
        )
        self._edit = Button(self.tr("Edit"), icon=IconName.EDIT)
        self._edit.setToolTip(self.tr("Edit") + " · Ctrl+E")
        self._regenerate = _plain(self.tr("Propose again"), "D")
        self._rewrite = _plain(self.tr("Rewrite"), "W")
        self._discard = _plain(self.tr("Discard"), "X")
        self._more = IconButton(IconName.MORE, self.tr("More to do with this proposal"))
        self._stop = Button(self.tr("Stop"), icon=IconName.STOP, key_hint="Esc")
        self._approve.clicked.connect(self.approve_wanted)
        self._edit.clicked.connect(self.edit_wanted)
        self._regenerate.clicked.connect(self.regenerate_wanted)
        self._rewrite.clicked.connect(lambda: self.rewrite_wanted.emit(self._rewrite))
        self._discard.clicked.connect(self.discard_wanted)
        self._stop.clicked.connect(self.stop_wanted)
        self._more.clicked.connect(self._open_more)

    def _show_actions(self, state: ProposalState) -> None:
        is_running = state.phase in RUNNING
        has_text = bool(state.text.strip()) and not is_running
        self._approve.setVisible(state.can_be_approved and not self._is_aside)
        self._edit.setVisible(has_text)
        self._wanted = set()
        if not is_running:
            self._wanted.add(self._regenerate)
        if state.phase is Phase.READY and has_text:
            self._wanted.add(self._rewrite)
        if not is_running and (state.proposal is not None or has_text):
            self._wanted.add(self._discard)
        self._stop.setVisible(is_running)
        self._fold_actions()

    def _fold_actions(self) -> None:
        """What does not fit goes behind the last button, so that nothing is cut at 200 %."""
        secondary = (self._regenerate, self._rewrite, self._discard)
        for button in secondary:
            button.setVisible(button in self._wanted)
        room = self.width() - 2 * active().px(Space.L) - self._more.sizeHint().width()
        first = (self._approve, self._edit, self._stop)
        needed = sum(button.sizeHint().width() for button in first if not button.isHidden())
        self._folded = []
        for button in secondary:
            needed += button.sizeHint().width() + active().px(Space.XS)
            if button in self._wanted and needed > room:
                button.hide()
                self._folded.append(button)
        self._more.setVisible(bool(self._folded))

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._folded:
            menu.addAction(button.text(), button.click)
        menu.popup(self._more.mapToGlobal(self._more.rect().topLeft()) - QPoint(0, menu.sizeHint().height()))

    def _fit(self) -> None:
        look = active()
        is_slim = self.text.isHidden()
        full_px = SHORT_PX if self._is_short else ROOMY_PX if self._has_room else HEIGHT_PX
        self.setFixedHeight(look.px(SLIM_PX if is_slim else full_px))
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
        actions = QHBoxLayout()
        actions.setSpacing(look.px(Space.XS))
        for button in (self._approve, self._edit, self._stop, self._regenerate, self._rewrite, self._discard):
            actions.addWidget(button)
        actions.addStretch(1)
        actions.addWidget(self._more)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(look.px(6))
        column.addLayout(words)
        column.addWidget(self._progress)
        column.addWidget(self.text, 1)
        column.addWidget(self._warnings)
        column.addLayout(actions)


def _plain(text: str, key: str) -> Button:
    """A quiet action whose key is in the tooltip only: the row has room for two drawn keys."""
    button = Button(text, kind=ButtonKind.PLAIN)
    button.setToolTip(f"{text} · {key}")
    return button
