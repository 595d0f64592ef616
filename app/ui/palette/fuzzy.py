"""How well a few letters fit a title. Pure functions, no Qt."""

_WORD_START = 12
_RUN = 8
_HIT = 2
_GAP = 1


def score(letters: str, title: str) -> int | None:
    """Return a score (higher is better), or None when the letters do not stand in the title in their order.

    A letter counts more at the start of a word and directly after the one before it; skipped letters cost a little, so
    "sno" prefers "Snooze" to "Show notes".
    """
    wanted = [letter for letter in letters.casefold() if not letter.isspace()]
    text = title.casefold()
    if not wanted:
        return 0
    total, place, previous = 0, 0, -2
    for letter in wanted:
        found = _best_place(text, letter, place, previous)
        if found is None:
            return None
        total += _HIT - min(_GAP * (found - place), 6)
        total += _RUN if found == previous + 1 else 0
        total += _WORD_START if _starts_word(text, found) else 0
        previous, place = found, found + 1
    return total - len(text) // 8


def _best_place(text: str, letter: str, start: int, previous: int) -> int | None:
    """The letter right after the last hit if it fits, else the next start of a word, else the next one at all."""
    if previous + 1 == start and text[start : start + 1] == letter:
        return start
    first = text.find(letter, start)
    if first < 0:
        return None
    place = first
    while place >= 0:
        if _starts_word(text, place):
            return place
        place = text.find(letter, place + 1)
    return first


def _starts_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
