"""Asking a model until its words hold: first with all that the search found, then with the likeliest passage alone.

A small model that strays between two passages often copies well from one, and its doubt counts only when it comes each
time: on the development desks a single ``[none]`` met eight questions that were covered for one that was not. What is
asked again costs some 50 ms and is not shown while it is written: the screen has the first attempt's words, and the
proposal replaces them. Nothing is drawn at random, so the same thread gets the same reply, whoever asks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.prompt import ClosestSentence, Task, Turn
from app.domain.proposal import ProposalAction, ProposalWarning, SourceRef
from app.services.drafting.asking import Asker, DraftFailedError, Wish
from app.services.drafting.judging import Pointer, Verdict, judge, word_for_word
from app.services.drafting.marks import read_marks
from app.services.drafting.sourcing import FoundSources
from app.services.ports import FinishReason, GenerationResult, ProblemCode


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one attempt shows the model: passages, numbered from 1 for this attempt, and the pointer."""

    sources: tuple[SourceRef, ...]
    closest: ClosestSentence | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be answered: the thread, what covers it, what is asked, and the fixed text for "nobody knows"."""

    turns: Sequence[Turn]
    found: FoundSources
    wish: Wish
    holding_reply: str


def written(asker: Asker, question: Question) -> tuple[Verdict, int | None]:
    """Return the first words that hold, else what the first attempt came to; and when its first word came, in ms.

    Raises:
        DraftFailedError: there is no model, it failed at once, or it was stopped before it wrote a word.
    """
    offers = _offers(question.found)
    result, verdict = _attempt(asker, question, next(offers))
    first_token_ms = round(result.first_token_ms) if result.generated_tokens else None
    if result.finish is FinishReason.CANCELLED or _holds(verdict):
        return _settled(verdict, question), first_token_ms
    quiet = replace(question, wish=replace(question.wish, listener=None))
    for offer in offers:
        try:
            again, other = _attempt(asker, quiet, offer)
        except DraftFailedError:
            break
        if again.finish is FinishReason.STOP and _holds(other):
            return other, first_token_ms
    return _settled(verdict, question), first_token_ms


def _attempt(asker: Asker, question: Question, offer: _Offer) -> tuple[GenerationResult, Verdict]:
    wish, original = question.wish, {source.number: source for source in question.found.public}
    numbered = tuple(replace(source, number=place) for place, source in enumerate(offer.sources, start=1))
    result = asker.ask(question.turns, numbered, wish, offer.closest)
    marked = read_marks(result.text)
    if result.finish is FinishReason.CANCELLED and not marked.text:
        raise DraftFailedError(ProblemCode.STOPPED)
    said = [turn.text for turn in question.turns]
    pointer = None
    if offer.closest is not None and wish.task is Task.REPLY:
        pointer = Pointer(offer.closest.text, question.found.closeness)
    verdict = judge(marked, result.finish, numbered, said, question.holding_reply, pointer)
    numbers = {place: source.number for place, source in enumerate(offer.sources, start=1)}
    sentences = tuple(
        replace(one, source_numbers=tuple(numbers[number] for number in one.source_numbers))
        for one in verdict.sentences
    )
    sources = tuple(original[numbers[source.number]] for source in verdict.sources)
    return result, replace(verdict, sentences=sentences, sources=sources)


def _offers(found: FoundSources) -> Iterator[_Offer]:
    """Yield what to show, best first: everything; the passage that the search points into, with and without pointer."""
    yield _Offer(found.public, found.closest)
    if found.closest is None:
        return
    first = next(source for source in found.public if source.number == found.closest.number)
    yield _Offer((first,), replace(found.closest, number=1))
    yield _Offer((first,), None)


def _holds(verdict: Verdict) -> bool:
    """Tell whether a verdict offers the model's own words."""
    is_own = ProposalWarning.FELL_BACK_TO_ANSWER not in verdict.warnings
    return verdict.action is ProposalAction.PROPOSE and is_own


def _settled(verdict: Verdict, question: Question) -> Verdict:
    """Return the verdict of the first attempt; a search that is sure stands against a doubt that was said each time."""
    if verdict.action is ProposalAction.HAND_OVER and question.found.is_sure:
        return word_for_word(question.found.public[0], ())
    return verdict
