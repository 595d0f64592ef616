"""The suite's own namespace: that it is there, and that it would have seen something."""

import os

import pytest

from tests.silence import namespace


def test_a_single_datagram_would_have_been_counted() -> None:
    if os.environ["VESTIBULE_TEST_WALL_BEFORE"] == "up":
        pytest.skip("the suite was started behind the wall, so nothing can be sent even for a control")
    if os.environ["VESTIBULE_TEST_NAMESPACE"] != "own":
        pytest.skip("this kernel lets nobody make a network namespace")
    assert os.environ["VESTIBULE_TEST_CONTROL"] == "seen"


def test_nothing_has_left_so_far() -> None:
    if os.environ["VESTIBULE_TEST_NAMESPACE"] != "own":
        pytest.skip("the counters of a shared namespace tell about others too")
    assert namespace.packets() == 0
