"""Qt's own palette from the tokens, for everything that no stylesheet rule reaches."""

from PySide6.QtGui import QPalette

from app.ui.theme.look import Look
from app.ui.theme.tokens import Role

_ROLES: dict[QPalette.ColorRole, Role] = {
    QPalette.ColorRole.Window: Role.WINDOW,
    QPalette.ColorRole.WindowText: Role.INK,
    QPalette.ColorRole.Base: Role.SURFACE,
    QPalette.ColorRole.AlternateBase: Role.WINDOW,
    QPalette.ColorRole.Text: Role.INK,
    QPalette.ColorRole.PlaceholderText: Role.INK_FAINT,
    QPalette.ColorRole.Button: Role.SUNKEN,
    QPalette.ColorRole.ButtonText: Role.INK,
    QPalette.ColorRole.BrightText: Role.SIGNAL_INK,
    QPalette.ColorRole.Highlight: Role.SELECTION,
    QPalette.ColorRole.HighlightedText: Role.ON_SELECTION,
    QPalette.ColorRole.Link: Role.ACCENT_INK,
    QPalette.ColorRole.LinkVisited: Role.ACCENT_INK,
    QPalette.ColorRole.ToolTipBase: Role.TOAST,
    QPalette.ColorRole.ToolTipText: Role.ON_TOAST,
    QPalette.ColorRole.Light: Role.RAISED,
    QPalette.ColorRole.Midlight: Role.SURFACE,
    QPalette.ColorRole.Mid: Role.LINE,
    QPalette.ColorRole.Dark: Role.LINE_STRONG,
    QPalette.ColorRole.Shadow: Role.SHADOW,
    QPalette.ColorRole.Accent: Role.ACCENT,
}
_FADED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def build_palette(look: Look) -> QPalette:
    """Return the palette of ``look``; disabled text is the only thing that differs between its groups."""
    palette = QPalette()
    for qt_role, role in _ROLES.items():
        palette.setColor(qt_role, look.colour(role))
    for qt_role in _FADED:
        palette.setColor(QPalette.ColorGroup.Disabled, qt_role, look.colour(Role.DISABLED))
    return palette
