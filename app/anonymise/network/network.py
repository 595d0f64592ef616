"""Texts in, names out: words, encoder and recogniser in one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.anonymise.network.decoder import Decoder
from app.anonymise.network.encoder import TILE_ROWS, Encoder
from app.anonymise.network.entities import Entity
from app.anonymise.network.weights import Floats, embedder_of, layers_of, recogniser_of
from app.anonymise.network.words import Words


class Network:
    """A loaded spaCy pipeline of ``tok2vec`` and ``ner``, for many texts at once. Not for several threads at once."""

    is_thrifty = True

    def __init__(self, pipeline: Any) -> None:
        """Take the pipeline.

        Raises:
            UnlikeError: it is not of the build that is run here.
        """
        layers = layers_of(pipeline)
        self._words = Words(pipeline, embedder_of(pipeline), layers[0].gain.size)
        self._encoder = Encoder(layers)
        self._decoder = Decoder(recogniser_of(pipeline))

    def find(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Return the entities of each text, in order."""
        chunks, words = self._words.read(texts)
        ends = np.cumsum([len(rows) for rows in words]).tolist() if words else []
        if not ends or not ends[-1]:
            return [[] for _ in texts]
        narrowed, moves = self._decided(words, ends)
        found: list[list[Entity]] = []
        first = 0
        for text_chunks, names, end in zip(chunks, self._decoder.names(narrowed, moves, ends), ends, strict=True):
            starts = self._words.starts(text_chunks) if names else []
            rows = words[len(found)]
            found.append(
                [
                    Entity(
                        starts[name.first - first],
                        starts[name.last - first] + self._words.lengths[rows[name.last - first]],
                        name.label,
                    )
                    for name in names
                ]
            )
            first = end
        return found

    def _decided(self, words: list[list[int]], ends: list[int]) -> tuple[Floats, Any]:
        """Return of all words what the recogniser sees of them, and its moves outside of names."""
        rows, places = self._laid_out(words)
        narrowed = np.concatenate(
            [
                self._decoder.narrowed(
                    self._encoder.encode(self._words.embedded, rows, start, min(start + TILE_ROWS, len(rows)))
                )
                for start in range(0, len(rows), TILE_ROWS)
            ]
        )[places]
        is_last = np.zeros(len(places), np.bool_)
        is_last[np.array([end - 1 for rows_, end in zip(words, ends, strict=True) if rows_])] = True
        return narrowed, self._decoder.outside(narrowed, is_last, self._words.is_space[rows[places]])

    def _laid_out(self, words: list[list[int]]) -> tuple[Any, Any]:
        """Return the rows of all texts with empty ones before, between and behind, and the places of the words."""
        gap = [0] * self._encoder.reach
        laid: list[int] = list(gap)
        for rows in words:
            laid += rows
            laid += gap
        array = np.array(laid)
        return array, np.flatnonzero(array)
