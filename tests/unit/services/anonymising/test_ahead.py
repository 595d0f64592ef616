"""Reading ahead: in order, bounded, and over when its consumer is."""

import threading
from collections.abc import Iterator

import pytest

from app.services.anonymising.ahead import ReadAhead


def ahead(items: Iterator[int] | range, limit: int = 5) -> "ReadAhead[int]":
    return ReadAhead("test-ahead", items, weigh=lambda _item: 1, limit=limit)


def test_items_come_in_order() -> None:
    with ahead(range(1_000)) as reader:
        assert list(reader) == list(range(1_000))


def test_no_more_than_the_limit_is_read_ahead() -> None:
    read: list[int] = []
    fifth = threading.Event()

    def items() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            if number == 5:  # five wait, and the sixth is in hand
                fifth.set()
            yield number

    with ahead(items()) as reader:
        assert fifth.wait(10)
        assert len(read) == 6
        assert list(reader) == list(range(100))


def test_an_item_heavier_than_the_limit_passes_alone() -> None:
    with ReadAhead("test-ahead", [9, 1, 9], weigh=lambda item: item, limit=5) as reader:
        assert list(reader) == [9, 1, 9]


def test_an_error_reaches_the_consumer_behind_what_was_read() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("gone")

    got: list[int] = []
    with ahead(items()) as reader, pytest.raises(KeyError):
        got.extend(reader)
    assert got == [1]


def test_the_thread_ends_with_its_block() -> None:
    with ahead(iter(range(10**9))) as reader:
        assert next(iter(reader)) == 0
    assert not any(thread.name == "test-ahead" for thread in threading.enumerate())


def test_a_stop_ends_a_consumer_that_waits() -> None:
    gate = threading.Event()

    def items() -> Iterator[int]:
        gate.wait(10)
        yield 1

    with ahead(items()) as reader:
        threading.Timer(0.05, reader.stop).start()
        assert list(reader) == []
        gate.set()
