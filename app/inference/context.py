"""The model's working memory: tokens go through it, and what they left in its cache is kept for the next prompt."""

import ctypes
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from app.inference.cancel import CancelFlag
from app.inference.failures import LoadError, RequestError
from app.inference.generation import ProblemCode
from app.inference.protocol import LoadProblem
from app.inference.shelf import CacheShelf
from app.inference.threads import ThreadGovernor

PROMPT_BATCH_TOKENS: Final = 512
"""Tokens per call while a prompt is evaluated; progress is told and cancel is looked at between them."""
SLOTS: Final = 3
"""Prompts kept in the cache: the conversation on the screen, and two that were prepared."""
MAX_PARAMETERS_FOR_SLOTS: Final = 1_000_000_000
"""Larger models keep one prompt: their caches are 50 MB and more each."""

_WARM_UP_TOKENS: Final = 3
_DECODE_ABORTED: Final = 2


class ModelContext:
    """One llama.cpp context, used by one thread.

    Args:
        interface: llama.cpp's declarations.
        model: the loaded model.
        context_tokens: prompt and answer together; at most what the model was trained for.
        threads: to compute with, while the machine is not busy.
        cancel: looked at while computing.

    Raises:
        LoadError: no memory for it.
    """

    def __init__(self, interface: Any, model: Any, *, context_tokens: int, threads: int, cancel: CancelFlag) -> None:
        self._c = interface
        self._cancel = cancel
        slots = SLOTS if interface.llama_model_n_params(model) <= MAX_PARAMETERS_FOR_SLOTS else 1
        context_tokens = min(context_tokens, interface.llama_model_n_ctx_train(model))
        self.handle = interface.llama_init_from_model(model, self._parameters(context_tokens, slots, threads))
        if not self.handle:
            raise LoadError(LoadProblem.CONTEXT_REFUSED)
        self.tokens = min(context_tokens, int(interface.llama_n_ctx_seq(self.handle)))
        self._memory = interface.llama_get_memory(self.handle)
        self._shelf = CacheShelf(slots)
        self._batches = _Batches(interface, slots)
        self._threads = threads
        self._governor = ThreadGovernor(threads, float("inf"), time.perf_counter)
        self._calm_s = float("inf")
        self._choose_slot(0)
        self._warm_up(threads)

    def begin(self, prompt: Sequence[int], opening: int) -> int:
        """Take the slot that suits ``prompt``; return how many of its tokens need no evaluation.

        The last token is always evaluated again, because what comes after it is wanted.
        """
        slot, common = self._shelf.choose(prompt, opening)
        self._choose_slot(slot)
        self._forget_from(min(common, len(prompt) - 1))
        return len(self._held)

    def evaluate(self, tokens: Sequence[int], on_progress: Callable[[int], None]) -> bool:
        """Run ``tokens`` through the model; return False when cancelled on the way.

        Raises:
            RequestError: llama.cpp failed; the slot is empty again.
        """
        done = 0
        if len(tokens) > 1 and self._governor.retry_if_due():
            # All threads are tried on the first token alone: they may be too many still, and a prompt is long.
            self._calm_s = 0.0
            self._use_threads(self._governor.threads)
            if not self.add(tokens[0]):
                return False
            done = 1
        while done < len(tokens):
            if self._cancel.is_up:
                return False
            if done > 1:
                on_progress(done)
            part = tokens[done : done + PROMPT_BATCH_TOKENS]
            if not self._settle(self._c.llama_decode(self.handle, self._batches.many(part)), part):
                return False
            done += len(part)
        return True

    def add(self, token: int) -> bool:
        """Run one token through the model; return False when cancelled. Raises RequestError as ``evaluate``."""
        started_s = time.perf_counter()
        result = self._c.llama_decode(self.handle, self._batches.one(token))
        token_s = time.perf_counter() - started_s
        if result != 0:
            return self._settle(result, ())
        self._held.append(token)
        if token_s > self._calm_s:
            self._govern(token_s)
        return True

    def close(self) -> None:
        """Free it."""
        self._c.llama_free(self.handle)

    def _settle(self, result: int, tokens: Sequence[int]) -> bool:
        """Bring the books in line with what llama.cpp did: steps of a failed batch may be in the cache."""
        if result == 0:
            self._held += tokens
            return True
        if result == _DECODE_ABORTED:
            self._forget_from(len(self._held))
            return False
        self._forget_from(0)
        raise RequestError(ProblemCode.DECODE_FAILED)

    def _choose_slot(self, slot: int) -> None:
        self._slot = slot
        self._held = self._shelf.tokens(slot)
        self._batches.choose_slot(slot)

    def _forget_from(self, position: int) -> None:
        """Drop the slot's cache from ``position`` on; all of it where a kind of model cannot drop a part."""
        if not self._c.llama_memory_seq_rm(self._memory, self._slot, position, -1):
            self._c.llama_memory_seq_rm(self._memory, self._slot, -1, -1)
            position = 0
        del self._held[position:]

    def _warm_up(self, threads: int) -> None:
        """Touch every weight once, so that the first request does not pay for it, and learn how long a token takes."""
        self._use_threads(1)
        started_s = 0.0
        for _ in range(_WARM_UP_TOKENS):
            started_s = time.perf_counter()  # the last of them counts: the first reads the file
            self.add(0)
        self._governor = ThreadGovernor(threads, time.perf_counter() - started_s, time.perf_counter)
        self._calm_s = self._governor.calm_s
        self._use_threads(threads)
        for _ in range(_WARM_UP_TOKENS):
            self.add(0)
        self._forget_from(0)

    def _govern(self, token_s: float) -> None:
        self._governor.note(token_s)
        self._calm_s = self._governor.calm_s
        self._use_threads(self._governor.threads)

    def _use_threads(self, threads: int) -> None:
        if threads != self._threads:
            self._threads = threads
            self._c.llama_set_n_threads(self.handle, threads, threads)

    def _parameters(self, context_tokens: int, slots: int, threads: int) -> Any:
        parameters = self._c.llama_context_default_params()
        parameters.n_ctx = context_tokens * slots
        parameters.n_seq_max = slots
        parameters.kv_unified = False
        parameters.n_batch = parameters.n_ubatch = min(PROMPT_BATCH_TOKENS, context_tokens)
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.swa_full = True  # sliding windows keep the whole cache, or its beginning could not be used again
        parameters.no_perf = True
        parameters.abort_callback = self._c.ggml_abort_callback(self._cancel.callback_address)
        parameters.abort_callback_data = self._cancel.data
        return parameters


class _Batches:
    """The structures that carry tokens to ``llama_decode``, made once.

    Positions and the wish for an answer to the last token only are llama.cpp's defaults for null pointers.
    """

    def __init__(self, interface: Any, slots: int) -> None:
        self._c = interface
        self._tokens = (interface.llama_token * PROMPT_BATCH_TOKENS)()
        self._one_each = (ctypes.c_int32 * PROMPT_BATCH_TOKENS)(*[1] * PROMPT_BATCH_TOKENS)
        self._numbers = [(interface.llama_seq_id * 1)(slot) for slot in range(slots)]
        pointer = ctypes.POINTER(interface.llama_seq_id)
        self._slot_of_each = [
            (pointer * PROMPT_BATCH_TOKENS)(*[ctypes.cast(number, pointer)] * PROMPT_BATCH_TOKENS)
            for number in self._numbers
        ]
        self._many = interface.llama_batch_get_one(self._tokens, 0)
        self._one = interface.llama_batch_get_one(self._tokens, 1)
        self._many.n_seq_id = self._one.n_seq_id = self._one_each

    def choose_slot(self, slot: int) -> None:
        self._many.seq_id = self._one.seq_id = self._slot_of_each[slot]

    def one(self, token: int) -> Any:
        self._tokens[0] = token
        return self._one

    def many(self, tokens: Sequence[int]) -> Any:
        self._tokens[: len(tokens)] = tokens
        self._many.n_tokens = len(tokens)
        return self._many
