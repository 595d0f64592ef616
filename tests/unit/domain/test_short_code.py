"""What calls an approved answer, and what is ordinary typing."""

import pytest

from app.domain.short_code import Call, call_before


@pytest.mark.parametrize(
    ("typed", "call"),
    [
        ("/", Call(0, "")),
        ("/ho", Call(0, "ho")),
        ("Hello ::park", Call(6, "park")),
        ("First line\n/ho", Call(11, "ho")),
        ("a /one-two", Call(2, "one-two")),
    ],
)
def test_a_sign_at_the_start_or_after_a_space_calls(typed, call):
    assert call_before(typed) == call


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "and/or",
        "1/2",
        "http://",
        "http://example",
        "a::b",
        "/ho ",
        "/ho.",
        "//",
        "::/",
        "w/o",
        "24/7",
        "/-x",
        "/" + "a" * 40,
    ],
)
def test_ordinary_typing_does_not(typed):
    assert call_before(typed) is None
