"""The page: a headline that says what is to be done, what is due, the calendar, the holds and the rules."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Banner, Button, ButtonKind, ProgressLine, Text, Tone
from app.ui.components.facts import ButtonRow
from app.ui.components.row_list import RowList, RowWords
from app.ui.retention.months import MonthGrid
from app.ui.retention.state import SHOWN, RetentionState, Work
from app.ui.retention.words import (
    conversations,
    doubt_words,
    due_words,
    duration_words,
    explanation,
    headline,
    hold_words,
    outcome_words,
    problem_words,
    signature_words,
)
from app.ui.shell.office_page import OfficePage
from app.ui.theme import IconName, Role, TextStyle

if TYPE_CHECKING:
    from datetime import date

_WIDTH_PX = 760
_CLASSES = 40


class RetentionPage(OfficePage):
    """Lays out what the presenter says; decides nothing."""

    #: A hold is to be released; argument: its place among the holds that are shown.
    release_wanted = Signal(int)
    #: A class of the rules is to be changed; argument: its place.
    change_wanted = Signal(int)

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(IconName.CLOCK, parent=parent)
        self._now_ms = now_ms
        self.go = Button(self.tr("Let them go…"), kind=ButtonKind.PRIMARY, icon=IconName.TRASH, key_hint="L")
        self.sign = Button(self.tr("Sign the rules"), icon=IconName.CHECK, key_hint="S")
        self.again = Button(self.tr("Look again"), icon=IconName.REGENERATE, key_hint="R")
        self.save = Button(self.tr("Save the certificate…"), icon=IconName.SAVE)
        self._buttons = ButtonRow(self.go, self.sign, self.again, self.save)
        self._progress = ProgressLine(self.tr("Erasing"))
        self._doubt = Banner(Tone.CAUTION)
        self._outcome = Banner(Tone.ACCENT)
        self._due = RowList(SHOWN, self.tr("Nothing is due."))
        self._months = MonthGrid()
        self._later = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)
        self._holds = RowList(
            SHOWN,
            self.tr("Nothing is held. A conversation is held from its own commands (Ctrl+K, “Hold”)."),
            self.tr("Release…"),
            self.release_wanted.emit,
        )
        self._rules = Text("", TextStyle.BODY, is_wrapping=True)
        self._classes = RowList(_CLASSES, "", self.tr("Change…"), self.change_wanted.emit)
        self._lay_out()

    def show_state(self, state: RetentionState) -> None:
        """Show it."""
        is_calm = state.preview is not None and state.preview.in_force.is_signed and not state.due
        self.icon.set_icon(
            IconName.DONE if is_calm else IconName.CLOCK, Role.ACCENT_INK if is_calm else Role.CAUTION_INK
        )
        words = problem_words(state.problem) if state.problem else ""
        self.say(headline(state), explanation(state), words)
        self._show_outcome(state)
        self._show_buttons(state)
        self._show_lists(state)

    # -- Page --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Begin with what is most likely wanted."""
        # The buttons of the lists stand far below: a page that opens at its end says nothing.
        ready = (button for button in (self.go, self.sign, self.again) if button.isEnabled() and button.isVisible())
        next(ready, self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons of the page, then the first of each list."""
        return (self.go, self.sign, self.again, *self._holds.buttons()[:1], *self._classes.buttons()[:1])

    # -- private -----------------------------------------------------------------------------------------------

    def _show_outcome(self, state: RetentionState) -> None:
        self._outcome.setVisible(state.erased is not None)
        if state.erased is not None:
            tone = Tone.ACCENT if state.erased.certificate.is_clean else Tone.CAUTION
            hits = "\n".join(str(hit.path) for hit in state.erased.hits[:SHOWN])
            self._outcome.show_words(tone, outcome_words(state.erased), hits)
        doubt = None if state.preview is None else state.preview.doubt
        self._doubt.setVisible(doubt is not None)
        self._doubt.show_words(
            Tone.CAUTION,
            doubt_words(doubt),
            self.tr("Is the date right? You will be asked for it before anything goes."),
        )

    def _show_buttons(self, state: RetentionState) -> None:
        is_idle = state.work is not Work.ERASING
        is_signed = state.preview is not None and state.preview.in_force.is_signed
        due = len(state.due)
        self.go.setText(
            self.tr("Let {conversations} go…").format(conversations=conversations(due))
            if due
            else self.tr("Let them go…")
        )
        self.go.setEnabled(state.can_be_applied)
        self.go.setToolTip("" if state.may_change else self.tr("This takes an administrator."))
        self.sign.setEnabled(is_idle and state.preview is not None and state.may_change)
        self.sign.setVisible(not is_signed)
        self.again.setEnabled(is_idle)
        self.save.setVisible(state.erased is not None)
        self._progress.setVisible(state.work is Work.ERASING)
        self._progress.set_fraction(state.fraction)
        self._buttons.arrange()

    def _show_lists(self, state: RetentionState) -> None:
        if state.preview is None:
            return
        plan, in_force = state.preview.plan, state.preview.in_force
        due = [RowWords(state.name_of(line.conversation_id), due_words(line, plan.rules)) for line in plan.due[:SHOWN]]
        self._due.show_rows(due, total=len(plan.due))
        counts: Counter[date] = Counter()
        for (month, _class_id), number in plan.coming.items():
            counts[month] += number
        self._months.show_counts(plan.today, counts)
        self._later.setText(
            self.tr("Open, so their time has not begun: {open}. Due but held: {held}.").format(
                open=plan.open_count, held=len(plan.held)
            )
        )
        held = [
            RowWords(state.name_of(hold.conversation_id), hold_words(hold, plan.today), hold.is_overdue(plan.today))
            for hold in state.holds[:SHOWN]
        ]
        self._holds.show_rows(held, total=len(state.holds), is_offered=state.may_change)
        self._rules.setText(signature_words(in_force, self._now_ms()))
        classes = [RowWords(f"{one.title}: {duration_words(one)}", one.basis) for one in in_force.rules.classes]
        self._classes.show_rows(classes, total=len(classes), is_offered=state.may_change)

    def _lay_out(self) -> None:
        self.put(self._buttons, self._progress, self._doubt, self._outcome)
        self.put_card(self.tr("DUE NOW"), self._due)
        self.put_card(self.tr("FALLS DUE IN THE NEXT TWELVE MONTHS"), self._months, self._later)
        self.put_card(self.tr("LEGAL HOLDS"), self._holds)
        self.put_card(self.tr("RULES OF THIS OFFICE"), self._rules, self._classes)
