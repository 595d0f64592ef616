"""The four profiles, on invented people."""

import re
import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.anonymise.finder import Finder
from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.replacing.people import People, _may_be_one, _shared, name_parts
from app.anonymise.replacing.profiles import Profile
from app.anonymise.replacing.replacer import Replacer, WeakSecretError
from app.anonymise.spans import Ground, Span

SECRET = b"sixteen bytes or more"
FINDER = Finder(known=(KnownText("Jorge Alvarez", Label.PERSON), KnownText("Maria Lopez", Label.PERSON)))


def _day(text: str, form: str) -> date:
    return datetime.strptime(text, form).replace(tzinfo=UTC).date()


def replaced(text: str, profile: Profile, secret: bytes = SECRET) -> str:
    return Replacer(profile, secret, year=2026).replace(text, FINDER.find(text)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seen on 3 November 2026", "seen on 2026"),
        ("seen next Tuesday", "seen [DATE]"),
        ("seen 3/11/85", "seen 1985"),
        ("born 9 May 1931", "born 1936 or earlier"),
        ("born 9 May 1937", "born 1937"),
        ("zip 06103", "zip 061"),
        ("zip 03601", "zip 000"),
        ("SW1A 1AA", "[ZIP]"),
        ("she is 94 years old", "she is 90 or older"),
        ("aged 61", "aged 61"),
        ("aged ninety-three", "aged 90 or older"),
        ("ssn 219-09-9999", "ssn [ID_1]"),
    ],
)
def test_safe_harbor(text: str, expected: str) -> None:
    assert replaced(text, Profile.SAFE_HARBOR) == expected


def test_labels_number_the_same_text_the_same() -> None:
    text = "Jorge Alvarez wrote to Maria Lopez; Mr. Alvarez rang 860-555-0142, then 860-555-0142, not 860-555-0199"
    assert replaced(text, Profile.LABELS) == (
        "[PERSON_1] wrote to [PERSON_2]; Mr. [PERSON_1] rang [PHONE_1], then [PHONE_1], not [PHONE_2]"
    )


def test_limited_keeps_intervals_and_forms() -> None:
    shifted = replaced("from 3 November 2026 to 24 November 2026, 2026-11-03 and 11/03/2026", Profile.LIMITED)
    match = re.fullmatch(r"from (\d+ \w+ \d{4}) to (\d+ \w+ \d{4}), (\d{4}-\d\d-\d\d) and (\d\d/\d\d/\d{4})", shifted)
    assert match is not None
    first, last = (_day(match[place], "%d %B %Y") for place in (1, 2))
    assert (last - first).days == 21
    assert first != date(2026, 11, 3)
    assert date.fromisoformat(match[3]) == _day(match[4], "%m/%d/%Y") == first


def test_another_conversation_has_another_shift_and_other_stand_ins() -> None:
    text = "Jorge Alvarez, 3 November 2026, 14 Larch Hill Road, ana@example.com"
    results = {replaced(text, Profile.PSEUDONYMS, bytes([n]) * 16) for n in range(12)}
    assert len(results) > 6


def test_the_same_person_has_the_same_natural_name() -> None:
    text = "Jorge Alvarez is here. jorge says Mr. Alvarez is ALVAREZ."
    result = replaced(text, Profile.PSEUDONYMS)
    first, last = result.split(" is here")[0].split(" ")
    assert result == f"{first} {last} is here. {first.lower()} says Mr. {last} is {last.upper()}."
    assert "lvarez" not in result
    assert "orge" not in result


def test_a_family_keeps_one_surname_and_two_first_names() -> None:
    finder = Finder(known=(KnownText("Jorge Alvarez", Label.PERSON), KnownText("Rosa Alvarez", Label.PERSON)))
    text = "Jorge Alvarez and Rosa Alvarez"
    result = Replacer(Profile.PSEUDONYMS, SECRET, year=2026).replace(text, finder.find(text)).text
    one, other = (name.split(" ") for name in result.split(" and "))
    assert one[1] == other[1]
    assert one[0] != other[0]


@pytest.mark.parametrize(
    ("name", "culture"),
    [
        ("Priya Nair", "in"),
        ("Min-jun Park", "ko"),
        ("Olena Kravchenko", "pl"),
        ("Chidi Okafor", "af"),
        ("Jo Bell", "en"),
    ],
)
def test_a_stand_in_keeps_the_culture_of_the_name(name: str, culture: str) -> None:
    raw = tomllib.loads((files("app.anonymise.replacing") / "names.toml").read_text(encoding="utf-8"))
    finder = Finder(known=(KnownText(name, Label.PERSON),))
    result = Replacer(Profile.PSEUDONYMS, SECRET, year=2026).replace(name, finder.find(name)).text
    assert result.split(" ")[-1] in raw[culture]["surnames"]


def test_nobody_shares_a_stand_in_with_somebody_else() -> None:
    numbers = [f"860-555-{number:04d}" for number in range(100, 160)]
    text = ", ".join(numbers)
    result = Replacer(Profile.PSEUDONYMS, SECRET, year=2026).replace(text, FINDER.find(text))
    assert len({one.replacement for one in result.replaced}) == len(numbers)


def test_a_british_number_becomes_one_that_is_kept_for_fiction_there() -> None:
    assert re.fullmatch(r"ring 07700 900\d{3}", replaced("ring 07911 123456", Profile.PSEUDONYMS))


def test_what_was_found_never_comes_out_as_it_was() -> None:
    finder = Finder(known=(KnownText("don ngrid", Label.PERSON),))
    for secret in (bytes([n]) * 16 for n in range(8)):
        replacer = Replacer(Profile.PSEUDONYMS, secret, year=2026)
        text = "don ngrid, april"
        spans = [*finder.find("don ngrid"), Span(11, 16, Label.DATE, Ground.SHAPE, "date")]
        result = replacer.replace(text, spans).text
        assert not {"don", "ngrid", "april"} & set(result.replace(",", "").split())


def test_signs_without_width_and_look_alikes_make_nobody_another_person() -> None:
    text = "Quillfeather, Quill\u200bfeather, Qu\u0456llfeather"
    finder = Finder(known=(KnownText("Ada Quillfeather", Label.PERSON),))
    result = Replacer(Profile.LABELS, SECRET, year=2026).replace(text, finder.find(text)).text
    assert result == "[PERSON_1], [PERSON_1], [PERSON_1]"


def test_safe_harbor_keeps_a_nation_that_a_list_knows_and_not_what_the_pipeline_guesses() -> None:
    replacer = Replacer(Profile.SAFE_HARBOR, SECRET, year=2026)
    text = "the Irish lady, luis"
    spans = [Span(4, 9, Label.NRP, Ground.SHAPE, "nation"), Span(16, 20, Label.NRP, Ground.MODEL, "language.nrp")]
    assert replacer.replace(text, spans).text == "the Irish lady, [NRP_1]"


def test_a_name_behind_a_title_gets_a_surname_also_when_the_title_is_no_part_of_it() -> None:
    names = tomllib.loads((files("app.anonymise.replacing") / "names.toml").read_text(encoding="utf-8"))["en"]
    text = "Thank you, Dr. Merrowfield. Ada is here."
    spans = [Span(15, 26, Label.PERSON, Ground.MODEL, "m"), Span(28, 31, Label.PERSON, Ground.MODEL, "m")]
    result = Replacer(Profile.PSEUDONYMS, SECRET, year=2026).replace(text, spans).text
    said = re.fullmatch(r"Thank you, Dr\. (\w+)\. (\w+) is here\.", result)
    assert said is not None
    assert said[1] in names["surnames"]
    assert said[2] in names["women"] + names["men"]


def test_the_way_back_is_kept_by_the_replacer_alone() -> None:
    replacer = Replacer(Profile.LABELS, SECRET, year=2026)
    text = "Jorge Alvarez, 860-555-0142"
    replacer.replace(text, FINDER.find(text))
    assert replacer.mapping == {"[PERSON_1]": "Jorge Alvarez", "[PHONE_1]": "860-555-0142"}
    assert "Alvarez" not in repr(replacer)


def test_a_weak_secret_is_refused() -> None:
    with pytest.raises(WeakSecretError):
        Replacer(Profile.LABELS, b"short", year=2026)


@given(st.text(max_size=80), st.sampled_from(list(Profile)))
def test_what_was_not_found_is_not_touched(text: str, profile: Profile) -> None:
    spans = FINDER.find(text)
    result = Replacer(profile, SECRET, year=2026).replace(text, spans)
    rebuilt, done = [], 0
    by_span = {one.span: one.replacement for one in result.replaced}
    for span in spans:
        rebuilt += [text[done : span.start], by_span.get(span, text[span.start : span.end])]
        done = span.end
    assert result.text == "".join([*rebuilt, text[done:]])


NAMES = ("Jorge Alvarez", "jorge", "J. Alvarez", "Mr. Alvares", "Rosa Alvarez", "Rosa", "Al", "A", "Bo Li", "Li",
         "Jorje", "Marianne Okafor", "Mariane", "M. Okafor", "Dr Okafro", "B", "Jo")  # fmt: skip


@given(st.lists(st.sampled_from(NAMES), max_size=12))
def test_looking_names_up_finds_whom_a_look_at_everybody_finds(names: list[str]) -> None:
    people, known = People(), []
    for name in names:
        parts = name_parts(name)
        best = max(known, key=lambda entry: _shared(parts, entry.parts), default=None)
        expected = best if best is not None and _may_be_one(parts, best.parts) else None
        before = len(known)
        entry = people.entry_for(name)
        if entry.number > before:
            known.append(entry)
        assert entry is (expected or known[-1])
