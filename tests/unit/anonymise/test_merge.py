"""The merge covers everything that was found, and spans never overlap."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.anonymise.labels import Label
from app.anonymise.merge import merge
from app.anonymise.spans import Ground, Span

TEXT = "anna-b 12 cde. fgh, ij x9 klm no  pq(r) stu 77-vw"


@st.composite
def findings(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    return Span(start, end, draw(st.sampled_from(list(Label))), draw(st.sampled_from(list(Ground))), "test")


@given(st.lists(findings(), max_size=12))
def test_what_was_found_stays_covered_and_nothing_overlaps(found: list[Span]) -> None:
    merged = merge(found, TEXT)
    assert all(one.end <= other.start for one, other in pairwise(merged))
    covered = {place for span in merged for place in range(span.start, span.end)}
    wanted = {place for span in found for place in range(span.start, span.end) if TEXT[place].isalnum()}
    assert wanted <= covered
    assert {place for place in covered if TEXT[place].isalnum()} == wanted


@given(st.lists(findings(), max_size=8), st.randoms())
def test_the_order_of_findings_does_not_matter(found: list[Span], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled, TEXT) == merge(found, TEXT)


def test_the_higher_ground_names_what_both_cover_and_the_rest_stays() -> None:
    name = Span(0, 9, Label.PERSON, Ground.MODEL, "ner")
    number = Span(7, 14, Label.ID, Ground.PROOF, "us_ssn")
    assert [(span.start, span.end, span.label) for span in merge((name, number), TEXT)] == [
        (0, 6, Label.PERSON),
        (7, 14, Label.ID),
    ]


def test_two_parts_of_a_name_become_one() -> None:
    parts = (Span(0, 5, Label.PERSON, Ground.KNOWN, "known"), Span(6, 13, Label.PERSON, Ground.MODEL, "ner"))
    assert [(span.start, span.end, span.ground) for span in merge(parts, "Jorge Alvarez rang")] == [
        (0, 13, Ground.MODEL)
    ]


def test_a_name_inside_an_address_is_a_part_of_it_and_lends_its_ground() -> None:
    name = Span(5, 9, Label.PERSON, Ground.KNOWN, "known")
    address = Span(5, 21, Label.EMAIL, Ground.PROOF, "email")
    assert merge((name, address), "mail rosa@example.org") == (Span(5, 21, Label.EMAIL, Ground.KNOWN, "email"),)


def test_no_word_is_cut_in_two() -> None:
    known = Span(0, 4, Label.PERSON, Ground.KNOWN, "known")
    place = Span(0, 13, Label.LOCATION, Ground.MODEL, "ner")
    assert merge((known, place), "rosas husband") == (
        Span(0, 5, Label.PERSON, Ground.KNOWN, "known"),
        Span(6, 13, Label.LOCATION, Ground.MODEL, "ner"),
    )
    late = Span(9, 13, Label.PERSON, Ground.KNOWN, "known")
    assert merge((late, Span(0, 13, Label.ORG, Ground.MODEL, "ner")), "firm of mcrosa") == (
        Span(0, 7, Label.ORG, Ground.MODEL, "ner"),
        Span(8, 13, Label.PERSON, Ground.KNOWN, "known"),
    )


def test_thousands_of_findings_merge_in_linear_time() -> None:
    found = [Span(place * 8, place * 8 + 7, Label.IP, Ground.PROOF, "ip") for place in range(60_000)]
    assert len(merge(found, "1.1.1.1 " * 60_000)) == len(found)
