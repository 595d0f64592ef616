"""One model in memory: text in, tokens evaluated, text out. Runs in the confined worker only.

The loop makes the fewest calls per token that llama.cpp allows: sample, look up the piece, decode. Logits stay in C.
What the cache holds of the last prompt is kept: the next prompt evaluates only what differs from it.
"""

import ctypes
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from app.domain.prompt import Segment
from app.inference.generation import FinishReason, ProblemCode
from app.inference.protocol import LoadProblem, Request, check_prompt
from app.inference.textstream import TextStream
from app.inference.threads import ThreadGovernor

PROMPT_BATCH_TOKENS: Final = 512
"""Tokens per call while a prompt is evaluated; progress is told and cancel is looked at between them."""
MIN_ANSWER_TOKENS: Final = 32
"""Room that must be left beside a prompt, or it is refused as too long."""

_AMX_IN_BUILD: Final = b"AMX_INT8 = 1"
_WARM_UP_TOKENS: Final = 3
_TOP_K: Final = 40
_TOP_P: Final = 0.95
_MAX_PIECE_BYTES: Final = 512
_DECODE_ABORTED: Final = 2


class LoadError(Exception):
    """The engine cannot serve."""

    def __init__(self, code: LoadProblem) -> None:
        super().__init__(code.value)
        self.code = code


class RequestError(Exception):
    """This request cannot be served; the next one can."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Counts:
    """What one request cost, in tokens and seconds."""

    finish: FinishReason
    prompt: int
    reused: int
    generated: int
    prompt_s: float
    generation_s: float


class CancelFlag:
    """A flag that llama.cpp itself looks at between the steps of a batch, so that a long prompt can be stopped in it.

    llama.cpp calls ``bool callback(void *data)``. A Python callback there would cost more than a small model's whole
    token; so the callback is C's own ``strlen`` and the data our two bytes: an empty string (0, false) or "x" (1,
    true).
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)
        self.data = ctypes.addressof(self._bytes)
        self.callback_address = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value

    @property
    def is_up(self) -> bool:
        """Whether somebody wants the end."""
        return self._bytes[0] != b"\0"

    def put_up(self) -> None:
        """Ask for the end."""
        self._bytes[0] = b"x"

    def take_down(self) -> None:
        """Start anew."""
        self._bytes[0] = b"\0"


class Engine:
    """A loaded model with one context and one sequence in its cache."""

    def __init__(self, interface: ModuleType, model_file: str, *, context_tokens: int, threads: int) -> None:
        """Load ``model_file`` (memory-mapped). Raises LoadError."""
        self.cancel = CancelFlag()
        self._c: Any = interface
        interface.llama_backend_init()
        self._model = interface.llama_model_load_from_file(os.fsencode(model_file), self._model_parameters())
        if not self._model:
            raise LoadError(LoadProblem.MODEL_REFUSED)
        self._vocabulary = interface.llama_model_get_vocab(self._model)
        self.vocabulary_size = int(interface.llama_vocab_n_tokens(self._vocabulary))
        self.parameters = int(interface.llama_model_n_params(self._model))
        if not interface.llama_model_has_decoder(self._model) or interface.llama_model_has_encoder(self._model):
            raise LoadError(LoadProblem.CONTEXT_REFUSED)
        self._context = interface.llama_init_from_model(self._model, self._context_parameters(context_tokens, threads))
        if not self._context:
            raise LoadError(LoadProblem.CONTEXT_REFUSED)
        self.context_tokens = int(interface.llama_n_ctx(self._context))
        self._memory = interface.llama_get_memory(self._context)
        self._cached: list[int] = []
        self._pieces: dict[int, bytes | None] = {}
        self._piece_buffer = ctypes.create_string_buffer(_MAX_PIECE_BYTES)
        self._one_token = (interface.llama_token * 1)()
        self._one_batch = interface.llama_batch_get_one(self._one_token, 1)
        self._threads = threads
        self._warm_up(threads)

    def close(self) -> None:
        """Free the model; the engine cannot be used afterwards."""
        self._c.llama_free(self._context)
        self._c.llama_model_free(self._model)

    def tokenise(self, segments: Sequence[Segment]) -> list[int]:
        """Return the tokens of a prompt; only structure may become special tokens.

        Each segment is tokenised by itself, so that no text from outside can join with ours into something else.

        Raises:
            RequestError: the sizes are outside the limits (checked before anything is tokenised).
        """
        problem = check_prompt(segments)
        if problem is not None:
            raise RequestError(problem)
        tokens = (
            [self._c.llama_vocab_bos(self._vocabulary)] if self._c.llama_vocab_get_add_bos(self._vocabulary) else []
        )
        for segment in segments:
            if segment.text:
                tokens += self._tokenise_one(segment.text.encode("utf-8"), may_be_special=segment.is_structure)
        return tokens

    def generate(
        self,
        request: Request,
        *,
        on_progress: Callable[[int], None],
        on_text: Callable[[TextStream], None],
    ) -> Counts:
        """Answer one request.

        Args:
            request: checked here once more.
            on_progress: called between prompt batches with the tokens evaluated so far.
            on_text: called after each token with the stream; it takes what it wants to send, when it wants.

        Raises:
            RequestError: too long, or llama.cpp failed; the cache is in order again.
        """
        prompt = self.tokenise(request.segments)
        room = self.context_tokens - len(prompt)
        if not prompt or room < min(request.max_tokens, MIN_ANSWER_TOKENS) + 1:
            raise RequestError(ProblemCode.PROMPT_TOO_LONG if prompt else ProblemCode.CONTENT_INVALID)
        reused = self._reuse(prompt)
        stream = TextStream(request.stop)
        started_s = time.perf_counter()
        is_complete = self._evaluate(prompt[reused:], on_progress)
        prompt_s = time.perf_counter() - started_s
        if not is_complete or request.max_tokens == 0:
            finish = FinishReason.LENGTH if is_complete else FinishReason.CANCELLED
            return Counts(finish, len(prompt), reused, 0, prompt_s, 0.0)
        sampler = self._new_sampler(request.temperature, request.seed)
        try:
            finish, generated = self._write(sampler, min(request.max_tokens, room), stream, on_text)
        finally:
            self._c.llama_sampler_free(sampler)
        generation_s = time.perf_counter() - started_s - prompt_s
        return Counts(finish, len(prompt), reused, generated, prompt_s, generation_s)

    def _warm_up(self, threads: int) -> None:
        """Touch every weight once, so that the first request does not pay for it, and learn how long a token takes."""
        self._use_threads(1)
        usual_s = min(self._decode_one(0)[1] for _ in range(_WARM_UP_TOKENS))
        self._governor = ThreadGovernor(threads, usual_s, time.perf_counter)
        for _ in range(_WARM_UP_TOKENS):
            self._use_threads(self._governor.threads)
            self._governor.note(self._decode_one(0)[1])
        self._use_threads(self._governor.threads)
        self._c.llama_memory_clear(self._memory, True)

    def _decode_one(self, token: int) -> tuple[int, float]:
        """Run one token through the model; return llama.cpp's answer and the seconds it took."""
        self._one_token[0] = token
        started_s = time.perf_counter()
        result = self._c.llama_decode(self._context, self._one_batch)
        return result, time.perf_counter() - started_s

    def _govern(self, token_s: float) -> None:
        self._governor.note(token_s)
        self._use_threads(self._governor.threads)

    def _use_threads(self, threads: int) -> None:
        if threads != self._threads:
            self._threads = threads
            self._c.llama_set_n_threads(self._context, threads, threads)

    def _write(
        self, sampler: Any, max_tokens: int, stream: TextStream, on_text: Callable[[TextStream], None]
    ) -> tuple[FinishReason, int]:
        """The loop of the product: one turn is one token."""
        sample, context, pieces, cached, cancel = (
            self._c.llama_sampler_sample,
            self._context,
            self._pieces,
            self._cached,
            self.cancel,
        )
        for generated in range(max_tokens):
            token = sample(sampler, context, -1)
            piece = pieces[token] if token in pieces else self._piece(token)
            if piece is None:
                return FinishReason.STOP, generated
            stream.feed(piece)
            on_text(stream)
            if stream.is_stopped:
                return FinishReason.STOP, generated + 1
            if cancel.is_up:
                return FinishReason.CANCELLED, generated + 1
            if generated + 1 == max_tokens:
                break
            result, token_s = self._decode_one(token)
            if result != 0:
                return self._after_failed_decode(result), generated + 1
            cached.append(token)
            self._govern(token_s)
        return FinishReason.LENGTH, max_tokens

    def _reuse(self, prompt: Sequence[int]) -> int:
        """Forget what the cache holds beyond the common beginning; return how many tokens need no evaluation.

        The last token is always evaluated again, because its logits are needed.
        """
        common = 0
        for old, new in zip(self._cached, prompt, strict=False):
            if old != new:
                break
            common += 1
        self._forget_from(min(common, len(prompt) - 1))
        return len(self._cached)

    def _forget_from(self, position: int) -> None:
        """Drop the cache from ``position`` on; all of it where a kind of model cannot drop a part (recurrent ones)."""
        if not self._c.llama_memory_seq_rm(self._memory, 0, position, -1):
            self._c.llama_memory_clear(self._memory, True)
            position = 0
        del self._cached[position:]

    def _evaluate(self, tokens: Sequence[int], on_progress: Callable[[int], None]) -> bool:
        """Run ``tokens`` through the model; return False when cancelled on the way. Raises RequestError."""
        if len(tokens) > 1 and self._governor.retry_if_due():
            return self._evaluate_after_trial(tokens, on_progress)
        for start in range(0, len(tokens), PROMPT_BATCH_TOKENS):
            if self.cancel.is_up:
                return False
            if start:
                on_progress(start)
            part = tokens[start : start + PROMPT_BATCH_TOKENS]
            array = (self._c.llama_token * len(part))(*part)
            result = self._c.llama_decode(self._context, self._c.llama_batch_get_one(array, len(part)))
            if result != 0:
                self._after_failed_decode(result)
                return False
            self._cached += part
        return True

    def _evaluate_after_trial(self, tokens: Sequence[int], on_progress: Callable[[int], None]) -> bool:
        """Try all threads on the first token alone: they may be too many still, and a prompt is long."""
        self._use_threads(self._governor.threads)
        result, token_s = self._decode_one(tokens[0])
        if result != 0:
            self._after_failed_decode(result)
            return False
        self._cached.append(tokens[0])
        self._govern(token_s)
        return self._evaluate(tokens[1:], on_progress)

    def _after_failed_decode(self, result: int) -> FinishReason:
        """Bring the cache back to what we know it holds: some steps of the failed batch may be in it."""
        if result == _DECODE_ABORTED:
            self._forget_from(len(self._cached))
            return FinishReason.CANCELLED
        self._forget_from(0)
        raise RequestError(ProblemCode.DECODE_FAILED)

    def _tokenise_one(self, text: bytes, *, may_be_special: bool) -> list[int]:
        room = len(text) + 8  # a token is at least a byte; some vocabularies put a space in front
        tokens = (self._c.llama_token * room)()
        count = self._c.llama_tokenize(self._vocabulary, text, len(text), tokens, room, False, may_be_special)
        if count < 0:
            raise RequestError(ProblemCode.CONTENT_INVALID)
        return list(tokens[:count])

    def _piece(self, token: int) -> bytes | None:
        """Return the bytes of a token, None for one that ends the turn: an end mark, or any other control token."""
        piece: bytes | None = None
        if not self._c.llama_vocab_is_eog(self._vocabulary, token) and not self._c.llama_vocab_is_control(
            self._vocabulary, token
        ):
            size = self._c.llama_token_to_piece(self._vocabulary, token, self._piece_buffer, _MAX_PIECE_BYTES, 0, False)
            piece = self._piece_buffer.raw[: max(size, 0)]
        self._pieces[token] = piece
        return piece

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

    def _context_parameters(self, context_tokens: int, threads: int) -> Any:
        parameters = self._c.llama_context_default_params()
        context_tokens = min(context_tokens, self._c.llama_model_n_ctx_train(self._model))
        parameters.n_ctx = context_tokens
        parameters.n_batch = parameters.n_ubatch = min(PROMPT_BATCH_TOKENS, context_tokens)
        parameters.n_seq_max = 1
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.swa_full = True  # sliding windows keep the whole cache, or its beginning could not be used again
        parameters.no_perf = True
        parameters.abort_callback = self._c.ggml_abort_callback(self.cancel.callback_address)
        parameters.abort_callback_data = self.cancel.data
        return parameters
