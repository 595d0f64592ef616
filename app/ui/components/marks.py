"""Small marks: initials, chips, keys. Each says its meaning in words or shape, never by colour alone."""

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.components.painting import begin, fill_rounded, follow_look
from app.ui.components.untrusted import readable_line
from app.ui.theme import IconName, Radius, Role, Size, TextStyle, active, icon_pixmap


class Tone(Enum):
    """What a mark or a banner is about."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    SIGNAL = "signal"
    CAUTION = "caution"
    NOTE = "note"


TONE_ROLES: dict[Tone, tuple[Role, Role]] = {  # background, ink
    Tone.NEUTRAL: (Role.FILL, Role.INK_SOFT),
    Tone.ACCENT: (Role.ACCENT_WASH, Role.ACCENT_INK),
    Tone.SIGNAL: (Role.SIGNAL_WASH, Role.SIGNAL_INK),
    Tone.CAUTION: (Role.CAUTION_WASH, Role.CAUTION_INK),
    Tone.NOTE: (Role.NOTE_WASH, Role.NOTE_INK),
}
MAX_CHIP_CHARS = 60


def initials(untrusted_name: str) -> str:
    """Return one or two capital letters for a name, "·" when it has no letters."""
    words = [word for word in readable_line(untrusted_name).split() if word[0].isalnum()]
    if not words:
        return "·"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0].upper() for word in chosen)


class _Mark(QWidget):
    """A widget that paints itself, takes no focus and keeps its size."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)


class InitialsAvatar(_Mark):
    """A round seal with the initials of a person."""

    def __init__(
        self,
        untrusted_name: str = "",
        *,
        tone: Tone = Tone.NEUTRAL,
        side_px: int = Size.AVATAR,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._side_px = side_px
        self._initials = "·"
        self.set_name(untrusted_name)

    def set_name(self, untrusted_name: str) -> None:
        """Show the initials of ``untrusted_name``."""
        self._initials = initials(untrusted_name)
        self.setAccessibleName(readable_line(untrusted_name))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        side = active().px(self._side_px)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the seal."""
        look, painter = active(), begin(self)
        fill, ink = TONE_ROLES[self._tone]
        fill_rounded(painter, QRectF(self.rect()), self.height() / 2, look.colour(fill))
        font = look.font(TextStyle.HEADING)
        font.setPixelSize(round(self.height() * 0.42))
        painter.setFont(font)
        painter.setPen(look.colour(ink))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()


class Chip(_Mark):
    """A short fact in a pill, with an optional drawing."""

    def __init__(
        self, text: str, *, tone: Tone = Tone.NEUTRAL, icon: IconName | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._icon_name = icon
        self._text = ""
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Say another fact; at most ``MAX_CHIP_CHARS``."""
        self._text = readable_line(text, MAX_CHIP_CHARS)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Change what the chip is about."""
        self._tone = tone
        self.update()

    def text(self) -> str:
        """Return what the chip says."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the pill."""
        look = active()
        width = look.metrics(TextStyle.CAPTION).horizontalAdvance(self._text) + look.px(20)
        if self._icon_name is not None:
            width += look.px(18)
        return QSize(width + 1, look.px(Size.TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw pill, drawing and text."""
        look, painter = active(), begin(self)
        fill, ink = TONE_ROLES[self._tone]
        rect = QRectF(self.rect())
        fill_rounded(painter, rect, rect.height() / 2, look.colour(fill))
        left = float(look.px(10))
        if self._icon_name is not None:
            side = look.px(14)
            drawing = icon_pixmap(self._icon_name, ink, side, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(left - look.px(2), rect.center().y() - side / 2), drawing)
            left += look.px(16)
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(look.colour(ink))
        painter.drawText(rect.adjusted(left, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._text)
        painter.end()


class KeyCap(_Mark):
    """A key of the keyboard, as it is printed there."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setAccessibleName(keys)

    def sizeHint(self) -> QSize:
        """Return the cap, at least square."""
        look = active()
        height = look.px(22)
        return QSize(max(height, look.metrics(TextStyle.CAPTION).horizontalAdvance(self._keys) + look.px(13)), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cap."""
        look, painter = active(), begin(self)
        rect = QRectF(self.rect())
        fill_rounded(painter, rect, look.px(Radius.S), look.colour(Role.LINE_STRONG, 150))
        top = rect.adjusted(1, 1, -1, -look.px(2))
        fill_rounded(painter, top, look.px(Radius.S) - 1, look.colour(Role.RAISED))
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(look.colour(Role.INK_SOFT))
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, self._keys)
        painter.end()
