"""The ground of a painted row: what is selected, under the pointer, or has the keyboard, and the line below it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.ui.theme import Role, Size
from app.ui.theme.look import Look

_CORNER_PX = 8
_BAR_PX = 3


def draw_row_ground(
    painter: QPainter, option: QStyleOptionViewItem, look: Look, *, inset_px: int, bar_px: int, line_px: tuple[int, int]
) -> None:
    """Draw it.

    Args:
        painter: with smooth edges.
        option: of the row.
        look: gives sizes and colours.
        inset_px: between the row and its sheet, left and right, at 100 %.
        bar_px: from the sheet's top and bottom to the bar of the selected row.
        line_px: from the sheet's left and right to the line between rows.
    """
    inset = look.px(inset_px)
    sheet = option.rect.adjusted(inset, 2, -inset, -2)
    is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(Role.ACCENT_WASH if is_selected else Role.HOVER))
        painter.drawRoundedRect(sheet, look.px(_CORNER_PX), look.px(_CORNER_PX))
    if is_selected:
        top = look.px(bar_px)
        bar = QRect(sheet.left(), sheet.top() + top, look.px(_BAR_PX), sheet.height() - look.px(2 * bar_px))
        painter.setBrush(look.colour(Role.ACCENT))
        painter.drawRoundedRect(bar, 1.5, 1.5)
    else:
        painter.setPen(QPen(look.colour(Role.LINE), 1))
        left, right = sheet.left() + look.px(line_px[0]), sheet.right() - look.px(line_px[1])
        painter.drawLine(left, option.rect.bottom(), right, option.rect.bottom())
    if option.state & QStyle.StateFlag.State_HasFocus and is_selected:
        painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(sheet.adjusted(1, 1, -1, -1), look.px(_CORNER_PX), look.px(_CORNER_PX))
