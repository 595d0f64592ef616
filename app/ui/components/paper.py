"""Drawing for paper: an A4 page with wide margins, wrapped plain text, and codes in numbered groups.

Sizes are points; the painter's own unit is a dot at ``DPI``. Words from outside are drawn as plain text.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.ui.theme.tokens import SANS_STACK, SERIF_STACK

DPI = 300
POINT = DPI / 72
_MARGIN_MM = 22
_COLUMNS = 5
_MAX_TEXT_DOTS = 10_000

Draw = Callable[[QPainter, float], None]
"""Draws one page; arguments: the painter, the width of the page in dots."""


def save_pdf(target: Path, title: str, *pages: Draw) -> None:
    """Write pages as an A4 PDF that only its owner may read; nothing is written anywhere else on the way.

    Raises:
        OSError: the file could not be made.
    """
    target.touch(mode=0o600, exist_ok=True)
    target.chmod(0o600)
    writer = QPdfWriter(str(target))
    writer.setTitle(title)
    _set_page(writer)
    writer.setResolution(DPI)
    _draw(writer, pages)


def print_page(parent: QWidget, title: str, *pages: Draw) -> bool:
    """Ask for a printer and print pages; False when the person changed their mind or there is no printer."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setResolution(DPI)
    _set_page(printer)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    _draw(printer, pages)
    return True


def ask_for_pdf(parent: QWidget, title: str, name: str) -> Path | None:
    """Ask where a PDF goes. The dialog is ours, not the desktop's, which would remember the file."""
    chosen, _filter = QFileDialog.getSaveFileName(
        parent, title, str(Path.home() / name), "PDF (*.pdf)", options=QFileDialog.Option.DontUseNativeDialog
    )
    return Path(chosen) if chosen else None


def write(painter: QPainter, top: float, width: float, text: str, font: QFont, left: float = 0) -> float:
    """Draw wrapped text and return where it ends."""
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    room = QRectF(left, top, width, _MAX_TEXT_DOTS)
    used = painter.boundingRect(room, flags, text)
    painter.drawText(room, flags, text)
    return float(used.bottom())


def draw_groups(
    painter: QPainter, top: float, width: float, groups: Sequence[str], *, columns: int = _COLUMNS
) -> float:
    """Draw a code in numbered groups inside a frame and return where it ends."""
    cell_width, cell_height = width / columns, 46 * POINT
    rows = -(-len(groups) // columns)
    painter.setPen(QPen(Qt.GlobalColor.black, 0.8 * POINT))
    painter.drawRect(QRectF(0, top, width, rows * cell_height + 16 * POINT))
    for place, group in enumerate(groups):
        left = (place % columns) * cell_width + 14 * POINT
        line = top + 8 * POINT + (place // columns) * cell_height
        write(painter, line, cell_width, str(place + 1), sans(8), left)
        write(painter, line + 11 * POINT, cell_width, group, sans(15, weight=600), left)
    return top + rows * cell_height + 16 * POINT


def sans(size_pt: float, weight: int = 400) -> QFont:
    """The plain face in a size for paper."""
    return _font(SANS_STACK, size_pt, weight)


def serif(size_pt: float) -> QFont:
    """The face of titles in a size for paper."""
    return _font(SERIF_STACK, size_pt, 500)


def _set_page(device: QPagedPaintDevice) -> None:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    page = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
    )
    device.setPageLayout(page)


def _draw(device: QPagedPaintDevice, pages: Sequence[Draw]) -> None:
    painter = QPainter(device)
    try:
        for number, draw in enumerate(pages):
            if number:
                device.newPage()
            draw(painter, float(painter.viewport().width()))
    finally:
        painter.end()


def _font(stack: Sequence[str], size_pt: float, weight: int) -> QFont:
    font = QFont(list(stack))
    font.setPixelSize(round(size_pt * POINT))
    font.setWeight(QFont.Weight(weight))
    return font
