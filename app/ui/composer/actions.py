"""The actions of a proposal in their fixed order; what does not fit goes behind the last button."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.ui.components import Button, ButtonKind, IconButton
from app.ui.composer.state import RUNNING, Phase, ProposalState
from app.ui.theme import IconName, Space, active

_REWRITTEN = frozenset({Phase.READY, Phase.FAILED, Phase.STOPPED})


class ProposalActions(QWidget):
    """One row of buttons; emits wishes."""

    #: Approve and send.
    approve_wanted = Signal()
    #: Put the text into the editor.
    edit_wanted = Signal()
    #: Propose again.
    regenerate_wanted = Signal()
    #: Shorter, warmer, simpler, as told: open the choice at this widget; argument: the button.
    rewrite_wanted = Signal(object)
    #: Show the text before the rewrite beside the one after it.
    compare_wanted = Signal()
    #: Take the text before the rewrite.
    back_wanted = Signal()
    #: Discard, with a reason.
    discard_wanted = Signal()
    #: Stop and keep what is there.
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: set[Button] = set()
        self._folded: list[Button] = []
        self._build()
        self._connect()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active().px(Space.XS))
        for button in (*self._first, *self._second):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._more)

    def show_state(self, state: ProposalState, *, is_aside: bool) -> None:
        """Offer what can be done with this; beside text of the person nothing can be approved."""
        is_running = state.phase in RUNNING
        has_text = bool(state.text.strip()) and not is_running
        self._approve.setVisible(state.can_be_approved and not is_aside)
        self._approve.set_kind(ButtonKind.QUIET if state.unread else ButtonKind.PRIMARY)
        self._edit.setText(self.tr("Add it to my text") if is_aside else self.tr("Edit"))
        self._edit.setVisible(has_text)
        self._stop.setVisible(is_running)
        is_rewrite = state.before is not None and state.phase in _REWRITTEN
        self._back.setVisible(is_rewrite and state.phase is not Phase.READY)
        wanted = {
            self._compare: is_rewrite and state.phase is Phase.READY,
            self._regenerate: not is_running,
            self._rewrite: state.phase is Phase.READY and has_text,
            self._discard: not is_running and (state.proposal is not None or has_text),
        }
        self._wanted = {button for button, is_wanted in wanted.items() if is_wanted}
        self._fold()

    def focus_first(self) -> bool:
        """Put the keyboard on the action that comes first; False when there is none."""
        button = next((button for button in (*self._first, *self._second) if not button.isHidden()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return button is not None

    def first_button(self) -> Button:
        """The button that Tab reaches first."""
        return self._approve

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._fold()

    def _build(self) -> None:
        self._approve = Button(
            self.tr("Approve and send"), kind=ButtonKind.PRIMARY, icon=IconName.SEND, key_hint="Ctrl+Shift+Enter"
        )
        self._edit = Button(self.tr("Edit"), icon=IconName.EDIT)
        self._edit.setToolTip(self.tr("Edit") + " · Ctrl+E")
        self._back = Button(self.tr("Back to the old one"), icon=IconName.UNDO)
        self._compare = _plain(self.tr("Compare"), "V")
        self._regenerate = _plain(self.tr("Propose again"), "D")
        self._rewrite = _plain(self.tr("Rewrite"), "W")
        self._discard = _plain(self.tr("Discard"), "X")
        self._more = IconButton(IconName.MORE, self.tr("More to do with this proposal"))
        self._stop = Button(self.tr("Stop"), icon=IconName.STOP, key_hint="Esc")
        self._first = (self._approve, self._edit, self._stop, self._back)
        self._second = (self._compare, self._rewrite, self._regenerate, self._discard)

    def _connect(self) -> None:
        self._approve.clicked.connect(self.approve_wanted)
        self._edit.clicked.connect(self.edit_wanted)
        self._back.clicked.connect(self.back_wanted)
        self._compare.clicked.connect(self.compare_wanted)
        self._regenerate.clicked.connect(self.regenerate_wanted)
        self._rewrite.clicked.connect(lambda: self.rewrite_wanted.emit(self._rewrite))
        self._discard.clicked.connect(self.discard_wanted)
        self._stop.clicked.connect(self.stop_wanted)
        self._more.clicked.connect(self._open_more)

    def _fold(self) -> None:
        """Nothing is cut, at 200 % either."""
        for button in self._second:
            button.setVisible(button in self._wanted)
        room = self.width() - self._more.sizeHint().width()
        needed = sum(button.sizeHint().width() for button in self._first if not button.isHidden())
        self._folded = []
        for button in self._second:
            if button not in self._wanted:
                continue
            needed += button.sizeHint().width() + active().px(Space.XS)
            if needed > room:
                button.hide()
                self._folded.append(button)
        self._more.setVisible(bool(self._folded))

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._folded:
            menu.addAction(button.text(), button.click)
        menu.popup(self._more.mapToGlobal(self._more.rect().topLeft()) - QPoint(0, menu.sizeHint().height()))


def _plain(text: str, key: str) -> Button:
    """A quiet action whose key is in the tooltip only: the row has room for two drawn keys."""
    button = Button(text, kind=ButtonKind.PLAIN)
    button.setToolTip(f"{text} · {key}")
    return button
