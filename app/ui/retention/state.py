"""What the page of retention shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from app.compliance.due import Line
from app.compliance.holds import Hold
from app.domain.ids import ConversationId
from app.services.erasing.service import Erasure
from app.services.retention.service import RetentionPreview
from app.ui.components.veil import person_line

SHOWN = 8
"""Lines that a list shows; the rest is counted."""


class Work(Enum):
    """What goes on."""

    NONE = "none"
    READING = "reading"
    ERASING = "erasing"


@dataclass(frozen=True, slots=True)
class RetentionState:
    """``preview`` is None until it was read. ``fraction`` is None while nobody can say how far the work is."""

    may_change: bool = False
    """Whether the role of the person at the desk may sign, release and erase."""
    preview: RetentionPreview | None = None
    holds: tuple[Hold, ...] = ()
    names: Mapping[ConversationId, str] = field(default_factory=dict, repr=False)
    work: Work = Work.NONE
    fraction: float | None = None
    erased: Erasure | None = None
    """What went last, at this desk, since it was unlocked."""
    problem: str = ""

    @property
    def due(self) -> tuple[Line, ...]:
        """What would go now."""
        return () if self.preview is None else self.preview.plan.due

    @property
    def can_be_applied(self) -> bool:
        """Whether the second step may be taken."""
        is_ready = self.preview is not None and self.preview.can_be_applied
        return is_ready and self.may_change and self.work is not Work.ERASING

    def name_of(self, cid: ConversationId) -> str:
        """Return the contact's name, or the id where it is not known."""
        return person_line(self.names[cid]) if self.names.get(cid) else cid
