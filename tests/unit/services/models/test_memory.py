"""The memory that a model needs, computed before it is loaded and compared with a real worker."""

from pathlib import Path

import pytest

from app.domain.prompt import Speaker, Turn, build_prompt
from app.inference.gguf import read_header
from app.inference.supervisor import WorkerState
from app.services.models.manifests import ModelEntry, read_manifest
from app.services.models.memory import MemoryShape, available_bytes, need_of, resident_bytes
from app.services.models.opening import CatalogueWorker
from tests.support.model_workers import StateLog

STARTER = Path(__file__).resolve().parents[4] / "models" / "starter"
CONTEXT_TOKENS = 2_048


def need(entry: ModelEntry, context_tokens: int = CONTEXT_TOKENS) -> int:
    shape = MemoryShape.of(read_header(entry.file))
    return need_of(shape, size_bytes=entry.size_bytes, parameters=entry.parameters, context_tokens=context_tokens).total


@pytest.fixture
def starter() -> ModelEntry:
    pytest.importorskip("llama_cpp", reason="the engine of the model worker is not installed")
    return read_manifest(STARTER, is_shipped=True)


def test_the_need_of_the_starter_is_what_its_worker_really_takes(starter: ModelEntry) -> None:
    worker = CatalogueWorker(starter, threads=1, context_tokens=CONTEXT_TOKENS)
    log = StateLog(worker)
    worker.start()
    try:
        log.wait_for(WorkerState.READY)
        words = " ".join(f"word{number}" for number in range(350))
        prompt = build_prompt([Turn(Speaker.VISITOR, words)], [], frame=worker.frame)
        worker.generate(prompt, max_tokens=4).result(60)
        found = resident_bytes(worker.pid)
    finally:
        worker.stop()
    assert found > 0
    assert abs(need(starter) - found) <= 0.15 * found


def test_a_longer_context_needs_more_and_a_larger_model_keeps_one_prompt(starter: ModelEntry) -> None:
    assert need(starter, 1_024) < need(starter, 2_048)
    shape = MemoryShape(cache_bytes_per_position=1_000, batch_bytes_per_token=0, vocabulary=0)
    small, large = (
        need_of(shape, size_bytes=0, parameters=count, context_tokens=100).cache for count in (10**9, 10**9 + 1)
    )
    assert (small, large) == (300_000, 100_000)


def test_a_process_that_is_gone_holds_nothing_and_this_machine_has_some_memory() -> None:
    assert resident_bytes(None) == 0
    assert (available_bytes() or 0) > 1 << 20
