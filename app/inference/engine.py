"""One model in memory: text in, text out. Runs in the confined worker only.

The loop makes the fewest calls per token that llama.cpp allows: sample, look up the piece, decode. Logits stay in C.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from app.inference.binding import Binder
from app.inference.bound_sampling import BoundSampler, basis_of_prompt
from app.inference.cancel import CancelFlag
from app.inference.context import ModelContext
from app.inference.failures import LoadError, RequestError
from app.inference.generation import FinishReason, ProblemCode
from app.inference.protocol import LoadProblem, Request
from app.inference.textstream import TextStream
from app.inference.vocabulary import Vocabulary

TEXT_EVERY_S: Final = 0.045
"""Text is handed over at most this often, about three pictures of a screen; the first word goes at once. Each piece
costs the computing cores about 0.8 ms on both sides of the pipe (measured): 3 % of a small model's speed at 0.030."""
MIN_ANSWER_TOKENS: Final = 32
"""Room that must be left beside a prompt, or it is refused as too long."""

TextListener = Callable[[str], None]

_AMX_IN_BUILD: Final = b"AMX_INT8 = 1"
_TOP_K: Final = 40
_TOP_P: Final = 0.95


@dataclass(frozen=True, slots=True)
class Counts:
    """What one request cost, in tokens and seconds."""

    finish: FinishReason
    prompt: int
    reused: int
    generated: int
    prompt_s: float
    generation_s: float


class Engine:
    """A loaded model.

    Args:
        interface: llama.cpp's declarations, from ``native``.
        model_file: memory-mapped; a template inside is ignored.
        context_tokens: prompt and answer together.
        threads: of llama.cpp.

    Raises:
        LoadError: the file, or a context of this size, is refused.
    """

    def __init__(self, interface: ModuleType, model_file: str, *, context_tokens: int, threads: int) -> None:
        self.cancel = CancelFlag()
        self._c: Any = interface
        interface.llama_backend_init()
        self._model = interface.llama_model_load_from_file(os.fsencode(model_file), self._model_parameters())
        if not self._model:
            raise LoadError(LoadProblem.MODEL_REFUSED)
        if not interface.llama_model_has_decoder(self._model) or interface.llama_model_has_encoder(self._model):
            raise LoadError(LoadProblem.CONTEXT_REFUSED)
        self.parameters = int(interface.llama_model_n_params(self._model))
        self.vocabulary = Vocabulary(interface, self._model)
        self.context = ModelContext(
            interface, self._model, context_tokens=context_tokens, threads=threads, cancel=self.cancel
        )

    def close(self) -> None:
        """Free the model; the engine cannot be used afterwards."""
        self.context.close()
        self._c.llama_model_free(self._model)

    def generate(
        self,
        request: Request,
        *,
        on_progress: Callable[[int], None],
        on_text: TextListener,
    ) -> Counts:
        """Answer one request.

        Args:
            request: checked here once more.
            on_progress: called between prompt batches with the tokens evaluated so far.
            on_text: gets the text in pieces: the first word at once, more every ``TEXT_EVERY_S``, the rest at the end.

        Raises:
            RequestError: too long, or llama.cpp failed; the cache is in order again.
        """
        prompt = self.vocabulary.tokenise(request.segments)
        length = len(prompt.tokens)
        room = self.context.tokens - length
        if not length or room < min(request.max_tokens, MIN_ANSWER_TOKENS) + 1:
            raise RequestError(ProblemCode.PROMPT_TOO_LONG if length else ProblemCode.CONTENT_INVALID)
        started_s = time.perf_counter()
        reused = self.context.begin(prompt.tokens, prompt.opening)
        is_complete = self.context.evaluate(prompt.tokens[reused:], on_progress)
        prompt_s = time.perf_counter() - started_s
        if not is_complete or request.max_tokens == 0:
            finish = FinishReason.LENGTH if is_complete else FinishReason.CANCELLED
            return Counts(finish, length, reused, 0, prompt_s, 0.0)
        finish, generated = self._write(request, min(request.max_tokens, room), on_text)
        generation_s = time.perf_counter() - started_s - prompt_s
        return Counts(finish, length, reused, generated, prompt_s, generation_s)

    def _write(self, request: Request, max_tokens: int, on_text: TextListener) -> tuple[FinishReason, int]:
        sampler = self._new_sampler(request.temperature, request.seed)
        bound = self._bound_to(request, sampler)
        stream = TextStream(request.stop)
        unread: list[bytes] = []
        try:
            finish, written = self._write_tokens(sampler, bound, max_tokens, stream, unread, on_text)
        finally:
            self._c.llama_sampler_free(sampler)
        if not stream.is_stopped:
            stream.feed(b"".join(unread))
        if words := stream.finish():
            on_text(words)
        return finish, written

    def _bound_to(self, request: Request, sampler: Any) -> BoundSampler | None:
        """Return what keeps the text to its sources; None for a prompt that lends nothing."""
        basis = basis_of_prompt(request.segments)
        if basis is None:
            return None
        return BoundSampler(self._c, self.context.handle, sampler, self.vocabulary, Binder(basis))

    def _write_tokens(
        self,
        sampler: Any,
        bound: BoundSampler | None,
        max_tokens: int,
        stream: TextStream,
        unread: list[bytes],
        on_text: TextListener,
    ) -> tuple[FinishReason, int]:
        """The loop of the product: one turn is one token, and what need not be done at each token is not.

        Bytes become text when it is time to show some, or when a stop string may have ended with them.
        """
        sample, context, cancel, piece_of = (
            self._c.llama_sampler_sample,
            self.context,
            self.cancel,
            self.vocabulary.piece,
        )
        stop_ends = {stop.encode("utf-8")[-1] for stop in stream.stops}
        due_s = 0.0
        for written in range(1, max_tokens + 1):
            token = sample(sampler, context.handle, -1)
            if bound is not None and (token := bound.admit(token)) < 0:
                return FinishReason.LENGTH, written - 1  # nothing that is held can follow: the last sentence is open
            piece = piece_of(token)
            if piece is None:
                return FinishReason.STOP, written - 1
            unread.append(piece)
            now_s = time.perf_counter()
            if now_s >= due_s or not stop_ends.isdisjoint(piece):
                stream.feed(b"".join(unread))
                unread.clear()
                if stream.is_stopped:
                    return FinishReason.STOP, written
                if now_s >= due_s and (words := stream.take()):
                    on_text(words)
                    due_s = now_s + TEXT_EVERY_S
            if cancel.is_up or (written < max_tokens and not context.add(token)):
                return FinishReason.CANCELLED, written
        return FinishReason.LENGTH, max_tokens

    def _new_sampler(self, temperature: float, seed: int) -> Any:
        chain = self._c.llama_sampler_chain_init(self._c.llama_sampler_chain_default_params())
        if temperature <= 0.0:
            self._c.llama_sampler_chain_add(chain, self._c.llama_sampler_init_greedy())
            return chain
        for step in (
            self._c.llama_sampler_init_top_k(_TOP_K),
            self._c.llama_sampler_init_top_p(_TOP_P, 1),
            self._c.llama_sampler_init_temp(temperature),
            self._c.llama_sampler_init_dist(seed),
        ):
            self._c.llama_sampler_chain_add(chain, step)
        return chain

    def _model_parameters(self) -> Any:
        parameters = self._c.llama_model_default_params()
        parameters.n_gpu_layers = 0
        # Measured on llama-cpp-python 0.3.36: Q8_0 weights repacked for AMX end in a segfault in llama_decode.
        # Remove once a pinned version runs tests/unit/inference/test_engine.py on an AMX machine without this line.
        parameters.use_extra_bufts = _AMX_IN_BUILD not in self._c.llama_print_system_info()
        return parameters
