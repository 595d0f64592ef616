"""What a pipeline says of a text, before anything of ours judges it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Entity(NamedTuple):
    """Half-open range in code points of its text, and the name of the label."""

    start: int
    end: int
    label: str


class EntityReader(Protocol):
    """A loaded pipeline."""

    @property
    def is_thrifty(self) -> bool:
        """Whether its memory does not grow with the words of a batch."""

    def find(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Return the entities of each text, in order."""
