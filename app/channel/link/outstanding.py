"""Requests that the gateway has not answered yet: each has a number and a future.

Time runs for all of them together, and anew with each answer: over a slow network the last of many chunks may take
minutes, and as long as others are answered nothing is wrong.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Final

from app.channel.link.errors import LinkDownError, LinkRefusedError
from app.domain.post import No, NoCode, Ok, Request, encode

MAX_OUTSTANDING: Final = 1_024
"""More at once are told ``too_fast``: the caller keeps them and asks again."""
_NUMBERS: Final = 1 << 32


@dataclass(slots=True)
class _Waiting:
    future: Future[Any]
    understand: Callable[[Ok], Any]


class Outstanding:
    """The requests of one connection. May be used from any thread; futures are settled outside the lock."""

    def __init__(self, answer_s: float) -> None:
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self._waiting: dict[int, _Waiting] = {}
        self._quiet_since_s = 0.0
        self._numbers: Iterator[int] = (number % _NUMBERS for number in itertools.count(1))

    def add(self, request: Request, understand: Callable[[Ok], Any], future: Future[Any], now_s: float) -> bytes:
        """Number the request and return its bytes.

        Args:
            request: its own number counts for nothing.
            understand: makes the future's result of the answer; ValueError says that it is none.
            future: settled by :meth:`answered` or :meth:`fail_all`.
            now_s: monotonic.

        Raises:
            LinkRefusedError: TOO_FAST.
            ValueError: a field does not fit; a bug of the caller.
        """
        with self._lock:
            if len(self._waiting) >= MAX_OUTSTANDING:
                raise LinkRefusedError(NoCode.TOO_FAST)
            numbered = replace(request, req=next(self._numbers))
            raw = encode(numbered)
            if not self._waiting:
                self._quiet_since_s = now_s
            self._waiting[numbered.req] = _Waiting(future, understand)
        return raw

    def answered(self, reply: Ok | No, now_s: float) -> bool:
        """Settle the future of a reply; False: its payload is not what the request asks for.

        A reply to nothing is ignored: it changes nothing.
        """
        with self._lock:
            waiting = self._waiting.pop(reply.req, None)
            if waiting is not None:
                self._quiet_since_s = now_s
        if waiting is None or not waiting.future.set_running_or_notify_cancel():
            return True
        if isinstance(reply, No):
            waiting.future.set_exception(LinkRefusedError(reply.code))
            return True
        try:
            result = waiting.understand(reply)
        except ValueError:
            waiting.future.set_exception(LinkRefusedError(NoCode.MALFORMED))
            return False
        waiting.future.set_result(result)
        return True

    def next_deadline_s(self) -> float | None:
        """Return the monotonic second by which any request must be answered; None: nothing waits."""
        with self._lock:
            return self._quiet_since_s + self._answer_s if self._waiting else None

    def fail_all(self, code: str) -> None:
        """Tell everybody who waits that there is no connection any more."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
        for one in waiting:
            if one.future.set_running_or_notify_cancel():
                one.future.set_exception(LinkDownError(code))
