"""Proper names: capitalised words inside a sentence, and words after a title.

The first word of a sentence says nothing by its capital and is passed over here, unless a title stands before it;
``opening_name`` looks at it for the one who checks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.knowledge.words import STOP_WORDS
from app.services.facts.kinds import Fact, FactKind

_NAME = re.compile(r"(?<![\w'\u2019])[A-Z][\w'\u2019]*(?:-[A-Z][\w'\u2019]*)*")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:\n]\s{0,3}[\"'(\u201c]?|\n-\s)\Z")
_TITLE_BEFORE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Mx|Prof)\.?\s\Z", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:dr|mr|mrs|ms|mx|prof)\.?\s(?P<name>[a-z][\w'\u2019-]+)")
_NOT_NAMES = frozenset(
    {"Dr", "Mr", "Mrs", "Ms", "Mx", "Prof", "I", "I'm", "I'll", "I'd", "I've", "OK", "PS", "AM", "PM"}
)
_LOOK_BACK_CHARS = 8
NAME_GAP = re.compile(r"\.?\s\Z")
"""What stands between the words of one name."""

_OPENING = re.compile(
    r"\A[\s\"'(\u201c]*(?P<word>[A-Z][a-z'\u2019]+(?:-[A-Z]\w+)?)(?:'s|\u2019s)?\s(?:(?:and\s)?[A-Z]\w+\s)?"
    r"(?:will|can|is|has|may|would|does|did|was|could|should|must|might|signs|sees|takes|charges|answers|speaks|works"
    r"|calls|says|knows|handles|helps|treats|and|or)\b"
)
_OPENER_TEXT = """
unfortunately currently generally usually typically additionally however therefore alternatively instead certainly
absolutely indeed according depending call bring send email write use visit contact enter remember note ring feel
patients clients people visitors everybody everyone nobody somebody someone anyone children adults parents others
"""
_OPENERS = STOP_WORDS | frozenset(_OPENER_TEXT.split())
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word as names are compared: lower case, without genitive; and where it stands in its text."""

    text: str
    start: int
    end: int


def name_words(text: str) -> list[NameWord]:
    """Return every word of a text; "Smith-Jones" is two."""
    return [NameWord(_plain(match.group()).casefold(), *match.span()) for match in _WORD.finditer(text)]


def with_title(text: str, start: int) -> int:
    """Return where "Dr. Bergelin" begins, given where "Bergelin" does."""
    title = _TITLE_BEFORE.search(text, max(0, start - _LOOK_BACK_CHARS), start)
    return title.start() if title else start


def find_names(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001  (all finders share one signature)
    """Yield names without their genitive ending, folded to lower case."""
    for match in _NAME.finditer(text):
        word = _plain(match.group())
        before = text[max(0, match.start() - _LOOK_BACK_CHARS) : match.start()]
        if word not in _NOT_NAMES and (_TITLE_BEFORE.search(before) or not starts_sentence(text, match.start())):
            yield Fact(FactKind.NAME, *match.span(), word.casefold())
    for match in _TITLED.finditer(text):
        yield Fact(FactKind.NAME, *match.span("name"), _plain(match["name"]).casefold())


def starts_sentence(text: str, place: int) -> bool:
    """Tell whether a word at ``place`` opens its sentence."""
    begin = max(0, place - _LOOK_BACK_CHARS)
    return place == 0 or (_SENTENCE_START.search(text[begin:place]) is not None and (begin == 0 or place > begin))


def find_name(name: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a name stand one after the other in ``text``, whatever their case."""
    words = name_words(text)
    for place in range(len(words) - len(name) + 1):
        if [word.text for word in words[place : place + len(name)]] == list(name):
            yield words[place].start, words[place + len(name) - 1].end


def joined_names(text: str) -> list[Fact]:
    """Return names of two words and more as one fact each, their words parted by a space."""
    first = opening_name(text)
    names = [*find_names(text, is_source=False), *([first] if first else [])]
    groups: list[list[Fact]] = []
    for fact in sorted(names, key=lambda fact: fact.start):
        if groups and NAME_GAP.fullmatch(text[groups[-1][-1].end : fact.start]):
            groups[-1].append(fact)
        else:
            groups.append([fact])
    return [
        Fact(FactKind.NAME, group[0].start, group[-1].end, " ".join(fact.value.replace("-", " ") for fact in group))
        for group in groups
        if len(group) > 1
    ]


def opening_name(text: str) -> Fact | None:
    """Return the first word of a sentence when it does what people do ("Bettina will call") and is no plain opener."""
    match = _OPENING.match(text)
    if match is None or match["word"].casefold() in _OPENERS:
        return None
    return Fact(FactKind.NAME, *match.span("word"), _plain(match["word"]).casefold())


def _plain(word: str) -> str:
    return word.replace("\u2019", "'").removesuffix("'s").strip("'")
