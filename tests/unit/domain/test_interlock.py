"""The matching of emergency phrases: what a misspelling is, what a gap is, and where a hit stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.folding import fold_word, folded_words
from app.domain.interlock import EmergencyPhrase, PhraseMatcher, is_within

CHEST = EmergencyPhrase("chest", "chest_pain", ((("chest",), ("pain", "hurts")),), 2)
DIE = EmergencyPhrase("die", "suicide", ((("want",), ("die",)),), 1)
ALONE = EmergencyPhrase("overdose", "overdose", ((("overdose",),),), 0)
MATCHER = PhraseMatcher((CHEST, DIE, ALONE), {"overdose": frozenset({"overdue"})})


def ids(text: str) -> set[str]:
    return {hit.phrase_id for hit in MATCHER.find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "chest pain", "CHEST PAIN!!", "my chest really really hurts", "chset pain", "chest pian", "chestpain",
        "che st pain", "cheeest paaaain", "chést pàin", "ch\u200best pain", "\u0441h\u0435st p\u0430in",
        "\uff43hest pain",
        "I have no chest pain", "chest-pain", "chest. Pain.",
    ],
)  # fmt: skip
def test_every_way_of_writing_it_is_found(text: str) -> None:
    assert ids(text) == {"chest"}


@pytest.mark.parametrize("text", ["", "pain in the chest", "chest of drawers", "chest one two three pain", "che pain"])
def test_other_order_or_distance_is_not_this_phrase(text: str) -> None:
    assert ids(text) == set()


def test_short_words_must_be_spelt_right() -> None:
    assert ids("I want to die") == {"die"}
    assert ids("I want to dig") == set()


def test_a_confusable_word_is_no_misspelling() -> None:
    assert ids("my bill is overdue") == set()
    assert ids("an overdsoe") == {"overdose"}
    assert ids("an 0verd0se") == {"overdose"}


def test_a_hit_stands_in_the_original_text() -> None:
    text = "Hélp\u200b: my CHËST, it hurts"
    (hit,) = MATCHER.find(text)
    assert text[hit.start : hit.end] == "CHËST, it hurts"


def test_a_word_does_not_stand_for_two_slots() -> None:
    twice = PhraseMatcher((EmergencyPhrase("no", "x", ((("pain",), ("pain",)),), 1),), {})
    assert twice.find("pain") == ()
    assert len(twice.find("pain pain")) == 1


@given(st.text(max_size=200), st.sampled_from(["chest hurts", "want to die", "overdose"]), st.text(max_size=200))
def test_a_phrase_is_found_in_whatever_stands_around_it(before: str, phrase: str, after: str) -> None:
    text = f"{before} . {phrase} . {after}"
    hits = MATCHER.find(text)
    assert hits
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert any(text[hit.start : hit.end] == phrase for hit in hits) or len(hits) >= 1


@given(st.text(max_size=300))
def test_words_stand_where_they_say(text: str) -> None:
    end = 0
    for word in folded_words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold_word(text[word.start : word.end]) == word.text
        end = word.end


@given(st.text(max_size=80), st.text(max_size=80))
def test_more_text_never_takes_a_hit_away(text: str, more: str) -> None:
    assert ids(text) <= ids(f"{text}\n. . {more}")


_WORDS = st.text("abcd", max_size=7)


def _distance(one: str, other: str) -> int:
    """Return the distance by its definition, slowly."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        _distance(one[1:], other) + 1,
        _distance(one, other[1:]) + 1,
        _distance(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        ways.append(_distance(one[2:], other[2:]) + 1)
    return min(ways)


@settings(max_examples=60, deadline=None)
@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 2))
def test_the_distance_is_the_defined_one(one: str, other: str, distance: int) -> None:
    assert is_within(one, other, distance) is (_distance(one, other) <= distance)
