"""The icon set: our own line drawings, tinted by role and drawn sharp for every screen.

The files in ``resources/icons`` share one hand: a grid of 20, lines of 1.6, round ends. They hold one colour, which is
replaced when they are drawn; so one file serves light, dark and every tone.
"""

from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.theme.look import active
from app.ui.theme.places import resources_dir
from app.ui.theme.tokens import Role

_SIZES_PX = (16, 20, 24, 28, 32, 40, 56)
_DEVICE_RATIOS = (1.0, 2.0)


class IconName(Enum):
    """Every drawing, by what it shows."""

    ANSWERS = "answers"
    ARROW_LEFT = "arrow_left"
    ARROW_RIGHT = "arrow_right"
    ASSIGN = "assign"
    ATTACH = "attach"
    CHANNEL = "channel"
    CHECK = "check"
    CHEVRON_DOWN = "chevron_down"
    CHEVRON_LEFT = "chevron_left"
    CHEVRON_RIGHT = "chevron_right"
    CHEVRON_UP = "chevron_up"
    CLINIC = "clinic"
    CLOCK = "clock"
    CLOSE = "close"
    COPY = "copy"
    CURTAIN = "curtain"
    DISK = "disk"
    DONE = "done"
    DRAFT = "draft"
    EDIT = "edit"
    EMERGENCY = "emergency"
    EYE = "eye"
    EYE_OFF = "eye_off"
    FLAG = "flag"
    HELP = "help"
    HISTORY = "history"
    IMPORT = "import"
    INBOX = "inbox"
    INFO = "info"
    KEY = "key"
    KEYBOARD = "keyboard"
    LAW = "law"
    LOCK = "lock"
    MEMORY = "memory"
    MODEL = "model"
    MOON = "moon"
    MORE = "more"
    NOTE = "note"
    PANEL = "panel"
    PASTE = "paste"
    PEOPLE = "people"
    PERSON = "person"
    PHONE = "phone"
    PIN = "pin"
    PLUS = "plus"
    PRINTER = "printer"
    REGENERATE = "regenerate"
    REPLY = "reply"
    SAVE = "save"
    SEARCH = "search"
    SEND = "send"
    SETTINGS = "settings"
    SHIELD_SILENT = "shield_silent"
    SNOOZE = "snooze"
    SOURCE = "source"
    STOP = "stop"
    SUN = "sun"
    TRASH = "trash"
    UNDO = "undo"
    VAULT = "vault"
    VESTIBULE = "vestibule"
    WALK_IN = "walk_in"
    WARNING = "warning"


def icon_pixmap(name: IconName, role: Role, size_px: int, device_ratio: float = 1.0) -> QPixmap:
    """Return one drawing in the colour of ``role``.

    Args:
        name: which drawing.
        role: the colour it takes in the look in force.
        size_px: width and height in device-independent pixels, the scale already applied.
        device_ratio: pixels of the screen for one of ours.
    """
    return _draw(name, active().hex(role), size_px, device_ratio)


def icon(name: IconName, role: Role = Role.INK_SOFT) -> QIcon:
    """Return an icon in the look in force. It does not follow later changes: ask again after ``Theme.changed``."""
    made = QIcon()
    for size_px in _SIZES_PX:
        for ratio in _DEVICE_RATIOS:
            made.addPixmap(icon_pixmap(name, role, size_px, ratio), QIcon.Mode.Normal)
            made.addPixmap(icon_pixmap(name, Role.DISABLED, size_px, ratio), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=2048)
def _draw(name: IconName, colour: str, size_px: int, device_ratio: float) -> QPixmap:
    side = round(size_px * device_ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(device_ratio)
    return pixmap


@lru_cache(maxsize=512)
def _renderer(name: IconName, colour: str) -> QSvgRenderer:
    drawing = (resources_dir() / "icons" / f"{name.value}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(drawing.replace("#000", colour).encode())
    if not renderer.isValid():
        raise ValueError(f"the drawing {name.value} is not a picture")
    return renderer
