"""The page: a headline that says whether the office is in order, what can be done, and the list of backups."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.backups.state import BackupsState, Work
from app.ui.backups.words import explanation, headline, problem_words, rehearsal_words, snapshot_words
from app.ui.components import (
    Button,
    ButtonKind,
    Card,
    IconLabel,
    ProgressLine,
    SectionHeader,
    Text,
    UntrustedLabel,
)
from app.ui.components.facts import ButtonRow
from app.ui.shell.pages import Page
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active

_WIDTH_PX = 760
_SHOWN = 12


class BackupsPage(Page):
    """Lays out what the presenter says; decides nothing."""

    #: The page came to the front.
    entered = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._now_ms = now_ms
        self._state = BackupsState()
        self.take = Button(self.tr("Back up now"), kind=ButtonKind.PRIMARY, icon=IconName.DISK, key_hint="B")
        self.rehearse = Button(self.tr("Rehearse…"), icon=IconName.CHECK, key_hint="R")
        self.choose = Button(self.tr("Choose a folder…"), icon=IconName.SETTINGS, key_hint="F")
        self.stop_button = Button(self.tr("Stop"), icon=IconName.STOP)
        self._buttons = ButtonRow(self.take, self.rehearse, self.choose, self.stop_button)
        self._icon = IconLabel(IconName.DISK, Role.INK_SOFT, Size.ICON_L)
        self._headline = Text("", TextStyle.TITLE, is_wrapping=True)
        self._explanation = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._problem = Text("", TextStyle.BODY, ink="signal", is_wrapping=True)
        self._progress = ProgressLine(self.tr("Backup"))
        self._folder = UntrustedLabel("", max_chars=300)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fixed = Text(self.tr("Fixed for this machine by IT."), TextStyle.SMALL, ink="faint")
        self._rehearsal = Text("", TextStyle.BODY, is_wrapping=True)
        self._rows = [Text("", TextStyle.BODY) for _ in range(_SHOWN)]
        self._more = Text("", TextStyle.SMALL, ink="faint")
        self._list = Card()
        self._lay_out()

    def show_state(self, state: BackupsState) -> None:
        """Show it."""
        self._state = state
        is_well = state.newest is not None and state.is_reached and not state.is_late(self._now_ms())
        self._icon.set_icon(
            IconName.DONE if is_well else IconName.WARNING, Role.ACCENT_INK if is_well else Role.CAUTION_INK
        )
        self._headline.setText(headline(state, self._now_ms()))
        self._explanation.setText(explanation(state))
        self._problem.setText(problem_words(state.problem) if state.problem else "")
        self._problem.setVisible(bool(state.problem))
        self._folder.set_untrusted(str(state.folder) if state.folder is not None else self.tr("None"))
        self._fixed.setVisible(state.is_fixed)
        self._rehearsal.setText(rehearsal_words(state.rehearsed))
        self._show_work(state)
        self._show_list(state)

    # -- Page --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Read again."""
        self.entered.emit()

    def focus_first(self) -> None:
        """Begin with what is most likely wanted."""
        ready = (button for button in self.stops() if button.isEnabled() and button.isVisible())
        next(ready, self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons."""
        return self.take, self.rehearse, self.choose, self.stop_button

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_body"):
            self._fit()

    # -- private -----------------------------------------------------------------------------------------------

    def _show_work(self, state: BackupsState) -> None:
        is_idle = state.work is Work.NONE
        self._progress.setVisible(not is_idle)
        self._progress.set_fraction(state.fraction if not is_idle else 0.0)
        self.stop_button.setVisible(state.work is Work.COPYING)
        self.take.setEnabled(is_idle and state.folder is not None and state.is_reached)
        self.rehearse.setEnabled(is_idle and state.newest is not None)
        self.rehearse.setToolTip("" if state.newest else self.tr("There is no backup to rehearse yet."))
        self.choose.setEnabled(is_idle and not state.is_fixed)
        self._buttons.arrange()

    def _show_list(self, state: BackupsState) -> None:
        self._list.setVisible(bool(state.snapshots))
        for label, info in zip(self._rows, state.snapshots, strict=False):
            label.setText(snapshot_words(info, self._now_ms()))
        for place, label in enumerate(self._rows):
            label.setVisible(place < len(state.snapshots))
        left = len(state.snapshots) - _SHOWN
        self._more.setVisible(left > 0)
        self._more.setText(self.tr("and {count} older ones").format(count=left))

    def _fit(self) -> None:
        self._body.setMaximumWidth(active().px(_WIDTH_PX))

    def _lay_out(self) -> None:
        look = active()
        body = QWidget()
        body.setProperty("isScrollBody", "true")
        column = QVBoxLayout(body)
        column.setContentsMargins(look.px(Space.XL), look.px(Space.XL), look.px(Space.XL), look.px(Space.XL))
        column.setSpacing(look.px(Space.L))
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.M))
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(Space.XS))
        for widget in (self._headline, self._explanation, self._problem):
            words.addWidget(widget)
        head.addLayout(words, 1)
        column.addLayout(head)
        column.addWidget(self._buttons)
        column.addWidget(self._progress)
        column.addWidget(_card(self.tr("WHERE THEY GO"), self._folder, self._fixed))
        column.addWidget(_card(self.tr("REHEARSAL"), self._rehearsal))
        self._list.body.addWidget(SectionHeader(self.tr("BACKUPS IN THIS FOLDER")))
        for label in (*self._rows, self._more):
            self._list.body.addWidget(label)
        column.addWidget(self._list)
        column.addStretch(1)
        self._body = body
        self._fit()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)


def _card(title: str, *widgets: QWidget) -> Card:
    card = Card()
    card.body.addWidget(SectionHeader(title))
    for widget in widgets:
        card.body.addWidget(widget)
    return card
