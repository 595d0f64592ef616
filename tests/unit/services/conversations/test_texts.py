"""The door for text."""

import pytest

from app.domain.conversation import MAX_MESSAGE_CHARS, MAX_NAME_CHARS
from app.services.conversations.texts import check_name, check_text
from app.services.errors import InvalidTextError, TextFault

REFUSED_TEXTS = [
    ("", TextFault.EMPTY),
    (" \n\t", TextFault.EMPTY),
    ("x" * (MAX_MESSAGE_CHARS + 1), TextFault.TOO_LONG),
    ("a\0b", TextFault.HAS_NUL),
    ("a\ud800b", TextFault.HAS_SURROGATE),
    ("\udfff", TextFault.HAS_SURROGATE),
]
REFUSED_NAMES = [
    ("", TextFault.NAME_EMPTY),
    ("  ", TextFault.NAME_EMPTY),
    ("x" * (MAX_NAME_CHARS + 1), TextFault.NAME_TOO_LONG),
    ("Ada\0", TextFault.HAS_NUL),
    ("\ud812", TextFault.HAS_SURROGATE),
]


@pytest.mark.parametrize(("text", "fault"), REFUSED_TEXTS)
def test_a_text_that_cannot_be_taken_is_refused_with_its_reason(text: str, fault: TextFault) -> None:
    with pytest.raises(InvalidTextError) as caught:
        check_text(text)
    assert caught.value.fault is fault
    assert caught.value.code == fault.value


@pytest.mark.parametrize(("name", "fault"), REFUSED_NAMES)
def test_a_name_that_cannot_be_taken_is_refused_with_its_reason(name: str, fault: TextFault) -> None:
    with pytest.raises(InvalidTextError) as caught:
        check_name(name)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    "text", ["x" * MAX_MESSAGE_CHARS, "  spaces \r\n kept\t", "\u202eright to left", "😀", "\x1b[31m"]
)
def test_other_text_is_taken_exactly_as_it_is(text: str) -> None:
    assert check_text(text) == text


def test_unsent_text_may_be_empty_but_not_broken() -> None:
    assert check_text("", may_be_empty=True) == ""
    with pytest.raises(InvalidTextError):
        check_text("\0", may_be_empty=True)


def test_a_name_stands_on_one_line() -> None:
    assert check_name("  Ada \n  Quill ") == "Ada Quill"


def test_the_error_does_not_repeat_the_text() -> None:
    with pytest.raises(InvalidTextError) as caught:
        check_text("canary\0")
    assert "canary" not in str(caught.value) + repr(caught.value)
