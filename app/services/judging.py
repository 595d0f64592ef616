"""What of a model's words may be offered. Pure: text and sources in, a verdict out.

The rules, in order; the first that applies decides:

1. ``[none]`` or no text: hand over with the fixed holding reply.
2. No sentence names a known source: the best passage word for word (a text that a person stopped is kept, marked).
3. A fact that its sources do not hold: the passage that was named first, word for word.
4. Otherwise the model's words, with a warning for whatever a person should look at.

A text cut by its length loses its unfinished last sentence; a text that begins to repeat itself ends there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.proposal import ProposalAction, ProposalWarning, Sentence, SourceRef, cited_sources
from app.knowledge.sentences import sentence_spans
from app.services.grounding import Claim, unsupported_facts
from app.services.marks import MarkedText
from app.services.ports import FinishReason

_SENTENCE_ENDS = (".", "!", "?", "…", ":", ")", '"')


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a draft says, before it gets its identity."""

    action: ProposalAction
    text: str
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    warnings: tuple[ProposalWarning, ...] = ()


def judge(
    marked: MarkedText,
    finish: FinishReason,
    sources: Sequence[SourceRef],
    thread: Sequence[str],
    holding_reply: str,
) -> Verdict:
    """Return what may be offered of the model's words.

    Args:
        marked: the words, marks taken out.
        finish: why the model stopped writing.
        sources: the passages offered, best first, numbered as the model saw them; at least one.
        thread: what was said in the conversation.
        holding_reply: the fixed text for "nobody has approved an answer for this".
    """
    if marked.says_none or not marked.text:
        return hand_over(holding_reply)
    known = {source.number: source for source in sources}
    text, sentences = _kept(marked, finish)
    warnings = [] if finish is FinishReason.STOP else [ProposalWarning.STOPPED_EARLY]
    if any(number not in known for sentence in sentences for number in sentence.source_numbers):
        warnings.append(ProposalWarning.UNKNOWN_SOURCE_NUMBER)
        sentences = tuple(
            replace(s, source_numbers=tuple(n for n in s.source_numbers if n in known)) for s in sentences
        )
    if any(not sentence.source_numbers for sentence in sentences):
        warnings.append(ProposalWarning.UNSOURCED_SENTENCE)
    cited = cited_sources(sentences)
    if not cited and finish is not FinishReason.CANCELLED:
        return word_for_word(sources[0], warnings)
    if _is_unsupported(text, sentences, known, thread):
        named_first = next((n for s in sentences for n in s.source_numbers), sources[0].number)
        return word_for_word(known[named_first], [*warnings, ProposalWarning.UNSUPPORTED_FACT])
    used = tuple(source for source in sources if source.number in cited)
    return Verdict(ProposalAction.PROPOSE, text, sentences, used, tuple(warnings))


def hand_over(holding_reply: str, internal: tuple[SourceRef, ...] = ()) -> Verdict:
    """Return the verdict that nobody has approved an answer; ``internal`` passages are for the desk's eyes only."""
    warnings = (ProposalWarning.INTERNAL_SOURCE,) if internal else ()
    return Verdict(ProposalAction.HAND_OVER, holding_reply, (), internal, warnings)


def word_for_word(source: SourceRef, why: Sequence[ProposalWarning]) -> Verdict:
    """Return the approved passage itself, every sentence resting on it."""
    sentences = tuple(Sentence(start, end, (source.number,)) for start, end in sentence_spans(source.quote))
    warnings = (*why, ProposalWarning.FELL_BACK_TO_ANSWER)
    return Verdict(ProposalAction.PROPOSE, source.quote, sentences, (source,), warnings)


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


def _is_unsupported(
    text: str, sentences: Sequence[Sentence], known: dict[int, SourceRef], thread: Sequence[str]
) -> bool:
    texts = {number: f"{source.title}\n{source.quote}" for number, source in known.items()}
    claims = [
        Claim(text[sentence.start : sentence.end], tuple(texts[number] for number in sentence.source_numbers))
        for sentence in sentences
    ]
    return bool(unsupported_facts(claims, tuple(texts.values()), thread))
