"""The one stylesheet of the console, built from the look.

Widgets say what they are by dynamic properties, never by colours of their own:

``textStyle`` a value of ``TextStyle`` · ``ink`` soft, faint, accent, signal, caution, note ·
``surface`` window, surface, sunken, raised, card, accent, signal, caution, note.
"""

from app.ui.theme.look import Look
from app.ui.theme.tokens import SANS_STACK, SERIF_STACK, TYPE_SCALE, Radius, Role, Size, Space, TextStyle

_INKS = {
    "normal": Role.INK,
    "soft": Role.INK_SOFT,
    "faint": Role.INK_FAINT,
    "accent": Role.ACCENT_INK,
    "signal": Role.SIGNAL_INK,
    "caution": Role.CAUTION_INK,
    "note": Role.NOTE_INK,
    "on_panel": Role.ON_PANEL,
    "on_panel_soft": Role.ON_PANEL_SOFT,
}
_SHEETS = {
    "window": Role.WINDOW,
    "surface": Role.SURFACE,
    "sunken": Role.SUNKEN,
    "raised": Role.RAISED,
    "panel": Role.PANEL,
}
_FRAMES = {
    "card": (Role.SURFACE, Role.LINE),
    "accent": (Role.ACCENT_WASH, Role.ACCENT_WASH),
    "signal": (Role.SIGNAL_WASH, Role.SIGNAL_WASH),
    "caution": (Role.CAUTION_WASH, Role.CAUTION_WASH),
    "note": (Role.NOTE_WASH, Role.NOTE_LINE),
}


def build_stylesheet(look: Look) -> str:
    """Return the whole stylesheet for ``look``."""
    parts = (_base, _labels, _surfaces, _fields, _views, _scroll_bars, _menus, _choices, _rest)
    return "\n".join(part(look) for part in parts)


def _base(look: Look) -> str:
    return f"""
QMainWindow, QDialog {{ background: {look.hex(Role.WINDOW)}; }}
QToolTip {{
    background: {look.hex(Role.TOAST)}; color: {look.hex(Role.ON_TOAST)}; border: none;
    padding: {look.px(Space.XS)}px {look.px(Space.S)}px; font-size: {look.px(13)}px;
}}
QFrame[frameShape="4"], QFrame[frameShape="5"] {{ color: {look.hex(Role.LINE)}; }}
"""


def _labels(look: Look) -> str:
    rules = ["QLabel { background: transparent; }"]
    rules += [f'*[textStyle="{style.value}"] {{ {_font_rule(look, style)} }}' for style in TextStyle]
    rules += [f'*[ink="{name}"] {{ color: {look.hex(role)}; }}' for name, role in _INKS.items()]
    rules.append(f"QLabel:disabled {{ color: {look.hex(Role.DISABLED)}; }}")
    return "\n".join(rules)


def _font_rule(look: Look, style: TextStyle) -> str:
    token = TYPE_SCALE[style]
    stack = ", ".join(f'"{family}"' for family in (SERIF_STACK if token.is_serif else SANS_STACK))
    return f"font-family: {stack}; font-size: {look.px(token.size_px)}px; font-weight: {token.weight};"


def _surfaces(look: Look) -> str:
    rules = [f'*[surface="{name}"] {{ background: {look.hex(role)}; }}' for name, role in _SHEETS.items()]
    rules += [
        f'QFrame[surface="{name}"] {{ background: {look.hex(fill)}; border: 1px solid {look.hex(line)};'
        f" border-radius: {look.px(Radius.M)}px; }}"
        for name, (fill, line) in _FRAMES.items()
    ]
    return "\n".join(rules)


def _fields(look: Look) -> str:
    ring = look.px(Size.RING)
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateTimeEdit, QComboBox {{
    background: {look.hex(Role.RAISED)}; color: {look.hex(Role.INK)};
    border: 1px solid {look.hex(Role.LINE_STRONG)}; border-radius: {look.px(Radius.M)}px;
    padding: {look.px(7)}px {look.px(11)}px; margin: {ring - 1}px;
    selection-background-color: {look.hex(Role.SELECTION)}; selection-color: {look.hex(Role.ON_SELECTION)};
}}
QLineEdit, QComboBox, QSpinBox, QDateTimeEdit {{ min-height: {look.px(20)}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateTimeEdit:focus, QComboBox:focus {{
    border: {ring}px solid {look.hex(Role.FOCUS)}; margin: 0;
}}
QLineEdit {{ lineedit-password-character: 8226; }}
QLineEdit[isWrong="true"] {{ border-color: {look.hex(Role.SIGNAL_INK)}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled {{
    background: {look.hex(Role.WINDOW)}; color: {look.hex(Role.DISABLED)}; border-color: {look.hex(Role.LINE)};
}}
QPlainTextEdit[isBare="true"], QTextEdit[isBare="true"], QLineEdit[isBare="true"] {{
    background: transparent; border: none; margin: 0; padding: 0; border-radius: 0;
}}
QComboBox::drop-down {{ border: none; width: {look.px(28)}px; }}
Select::down-arrow {{ image: none; }}
"""


def _views(look: Look) -> str:
    return f"""
QAbstractItemView {{
    background: {look.hex(Role.SURFACE)}; border: none; outline: none;
    selection-background-color: {look.hex(Role.ACCENT_WASH)}; selection-color: {look.hex(Role.INK)};
}}
QComboBox QAbstractItemView {{
    background: {look.hex(Role.RAISED)}; border: 1px solid {look.hex(Role.LINE)}; padding: {look.px(Space.XS)}px;
}}
QTableView::item {{ padding: 0 {look.px(Space.S - 3)}px; }}
QHeaderView::section {{
    background: {look.hex(Role.WINDOW)}; color: {look.hex(Role.INK_SOFT)}; border: none;
    border-bottom: 1px solid {look.hex(Role.LINE)}; padding: {look.px(5)}px {look.px(Space.S)}px;
}}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[isScrollBody="true"] {{ background: transparent; }}
QSplitter::handle {{ background: {look.hex(Role.LINE)}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
"""


def _scroll_bars(look: Look) -> str:
    width, gap = look.px(12), look.px(3)
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {width}px; }}
QScrollBar:horizontal {{ height: {width}px; }}
QScrollBar::handle {{ background: {look.hex(Role.LINE_STRONG)}; border-radius: {width // 2 - gap}px; margin: {gap}px; }}
QScrollBar::handle:vertical {{ min-height: {look.px(36)}px; }}
QScrollBar::handle:horizontal {{ min-width: {look.px(36)}px; }}
QScrollBar::handle:hover {{ background: {look.hex(Role.INK_FAINT)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _menus(look: Look) -> str:
    return f"""
QMenuBar {{ background: {look.hex(Role.WINDOW)}; border: none; padding: {look.px(2)}px {look.px(Space.S)}px; }}
QMenuBar::item {{
    background: transparent; padding: {look.px(5)}px {look.px(10)}px; border-radius: {look.px(Radius.S)}px;
}}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {look.hex(Role.SUNKEN)}; }}
QMenu {{
    background: {look.hex(Role.RAISED)}; border: 1px solid {look.hex(Role.LINE)}; padding: {look.px(6)}px;
}}
QMenu::item {{
    padding: {look.px(7)}px {look.px(28)}px {look.px(7)}px {look.px(Space.M)}px;
    border-radius: {look.px(Radius.S)}px;
}}
QMenu::item:selected {{ background: {look.hex(Role.ACCENT_WASH)}; color: {look.hex(Role.INK)}; }}
QMenu::item:disabled {{ color: {look.hex(Role.DISABLED)}; }}
QMenu::separator {{ height: 1px; background: {look.hex(Role.LINE)}; margin: {look.px(5)}px {look.px(Space.S)}px; }}
QMenu::icon {{ padding-left: {look.px(Space.S)}px; }}
"""


def _choices(look: Look) -> str:
    return f"""
QTabBar::tab {{
    background: transparent; color: {look.hex(Role.INK_SOFT)}; border: none;
    border-bottom: {look.px(2)}px solid transparent;
    padding: {look.px(7)}px {look.px(Space.M)}px; margin-right: {look.px(Space.XS)}px;
}}
QTabBar::tab:selected {{ color: {look.hex(Role.INK)}; border-bottom-color: {look.hex(Role.ACCENT)}; }}
QTabBar::tab:focus {{ border: {look.px(Size.RING)}px solid {look.hex(Role.FOCUS)}; }}
QTabWidget::pane {{ border: none; }}
QProgressBar {{
    background: {look.hex(Role.LINE)}; border: none; border-radius: {look.px(2)}px;
    max-height: {look.px(4)}px; min-height: {look.px(4)}px;
}}
QProgressBar::chunk {{ background: {look.hex(Role.ACCENT)}; border-radius: {look.px(2)}px; }}
"""


def _rest(look: Look) -> str:
    return f"""
QStatusBar {{ background: {look.hex(Role.WINDOW)}; border-top: 1px solid {look.hex(Role.LINE)}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {look.hex(Role.INK_SOFT)}; font-size: {look.px(13)}px; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton {{
    background: {look.hex(Role.SUNKEN)}; color: {look.hex(Role.INK)}; border: 1px solid {look.hex(Role.LINE_STRONG)};
    border-radius: {look.px(Radius.M)}px; padding: {look.px(7)}px {look.px(14)}px;
}}
QPushButton:hover {{ background: {look.hex(Role.HOVER)}; }}
QPushButton:focus {{ border: {look.px(Size.RING)}px solid {look.hex(Role.FOCUS)}; }}
QPushButton:disabled {{ color: {look.hex(Role.DISABLED)}; border-color: {look.hex(Role.LINE)}; }}
QToolButton {{ background: transparent; border: {look.px(Size.RING)}px solid transparent;
    border-radius: {look.px(Radius.M)}px; padding: {look.px(Space.XS)}px; }}
QToolButton:hover {{ background: {look.hex(Role.SUNKEN)}; }}
QToolButton:checked {{ background: {look.hex(Role.ACCENT_WASH)}; }}
QToolButton:focus {{ border-color: {look.hex(Role.FOCUS)}; }}
"""
