"""Text that may be shown: whole characters, and nothing of a stop string."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inference.textstream import TextStream

UNICODE = st.text(max_size=60).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t))


def cut(raw: bytes, places: list[int]) -> list[bytes]:
    borders = [0, *sorted(place % (len(raw) + 1) for place in places), len(raw)]
    return [raw[start:end] for start, end in itertools.pairwise(borders)]


@given(UNICODE, st.lists(st.integers(0, 300), max_size=10))
def test_however_the_bytes_are_cut_the_text_is_the_same(text: str, places: list[int]) -> None:
    stream = TextStream()
    shown = ""
    for piece in cut(text.encode(), places):
        stream.feed(piece)
        shown += stream.take()
        assert text.startswith(shown), "a character is shown only when it is complete"
    assert shown + stream.finish() == text


@given(UNICODE, st.sampled_from(["[none]", "\n\n", "END"]), UNICODE, st.lists(st.integers(0, 300), max_size=10))
def test_nothing_of_a_stop_string_is_ever_shown(before: str, stop: str, after: str, places: list[int]) -> None:
    whole = before + stop + after
    expected = whole[: whole.find(stop)]
    stream = TextStream([stop])
    shown = ""
    for piece in cut(whole.encode(), places):
        if not stream.is_stopped:
            stream.feed(piece)
            shown += stream.take()
            assert expected.startswith(shown)
    shown += stream.finish()
    assert shown == expected
    assert stream.is_stopped


def test_the_beginning_of_a_stop_string_is_held_back_until_it_is_none() -> None:
    stream = TextStream(["[none]"])
    stream.feed(b"see [no")
    assert stream.take() == "see "
    stream.feed(b"te]")
    assert stream.take() == "[note]"


def test_the_first_of_several_stop_strings_counts() -> None:
    stream = TextStream(["later", "soon"])
    stream.feed(b"now, soon, later")
    assert stream.is_stopped
    assert stream.finish() == "now, "


def test_bytes_that_are_no_character_become_replacement_marks() -> None:
    stream = TextStream()
    stream.feed(b"a\xffb\xe2\x82")
    assert stream.take() == "a�b"
    assert stream.finish() == "�"


@pytest.mark.parametrize("stops", [[], [""]])
def test_without_stop_strings_nothing_is_held_back(stops: list[str]) -> None:
    stream = TextStream(stops)
    stream.feed(b"all of it")
    assert stream.take() == "all of it"
