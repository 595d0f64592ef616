import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import make_ulid

TEN = st.binary(min_size=10, max_size=10)


def test_the_published_example_time_reads_as_the_specification_says() -> None:
    # ulid/spec gives 01ARYZ6S41 for 1469918176385 ms.
    assert make_ulid(1469918176385, bytes(10)) == "01ARYZ6S41" + "0" * 16


@given(st.integers(0, (1 << 48) - 2), TEN, TEN)
def test_ids_sort_by_the_time_they_were_made(now_ms: int, earlier: bytes, later: bytes) -> None:
    assert make_ulid(now_ms, earlier) < make_ulid(now_ms + 1, later)


@pytest.mark.parametrize(("now_ms", "randomness"), [(-1, bytes(10)), (1 << 48, bytes(10)), (0, bytes(9))])
def test_what_does_not_fit_is_refused(now_ms: int, randomness: bytes) -> None:
    with pytest.raises(ValueError):
        make_ulid(now_ms, randomness)
