"""A page of an administrator: a headline that says whether the office is in order, buttons, then cards below it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.components import Card, IconLabel, SectionHeader, Text
from app.ui.shell.pages import Page
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active

READING_PX = 760


class OfficePage(Page):
    """Lays out what every such page has; ``put`` and ``put_card`` lay the rest below, in their order."""

    #: The page came to the front.
    entered = Signal()

    def __init__(self, icon: IconName, width_px: int = READING_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._width_px = width_px
        self.icon = IconLabel(icon, Role.INK_SOFT, Size.ICON_L)
        self.headline = Text("", TextStyle.TITLE, is_wrapping=True)
        self.explanation = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.problem = Text("", TextStyle.BODY, ink="signal", is_wrapping=True)
        self._body = QWidget()
        self._body.setProperty("isScrollBody", "true")
        self._column = QVBoxLayout(self._body)
        self._column.addLayout(self._head())
        self._column.addStretch(1)
        self._scroll()
        self._fit()

    def put(self, *widgets: QWidget) -> None:
        """Put widgets below what is there."""
        for widget in widgets:
            self._column.insertWidget(self._column.count() - 1, widget)

    def put_card(self, title: str, *widgets: QWidget) -> Card:
        """Put a card with a quiet title below what is there, and return it."""
        card = Card()
        card.body.addWidget(SectionHeader(title))
        for widget in widgets:
            card.body.addWidget(widget)
        self.put(card)
        return card

    def say(self, headline: str, explanation: str, problem: str = "") -> None:
        """Say whether the office is in order, what that means, and what went wrong last; empty words take no room."""
        for label, words in ((self.headline, headline), (self.explanation, explanation), (self.problem, problem)):
            label.setText(words)
            label.setVisible(bool(words))

    def show_top(self) -> None:
        """Bring the headline into view."""
        self._area.verticalScrollBar().setValue(0)

    def enter(self) -> None:
        """Read again."""
        self.entered.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_column"):
            self._fit()

    def _fit(self) -> None:
        look = active()
        edge = look.px(Space.XL)
        self._body.setMaximumWidth(look.px(self._width_px))
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(look.px(Space.L))

    def _head(self) -> QHBoxLayout:
        look = active()
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.M))
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(Space.XS))
        for widget in (self.headline, self.explanation, self.problem):
            words.addWidget(widget)
        head.addLayout(words, 1)
        return head

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Keep what has the keyboard in view, however it got it."""
        if new is not None and self.isVisible() and self._body.isAncestorOf(new):
            self._area.ensureWidgetVisible(new, 0, active().px(Space.XL))

    def _scroll(self) -> None:
        scroll = self._area = QScrollArea()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
