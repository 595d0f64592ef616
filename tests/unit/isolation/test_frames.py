"""Frames: what may cross the pipe, in both directions, and what is refused unread."""

import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.isolation.errors import FrameError, FrameProblem, PipeClosedError
from app.isolation.frames import (
    MAX_FRAME_BYTES,
    Frame,
    FrameReader,
    FrameWriter,
    Protocol,
    Shape,
    flag,
    list_of,
    number,
    one_of,
    pair,
    text,
    whole_number,
)

WORDS = Shape(7, "words", {"request": whole_number(1, 100), "text": text(50)})
MIXED = Shape(
    8,
    "mixed",
    {"share": number(0, 1), "code": one_of("lost", "found"), "items": list_of(pair(text(5), flag), 3)},
)
PROTOCOL = Protocol(WORDS, MIXED)


def read(raw: bytes) -> Frame:
    return FrameReader(io.BytesIO(raw), PROTOCOL).read()


def framed(body: bytes, kind: int = 7) -> bytes:
    return struct.pack(">IB", len(body) + 1, kind) + body


def problem_of(raw: bytes) -> FrameProblem:
    with pytest.raises(FrameError) as caught:
        read(raw)
    return caught.value.code


@given(st.integers(1, 100), st.text(max_size=50).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t)))
def test_what_is_written_is_what_is_read(request: int, words: str) -> None:
    pipe = io.BytesIO()
    FrameWriter(pipe, PROTOCOL).write(Frame(WORDS, {"request": request, "text": words}))
    assert read(pipe.getvalue()).body == {"request": request, "text": words}


def test_several_frames_are_read_one_by_one() -> None:
    first = PROTOCOL.encode(Frame(WORDS, {"request": 1, "text": "a"}))
    second = PROTOCOL.encode(Frame(MIXED, {"share": 0.5, "code": "lost", "items": [["x", True]]}))
    reader = FrameReader(io.BytesIO(first + second), PROTOCOL)
    assert [reader.read().shape.name, reader.read().shape.name] == ["words", "mixed"]
    with pytest.raises(PipeClosedError) as caught:
        reader.read()
    assert caught.value.code is FrameProblem.CLOSED


class RecordingPipe(io.BytesIO):
    """Notes the largest read, to show that a length is believed only after it was checked."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.largest = max(self.largest, size or 0)
        return super().read(size)


def test_a_length_over_the_limit_is_refused_before_anything_is_read() -> None:
    pipe = RecordingPipe(struct.pack(">IB", MAX_FRAME_BYTES + 1, 7) + b"x" * 100)
    with pytest.raises(FrameError) as caught:
        FrameReader(pipe, PROTOCOL).read()
    assert caught.value.code is FrameProblem.TOO_LONG
    assert pipe.largest == 5


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_frame_cut_anywhere_is_reported_as_truncated(cut: int) -> None:
    whole = PROTOCOL.encode(Frame(WORDS, {"request": 1, "text": "hello"}))
    assert problem_of(whole[:cut]) is FrameProblem.TRUNCATED


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", FrameProblem.NOT_JSON),
        (b"\xff\xfe", FrameProblem.NOT_JSON),
        (b"[" * 100_000, FrameProblem.NOT_JSON),
        (b"1" * 100_000, FrameProblem.NOT_JSON),
        (b'{"request":NaN,"text":"a"}', FrameProblem.NOT_JSON),
        (b'{"request":1,"request":2,"text":"a"}', FrameProblem.NOT_JSON),
        (b'{"request":1,"text":"a"} ', None),
        (b'{"request":1,"text":"a"}{}', FrameProblem.NOT_JSON),
        (b"[1]", FrameProblem.WRONG_SHAPE),
        (b'{"request":1}', FrameProblem.WRONG_SHAPE),
        (b'{"request":1,"text":"a","more":1}', FrameProblem.WRONG_SHAPE),
        (b'{"request":0,"text":"a"}', FrameProblem.WRONG_SHAPE),
        (b'{"request":true,"text":"a"}', FrameProblem.WRONG_SHAPE),
        (b'{"request":1.0,"text":"a"}', FrameProblem.WRONG_SHAPE),
        (b'{"request":1,"text":null}', FrameProblem.WRONG_SHAPE),
        (b'{"request":1,"text":"\\ud800"}', FrameProblem.WRONG_SHAPE),
        (json.dumps({"request": 1, "text": "a" * 51}).encode(), FrameProblem.WRONG_SHAPE),
    ],
)
def test_bodies_outside_the_shape_are_refused(body: bytes, problem: FrameProblem | None) -> None:
    if problem is None:
        assert read(framed(body)).body["request"] == 1
    else:
        assert problem_of(framed(body)) is problem


@pytest.mark.parametrize(
    "body",
    [
        {"share": 1.5, "code": "lost", "items": []},
        {"share": 1, "code": "stolen", "items": []},
        {"share": 1, "code": "lost", "items": [["x", True]] * 4},
        {"share": 1, "code": "lost", "items": [["x"]]},
        {"share": 1, "code": "lost", "items": [["x", 1]]},
        {"share": float("nan"), "code": "lost", "items": []},
    ],
)
def test_the_sender_is_held_to_the_shape_too(body: dict[str, object]) -> None:
    pipe = io.BytesIO()
    with pytest.raises(FrameError) as caught:
        FrameWriter(pipe, PROTOCOL).write(Frame(MIXED, body))
    assert caught.value.code is FrameProblem.WRONG_SHAPE
    assert pipe.getvalue() == b""


def test_an_empty_frame_and_an_unknown_kind_are_refused() -> None:
    assert problem_of(struct.pack(">IB", 0, 7)) is FrameProblem.TOO_SHORT
    assert problem_of(framed(b"{}", kind=99)) is FrameProblem.UNKNOWN_KIND


def test_a_shape_of_another_protocol_cannot_be_sent() -> None:
    stranger = Shape(7, "words", {"request": whole_number(1, 100), "text": text(50)})
    with pytest.raises(FrameError) as caught:
        PROTOCOL.encode(Frame(stranger, {"request": 1, "text": "a"}))
    assert caught.value.code is FrameProblem.UNKNOWN_KIND


@given(st.binary(max_size=200))
def test_arbitrary_bytes_end_in_a_frame_error(raw: bytes) -> None:
    with pytest.raises(FrameError):
        read(framed(raw, kind=8) if raw[:1] == b"\0" else raw)


def test_no_repr_or_error_shows_what_people_wrote() -> None:
    canary = "Canary Quillfeather"
    frame = Frame(WORDS, {"request": 1, "text": canary})
    assert canary not in repr(frame)
    with pytest.raises(FrameError) as caught:
        read(framed(json.dumps({"request": 0, "text": canary}).encode()))
    assert canary not in str(caught.value) + repr(caught.value)
