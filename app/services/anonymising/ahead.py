"""An iterable that is read on a thread of its own, a bounded amount ahead of whoever consumes it."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

_T = TypeVar("_T")

FORCE_S: Final = 2.0


class ReadAhead(Generic[_T]):
    """Yields the items of ``items`` to one consumer; a context manager, with whose block the thread ends.

    Args:
        name: of the thread.
        items: iterated on the other thread; what it raises is raised to the consumer.
        weigh: the weight of an item.
        limit: weight of all items that wait; one item may wait whatever its weight.

    An iterable that blocks for good (a terminal that nobody types at) keeps its thread; it is a daemon, so the process
    can end.
    """

    def __init__(self, name: str, items: Iterable[_T], *, weigh: Callable[[_T], int], limit: int) -> None:
        self._items = items
        self._weigh = weigh
        self._limit = limit
        self._waiting: deque[tuple[_T, int]] = deque()
        self._weight = 0
        self._error: BaseException | None = None
        self._is_done = False
        self._is_stopped = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Start reading."""
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Let the thread end, and wait a little for it."""
        self.stop()
        self._thread.join(FORCE_S)

    def stop(self) -> None:
        """End the iteration on both sides; what waits is dropped. From any thread."""
        with self._changed:
            self._is_stopped = True
            self._waiting.clear()
            self._changed.notify_all()

    def __iter__(self) -> Iterator[_T]:
        """Yield the items in order."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_done or self._is_stopped)
                if not self._waiting:
                    break
                item, weight = self._waiting.popleft()
                self._weight -= weight
                self._changed.notify_all()
            yield item
        if self._error is not None and not self._is_stopped:
            raise self._error

    def _run(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:  # noqa: BLE001 - a thread's outermost function: the consumer gets it
            self._error = error
        finally:
            with self._changed:
                self._is_done = True
                self._changed.notify_all()

    def _put(self, item: _T) -> bool:
        """Let ``item`` wait; return whether anybody still wants it."""
        weight = self._weigh(item)
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopped or not self._waiting or self._weight + weight <= self._limit
            )
            if self._is_stopped:
                return False
            self._waiting.append((item, weight))
            self._weight += weight
            self._changed.notify_all()
        return True
