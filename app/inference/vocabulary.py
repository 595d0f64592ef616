"""Text to tokens and back, with the one rule that keeps outside text out of the prompt's structure."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.prompt import Segment
from app.inference.failures import RequestError
from app.inference.generation import ProblemCode
from app.inference.protocol import check_prompt

_MAX_PIECE_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class TokenisedPrompt:
    """A prompt as the model sees it."""

    tokens: list[int]
    opening: int
    """How many tokens come before the first outside text."""

    def __repr__(self) -> str:
        return f"<TokenisedPrompt {len(self.tokens)} tokens>"


class Vocabulary:
    """The vocabulary of a loaded model.

    Args:
        interface: llama.cpp's declarations.
        model: the loaded model.
    """

    def __init__(self, interface: Any, model: Any) -> None:
        self._c = interface
        self._handle = interface.llama_model_get_vocab(model)
        self.size = int(interface.llama_vocab_n_tokens(self._handle))
        self._pieces: dict[int, bytes | None] = {}
        self._buffer = ctypes.create_string_buffer(_MAX_PIECE_BYTES)

    def tokenise(self, segments: Sequence[Segment]) -> TokenisedPrompt:
        """Return the tokens of a prompt; only structure may become special tokens.

        Each segment is tokenised by itself, so that no text from outside can join with ours into something else.

        Raises:
            RequestError: the sizes are outside the limits (checked before anything is tokenised).
        """
        problem = check_prompt(segments)
        if problem is not None:
            raise RequestError(problem)
        tokens: list[int] = []
        opening: int | None = None
        if self._c.llama_vocab_get_add_bos(self._handle):
            tokens.append(self._c.llama_vocab_bos(self._handle))
        for segment in segments:
            if opening is None and not segment.is_structure:
                opening = len(tokens)
            if segment.text:
                tokens += self._tokenise_one(segment.text.encode("utf-8"), may_be_special=segment.is_structure)
        return TokenisedPrompt(tokens, len(tokens) if opening is None else opening)

    def piece(self, token: int) -> bytes | None:
        """Return the bytes of a token, None for one that ends the turn: an end mark, or any other control token."""
        if token in self._pieces:
            return self._pieces[token]
        piece = None if self._ends_turn(token) else self._bytes_of(token)
        self._pieces[token] = piece
        return piece

    def _ends_turn(self, token: int) -> bool:
        return bool(
            self._c.llama_vocab_is_eog(self._handle, token) or self._c.llama_vocab_is_control(self._handle, token)
        )

    def _bytes_of(self, token: int) -> bytes:
        size = self._c.llama_token_to_piece(self._handle, token, self._buffer, _MAX_PIECE_BYTES, 0, False)
        return self._buffer.raw[: max(size, 0)]

    def _tokenise_one(self, text: bytes, *, may_be_special: bool) -> list[int]:
        room = len(text) + 8  # a token is at least a byte; some vocabularies put a space in front
        tokens = (self._c.llama_token * room)()
        count = self._c.llama_tokenize(self._handle, text, len(text), tokens, room, False, may_be_special)
        if count < 0:
            raise RequestError(ProblemCode.CONTENT_INVALID)
        return list(tokens[:count])
