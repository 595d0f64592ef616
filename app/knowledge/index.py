"""Finding the passages that cover a question, or that none does.

The index lives in memory only: full-text search of the process's one SQLite build (``sqlcipher3``), porter stemming,
BM25 with a weighted title. A question is not searched as it stands: it is reduced to *terms* (``words.terms_of``), each
term is looked up with its other names, and two numbers are made per passage:

* its **score**, the sum of BM25 over the terms, which orders passages;
* its **coverage**, the share of what the question asks about that the passage speaks of, rare terms counting more.
  It is taken per sentence of the question, because people tell a story before they ask.

Words alone miss a question that says it otherwise ("jab" for vaccination). So a model of meaning (``meaning``) adds how
near a passage lies in sense; both together make score and coverage. Where no such model is installed, words decide.

Below a least coverage nothing covers the question, and ``best`` returns nothing at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.domain.ids import ArticleId
from app.domain.proposal import Article, Passage
from app.knowledge.asked import asks_yes_or_no
from app.knowledge.covering import Nearness, Signs, WordPairs, answer_shares, gate_features, length_of
from app.knowledge.encoded import AnySecondModel, EncodedPassages
from app.knowledge.meaning import MeaningModel, PassageMeanings, shipped_meaning
from app.knowledge.nearest import PLAIN_WEIGHTS, NearSentence, near_sentences
from app.knowledge.passages import split
from app.knowledge.sentences import sentences
from app.knowledge.shared_words import SharedWords
from app.knowledge.vectors import Floats
from app.knowledge.words import terms_of, words_of

MIN_COVERAGE = 0.45
"""For words alone; with a model of meaning its own least coverage counts."""

EVERY_WORD = 0.9
LEAST_WITH_EVERY_WORD = 0.4
"""A passage that holds all that a question asks about covers it already at this likelihood: the weights were fitted on
offices of some forty answers and are too wary of the first few ("Where can I park?" against one answer on parking)."""

MIN_SHARE_OF_BEST = 0.35
"""For words alone: a further passage is only offered when its score is at least this share of the best one's."""

MAX_QUESTION_CHARS = 4_000
"""Only the end of a longer text is searched for: the question tends to stand there."""

MAX_FOLLOW_UP_WORDS = 12
CUES = frozenset(
    {"also", "and", "else", "it", "ok", "otherwise", "that", "then", "there", "these", "they", "this", "those", "too"}
)
"""Words of a short question that point back."""

FEWEST_TERMS = 2
"""A short question with fewer terms says too little alone."""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage found for a question. ``coverage`` is 0 to 1; ``score`` orders and has no unit."""

    passage: Passage
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured between a question and every passage, before it is joined; arrays in index order.

    ``words`` is the score of shared words, ``coverage`` the share of the question's words, ``pairs`` counts
    neighbouring words; ``near`` is None without a model of meaning.
    """

    words: Floats
    coverage: Floats
    near: Nearness | None
    pairs: Floats
    signs: Signs


class PassageIndex:
    """Passages of approved answers, searchable. Safe to use from several threads; immutable after construction."""

    def __init__(
        self,
        articles: Sequence[Article],
        *,
        today: Callable[[], date] = date.today,
        meaning: Callable[[], MeaningModel | None] = shipped_meaning,
        second: AnySecondModel | None = None,
    ) -> None:
        """Index ``articles``; those that are not valid today stay in the index but are never returned.

        Args:
            articles: approved answers; of two with the same id the later one counts.
            today: the office's calendar day; asked at every search, because a console runs over midnight.
            meaning: gives the model of meaning, or None for words alone.
            second: an embedding model that helps to order passages once ``encoded`` is complete.

        Raises:
            VectorsError: the shipped model of meaning is damaged.
        """
        self._today = today
        self._meaning = meaning
        self._articles = {article.article_id: article for article in articles}
        self._passages = [passage for article in self._articles.values() for passage in split(article)]
        self._shared = SharedWords(self._passages)
        self._model = meaning() if self._passages else None
        self._meanings = PassageMeanings(self._model, self._passages) if self._model else None
        self._second = second
        self.encoded = EncodedPassages(self._passages, second) if second is not None else None
        self._pairs = WordPairs(self._passages)
        numbers = {article_id: number for number, article_id in enumerate(self._articles)}
        self._owners = np.array([numbers[passage.article_id] for passage in self._passages], np.int64)

    def with_articles(self, articles: Sequence[Article]) -> "PassageIndex":
        """Return an index of other articles with the same calendar and the same model of meaning."""
        return PassageIndex(articles, today=self._today, meaning=self._meaning, second=self._second)

    def article(self, article_id: ArticleId) -> Article:
        """Return an indexed article; KeyError for an id that no search returned."""
        return self._articles[article_id]

    @property
    def articles(self) -> tuple[Article, ...]:
        """Return everything indexed, expired answers included."""
        return tuple(self._articles.values())

    @property
    def knows_meaning(self) -> bool:
        """Tell whether coverage is a likelihood that was fitted, or only a share of words."""
        return self._model is not None

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return all passages in the order of ``measures``."""
        return tuple(self._passages)

    def close(self) -> None:
        """Release the memory; the index cannot be used afterwards."""
        self._shared.close()

    def best(self, question: str, thread_context: Sequence[str] = (), limit: int = 3) -> tuple[ScoredPassage, ...]:
        """Return the passages that cover ``question``, best first; empty when nothing covers it.

        Args:
            question: what the visitor wrote since the desk last answered.
            thread_context: earlier messages of the visitor, oldest first.
            limit: how many passages at most.
        """
        found = self._score(question[-MAX_QUESTION_CHARS:], thread_context)
        if not found or not self._is_covered(found):
            return ()
        return tuple(hit for hit in found[:limit] if self._is_near(hit, found[0]))

    def _is_covered(self, found: Sequence[ScoredPassage]) -> bool:
        if self._model:
            return found[0].coverage >= float(np.float32(self._model.fusion.min_coverage))
        return max(hit.coverage for hit in found) >= MIN_COVERAGE

    def _is_near(self, hit: ScoredPassage, best: ScoredPassage) -> bool:
        if self._model:
            return best.score - hit.score <= self._model.fusion.max_gap
        return hit.score >= MIN_SHARE_OF_BEST * best.score

    def search(self, text: str, limit: int = 10, thread_context: Sequence[str] = ()) -> tuple[ScoredPassage, ...]:
        """Return the passages nearest to ``text`` for a person who looks around; no coverage is asked for."""
        return self._score(text[-MAX_QUESTION_CHARS:], thread_context)[:limit]

    def near_sentences(
        self, question: str, hits: Sequence[ScoredPassage], thread_context: Sequence[str] = ()
    ) -> tuple[NearSentence, ...]:
        """Return the sentences of ``hits``, the one that most likely answers ``question`` first.

        A question that leans on the messages before it is read behind the last of them.
        """
        asked = _behind(question[-MAX_QUESTION_CHARS:], thread_context)
        vectors, weights = (self._model.vectors, self._model.fusion.point) if self._model else (None, PLAIN_WEIGHTS)
        passages, scores = [hit.passage for hit in hits], [hit.score for hit in hits]
        return near_sentences(asked, passages, scores, vectors, weights)

    def _score(self, question: str, thread_context: Sequence[str]) -> tuple[ScoredPassage, ...]:
        measures = self.measures(question, thread_context)
        if measures is None:
            return ()
        if measures.near is not None:
            asked = _behind(question, thread_context)
            hits = self._join(measures, self.encoded.added(asked) if self.encoded is not None else None)
        else:
            hits = self._words_only(measures)
        valid = [hit for hit in hits if self._is_valid(hit.passage)]
        return tuple(sorted(valid, key=lambda hit: (-hit.score, hit.passage.article_id, hit.passage.ordinal)))

    def measures(self, question: str, thread_context: Sequence[str] = ()) -> Measures | None:
        """Return every passage's measures, in index order; None for a text that says nothing to search for."""
        shared = self._shared.score(question, " ".join(thread_context)[-MAX_QUESTION_CHARS:])
        context = " ".join(thread_context)[-MAX_QUESTION_CHARS:] if leans_on_context(question) else ""
        if not shared and not any(terms_of(part) for part in sentences(f"{question}\n{context}")):
            return None
        words = np.zeros((2, len(self._passages)), np.float32)
        for row, pair in shared.items():
            words[:, row] = pair
        pairs = self._pairs.shared(question)
        if not self._model or not self._meanings:
            return Measures(words[0], words[1], None, pairs, Signs(0.0, is_yes_or_no=False, length=0.0))
        length = length_of(self._model.vectors.split(question))
        signs = Signs(self._model.aside(question), asks_yes_or_no(question), length)
        return Measures(words[0], words[1], self._meanings.nearness(question, context), pairs, signs)

    def gate_rows(self, measures: Measures, scores: Floats) -> Floats:
        """Return ``covering.GATE`` of every passage; answers that are not valid today do not compete."""
        assert measures.near is not None
        is_valid = np.array([self._is_valid(passage) for passage in self._passages], bool)
        shares = answer_shares(scores, self._owners, is_valid)
        return gate_features(measures.coverage, measures.near, measures.pairs, shares, measures.signs)

    def table_scores(self, measures: Measures) -> Floats:
        """Return what orders all passages by the shipped table and the words that they share with the question."""
        assert self._model is not None
        assert measures.near is not None
        return self._model.fusion.scores(measures.words, measures.coverage, measures.near.closeness)

    def _join(self, measures: Measures, added: Floats | None) -> list[ScoredPassage]:
        assert self._model is not None
        fusion = self._model.fusion
        scores = self.table_scores(measures)
        coverages = fusion.covers(self.gate_rows(measures, scores))
        holds_all = (measures.coverage >= EVERY_WORD) & (coverages >= LEAST_WITH_EVERY_WORD)
        coverages = np.where(holds_all, np.maximum(coverages, np.float32(fusion.min_coverage)), coverages)
        scores = scores if added is None else scores + added
        joined = zip(self._passages, scores.tolist(), coverages.tolist(), strict=True)
        return [ScoredPassage(passage, score, coverage) for passage, score, coverage in joined]

    def _words_only(self, measures: Measures) -> list[ScoredPassage]:
        joined = zip(self._passages, measures.words.tolist(), measures.coverage.tolist(), strict=True)
        return [ScoredPassage(passage, score, coverage) for passage, score, coverage in joined if score > 0]

    def _is_valid(self, passage: Passage) -> bool:
        return self._articles[passage.article_id].is_valid_on(self._today())


def _behind(question: str, thread_context: Sequence[str]) -> str:
    """Return a question that leans on the messages before it behind the last of them."""
    if not thread_context or not leans_on_context(question):
        return question
    return f"{thread_context[-1][-MAX_QUESTION_CHARS:]}\n{question}"


def leans_on_context(question: str) -> bool:
    """Tell whether ``question`` can hardly be understood without the messages before it ("And how much is that?")."""
    words = words_of(question)
    return len(words) <= MAX_FOLLOW_UP_WORDS and (not CUES.isdisjoint(words) or len(terms_of(question)) < FEWEST_TERMS)
