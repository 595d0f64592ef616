"""How people really type: lower case, no punctuation, short forms, slips. Marks move with their text."""

import re
from random import Random

from models.recipes.language.marked import Mark, Marked

_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqrtyuiopoasdfghjklzxcvbnn", strict=True))
_SHORT = {
    "you": "u", "your": "ur", "are": "r", "please": "pls", "thanks": "thx", "because": "bc", "appointment": "appt",
    "people": "ppl", "before": "b4", "to": "2", "for": "4", "doctor": "doc", "number": "num", "with": "w", "and": "n",
    "message": "msg", "about": "abt", "tomorrow": "tmrw", "address": "addy", "i'm": "im", "don't": "dont",
    "it's": "its",
    "can't": "cant", "insurance": "ins", "prescription": "rx", "what": "wat", "the": "da", "my": "mi", "is": "iz",
}  # fmt: skip
_WORD = re.compile(r"[a-zA-Z']+")
CALM = frozenset({"tab", "inlegal", "wikigold", "sec_filings", "uner_ewt", "pii_syn_nano"})
"""Sources of prose, and the families of prose: mostly left as they are."""
CALM_SHARE = 0.85
PLAIN_SHARE = 0.33


def retype(rng: Random, marked: Marked) -> Marked:
    """Return the text as somebody in a hurry writes it; chats one time in three as they are, prose mostly."""
    is_calm = marked.family in CALM or marked.family.startswith("prose")
    roll = rng.random()
    if roll < (CALM_SHARE if is_calm else PLAIN_SHARE):
        return marked
    is_lower = rng.random() < 0.8
    text = marked.text.lower() if is_lower else marked.text.upper() if rng.random() < 0.3 else marked.text
    if len(text) != len(marked.text):  # a letter that has no single other case
        return marked
    chars = list(text)
    if rng.random() < 0.4:
        chars = ["" if char in ".,!?;" and not _between_digits(text, n) else char for n, char in enumerate(chars)]
    if is_lower and rng.random() < 0.3:
        _shorten(rng, chars, text, marked)
    rate = rng.choice((0.0, 0.0, 0.006, 0.02))
    for place, char in enumerate(chars):
        if len(char) == 1 and char.isalpha() and rng.random() < rate:
            chars[place] = _slip(rng, char)
    return _moved(chars, marked)


def _shorten(rng: Random, chars: list[str], text: str, marked: Marked) -> None:
    """Write some words outside of marks as people shorten them."""
    for match in _WORD.finditer(text):
        short = _SHORT.get(match.group())
        if (
            short is None
            or rng.random() < 0.4
            or any(m.start < match.end() and match.start() < m.end for m in marked.marks)
        ):
            continue
        chars[match.start()] = short
        chars[match.start() + 1 : match.end()] = [""] * (match.end() - match.start() - 1)


def _between_digits(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and text[place - 1].isalnum() and text[place + 1].isalnum()


def _slip(rng: Random, char: str) -> str:
    return rng.choice((char + char, "", _NEIGHBOURS.get(char.lower(), char)))


def _moved(chars: list[str], marked: Marked) -> Marked:
    places = [0]
    for char in chars:
        places.append(places[-1] + len(char))
    marks = tuple(
        Mark(places[m.start], places[m.end], m.label) for m in marked.marks if places[m.start] < places[m.end]
    )
    return Marked("".join(chars), marks, marked.family)
