"""The page of access: who got in by emergency, what is to be reviewed, and after how long each role locks."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.office import Role as PersonRole
from app.domain.roles import longest_idle_s
from app.ui.components import Button, ButtonKind, Select, Text
from app.ui.components.facts import ButtonRow
from app.ui.components.row_list import RowList, RowWords
from app.ui.shell.office_page import OfficePage
from app.ui.theme import IconName, Role, Space, TextStyle, active
from app.ui.walls.state import AccessState
from app.ui.walls.words import access_detail, access_title, headline, idle_word, is_late, role_word

_SHOWN = 40
_CHOICES_S = (60, 120, 180, 300, 600, 900, 1_800)


class AccessPage(OfficePage):
    """Lays out what the presenter says; decides nothing."""

    #: An access is to be reviewed; argument: its place in the list.
    review_wanted = Signal(int)
    #: Other limits of the idle lock; argument: seconds by role.
    limits_wanted = Signal(object)

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(IconName.KEY, parent=parent)
        self._now_ms = now_ms
        self._is_filling = False
        self.ask = Button(
            self.tr("Emergency access…"), kind=ButtonKind.PRIMARY, icon=IconName.KEY, key_hint="Ctrl+Shift+E"
        )
        empty = self.tr("Nobody has ever asked for emergency access.")
        self.rows = RowList(_SHOWN, empty, self.tr("Review…"), self.review_wanted.emit)
        self.put(ButtonRow(self.ask))
        self._card = self.put_card(self.tr("EMERGENCY ACCESS"), self.rows)
        self.limits: dict[PersonRole, Select] = {}
        words = self.tr(
            "The shorter of this and of the machine's own setting counts, from the next sign-in on. It warns thirty "
            "seconds before, and what was typed is kept."
        )
        self._limit_words = Text(words, TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.put_card(self.tr("THE CONSOLE LOCKS ITSELF AFTER"), self._build_limits(), self._limit_words)

    def show_state(self, state: AccessState) -> None:
        """Show who got in and the limits."""
        now_ms = self._now_ms()
        self.ask.setVisible(state.may_ask)
        self._card.setVisible(state.may_see)
        has_open = state.open_reviews > 0
        self.icon.set_icon(
            IconName.WARNING if has_open else IconName.DONE, Role.CAUTION_INK if has_open else Role.ACCENT_INK
        )
        explanation = self.tr(
            "A wall holds a conversation back from everybody but named people. In an emergency one of them lets "
            "somebody in for half an hour, and an administrator who took no part reviews it within a week."
        )
        self.say(headline(state) if state.may_see else self.tr("Access"), explanation)
        shown = state.accesses[:_SHOWN]
        rows = [
            RowWords(access_title(one, state), access_detail(one, state, now_ms), is_alarming=is_late(one, now_ms))
            for one in shown
        ]
        self.rows.show_rows(rows, total=len(state.accesses), is_offered=state.may_review)
        for button, one in zip(self.rows.all_buttons(), shown, strict=False):
            button.setVisible(state.may_review and one.finding is None)
        self._show_limits(state)

    # -- Page --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Begin with the button, or with the first review."""
        target = next((one for one in self.stops() if one.isVisible() and one.isEnabled()), self)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons and the limits."""
        return self.ask, *self.rows.buttons(), *self.limits.values()

    def _build_limits(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(active().px(Space.L))
        grid.setColumnStretch(2, 1)
        for row, role in enumerate(PersonRole):
            select = Select(self.tr("Lock after, {role}").format(role=role_word(role)))
            select.addItem(self.tr("as each machine is set"), 0)
            longest = longest_idle_s(role)
            for seconds in _CHOICES_S:
                if longest is None or seconds <= longest:
                    select.addItem(idle_word(seconds), seconds)
            select.currentIndexChanged.connect(self._on_limit)
            grid.addWidget(Text(role_word(role), TextStyle.BODY), row, 0)
            grid.addWidget(select, row, 1)
            self.limits[role] = select
        return holder

    def _show_limits(self, state: AccessState) -> None:
        self._is_filling = True
        for role, select in self.limits.items():
            limit = state.limits_s.get(role, 0)
            if select.findData(limit) < 0:
                select.addItem(idle_word(limit), limit)
            select.setCurrentIndex(select.findData(limit))
            select.setEnabled(state.may_set_limits)
            select.setToolTip("" if state.may_set_limits else self.tr("It takes an administrator to change this."))
        self._is_filling = False

    def _on_limit(self, _place: int) -> None:
        if not self._is_filling:
            chosen = {role: int(select.currentData()) for role, select in self.limits.items()}
            self.limits_wanted.emit({role: seconds for role, seconds in chosen.items() if seconds})
