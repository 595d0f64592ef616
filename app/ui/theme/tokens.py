"""The design tokens: what the console looks like, as numbers and names, without Qt.

The picture behind them is a quiet reception desk: warm paper, ink, one deep pine as the accent and one cinnabar as the
signal. Straw is the paper of internal notes. Everything that is drawn takes its values from here, so that light, dark
and 200 % are the same design.

Sizes are in pixels at 100 %. Colours are ``#rrggbb`` in sRGB.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum


class Scheme(Enum):
    """The two sets of colours."""

    LIGHT = "light"
    DARK = "dark"


class Role(Enum):
    """What a colour is for; code names the role, never the value."""

    WINDOW = "window"  # the paper everything lies on
    SURFACE = "surface"  # sheets: thread, list, wizard page
    SUNKEN = "sunken"  # the rail, wells, quiet fills
    RAISED = "raised"  # fields, menus, toasts
    HOVER = "hover"  # a quiet thing under the pointer
    FILL = "fill"  # chips, seals and other small quiet shapes
    INK = "ink"
    INK_SOFT = "ink_soft"  # secondary text
    INK_FAINT = "ink_faint"  # captions; still readable (4.5:1)
    DISABLED = "disabled"  # text of disabled controls (exempt from contrast rules, WCAG 1.4.3)
    LINE = "line"  # hairlines that only decorate
    LINE_STRONG = "line_strong"  # borders that make a control recognisable (3:1)
    ACCENT = "accent"  # fills of primary actions
    ACCENT_HOVER = "accent_hover"
    ACCENT_PRESSED = "accent_pressed"
    ON_ACCENT = "on_accent"
    ACCENT_INK = "accent_ink"  # accent as text or icon
    ACCENT_WASH = "accent_wash"  # selected row, proposal frame
    SIGNAL = "signal"  # fills of dangerous actions, emergency marks
    SIGNAL_HOVER = "signal_hover"
    SIGNAL_PRESSED = "signal_pressed"
    ON_SIGNAL = "on_signal"
    SIGNAL_INK = "signal_ink"
    SIGNAL_WASH = "signal_wash"
    CAUTION_INK = "caution_ink"
    CAUTION_WASH = "caution_wash"
    NOTE_INK = "note_ink"
    NOTE_WASH = "note_wash"  # internal notes
    NOTE_LINE = "note_line"
    FOCUS = "focus"  # the ring (3:1 on every background)
    SELECTION = "selection"  # selected text
    ON_SELECTION = "on_selection"
    TOAST = "toast"  # the inverted strip at the bottom
    ON_TOAST = "on_toast"
    TOAST_ACCENT = "toast_accent"
    PANEL = "panel"  # the deep side of the wizard
    ON_PANEL = "on_panel"
    ON_PANEL_SOFT = "on_panel_soft"
    PANEL_LINE = "panel_line"
    SHADOW = "shadow"


LIGHT: Mapping[Role, str] = {
    Role.WINDOW: "#f5f0e6",
    Role.SURFACE: "#fcfaf5",
    Role.SUNKEN: "#ebe4d6",
    Role.RAISED: "#ffffff",
    Role.HOVER: "#efe9dc",
    Role.FILL: "#e7dfcf",
    Role.INK: "#211f1b",
    Role.INK_SOFT: "#514b41",
    Role.INK_FAINT: "#665f53",
    Role.DISABLED: "#a59d8e",
    Role.LINE: "#e0d8c8",
    Role.LINE_STRONG: "#8c8371",
    Role.ACCENT: "#1f4f44",
    Role.ACCENT_HOVER: "#286254",
    Role.ACCENT_PRESSED: "#163c33",
    Role.ON_ACCENT: "#fbf8f1",
    Role.ACCENT_INK: "#1f5a4d",
    Role.ACCENT_WASH: "#dfe9e1",
    Role.SIGNAL: "#ae3a1e",
    Role.SIGNAL_HOVER: "#c0452a",
    Role.SIGNAL_PRESSED: "#8f2d15",
    Role.ON_SIGNAL: "#fffaf5",
    Role.SIGNAL_INK: "#a3341a",
    Role.SIGNAL_WASH: "#f8e3da",
    Role.CAUTION_INK: "#76500a",
    Role.CAUTION_WASH: "#f8ebcd",
    Role.NOTE_INK: "#4d411c",
    Role.NOTE_WASH: "#fbf1cb",
    Role.NOTE_LINE: "#dfcb84",
    Role.FOCUS: "#2b7563",
    Role.SELECTION: "#c9ddd2",
    Role.ON_SELECTION: "#16201c",
    Role.TOAST: "#2a2823",
    Role.ON_TOAST: "#f5f0e6",
    Role.TOAST_ACCENT: "#a8d6c4",
    Role.PANEL: "#1c463c",
    Role.ON_PANEL: "#f6f1e6",
    Role.ON_PANEL_SOFT: "#b9cdc2",
    Role.PANEL_LINE: "#3a6357",
    Role.SHADOW: "#3c2f18",
}

DARK: Mapping[Role, str] = {
    Role.WINDOW: "#1a1815",
    Role.SURFACE: "#211f1b",
    Role.SUNKEN: "#151310",
    Role.RAISED: "#2a2722",
    Role.HOVER: "#2b2823",
    Role.FILL: "#35312a",
    Role.INK: "#efe8da",
    Role.INK_SOFT: "#c3baa9",
    Role.INK_FAINT: "#a69d8f",
    Role.DISABLED: "#6a6356",
    Role.LINE: "#37332c",
    Role.LINE_STRONG: "#837a6a",
    Role.ACCENT: "#8fc7b3",
    Role.ACCENT_HOVER: "#a3d5c3",
    Role.ACCENT_PRESSED: "#79b29d",
    Role.ON_ACCENT: "#10231d",
    Role.ACCENT_INK: "#9bd0bd",
    Role.ACCENT_WASH: "#24362f",
    Role.SIGNAL: "#ee8d6c",
    Role.SIGNAL_HOVER: "#f4a186",
    Role.SIGNAL_PRESSED: "#dc7653",
    Role.ON_SIGNAL: "#2b0f06",
    Role.SIGNAL_INK: "#f29b7d",
    Role.SIGNAL_WASH: "#40241b",
    Role.CAUTION_INK: "#ebc375",
    Role.CAUTION_WASH: "#3a2f19",
    Role.NOTE_INK: "#eadcaa",
    Role.NOTE_WASH: "#353020",
    Role.NOTE_LINE: "#685c34",
    Role.FOCUS: "#8fc7b3",
    Role.SELECTION: "#3d5b50",
    Role.ON_SELECTION: "#f4eee2",
    Role.TOAST: "#ece5d7",
    Role.ON_TOAST: "#211f1b",
    Role.TOAST_ACCENT: "#1f5a4d",
    Role.PANEL: "#13241f",
    Role.ON_PANEL: "#efe8da",
    Role.ON_PANEL_SOFT: "#9fb5aa",
    Role.PANEL_LINE: "#2c4239",
    Role.SHADOW: "#000000",
}

COLOURS: Mapping[Scheme, Mapping[Role, str]] = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK}

SHEETS = (Role.WINDOW, Role.SURFACE, Role.SUNKEN, Role.RAISED, Role.HOVER, Role.FILL)
"""Backgrounds on which any text may lie."""

WASHES = (Role.ACCENT_WASH, Role.SIGNAL_WASH, Role.CAUTION_WASH, Role.NOTE_WASH)
"""Tinted backgrounds that say what lies on them."""

TEXT_PAIRS: tuple[tuple[Role, Role], ...] = (
    *((ink, sheet) for ink in (Role.INK, Role.INK_SOFT, Role.INK_FAINT) for sheet in SHEETS),
    *((ink, sheet) for ink in (Role.ACCENT_INK, Role.SIGNAL_INK, Role.CAUTION_INK) for sheet in SHEETS),
    *((ink, Role.ACCENT_WASH) for ink in (Role.INK, Role.INK_SOFT, Role.INK_FAINT, Role.ACCENT_INK, Role.SIGNAL_INK)),
    *((ink, Role.SIGNAL_WASH) for ink in (Role.INK, Role.INK_SOFT, Role.SIGNAL_INK)),
    *((ink, Role.CAUTION_WASH) for ink in (Role.INK, Role.INK_SOFT, Role.CAUTION_INK)),
    *((ink, Role.NOTE_WASH) for ink in (Role.INK, Role.INK_SOFT, Role.NOTE_INK)),
    (Role.ON_ACCENT, Role.ACCENT),
    (Role.ON_ACCENT, Role.ACCENT_HOVER),
    (Role.ON_ACCENT, Role.ACCENT_PRESSED),
    (Role.ON_SIGNAL, Role.SIGNAL),
    (Role.ON_SIGNAL, Role.SIGNAL_HOVER),
    (Role.ON_SIGNAL, Role.SIGNAL_PRESSED),
    (Role.ON_SELECTION, Role.SELECTION),
    (Role.ON_TOAST, Role.TOAST),
    (Role.TOAST_ACCENT, Role.TOAST),
    (Role.ON_PANEL, Role.PANEL),
    (Role.ON_PANEL_SOFT, Role.PANEL),
)
"""Every (text, background) pair that the console may draw; each keeps 4.5:1 (WCAG 2.2, 1.4.3)."""

SHAPE_PAIRS: tuple[tuple[Role, Role], ...] = (
    *(
        (Role.FOCUS, sheet)
        for sheet in (*SHEETS, Role.ACCENT_WASH, Role.SIGNAL_WASH, Role.CAUTION_WASH, Role.NOTE_WASH)
    ),
    *((Role.LINE_STRONG, sheet) for sheet in (Role.WINDOW, Role.SURFACE, Role.RAISED)),
)
"""Rings and borders that carry meaning; each keeps 3:1 (WCAG 2.2, 1.4.11)."""


class TextStyle(Enum):
    """The type scale; what a text is, not how big it is."""

    DISPLAY = "display"
    TITLE = "title"
    HEADING = "heading"
    LEAD = "lead"
    BODY = "body"
    STRONG = "strong"
    SMALL = "small"
    SMALL_STRONG = "small_strong"
    CAPTION = "caption"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class TypeToken:
    """One step of the type scale; ``weight`` is 400, 500 or 600."""

    is_serif: bool
    size_px: int
    weight: int
    letter_spacing_percent: int = 100


TYPE_SCALE: Mapping[TextStyle, TypeToken] = {
    TextStyle.DISPLAY: TypeToken(is_serif=True, size_px=36, weight=500),
    TextStyle.TITLE: TypeToken(is_serif=True, size_px=26, weight=500),
    TextStyle.HEADING: TypeToken(is_serif=True, size_px=20, weight=500),
    TextStyle.LEAD: TypeToken(is_serif=False, size_px=17, weight=400),
    TextStyle.BODY: TypeToken(is_serif=False, size_px=15, weight=400),
    TextStyle.STRONG: TypeToken(is_serif=False, size_px=15, weight=600),
    TextStyle.SMALL: TypeToken(is_serif=False, size_px=13, weight=400),
    TextStyle.SMALL_STRONG: TypeToken(is_serif=False, size_px=13, weight=600),
    TextStyle.CAPTION: TypeToken(is_serif=False, size_px=12, weight=600, letter_spacing_percent=104),
    TextStyle.CODE: TypeToken(is_serif=False, size_px=20, weight=600, letter_spacing_percent=106),
}

SERIF_STACK = ("Vestibule Serif", "Newsreader", "Source Serif 4", "Charter", "Georgia", "Noto Serif", "DejaVu Serif")
SANS_STACK = ("Vestibule Sans", "IBM Plex Sans", "Source Sans 3", "Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")


class Space(IntEnum):
    """Distances, on a grid of four."""

    HAIR = 2
    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 32
    XXXL = 48


class Radius(IntEnum):
    """Corners: marks, controls, cards."""

    S = 4
    M = 7
    L = 12


class Size(IntEnum):
    """Fixed measures of controls; ``TARGET`` is the smallest thing a pointer must hit (WCAG 2.2, 2.5.8)."""

    TARGET = 24
    ICON_S = 16
    ICON = 20
    ICON_L = 28
    CONTROL = 38
    AVATAR = 36
    RING = 2
    READING = 620  # about 75 characters of BODY


@dataclass(frozen=True, slots=True)
class Elevation:
    """One step away from the paper: blur and fall of its shadow, opacity 0 to 255."""

    blur_px: int
    fall_px: int
    alpha: int


CARD_ELEVATION = Elevation(blur_px=28, fall_px=6, alpha=26)
FLOATING_ELEVATION = Elevation(blur_px=40, fall_px=12, alpha=60)


class Motion(IntEnum):
    """Durations in milliseconds; all become 0 when motion is reduced."""

    QUICK = 120
    GENTLE = 220


MIN_SCALE = 1.0
MAX_SCALE = 2.0


_LINEAR_BELOW = 0.04045  # sRGB, IEC 61966-2-1


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else float(((channel + 0.055) / 1.055) ** 2.4)
