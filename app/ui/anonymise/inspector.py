"""What is chosen: what it is, what stands in its place, why it was found, by which law, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.ui.anonymise.groups import group_of, mark_of
from app.ui.anonymise.state import Chosen
from app.ui.anonymise.why import why_words
from app.ui.anonymise.words import label_word, law_words
from app.ui.components import Button, Chip, IconButton, SectionHeader, Text, UntrustedLabel, readable_line
from app.ui.theme import IconName, Space, TextStyle, active

MAX_STAND_IN_CHARS = 200


class Inspector(QFrame):
    """Explains one mark; emits wishes."""

    #: Let the chosen words through.
    lift_wanted = Signal()
    #: The selected words identify somebody.
    miss_wanted = Signal()
    #: Somebody asks who a stand-in is; argument: the stand-in.
    who_wanted = Signal(str)
    #: The text that would leave is to be taken along.
    copy_wanted = Signal()
    #: The rules of the office are to be shown.
    rules_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._chip = Chip("")
        self._said = UntrustedLabel("", style=TextStyle.STRONG, is_wrapping=True, max_chars=300)
        self._instead = UntrustedLabel("", style=TextStyle.BODY, is_wrapping=True, max_chars=300)
        self._why = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._law = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)
        self._hint = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.lift = Button(self.tr("Let it through"), icon=IconName.EYE, key_hint="L")
        self.miss = Button(self.tr("Mark as a miss…"), icon=IconName.EYE_OFF, key_hint="M")
        self.who = QLineEdit()
        self.who.setAccessibleName(self.tr("Who is this stand-in?"))
        self.who.setPlaceholderText(self.tr("Who is … (for example [PERSON_1])"))
        self.who.setMaxLength(MAX_STAND_IN_CHARS)
        self.answer = UntrustedLabel("", style=TextStyle.SMALL, is_wrapping=True, max_chars=300)
        self.small_lift = IconButton(IconName.EYE, self.tr("Let it through"), key_hint="L")
        self.small_miss = IconButton(IconName.EYE_OFF, self.tr("Mark as a miss…"), key_hint="M")
        self.small_copy = IconButton(IconName.COPY, self.tr("Copy what would leave"), key_hint="Ctrl+Shift+C")
        self.small_rules = IconButton(IconName.SETTINGS, self.tr("Rules of this office…"), key_hint="R")
        for button in (self.lift, self.small_lift):
            button.clicked.connect(self.lift_wanted)
        for button in (self.miss, self.small_miss):
            button.clicked.connect(self.miss_wanted)
        self.small_copy.clicked.connect(self.copy_wanted)
        self.small_rules.clicked.connect(self.rules_wanted)
        self.who.returnPressed.connect(lambda: self.who_wanted.emit(self.who.text().strip()))
        self._advice = ""
        self._is_short = False
        self._lay_out()
        self.show_advice("")
        self.show_chosen(None)

    def show_chosen(self, chosen: Chosen | None) -> None:
        """Explain a mark, or say how to get at one."""
        is_there = chosen is not None
        for widget in (self._chip, self._said, self._instead, self._why):
            widget.setVisible(is_there)
        # In a low strip the reason needs all lines; the law is told by the tooltip, and to whoever listens.
        self._law.setVisible(is_there and not self._is_short)
        self._hint.setText(self._advice)
        self._hint.setVisible(not is_there)
        if chosen is None:
            return
        mark = chosen.mark
        self._chip.set_text(label_word(mark.label))
        self._chip.set_tone(mark_of(group_of(mark.label)).tone)
        self._said.set_untrusted(chosen.said)
        kept = self.tr("stays as it is by this profile")
        leaves = self.tr("leaves as {instead}").format(instead=readable_line(mark.instead, 120))
        self._instead.set_untrusted(kept if mark.instead == chosen.said else leaves)
        self._why.setText(why_words(mark.why, mark.ground))
        self._law.setText(law_words(mark.label, mark.why))
        self._why.setToolTip(self._law.text())
        self._give_room()

    def show_advice(self, words: str) -> None:
        """Say something else while nothing is chosen; "" says what the keys do."""
        self._advice = words or self.tr("Tab goes from mark to mark. Select words that were missed, then press M.")
        self._hint.setText(self._advice)

    def offer(self, *, can_lift: bool, can_mark: bool, can_copy: bool) -> None:
        """Offer what can be done now."""
        for buttons, is_offered in (
            ((self.lift, self.small_lift), can_lift),
            ((self.miss, self.small_miss), can_mark),
            ((self.small_copy,), can_copy),
        ):
            for button in buttons:
                button.setEnabled(is_offered)

    def show_who(self, stand_in: str, said: str) -> None:
        """Answer who a stand-in is."""
        named = readable_line(stand_in, 80)
        words = self.tr("{stand_in} is {said}").format(stand_in=named, said=readable_line(said, 120))
        self.answer.set_untrusted(
            words if said else self.tr("{stand_in} stands for nobody in here").format(stand_in=named)
        )

    def words(self) -> str:
        """Return what is said about the chosen mark, for announcements and tests."""
        labels = (self._said, self._instead, self._why, self._law)
        return "\n".join([self._chip.text(), *(label.text() for label in labels)]) if self._said.text() else ""

    def set_room(self, *, is_wide: bool, is_short: bool) -> None:
        """Stand beside the sides, or in a low strip below them; where it is low, the actions become small."""
        for ways in (self._ways, self._top):
            ways.setDirection(QBoxLayout.Direction.TopToBottom if is_wide else QBoxLayout.Direction.LeftToRight)
        self._is_short = is_short
        self._law.setVisible(not is_short and not self._why.isHidden())
        self._heading.setVisible(is_wide)
        beside: tuple[QWidget, ...] = (self.who, self.answer, self._ask)
        for widget in beside:
            widget.setVisible(is_wide)
        for button in (self.lift, self.miss):
            button.setVisible(not is_short)
        self._small.setVisible(is_short)
        pad = active().px(Space.XS if is_short else Space.M)
        self._ways.setContentsMargins(active().px(Space.M), pad, pad, pad)
        self._facts.setSpacing(active().px(2 if is_short else Space.S))
        self._give_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        """Let wrapped words have the lines they need: what does not fit scrolls, and is not squeezed."""
        self._holder.setMinimumHeight(0)
        self._facts.activate()
        self._holder.setMinimumHeight(self._facts.heightForWidth(self._area.viewport().width()))

    def _lay_out(self) -> None:
        look = active()
        self._heading = SectionHeader(self.tr("THE CHOSEN WORDS"))
        self._ask = SectionHeader(self.tr("THE WAY BACK"))
        holder = QWidget()
        holder.setProperty("surface", "surface")
        facts = QVBoxLayout(holder)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(look.px(Space.S))
        facts.addWidget(self._heading)
        self._top = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._top.setSpacing(look.px(Space.S))
        self._top.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignLeft)
        self._top.addWidget(self._said)
        self._top.addWidget(self._instead, 1)
        facts.addLayout(self._top)
        for label in (self._why, self._law, self._hint):
            facts.addWidget(label)
        facts.addStretch(1)
        self._facts, self._holder, self._area = facts, holder, QScrollArea()
        area = self._area
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        self._actions = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._actions.setSpacing(look.px(Space.S))
        for widget in (self.lift, self.miss, self._ask, self.who, self.answer):
            self._actions.addWidget(widget)
        self._small = QWidget()
        small = QGridLayout(self._small)
        small.setContentsMargins(0, 0, 0, 0)
        small.setSpacing(look.px(Space.XS))
        for place, button in enumerate((self.small_lift, self.small_miss, self.small_copy, self.small_rules)):
            small.addWidget(button, place // 2, place % 2)
        self._actions.addWidget(self._small)
        self._actions.addStretch(1)
        self._ways = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._ways.setContentsMargins(*(look.px(Space.M),) * 4)
        self._ways.setSpacing(look.px(Space.M))
        self._ways.addWidget(area, 1)
        self._ways.addLayout(self._actions)
