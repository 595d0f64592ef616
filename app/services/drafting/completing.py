"""What a reply left out: sentences of the approved answers that likely answer and are not said yet. Pure.

A small model stops early: of a passage of three sentences it copies two, and the third holds what was asked second.
The search knows how likely each sentence answers; the likely ones are added word for word, where they stand in their
passage, and so is the sentence before one that points back ("It costs …"). What is added is quoted, so it needs no
check. A sentence counts as said when the reply holds most of its meaning words and its facts: a larger model puts it in
words of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.facts import FactKind
from app.domain.proposal import ProposalWarning, Sentence, SourceRef
from app.services.drafting.agreement import share_held
from app.services.drafting.grounding import Claim, unsupported_facts
from app.services.drafting.judging import Verdict
from app.services.drafting.sourcing import LikelySentence

LEAST_OF_CITED = 0.05
"""Likelihood from which a sentence of a passage that the reply rests on is added. On the development desks, of 190
replies in the model's own words 81 in 100 were right without adding, 93 with 0.1, 95 with 0.05 (half a sentence more a
reply), 96 with 0.02 (nearly a whole one)."""
LEAST_OF_OTHERS = 0.2
"""Likelihood from which a sentence of the other offered passage is added."""
_LEANING = re.compile(
    r"(?:(?:if|when|with|without|after|before|for|but|and) )?(?:it|she|he|they|this|that|these|those|them|otherwise)\b",
    re.IGNORECASE,
)
"""Beginnings of sentences that mean something of the sentence before."""
SAID = 0.5
"""Share of a sentence's meaning words from which the reply says it already, if it holds its facts too."""

_NOWHERE = -2
"""The place of a courtesy; -1 is that of a sentence in other words than its passage's."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence of the completed reply: its text, what it rests on, and where it stands in its passage."""

    text: str
    numbers: tuple[int, ...]
    place: int


def complete(verdict: Verdict, likely: Sequence[LikelySentence], offered: Sequence[SourceRef]) -> Verdict:
    """Return ``verdict`` with the likely sentences that it leaves out.

    Args:
        verdict: a proposal in the model's own words, or an approved answer; one that was stopped stays as it is.
        likely: the sentences of everything offered.
        offered: the passages, numbered as the sentences name them.
    """
    if ProposalWarning.STOPPED_EARLY in verdict.warnings:
        return verdict
    quotes = {source.number: source.quote for source in offered}
    cited = {source.number for source in verdict.sources}
    missing = [
        _Part(quotes[one.number][one.start : one.end], (one.number,), one.start)
        for one in likely
        if one.likelihood >= (LEAST_OF_CITED if one.number in cited else LEAST_OF_OTHERS)
    ]
    missing = [part for part in missing if not _is_said(part.text, verdict.text)]
    parts = _parts_of(verdict, quotes)
    held = [*parts, *missing]
    missing += [part for part in _leaned_on(held, likely, quotes) if not _is_said(part.text, verdict.text)]
    if not missing:
        return verdict
    for part in sorted(missing, key=lambda part: (not cited.issuperset(part.numbers), part.numbers, part.place)):
        _put_in(parts, part)
    return _joined(verdict, parts, offered)


def _leaned_on(held: Sequence[_Part], likely: Sequence[LikelySentence], quotes: dict[int, str]) -> list[_Part]:
    """Return the sentences that ``held`` ones point back to ("It costs …", "If that was not done, …") and leave out."""
    found: list[_Part] = []
    taken = {(part.numbers, part.place) for part in held}
    for part in (part for part in held if part.place > 0 and _LEANING.match(part.text)):
        before = [one for one in likely if (one.number,) == part.numbers and one.start < part.place]
        nearest = max(before, key=lambda one: one.start, default=None)
        if nearest is not None and (part.numbers, nearest.start) not in taken:
            taken.add((part.numbers, nearest.start))
            found.append(_Part(quotes[nearest.number][nearest.start : nearest.end], part.numbers, nearest.start))
    return found


def _is_said(sentence: str, reply: str) -> bool:
    share = share_held(sentence, (reply,))
    if share is not None and share < SAID:
        return False
    missing = unsupported_facts([Claim(sentence, (reply,))], (), ())
    return all(item.fact.kind in {FactKind.WORDING, FactKind.NEGATION, FactKind.NAME} for item in missing)


def _parts_of(verdict: Verdict, quotes: dict[int, str]) -> list[_Part]:
    """Return the pieces of a reply in order; a courtesy rests on nothing and is a piece of its own."""
    parts: list[_Part] = []
    begin = 0
    for sentence in verdict.sentences:
        parts += _courtesy(verdict.text[begin : sentence.start])
        words = verdict.text[sentence.start : sentence.end]
        quote = quotes.get(sentence.source_numbers[0], "") if sentence.source_numbers else ""
        parts.append(_Part(words, sentence.source_numbers, quote.find(words.rstrip(" .!?"))))
        begin = sentence.end
    return parts + _courtesy(verdict.text[begin:])


def _courtesy(text: str) -> list[_Part]:
    return [_Part(text.strip(), (), _NOWHERE)] if text.strip() else []


def _put_in(parts: list[_Part], part: _Part) -> None:
    """Put ``part`` before the first one that stands behind it in its passage, else behind the last that rests on any.

    What rests on its passage comes first: of another passage, the sentence goes to the end.
    """
    behind = [at for at, one in enumerate(parts) if one.numbers == part.numbers and one.place > part.place]
    same = [at for at, one in enumerate(parts) if one.numbers == part.numbers]
    resting = [at for at, one in enumerate(parts) if one.numbers]
    last = (same or resting or [len(parts) - 1])[-1]
    parts.insert(behind[0] if behind else last + 1, part)


def _joined(verdict: Verdict, parts: Sequence[_Part], offered: Sequence[SourceRef]) -> Verdict:
    text = ""
    sentences: list[Sentence] = []
    for part in parts:
        text += " " if text else ""
        if part.place != _NOWHERE:
            sentences.append(Sentence(len(text), len(text) + len(part.text), part.numbers))
        text += part.text
    cited = {number for part in parts for number in part.numbers}
    used = tuple(source for source in offered if source.number in cited)
    return replace(verdict, text=text, sentences=tuple(sentences), sources=used)
