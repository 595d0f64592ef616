"""Rules of retention: the calendar, what ships, and every way in which an edited file can be wrong."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.errors import RulesMalformedError
from app.compliance.rules import Duration, RetentionRules, StartEvent, Unit, parse_rules, rules_to_json
from app.domain.office import Sector

SHIPPED = sorted((Path(__file__).resolve().parents[3] / "resources" / "retention").glob("*.json"))
GOOD: dict[str, Any] = {
    "format": 1,
    "sector": "law",
    "country": "de",
    "title": "Our office",
    "note": "",
    "default_class": "matter",
    "classes": [
        {
            "id": "matter",
            "title": "Belongs to a matter",
            "starts": "closed",
            "keep": {"number": 6, "unit": "years"},
            "to_end_of_year": True,
            "basis": "Section 50(1) BRAO",
        },
        {
            "id": "enquiry",
            "title": "Enquiry",
            "starts": "last_message",
            "keep": {"number": 24, "unit": "months"},
            "to_end_of_year": False,
            "basis": "No mandate came of it.",
        },
    ],
}


def rules() -> RetentionRules:
    return parse_rules(GOOD)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_ships_can_be_read_and_says_where_each_figure_comes_from(file: Path) -> None:
    found = parse_rules(json.loads(file.read_text()))
    assert (found.sector.value, found.country) == tuple(file.stem.split("."))
    assert all(len(one.basis) > 20 for one in found.classes)
    assert found.class_of("") == max(found.classes, key=lambda one: one.class_id == found.default_class)
    assert "not legal advice" in found.note


def test_every_sector_has_a_set_for_every_other_country() -> None:
    assert {"clinic.eu", "law.eu", "clinic.us", "law.us"} <= {file.stem for file in SHIPPED}


def test_what_went_in_comes_out() -> None:
    assert rules_to_json(rules()) == GOOD
    assert rules().sector is Sector.LAW
    assert rules().class_of("matter").starts is StartEvent.CLOSED
    assert rules().class_of("unknown").class_id == rules().class_of("").class_id == "matter"


def test_every_change_is_another_version() -> None:
    changed = copy.deepcopy(GOOD)
    changed["classes"][1]["keep"]["number"] = 25
    assert parse_rules(changed).version != rules().version
    assert parse_rules(copy.deepcopy(GOOD)).version == rules().version


@pytest.mark.parametrize(
    ("keep", "start", "end"),
    [
        ((10, Unit.YEARS), date(2016, 11, 24), date(2026, 11, 24)),
        ((1, Unit.YEARS), date(2024, 2, 29), date(2025, 2, 28)),
        ((1, Unit.MONTHS), date(2026, 1, 31), date(2026, 2, 28)),
        ((12, Unit.MONTHS), date(2026, 12, 15), date(2027, 12, 15)),
        ((30, Unit.DAYS), date(2026, 12, 15), date(2027, 1, 14)),
    ],
)
def test_durations_follow_the_calendar(keep: tuple[int, Unit], start: date, end: date) -> None:
    assert Duration(*keep).after(start) == end


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 400), st.sampled_from(Unit))
def test_a_duration_always_lies_ahead(start: date, number: int, unit: Unit) -> None:
    assert Duration(number, unit).after(start) > start


def test_to_the_end_of_the_year_means_the_first_day_of_the_next() -> None:
    assert rules().class_of("matter").due_on(date(2020, 3, 5)) == date(2027, 1, 1)
    assert rules().class_of("enquiry").due_on(date(2020, 3, 5)) == date(2022, 3, 5)


WRONG = [
    (("format",), 2, "format"),
    (("format",), True, "format"),
    (("sector",), "bakery", "sector"),
    (("country",), "DE", "country"),
    (("title",), " ", "title"),
    (("title",), "x" * 121, "title"),
    (("note",), "x\n", "note"),
    (("note",), 5, "note"),
    (("default_class",), "absent", "default_class"),
    (("classes",), [], "classes"),
    (("classes",), GOOD["classes"][:1] * 2, "classes"),
    (("classes",), GOOD["classes"][:1] * 41, "classes"),
    (("classes", 0), "matter", "classes[0]"),
    (("classes", 0, "id"), "", "classes[0].id"),
    (("classes", 0, "starts"), "birth", "classes[0].starts"),
    (("classes", 0, "starts"), ["closed"], "classes[0].starts"),
    (("classes", 0, "basis"), "", "classes[0].basis"),
    (("classes", 0, "basis"), "\ud800", "classes[0].basis"),
    (("classes", 0, "to_end_of_year"), 1, "classes[0].to_end_of_year"),
    (("classes", 0, "keep"), 6, "classes[0].keep"),
    (("classes", 0, "keep", "unit"), "centuries", "classes[0].keep.unit"),
    (("classes", 0, "keep", "number"), 0, "classes[0].keep.number"),
    (("classes", 0, "keep", "number"), 101, "classes[0].keep.number"),
    (("classes", 0, "keep", "number"), True, "classes[0].keep.number"),
    (("classes", 0, "keep", "number"), 1.5, "classes[0].keep.number"),
    (("more",), 1, "top"),
    (("classes", 0, "more"), 1, "classes[0]"),
]


@pytest.mark.parametrize(("path", "value", "place"), WRONG, ids=lambda one: str(one)[:40])
def test_what_is_wrong_is_refused_with_its_place(path: tuple[Any, ...], value: object, place: str) -> None:
    raw: Any = copy.deepcopy(GOOD)
    inner = raw
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(RulesMalformedError) as caught:
        parse_rules(raw)
    assert caught.value.place == place


@pytest.mark.parametrize("untrusted", [None, [], "rules", 5, {}])
def test_what_is_no_file_of_rules_is_refused(untrusted: object) -> None:
    with pytest.raises(RulesMalformedError):
        parse_rules(untrusted)
