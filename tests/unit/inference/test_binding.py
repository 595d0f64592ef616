"""Which texts may be written on which basis."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inference.binding import Binder, basis_of

SOURCES = (
    "Opening hours. We open at 8:30 and close at 17:00, on Fridays until 1:15 pm. Call 860-555-0142.",
    "Write to desk@harbour.example. See www.harbour.example/fees.",
    "The first visit costs $1,250.00 and takes 45 minutes. Dr. Maeve Oyelaran works in room 12B.",
    "Tenants bring two letters within 14 days. Since 2019-2021 we use form W-8144.",
)
THREAD = ("hi i am jorge alvarez, is it 9:45 or 300 dollars? my sister is Ana",)


def may_be_written(text: str, *, whole: bool = True) -> bool:
    """Write ``text`` character by character, as the smallest tokens do."""
    binder = Binder(basis_of(SOURCES, THREAD, marks=2))
    for char in text:
        if not binder.try_text(char):
            return False
        binder.accept()
    return binder.may_end() if whole else True


@pytest.mark.parametrize(
    "text",
    [
        "We open at 8:30 and close at 17:00. [1]",
        "Please call 860-555-0142.",
        "Please call (860) 555 0142 or 8605550142!",
        "It costs $1,250.00. [2] It takes 45 minutes. [1, 2]",
        "It costs 1250.00 in all.",
        "Dear Jorge Alvarez, Dr. Oyelaran is in room 12B.",
        "Yes, write to desk@harbour.example, please.",
        "See www.harbour.example/fees.",
        "Bring two letters within 14 days (form W-8144).",
        "From 8:30-17:00 we are open; on Fridays until 1:15 pm.",
        "Thank you, Ana. I am glad to help.",
        "[none]",
        "Since 2019 or 2021.",
        "Tenants open the doors. Ten",
    ],
)
def test_what_the_sources_hold_may_be_written(text: str) -> None:
    assert may_be_written(text, whole=not text.endswith("Ten"))


@pytest.mark.parametrize(
    "text",
    [
        "We open at 8:00",
        "We open at 8 ",
        "We close at 17:30",
        "at 1:15:3",
        "at 9:45",
        "It costs $300",
        "It costs $1,25 ",
        "It costs 125",
        "It takes 4 ",
        "It takes 454",
        "Call 860-555-0143",
        "Call 555-0142",
        "Call 860 ",
        "[3]",
        "[0]",
        "Dear Maria",
        "Dr. Oyelar ",
        "with Oyelaranson",
        "Maria will call you",
        "We have seven ",
        "within fourteenth of May",
        "write to ana@harbour.example",
        "write to desk@harbour.org",
        "see www.harbour.example/prices",
        "see harbour.com",
        "form W-8145",
        "²3",
    ],
)
def test_what_they_do_not_hold_may_not(text: str) -> None:
    assert not may_be_written(text)


@pytest.mark.parametrize(
    ("text", "is_whole"), [("at 17:0", False), ("at 17:00", True), ("Dr. Oyel", False), ("", True)]
)
def test_a_text_ends_only_behind_a_whole_number_or_name(text: str, is_whole: bool) -> None:
    binder = Binder(basis_of(SOURCES, THREAD, marks=2))
    assert not text or binder.try_text(text)
    if text:
        binder.accept()
    assert binder.may_end() is is_whole


def test_tokens_of_any_length_lead_to_the_same() -> None:
    text = "Dear Jorge, we open at 8:30 [1] and it costs $1,250.00 or call 860-555-0142. [2]"
    for size in (1, 2, 3, 5, 8, 13, 200):
        binder = Binder(basis_of(SOURCES, THREAD, marks=2))
        for start in range(0, len(text), size):
            assert binder.try_text(text[start : start + size]), (size, start)
            binder.accept()


def test_a_text_that_was_only_tried_leaves_no_trace() -> None:
    binder = Binder(basis_of(SOURCES, THREAD, marks=2))
    assert binder.try_text("at 17")
    assert binder.try_text("at 8")
    binder.accept()
    assert binder.try_text(":30 ")
    assert not binder.try_text(":00 ")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whoever_writes_at_random_states_nothing_that_is_not_held(data: st.DataObject) -> None:
    """A writer with random wishes, one to three characters at a time, over letters, digits and signs."""
    binder = Binder(basis_of(SOURCES, THREAD, marks=2))
    pieces = st.text(
        alphabet="0123456789:.,- $[]()@" + "AaDeMOiorv" + string.ascii_lowercase[:6], min_size=1, max_size=3
    )
    text = ""
    for piece in data.draw(st.lists(pieces, max_size=60)):
        if binder.try_text(piece):
            binder.accept()
            text += piece
    while text and not binder.may_end():
        for char in "0123456789:.,abcdefghijklmnopqrstuvwxyz@/":
            if binder.try_text(char):
                binder.accept()
                text += char
                break
        else:
            return  # the writer is stuck: the worker ends such a text without its last word
        if len(text) > 400:
            return
    held = " ".join(SOURCES)
    numbers = set(re.findall(r"\d+(?:[.,:/]\d+)*", held)) | {"1250.00"}
    groups = {group for number in numbers for group in re.findall(r"\d+", number)}
    without_marks = re.sub(r"\[[12, ]*\]", " ", text)
    for group in re.findall(r"\d+", without_marks):
        assert group in groups or any(group == "".join(("860", "555", "0142")[:n]) for n in (1, 2, 3)), text
