"""Requests on the wire, and the sizes that are checked before anything is tokenised."""

import pytest

from app.domain.prompt import Segment
from app.inference.generation import ProblemCode
from app.inference.protocol import (
    FROM_WORKER,
    MAX_CONTENT_BYTES,
    MAX_PROMPT_BYTES,
    MAX_SEGMENTS,
    MAX_STRUCTURE_BYTES,
    TO_WORKER,
    Request,
    check_prompt,
)
from app.isolation.errors import FrameError
from app.isolation.frames import MAX_FRAME_BYTES, Protocol


def request(*segments: Segment, max_tokens: int = 10, stop: tuple[str, ...] = (), temperature: float = 0.0) -> Request:
    return Request(1, segments, max_tokens, stop, temperature, seed=7)


def content(text: str) -> Segment:
    return Segment(text, is_structure=False)


def structure(text: str) -> Segment:
    return Segment(text, is_structure=True)


def test_a_request_survives_the_wire() -> None:
    sent = request(structure("<|im_start|>"), content("Grüße 👋"), stop=("\n\n",), temperature=0.5)
    protocol = Protocol(*TO_WORKER)
    raw = protocol.encode(sent.frame())
    assert Request.of(protocol.decode(raw[4], raw[5:])) == sent


@pytest.mark.parametrize(
    "bad",
    [
        request(content("x"), max_tokens=-1),
        request(content("x"), max_tokens=100_000),
        request(content("x"), stop=("s",) * 9),
        request(content("x"), stop=("s" * 65,)),
        request(content("x"), temperature=9.0),
        request(*[content("x")] * (MAX_SEGMENTS + 1)),
    ],
    ids=["negative", "too many tokens", "too many stops", "long stop", "hot", "too many segments"],
)
def test_requests_outside_the_limits_cannot_be_sent(bad: Request) -> None:
    with pytest.raises(FrameError):
        Protocol(*TO_WORKER).encode(bad.frame())


@pytest.mark.parametrize(
    ("segments", "problem"),
    [
        ([content("x" * MAX_CONTENT_BYTES)], None),
        ([content("x" * (MAX_CONTENT_BYTES + 1))], ProblemCode.CONTENT_TOO_LONG),
        ([content("ü" * (MAX_CONTENT_BYTES // 2 + 1))], ProblemCode.CONTENT_TOO_LONG),
        ([structure("x" * (MAX_STRUCTURE_BYTES + 1))], ProblemCode.CONTENT_TOO_LONG),
        ([content("x" * MAX_CONTENT_BYTES)] * (MAX_PROMPT_BYTES // MAX_CONTENT_BYTES + 1), ProblemCode.PROMPT_TOO_LONG),
        ([content("lone \ud800 surrogate")], ProblemCode.CONTENT_INVALID),
        ([], ProblemCode.CONTENT_INVALID),
        ([content("x")] * (MAX_SEGMENTS + 1), ProblemCode.CONTENT_INVALID),
    ],
)
def test_prompts_are_measured_in_bytes_before_they_are_tokenised(
    segments: list[Segment], problem: ProblemCode | None
) -> None:
    assert check_prompt(segments) is problem


def test_the_largest_prompt_fits_into_a_frame() -> None:
    worst = [content('"\\' * (MAX_CONTENT_BYTES // 2))] * (MAX_PROMPT_BYTES // MAX_CONTENT_BYTES)
    assert check_prompt(worst) is None
    assert len(Protocol(*TO_WORKER).encode(request(*worst).frame())) < MAX_FRAME_BYTES


def test_the_two_directions_share_no_kind() -> None:
    assert not {shape.kind for shape in TO_WORKER} & {shape.kind for shape in FROM_WORKER}


def test_a_request_shows_no_text() -> None:
    assert "Quillfeather" not in repr(request(content("Canary Quillfeather")))
