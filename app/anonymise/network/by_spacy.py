"""Pipelines of another build, run by spaCy itself: one in the making, or one that somebody else trained."""

from collections.abc import Sequence
from typing import Any, Final

from app.anonymise.network.entities import Entity

MAX_BATCH_TEXTS: Final = 128
MAX_ZONE_CHARS: Final = 300_000
"""Of so much text the words are remembered, some 4 MB; forgetting behind each batch cost a third of the time."""


class BySpacy:
    """A loaded spaCy pipeline of any kind. Not for several threads at once."""

    is_thrifty = False
    """Some 10 KB for each word of a batch."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self._zone: Any = None
        self._zone_chars = 0

    def find(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Return the entities of each text, in order."""
        self._forget(sum(map(len, texts)))
        docs = self._pipeline.pipe(texts, batch_size=MAX_BATCH_TEXTS)
        return [[Entity(one.start_char, one.end_char, one.label_) for one in doc.ents] for doc in docs]

    def _forget(self, chars: int) -> None:
        """Drop what spaCy remembers of the words it met since ``MAX_ZONE_CHARS`` ago: memory stays constant."""
        self._zone_chars += chars
        if self._zone is None or self._zone_chars > MAX_ZONE_CHARS:
            if self._zone is not None:
                self._zone.__exit__(None, None, None)
            self._zone = self._pipeline.memory_zone()
            self._zone.__enter__()
            self._zone_chars = chars
