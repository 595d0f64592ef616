"""Frames that hold other things: cards, headers, banners, the page that has nothing to show."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.components.buttons import Button, ButtonKind
from app.ui.components.labels import Text
from app.ui.components.marks import Tone
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active, icon_pixmap
from app.ui.theme.tokens import Elevation


class IconLabel(QLabel):
    """A drawing that follows the look; it is decoration and has no accessible name unless it is given one."""

    def __init__(
        self, icon: IconName, role: Role = Role.INK_SOFT, side_px: int = Size.ICON, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._role, self._side_px = icon, role, side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def set_icon(self, icon: IconName, role: Role) -> None:
        """Show another drawing in another colour."""
        self._icon_name, self._role = icon, role
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        side = active().px(self._side_px)
        self.setFixedSize(QSize(side, side))
        self.setPixmap(icon_pixmap(self._icon_name, self._role, side, self.devicePixelRatioF()))


def lift(widget: QWidget, elevation: Elevation) -> None:
    """Give ``widget`` the shadow of one elevation. Only for small or rare things: it is drawn in software."""
    look = active()
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(look.px(elevation.blur_px))
    shadow.setOffset(0, look.px(elevation.fall_px))
    colour = QColor(look.colour(Role.SHADOW))
    colour.setAlpha(elevation.alpha)
    shadow.setColor(colour)
    widget.setGraphicsEffect(shadow)


class Card(QFrame):
    """A sheet with a hairline; put widgets into ``body``."""

    def __init__(self, surface: str = "card", padding: Space = Space.L, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._padding = padding
        self.setProperty("surface", surface)
        self.body = QVBoxLayout(self)
        self._pad()

    def set_surface(self, surface: str) -> None:
        """Change what the card is about: card, accent, signal, caution, note."""
        self.setProperty("surface", surface)
        self.style().unpolish(self)
        self.style().polish(self)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the scale."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._pad()

    def _pad(self) -> None:
        look = active()
        side = look.px(self._padding)
        self.body.setContentsMargins(side, side, side, side)
        self.body.setSpacing(look.px(Space.S))


class SectionHeader(QWidget):
    """The quiet heading of a part of a pane, with an optional action at its right."""

    def __init__(self, text: str, action: Button | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = Text(text, TextStyle.CAPTION, ink="faint")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label, 1)
        if action is not None:
            row.addWidget(action)

    def set_text(self, text: str) -> None:
        """Change the heading."""
        self._label.setText(text)


_NARROW_PX = 460
_BANNER_ICONS = {
    Tone.NEUTRAL: (IconName.INFO, Role.INK_SOFT, "sunken"),
    Tone.ACCENT: (IconName.CHECK, Role.ACCENT_INK, "accent"),
    Tone.SIGNAL: (IconName.WARNING, Role.SIGNAL_INK, "signal"),
    Tone.CAUTION: (IconName.WARNING, Role.CAUTION_INK, "caution"),
    Tone.NOTE: (IconName.NOTE, Role.NOTE_INK, "note"),
}


class Banner(QFrame):
    """Something that a person must know here and now: what happened, what to do, at most one action."""

    #: The person wants the action of the banner.
    action_wanted = Signal()

    def __init__(
        self,
        tone: Tone = Tone.NEUTRAL,
        title: str = "",
        text: str = "",
        action_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(IconName.INFO)
        self._title = Text("", TextStyle.STRONG, is_wrapping=True)
        self._text = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._action = Button("", kind=ButtonKind.QUIET)
        self._action.clicked.connect(self.action_wanted)
        self._lay_out()
        self.show_words(tone, title, text, action_text)

    def show_words(self, tone: Tone, title: str, text: str = "", action_text: str = "") -> None:
        """Say something else."""
        drawing, role, surface = _BANNER_ICONS[tone]
        self._icon.set_icon(drawing, role)
        for label, words in ((self._title, title), (self._text, text)):
            label.setText(words)
            label.setVisible(bool(words))
        self._action.setText(action_text)
        self._action.setVisible(bool(action_text))
        self.setAccessibleName(" ".join(part for part in (title, text) if part))
        self.setProperty("surface", surface)
        self.style().unpolish(self)
        self.style().polish(self)

    def title(self) -> str:
        """Return what the banner says first."""
        return self._title.text()

    def text(self) -> str:
        """Return what the banner says below its title."""
        return self._text.text()

    def _lay_out(self) -> None:
        look = active()
        words = QVBoxLayout()
        words.setSpacing(look.px(Space.XS))
        words.addWidget(self._title)
        words.addWidget(self._text)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(look.px(Space.M))
        self._beside.addLayout(words, 1)
        self._beside.addWidget(self._action, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(Space.L), look.px(Space.M), look.px(Space.L), look.px(Space.M))
        row.setSpacing(look.px(Space.M))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._beside, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the action below the words where there is no room beside them."""
        super().resizeEvent(event)
        is_narrow = self.width() < active().px(_NARROW_PX)
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        if self._beside.direction() is not way:
            self._beside.setDirection(way)


_EMPTY_TEXT_PX = 300


class EmptyState(QWidget):
    """A page that has nothing to show and says why, with at most one way on."""

    #: The person wants the way on.
    action_wanted = Signal()

    def __init__(
        self, icon: IconName, title: str, text: str = "", action_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        look = active()
        self._title = Text(title, TextStyle.HEADING)
        self._text = Text(text, TextStyle.BODY, ink="soft", is_wrapping=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._fit_text()
        column = QVBoxLayout(self)
        column.setSpacing(look.px(Space.S))
        column.addStretch(2)
        column.addWidget(IconLabel(icon, Role.INK_FAINT, 40), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(look.px(Space.S))
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        if action_text:
            action = Button(action_text, kind=ButtonKind.QUIET)
            action.clicked.connect(self.action_wanted)
            column.addSpacing(look.px(Space.S))
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_words(self, title: str, text: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
        self._fit_text()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the measure when the scale changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_text()

    def _fit_text(self) -> None:
        """Give the text its width and the height that this takes: centred, it would get its one-line hint."""
        look = active()
        width = look.px(_EMPTY_TEXT_PX)
        # Measured with the new look's font: the label itself gets it only after this change has gone round.
        room = QRect(0, 0, width, look.px(_EMPTY_TEXT_PX))
        needed = look.metrics(TextStyle.BODY).boundingRect(room, Qt.TextFlag.TextWordWrap, self._text.text())
        self._text.setFixedSize(width, needed.height() + look.px(Space.XS))
