"""Whatever is written, spans lie within the original, in order, and replacing them is stable."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.anonymise.finder import MAX_CHUNK_CHARS, Finder
from app.anonymise.labels import Label
from app.anonymise.reading import read

FINDER = Finder()
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u200b\u202e\ufeff\u00ad\x00\ud800\u0301 @.-/0123456789abcZ"),
    ),
    max_size=200,
)


@given(NASTY)
def test_every_character_read_has_its_place(text: str) -> None:
    reading = read(text)
    assert len(reading.text) == len(reading.starts) == len(reading.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(reading.starts, reading.ends, strict=True))
    assert list(reading.starts) == sorted(reading.starts)


@settings(max_examples=300)
@given(NASTY)
def test_spans_lie_within_the_text_whatever_it_holds(text: str) -> None:
    spans = FINDER.find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_a_number_on_the_border_of_two_pieces_is_found_once() -> None:
    text = ("x" * 9 + " ") * (MAX_CHUNK_CHARS // 10 - 2) + "call 860-555-0142 now " + "y " * 400
    spans = FINDER.find(text)
    assert [(text[span.start : span.end], span.label) for span in spans] == [("860-555-0142", Label.PHONE)]


def test_a_megabyte_without_a_space_is_read_to_its_end() -> None:
    text = "a" * 1_000_000 + " 219-09-9999"
    assert text[FINDER.find(text)[-1].start :] == "219-09-9999"
