"""What a row of the inbox says besides name and text: marks with a shape and a word, never colour alone."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from app.domain.conversation import ConversationState, InboxRow, Origin, Urgency
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import age_sentence, clock_words
from app.ui.theme import IconName

MAX_SNIPPET_CHARS = 160
"""More than one line of any list can show; the rest of a message never reaches the painter."""


class MarkTone(Enum):
    """How a mark is dressed."""

    SIGNAL = "signal"
    CAUTION = "caution"
    ACCENT = "accent"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: the name of its icon, its word and its dress."""

    icon: IconName
    word: str
    tone: MarkTone


def urgency_mark(urgency: Urgency) -> Mark | None:
    """The mark beside the name; routine conversations carry none."""
    return {
        Urgency.EMERGENCY: Mark(IconName.EMERGENCY, _tr("Emergency"), MarkTone.SIGNAL),
        Urgency.URGENT: Mark(IconName.FLAG, _tr("Urgent"), MarkTone.CAUTION),
        Urgency.SOON: Mark(IconName.CLOCK, _tr("Soon"), MarkTone.QUIET),
    }.get(urgency)


def state_marks(row: InboxRow, now_ms: int, assignee: str | None) -> tuple[Mark, ...]:
    """The marks of the second line, the most useful first."""
    marks = []
    if row.state is ConversationState.SNOOZED and row.snoozed_until_ms is not None:
        marks.append(Mark(IconName.SNOOZE, clock_words(row.snoozed_until_ms, now_ms), MarkTone.QUIET))
    if row.has_unsent_text:
        marks.append(Mark(IconName.EDIT, _tr("Unsent text"), MarkTone.QUIET))
    elif row.has_proposal:
        marks.append(Mark(IconName.DRAFT, _tr("Draft ready"), MarkTone.ACCENT))
    if row.assigned_to is not None and assignee:
        marks.append(Mark(IconName.ASSIGN, assignee, MarkTone.QUIET))
    if row.origin is Origin.CHANNEL:
        marks.append(Mark(IconName.CHANNEL, _tr("Channel"), MarkTone.QUIET))
    return tuple(marks)


def row_sentence(row: InboxRow, now_ms: int, assignee: str | None = None) -> str:
    """Everything a row shows, as one sentence for a screen reader."""
    urgency = urgency_mark(row.urgency)
    parts = [one_line(row.contact_name)]
    parts += [_tr("over the channel")] if row.origin is Origin.CHANNEL else []
    parts += [urgency.word] if urgency else []
    parts += (
        [age_sentence(row.oldest_unanswered_ms, now_ms)] if row.oldest_unanswered_ms is not None else [_tr("answered")]
    )
    parts += [mark.word for mark in state_marks(row, now_ms, assignee)]
    parts.append(one_line(row.snippet))
    return ", ".join(parts)


def one_line(untrusted_text: str) -> str:
    """Outside text as one bounded line without characters that steer the screen."""
    return readable_line(untrusted_text, MAX_SNIPPET_CHARS)


def _tr(text: str) -> str:
    return QCoreApplication.translate("marks", text)
