"""The starting point: which words stand beside which (positive pointwise mutual information, its main directions).

What stands in one entry of a thesaurus is added to what stands side by side in texts: nine million words of dialogue
hold too few pairs of rare words.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import svds

from app.knowledge.vectors import words_for_vectors

WINDOW = 6
SMOOTHING = 0.75
"""Levy, Goldberg and Dagan 2015: contexts' counts to this power, so that rare contexts do not win."""
ENTRY_WEIGHT = 0.5
"""Weight of a thesaurus beside running text; at 1 the senses of other trades drown those of a front desk."""
CHUNK_TOKENS = 2_000_000
GAP = -1


def tokens_of(texts: Iterable[str]) -> list[list[str]]:
    """Return the words of every text."""
    return [words for text in texts if (words := words_for_vectors(text))]


def vocabulary(
    texts: list[list[str]], size: int, min_count: int, always: Iterable[str]
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Return up to ``size`` words (``always`` first, then by frequency) and their frequencies (share of all words)."""
    counts = Counter(word for words in texts for word in words)
    total = sum(counts.values())
    kept = dict.fromkeys(always)
    for word, count in counts.most_common():
        if count < min_count or len(kept) >= size:
            break
        kept.setdefault(word)
    words = list(kept)
    return words, np.array([max(counts[word], 1) / total for word in words], np.float32)


def count_neighbours(texts: list[list[str]], row_of: dict[str, int]) -> sp.csr_matrix:
    """Return how often two words stand within ``WINDOW`` words, nearer ones counting more; shape (words, words)."""
    size = len(row_of)
    matrix = sp.csr_matrix((size, size), dtype=np.float32)
    chunk: list[int] = []
    for words in texts:
        chunk += [row_of[word] for word in words if word in row_of]
        chunk += [GAP] * WINDOW
        if len(chunk) > CHUNK_TOKENS:
            matrix, chunk = matrix + _count(np.array(chunk), size), []
    matrix = matrix + _count(np.array(chunk, np.int64), size)
    return (matrix + matrix.T).tocsr()


def _count(rows: npt.NDArray[np.int64], size: int) -> sp.csr_matrix:
    matrix = sp.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        left, right = rows[:-distance], rows[distance:]
        kept = (left >= 0) & (right >= 0)
        weights = np.full(int(kept.sum()), 1 / distance, np.float32)
        matrix = matrix + sp.coo_matrix((weights, (left[kept], right[kept])), shape=(size, size)).tocsr()
    return matrix


def information(counts: sp.csr_matrix) -> sp.csr_matrix:
    """Return the positive pointwise mutual information of pairs that were counted."""
    matrix = counts.tocoo()
    rows = np.asarray(counts.sum(axis=1)).ravel() + 1e-9
    contexts = rows**SMOOTHING
    made = np.log(matrix.data * contexts.sum() / (rows[matrix.row] * contexts[matrix.col]))
    kept = made > 0
    return sp.csr_matrix((made[kept], (matrix.row[kept], matrix.col[kept])), shape=matrix.shape)


def start_vectors(neighbours: sp.csr_matrix, entries: sp.csr_matrix, dims: int, seed: int) -> npt.NDArray[np.float32]:
    """Return one vector per word, length one: the main ``dims`` directions of what both matrices of counts tell."""
    told = (information(neighbours) + ENTRY_WEIGHT * information(entries)).astype(np.float32)
    left, strengths, _ = svds(told, k=dims, random_state=np.random.default_rng(seed))
    vectors = left * np.sqrt(strengths)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)
