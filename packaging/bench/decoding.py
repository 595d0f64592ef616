"""What source-bound decoding costs, and what it brings. Both run in the real confined worker, taking turns.

Cost: tokens per second with and without it, on the starter (greedy, real prompts) and on a file with the shape of a
1 B model (random weights, which want to write a digit or a name at every third token: far worse than any real model).
Gain: facts that no source holds, written by the starter at a temperature at which it invents.
"""

import statistics
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from large_shape import write_large_shape  # noqa: E402  the folder of the benchmarks is put on the path first
from offices import read_offices  # noqa: E402
from worker import _model_file as model_file  # noqa: E402

from app.domain.prompt import PromptSource, Segment, Speaker, Turn, build_prompt  # noqa: E402
from app.inference.supervisor import ModelWorker, WorkerState  # noqa: E402
from app.knowledge import PassageIndex  # noqa: E402
from app.services.drafting.grounding import Claim, unsupported_facts  # noqa: E402
from app.services.drafting.sourcing import find_sources  # noqa: E402

Row = dict[str, object]

PROMPTS, ROUNDS, LARGE_ROUNDS, LARGE_TOKENS, TEMPERATURE = 60, 3, 5, 48, 1.0
TODAY = date(2026, 11, 24)


def measure() -> list[Row]:
    """Return the rows of the table."""
    prompts = _prompts()
    rows = _with_worker(model_file(), lambda worker: [*_cost(worker, prompts, "starter"), *_gain(worker, prompts)])
    with tempfile.TemporaryDirectory() as folder:
        large = write_large_shape(Path(folder) / "large.gguf")
        rows += _with_worker(large, lambda worker: _large_cost(worker, prompts[0][0]))
    return rows


def _prompts() -> list[tuple[tuple[Segment, ...], tuple[str, ...], str]]:
    """Prompts of the evaluation offices, each with the texts of its sources and its question."""
    made = []
    for office in read_offices():
        index = PassageIndex(office.articles, today=lambda: TODAY)
        for question in office.questions:
            found = find_sources(index, question.text, ())
            if found.public:
                sources = [PromptSource(source.title, source.quote) for source in found.public]
                prompt = build_prompt([Turn(Speaker.VISITOR, question.text)], sources, closest=found.closest)
                made.append((prompt, tuple(f"{s.title}\n{s.text}" for s in sources), question.text))
    return made[:: max(1, len(made) // PROMPTS)]


def _with_worker(file: Path, measured: "object") -> list[Row]:
    worker = ModelWorker(file, threads=2, context_tokens=2048)
    ready = threading.Event()
    worker.on_state(lambda state: ready.set() if state is WorkerState.READY else None)
    worker.start()
    try:
        if not ready.wait(180):
            raise RuntimeError(f"the worker did not start: {worker.problem}")
        return measured(worker)  # type: ignore[operator]
    finally:
        worker.stop()


def _cost(worker: ModelWorker, prompts: list[tuple[tuple[Segment, ...], tuple[str, ...], str]], name: str) -> list[Row]:
    ratios = []
    for _ in range(ROUNDS):
        for prompt, _, _ in prompts:
            seconds = {
                is_bound: _seconds_per_token(worker, prompt, 120, is_bound=is_bound) for is_bound in (True, False)
            }
            if None not in seconds.values():
                ratios.append(seconds[False] / seconds[True])  # type: ignore[operator]
    return [_row(f"{name}: generation bound against unbound", statistics.median(ratios), "x", "≥ 0.95")]


def _large_cost(worker: ModelWorker, prompt: tuple[Segment, ...]) -> list[Row]:
    ratios, speeds = [], []
    for _ in range(LARGE_ROUNDS):
        seconds = {b: _seconds_per_token(worker, prompt, LARGE_TOKENS, is_bound=b) or 1.0 for b in (True, False)}
        ratios.append(seconds[False] / seconds[True])
        speeds.append(1 / seconds[True])
    return [
        _row("1 B shape: generation bound against unbound", statistics.median(ratios), "x", "≥ 0.95"),
        _row("1 B shape: generation", statistics.median(speeds), "tokens/s"),
    ]


def _seconds_per_token(
    worker: ModelWorker, prompt: tuple[Segment, ...], max_tokens: int, *, is_bound: bool
) -> float | None:
    worker.binds_to_sources = is_bound
    result = worker.generate(prompt, max_tokens=max_tokens).result(300)
    return result.generation_ms / 1000 / result.generated_tokens if result.generated_tokens else None


def _gain(worker: ModelWorker, prompts: list[tuple[tuple[Segment, ...], tuple[str, ...], str]]) -> list[Row]:
    rows = []
    for is_bound in (False, True):
        worker.binds_to_sources = is_bound
        invented = 0
        for seed, (prompt, sources, question) in enumerate(prompts):
            text = worker.generate(prompt, max_tokens=120, temperature=TEMPERATURE, seed=seed).result(120).text
            missing = unsupported_facts([Claim(_without_marks(text), ())], sources, (question,))
            invented += len(missing)
        how = "bound" if is_bound else "unbound"
        rows.append(
            _row(f"starter, temperature 1, {how}: invented facts in 100 texts", 100 * invented / len(prompts), "")
        )
    return rows


def _without_marks(text: str) -> str:
    return text.replace("[1]", "").replace("[2]", "")


def _row(what: str, value: float, unit: str, budget: str = "") -> Row:
    return {"what": what, "value": float(value), "unit": unit, "budget": budget}
