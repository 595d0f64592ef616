"""Words as a list compares them: case, accents, invisible signs, look-alikes and doubled letters folded away. Pure.

Offsets always point into the original text: half-open, in code points.
"""

import re
import unicodedata
from dataclasses import dataclass

_APOSTROPHES = "'\u2019\u2018\u02bc\u02b9\u00b4`\u2032\uff07"

_LOOKALIKES = str.maketrans(
    # Cyrillic, then Greek: letters that a reader takes for these Latin ones (after lower-casing).
    "авеёкмнорстухіјѕԁһԛԝӏгαβεηικνορτυχγωϲ",
    "abeekmhopctyxijsdhqwirabenikvoptuxywc",
)
_DIGITS_AS_LETTERS = str.maketrans("0134578$@!|", "oieastbsail")
_WORD_ASCII = re.compile(r"[a-z0-9@$]+(?:['`][a-z0-9]+)*")
_REPEATED = re.compile(r"([a-z])\1+")
_IN_WORD = frozenset("@$")


@dataclass(frozen=True, slots=True)
class FoldedWord:
    """One word of a text, folded, and where it stands in the original."""

    text: str
    start: int
    end: int


def fold_word(word: str) -> str:
    """Return one word folded as those of a message are; "" when nothing of it is a letter or digit."""
    return "".join(folded.text for folded in folded_words(word))


def without_repeats(letters: str) -> str:
    """Return letters with each run of the same one as a single one: "bleding" for "bleeding" and "bleeeding"."""
    return _REPEATED.sub(r"\1", letters)


def folded_words(text: str) -> list[FoldedWord]:
    """Return the words of a text, in order."""
    if text.isascii():
        found = _WORD_ASCII.finditer(text.lower())
        words = (_folded(match.group().replace("'", "").replace("`", ""), *match.span()) for match in found)
    else:
        words = (_folded(*word) for word in _split(text))
    return [word for word in words if word.text]


def _folded(letters: str, start: int, end: int) -> FoldedWord:
    if not letters.isalpha():
        letters = _without_digits(letters)
    return FoldedWord(without_repeats(letters), start, end)


def _without_digits(letters: str) -> str:
    """Return "overdose" for "0verd0se"; a number stays one."""
    if any(char.isalpha() for char in letters):
        return letters.translate(_DIGITS_AS_LETTERS)
    return letters.strip("@$")


def _split(text: str) -> list[tuple[str, int, int]]:
    words: list[tuple[str, int, int]] = []
    letters: list[str] = []
    start = end = 0
    fold = _FOLDS
    for place, char in enumerate(text):
        folded = fold[char]
        if folded is None:
            continue
        if folded == " ":
            if letters:
                words.append(("".join(letters), start, end))
                letters = []
            continue
        if not letters:
            start = place
        letters.append(folded)
        end = place + 1
    if letters:
        words.append(("".join(letters), start, end))
    return words


def _fold_char(char: str) -> str | None:
    """Return the letters that a character stands for, " " for what parts words, None for what cannot be seen."""
    if char in _APOSTROPHES or unicodedata.category(char) in {"Cf", "Mn", "Me"}:
        return None
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold()).translate(_LOOKALIKES)
    kept = "".join(one for one in plain if one.isalnum() or one in _IN_WORD)
    return kept or " "


class _Folds(dict[str, str | None]):
    """Remembers what each character folds to; as many entries as there are characters in use."""

    def __missing__(self, char: str) -> str | None:
        folded = self[char] = _fold_char(char)
        return folded


_FOLDS = _Folds()
