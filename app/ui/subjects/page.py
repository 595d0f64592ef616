"""The page: a headline that says whether somebody waits, one button, and the register."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.components import Button, ButtonKind, Card, IconLabel, SectionHeader, Text
from app.ui.retention.rows import RowList, RowWords
from app.ui.shell.pages import Page
from app.ui.subjects.presenter import RequestsState
from app.ui.subjects.words import detail_words, headline
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active

_WIDTH_PX = 760
_SHOWN = 40


class SubjectsPage(Page):
    """Lays out what the presenter says; decides nothing."""

    #: The page came to the front.
    entered = Signal()
    #: A request is to be answered; argument: its place in the register.
    answer_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.take = Button(self.tr("Take a request…"), kind=ButtonKind.PRIMARY, icon=IconName.PERSON, key_hint="N")
        self._icon = IconLabel(IconName.DONE, Role.ACCENT_INK, Size.ICON_L)
        self._headline = Text("", TextStyle.TITLE, is_wrapping=True)
        words = self.tr(
            "To see, to have a copy, to correct, to erase, to set aside: the law gives a day for each answer."
        )
        self._explanation = Text(words, TextStyle.BODY, ink="soft", is_wrapping=True)
        self.rows = RowList(_SHOWN, self.tr("Nobody has asked yet."), self.tr("Answer…"), self.answer_wanted.emit)
        self._lay_out()

    def show_state(self, state: RequestsState) -> None:
        """Show the register."""
        open_ones = [one for one in state.register if one.outcome is None]
        is_late = any(one.is_overdue(state.today) for one in open_ones)
        drawing = IconName.WARNING if is_late else IconName.CLOCK if open_ones else IconName.DONE
        self._icon.set_icon(drawing, Role.SIGNAL_INK if is_late else Role.CAUTION_INK if open_ones else Role.ACCENT_INK)
        self._headline.setText(headline(state.register, state.today))
        rows = [
            RowWords(
                state.name_of(one) or self.tr("Erased"),
                detail_words(one, state.today),
                is_alarming=one.is_overdue(state.today),
            )
            for one in state.register[:_SHOWN]
        ]
        self.rows.show_rows(rows, total=len(state.register))

    # -- Page --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Read again."""
        self.entered.emit()

    def focus_first(self) -> None:
        """Begin with the button."""
        self.take.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons."""
        return self.take, *self.rows.buttons()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_body"):
            self._fit()

    def _fit(self) -> None:
        self._body.setMaximumWidth(active().px(_WIDTH_PX))

    def _lay_out(self) -> None:
        look = active()
        self._body = QWidget()
        self._body.setProperty("isScrollBody", "true")
        column = QVBoxLayout(self._body)
        column.setContentsMargins(look.px(Space.XL), look.px(Space.XL), look.px(Space.XL), look.px(Space.XL))
        column.setSpacing(look.px(Space.L))
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.M))
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self._headline)
        words.addWidget(self._explanation)
        head.addLayout(words, 1)
        column.addLayout(head)
        row = QHBoxLayout()
        row.addWidget(self.take)
        row.addStretch(1)
        column.addLayout(row)
        card = Card()
        card.body.addWidget(SectionHeader(self.tr("REGISTER")))
        card.body.addWidget(self.rows)
        column.addWidget(card)
        column.addStretch(1)
        self._fit()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
