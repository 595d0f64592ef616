"""Facts of a proposal against its sources."""

import re
import time
from pathlib import Path

import pytest

from app.knowledge import read_folder, split
from app.knowledge.sentences import sentences
from app.services.drafting.grounding import Claim, unsupported_facts
from app.services.facts import FactKind, find_facts

HOURS = (
    "Opening hours\nWe are open Monday to Friday from 8:00 am to 5:30 pm and on Wednesday until 19:00. "
    "Call (406) 555-0142."
)
FEES = (
    "Fees\nA sale costs £795 plus VAT and takes two working days. Dr. Helen Strandquist signs it by 23 December. "
    "20% is due."
)
NO_CASH = "Paying\nWe do not take cash above £300. You can pay by card."


def missing(text: str, *sources: str, thread: tuple[str, ...] = ()) -> list[FactKind]:
    found = unsupported_facts([Claim(text, sources)], sources or (HOURS,), thread)
    return [item.fact.kind for item in found]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("We are open until 17:30.", HOURS),
        ("We open at 8 am.", HOURS),
        ("Yes, we are open on Tuesdays.", HOURS),
        ("We are open Mon-Fri.", HOURS),
        ("On Wednesday we are open until 7 p.m.", HOURS),
        ("Please call 406-555-0142.", HOURS),
        ("It costs 795 pounds.", FEES),
        ("It takes 2 days.", FEES),
        ("Helen Strandquist signs on December 23rd.", FEES),
        ("20 percent is due.", FEES),
        ("One of us will see you.", HOURS),
        ("No, we do not take cash above £300.", NO_CASH),
        ("You can pay by card.", NO_CASH),
        ("Yes, you can pay by card.", NO_CASH),
    ],
)
def test_a_fact_is_compared_by_value_and_not_by_spelling(text: str, source: str) -> None:
    assert missing(text, source) == []


@pytest.mark.parametrize(
    ("text", "source", "kind"),
    [
        ("We are open until 18:30.", HOURS, FactKind.TIME),
        ("We open at 8 pm.", HOURS, FactKind.TIME),
        ("We are open on Saturdays.", HOURS, FactKind.WEEKDAY),
        ("We are open every day.", HOURS, FactKind.WEEKDAY),
        ("Please call (406) 555-0143.", HOURS, FactKind.PHONE),
        ("It costs £7,950.", FEES, FactKind.AMOUNT),
        ("It costs $795.", FEES, FactKind.AMOUNT),
        ("It takes two weeks.", FEES, FactKind.NUMBER),
        ("It takes three days.", FEES, FactKind.NUMBER),
        ("Ask Dr. Bergelin.", FEES, FactKind.NAME),
        ("It is signed by 24 December.", FEES, FactKind.DATE),
        ("25% is due.", FEES, FactKind.PERCENT),
        ("Write to desk@example.org.", FEES, FactKind.EMAIL),
        ("See www.example.org/pay.", FEES, FactKind.URL),
        ("Yes, we take cash above £300.", NO_CASH, FactKind.NEGATION),
        ("You cannot pay by card.", NO_CASH, FactKind.NEGATION),
        ("It is on the first floor.", HOURS, FactKind.WORDING),
        ("Our dentist removes wisdom teeth.", FEES, FactKind.WORDING),
    ],
)
def test_a_fact_that_no_source_holds_is_found(text: str, source: str, kind: FactKind) -> None:
    assert kind in missing(text, source)


def test_a_question_does_not_make_its_own_number_true() -> None:
    assert missing("Yes, we open at 7:00.", HOURS, thread=("Is it right that you open at 7:00?",)) == [FactKind.TIME]


def test_a_reply_made_of_the_question_alone_is_noticed() -> None:
    asked = ("Do you sell dancing unicorns?",)
    assert missing("Yes, we sell dancing unicorns.", HOURS, thread=asked) == [FactKind.WORDING]
    assert missing("Yes, please call us about unicorns on Monday to Friday.", HOURS, thread=asked) == []


def test_a_reply_may_address_its_reader_by_name() -> None:
    assert missing("Of course, Marta.", HOURS, thread=("Hello, Marta Lindqvist here.",)) == []
    assert missing("Of course, Marta.", HOURS) == [FactKind.NAME]


def test_each_sentence_is_held_to_the_sources_that_it_names() -> None:
    claims = [Claim("We open at 8:00 am.", (HOURS,)), Claim("A sale costs £795.", (HOURS,))]
    found = unsupported_facts(claims, (HOURS, FEES), ())
    assert {(item.claim, item.fact.kind) for item in found} == {(1, FactKind.AMOUNT), (1, FactKind.WORDING)}


def test_digits_of_a_telephone_number_are_one_fact() -> None:
    assert [(fact.kind, fact.value) for fact in find_facts("Ring 01632 960210 now.")] == [
        (FactKind.PHONE, "01632960210")
    ]


@pytest.mark.parametrize(
    "hostile", ["1" * 20_000, "(1 " * 7_000, "a." * 10_000, "A-" * 10_000, "Mon-" * 5_000, "@a.b" * 5_000]
)
def test_a_hostile_text_costs_time_in_proportion_to_its_length(hostile: str) -> None:
    def cost_s(text: str) -> float:
        start = time.process_time()
        find_facts(text)
        return time.process_time() - start

    half, whole = cost_s(hostile[: len(hostile) // 2]), cost_s(hostile)
    assert whole < 0.2 or whole < 3.2 * half


@pytest.mark.parametrize("office", ["clinic", "law"])
def test_an_approved_answer_always_holds_itself(office: str) -> None:
    folder = Path(__file__).resolve().parents[4] / "resources" / "demo" / office / "answers"
    passages = [passage for article in read_folder(folder).articles for passage in split(article)]
    alarms = [
        (passage.article_id, sentence, [item.fact for item in found])
        for passage in passages
        for sentence in sentences(passage.text)
        if (found := unsupported_facts([Claim(sentence, (f"{passage.title}\n{passage.text}",))], (), ()))
    ]
    assert alarms == []


@pytest.mark.parametrize("office", ["clinic", "law"])
def test_one_changed_digit_in_an_approved_answer_is_always_found(office: str) -> None:
    folder = Path(__file__).resolve().parents[4] / "resources" / "demo" / office / "answers"
    unheard, changed = [], 0
    for passage in (passage for article in read_folder(folder).articles for passage in split(article)):
        source = f"{passage.title}\n{passage.text}"
        for place, digit in enumerate(passage.text):
            if not digit.isdigit():
                continue
            wrong = passage.text[:place] + str(int(digit) % 9 + 1) + passage.text[place + 1 :]
            claims = [Claim(sentence, (source,)) for sentence in sentences(wrong)]
            changed += 1
            if not unsupported_facts(claims, (), ()) and not _tokens(wrong) <= _tokens(source):
                unheard.append((passage.article_id, wrong[max(0, place - 20) : place + 20]))
    assert changed > 200
    assert unheard == []


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\d.,:/-]*\d", text))
