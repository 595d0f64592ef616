"""The letters of a text with chips and numbers in it: how they look, and which of them are the text's own."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

from app.ui.composer.chip_painting import CELL_PX
from app.ui.theme import Role, TextStyle, active

MARK = QTextCharFormat.Property.UserProperty + 1
"""Set on what the program put between the words (cells and numbers); it is not copied."""

NO_BREAK_SPACE = "\u00a0"
LINE_PERCENT = 128


def set_lines(cursor: QTextCursor) -> None:
    """Air between the lines, so that chips on two of them stay apart."""
    block = QTextBlockFormat()
    block.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.setBlockFormat(block)


def letters(*, is_unsourced: bool = False) -> QTextCharFormat:
    """The letters of the text; a sentence without a source is dotted and says so."""
    look, form = active(), QTextCharFormat()
    form.setFont(look.font(TextStyle.BODY))
    form.setForeground(look.colour(Role.INK))
    if is_unsourced:
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        form.setUnderlineColor(look.colour(Role.CAUTION_INK))
        form.setToolTip(QCoreApplication.translate("FactText", "No source stands behind this sentence"))
    return form


def cell_of_chip() -> QTextCharFormat:
    """Return the look of the gap at the end of a chip, in which its number stands."""
    look, form = active(), QTextCharFormat()
    form.setFont(look.font(TextStyle.CAPTION))
    form.setFontLetterSpacingType(look.font(TextStyle.CAPTION).SpacingType.AbsoluteSpacing)
    form.setFontLetterSpacing(look.px(CELL_PX) - look.metrics(TextStyle.CAPTION).horizontalAdvance(NO_BREAK_SPACE))
    form.setProperty(MARK, True)
    return form


def words_of(document: QTextDocument, selection: QTextCursor) -> str:
    """Return the selected words without what the program put between them."""
    first, last = selection.selectionStart(), selection.selectionEnd()
    words, block = [], document.findBlock(first)
    while block.isValid() and block.position() < last:
        places = block.begin()
        while not places.atEnd():
            piece = places.fragment()
            start, end = max(first, piece.position()), min(last, piece.position() + piece.length())
            if start < end and not piece.charFormat().property(MARK):
                cursor = QTextCursor(document)
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                words.append(cursor.selectedText().replace("\u2028", "\n"))
            places += 1
        block = block.next()
        if block.isValid() and block.position() < last:
            words.append("\n")
    return "".join(words)
