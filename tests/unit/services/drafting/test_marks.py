"""Taking source marks out of a model's text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.drafting.marks import read_marks, visible


def sentences(raw: str) -> list[tuple[str, tuple[int, ...]]]:
    marked = read_marks(raw)
    return [(marked.text[sentence.start : sentence.end], sentence.source_numbers) for sentence in marked.sentences]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("We open at 8:00. [1] Come in! [2]", [("We open at 8:00.", (1,)), ("Come in!", (2,))]),
        ("We open at 8:00 [1]. Come in [2]!", [("We open at 8:00.", (1,)), ("Come in!", (2,))]),
        ("We open at 8:00.[1]Come in![2][3]", [("We open at 8:00.", (1,)), ("Come in!", (2, 3))]),
        ("Open. [1, 3] Closed. [2;2]", [("Open.", (1, 3)), ("Closed.", (2,))]),
        ("[2] Open. Closed.", [("Open.", (2,)), ("Closed.", ())]),
        ("Open. [1] And then [", [("Open.", (1,)), ("And then", ())]),
        ("Open. [1", [("Open.", ())]),
        ("See [the note] here. [1]", [("See [the note] here.", (1,))]),
    ],
)
def test_a_mark_belongs_to_its_sentence_and_leaves_the_text(
    raw: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert sentences(raw) == expected


@pytest.mark.parametrize("raw", ["[none]", " [NONE].", "[none] [none]"])
def test_the_mark_for_no_source_is_noticed(raw: str) -> None:
    assert read_marks(raw).says_none


def test_no_part_of_a_mark_is_ever_shown_while_it_is_written() -> None:
    raw = "We open at 8:00. [1, 2] Come in. [none]"
    shown = [visible(raw[:length]) for length in range(len(raw) + 1)]
    assert all("[" not in text and "]" not in text for text in shown)
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))
    assert shown[-1] == "We open at 8:00. Come in."


@given(st.text(alphabet="ab .[]12,\nn", max_size=80))
def test_any_text_is_read_and_ranges_stay_inside_it(raw: str) -> None:
    marked = read_marks(raw)
    assert all(0 <= s.start < s.end <= len(marked.text) for s in marked.sentences)
