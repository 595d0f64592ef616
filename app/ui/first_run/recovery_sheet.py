"""The sheet with the recovery code: drawn for paper, printed or written to a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.ui.theme.tokens import SANS_STACK, SERIF_STACK

_COLUMNS = 5
_DPI = 300
_MARGIN_MM = 22
_POINT = _DPI / 72
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
    target.touch(mode=0o600, exist_ok=True)
    target.chmod(0o600)
    writer = QPdfWriter(str(target))
    writer.setTitle("Vestibule recovery code")
    _set_page(writer)
    writer.setResolution(_DPI)
    _draw(sheet, writer)


def print_sheet(sheet: RecoverySheet, parent: QWidget) -> bool:
    """Ask for a printer and print; False when the person changed their mind or there is no printer."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("Vestibule recovery code")
    printer.setResolution(_DPI)
    _set_page(printer)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    _draw(sheet, printer)
    return True


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask where the PDF goes. The dialog is ours, not the desktop's, which would remember the file."""
    name, _filter = QFileDialog.getSaveFileName(
        parent,
        "Save the recovery sheet",
        str(Path.home() / "vestibule-recovery-code.pdf"),
        "PDF (*.pdf)",
        options=QFileDialog.Option.DontUseNativeDialog,
    )
    return Path(name) if name else None


def _set_page(device: QPagedPaintDevice) -> None:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    page = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    device.setPageLayout(page)


def _draw(sheet: RecoverySheet, device: QPagedPaintDevice) -> None:
    painter = QPainter(device)
    try:
        width = float(painter.viewport().width())
        top = _write(painter, 0, width, "Recovery code", _serif(26))
        about = f"{sheet.office_name}\nMade on {sheet.made_on.day} {sheet.made_on:%B %Y} · vault {sheet.vault_id}"
        top = _write(painter, top + 8 * _POINT, width, about, _sans(11))
        top = _draw_groups(painter, top + 26 * _POINT, width, sheet.groups)
        for rule in _RULES:
            top = _write(painter, top + 14 * _POINT, width, rule, _sans(11))
        _write(
            painter,
            top + 26 * _POINT,
            width,
            "Vestibule · there is no other copy of this sheet unless you make one",
            _sans(8),
        )
    finally:
        painter.end()


def _draw_groups(painter: QPainter, top: float, width: float, groups: Sequence[str]) -> float:
    cell_width, cell_height = width / _COLUMNS, 46 * _POINT
    rows = -(-len(groups) // _COLUMNS)
    painter.setPen(QPen(Qt.GlobalColor.black, 0.8 * _POINT))
    painter.drawRect(QRectF(0, top, width, rows * cell_height + 16 * _POINT))
    for place, group in enumerate(groups):
        left = (place % _COLUMNS) * cell_width + 14 * _POINT
        line = top + 8 * _POINT + (place // _COLUMNS) * cell_height
        _write(painter, line, cell_width, str(place + 1), _sans(8), left)
        _write(painter, line + 11 * _POINT, cell_width, group, _sans(15, weight=600), left)
    return top + rows * cell_height + 16 * _POINT


def _write(painter: QPainter, top: float, width: float, text: str, font: QFont, left: float = 0) -> float:
    """Draw wrapped text and return where it ends."""
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    room = QRectF(left, top, width, 10_000)
    used = painter.boundingRect(room, flags, text)
    painter.drawText(room, flags, text)
    return float(used.bottom())


def _sans(size_pt: float, weight: int = 400) -> QFont:
    return _font(SANS_STACK, size_pt, weight)


def _serif(size_pt: float) -> QFont:
    return _font(SERIF_STACK, size_pt, 500)


def _font(stack: Sequence[str], size_pt: float, weight: int) -> QFont:
    font = QFont(list(stack))
    font.setPixelSize(round(size_pt * _POINT))
    font.setWeight(QFont.Weight(weight))
    return font
