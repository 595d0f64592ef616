"""The words that a question shares with passages: BM25 of an index in memory, and the share of the question's words.

Full-text search of the process's one SQLite build (``sqlcipher3``), porter stemming, the title weighted. A term that no
passage holds is looked up as it may have been meant.
"""

import difflib
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from sqlcipher3 import dbapi2 as sqlite

from app.domain.proposal import Passage
from app.knowledge.sentences import sentences
from app.knowledge.words import Term, terms_of, words_of

TITLE_WEIGHT = 3.0
"""A word in the title counts as three in the text."""

OTHER_NAME_WEIGHT = 0.7
"""A passage that says the same by another name is a little less sure than one that uses the asker's own word."""

CONTEXT_WEIGHT = 0.5
"""Terms of earlier messages help a short follow-up ("and on Wednesdays?") and must not drown the new question."""

UNKNOWN_WEIGHT = 0.6
"""A word that no passage holds speaks against coverage, but less than a full one: it may be part of the story."""

MIN_SPELLED_CHARS = 5
MAX_SLIPS = 2
SPELLING_LIKENESS = 0.84
"""difflib's ratio; one wrong letter in six passes, "wills" for "bills" (five letters, one wrong) does not."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One term with its weight, and the strength with which each passage holds it (row → BM25, higher is better)."""

    idf: float
    strengths: dict[int, float]
    certainty: dict[int, float]


class SharedWords:
    """The full-text index of passages. Safe to use from several threads; immutable after construction."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Index ``passages``."""
        self._passages = passages
        self._lock = threading.Lock()
        self._connection = _fill(passages)
        self._words = sorted({word for passage in passages for word in words_of(f"{passage.title} {passage.text}")})

    def close(self) -> None:
        """Release the memory; nothing can be looked up afterwards."""
        with self._lock:
            self._connection.close()

    def score(self, question: str, context: str) -> dict[int, tuple[float, float]]:
        """Return row → (score, coverage) of the passages that share words with the question."""
        clauses = [terms for terms in (terms_of(part) for part in sentences(question)) if terms]
        terms = terms_of(context)
        with self._lock:
            weighed = {term: self._weigh(term) for clause in clauses for term in clause}
            background = [self._weigh(term) for term in terms if term not in weighed]
        if not clauses and not (len(words_of(question)) > 0 and background and question.rstrip().endswith("?")):
            return {}
        shared = {}
        for row in range(len(self._passages)):
            score = sum(term.strengths.get(row, 0.0) for term in weighed.values())
            score += CONTEXT_WEIGHT * sum(term.strengths.get(row, 0.0) for term in background)
            if score > 0:
                coverage = _coverage(row, [[weighed[term] for term in clause] for clause in clauses], background)
                shared[row] = (score * (0.5 + coverage), coverage)
        return shared

    def _weigh(self, term: Term) -> _Weighed:
        own = self._match([term.word])
        if not own and not term.others:
            own = self._match(self._spelled_like(term.word))
        other = self._match(list(term.others)) if term.others else {}
        strengths = {row: OTHER_NAME_WEIGHT * strength for row, strength in other.items()}
        certainty = dict.fromkeys(other, OTHER_NAME_WEIGHT)
        for row, strength in own.items():
            strengths[row] = max(strength, strengths.get(row, 0.0))
            certainty[row] = 1.0
        return _Weighed(self._idf(len(strengths)), strengths, certainty)

    def _idf(self, row_count: int) -> float:
        """Robertson and Spärck Jones' weight, kept above zero; an unheld term gets a part of the most."""
        weight = math.log(1 + (len(self._passages) - row_count + 0.5) / (row_count + 0.5))
        return weight if row_count else UNKNOWN_WEIGHT * weight

    def _match(self, names: Sequence[str]) -> dict[int, float]:
        """Return row → BM25 (positive, higher is better) of passages that hold one of ``names``."""
        phrases = [" ".join(words_of(name)) for name in names]
        query = " OR ".join(f'"{phrase}"' for phrase in phrases if phrase)
        if not query:
            return {}
        rows = self._connection.execute(
            "SELECT rowid, -bm25(passages, ?, 1.0) FROM passages WHERE passages MATCH ?", (TITLE_WEIGHT, query)
        )
        return {int(row): max(float(strength), 0.05) for row, strength in rows}

    def _spelled_like(self, word: str) -> list[str]:
        if len(word) < MIN_SPELLED_CHARS:
            return []
        # Comparing with every word takes 20 ms for 40 answers; slips of the finger rarely hit the first letter.
        near = [other for other in self._words if other[0] == word[0] and abs(len(other) - len(word)) <= MAX_SLIPS]
        return difflib.get_close_matches(word, near, n=2, cutoff=SPELLING_LIKENESS)


def _coverage(row: int, clauses: list[list[_Weighed]], background: list[_Weighed]) -> float:
    """Return the best coverage that ``row`` reaches over the sentences of the question.

    A sentence without terms of its own ("How much?") is measured with the terms of the messages before it.
    """
    return max((_share(row, clause) for clause in clauses or [background]), default=0.0)


def _share(row: int, terms: list[_Weighed]) -> float:
    whole = sum(term.idf for term in terms)
    return sum(term.idf * term.certainty.get(row, 0.0) for term in terms) / whole if whole else 0.0


def _fill(passages: Sequence[Passage]) -> sqlite.Connection:
    connection = sqlite.connect(":memory:", check_same_thread=False)
    connection.execute(
        "CREATE VIRTUAL TABLE passages USING fts5(title, text, tokenize='porter unicode61 remove_diacritics 2')"
    )
    connection.executemany(
        "INSERT INTO passages(rowid, title, text) VALUES (?, ?, ?)",
        [(row, passage.title, passage.text) for row, passage in enumerate(passages)],
    )
    connection.commit()
    return connection
