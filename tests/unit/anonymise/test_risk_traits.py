"""What is read from an anonymised text, from its spans and from the lists."""

import pytest

from app.anonymise.finder import Finder
from app.anonymise.labels import Label
from app.anonymise.merge import merge
from app.anonymise.replacing.profiles import Profile
from app.anonymise.replacing.replacer import Replacer
from app.anonymise.risk import QuasiKind, Trait, read_traits
from app.anonymise.risk.kinds import age_ladder, date_ladder
from app.anonymise.risk.lexicon import _lists, find_mentions
from app.anonymise.spans import Ground, Span

SECRET = b"of one conversation only"


def _traits(text: str, profile: Profile = Profile.SAFE_HARBOR, *extra: tuple[str, Label]) -> list[tuple[str, Trait]]:
    """Return each trait with the words that it stands for in the anonymised text."""
    places = [
        Span(text.index(word), text.index(word) + len(word), label, Ground.KNOWN, "test") for word, label in extra
    ]
    spans = merge([*Finder().find(text), *places], text)
    anonymised = Replacer(profile, SECRET, year=2026).replace(text, spans)
    replaced = {item.span: item.replacement for item in anonymised.replaced}
    instead = [replaced.get(span, text[span.start : span.end]) for span in spans]
    return [(anonymised.text[trait.start : trait.end], trait) for trait in read_traits(text, spans, instead)]


def _ladders(text: str, profile: Profile = Profile.SAFE_HARBOR) -> list[tuple[QuasiKind, tuple[str, ...]]]:
    return [(trait.kind, trait.ladder) for _, trait in _traits(text, profile)]


@pytest.mark.parametrize(
    ("text", "kind", "ladder"),
    [
        ("my mum is 72 years old", QuasiKind.AGE, ("72", "70 to 74", "70 to 79", "60 to 79")),
        ("she turned ninety-three", QuasiKind.AGE, ("90 or older",)),
        ("the baby is 4 months old", QuasiKind.AGE, ("4 months old", "0 to 4", "0 to 9", "0 to 19")),
        ("seen on 3 November 2024", QuasiKind.DATE, ("2024",)),
        ("in Hartford CT 06103", QuasiKind.PLACE, ("ZIP 061",)),
        ("i have lupus", QuasiKind.CONDITION, ("lupus", "an autoimmune condition")),
        ("hypertension since", QuasiKind.CONDITION, ("high blood pressure", "a heart or circulation condition")),
        ("he is a crane operator", QuasiKind.PROFESSION, ("crane operator", "a job in building or repair")),
        ("we moved from Vermont", QuasiKind.PLACE, ("vermont", "the northeastern US")),
        ("tengo asma", QuasiKind.CONDITION, ("asthma", "a lung or airway condition")),
    ],
)
def test_what_is_left_is_read_with_its_broader_words(text, kind, ladder):
    assert (kind, ladder) in _ladders(text)


def test_two_names_of_one_condition_have_one_value():
    assert _ladders("diagnosed with hypertension") == _ladders("diagnosed with high blood pressure")


def test_the_longer_of_two_words_counts():
    assert [trait.ladder[0] for _, trait in _traits("lung cancer, they said")] == ["lung cancer"]


@pytest.mark.parametrize("text", ["the nurse was kind", "my lawyer never calls", "a blind in the window"])
def test_people_of_the_desks_own_trade_are_nobodys_profession(text):
    assert _traits(text) == []


@pytest.mark.parametrize("text", ["i am a nurse", "my wife is a retired nurse", "soy enfermera", "i work as a nurse"])
def test_somebody_who_says_so_is_one(text):
    assert [trait.kind for _, trait in _traits(text)] == [QuasiKind.PROFESSION]


def test_stand_ins_and_labels_tell_nothing():
    text = "i live in Ohiopyle with Mara"
    for profile in (Profile.PSEUDONYMS, Profile.LABELS, Profile.LIMITED, Profile.SAFE_HARBOR):
        assert _traits(text, profile, ("Ohiopyle", Label.LOCATION), ("Mara", Label.PERSON)) == []


def test_what_a_profile_lets_stand_counts():
    (word, trait), *_ = _traits("a Tibetan lady", Profile.SAFE_HARBOR, ("Tibetan", Label.NRP))
    assert (word, trait.kind, trait.ladder) == ("Tibetan", QuasiKind.ORIGIN, ("tibetan", "of Asian origin"))


def test_a_moved_date_counts_by_its_quarter():
    (word, trait), *_ = _traits("seen on 3 November 2024", Profile.LIMITED)
    assert word != "3 November 2024"
    assert trait.ladder[0].startswith("Q")
    assert trait.ladder[1].isdigit()


def test_offsets_are_those_of_the_anonymised_text():
    text = "call 860-555-0142 about Ms Quillfeather, 41 years old, with lupus, born 3/11/1983"
    found = {trait.kind: word for word, trait in _traits(text, Profile.SAFE_HARBOR, ("Quillfeather", Label.PERSON))}
    assert found == {QuasiKind.AGE: "41", QuasiKind.CONDITION: "lupus", QuasiKind.DATE: "1983"}


def test_bands_hold_the_age_that_they_stand_for():
    for years in range(90):
        exact, *bands = age_ladder(years)
        assert exact == str(years)
        for band in bands:
            low, high = (int(part) for part in band.split(" to "))
            assert low <= years <= high


def test_each_month_lies_in_its_quarter():
    assert [date_ladder(2026, month)[0] for month in range(1, 13)] == [
        f"Q{quarter} 2026" for quarter in (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)
    ]


def test_every_word_of_the_lists_is_found_and_stands_in_one_group():
    entries, _, own_trade = _lists()
    assert len(entries) > 500
    assert own_trade <= set(entries)
    for word, entry in entries.items():
        (mention,) = find_mentions(f"i am a {word} now")
        assert mention.entry == entry, word


def test_a_trait_shows_no_words_in_its_repr():
    assert "lupus" not in repr(_traits("i have lupus")[0][1])
