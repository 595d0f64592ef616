"""Which source a sentence really rests on.

A model writes numbers behind its sentences, and a small one writes wrong ones or none. The program decides: the numbers
stand when their passages hold the sentence; else the first offered passage that holds it takes their place; else the
sentence is unsupported. A sentence without numbers may stay without when it states no fact of its own.

A courtesy ("Thank you for asking.") needs no source, whatever number the model wrote behind it, and is no sentence of
the proposal: what is left out of its list is not "without a source".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.proposal import Sentence, SourceRef
from app.services.drafting.agreement import share_held
from app.services.drafting.courtesy import is_courtesy
from app.services.drafting.grounding import Claim, unsupported_facts
from app.services.drafting.quoting import is_well_put

MIN_HELD_UNNAMED = 0.75
"""A passage that the model did not name must speak of this much of the sentence to be called its source."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """Sentences with the sources that hold them. ``is_unsupported``: at least one sentence is held by none."""

    sentences: tuple[Sentence, ...]
    is_unsupported: bool
    has_unknown_number: bool


def attribute(
    text: str, sentences: Sequence[Sentence], sources: Sequence[SourceRef], thread: Sequence[str]
) -> Attributed:
    """Return the sentences of ``text`` with checked source numbers.

    Args:
        text: the proposal, without marks.
        sentences: its sentences with the numbers that the model wrote.
        sources: everything offered to the model, best first.
        thread: what was said in the conversation.
    """
    known = {source.number: f"{source.title}\n{source.quote}" for source in sources}
    checked: list[Sentence] = []
    is_unsupported = has_unknown_number = False
    for sentence in sentences:
        words = text[sentence.start : sentence.end]
        if is_courtesy(words) and not _facts_of_its_own(words, thread):
            continue
        named = tuple(number for number in sentence.source_numbers if number in known)
        holding = _holding(words, named, known, thread)
        if holding is None:
            is_loose = bool(named) or _facts_of_its_own(words, thread) or not is_well_put(words, ())
            is_unsupported = is_unsupported or is_loose
        has_unknown_number = has_unknown_number or (holding is None and named != sentence.source_numbers)
        checked.append(replace(sentence, source_numbers=holding or ()))
    return Attributed(tuple(checked), is_unsupported, has_unknown_number)


def _facts_of_its_own(words: str, thread: Sequence[str]) -> bool:
    """Tell whether a sentence without a source states a fact; only names may come from the thread."""
    return bool(unsupported_facts([Claim(words, ())], (), thread))


def nearest_source(text: str, sources: Sequence[SourceRef]) -> SourceRef:
    """Return the offered passage that speaks of most of ``text``; the better ranked one of two equals."""
    return max(sources, key=lambda source: share_held(text, (source.title, source.quote)) or 0.0)


def _holding(
    words: str, named: tuple[int, ...], known: dict[int, str], thread: Sequence[str]
) -> tuple[int, ...] | None:
    """Return the numbers of the passages that hold a sentence, the named ones first, or None."""
    if named and _holds(words, tuple(known[number] for number in named), thread):
        return named
    for number, passage in known.items():
        share = share_held(words, (passage,))
        if share is not None and share >= MIN_HELD_UNNAMED and _holds(words, (passage,), thread):
            return (number,)
    return None


def _holds(words: str, passages: tuple[str, ...], thread: Sequence[str]) -> bool:
    return is_well_put(words, passages) and not unsupported_facts([Claim(words, passages)], passages, thread)
