"""The search's pointer to a sentence, as right and as wrong as the search is."""

import re
from dataclasses import replace
from random import Random

from app.domain.prompt import NO_SOURCE_MARK, ClosestSentence
from models.recipes.tasks import Example

RIGHT, WRONG = 0.78, 0.14
"""How often the pointer is at the answer, and how often elsewhere; else there is none."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\w+")


def pointed(rng: Random, example: Example) -> Example:
    """Return ``example`` with the sentence that a search would point to."""
    pool = [(number, text) for number, source in enumerate(example.sources, 1) for text in _SENTENCE.split(source.text)]
    if not pool:
        return example
    roll = rng.random()
    if example.target == NO_SOURCE_MARK or RIGHT < roll < RIGHT + WRONG:
        closest = rng.choice(pool)
    elif roll <= RIGHT:
        first = _words(example.target.split(" [")[0])
        closest = max(pool, key=lambda one: len(_words(one[1]) & first) / (1 + len(_words(one[1]) | first)))
    else:
        return example
    return replace(example, closest=ClosestSentence(*closest))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
