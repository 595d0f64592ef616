"""How people really type: lower case, no punctuation, slips. Marks move with their text."""

from random import Random

from models.recipes.language.marked import Mark, Marked

_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqrtyuiopoasdfghjklzxcvbnn", strict=True))


def retype(rng: Random, marked: Marked) -> Marked:
    """Return the text as somebody in a hurry writes it; one time in three it stays as it is."""
    roll = rng.random()
    if roll < 0.33:
        return marked
    text = marked.text
    if roll < 0.85:
        text = text.lower()
    elif roll < 0.90:
        text = text.upper()
    if len(text) != len(marked.text):  # a letter that has no single other case
        return marked
    chars = list(text)
    if rng.random() < 0.4:
        chars = [
            "" if char in ".,!?;" and not _between_digits(text, place) else char for place, char in enumerate(chars)
        ]
    for place, char in enumerate(chars):
        if char.isalpha() and rng.random() < 0.008:
            chars[place] = _slip(rng, char)
    return _moved(chars, marked)


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
