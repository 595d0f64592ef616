"""What goes on paper: recovery shares, a page each for who keeps it, and printed codes for a lost phone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from app.ui.components import readable_line
from app.ui.components.paper import POINT, draw_groups, sans, serif, write

_WORD_COLUMNS = 3
_ROW_POINTS = 21
_EDGE_POINTS = 14
_RULE_GAP_POINTS = 11


@dataclass(frozen=True, slots=True)
class VaultOnPaper:
    """Which vault a sheet belongs to."""

    office_name: str
    vault_id: str
    made_on: date

    def line(self) -> str:
        """Return it in two lines."""
        day = f"{self.made_on.day} {self.made_on:%B %Y}"
        office = readable_line(self.office_name, 80)
        return _tr("{office}\nMade on {day} · vault {vault}").format(office=office, day=day, vault=self.vault_id)


@dataclass(frozen=True, slots=True)
class SharePaper:
    """One share on one page."""

    vault: VaultOnPaper
    number: int
    total: int
    words: tuple[str, ...] = field(repr=False)

    @property
    def title(self) -> str:
        """Return what stands on top, and names the print job: nothing of the words."""
        return _tr("Recovery share {number} of {total}").format(number=self.number, total=self.total)

    def draw(self, painter: QPainter, width: float) -> None:
        """Draw the page."""
        top = write(painter, 0, width, self.title, serif(26))
        top = write(painter, top + 8 * POINT, width, self.vault.line(), sans(11))
        top = _draw_words(painter, top + 20 * POINT, width, self.words)
        for rule in _share_rules():
            top = write(painter, top + _RULE_GAP_POINTS * POINT, width, rule, sans(10.5))
        _draw_lines(painter, top + 34 * POINT, width, (_tr("Kept by"), _tr("Since")))


@dataclass(frozen=True, slots=True)
class SparePaper:
    """Printed codes for the day on which the phone is gone."""

    vault: VaultOnPaper
    codes: tuple[str, ...] = field(repr=False)

    @property
    def title(self) -> str:
        """Return what stands on top."""
        return _tr("Codes in place of the phone")

    def draw(self, painter: QPainter, width: float) -> None:
        """Draw the page."""
        top = write(painter, 0, width, self.title, serif(26))
        top = write(painter, top + 8 * POINT, width, self.vault.line(), sans(11))
        top = draw_groups(painter, top + 20 * POINT, width, self.codes, columns=3)
        for rule in (
            _tr("Each code works once, together with your password, where a code from the phone is asked for."),
            _tr("Cross out a code that you have used. When few are left, print new ones; these then work no more."),
            _tr("Keep this sheet in a purse or a locked drawer, not with the computer, and not with the password."),
            _tr("Nobody who calls or writes has a reason to ask for one of these codes."),
        ):
            top = write(painter, top + 14 * POINT, width, rule, sans(11))


def _share_rules() -> Sequence[str]:
    return (
        _tr(
            "Any two of the three sheets open everything in the vault of this office. This one alone says nothing at"
            " all, to anybody."
        ),
        _tr(
            "Keep it closed in an envelope, in a place that is not the office and where no other of the three lies."
            " Do not photograph it, do not copy it, do not read it out on the phone, and type it into nothing but"
            " Vestibule."
        ),
        _tr(
            "You are asked for it when nobody at the office can sign in any more. Bring it yourself, and give it only"
            " to somebody whom you know from the office. Ask afterwards for new sheets: these have been seen."
        ),
        _tr(
            "To use it: start Vestibule, choose “Use the recovery code” and type the words of two sheets, one sheet"
            " after the other. Numbers, capitals and line ends do not matter."
        ),
        _tr(
            "Tell the office when it is lost or when you move away. New shares are made then, and this sheet opens"
            " nothing any more."
        ),
    )


def _draw_words(painter: QPainter, top: float, width: float, words: Sequence[str]) -> float:
    """Draw numbered words column by column inside a frame, and return where it ends."""
    rows = -(-len(words) // _WORD_COLUMNS)
    row, edge = _ROW_POINTS * POINT, _EDGE_POINTS * POINT
    height = rows * row + edge
    painter.setPen(QPen(Qt.GlobalColor.black, 0.8 * POINT))
    painter.drawRect(QRectF(0, top, width, height))
    for place, word in enumerate(words):
        left = edge + (place // rows) * (width - edge) / _WORD_COLUMNS
        line = top + edge / 2 + (place % rows) * row
        write(painter, line + 3 * POINT, width, str(place + 1), sans(8), left)
        write(painter, line, width, word, _plain_letters(), left + 20 * POINT)
    return top + height


def _plain_letters() -> QFont:
    """Return the face of the words without ligatures: whoever copies a word out of a PDF gets its letters."""
    font = sans(13, weight=600)
    font.setFeature(QFont.Tag("liga"), 0)
    return font


def _draw_lines(painter: QPainter, top: float, width: float, labels: Sequence[str]) -> None:
    """Draw lines to write on, side by side, with their labels below."""
    gap = 18 * POINT
    each = (width - gap * (len(labels) - 1)) / len(labels)
    painter.setPen(QPen(Qt.GlobalColor.black, 0.5 * POINT))
    for place, label in enumerate(labels):
        left = place * (each + gap)
        painter.drawLine(round(left), round(top), round(left + each), round(top))
        write(painter, top + 3 * POINT, each, label, sans(8), left)


def _tr(text: str) -> str:
    return QCoreApplication.translate("people", text)
