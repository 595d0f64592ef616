"""Fill-in fields: what counts as one, and how they are filled."""

import pytest

from app.domain.fill_in import as_field, fields_of, fill


def test_fields_are_found_in_order_with_their_places():
    body = "Dear {name}, your visit is on {date} at {start time}."
    assert [(field.name, body[field.start : field.end]) for field in fields_of(body)] == [
        ("name", "{name}"),
        ("date", "{date}"),
        ("start time", "{start time}"),
    ]


@pytest.mark.parametrize(
    "text", ["{}", "{ name}", "{1}", "{na{me", "{a;b}", "{name\n}", "{" + "a" * 41 + "}", "f{}(x)"]
)
def test_other_braces_are_ordinary_text(text):
    assert fields_of(text) == ()
    assert fill(text, {"name": "x", "1": "y"}) == text


def test_a_name_means_the_same_everywhere_and_unfilled_fields_stay():
    assert fill("{name} and {Name}, {date}", {"NAME": "Ada {date}"}) == "Ada {date} and Ada {date}, {date}"


def test_letters_of_any_language_name_a_field():
    assert [field.name for field in fields_of("{prénom} {señor}")] == ["prénom", "señor"]
    assert fields_of(as_field("day 2"))[0].name == "day 2"
