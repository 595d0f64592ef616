"""The recogniser: names out of encoded words, move by move, as spaCy's ``ner`` makes them.

Outside of a name a move depends on its word alone: begin a name of some label (B), a name of one word (U), or none (O).
So these are decided for all words at once. Within a name it depends on the word, the first and the last word of the
name: go on (I) or end (L), under the label that the name has. Those steps are taken for all texts of a batch together.
The rules for what may be done where are spaCy's (``ner.pyx``): at the last word of a text no name begins, and one that
is open ends; white space begins nothing. Of equal scores the earlier move counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.anonymise.network.weights import Floats, Recogniser

_OUT: Final = "O"
_NEVER: Final = frozenset({"U-", "B-"})
"""Moves without a label are for texts in which somebody marked names before."""
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Name:
    """Rows of the first and the last word, and the label."""

    first: int
    last: int
    label: str


class Decoder:
    """Holds the weights. No state between batches."""

    def __init__(self, weights: Recogniser) -> None:
        self._w = weights
        moves = weights.moves
        self._outside = [number for number, move in enumerate(moves) if move[0] in "BUO" and move not in _NEVER]
        self._begins = [number for number, move in enumerate(moves) if move[0] == "B" and move not in _NEVER]
        self._labels = [moves[number][2:] for number in self._begins]
        self._label_of = {label: number for number, label in enumerate(self._labels)}
        self._out_scores = np.ascontiguousarray(weights.scores[self._outside].T)
        self._out_bias = weights.scores_bias[self._outside]
        self._is_begin = np.array([moves[number][0] == "B" for number in self._outside])
        self._out = [moves[number] for number in self._outside].index(_OUT)
        on = [moves.index(f"I-{label}") for label in self._labels]
        off = [moves.index(f"L-{label}") for label in self._labels]
        self._further = weights.scores[on] - weights.scores[off]
        self._further_bias = weights.scores_bias[on] - weights.scores_bias[off]
        self._half = weights.narrow_bias.size

    def narrowed(self, encoded: Floats) -> Floats:
        """Return the rows as the recogniser sees them."""
        return encoded @ self._w.narrow + self._w.narrow_bias

    def outside(self, narrowed: Floats, is_last: NDArray[np.bool_], is_space: NDArray[np.bool_]) -> Ints:
        """Return of each row the move that is made outside of a name, as a place in ``self._outside``."""
        summed = narrowed @ self._w.words[0]
        summed += self._w.bias + self._w.absent[1] + self._w.absent[2]
        scores = self._larger(summed) @ self._out_scores
        scores += self._out_bias
        best: Ints = scores.argmax(axis=1)
        ends = np.flatnonzero(is_last)
        if ends.size:
            may = np.where(self._is_begin, -np.inf, scores[ends])
            best[ends] = may.argmax(axis=1)
        best[is_space] = self._out
        return best

    def names(self, narrowed: Floats, moves: Ints, ends: Sequence[int]) -> list[list[Name]]:
        """Return the names of each text.

        Args:
            narrowed: rows of all texts, one behind the other, without gaps.
            moves: what ``outside`` says of each row.
            ends: behind the last row of each text.
        """
        found: list[list[Name]] = [[] for _ in ends]
        openings = np.flatnonzero(moves != self._out)
        if not openings.size:
            return found
        texts = np.searchsorted(ends, openings, side="right")
        queues = _Queues(openings.tolist(), texts.tolist())
        open_names = self._opened(queues, moves, found, queues.texts())
        while open_names:
            open_names = self._step(narrowed, moves, ends, found, queues, open_names)
        return found

    def _opened(
        self, queues: "_Queues", moves: Ints, found: list[list[Name]], texts: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int, int, int]]:
        """Go on in each text from a row: take names of one word, stop at one that begins.

        Returns of each that begins: text, first row, next row, label.
        """
        begun = []
        for text, row in texts:
            for opening in queues.from_row(text, row):
                move = self._w.moves[self._outside[int(moves[opening])]]
                if move[0] == "B":
                    begun.append((text, opening, opening + 1, self._label_of[move[2:]]))
                    break
                found[text].append(Name(opening, opening, move[2:]))
        return begun

    def _step(
        self,
        narrowed: Floats,
        moves: Ints,
        ends: Sequence[int],
        found: list[list[Name]],
        queues: "_Queues",
        open_names: list[tuple[int, int, int, int]],
    ) -> list[tuple[int, int, int, int]]:
        """Make one move in every open name; where names end, look for the next ones."""
        _, firsts, rows, labels = (np.array(column) for column in zip(*open_names, strict=True))
        summed = narrowed[rows] @ self._w.words[0]
        summed += narrowed[firsts] @ self._w.words[1]
        summed += narrowed[rows - 1] @ self._w.words[2]
        summed += self._w.bias
        further = np.einsum("ij,ij->i", self._larger(summed), self._further[labels]) + self._further_bias[labels]
        still, ended = [], []
        for (text, first, row, label), score in zip(open_names, further.tolist(), strict=True):
            if row + 1 < ends[text] and score >= 0:
                still.append((text, first, row + 1, label))
            else:
                found[text].append(Name(first, row, self._labels[label]))
                ended.append((text, row + 1))
        return still + self._opened(queues, moves, found, ended)

    def _larger(self, summed: Floats) -> Floats:
        larger: Floats = np.maximum(summed[:, : self._half], summed[:, self._half :])
        return larger


class _Queues:
    """The rows of each text where a name may begin, in order; asked for in order as well."""

    def __init__(self, openings: list[int], texts: list[int]) -> None:
        self._rows: dict[int, list[int]] = {}
        for row, text in zip(openings, texts, strict=True):
            self._rows.setdefault(text, []).append(row)
        self._next = dict.fromkeys(self._rows, 0)

    def texts(self) -> list[tuple[int, int]]:
        """Return each text that has any, and row 0."""
        return [(text, 0) for text in self._rows]

    def from_row(self, text: int, row: int) -> "_Remaining":
        """Yield the openings of ``text`` from ``row`` on that were not yielded before."""
        return _Remaining(self._rows[text], self._next, text, row)


class _Remaining:
    """Iterator over one queue that remembers how far it came."""

    def __init__(self, rows: list[int], places: dict[int, int], text: int, row: int) -> None:
        self._rows, self._places, self._text, self._row = rows, places, text, row

    def __iter__(self) -> "_Remaining":
        return self

    def __next__(self) -> int:
        place = self._places[self._text]
        while place < len(self._rows) and self._rows[place] < self._row:
            place += 1
        self._places[self._text] = place + 1
        if place >= len(self._rows):
            raise StopIteration
        return self._rows[place]
