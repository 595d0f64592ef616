"""Any of many strings, at every place, in either case, and never one that is not there."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.erasing.byte_matcher import ByteMatcher


@given(
    forms=st.lists(st.binary(min_size=4, max_size=9).map(bytes.lower), min_size=1, max_size=5),
    data=st.binary(max_size=60),
    place=st.integers(0, 60),
    is_planted=st.booleans(),
)
def test_it_finds_what_a_plain_search_finds(forms: list[bytes], data: bytes, place: int, is_planted: bool) -> None:
    chunk = data[:place] + forms[0].upper() + data[place:] if is_planted else data
    expected = any(form in chunk.lower() for form in forms)
    assert ByteMatcher(forms).is_in(chunk) is expected


@pytest.mark.parametrize("length", range(9))
def test_a_string_at_either_end_of_a_chunk_of_any_length_is_found(length: int) -> None:
    matcher = ByteMatcher([b"abcd"])
    assert matcher.is_in(b"x" * length + b"ABCD")
    assert matcher.is_in(b"abcd" + b"x" * length)
    assert not matcher.is_in(b"abc" + b"x" * length)


def test_thousands_of_strings_are_looked_for_at_once() -> None:
    keys = [os.urandom(32).lower() for _ in range(3000)]
    data = os.urandom(200_000)
    assert not ByteMatcher(keys).is_in(data)
    assert ByteMatcher(keys).is_in(data + keys[-1] + data)


def test_what_is_too_short_is_refused_and_nothing_is_in_nothing() -> None:
    with pytest.raises(ValueError, match="too short"):
        ByteMatcher([b"abc"])
    assert not ByteMatcher([]).is_in(b"anything")
