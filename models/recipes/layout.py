"""Examples as token ids with weights, in the layout that the worker uses (``app.domain.prompt``)."""

from dataclasses import dataclass

from tokenizers import Tokenizer

from app.domain.prompt import CHATML, build_prompt
from models.recipes.tasks import Echo, Example

END_OF_TEXT = 0


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids; ``answer_from`` is the index of the first token that the model itself must write."""

    ids: list[int]
    context_from: int
    answer_from: int
    choices: frozenset[int] = frozenset()
    """Indices of tokens that choose rather than copy: the answer's first, and the numbers of its sources."""


class Encoder:
    """Tokenises segment by segment, as the worker does: no token spans a border of segments."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._structure: dict[str, list[int]] = {}

    def encode(self, example: Example | Echo | str) -> Encoded:
        """Return the ids of a prompt with its target, of a text written twice, or of a plain text."""
        if isinstance(example, Echo):
            once = [*self._plain(example.text), *self._fixed("\n")]
            return Encoded([END_OF_TEXT, *once, *once, END_OF_TEXT], 0, 1 + len(once))
        if isinstance(example, str):
            return Encoded([END_OF_TEXT, *self._plain(example), END_OF_TEXT], 0, 1 << 30)
        ids: list[int] = []
        start = 0
        for number, segment in enumerate(
            build_prompt(example.turns, example.sources, example.task, closest=example.closest)
        ):
            ids += self._fixed(segment.text) if segment.is_structure else self._plain(segment.text)
            start = len(ids) if number == 0 else start
        answer_from = len(ids)
        target = self._plain(example.target)
        opens = self._fixed(" [")[-1]
        numbers = [answer_from + place + 1 for place, token in enumerate(target) if token == opens]
        whole = ids + target + self._fixed(CHATML.end_reply)
        return Encoded(whole, start, answer_from, frozenset([answer_from, *numbers]))

    def prompt(self, example: Example) -> list[int]:
        """Return the ids of the prompt alone."""
        encoded = self.encode(example)
        return encoded.ids[: encoded.answer_from]

    def _fixed(self, text: str) -> list[int]:
        if text not in self._structure:
            self._structure[text] = self._plain(text)
        return self._structure[text]

    def _plain(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
