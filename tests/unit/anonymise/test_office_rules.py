"""What an office decides for itself, over what the finder found."""

from app.anonymise.finder import Finder
from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import OWN_SHAPE, AllowedText, OfficeRules, RuleDecider, folded
from app.anonymise.shapes import OwnShape
from app.anonymise.spans import Ground, Span

PERSON = KnownText("Rosa Mellor", Label.PERSON, "contact")


def found(text, rules, names=None):
    spans = RuleDecider(rules).decide(text, Finder(names, rules.known).find(text))
    return [(text[span.start : span.end], span.label, span.why) for span in spans]


class ReadAsPerson:
    """A stand-in for the trained pipeline: calls these words persons, on the ground that the pipeline has."""

    def __init__(self, *words):
        self._words = words

    def find_all(self, texts):
        for text in texts:
            places = [(text.index(word), len(word)) for word in self._words if word in text]
            yield [Span(start, start + size, Label.PERSON, Ground.MODEL, "model") for start, size in places]


def test_an_own_shape_is_found_under_its_label_even_behind_invisible_signs():
    rules = OfficeRules(shapes=(OwnShape("LQ-9999", Label.ID),))
    assert found("my file is lq-48\u200b21", rules) == [("lq-48\u200b21", Label.ID, OWN_SHAPE)]


def test_a_lifted_hit_is_lifted_in_any_case_and_with_any_accents_but_only_whole():
    rules = OfficeRules(allowed=(AllowedText("Mé Too", Label.PERSON),))
    assert found("ask ME  TOO", rules, ReadAsPerson("ME  TOO")) == []
    assert found("ask Me Too Smith", rules, ReadAsPerson("Me Too Smith")) != []


def test_a_lifted_hit_forgives_no_misspelling():
    rules = OfficeRules(allowed=(AllowedText("Marin", Label.PERSON),))
    assert found("ask Maria", rules, ReadAsPerson("Maria")) != []


def test_a_lifted_person_is_still_found_under_another_label():
    rules = OfficeRules(allowed=(AllowedText("3 May 2026", Label.PERSON),))
    assert [label for _text, label, _why in found("on 3 May 2026", rules)] == [Label.DATE]


def test_what_is_known_or_proven_stays_until_somebody_confirmed_it():
    text = "Rosa wrote, mail desk@example.org"
    for said, label in (("Rosa", Label.PERSON), ("desk@example.org", Label.EMAIL)):
        lifted = OfficeRules((PERSON,), allowed=(AllowedText(said, label),))
        assert said in [stretch for stretch, _label, _why in found(text, lifted)]
        confirmed = OfficeRules((PERSON,), allowed=(AllowedText(said, label, is_confirmed=True),))
        assert said not in [stretch for stretch, _label, _why in found(text, confirmed)]


def test_one_confirmation_counts_beside_a_plain_entry_in_any_order():
    entries = (AllowedText("Rosa", Label.PERSON, is_confirmed=True), AllowedText("rosa", Label.PERSON))
    for order in (entries, entries[::-1]):
        assert found("Rosa wrote", OfficeRules((PERSON,), allowed=order)) == []


def test_the_rules_show_no_word_of_theirs():
    rules = OfficeRules((PERSON,), (OwnShape("LQ-9999", Label.ID),), (AllowedText("May", Label.PERSON),))
    assert "Rosa" not in repr(rules)
    assert "LQ" not in repr(rules)


def test_two_writings_of_one_thing_fold_to_the_same():
    assert folded(" O\u2019Neíll's ") == folded("o'neill") == "o neill"
