"""The look of the console: tokens, colours, type, icons.

May import: PySide6 and the standard library; nothing of the product. Reads only our own files under ``resources``.
Use it from a view like this::

    look = active()
    painter.setPen(look.colour(Role.INK))
    painter.setFont(look.font(TextStyle.SMALL))
    button.setIcon(icon(IconName.SEND, Role.ON_ACCENT))
"""

from app.ui.theme.icons import IconName, icon, icon_pixmap
from app.ui.theme.look import Look, active
from app.ui.theme.theme import SchemeChoice, Theme
from app.ui.theme.tokens import Motion, Radius, Role, Scheme, Size, Space, TextStyle

__all__ = [
    "IconName",
    "Look",
    "Motion",
    "Radius",
    "Role",
    "Scheme",
    "SchemeChoice",
    "Size",
    "Space",
    "TextStyle",
    "Theme",
    "active",
    "icon",
    "icon_pixmap",
]
