"""How fill-in fields are marked in a text: a wash behind them, in editors and wherever else they are read."""

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

from app.domain.fill_in import FillInField, fields_of
from app.ui.theme import Role, active


def field_format() -> QTextCharFormat:
    """How a field is marked: on a wash, in the ink of the accent, heavier than its neighbours."""
    look, form = active(), QTextCharFormat()
    form.setBackground(QColor(look.colour(Role.ACCENT_WASH)))
    form.setForeground(QColor(look.colour(Role.ACCENT_INK)))
    form.setFontWeight(600)
    return form


def place_of(text: str, field: FillInField) -> tuple[int, int]:
    """Where a field of ``text`` stands as Qt counts, in UTF-16 units; half-open."""
    start = len(text[: field.start].encode("utf-16-le")) // 2
    return start, start + len(text[field.start : field.end].encode("utf-16-le")) // 2


class FieldHighlighter(QSyntaxHighlighter):
    """Marks the fields of a document while somebody writes."""

    def highlightBlock(self, text: str) -> None:
        """Mark one paragraph."""
        form = field_format()
        for field in fields_of(text):
            start, end = place_of(text, field)
            self.setFormat(start, end - start, form)
