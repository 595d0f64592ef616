"""What would leave of a conversation, as the interface shows it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.anonymise.spans import Ground
from app.domain.anonymised import RedactedText
from app.domain.conversation import Party
from app.domain.ids import ConversationId, EventId
from app.services.ports import AnonymisedText


@dataclass(frozen=True, slots=True)
class LeavingMark:
    """One stretch that was found: where it stands, why, and what stands in its place where.

    Both ranges are half-open, in code points: ``start`` to ``end`` of the original, ``out_start`` to ``out_end`` of
    what would leave.
    """

    start: int
    end: int
    label: Label
    ground: Ground
    why: str
    instead: str = field(repr=False)
    out_start: int
    out_end: int

    @property
    def needs_confirmation(self) -> bool:
        """Whether lifting it lets through what is proven or what the office knows."""
        return self.ground >= Ground.PROOF


@dataclass(frozen=True, slots=True)
class LeavingMessage:
    """One message: as it was written, and as it would leave."""

    event_id: EventId
    party: Party
    wall_ms: int
    text: str = field(repr=False)
    leaving: RedactedText = field(repr=False)
    marks: tuple[LeavingMark, ...]

    def said(self, mark: LeavingMark) -> str:
        """Return what was written where a mark stands."""
        return self.text[mark.start : mark.end]


@dataclass(frozen=True, slots=True)
class LeavingThread:
    """Every message of a conversation, by one profile; ``mapping`` is the way back and never leaves the vault."""

    conversation_id: ConversationId
    contact_name: str = field(repr=False)
    profile: Profile
    messages: tuple[LeavingMessage, ...]
    mapping: Mapping[str, str] = field(repr=False)

    @property
    def found_count(self) -> int:
        """How many stretches were found."""
        return sum(len(message.marks) for message in self.messages)

    @property
    def leaving_text(self) -> RedactedText:
        """Everything that would leave, as one text; who wrote is told by the side, not by name."""
        lines = (f"{'Visitor' if one.party is Party.VISITOR else 'Office'}: {one.leaving}" for one in self.messages)
        return RedactedText("\n\n".join(lines))


def marks_of(anonymised: AnonymisedText) -> Iterator[LeavingMark]:
    """Yield the marks of one text, with their places in what would leave."""
    grown = 0
    for span, instead in zip(anonymised.spans, anonymised.instead, strict=True):
        start = span.start + grown
        yield LeavingMark(span.start, span.end, span.label, span.ground, span.why, instead, start, start + len(instead))
        grown += len(instead) - len(span)
