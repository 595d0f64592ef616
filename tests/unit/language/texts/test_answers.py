"""What a lying child could say, and that none of it reaches a text."""

from collections.abc import Iterable
from typing import Any

import pytest

from app.isolation.errors import FrameProblem, PipeClosedError
from app.isolation.frames import Frame
from app.language.texts.answers import Answers
from app.language.texts.errors import TextsError, TextsFault
from app.language.texts.protocol import DONE, FOUND, PROBLEM, READY
from app.language.texts.windows import batches_of

TEXTS = [["ten chars."], ["ten chars.", "more"]]
(BATCH,) = batches_of(TEXTS)


class Script:
    """A child that says what it was told to."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = list(frames)

    def read(self) -> Frame:
        return self._frames.pop(0)


def span(place: int, start: int, end: int) -> list[Any]:
    return [place, start, end, "PERSON", "MODEL", "language.person", "[PERSON_1]"]


def found(*rows: list[Any], request: int = 7) -> Frame:
    return Frame(FOUND, {"request": request, "spans": list(rows)})


def done(windows: int = 3, request: int = 7) -> Frame:
    return Frame(DONE, {"request": request, "windows": windows})


def take(*frames: Frame) -> Answers:
    answers = Answers(TEXTS)
    answers.take(Script(frames), 7, BATCH)  # type: ignore[arg-type]
    return answers


def test_spans_go_to_the_text_they_are_of() -> None:
    answers = take(found(span(0, 0, 3), span(0, 3, 10)), found(span(2, 1, 4)), done())
    first, second = answers.collected()
    assert [len(one.spans) for one in first] == [2]
    assert [len(one.spans) for one in second] == [0, 1]
    assert answers.texts_done == 3


@pytest.mark.parametrize(
    "frames",
    [
        [found(span(0, 0, 11)), done()],
        [found(span(0, 4, 4)), done()],
        [found(span(0, 5, 4)), done()],
        [found(span(0, 0, 5), span(0, 4, 6)), done()],
        [found(span(0, 5, 6), span(0, 0, 1)), done()],
        [found(span(2, 0, 5)), done()],
        [found(span(3, 0, 1)), done()],
        [found(span(0, 0, 1), request=6), done()],
        [done(windows=2)],
        [done(request=8)],
        [Frame(READY, {"has_pipeline": True})],
    ],
    ids=[
        "past the end", "empty", "backwards", "overlap", "out of order", "past a shorter text", "no such window",
        "another request", "too few", "the end of another", "another kind",
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused(frames: list[Frame]) -> None:
    with pytest.raises(TextsError) as caught:
        take(*frames)
    assert caught.value.code is TextsFault.FINDER_FAILED


def test_a_refusal_is_heard() -> None:
    with pytest.raises(TextsError) as caught:
        take(Frame(PROBLEM, {"request": 7, "code": "out_of_memory"}))
    assert caught.value.code is TextsFault.OUT_OF_MEMORY


def test_a_protocol_error_is_not_swallowed() -> None:
    class Gone:
        def read(self) -> Frame:
            raise PipeClosedError(FrameProblem.CLOSED)

    with pytest.raises(PipeClosedError):
        Answers(TEXTS).take(Gone(), 7, BATCH)  # type: ignore[arg-type]
