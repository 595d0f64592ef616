"""Requests that wait for their answer: each future is settled once, whatever the gateway says."""

from concurrent.futures import Future
from typing import Any

import pytest

from app.channel.link.errors import LinkDownError, LinkRefusedError
from app.channel.link.outstanding import MAX_OUTSTANDING, Outstanding
from app.domain.post import No, NoCode, Ok, Put, Wipe, decode_request, seq_of
from tests.support.post import make_frame


def asked(outstanding: Outstanding, now_s: float = 0.0) -> tuple[int, Future[Any]]:
    future: Future[Any] = Future()
    raw = outstanding.add(Put(0, bytes(16), make_frame()), seq_of, future, now_s)
    return decode_request(raw).req, future


def test_each_request_has_a_number_of_its_own_and_answers_find_theirs() -> None:
    outstanding = Outstanding(10)
    (one, first), (other, second) = asked(outstanding), asked(outstanding)
    assert one != other
    assert outstanding.answered(Ok(other, (7).to_bytes(8, "big")), 1)
    assert (second.result(0), first.done()) == (7, False)
    assert outstanding.answered(No(one, NoCode.FULL), 1)
    refusal = first.exception(0)
    assert isinstance(refusal, LinkRefusedError)
    assert refusal.code == "full"


def test_a_second_answer_and_one_to_nothing_change_nothing() -> None:
    outstanding = Outstanding(10)
    number, future = asked(outstanding)
    outstanding.answered(Ok(number, (7).to_bytes(8, "big")), 1)
    assert outstanding.answered(Ok(number, (8).to_bytes(8, "big")), 1)
    assert outstanding.answered(No(99, NoCode.DISK), 1)
    assert future.result(0) == 7


def test_a_payload_that_is_none_fails_its_future_and_says_that_the_gateway_lies() -> None:
    outstanding = Outstanding(10)
    number, future = asked(outstanding)
    assert not outstanding.answered(Ok(number, b"x"), 1)
    assert future.exception(0).code == "malformed"  # type: ignore[union-attr]


def test_a_future_that_nobody_wants_any_more_is_left_alone() -> None:
    outstanding = Outstanding(10)
    (one, first), (_, second) = asked(outstanding), asked(outstanding)
    assert first.cancel()
    assert second.cancel()
    assert outstanding.answered(Ok(one, bytes(8)), 1)
    outstanding.fail_all("closed")


def test_when_the_connection_ends_then_every_future_fails_and_none_reads_like_an_answer() -> None:
    outstanding = Outstanding(10)
    futures = [asked(outstanding)[1] for _ in range(3)]
    outstanding.fail_all("malformed")
    problems = [future.exception(0) for future in futures]
    assert all(isinstance(one, LinkDownError) and one.code == "link_down" for one in problems)
    assert {one.reason for one in problems if isinstance(one, LinkDownError)} == {"malformed"}
    assert outstanding.next_deadline_s() is None


def test_time_runs_for_all_together_and_anew_with_each_answer() -> None:
    outstanding = Outstanding(10)
    assert outstanding.next_deadline_s() is None
    first, _ = asked(outstanding, 100)
    second, _ = asked(outstanding, 105)
    assert outstanding.next_deadline_s() == 110
    outstanding.answered(No(first, NoCode.DISK), 109)
    assert outstanding.next_deadline_s() == 119
    outstanding.answered(No(999, NoCode.DISK), 118)
    assert outstanding.next_deadline_s() == 119, "an answer to nothing is no progress"
    outstanding.answered(No(second, NoCode.DISK), 118)
    assert outstanding.next_deadline_s() is None


def test_too_many_at_once_are_put_off() -> None:
    outstanding = Outstanding(10)
    for _ in range(MAX_OUTSTANDING):
        asked(outstanding)
    with pytest.raises(LinkRefusedError, match="too_fast"):
        asked(outstanding)


def test_a_field_that_does_not_fit_is_our_bug_and_nothing_is_sent() -> None:
    outstanding = Outstanding(10)
    with pytest.raises(ValueError, match="fit"):
        outstanding.add(Put(0, b"short", make_frame()), seq_of, Future(), 0)
    assert outstanding.add(Wipe(0), lambda _ok: None, Future(), 0) > b""
    assert outstanding.next_deadline_s() == 10
