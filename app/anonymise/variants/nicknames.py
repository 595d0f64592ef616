"""A known person by another form of the first name, by initials, or spelled out: "bill", "R.M.", "m-e-l-o-r".

A short form that is a word of every day ("will", "pat") counts with a capital inside of a sentence, behind words by
which people name somebody, or right before another part of the name.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from app.anonymise.known_text import KnownText, is_within, plain
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span

MIN_CHARS = 2
MIN_SPELLED = 3
MIN_FUZZY_CHARS = 5
MAX_FUZZY_WORDS = 500
"""Of a long list, short forms are found without slips alone."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_SPELLED = re.compile(r"(?<!\w)(?:[^\W\d_][\s.,-]{1,2}){2,24}[^\W\d_](?!\w)")
_CUES = (
    r"(?:\bi'?m|\bi am|\bthis is|\bit'?s|\bits|\bname(?:'s| is)|\bask(?: for)?|\bhere is|\bcalled|\bcall me|\bfor|"
    r"\bmr\.?|\bmrs\.?|\bms\.?|\bdr\.?|\bhi|\bhello|\bdear|\bwith|\bto see|\bregards,?|\bthanks,?|[-\u2013\u2014])\s*"
)
_NAMED = re.compile(rf"{_CUES}$", re.IGNORECASE)
_BEHIND_NAMED = re.compile(
    r"\b(?:this is|my name is|name's|ask for|call me|called|mr\.?|mrs\.?|ms\.?|dear)\s+([^\W\d_]{4,12})\b",
    re.IGNORECASE,
)
_NEVER = frozenset(
    {"great", "daily", "belly", "still", "willing", "very", "both", "best", "than", "them", "just", "late"}
)
"""Words that are one slip from a short form and stand behind such words all the same."""
_INITIALS = re.compile(r"(?<![\w.])([^\W\d_])\.\s?([^\W\d_])(?:\.(?!\w)|(?!\w))")
_ENDS = re.compile(r"(?:^|[.!?:;\n\u2013\u2014-]\s*|[\"(\u201c]\s*)$")
_BACK_CHARS = 24


class KnownNicknames:
    """Finds known persons by names that stand nowhere. Built once for many texts."""

    def __init__(self, entries: Iterable[KnownText], part_of: Callable[[str], KnownText | None]) -> None:
        """Take the persons; ``part_of`` says whose name a word is a part of."""
        self._part_of = part_of
        self._words: dict[str, KnownText] = {}
        self._initials: dict[tuple[str, str], KnownText] = {}
        for entry in entries:
            if entry.label is Label.PERSON:
                self._add(entry)

    def find(self, text: str) -> Iterator[Span]:
        """Yield every such name of ``text``."""
        if self._words:
            yield from self._short_forms(text)
        if self._initials:
            for match in _INITIALS.finditer(text):
                entry = self._initials.get((plain(match[1]), plain(match[2])))
                if entry is not None:
                    yield _span(match.start(), match.end(), entry)
        for match in _SPELLED.finditer(text) if self._initials else ():
            yield from self._spelled(match)

    def _short_forms(self, text: str) -> Iterator[Span]:
        before: re.Match[str] | None = None
        for match in _WORD.finditer(text):
            word = _bare(plain(match.group()))
            entry = self._words.get(word)
            if entry is not None and (word not in _everyday() or self._is_name(match, text)):
                yield _span(match.start(), match.start() + len(_bare(match.group())), entry)
            # Misspelt, a short form is too near to other words to count without the rest of the name beside it.
            if before is not None and match.start() - before.end() == 1 and self._part_of(word) is not None:
                yield from self._misspelt(before)
            before = match
        for match in _BEHIND_NAMED.finditer(text):
            yield from self._misspelt(match, 1)

    def _add(self, entry: KnownText) -> None:
        parts = [plain(match.group()) for match in _WORD.finditer(entry.text)]
        if not parts:
            return
        for other in sorted(_groups().get(parts[0], frozenset()) - {parts[0]}):
            if len(other) >= MIN_CHARS and self._part_of(other) is None:
                self._words.setdefault(other, entry)
        if len(parts) > 1:
            self._initials.setdefault((parts[0][0], parts[-1][0]), entry)

    def _misspelt(self, match: re.Match[str], group: int = 0) -> Iterator[Span]:
        """Yield the word of ``match`` when it misspells a short form."""
        word = plain(match[group])
        if word in self._words or len(word) < MIN_FUZZY_CHARS - 1 or len(self._words) > MAX_FUZZY_WORDS:
            return
        for known, entry in self._words.items():
            is_near = len(known) >= MIN_FUZZY_CHARS - 1 and known[0] == word[0] and is_within(word, known, 1)
            if is_near and word not in _NEVER:
                yield _span(match.start(group), match.end(group), entry)
                return

    def _is_name(self, match: re.Match[str], text: str) -> bool:
        """Whether a word of every day is meant as a name."""
        before = text[max(0, match.start() - _BACK_CHARS) : match.start()]
        if _NAMED.search(before):
            return True
        following = _WORD.match(text, match.end() + 1)
        if following is not None and self._part_of(_bare(plain(following.group()))) is not None:
            return True
        return match.group()[0].isupper() and not match.group().isupper() and _ENDS.search(before) is None

    def _spelled(self, match: re.Match[str]) -> Iterator[Span]:
        """Yield a part of a known name that is spelled letter by letter within ``match``."""
        places = [place for place in range(*match.span()) if match.string[place].isalpha()]
        letters = plain("".join(match.string[place] for place in places))
        if len(letters) != len(places):
            return
        for start in range(len(letters)):
            for end in range(len(letters), start + MIN_SPELLED - 1, -1):
                entry = self._part_of(letters[start:end])
                if entry is not None:
                    yield _span(places[start], places[end - 1] + 1, entry)
                    return


@cache
def _table() -> dict[str, object]:
    return tomllib.loads((Path(__file__).parent / "nicknames.toml").read_text(encoding="utf-8"))


@cache
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    listed = _table()["groups"]
    assert isinstance(listed, list)
    for line in listed:
        names = frozenset(plain(name) for name in str(line).split())
        for name in names:
            groups[name] = groups.get(name, frozenset()) | names
    return groups


@cache
def _everyday() -> frozenset[str]:
    return frozenset(str(_table()["words"]).split())


def _bare(word: str) -> str:
    """Return a word without its possessive ending."""
    return word[:-2] if word.endswith(("'s", "\u2019s")) else word


def _span(start: int, end: int, entry: KnownText) -> Span:
    return Span(start, end, entry.label, Ground.KNOWN, f"{entry.why}.part")
