"""What is due, what a hold keeps, what is still open, and a digest that changes with every reason to look again."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.compliance.due import Case, Plan, day_of, plan
from app.compliance.rules import parse_rules
from app.domain.ids import ConversationId
from tests.unit.compliance.test_rules import GOOD

RULES = parse_rules(GOOD)
TODAY = date(2026, 11, 24)


def ms(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, 12, tzinfo=UTC).timestamp() * 1000)


def case(name: str, last: int, closed: int | None = None, class_id: str = "") -> Case:
    return Case(ConversationId(name), class_id, last, closed, 7)


OLD = case("old", ms(2019, 5, 1), ms(2019, 6, 1))
CASES = (
    OLD,
    case("older", ms(2018, 5, 1), ms(2018, 6, 1)),
    case("young", ms(2024, 5, 1), ms(2024, 6, 1)),
    case("open", ms(2001, 5, 1)),
    case("enquiry", ms(2024, 11, 24), None, "enquiry"),
    case("fresh enquiry", ms(2024, 11, 25), None, "enquiry"),
)


def planned(*held: str, cases: tuple[Case, ...] = CASES, today: date = TODAY) -> Plan:
    return plan(RULES, cases, frozenset(map(ConversationId, held)), today)


def test_what_is_due_longest_comes_first_and_the_day_itself_counts() -> None:
    found = planned()
    assert [(line.conversation_id, line.due_on) for line in found.due] == [
        ("older", date(2025, 1, 1)),
        ("old", date(2026, 1, 1)),
        ("enquiry", date(2026, 11, 24)),
    ]
    assert found.total == 6


def test_what_is_open_never_falls_due_while_its_class_starts_with_closing() -> None:
    assert planned().open_count == 1


def test_a_hold_keeps_what_is_due() -> None:
    found = planned("old", "young")
    assert [line.conversation_id for line in found.held] == ["old"]
    assert "old" not in [line.conversation_id for line in found.due]


def test_what_comes_later_is_counted_by_month_and_class() -> None:
    assert planned().coming == {(date(2026, 11, 1), "enquiry"): 1, (date(2031, 1, 1), "matter"): 1}


def test_a_message_after_closing_starts_the_time_anew() -> None:
    late = case("late", ms(2024, 5, 1), ms(2018, 6, 1))
    assert planned(cases=(late,)).due == ()


@pytest.mark.parametrize(
    "other",
    [
        planned("old"),
        planned(cases=CASES[1:]),
        planned(cases=(replace(OLD, last_seq=8), *CASES[1:])),
        planned(cases=(replace(OLD, class_id="enquiry"), *CASES[1:])),
        planned(today=date(2026, 11, 25)),
    ],
)
def test_the_digest_changes_with_all_that_a_person_looked_at(other: Plan) -> None:
    assert planned().digest == planned().digest != other.digest


def test_another_day_with_nothing_new_is_the_same_plan() -> None:
    assert planned(today=date(2026, 11, 24), cases=CASES[:2]).digest == planned(
        today=date(2026, 12, 20), cases=CASES[:2]
    ).digest  # fmt: skip


def test_other_rules_are_another_plan() -> None:
    changed = replace(RULES, title="Other")
    assert plan(changed, CASES, frozenset(), TODAY).digest != planned().digest


def test_days_are_counted_in_utc() -> None:
    assert day_of(ms(2026, 11, 24)) == TODAY
