"""The lists of ``lexicon.toml``: words for conditions and professions with the group that each belongs to, places too.

Words are matched whole, in any case, with or without a plural ending; of two that overlap the longer one counts. What
no list holds is not seen: the lists are a floor, and a person looks at what leaves.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app.anonymise.risk.kinds import QuasiKind

CUE_CHARS = 40
"""How far before a word of the desk's own trade ("nurse") it must be said that somebody is one."""

_KINDS = {
    "conditions": QuasiKind.CONDITION,
    "professions": QuasiKind.PROFESSION,
    "places": QuasiKind.PLACE,
    "origins": QuasiKind.ORIGIN,
}
_CUE = re.compile(
    r"\b(?:i'?m|i\sam|i\swas|(?:s?he|who)(?:'s|\sis|\swas)|is|was|as|retired|former|work(?:s|ed|ing)?\sas|job\sas|"
    r"trained|qualified|soy|trabajo\s(?:de|como))\s(?:an?\s|the\s|una?\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with a name: its kind, the name that stands for its other names, the group it belongs to."""

    kind: QuasiKind
    name: str
    group: str

    @property
    def ladder(self) -> tuple[str, ...]:
        """The name, then the group; a group that is its own name has one step."""
        return (self.name,) if self.group == self.name else (self.name, self.group)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an entry is mentioned: half-open code points."""

    start: int
    end: int
    entry: Entry


def find_mentions(text: str) -> Iterator[Mention]:
    """Yield what the lists know, in order, without overlaps."""
    entries, expression, own_trade = _lists()
    for match in expression.finditer(text):
        word = match["word"].casefold()
        entry = entries[word]
        if word not in own_trade or _CUE.search(text[max(0, match.start() - CUE_CHARS) : match.start()]):
            yield Mention(match.start("word"), match.end(), entry)


def find_entry(text: str) -> Entry | None:
    """Return what a whole text names ("Connecticut"), or None."""
    return _lists()[0].get(" ".join(text.casefold().split()))


@cache
def _lists() -> tuple[dict[str, Entry], re.Pattern[str], frozenset[str]]:
    raw = tomllib.loads((files(__package__) / "lexicon.toml").read_text(encoding="utf-8"))
    entries: dict[str, Entry] = {}
    for table, kind in _KINDS.items():
        for group, words in raw[table].items():
            for names in " ".join(words.split()).split(", "):
                first, *others = names.split("|")
                entries |= {name: Entry(kind, first, group) for name in (first, *others)}
    longest_first = sorted(entries, key=lambda word: (-len(word), word))
    alternatives = "|".join(re.escape(word) for word in longest_first)
    expression = re.compile(rf"(?<![\w-])(?P<word>{alternatives})(?:e?s)?(?![\w-])", re.IGNORECASE)
    return entries, expression, frozenset(" ".join(raw["own_trade"]["words"].split()).split(", "))
