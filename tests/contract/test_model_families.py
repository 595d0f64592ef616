"""Instruct models of every family that offices import: in through the catalogue, run in the confined worker."""

from pathlib import Path

import pytest

from app.domain.prompt import PromptSource, Speaker, Turn, build_prompt, unbound
from app.inference.templates import guess_family
from app.services.models.catalogue import ModelCatalogue
from tests.support.model_workers import running_worker
from tests.support.tiny_families import FAMILIES, write_family

SOURCES = [
    PromptSource("Opening hours", "We open at nine and close at five."),
    PromptSource("Fees", "A visit costs $40."),
]
FIRST = [Turn(Speaker.VISITOR, "When do you open? " * 6)]
NEXT = [*FIRST, Turn(Speaker.DESK, "At nine."), Turn(Speaker.VISITOR, "And on Friday, what does it cost?")]


@pytest.mark.parametrize("name", FAMILIES)
def test_its_header_is_read_and_its_turn_markers_are_known(name: str, tmp_path: Path) -> None:
    file = write_family(tmp_path / "tiny.gguf", FAMILIES[name])
    entry = ModelCatalogue(tmp_path / "none", tmp_path / "models").import_file(file, name="tiny")
    assert entry.template == FAMILIES[name].template
    assert guess_family(FAMILIES[name].architecture, FAMILIES[name].name) == FAMILIES[name].template


@pytest.mark.parametrize("name", FAMILIES)
def test_it_writes_and_a_warm_cache_changes_nothing(name: str, tmp_path: Path) -> None:
    file = write_family(tmp_path / "tiny.gguf", FAMILIES[name])
    with running_worker(file, template=FAMILIES[name].template) as (worker, _log):
        prompts = [unbound(build_prompt(turns, SOURCES, frame=worker.frame)) for turns in (FIRST, NEXT)]
        cold = [worker.generate(prompt, max_tokens=24).result(60) for prompt in prompts]
        warm = [worker.generate(prompt, max_tokens=24).result(60) for prompt in prompts]
    with running_worker(file, template=FAMILIES[name].template) as (worker, _log):
        alone = worker.generate(prompts[1], max_tokens=24).result(60)
    assert all(result.generated_tokens for result in cold)
    assert [result.text for result in warm] == [result.text for result in cold]
    assert alone.text == cold[1].text
    assert cold[1].reused_tokens > 0
    assert warm[1].reused_tokens >= cold[1].reused_tokens


@pytest.mark.parametrize("name", FAMILIES)
def test_it_is_bound_to_its_sources(name: str, tmp_path: Path) -> None:
    file = write_family(tmp_path / "tiny.gguf", FAMILIES[name])
    with running_worker(file, template=FAMILIES[name].template) as (worker, _log):
        prompt = build_prompt(FIRST, SOURCES, frame=worker.frame)
        texts = [
            worker.generate(prompt, max_tokens=60, temperature=1.5, seed=seed).result(60).text for seed in range(4)
        ]
    for text in texts:
        digits = "".join(char if char.isdigit() else " " for char in text).split()
        assert set(digits) <= {"40", "4", "1", "2"}, text
