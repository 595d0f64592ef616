"""How marks look: six groups of labels, each with a colour and a line of its own, so that no mark is colour alone."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QTextCharFormat

from app.anonymise.labels import Label
from app.ui.components import Tone
from app.ui.theme import Look, Role

Line = QTextCharFormat.UnderlineStyle


class LabelGroup(Enum):
    """What a mark is about, in the order of the legend."""

    PEOPLE = "people"
    PLACES = "places"
    TIMES = "times"
    REACH = "reach"
    NUMBERS = "numbers"
    OTHER = "other"


_GROUPS: dict[LabelGroup, tuple[Label, ...]] = {
    LabelGroup.PEOPLE: (Label.PERSON, Label.USERNAME),
    LabelGroup.PLACES: (Label.LOCATION, Label.ADDRESS, Label.ZIP),
    LabelGroup.TIMES: (Label.DATE, Label.AGE),
    LabelGroup.REACH: (Label.PHONE, Label.EMAIL, Label.URL, Label.IP),
    LabelGroup.NUMBERS: (Label.ID, Label.CARD, Label.IBAN),
    LabelGroup.OTHER: (Label.ORG, Label.NRP, Label.QUANTITY, Label.MISC),
}
_GROUP_OF = {label: group for group, labels in _GROUPS.items() for label in labels}


@dataclass(frozen=True, slots=True)
class Mark:
    """Colours (a pair of ``TEXT_PAIRS`` with INK, so 4.5:1) and the line below the words."""

    wash: Role
    line_role: Role
    line: Line
    tone: Tone


_MARKS = {
    LabelGroup.PEOPLE: Mark(Role.ACCENT_WASH, Role.ACCENT_INK, Line.SingleUnderline, Tone.ACCENT),
    LabelGroup.PLACES: Mark(Role.NOTE_WASH, Role.NOTE_INK, Line.DashUnderline, Tone.NOTE),
    LabelGroup.TIMES: Mark(Role.CAUTION_WASH, Role.CAUTION_INK, Line.DotLine, Tone.CAUTION),
    LabelGroup.REACH: Mark(Role.SIGNAL_WASH, Role.SIGNAL_INK, Line.WaveUnderline, Tone.SIGNAL),
    LabelGroup.NUMBERS: Mark(Role.FILL, Role.INK, Line.DashDotLine, Tone.NEUTRAL),
    LabelGroup.OTHER: Mark(Role.HOVER, Role.INK_SOFT, Line.DashDotDotLine, Tone.NEUTRAL),
}


def group_of(label: Label) -> LabelGroup:
    """Return the group of a label."""
    return _GROUP_OF[label]


def labels_of(group: LabelGroup) -> tuple[Label, ...]:
    """Return the labels of a group."""
    return _GROUPS[group]


def mark_of(group: LabelGroup) -> Mark:
    """Return how a group looks."""
    return _MARKS[group]


def marked(plain: QTextCharFormat, label: Label, look: Look) -> QTextCharFormat:
    """Return the format of words under a label."""
    mark, form = mark_of(group_of(label)), QTextCharFormat(plain)
    form.setBackground(look.colour(mark.wash))
    form.setForeground(look.colour(Role.INK))
    form.setUnderlineStyle(mark.line)
    form.setUnderlineColor(look.colour(mark.line_role))
    return form
