"""Reading what is left in an anonymised text that helps to recognise somebody.

Taken from the spans: dates, ages, ZIP codes cut to three digits, places and nationalities that the profile or the
office let stand. Stand-ins are invented and tell nothing; they do not count, but the years and quarters of moved dates
do (their days are noise). Taken from the lists of ``lexicon``: conditions and professions, which no profile replaces,
and names of states and countries that no span covers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.anonymise.labels import Label
from app.anonymise.replacing.moments import read_date, year_of
from app.anonymise.risk.kinds import OLDEST, QuasiKind, age_ladder, date_ladder
from app.anonymise.risk.lexicon import find_entry, find_mentions
from app.anonymise.spans import Span

MIN_YEAR, MAX_YEAR = 1900, 2099
_NUMBER = re.compile(r"\d{1,3}")
_SMALL_UNIT = re.compile(r"\b(?:months?|weeks?|days?|mos?|meses|semanas)\b", re.IGNORECASE)
_MONTHS_OF_YEAR = 12
_ZIP3 = re.compile(r"\d{3}")
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORD_VALUES = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * tens for tens, word in enumerate(_TENS, start=2)
}
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that is left: half-open code points of the anonymised text, and its words from precise to broad.

    An empty ladder: it cannot be read, so it may stand as it is or go.
    """

    kind: QuasiKind
    start: int
    end: int
    ladder: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConversationTraits:
    """The traits of one conversation, one tuple for each of its texts. ``key`` names it in the decision."""

    key: str
    texts: tuple[tuple[Trait, ...], ...]

    @property
    def all(self) -> tuple[Trait, ...]:
        """The traits of all texts."""
        return tuple(trait for traits in self.texts for trait in traits)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands for a span in the anonymised text."""

    label: Label
    start: int
    text: str
    is_as_written: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read_traits(original: str, spans: Sequence[Span], instead: Sequence[str]) -> tuple[Trait, ...]:
    """Return the traits of one text as it would leave, in order, without overlaps.

    Args:
        original: the text as it was written.
        spans: all that was found in it, in order, not overlapping; those that a profile let stand too.
        instead: what stands for each of them, in the same order.
    """
    standing = tuple(_standing(original, spans, instead))
    traits = [trait for one in standing if (trait := _trait_of(one)) is not None]
    covered = [(one.start, one.end) for one in standing]
    traits += (
        Trait(mention.entry.kind, mention.start, mention.end, mention.entry.ladder)
        for mention in find_mentions(_text_of(original, spans, instead))
        if all(mention.end <= start or end <= mention.start for start, end in covered)
    )
    return tuple(sorted(traits, key=lambda trait: trait.start))


def _standing(original: str, spans: Sequence[Span], instead: Sequence[str]) -> Iterator[_Standing]:
    moved = 0
    for span, words in zip(spans, instead, strict=True):
        said = original[span.start : span.end]
        yield _Standing(span.label, span.start + moved, words, is_as_written=words == said)
        moved += len(words) - len(said)


def _text_of(original: str, spans: Sequence[Span], instead: Sequence[str]) -> str:
    starts = (0, *(span.end for span in spans))
    ends = (*(span.start for span in spans), len(original))
    between = [original[start:end] for start, end in zip(starts, ends, strict=True)]
    return "".join(part for pair in zip(between, (*instead, ""), strict=True) for part in pair)


def _trait_of(one: _Standing) -> Trait | None:
    match one.label:
        case Label.DATE:
            return _date(one)
        case Label.AGE:
            return _age(one)
        case Label.ZIP:
            match = _ZIP3.fullmatch(one.text)
            return Trait(QuasiKind.PLACE, one.start, one.end, (f"ZIP {match.group()}",)) if match else None
        case Label.LOCATION | Label.NRP if one.is_as_written:
            return _named(one)
        case _:
            return None


def _date(one: _Standing) -> Trait | None:
    year = year_of(one.text)
    if year is None or not MIN_YEAR <= int(year) <= MAX_YEAR:
        return None
    written = read_date(one.text, assumed_year=int(year))
    month = written.value.month if written is not None else None
    ladder = date_ladder(int(year), month)
    if one.is_as_written and one.text != year:
        ladder = (one.text.casefold(), *ladder)
    return Trait(QuasiKind.DATE, one.start, one.end, ladder)


def _age(one: _Standing) -> Trait | None:
    if one.text == OLDEST:
        return Trait(QuasiKind.AGE, one.start, one.end, (OLDEST,))
    number = _NUMBER.search(one.text)
    if number is None:
        years = _spelled(one.text)
        return Trait(QuasiKind.AGE, one.start, one.end, () if years is None else age_ladder(years))
    if _SMALL_UNIT.search(one.text):
        months = int(number.group()) if "month" in one.text.casefold() else 0
        ladder = (one.text.casefold(), *age_ladder(months // _MONTHS_OF_YEAR)[1:])
        return Trait(QuasiKind.AGE, one.start, one.end, ladder)
    start = one.start + number.start()
    return Trait(QuasiKind.AGE, start, start + len(number.group()), age_ladder(int(number.group())))


def _named(one: _Standing) -> Trait:
    kind = QuasiKind.PLACE if one.label is Label.LOCATION else QuasiKind.ORIGIN
    entry = find_entry(one.text)
    ladder = (one.text.casefold(),) if entry is None or entry.kind is not kind else entry.ladder
    return Trait(kind, one.start, one.end, ladder)


def _spelled(text: str) -> int | None:
    values = [_WORD_VALUES[word] for word in _WORD.findall(text.casefold()) if word in _WORD_VALUES]
    if "hundred" in text.casefold():
        return 100
    return sum(values) if values else None
