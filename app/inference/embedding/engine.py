"""One embedding model in memory: text in, vector out. Runs in the confined process only."""

import os
from array import array
from types import ModuleType
from typing import Any, Final

from app.inference.embedding.protocol import MAX_DIMS, MAX_TEXT_BYTES, MIN_DIMS, EmbeddingProblem

MAX_TOKENS: Final = 512
"""A passage has at most some 90 words, a message is cut long before; what is longer loses its end."""

_AMX_IN_BUILD: Final = b"AMX_INT8 = 1"
_POOLING_OF_THE_MODEL: Final = -1
_NO_POOLING: Final = 0
_MEAN: Final = 1
_RANKING: Final = 4


class RefusedError(Exception):
    """No vector; ``problem`` is the code that crosses the wall."""

    def __init__(self, problem: EmbeddingProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class EmbeddingEngine:
    """A loaded embedding model.

    Args:
        interface: llama.cpp's declarations, from ``native``.
        model_file: memory-mapped.
        threads: of llama.cpp.

    Raises:
        RefusedError: the file is refused, or it makes no vectors of texts.
    """

    def __init__(self, interface: ModuleType, model_file: str, *, threads: int) -> None:
        self._c: Any = interface
        interface.llama_backend_init()
        parameters = interface.llama_model_default_params()
        parameters.n_gpu_layers = 0
        # As in ``engine``: weights repacked for AMX end in a segfault with this release of llama.cpp.
        parameters.use_extra_bufts = _AMX_IN_BUILD not in interface.llama_print_system_info()
        self._model = interface.llama_model_load_from_file(os.fsencode(model_file), parameters)
        if not self._model or not self._is_of_one_half():
            raise RefusedError(EmbeddingProblem.MODEL_REFUSED)
        self.dims = int(interface.llama_model_n_embd(self._model))
        self._tokens = min(MAX_TOKENS, int(interface.llama_model_n_ctx_train(self._model)) or MAX_TOKENS)
        self._context = self._open(threads, _POOLING_OF_THE_MODEL)
        if interface.llama_pooling_type(self._context) == _NO_POOLING:
            interface.llama_free(self._context)
            self._context = self._open(threads, _MEAN)
        if interface.llama_pooling_type(self._context) == _RANKING or not MIN_DIMS <= self.dims <= MAX_DIMS:
            raise RefusedError(EmbeddingProblem.MODEL_REFUSED)

    def embed(self, text: str) -> "array[float]":
        """Return the vector of ``text``, of any length.

        Raises:
            RefusedError: no valid text, or llama.cpp failed.
        """
        tokens = self._tokens_of(text)
        memory = self._c.llama_get_memory(self._context)
        if memory:
            self._c.llama_memory_clear(memory, True)
        held = (self._c.llama_token * len(tokens))(*tokens)  # a batch only points to its tokens
        batch = self._c.llama_batch_get_one(held, len(tokens))
        run = self._c.llama_decode if memory else self._c.llama_encode
        if run(self._context, batch) != 0:
            raise RefusedError(EmbeddingProblem.DECODE_FAILED)
        found = self._c.llama_get_embeddings_seq(self._context, 0)
        if not found:
            raise RefusedError(EmbeddingProblem.DECODE_FAILED)
        return array("f", found[: self.dims])

    def close(self) -> None:
        """Free it."""
        self._c.llama_free(self._context)
        self._c.llama_model_free(self._model)

    def _is_of_one_half(self) -> bool:
        """Models that read with one half and write with the other make no vector of a text."""
        has_both = self._c.llama_model_has_encoder(self._model) and self._c.llama_model_has_decoder(self._model)
        return not has_both

    def _open(self, threads: int, pooling: int) -> Any:
        parameters = self._c.llama_context_default_params()
        parameters.embeddings = True
        parameters.pooling_type = pooling
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = self._tokens
        parameters.n_seq_max = 1
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.no_perf = True
        context = self._c.llama_init_from_model(self._model, parameters)
        if not context:
            raise RefusedError(EmbeddingProblem.MODEL_REFUSED)
        return context

    def _tokens_of(self, text: str) -> list[int]:
        """Return the tokens of ``text`` with the marks that the model wants around it; nothing in it is special."""
        try:
            raw = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise RefusedError(EmbeddingProblem.TEXT_INVALID) from error
        if not raw.strip() or len(raw) > MAX_TEXT_BYTES:
            raise RefusedError(EmbeddingProblem.TEXT_INVALID)
        vocabulary = self._c.llama_model_get_vocab(self._model)
        room = len(raw) + 16
        tokens = (self._c.llama_token * room)()
        count = self._c.llama_tokenize(vocabulary, raw, len(raw), tokens, room, True, False)
        if count <= 0:
            raise RefusedError(EmbeddingProblem.TEXT_INVALID)
        return list(tokens[: min(count, self._tokens)])
