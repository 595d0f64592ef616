"""Finding any of thousands of byte strings in large files, in one pass at the speed of a table look-up.

An expression of the standard library tries its alternatives one after another at every place, which falls to 1 MB/s
for the keys of some hundred conversations. Here two tables of pairs of bytes rule out nearly every place first; what is
left is compared. Measured on a busy machine: 90 MB/s for 60 strings, 50 MB/s for 2,000.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

SHORTEST_BYTES = 4
_PAIRS = 1 << 16


class ByteMatcher:
    """Looks for ``forms`` (each at least four bytes, ASCII letters in lower case) whatever the case of the bytes."""

    def __init__(self, forms: Iterable[bytes]) -> None:
        self._by_start: dict[bytes, tuple[bytes, ...]] = {}
        self._first = np.zeros(_PAIRS, dtype=bool)
        self._second = np.zeros(_PAIRS, dtype=bool)
        for form in set(forms):
            if len(form) < SHORTEST_BYTES:
                raise ValueError("too short to be looked for")
            start = form[:SHORTEST_BYTES]
            self._by_start[start] = (*self._by_start.get(start, ()), form)
            self._first[int.from_bytes(form[:2], "little")] = True
            self._second[int.from_bytes(form[2:4], "little")] = True

    def is_in(self, chunk: bytes) -> bool:
        """Say whether one of the strings stands in ``chunk``."""
        folded = chunk.lower()
        return any(self._stands_at(folded, int(place)) for place in self._candidates(folded))

    def _candidates(self, folded: bytes) -> NDArray[np.intp]:
        if len(folded) < SHORTEST_BYTES:
            return np.zeros(0, dtype=np.intp)
        found = []
        for shift in (0, 1):
            pairs = np.frombuffer(folded, dtype="<u2", offset=shift, count=(len(folded) - shift) // 2)
            is_start = self._first[pairs[:-1]] & self._second[pairs[1:]]
            found.append(np.flatnonzero(is_start) * 2 + shift)
        return np.concatenate(found)

    def _stands_at(self, folded: bytes, place: int) -> bool:
        forms = self._by_start.get(folded[place : place + SHORTEST_BYTES], ())
        return any(folded.startswith(form, place) for form in forms)
