"""Source-bound decoding in the engine: real (tiny) models that would write something else."""

import re
from pathlib import Path

import pytest

from app.domain.prompt import PromptSource, Segment, Speaker, Turn, build_prompt, unbound
from app.inference.bound_sampling import basis_of_prompt
from app.inference.engine import Counts, Engine
from app.inference.native import load_interface
from app.inference.protocol import Request
from tests.support.tiny_gguf import DEFAULT_ANSWER, write_tiny_gguf

ASKED = [Turn(Speaker.VISITOR, "When do you open? I am free at 11:45.")]
NINE_TO_FIVE = PromptSource("Opening hours", "Our office opens at nine and closes at five.")
SEVEN = PromptSource("Opening hours", "Our office opens at seven, call 860-555-0142, it costs $40.")


def load(path: Path) -> Engine:
    return Engine(load_interface(), str(path), context_tokens=1024, threads=1)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Always wants to write ``DEFAULT_ANSWER``, which opens at nine."""
    return load(write_tiny_gguf(tmp_path_factory.mktemp("models") / "chain.gguf"))


@pytest.fixture(scope="module")
def nonsense(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Random weights: wants to write anything."""
    return load(write_tiny_gguf(tmp_path_factory.mktemp("models") / "random.gguf", answer=None, blocks=2))


def write(
    engine: Engine, prompt: tuple[Segment, ...], *, temperature: float = 0.0, seed: int = 0
) -> tuple[str, Counts]:
    pieces: list[str] = []
    engine.cancel.take_down()
    request = Request(1, prompt, 120, (), temperature, seed)
    counts = engine.generate(request, on_progress=lambda _done: None, on_text=pieces.append)
    return "".join(pieces), counts


def test_what_its_source_holds_is_written_as_before(chain: Engine) -> None:
    prompt = build_prompt(ASKED, [NINE_TO_FIVE])
    assert write(chain, prompt)[0] == write(chain, unbound(prompt))[0] == DEFAULT_ANSWER


def test_a_number_that_no_source_holds_is_not_written(chain: Engine) -> None:
    prompt = build_prompt(ASKED, [SEVEN])
    assert "nine" in write(chain, unbound(prompt))[0]
    text = write(chain, prompt)[0]
    assert "nine" not in text
    assert "five" not in text


@pytest.mark.parametrize("temperature", [0.0, 0.9, 2.0])
def test_a_model_of_random_weights_states_no_number_of_its_own(nonsense: Engine, temperature: float) -> None:
    prompt = build_prompt(ASKED, [SEVEN])
    wild = "".join(write(nonsense, unbound(prompt), temperature=2.0, seed=seed)[0] for seed in range(12))
    assert re.search(r"\d", wild), "the control: unbound, it does write digits"
    for seed in range(12):
        text = re.sub(r"\[1[^\]]*\]?", "", write(nonsense, prompt, temperature=temperature, seed=seed)[0])
        for number in re.findall(r"\d+", text):
            assert any(whole.startswith(number) for whole in ("860", "860555", "8605550142", "555", "0142", "40")), text


def test_a_prompt_that_lends_nothing_binds_nothing() -> None:
    assert basis_of_prompt(unbound(build_prompt(ASKED, [SEVEN]))) is None


def test_without_sources_the_thread_itself_may_be_told() -> None:
    basis = basis_of_prompt(build_prompt(ASKED, []))
    assert basis is not None
    assert basis.any_whole(basis.follow(basis.follow(basis.follow((0,), "1"), "1"), ":")) is False
    told = basis.follow((0,), "1")
    for char in "1:45":
        told = basis.follow(told, char)
    assert basis.any_whole(told)


def test_with_sources_what_the_visitor_said_is_no_fact() -> None:
    basis = basis_of_prompt(build_prompt(ASKED, [SEVEN]))
    assert basis is not None
    assert basis.follow((0,), "1") == frozenset()
    assert basis.marks == frozenset({"1"})
