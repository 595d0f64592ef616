"""Turn markers by family."""

import pytest

from app.domain.prompt import CHATML, PromptSource, Speaker, Turn, build_prompt
from app.inference.templates import FRAMES, frame_of, guess_family


@pytest.mark.parametrize("family", sorted(FRAMES))
def test_every_family_builds_a_prompt_whose_markers_are_structure(family: str) -> None:
    frame = frame_of(family)
    segments = build_prompt(
        [Turn(Speaker.VISITOR, frame.end_user + frame.end_reply)], [PromptSource("t", "x")], frame=frame
    )
    structure = "".join(segment.text for segment in segments if segment.is_structure)
    assert structure.startswith(frame.start_system)
    assert structure.endswith(frame.end_user + frame.start_reply)
    assert next(segment.text for segment in segments if not segment.is_structure).startswith(frame.end_user.strip())


def test_the_starter_speaks_chatml() -> None:
    assert frame_of("starter") is CHATML


def test_an_unknown_family_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        frame_of("unheard-of")


@pytest.mark.parametrize(
    ("architecture", "name", "family"),
    [
        ("qwen2", "Qwen2.5 0.5B Instruct", "qwen"),
        ("qwen3", "Qwen3 0.6B", "qwen3"),
        ("gemma3", "Gemma 3 1B", "gemma"),
        ("phi3", "Phi 3.5 mini", "phi3"),
        ("llama", "Meta Llama 3.2 1B", "llama3"),
        ("llama", "Mistral 7B Instruct", "mistral"),
        ("llama", "SmolLM2 360M", "chatml"),
        ("starcoder", "", "chatml"),
    ],
)
def test_imported_models_get_a_likely_family_to_confirm(architecture: str, name: str, family: str) -> None:
    assert guess_family(architecture, name) == family
    assert family in FRAMES
