"""The layers between words and recogniser: each word is changed by its two neighbours, four times over.

``x + norm(max of two pieces of (x before, x, x behind) · W + b)`` in each layer. Rows go through in tiles that stay in
the processor's cache; a tile is computed with as many rows more on either side as there are layers, so that its own
rows come out as if all had been computed together. The first layer's products are looked up by word.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.anonymise.network.weights import Floats, Layer

TILE_ROWS: Final = 512
_TINY: Final = np.float32(1e-8)

Rows = NDArray[np.intp]


class Encoder:
    """Holds the weights and the room for one tile; not for several threads at once."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        self._layers = layers
        self.reach = len(layers)
        """So many empty rows stand between two texts, so that none changes another."""
        room, width = TILE_ROWS + 2 * self.reach, layers[0].gain.size
        self._width = width
        self._windows = np.zeros((room, 3 * width), np.float32)
        self._pieces = np.empty((room, 2 * width), np.float32)
        self._norm = np.empty((room, width), np.float32)
        self._mean = np.full(width, 1 / width, np.float32)

    def encode(self, embedded: Floats, rows: Rows, start: int, end: int) -> Floats:
        """Return the encoding of ``rows[start:end]`` (at most ``TILE_ROWS``) in their surroundings.

        ``embedded`` holds the embedding of every row.
        """
        first, last = max(0, start - self.reach), min(len(rows), end + self.reach)
        tile = rows[first:last]
        encoded = np.take(embedded, tile, axis=0)
        for layer in self._layers:
            encoded += self._normed(self._multiplied(encoded, layer), layer)
        return encoded[start - first : end - first]

    def _multiplied(self, encoded: Floats, layer: Layer) -> Floats:
        count, width = encoded.shape
        windows = self._windows[:count]
        windows[1:, :width] = encoded[:-1]
        windows[:, width : 2 * width] = encoded
        windows[:-1, 2 * width :] = encoded[1:]
        windows[0, :width] = 0
        windows[-1, 2 * width :] = 0
        return np.matmul(windows, layer.window, out=self._pieces[:count])

    def _normed(self, pieces: Floats, layer: Layer) -> Floats:
        """Return the larger of each two pieces, as far from their mean as is usual, stretched and shifted."""
        pieces += layer.bias
        kept = np.maximum(pieces[:, : self._width], pieces[:, self._width :], out=self._norm[: len(pieces)])
        kept -= (kept @ self._mean)[:, None]
        spread = np.einsum("ij,ij->i", kept, kept)
        spread /= np.float32(self._width)
        spread += _TINY
        kept *= (1 / np.sqrt(spread))[:, None]
        kept *= layer.gain
        kept += layer.shift
        return kept
