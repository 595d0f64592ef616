"""The line in which requests wait, and the handle that callers hold."""

import threading

import pytest

from app.domain.prompt import Segment
from app.inference.errors import GenerationError
from app.inference.generation import FinishReason, Priority, ProblemCode
from app.inference.pending import MAX_WAITING, Pending, WaitingLine, tell_listener
from app.inference.protocol import Request


def pending(number: int, priority: Priority = Priority.PERSON, shown: list[str] | None = None) -> Pending:
    request = Request(number, (Segment("x", is_structure=False),), 5, (), 0.0, 0)
    return Pending(request, priority, None if shown is None else shown.append, lambda _asked: None)


def test_people_come_before_preparation_and_the_older_before_the_younger() -> None:
    line = WaitingLine()
    for number, priority in (
        (1, Priority.BACKGROUND),
        (2, Priority.PERSON),
        (3, Priority.BACKGROUND),
        (4, Priority.PERSON),
    ):
        line.add(pending(number, priority))
    assert line.has_person
    assert [line.take().request.number for _ in range(4)] == [2, 4, 1, 3]
    assert not line.has_person


def test_one_that_was_put_back_comes_before_the_younger_ones() -> None:
    line = WaitingLine()
    for number in (1, 2, 3):
        line.add(pending(number, Priority.BACKGROUND))
    first = line.take()
    line.add(first)
    assert line.take() is first


def test_the_line_is_bounded_and_can_be_left() -> None:
    line = WaitingLine()
    waiting = [pending(number) for number in range(1, MAX_WAITING + 1)]
    for one in waiting:
        assert not line.is_full
        line.add(one)
    assert line.is_full
    assert line.remove(waiting[3])
    assert not line.remove(waiting[3])
    assert len(line.empty()) == MAX_WAITING - 1
    assert len(line) == 0


def test_a_persons_text_is_shown_piece_by_piece() -> None:
    shown: list[str] = []
    one = pending(1, shown=shown)
    one.add_text("We open ")
    one.add_text("at nine.")
    assert shown == ["We open ", "at nine."]
    one.finish(FinishReason.STOP)
    assert one.result(0).text == "We open at nine."


def test_a_background_text_is_shown_once_and_never_twice() -> None:
    shown: list[str] = []
    one = pending(1, Priority.BACKGROUND, shown)
    one.add_text("We op")
    one.start_over()
    one.add_text("We open.")
    assert shown == []
    one.finish(FinishReason.STOP)
    assert shown == ["We open."]


def test_after_a_cancel_no_more_text_is_shown() -> None:
    shown: list[str] = []
    one = pending(1, shown=shown)
    one.add_text("We open ")
    one.cancel()
    one.add_text("at nine.")
    one.finish(FinishReason.CANCELLED)
    assert shown == ["We open "]
    assert one.result(0).text == "We open "


def test_a_cancel_is_passed_on_once_and_not_when_it_is_over() -> None:
    asked: list[Pending] = []
    request = Request(1, (Segment("x", is_structure=False),), 5, (), 0.0, 0)
    one = Pending(request, Priority.PERSON, None, asked.append)
    one.cancel()
    one.cancel()
    assert asked == [one]
    over = Pending(request, Priority.PERSON, None, asked.append)
    over.fail(ProblemCode.STOPPED)
    over.cancel()
    assert asked == [one]


def test_a_failure_is_raised_with_its_code_and_a_wait_has_an_end() -> None:
    one = pending(1)
    with pytest.raises(TimeoutError):
        one.result(0.01)
    one.fail(ProblemCode.WORKER_LOST)
    with pytest.raises(GenerationError) as caught:
        one.result(0)
    assert caught.value.code is ProblemCode.WORKER_LOST


def test_what_is_over_stays_as_it_ended() -> None:
    one = pending(1)
    one.finish(FinishReason.STOP)
    one.fail(ProblemCode.STOPPED)
    assert one.result(0).finish is FinishReason.STOP


def test_a_listener_with_a_bug_is_reported_and_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda arguments: reported.append(arguments.exc_type))

    def listener(_value: str) -> None:
        raise ZeroDivisionError

    tell_listener(listener, "x")
    assert reported == [ZeroDivisionError]


def test_no_repr_shows_text() -> None:
    one = pending(1)
    one.add_text("Canary Quillfeather")
    one.finish(FinishReason.STOP)
    assert "Quillfeather" not in repr(one) + repr(one.result(0))
