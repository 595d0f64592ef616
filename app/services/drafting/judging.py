"""What of a model's words may be offered. Pure: text and sources in, a verdict out.

The rules, in order; the first that applies decides:

1. ``[none]`` or no text: hand over with the fixed holding reply.
2. A sentence that the sources do not hold (``attribution``): the passage nearest to the model's words, word for word.
3. No sentence rests on a source: likewise (a text that a person stopped is kept, marked).
4. The model only repeats the sentence that the search pointed it to, and the search was not sure of that sentence: the
   whole passage, word for word, which holds the neighbours of that sentence too.
5. Otherwise the model's words, with a warning for whatever a person should look at.

A text cut by its length loses its unfinished last sentence; a text ends where it begins to repeat itself, and before a
later sentence that is sewn together from pieces (``quoting``): what stands before it is judged alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.facts import FactKind
from app.domain.proposal import ProposalAction, ProposalWarning, Sentence, SourceRef, cited_sources
from app.knowledge.sentences import sentence_spans
from app.services.drafting.attribution import attribute, nearest_source
from app.services.drafting.grounding import Claim, unsupported_facts
from app.services.drafting.marks import MarkedText
from app.services.drafting.quoting import is_well_put
from app.services.ports import FinishReason

SURE_CLOSENESS = 0.5
"""Likelihood of the closest sentence from which a reply may be that sentence alone. On the evaluation offices, of 143
questions whose passage was offered: 126 right replies with 0 (own words 111), 131 with 0.5 (100), 133 with 0.7 (78)."""

_SENTENCE_ENDS = (".", "!", "?", "…", ":", ")", '"')


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a draft says, before it gets its identity."""

    action: ProposalAction
    text: str
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    warnings: tuple[ProposalWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Pointer:
    """The sentence of the sources that the search held to be nearest, and how likely it is the right one, 0 to 1."""

    sentence: str
    likelihood: float

    def is_unsure_and_repeated(self, text: str) -> bool:
        """Tell whether ``text`` rests on a sentence that the search was not sure of."""
        said, pointed = (" ".join(words.casefold().split()) for words in (text, self.sentence))
        return self.likelihood < SURE_CLOSENESS and pointed in said


def judge(
    marked: MarkedText,
    finish: FinishReason,
    sources: Sequence[SourceRef],
    thread: Sequence[str],
    holding_reply: str,
    pointer: Pointer | None = None,
) -> Verdict:
    """Return what may be offered of the model's words.

    Args:
        marked: the words, marks taken out.
        finish: why the model stopped writing.
        sources: the passages offered, best first, numbered as the model saw them; at least one.
        thread: what was said in the conversation.
        holding_reply: the fixed text for "nobody has approved an answer for this".
        pointer: the sentence that the model was pointed to; None when the task is no plain reply.
    """
    if marked.says_none or not marked.text:
        return hand_over(holding_reply)
    text, sentences = _well_put(*_kept(marked, finish), sources, thread)
    attributed = attribute(text, sentences, sources, thread)
    warnings = [] if finish is FinishReason.STOP else [ProposalWarning.STOPPED_EARLY]
    warnings += [ProposalWarning.UNKNOWN_SOURCE_NUMBER] if attributed.has_unknown_number else []
    if any(not sentence.source_numbers for sentence in attributed.sentences):
        warnings.append(ProposalWarning.UNSOURCED_SENTENCE)
    cited = cited_sources(attributed.sentences)
    if attributed.is_unsupported:
        return word_for_word(nearest_source(text, sources), [*warnings, ProposalWarning.UNSUPPORTED_FACT])
    if not cited and finish is not FinishReason.CANCELLED:
        return word_for_word(nearest_source(text, sources), warnings)
    used = tuple(source for source in sources if source.number in cited)
    if used and pointer is not None and pointer.is_unsure_and_repeated(text):
        return word_for_word(used[0], warnings)
    return Verdict(ProposalAction.PROPOSE, text, attributed.sentences, used, tuple(warnings))


def hand_over(holding_reply: str, internal: tuple[SourceRef, ...] = ()) -> Verdict:
    """Return the verdict that nobody has approved an answer; ``internal`` passages are for the desk's eyes only."""
    warnings = (ProposalWarning.INTERNAL_SOURCE,) if internal else ()
    return Verdict(ProposalAction.HAND_OVER, holding_reply, (), internal, warnings)


def word_for_word(source: SourceRef, why: Sequence[ProposalWarning]) -> Verdict:
    """Return the approved passage itself, every sentence resting on it."""
    sentences = tuple(Sentence(start, end, (source.number,)) for start, end in sentence_spans(source.quote))
    warnings = (*why, ProposalWarning.FELL_BACK_TO_ANSWER)
    return Verdict(ProposalAction.PROPOSE, source.quote, sentences, (source,), warnings)


def _well_put(
    text: str, sentences: tuple[Sentence, ...], sources: Sequence[SourceRef], thread: Sequence[str]
) -> tuple[str, tuple[Sentence, ...]]:
    """Return text and sentences up to the first one that sews a source together; the first one always stays.

    One that states a wrong value stays as well: the whole text falls for it.
    """
    known = {source.number: f"{source.title}\n{source.quote}" for source in sources}
    for place, sentence in enumerate(sentences[1:], start=1):
        words = text[sentence.start : sentence.end]
        named = [known[number] for number in sentence.source_numbers if number in known] or [*known.values()]
        if not is_well_put(words, named) and not _states_wrong_value(words, named, thread):
            return text[: sentences[place - 1].end], sentences[:place]
    return text, sentences


def _states_wrong_value(words: str, passages: Sequence[str], thread: Sequence[str]) -> bool:
    found = unsupported_facts([Claim(words, tuple(passages))], (), thread)
    return any(item.fact.kind not in {FactKind.WORDING, FactKind.NEGATION} for item in found)


def _kept(marked: MarkedText, finish: FinishReason) -> tuple[str, tuple[Sentence, ...]]:
    """Return text and sentences up to the first repetition, and without a last sentence that its length cut."""
    sentences = list(marked.sentences)
    said: set[str] = set()
    for place, sentence in enumerate(sentences):
        words = marked.text[sentence.start : sentence.end].casefold()
        if words in said:
            sentences = sentences[:place]
            break
        said.add(words)
    if finish is FinishReason.LENGTH and len(sentences) > 1:
        last = sentences[-1]
        if not marked.text[last.start : last.end].endswith(_SENTENCE_ENDS):
            sentences.pop()
    return marked.text[: sentences[-1].end], tuple(sentences)
