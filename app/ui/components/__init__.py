"""The parts that views are made of: buttons, labels, marks, frames, fields.

May import: PySide6 and ``app.ui.theme``; nothing of the product. They know no service and decide nothing.
Trust: only ``UntrustedLabel`` (and ``readable``, for those who paint themselves) takes text from outside; every other
component shows our own words.
"""

from app.ui.components.announce import announce
from app.ui.components.buttons import Button, ButtonKind, IconButton
from app.ui.components.choices import CheckBox, ChoiceCard, Select
from app.ui.components.fields import PasswordField, StrengthMeter
from app.ui.components.frames import Banner, Card, EmptyState, IconLabel, SectionHeader, lift
from app.ui.components.labels import Divider, Text, dress, redress
from app.ui.components.marks import Chip, InitialsAvatar, KeyCap, Tone, initials
from app.ui.components.progress import ProgressLine
from app.ui.components.toast import Toast
from app.ui.components.untrusted import UntrustedLabel, readable, readable_line
from app.ui.components.veil import PersonLabel, VeilOver, draw_bar, person_line, veil

__all__ = [
    "Banner",
    "Button",
    "ButtonKind",
    "Card",
    "CheckBox",
    "Chip",
    "ChoiceCard",
    "Divider",
    "EmptyState",
    "IconButton",
    "IconLabel",
    "InitialsAvatar",
    "KeyCap",
    "PasswordField",
    "PersonLabel",
    "ProgressLine",
    "SectionHeader",
    "Select",
    "StrengthMeter",
    "Text",
    "Toast",
    "Tone",
    "UntrustedLabel",
    "VeilOver",
    "announce",
    "draw_bar",
    "dress",
    "initials",
    "lift",
    "person_line",
    "readable",
    "readable_line",
    "redress",
    "veil",
]
