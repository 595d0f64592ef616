"""What goes to the child and what comes back."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from app.anonymise.office_rules import OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.anonymise.spans import Span


@dataclass(frozen=True, slots=True)
class ConversationTexts:
    """Texts of one conversation, in order. ``secret`` (16 to 64 bytes) decides stand-ins and the shift of dates."""

    texts: tuple[str, ...] = field(repr=False)
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundInText:
    """``instead[i]`` stands in the place of ``spans[i]``; spans are in order, within the text, and do not overlap."""

    spans: tuple[Span, ...] = ()
    instead: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Manner:
    """How texts are anonymised; ``year`` is assumed for dates that name none."""

    profile: Profile
    year: int
    rules: OfficeRules = field(default_factory=OfficeRules)


class Trust(Enum):
    """What a pipeline must prove before it is used."""

    SHIPPED = "shipped"
    """A manifest, and every file as the manifest says."""
    TRIAL = "trial"
    """Nothing: a pipeline in training, or another one that a benchmark compares."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Where the trained pipeline lies.

    ``folder`` None reads by shapes, lists and rules alone and finds hardly a name: for tests of what stands around it.
    """

    folder: Path | None
    trust: Trust = Trust.SHIPPED


@dataclass(frozen=True, slots=True)
class TextsLimits:
    """How long a batch may take. The finder reads about 50,000 characters a second; a busy machine a tenth of that."""

    start_s: float = 60.0
    base_s: float = 10.0
    chars_per_s: int = 2_000

    def batch_s(self, chars: int) -> float:
        """Return the seconds for a batch of so many characters: linear, so one text takes linear time as well."""
        return self.base_s + chars / self.chars_per_s
