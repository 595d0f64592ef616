"""Waiting for the disk elsewhere: soon, together, and ended when told."""

import threading
import time

from app.store.background_sync import GRACE_S, BackgroundSync


def test_requests_that_come_together_share_one_wait() -> None:
    calls: list[int] = []
    is_done = threading.Event()

    def sync() -> bool:
        calls.append(1)
        is_done.set()
        return True

    waiter = BackgroundSync("waiter", sync)
    for _ in range(100):
        waiter.request()
    assert is_done.wait(20)
    waiter.stop()
    assert 1 <= len(calls) < 20


def test_an_unfinished_wait_is_repeated_until_everything_is_there() -> None:
    answers = [False, False, True]
    is_done = threading.Event()

    def sync() -> bool:
        answer = answers.pop(0)
        if answer:
            is_done.set()
        return answer

    waiter = BackgroundSync("waiter", sync)
    waiter.request()
    assert is_done.wait(20)
    waiter.stop()
    assert answers == []


def test_stopping_never_waits_for_a_thread_that_sleeps() -> None:
    """A stop that comes just as the thread wakes must not be swept away with the request it came beside."""
    started = time.monotonic()
    for pause_ms in range(60):
        waiter = BackgroundSync("waiter", lambda: True)
        waiter.request()
        time.sleep(pause_ms / 4000)
        waiter.request()
        waiter.stop()
    assert time.monotonic() - started < GRACE_S / 2


def test_stopping_twice_or_before_the_first_request_is_harmless() -> None:
    waiter = BackgroundSync("waiter", lambda: True)
    waiter.stop()
    waiter.stop()
