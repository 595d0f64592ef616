"""Names that nobody has: put together from the letters of real ones, or real ones as they are misspelled.

A list of names, however long, is learnt by heart; what a name looks like is not.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

MEMORY_CHARS = 3
"""Each letter is drawn by the three before it: names can be pronounced, and hardly any is a name of the list."""
MAX_CHARS = 12
MIN_CHARS = 4
_END = ""


class Inventor:
    """Draws names that look like those it was given."""

    def __init__(self, names: Sequence[str]) -> None:
        followers: dict[str, list[str]] = defaultdict(list)
        for name in names:
            word = " " * MEMORY_CHARS + name.split()[0].lower()
            for place in range(MEMORY_CHARS, len(word)):
                followers[word[place - MEMORY_CHARS : place]].append(word[place])
            followers[word[-MEMORY_CHARS:]].append(_END)
        self._followers = dict(followers)

    def draw(self, rng: Random) -> str:
        """Return a name with a capital."""
        while True:
            word = " " * MEMORY_CHARS
            while len(word) < MAX_CHARS + MEMORY_CHARS:
                char = rng.choice(self._followers[word[-MEMORY_CHARS:]])
                if char == _END:
                    break
                word += char
            name = word.strip()
            if len(name) >= MIN_CHARS and name.isalpha():
                return name.capitalize()


def misspelled(rng: Random, name: str) -> str:
    """Return ``name`` with one letter doubled, left out, exchanged with its neighbour, or heard as another."""
    if len(name) < MIN_CHARS:
        return name
    place = rng.randrange(1, len(name) - 1)
    here, behind = name[place], name[place + 1]
    heard = {"c": "k", "k": "c", "i": "y", "y": "i", "e": "a", "a": "e", "s": "z", "z": "s", "o": "u", "u": "oo"}
    part = rng.choice((here + here + behind, behind, behind + here, heard.get(here.lower(), here) + behind))
    return name[:place] + part + name[place + 2 :]
