"""What stands behind a fact, shown beside it: the passage with the very words marked, or that there is none."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.facts import FactMark
from app.domain.proposal import SourceRef
from app.ui.components import Button, ButtonKind, IconLabel, Text, UntrustedLabel, readable_line
from app.ui.components.frames import lift
from app.ui.composer.fact_words import kind_word, source_of, what_to_do, why_unsupported
from app.ui.composer.passage import AROUND_CHARS, PassageView, marked
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active
from app.ui.theme.tokens import CARD_ELEVATION

WIDTH_PX = 424
_MAX_LINES = 6
_GAP_PX = 6


class FactPopover(QFrame):
    """Lies over the window, never takes the keyboard, goes when the eye goes."""

    #: The fact was checked, or not after all.
    check_wanted = Signal()
    #: Open the whole passage.
    passage_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = IconLabel(IconName.SOURCE, Role.ACCENT_INK, Size.ICON_S)
        self._title = UntrustedLabel("", style=TextStyle.SMALL_STRONG, max_chars=120)
        self._origin = Text("", TextStyle.SMALL, ink="faint")
        self._passage = PassageView(max_lines=_MAX_LINES)
        self._advice = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._check = Button("", kind=ButtonKind.QUIET, icon=IconName.CHECK, key_hint="Space")
        self._open = Button(self.tr("Whole passage"), kind=ButtonKind.PLAIN, key_hint="Enter")
        for button in (self._check, self._open):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._check.clicked.connect(self.check_wanted)
        self._open.clicked.connect(self.passage_wanted)
        self._lay_out()
        lift(self, CARD_ELEVATION)
        self.hide()

    def show_fact(
        self, fact: FactMark, words: str, sources: tuple[SourceRef, ...], *, is_checked: bool, beside: QRect
    ) -> None:
        """Show one fact above ``beside`` (in the parent's coordinates), or below it where there is no room."""
        source = source_of(fact, sources)
        kind = kind_word(fact.kind)
        if source is None:
            self._icon.set_icon(IconName.WARNING, Role.CAUTION_INK)
            title = self.tr("“{words}”: {why}").format(words=readable_line(words, 40), why=why_unsupported(fact.kind))
            self._title.set_untrusted(title)
            self._advice.setText(what_to_do(fact.kind))
        else:
            self._icon.set_icon(IconName.SOURCE, Role.ACCENT_INK)
            self._title.set_untrusted(f"{source.number} · {source.title}")
            self._passage.show_marked(marked(source.quote, fact.quote_start, fact.quote_end, around_chars=AROUND_CHARS))
            is_in_title = fact.quote_start == fact.quote_end
            self._advice.setText(self.tr("It stands in the title of this source.") if is_in_title else "")
        self._origin.setText(kind)
        self._passage.setVisible(source is not None)
        self._advice.setVisible(bool(self._advice.text()))
        self._open.setVisible(source is not None)
        self._check.setText(self.tr("Not checked after all") if is_checked else self.tr("Checked"))
        self._place(beside)

    def title(self) -> str:
        """The first line, for tests and the tour."""
        return self._title.text()

    def passage(self) -> str:
        """The marked words of the passage that is shown."""
        shown = self._passage.shown()
        raw = shown.text.encode("utf-16-le", "surrogatepass")[2 * shown.start : 2 * shown.end]
        return raw.decode("utf-16-le", "surrogatepass") if self._passage.isVisibleTo(self) else ""

    def _place(self, beside: QRect) -> None:
        look, parent = active(), self.parentWidget() or self.window()
        edge = look.px(Space.M)
        self._column.setContentsMargins(edge, edge, edge, look.px(Space.S))
        width = min(look.px(WIDTH_PX), parent.width() - 2 * edge)
        self.setFixedWidth(width)
        self._column.invalidate()  # what was shown before must not leave its room behind
        height = self._column.heightForWidth(width)
        left = max(edge, min(beside.left(), parent.width() - width - edge))
        top = beside.top() - height - look.px(_GAP_PX)
        if top < edge:
            top = min(beside.bottom() + look.px(_GAP_PX), parent.height() - height - edge)
        self.setFixedHeight(height)
        self.move(QPoint(left, max(edge, top)))
        self.show()
        self.raise_()

    def _lay_out(self) -> None:
        look = active()
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.S))
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        head.addWidget(self._origin)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(Space.XS))
        foot.addWidget(self._check)
        foot.addWidget(self._open)
        foot.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(look.px(Space.S))
        self._column.addLayout(head)
        self._column.addWidget(self._passage)
        self._column.addWidget(self._advice)
        self._column.addLayout(foot)
