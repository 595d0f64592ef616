"""The page: a headline that says whether the office is in order, what can be done, and the list of backups."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.backups.state import BackupsState, Work
from app.ui.backups.words import explanation, headline, problem_words, rehearsal_words, snapshot_words
from app.ui.components import (
    Button,
    ButtonKind,
    ProgressLine,
    Text,
    UntrustedLabel,
)
from app.ui.components.facts import ButtonRow
from app.ui.shell.office_page import OfficePage
from app.ui.theme import IconName, Role, TextStyle

_WIDTH_PX = 760
_SHOWN = 12


class BackupsPage(OfficePage):
    """Lays out what the presenter says; decides nothing."""

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(IconName.DISK, parent=parent)
        self._now_ms = now_ms
        self._state = BackupsState()
        self.take = Button(self.tr("Back up now"), kind=ButtonKind.PRIMARY, icon=IconName.DISK, key_hint="B")
        self.rehearse = Button(self.tr("Rehearse…"), icon=IconName.CHECK, key_hint="R")
        self.choose = Button(self.tr("Choose a folder…"), icon=IconName.SETTINGS, key_hint="F")
        self.stop_button = Button(self.tr("Stop"), icon=IconName.STOP)
        self._buttons = ButtonRow(self.take, self.rehearse, self.choose, self.stop_button)
        self._progress = ProgressLine(self.tr("Backup"))
        self._folder = UntrustedLabel("", max_chars=300)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fixed = Text(self.tr("Fixed for this machine by IT."), TextStyle.SMALL, ink="faint")
        self._rehearsal = Text("", TextStyle.BODY, is_wrapping=True)
        self._rows = [Text("", TextStyle.BODY) for _ in range(_SHOWN)]
        self._more = Text("", TextStyle.SMALL, ink="faint")
        self._lay_out()

    def show_state(self, state: BackupsState) -> None:
        """Show it."""
        self._state = state
        is_well = state.newest is not None and state.is_reached and not state.is_late(self._now_ms())
        self.icon.set_icon(
            IconName.DONE if is_well else IconName.WARNING, Role.ACCENT_INK if is_well else Role.CAUTION_INK
        )
        words = problem_words(state.problem) if state.problem else ""
        self.say(headline(state, self._now_ms()), explanation(state), words)
        self._folder.set_untrusted(str(state.folder) if state.folder is not None else self.tr("None"))
        self._fixed.setVisible(state.is_fixed)
        self._rehearsal.setText(rehearsal_words(state.rehearsed))
        self._show_work(state)
        self._show_list(state)

    # -- Page --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Begin with what is most likely wanted."""
        ready = (button for button in self.stops() if button.isEnabled() and button.isVisible())
        next(ready, self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons."""
        return self.take, self.rehearse, self.choose, self.stop_button

    # -- private -----------------------------------------------------------------------------------------------

    def _show_work(self, state: BackupsState) -> None:
        is_idle = state.work is Work.NONE
        self._progress.setVisible(not is_idle)
        self._progress.set_fraction(state.fraction if not is_idle else 0.0)
        self.stop_button.setVisible(not is_idle)
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

    def _lay_out(self) -> None:
        self.put(self._buttons, self._progress)
        self.put_card(self.tr("WHERE THEY GO"), self._folder, self._fixed)
        self.put_card(self.tr("REHEARSAL"), self._rehearsal)
        self._list = self.put_card(self.tr("BACKUPS IN THIS FOLDER"), *self._rows, self._more)
