"""Which approved passages are offered for a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.prompt import MAX_SOURCES, ClosestSentence, Speaker, Turn
from app.domain.proposal import Passage, SourceRef
from app.knowledge import PassageIndex, ScoredPassage
from app.knowledge.index import leans_on_context
from app.knowledge.words import Term, root, terms_of, words_of

OFFERED_SOURCES = 2
"""Passages offered. The starter model picks the wrong one of three in every second case, and the search rarely does."""

SURE_COVERAGE = 0.8
"""Likelihood from which the search outweighs a small model's ``[none]``; the approved answer is then sent as it stands.

It was fitted with covered and uncovered questions in equal number. On the evaluation offices three of four covered
questions reach it and 3 of 90 uncovered ones; on the demo offices 79 of 100 and none of 18.
"""


@dataclass(frozen=True, slots=True)
class LikelySentence:
    """A sentence of an offered passage: half-open range in its quote, and how likely it answers, 0 to 1."""

    number: int
    start: int
    end: int
    likelihood: float


@dataclass(frozen=True, slots=True)
class FoundSources:
    """What covers a question. ``public`` may be quoted to a visitor, ``internal`` may not; both best first.

    ``is_sure``: the best public passage covers the question so likely that a model's doubt does not count.
    ``closest`` is the sentence of the public passages that most likely answers, None where no passage is offered;
    ``closeness`` is how likely it is that sentence among theirs, 0 to 1. Of the questions 57 in 100 have it above 0.8,
    and 90 of 100 such sentences hold what was asked; of all sentences 79. ``likely`` are the sentences of the two
    public passages, likeliest first; none where no model of meaning is installed.
    """

    public: tuple[SourceRef, ...]
    internal: tuple[SourceRef, ...]
    is_sure: bool
    closest: ClosestSentence | None = None
    closeness: float = 0.0
    likely: tuple[LikelySentence, ...] = ()


def find_sources(index: PassageIndex, question: str, context: Sequence[str]) -> FoundSources:
    """Return the passages that cover ``question``, numbered from 1 in each group; both groups empty when none does.

    Args:
        index: the approved answers.
        question: what the visitor wrote since the desk last answered.
        context: what the visitor wrote before that.
    """
    hits = index.best(question, context, limit=2 * MAX_SOURCES)
    if not hits and context and question.rstrip().endswith("?") and leans_on_context(question):
        hits = _asked_behind(index, question, context)
    public = [hit for hit in hits if not index.article(hit.passage.article_id).is_internal]
    internal = [hit for hit in hits if index.article(hit.passage.article_id).is_internal]
    is_sure = index.knows_meaning and bool(public) and public[0].coverage >= SURE_COVERAGE
    offered = public[:OFFERED_SOURCES]
    near = index.near_sentences(question, offered, context)
    if not near:
        return FoundSources((), _refs(index, internal), is_sure)
    first = near[0]
    closest = ClosestSentence(first.place + 1, first.of([hit.passage for hit in offered]))
    likely = [LikelySentence(one.place + 1, one.start, one.end, one.likelihood) for one in near]
    likely = likely if index.knows_meaning else []  # without the fitted weights it is no likelihood
    return FoundSources(_refs(index, public), _refs(index, internal), is_sure, closest, first.likelihood, tuple(likely))


def split_thread(turns: Sequence[Turn]) -> tuple[str, tuple[str, ...]]:
    """Return what the visitor wrote since the desk last answered, and what the visitor wrote before that.

    The first is empty when the last word is the desk's.
    """
    last_reply = max((place for place, turn in enumerate(turns) if turn.speaker is Speaker.DESK), default=-1)
    waiting = [turn.text for turn in turns[last_reply + 1 :] if turn.text.strip()]
    earlier = tuple(turn.text for turn in turns[: last_reply + 1] if turn.speaker is Speaker.VISITOR)
    return "\n".join(waiting), earlier


def _asked_behind(index: PassageIndex, question: str, context: Sequence[str]) -> tuple[ScoredPassage, ...]:
    """Search for a follow-up ("And how much?") behind the message that it points back to.

    Only for a question about one thing at most, and only passages that speak of that thing: "Do you also repair
    bicycles?" after a question about parking is a new question, and nothing covers it.
    """
    asked: list[Term] = []
    for term in terms_of(question):
        if not any(term.word in earlier.others for earlier in asked):
            asked.append(term)
    if len(asked) > 1:
        return ()
    hits = index.best(f"{context[-1]}\n{question}", context[:-1], limit=2 * MAX_SOURCES)
    names = [name for term in asked for name in (term.word, *term.others)]
    return hits if not asked or any(_speaks_of(hit.passage, name) for hit in hits for name in names) else ()


def _speaks_of(passage: Passage, name: str) -> bool:
    said = {root(word) for word in words_of(f"{passage.title} {passage.text}")}
    if any(sign in passage.text for sign in "$£€"):
        said.add(root("cost"))
    return all(root(word) in said for word in words_of(name))


def _refs(index: PassageIndex, hits: Sequence[ScoredPassage]) -> tuple[SourceRef, ...]:
    return tuple(_ref(index, number, hit) for number, hit in enumerate(hits[:OFFERED_SOURCES], start=1))


def _ref(index: PassageIndex, number: int, hit: ScoredPassage) -> SourceRef:
    article = index.article(hit.passage.article_id)
    return SourceRef(
        number, article.article_id, article.title, hit.passage.text, article.approved_on, article.is_internal
    )
