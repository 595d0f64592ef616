"""Waiting for the disk elsewhere: soon, together, and ended when told."""

import threading

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


def test_a_stop_that_comes_just_as_the_thread_wakes_is_not_swept_away() -> None:
    waiter = BackgroundSync("waiter", lambda: True)

    class StoppedWhileCleared(threading.Event):
        """Plays the worst moment: everything that ``stop`` sets is set just before the wish is cleared."""

        def clear(self) -> None:
            waiter._is_stopping.set()
            self.set()
            super().clear()

    waiter._is_wanted = StoppedWhileCleared()
    waiter.request()
    thread = waiter._thread
    assert thread is not None
    thread.join(GRACE_S / 2)
    assert not thread.is_alive()


def test_stopping_twice_or_before_the_first_request_is_harmless() -> None:
    waiter = BackgroundSync("waiter", lambda: True)
    waiter.stop()
    waiter.stop()
