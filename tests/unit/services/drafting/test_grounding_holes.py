"""Ways in which a wrong fact could pass as a right one: each was found by looking for it."""

import pytest

from app.domain.facts import FactKind
from app.services.drafting.grounding import Claim, unsupported_facts
from app.services.facts import find_facts

HOURS = (
    "Hours\nWe are open from 8:30 to half past five. On Thursday we are open until 19:00. "
    "Ask for Dr. Helen Strandquist."
)
DOSE = "Refills\nTake one 10 mg tablet twice a day, at most four tablets in 24 hours. Shake 5 ml of the syrup."
TERMS = (
    "Terms\nPlease cancel at least 48 hours before your visit. Pay within 14 days. We keep files for 5 to 7 years. "
    "Records come after 3 working days. The court sits on the 21st of May."
)
RULES = (
    "Rules\nYou can come without an appointment unless you need a vaccine. We are open every day except Sunday. "
    "We only take cards. Dogs may no longer come in. We never send results by e-mail. Children may come with a parent."
)
TEAM = "Team\nDr. Helen Strandquist and Anna Bergelin see patients. Lucia Ferrante answers questions about bills."


def kinds(text: str, source: str, thread: tuple[str, ...] = ()) -> set[FactKind]:
    return {item.fact.kind for item in unsupported_facts([Claim(text, (source,))], (source,), thread)}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        # times in words
        ("We are open until half past six.", HOURS),
        ("We are open until quarter to six.", HOURS),
        ("We are open until five thirty-five.", HOURS),
        # the right number in the wrong place
        ("We are open until 8:30.", HOURS),
        ("We are open until 19:00.", HOURS),
        ("We open at 19:00.", HOURS),
        ("On Thursday we are open from 19:00.", HOURS),
        ("Please cancel within 48 hours of your visit.", TERMS),
        ("Please cancel at most 48 hours before your visit.", TERMS),
        ("Pay after 14 days.", TERMS),
        # units and how often
        ("Take one 10 ml tablet twice a day.", DOSE),
        ("Take one 10 mcg tablet twice a day.", DOSE),
        ("Take one 10 mg tablet three times a day.", DOSE),
        ("Take one 10 mg tablet twice a week.", DOSE),
        ("Take one 10 mg tablet once a day.", DOSE),
        ("Take a 10 mg tablet every day, at most five tablets in 24 hours.", DOSE),
        ("Shake a dozen ml of the syrup.", DOSE),
        ("Pay within 14 hours.", TERMS),
        ("Pay within fourteen weeks.", TERMS),
        ("Pay within a fortnight and a half, that is 21 days.", TERMS),
        # ranges and ordinals
        ("We keep files for 5 to 9 years.", TERMS),
        ("We keep files for 5 months.", TERMS),
        ("The court sits on the 22nd of May.", TERMS),
        ("The court sits on the twenty-second of May.", TERMS),
        ("The court sits on May the 12th.", TERMS),
        # people
        ("Please ask for Dr. Helen Bergelin.", TEAM),
        ("Please ask for dr. ortiz.", TEAM),
        ("Bettina will answer questions about bills.", TEAM),
        ("Lucia Strandquist answers questions about bills.", TEAM),
        ("Mrs ferranti answers questions about bills.", TEAM),
        # no where it is yes, and conditions lost
        ("You can come without an appointment if you need a vaccine.", RULES),
        ("You can come without an appointment.", RULES),
        ("We are open every day.", RULES),
        ("Dogs may come in.", RULES),
        ("We send results by e-mail.", RULES),
        ("We always send results by e-mail.", RULES),
        ("Only children may come with a parent.", RULES),
        ("Children may come unless with a parent.", RULES),
    ],
)
def test_a_wrong_fact_does_not_pass(text: str, source: str) -> None:
    assert kinds(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("We are open from 8:30 to 17:30.", HOURS),
        ("We are open until 5:30 pm.", HOURS),
        ("We open at half past eight.", HOURS),
        ("On Thursday we are open until 7 pm.", HOURS),
        ("On Thursday we are open, until 19:00.", HOURS),
        ("Please ask for dr. Strandquist.", HOURS),
        ("Take one 10 mg tablet two times a day.", DOSE),
        ("Take a 10mg tablet twice daily.", DOSE),
        ("At most 4 tablets in 24 hours.", DOSE),
        ("Shake five millilitres of the syrup.", DOSE),
        ("Please cancel 48 hours before your visit.", TERMS),
        ("Please cancel no later than 48 hours before your visit.", TERMS),
        ("Pay in 14 days.", TERMS),
        ("Pay within two weeks.", TERMS),
        ("We keep files for 5-7 years.", TERMS),
        ("We keep files for five years.", TERMS),
        ("The court sits on May 21.", TERMS),
        ("The court sits on the twenty-first of May.", TERMS),
        ("Please ask for Anna Bergelin.", TEAM),
        ("Dr. Strandquist and Anna see patients.", TEAM),
        ("Lucia answers questions about bills.", TEAM),
        ("You can come without an appointment unless you need a vaccine.", RULES),
        ("We are open every day except Sunday.", RULES),
        ("Sorry, dogs may no longer come in.", RULES),
        ("Dogs may not come in any more.", RULES),
        ("No, we never send results by e-mail.", RULES),
        ("We do not send results by e-mail.", RULES),
        ("We take cards.", RULES),
        ("Yes, children may come with a parent.", RULES),
    ],
)
def test_a_right_fact_in_other_words_passes(text: str, source: str) -> None:
    assert kinds(text, source) == set()


def test_a_day_that_was_asked_for_need_not_be_repeated() -> None:
    assert kinds("We are open until 19:00.", HOURS, ("How late are you open on Thursdays?",)) == set()
    assert kinds("We are open until 19:00.", HOURS, ("How late are you open on Fridays?",)) == {FactKind.TIME}


@pytest.mark.parametrize(
    ("text", "stretch", "kind"),
    [
        ("Come at half past five.", "half past five", FactKind.TIME),
        ("Come at a quarter to nine.", "quarter to nine", FactKind.TIME),
        ("Take it twice a day.", "twice a day", FactKind.NUMBER),
        ("Take it three times daily.", "three times daily", FactKind.NUMBER),
        ("Take 10mg.", "10mg", FactKind.NUMBER),
        ("Wait half an hour.", "half an hour", FactKind.NUMBER),
        ("Wait a fortnight.", "fortnight", FactKind.NUMBER),
        ("On the twenty-first of May.", "twenty-first of May", FactKind.DATE),
        ("Ring +44 20 7946 0018.", "+44 20 7946 0018", FactKind.PHONE),
        ("Ring 555-0142 now.", "555-0142", FactKind.PHONE),
        ("Ring 0345 11 22 33 44.", "0345 11 22 33 44", FactKind.PHONE),
        ("Ring 020.7946.0018.", "020.7946.0018", FactKind.PHONE),
        ("Pay £1,240.50 now.", "£1,240.50", FactKind.AMOUNT),
        ("Pay 12 € now.", "12 €", FactKind.AMOUNT),
        ("Pay fifty dollars.", "fifty dollars", FactKind.AMOUNT),
    ],
)
def test_a_fact_is_found_with_all_its_words(text: str, stretch: str, kind: FactKind) -> None:
    found = [(text[fact.start : max(fact.end, fact.unit_end)].rstrip("."), fact.kind) for fact in find_facts(text)]
    assert (stretch, kind) in found
