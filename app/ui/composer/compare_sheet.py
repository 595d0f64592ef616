"""The text before a rewrite beside the text after it: what went is struck through, what came is underlined."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from app.domain.proposal import Proposal
from app.ui.components import Button, ButtonKind, Text, readable, readable_line
from app.ui.composer.differing import Change, Stretch, compare
from app.ui.composer.words import word_count
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Role, Space, TextStyle, active

_NARROW_PX = 700
_MIN_HEIGHT_PX = 170
_MAX_LOST = 6


class CompareSheet(Sheet):
    """Enter keeps the new text, B takes the old one."""

    #: Take the text before the rewrite.
    back_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=940)
        self.title.setText(self.tr("Before and after"))
        self.setAccessibleName(self.title.text())
        self._lost = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._same = Text(
            self.tr("The model found the same words again. Nothing changed."), TextStyle.SMALL, ink="soft"
        )
        self._before, self._after = _side(self.tr("The text before")), _side(self.tr("The text after"))
        self._before_words, self._after_words = Text("", TextStyle.SMALL_STRONG), Text("", TextStyle.SMALL_STRONG)
        self._keep = Button(self.tr("Keep the new one"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint="Enter")
        self._back = Button(self.tr("Back to the old one"), icon=IconName.UNDO, key_hint="B")
        self._keep.clicked.connect(self.close_sheet)
        self._back.clicked.connect(self._go_back)
        self._lay_out()

    def compare(self, before: Proposal, after: Proposal) -> None:
        """Open the sheet on two proposals."""
        left, right = compare(before.text, after.text)
        _write(self._before, left)
        _write(self._after, right)
        self._before_words.setText(self.tr("Before · {words}").format(words=word_count(before.text)))
        self._after_words.setText(self.tr("After · {words}").format(words=word_count(after.text)))
        lost = _lost_facts(before, after)
        self._lost.setText(self.tr("▲ No longer in it: {facts}").format(facts=" · ".join(lost[:_MAX_LOST])))
        self._lost.setVisible(bool(lost))
        self._same.setVisible(before.text == after.text)
        self.open(self._keep)
        for side in (self._before, self._after):
            side.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """B takes the old text."""
        if event.key() == Qt.Key.Key_B and not event.modifiers():
            self._go_back()
            return
        super().keyPressEvent(event)

    def fit_height(self, room_px: int) -> None:
        """Side by side where there is room, else one over the other."""
        is_narrow = self.window().width() < active().px(_NARROW_PX)
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(way)
        least = min(active().px(_MIN_HEIGHT_PX), room_px // (5 if is_narrow else 3))
        for side in (self._before, self._after):
            side.setMinimumHeight(least)

    def _go_back(self) -> None:
        self.close_sheet()
        self.back_wanted.emit()

    def _lay_out(self) -> None:
        look = active()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(look.px(Space.L))
        for words, side in ((self._before_words, self._before), (self._after_words, self._after)):
            column = QVBoxLayout()
            column.setSpacing(look.px(Space.XS))
            column.addWidget(words)
            column.addWidget(side, 1)
            self._sides.addLayout(column, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.px(Space.S))
        buttons.addWidget(self._keep)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        self.body.addLayout(self._sides, 1)
        self.body.addWidget(self._lost)
        self.body.addWidget(self._same)
        self.body.addLayout(buttons)


def _side(name: str) -> QTextEdit:
    side = QTextEdit()
    side.setReadOnly(True)
    side.setUndoRedoEnabled(False)
    side.setAccessibleName(name)
    side.setFrameShape(QFrame.Shape.NoFrame)
    side.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return side


def _write(side: QTextEdit, stretches: tuple[Stretch, ...]) -> None:
    side.clear()
    cursor = QTextCursor(side.document())
    block = QTextBlockFormat()
    block.setLineHeight(128, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.setBlockFormat(block)
    for stretch in stretches:
        cursor.insertText(readable(stretch.text), _chars(stretch.change))
    side.verticalScrollBar().setValue(0)


def _chars(change: Change) -> QTextCharFormat:
    look, form = active(), QTextCharFormat()
    form.setFont(look.font(TextStyle.BODY))
    form.setForeground(look.colour(Role.INK))
    if change is Change.REMOVED:
        form.setFontStrikeOut(True)
        form.setForeground(look.colour(Role.SIGNAL_INK))
        form.setBackground(look.colour(Role.SIGNAL_WASH))
    elif change is Change.ADDED:
        form.setFontUnderline(True)
        form.setForeground(look.colour(Role.ACCENT_INK))
        form.setBackground(look.colour(Role.ACCENT_WASH))
    return form


def _lost_facts(before: Proposal, after: Proposal) -> list[str]:
    """The facts of the first text whose words do not stand in the second."""
    said = (before.text[fact.start : fact.end] for fact in before.facts)
    return list(dict.fromkeys(readable_line(words, 40) for words in said if words not in after.text))
