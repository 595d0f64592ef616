"""Which words of the corpora are everyday ones: the corpora hold names and slips in lower case as well.

A word counts when WordNet has it, or the word it is bent from, in lower case. One that WordNet lacks (function words,
short forms, names of drugs and diseases) counts when it is in no list of names and several corpora have it, or one of
them often, or it is long; in a list of names, only when nearly all corpora have it ("from", "my").
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from models.recipes.language.wordnet import lemmas

MIN_CORPORA = 2
MIN_OFTEN = 12
"""How often one corpus alone must have a word of less than ``LONG_CHARS``: slips, codes and names are shorter."""
LONG_CHARS = 7
MIN_CORPORA_OF_A_NAME = 7
SHORT_CHARS = 3
"""Words as short as this are mostly codes, and count as names do."""
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"),
    ("est", ""), ("est", "e"), ("ier", "y"), ("iest", "y"), ("ves", "f"), ("men", "man"), ("ly", ""), ("ness", ""),
)  # fmt: skip


def everyday(found: Mapping[str, Counter[str]], named: set[str], wordnet: Path) -> set[str]:
    """Return which of the words that were ``found`` in the corpora are everyday ones."""
    known = lemmas(wordnet)
    return {word for word, counts in found.items() if _is_bent(word, known) or _is_common(word, counts, named)}


def _is_common(word: str, counts: Counter[str], named: set[str]) -> bool:
    if word in named or len(word) <= SHORT_CHARS:
        return len(counts) >= MIN_CORPORA_OF_A_NAME
    return len(counts) >= MIN_CORPORA or counts.total() >= MIN_OFTEN or len(word) >= LONG_CHARS


def _is_bent(word: str, known: set[str]) -> bool:
    """Return whether ``word`` is one of ``known``, or one of them with an ending."""
    if word in known:
        return True
    for ending, other in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and (stem + other in known or (len(stem) > 2 and stem[-1] == stem[-2] and stem[:-1] in known)):
            return True
    return False
