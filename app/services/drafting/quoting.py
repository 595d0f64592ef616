"""Whether a sentence that quotes a passage quotes it, or sews pieces of it together; and whether it goes in circles.

A small model copies well and joins badly: "Bring proof of toys in reception" holds only words of its source. So a
sentence that takes a long run of words from a passage must be that run: to the sentence's own end, with nothing
before it but an opening such as "Yes, and" ("A payslip has to protect your deposit" said "A landlord"), and nothing
left out before it that limits it ("We are open until 20:00" said "On Thursdays"). A sentence that says it in other
words altogether takes no long run and is judged elsewhere (``grounding``, ``agreement``).
"""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise

QUOTED_FROM_WORDS = 4
"""A run of this many words is no accident."""

MIN_QUOTED = 0.8
"""Share of the sentence that its longest run must be; the rest is an opening such as "Yes, and"."""

OPENINGS = frozenset(
    {"yes", "no", "and", "also", "but", "of", "course", "please", "certainly", "sure", "thank", "thanks", "you"}
)
"""Words that may stand before a quotation."""

_LIMITS = frozenset(
    {"on", "in", "at", "for", "from", "until", "till", "by", "with", "without", "only", "except", "unless", "not",
    "no", "never", "after", "before", "under", "over", "during", "outside", "between", "within", "most", "some",
    "each", "every"}
)  # fmt: skip
_OWN = frozenset({"the", "a", "an", "our", "your", "this", "these", "all", "patient", "client"})
"""Words that may open a sentence of a passage and be left out: they limit nothing at a front desk."""
_JOINS = frozenset({"and", "but", "or", "so", "because", "if", "when"})
"""A clause may begin behind one of these, or with it."""

MOST_REPEATS = 3
"""No sentence of a reply says the same two words in a row more often."""

_BREAK = re.compile(r"[.!?;:,()\n\u2013\u2014]|\s-\s")
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
    quoted = [(run, passage) for run, passage in zip(runs, passages, strict=True) if run.size >= QUOTED_FROM_WORDS]
    if not all(_begins_well(said, run, passage) for run, passage in quoted):
        return False
    reaches_end = any(run.a + run.size == len(said) for run in runs)
    return reaches_end and sum(run.size for run in runs) >= MIN_QUOTED * len(said)


def _begins_well(said: list[str], run: Match, passage: str) -> bool:
    """Whether nothing but an opening stands before the run, and the run begins where the passage begins something.

    What stands before it may be the end of another run ("… and" from a second passage): then a joining word is enough.
    """
    before = said[: run.a]
    is_second = run.a >= QUOTED_FROM_WORDS
    if not is_second and not OPENINGS.issuperset(before):
        return False
    return not any(_limits(word) for word in _left_out(passage, run.b))


def _left_out(passage: str, place: int) -> list[str]:
    """Return the words of ``passage`` between the beginning of their clause and the word at ``place``."""
    words = list(_WORD.finditer(passage))
    first = place
    while first > 0 and words[first].group().casefold() not in _JOINS:
        between = passage[words[first - 1].end() : words[first].start()]
        if _BREAK.search(between) or words[first - 1].group().casefold() in _JOINS:
            break
        first -= 1
    return [word.group() for word in words[first:place]]


def _limits(word: str) -> bool:
    """Whether leaving ``word`` out may change what is said: a number, a name or weekday, "only", "on …"."""
    return word[0].isdigit() or (word[0].isupper() and word.casefold() not in _OWN) or word.casefold() in _LIMITS


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _longest_run(said: list[str], held: list[str]) -> Match:
    return SequenceMatcher(None, said, held, autojunk=False).find_longest_match()
