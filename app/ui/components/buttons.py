"""Buttons that paint themselves, so that ring, key hint and icon sit the same on every machine."""

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from app.ui.components.painting import (
    RING_GAP_PX,
    PaintedButton,
    begin,
    draw_ring,
    fill_rounded,
    follow_look,
    shape_rect,
)
from app.ui.theme import IconName, Radius, Role, Size, TextStyle, active, icon_pixmap


class ButtonKind(Enum):
    """How much a button asks for: at most one ``PRIMARY`` in a view; ``DANGER`` names what is lost in its text."""

    PRIMARY = "primary"
    QUIET = "quiet"
    PLAIN = "plain"
    DANGER = "danger"


_FILLS: dict[ButtonKind, tuple[Role | None, Role, Role]] = {  # at rest, under the pointer, pressed
    ButtonKind.PRIMARY: (Role.ACCENT, Role.ACCENT_HOVER, Role.ACCENT_PRESSED),
    ButtonKind.QUIET: (None, Role.HOVER, Role.SUNKEN),
    ButtonKind.PLAIN: (None, Role.HOVER, Role.SUNKEN),
    ButtonKind.DANGER: (Role.SIGNAL, Role.SIGNAL_HOVER, Role.SIGNAL_PRESSED),
}
_INKS = {
    ButtonKind.PRIMARY: Role.ON_ACCENT,
    ButtonKind.QUIET: Role.INK,
    ButtonKind.PLAIN: Role.ACCENT_INK,
    ButtonKind.DANGER: Role.ON_SIGNAL,
}
_REAL_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_PADDING_PX = 16
_ICON_GAP_PX = 8
_HINT_GAP_PX = 12
_ICON_PX = 18


def press_on_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Click ``button`` when ``event`` is Enter and return whether it was."""
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or event.modifiers() & _REAL_MODIFIERS:
        return False
    button.click()
    return True


class Button(QPushButton):
    """A button with an optional icon on the left and its key on the right.

    The text is its accessible name; the key is also in the tooltip. Long texts are never cut: the button asks for the
    width that it needs.
    """

    def __init__(
        self,
        text: str,
        *,
        kind: ButtonKind = ButtonKind.QUIET,
        icon: IconName | None = None,
        key_hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self._icon_name = icon
        self._key_hint = key_hint
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        if key_hint:
            self.setToolTip(f"{text} · {key_hint}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus, as Space does."""
        if not press_on_enter(self, event):
            super().keyPressEvent(event)

    @property
    def kind(self) -> ButtonKind:
        """How the button looks."""
        return self._kind

    @property
    def key_hint(self) -> str:
        """The key that does the same, as shown."""
        return self._key_hint

    def set_kind(self, kind: ButtonKind) -> None:
        """Change how the button looks."""
        self._kind = kind
        self.update()

    def set_icon_name(self, icon: IconName | None) -> None:
        """Show another icon, or none."""
        self._icon_name = icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of icon, text and key and the height of a control."""
        look = active()
        width = look.px(2 * (_PADDING_PX + RING_GAP_PX)) + self._text_width() + 2
        if self._icon_name is not None:
            width += look.px(_ICON_PX + _ICON_GAP_PX)
        if self._key_hint:
            width += look.px(_HINT_GAP_PX) + self._hint_width()
        return QSize(width, look.px(Size.CONTROL + 2 * RING_GAP_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``: nothing is cut."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw shape, icon, text, key and ring."""
        painter = begin(self)
        self._draw_shape(painter)
        self._draw_content(painter)
        if self.hasFocus():
            draw_ring(painter, self)
        painter.end()

    def _text_width(self) -> int:
        return active().metrics(TextStyle.STRONG).horizontalAdvance(self.text())

    def _hint_width(self) -> int:
        look = active()
        return look.metrics(TextStyle.CAPTION).horizontalAdvance(self._key_hint) + look.px(12)

    def _ink(self) -> Role:
        return _INKS[self._kind] if self.isEnabled() else Role.DISABLED

    def _fill(self) -> QColor | None:
        look = active()
        if not self.isEnabled():
            return look.colour(Role.SUNKEN) if self._kind in {ButtonKind.PRIMARY, ButtonKind.DANGER} else None
        rest, hover, pressed = _FILLS[self._kind]
        role = pressed if self.isDown() or self.isChecked() else hover if self.underMouse() else rest
        return None if role is None else look.colour(role)

    def _draw_shape(self, painter: QPainter) -> None:
        look = active()
        line = None
        if self._kind is ButtonKind.QUIET:
            line = look.colour(Role.LINE_STRONG if self.isEnabled() else Role.LINE)
        fill_rounded(painter, shape_rect(self), look.px(Radius.M), self._fill(), line)

    def _draw_content(self, painter: QPainter) -> None:
        look, rect = active(), shape_rect(self)
        needed = self.sizeHint().width() - look.px(2 * (_PADDING_PX + RING_GAP_PX))
        # Squeezed by a narrow window, the key goes before a letter of the text does; the tooltip still says it.
        has_hint = bool(self._key_hint) and self.width() >= self.sizeHint().width()
        if self._key_hint and not has_hint:
            needed -= look.px(_HINT_GAP_PX) + self._hint_width()
        left = rect.left() + max(look.px(_PADDING_PX), (rect.width() - needed) / 2)
        if self._icon_name is not None:
            side = look.px(_ICON_PX)
            drawing = icon_pixmap(self._icon_name, self._ink(), side, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(left, rect.center().y() - side / 2), drawing)
            left += side + look.px(_ICON_GAP_PX)
        painter.setFont(look.font(TextStyle.STRONG))
        painter.setPen(look.colour(self._ink()))
        text_rect = QRectF(left, rect.top(), self._text_width() + 2, rect.height())
        painter.drawText(text_rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), self.text())
        if has_hint:
            self._draw_hint(painter, text_rect.right() + look.px(_HINT_GAP_PX), rect)

    def _draw_hint(self, painter: QPainter, left: float, rect: QRectF) -> None:
        look = active()
        height = look.px(20)
        cap = QRectF(left, rect.center().y() - height / 2, self._hint_width(), height)
        fill_rounded(painter, cap, look.px(Radius.S), None, look.colour(self._ink(), 110))
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(look.colour(self._ink()))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key_hint)


class IconButton(PaintedButton):
    """A square button that shows only a drawing; its name is spoken and in the tooltip."""

    def __init__(
        self,
        icon: IconName,
        name: str,
        *,
        key_hint: str = "",
        ink: Role = Role.INK_SOFT,
        side_px: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._ink = ink
        self._side_px = max(side_px, Size.TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name, key_hint)

    def set_name(self, name: str, key_hint: str = "") -> None:
        """Say what the button does now."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name} · {key_hint}" if key_hint else name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus, as Space does."""
        if not press_on_enter(self, event):
            super().keyPressEvent(event)

    def set_icon_name(self, icon: IconName) -> None:
        """Show another drawing."""
        self._icon_name = icon
        self.update()

    def sizeHint(self) -> QSize:
        """Return the square and the room for its ring."""
        side = active().px(self._side_px + 2 * RING_GAP_PX)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw fill, drawing and ring."""
        look, painter = active(), begin(self)
        fill = Role.ACCENT_WASH if self.isChecked() else Role.SUNKEN if self.isDown() else Role.HOVER
        if self.isEnabled() and (self.isChecked() or self.isDown() or self.underMouse()):
            fill_rounded(painter, shape_rect(self), look.px(Radius.M), look.colour(fill))
        ink = Role.DISABLED if not self.isEnabled() else Role.ACCENT_INK if self.isChecked() else self._ink
        side = look.px(Size.ICON)
        drawing = icon_pixmap(self._icon_name, ink, side, self.devicePixelRatioF())
        centre = QRectF(self.rect()).center()
        painter.drawPixmap(QPointF(centre.x() - side / 2, centre.y() - side / 2), drawing)
        if self.hasFocus():
            draw_ring(painter, self)
        painter.end()
