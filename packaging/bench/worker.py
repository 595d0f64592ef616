"""The model worker against raw llama.cpp on the same file, in the same run; what it needs in memory and time.

Raw means: the same library called in this process, tokens in, greedy tokens out, no text, no pipe, no confinement. Both
take turns. On a busy machine the worker is several times faster than raw, because it falls back to one thread
(``app.inference.threads``); the ratio means something on an idle one only, so the load is in the table.
"""

import os
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.config import find_places  # noqa: E402  the checkout is put on the path first
from app.domain.prompt import Segment  # noqa: E402
from app.inference.generation import FinishReason, GenerationResult  # noqa: E402
from app.inference.native import load_interface  # noqa: E402
from app.inference.supervisor import ModelWorker, WorkerState  # noqa: E402
from app.inference.vocabulary import Vocabulary  # noqa: E402
from app.services.models.catalogue import ModelCatalogue  # noqa: E402

Row = dict[str, object]

ROUNDS = 15
THREADS = 2
CONTEXT_TOKENS = 2_048
MAX_TOKENS = 150
PAUSE_S = 0.05
"""Between the two: llama.cpp's second thread spins on for some 12 ms after its work, on a core that the other wants."""
BATCH_TOKENS = 512
PASSAGE = (
    "The office opens at nine on weekdays and closes at five. On Fridays it closes at three. Please call before you "
    "come without an appointment, and bring your card and the letter that we sent you. "
)
QUESTION = "Visitor: When do you open on Friday? "
LETTERS = "h o v c jq x e lsz "


def measure() -> list[Row]:
    """Return the rows of the table."""
    file = _model_file()
    raw = _Raw(file)
    worker = ModelWorker(file, threads=THREADS, context_tokens=CONTEXT_TOKENS)
    started_s = time.perf_counter()
    _start(worker)
    ready_ms = (time.perf_counter() - started_s) * 1000
    try:
        text = _talkative(worker)
        rounds = [_round(worker, raw, number, text) for number in range(ROUNDS)]
        rows = _ratios(rounds)
        rows.append(
            _row(
                "next turn of a thread: tokens evaluated beyond the new ones", _needless_tokens(worker), "tokens", "≤ 1"
            )
        )
        rows.append(_row("cancel in the middle of a text, to its end", _cancel_ms(worker, text), "ms"))
        rows.append(
            _row("memory of the worker beside the file (its cache included)", _own_memory_mb(worker), "MB", "≤ 150")
        )
    finally:
        worker.stop()
    rows.append(_row("start of the worker to ready, confined", ready_ms, "ms"))
    rows.append(_row("load of the machine while measuring (ratios want it under 1)", os.getloadavg()[0], ""))
    return rows


@dataclass(frozen=True, slots=True)
class _Speeds:
    """Seconds per token."""

    worker_prompt: float
    worker_writing: float
    raw_prompt: float
    raw_writing: float


class _Raw:
    """llama.cpp called as directly as Python can."""

    def __init__(self, file: Path) -> None:
        self._c: Any = load_interface()
        parameters = self._c.llama_model_default_params()
        parameters.use_extra_bufts = (
            b"AMX_INT8 = 1" not in self._c.llama_print_system_info()
        )  # see app/inference/engine.py
        self._model = self._c.llama_model_load_from_file(os.fsencode(file), parameters)
        self.vocabulary = Vocabulary(self._c, self._model)
        settings = self._c.llama_context_default_params()
        settings.n_ctx, settings.n_batch, settings.n_ubatch = CONTEXT_TOKENS, BATCH_TOKENS, BATCH_TOKENS
        settings.n_threads = settings.n_threads_batch = THREADS
        settings.no_perf = True
        self._context = self._c.llama_init_from_model(self._model, settings)
        self._sampler = self._c.llama_sampler_init_greedy()

    def run(self, tokens: list[int], steps: int) -> tuple[float, float]:
        """Return the seconds for the prompt and for ``steps`` tokens after it."""
        self._c.llama_memory_clear(self._c.llama_get_memory(self._context), True)
        started_s = time.perf_counter()
        for place in range(0, len(tokens), BATCH_TOKENS):
            part = tokens[place : place + BATCH_TOKENS]
            array = (self._c.llama_token * len(part))(*part)
            self._c.llama_decode(self._context, self._c.llama_batch_get_one(array, len(part)))
        written_s = time.perf_counter()
        one = (self._c.llama_token * 1)()
        batch = self._c.llama_batch_get_one(one, 1)
        for _ in range(steps):
            one[0] = self._c.llama_sampler_sample(self._sampler, self._context, -1)
            self._c.llama_decode(self._context, batch)
        return written_s - started_s, time.perf_counter() - written_s


def _round(worker: ModelWorker, raw: _Raw, number: int, text: str) -> _Speeds:
    prompt = _prompt(number, text)
    time.sleep(PAUSE_S)
    result = worker.generate(prompt, max_tokens=MAX_TOKENS).result(120)
    time.sleep(PAUSE_S)
    tokens = raw.vocabulary.tokenise(prompt).tokens
    steps = max(_steps(result), 1)
    raw_prompt_s, raw_writing_s = raw.run(tokens, steps)
    fresh = result.prompt_tokens - result.reused_tokens
    return _Speeds(
        result.prompt_ms / 1000 / fresh,
        result.generation_ms / 1000 / steps,
        raw_prompt_s / len(tokens),
        raw_writing_s / steps,
    )


def _steps(result: GenerationResult) -> int:
    """Return how many tokens went through the model after the prompt: the last of a full text does not."""
    return result.generated_tokens - (result.finish is FinishReason.LENGTH)


def _prompt(number: int, text: str) -> tuple[Segment, ...]:
    """Return a text whose very first letter is new, so that no cache knows its beginning."""
    return (Segment(f"{chr(ord('A') + number)}{number} {text}", is_structure=False),)


def _talkative(worker: ModelWorker) -> str:
    """Return the text after which this model writes longest: the costs of a whole request are not those of a token.

    The texts are not in turns, so that the model babbles on instead of answering in a sentence.
    """
    texts = (PASSAGE * 9, QUESTION * 8, QUESTION * 30, LETTERS * 60)
    lengths = [worker.generate(_prompt(20, text), max_tokens=MAX_TOKENS).result(120).generated_tokens for text in texts]
    return texts[lengths.index(max(lengths))]


def _ratios(rounds: list[_Speeds]) -> list[Row]:
    prompt = statistics.median(one.raw_prompt / one.worker_prompt for one in rounds)
    writing = statistics.median(one.raw_writing / one.worker_writing for one in rounds)
    return [
        _row("worker against raw llama.cpp, prompt", prompt, "x", "≥ 0.97"),
        _row("worker against raw llama.cpp, generation", writing, "x", "≥ 0.97"),
        _row("prompt", 1 / statistics.median(one.worker_prompt for one in rounds), "tokens/s"),
        _row("generation", 1 / statistics.median(one.worker_writing for one in rounds), "tokens/s"),
    ]


def _needless_tokens(worker: ModelWorker) -> int:
    thread = (Segment("Visitor: ", is_structure=True), Segment("When do you open?", is_structure=False))
    added = (Segment(" And on Friday?", is_structure=False),)
    first = worker.generate(thread, max_tokens=0).result(60)
    second = worker.generate((*thread, *added), max_tokens=0).result(60)
    return first.prompt_tokens - second.reused_tokens


def _cancel_ms(worker: ModelWorker, text: str) -> float:
    first = threading.Event()
    generation = worker.generate(_prompt(24, text), max_tokens=MAX_TOKENS, on_text=lambda _piece: first.set())
    first.wait(60)
    asked_s = time.perf_counter()
    generation.cancel()
    generation.result(60)
    return (time.perf_counter() - asked_s) * 1000


def _own_memory_mb(worker: ModelWorker) -> float:
    fields = dict(
        line.split(":", 1) for line in Path(f"/proc/{worker.pid}/status").read_text().splitlines() if ":" in line
    )
    return int(fields["RssAnon"].split()[0]) / 1024


def _start(worker: ModelWorker) -> None:
    ready = threading.Event()
    worker.on_state(lambda state: ready.set() if state is WorkerState.READY else None)
    worker.start()
    if not ready.wait(120):
        raise RuntimeError(f"the worker did not start: {worker.problem}")


def _model_file() -> Path:
    chosen = os.environ.get("VESTIBULE_MODEL")
    if chosen:
        return Path(chosen)
    places = find_places(os.environ)
    return ModelCatalogue(places.models_dir, places.user_models_dir).find("starter").file


def _row(what: str, value: float, unit: str, budget: str = "") -> Row:
    return {"what": what, "value": float(value), "unit": unit, "budget": budget}
