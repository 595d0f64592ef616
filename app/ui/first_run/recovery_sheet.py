"""The sheet with the recovery code: drawn for paper, printed or written to a PDF."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.ui.components.paper import POINT, ask_for_pdf, draw_groups, print_page, sans, save_pdf, serif, write

_TITLE = "Vestibule recovery code"
_RULES = (
    "This code opens the vault when the password is forgotten. Whoever holds it can read everything in the vault.",
    "Keep it in a safe or a locked drawer, not beside the computer. Do not photograph it, do not send it.",
    "To use it: start Vestibule, choose “Use the recovery code” and type all groups.",
    "Dashes and small letters do not matter. The letters O, I, L and U do not occur.",
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the sheet. Its groups are secret, so it shows nothing of itself."""

    office_name: str
    vault_id: str
    made_on: date
    groups: tuple[str, ...]

    def __repr__(self) -> str:
        return "<RecoverySheet hidden>"


def save_sheet(sheet: RecoverySheet, target: Path) -> None:
    """Write the sheet as an A4 PDF that only its owner may read.

    Raises:
        OSError: the file could not be made.
    """
    save_pdf(target, _TITLE, lambda painter, width: _draw(sheet, painter, width))


def print_sheet(sheet: RecoverySheet, parent: QWidget) -> bool:
    """Ask for a printer and print; False when the person changed their mind or there is no printer."""
    return print_page(parent, _TITLE, lambda painter, width: _draw(sheet, painter, width))


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask where the PDF goes."""
    return ask_for_pdf(parent, "Save the recovery sheet", "vestibule-recovery-code.pdf")


def _draw(sheet: RecoverySheet, painter: QPainter, width: float) -> None:
    top = write(painter, 0, width, "Recovery code", serif(26))
    about = f"{sheet.office_name}\nMade on {sheet.made_on.day} {sheet.made_on:%B %Y} · vault {sheet.vault_id}"
    top = write(painter, top + 8 * POINT, width, about, sans(11))
    top = draw_groups(painter, top + 26 * POINT, width, sheet.groups)
    for rule in _RULES:
        top = write(painter, top + 14 * POINT, width, rule, sans(11))
    last = "Vestibule · there is no other copy of this sheet unless you make one"
    write(painter, top + 26 * POINT, width, last, sans(8))
