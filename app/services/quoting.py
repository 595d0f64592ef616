"""Whether a sentence that quotes a passage quotes it, or sews pieces of it together; and whether it goes in circles.

A small model copies well and joins badly: "Bring proof of toys in reception" holds only words of its source. So a
sentence that takes a long run of words from a passage must be that run, to its end. A sentence that says it in
other words altogether takes no long run and is judged elsewhere (``grounding``, ``agreement``).
"""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise

QUOTED_FROM_WORDS = 4
"""A run of this many words is no accident."""

MIN_QUOTED = 0.8
"""Share of the sentence that its longest run must be; the rest is an opening such as "Yes, and" or a small change."""

MOST_REPEATS = 3
"""No sentence of a reply says the same two words in a row more often."""

_WORD = re.compile(r"\w+(?:[.:',]\w+)*")


def is_well_put(sentence: str, passages: Sequence[str]) -> bool:
    """Return False when ``sentence`` is sewn together from what it quotes, or repeats itself.

    Args:
        sentence: one sentence of a proposal, without marks.
        passages: titles and texts of the sources that it may rest on.
    """
    said = _words(sentence)
    if max(Counter(pairwise(said)).values(), default=0) > MOST_REPEATS:
        return False
    runs = [_longest_run(said, _words(passage)) for passage in passages]  # a sentence may rest on two passages
    if max((run.size for run in runs), default=0) < QUOTED_FROM_WORDS:
        return True
    reaches_end = any(run.a + run.size == len(said) for run in runs)
    return reaches_end and sum(run.size for run in runs) >= MIN_QUOTED * len(said)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _longest_run(said: list[str], held: list[str]) -> Match:
    return SequenceMatcher(None, said, held, autojunk=False).find_longest_match()
