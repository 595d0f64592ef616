"""A conversation on paper: a PDF in plain type, with or without the notes. Everything from outside is plain text."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMarginsF
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from app.store.files import replace_file
from app.ui.components import readable, readable_line

_MARGIN_MM = 18.0
_RESOLUTION = 96
_BODY_PT, _SMALL_PT, _TITLE_PT = 10, 8, 16


def write_pdf(file: Path, copied: Mapping[str, Any], *, has_notes: bool, family: str) -> None:
    """Write what ``SubjectService.copy`` returned, one conversation after another; the file is private (0600).

    Args:
        file: replaced in one step when it exists.
        copied: plain JSON values.
        has_notes: the office's own notes are printed as well.
        family: of the type.

    Raises:
        OSError, StoreError: it cannot be written; what was there before is untouched.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setCreator("Vestibule")
    writer.setTitle(str(copied["office"]))
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = _document(copied, has_notes=has_notes, family=family)
    document.setPageSize(writer.pageLayout().paintRectPixels(_RESOLUTION).size().toSizeF())
    document.print_(writer)
    buffer.close()
    replace_file(file, bytes(data.data()))


def _document(copied: Mapping[str, Any], *, has_notes: bool, family: str) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(QFont(family, _BODY_PT))
    sheet = _Sheet(document, family)
    conversations: Sequence[Mapping[str, Any]] = copied["conversations"]
    for number, conversation in enumerate(conversations):
        sheet.line(readable_line(str(conversation["contact"]), 120), _TITLE_PT, top_px=0 if number == 0 else 40)
        made = _tr("{office} · made {moment}").format(
            office=readable_line(str(copied["office"]), 80), moment=copied["made"]
        )
        sheet.line(made, _SMALL_PT)
        _print_details(sheet, conversation["contact_details"])
        for turn in conversation["turns"]:
            if has_notes or turn["who"] != "note":
                _print_turn(sheet, turn)
    return document


def _print_details(sheet: "_Sheet", known: Mapping[str, Any]) -> None:
    names = {
        "other_names": _tr("Other names"),
        "birth_date": _tr("Birth date"),
        "phones": _tr("Phones"),
        "emails": _tr("E-mail"),
        "address": _tr("Address"),
        "record_numbers": _tr("Record numbers"),
        "relatives": _tr("People around them"),
    }
    for key, name in names.items():
        if key in known:
            entries = known[key] if isinstance(known[key], list) else [known[key]]
            sheet.line(f"{name}: {readable_line('; '.join(map(str, entries)), 1500)}", _BODY_PT)


def _print_turn(sheet: "_Sheet", turn: Mapping[str, Any]) -> None:
    moment = datetime.fromtimestamp(turn["written_ms"] / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    mark = _tr("Note") + " · " if turn["who"] == "note" else ""
    author = readable_line(str(turn["author"] or ""), 80)
    sheet.line(f"{mark}{author} · {moment}", _SMALL_PT, top_px=14)
    sheet.line(readable(str(turn["text"])), _BODY_PT)


class _Sheet:
    """Appends lines of plain text to a document."""

    def __init__(self, document: QTextDocument, family: str) -> None:
        self._cursor = QTextCursor(document)
        self._family = family
        self._is_begun = False

    def line(self, text: str, size_pt: int, *, top_px: int = 2) -> None:
        block, chars = QTextBlockFormat(), QTextCharFormat()
        block.setTopMargin(top_px)
        chars.setFont(QFont(self._family, size_pt))
        if self._is_begun:
            self._cursor.insertBlock(block, chars)
        self._is_begun = True
        self._cursor.setBlockFormat(block)
        self._cursor.insertText(text, chars)


def _tr(text: str) -> str:
    return QCoreApplication.translate("paper", text)
