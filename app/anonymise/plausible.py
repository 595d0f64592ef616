"""What the pipeline says and cannot be: a number without a digit, a name made of everyday words alone.

A pipeline of this size is sometimes carried away by a sentence it knows ("iban" before a number as a name). What is
dropped here is only what its own letters contradict; anything doubtful stays ("redact when unsure").
"""

import re
from typing import Final

from app.anonymise.labels import Label
from app.anonymise.word_classes import EVERYDAY, NEVER, WordClasses

_NUMBERS: Final = frozenset({Label.ID, Label.CARD, Label.ZIP, Label.PHONE, Label.EMAIL, Label.AGE, Label.DATE})
_NAMES: Final = frozenset({Label.PERSON, Label.LOCATION, Label.NRP})
_SAYING: Final = re.compile(r"@|com\b|net\b|org\b|icloud|outlook|\b(?:at|dot|com)\b|gmail|yahoo|mail\b", re.IGNORECASE)
_AILMENTS: Final = frozenset(
    {"disease", "diseases", "syndrome", "cancer", "disorder", "palsy", "lymphoma", "infection"}
)
_BEHIND_EPONYM: Final = re.compile(
    r"(?:['\u2019]?s)?\s(?:disease|syndrome|palsy|lymphoma|ataxia|dystrophy|thyroiditis|phenomenon|an[a]?emia|tumou?r|carcinoma|sarcoma|"
    r"fracture|hernia|reflex|virus|maneuver|manoeuvre|contracture|esophagus|oesophagus|deficiency|atrophy|chorea|neuropathy)\b",
    re.IGNORECASE,
)
_DIGIT_WORD: Final = re.compile(
    r"\b(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)\b",
    re.IGNORECASE,
)
_MOMENT: Final = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|day|week|month|year|morn|night|noon|tom|tmr|"
    r"yester|spring|summer|fall|winter|autumn|christ|easter|last|next|ago|lunes|mart|juev|viern|ener|febr|abril|ma[nñ]ana|now|once|later",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_NAMING: Final = frozenset("fspnr")


def is_plausible(said: str, label: Label, words: WordClasses) -> bool:
    """Return whether ``said`` can be a ``label`` at all."""
    letters = _WORD.findall(said)
    if label in _NUMBERS:
        return _is_number(said, label)
    if label not in _NAMES | {Label.ORG} or not letters:
        return True
    kinds = [words.of(word) for word in letters]
    if all(NEVER in kind for kind in kinds) or (letters[-1].lower() in _AILMENTS and label is not Label.PERSON):
        return False
    if label is Label.ORG:
        return True
    return not said.islower() or not all(EVERYDAY in kind and not _NAMING & set(kind) for kind in kinds)


def is_eponym(text: str, end: int) -> bool:
    """Return whether what ends at ``end`` names a disease and nobody ("Parkinson's disease")."""
    return _BEHIND_EPONYM.match(text, end) is not None


def _is_number(said: str, label: Label) -> bool:
    if label is Label.EMAIL:
        return bool(_SAYING.search(said))
    if any(char.isdigit() for char in said):
        return True
    if label is Label.DATE:
        return bool(_MOMENT.search(said) or _DIGIT_WORD.search(said)) and len(said) > 1
    return len(_DIGIT_WORD.findall(said)) > (0 if label is Label.AGE else 2) or (label is Label.ID and " " not in said)
