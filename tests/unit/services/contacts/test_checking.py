"""What a desk writes down of a contact: taken, made plain, or refused with the place of the slip."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.contact import NOTHING_KNOWN, ContactDetails, ContactField
from app.services.contacts.checking import MAX_ENTRIES, UntrustedDetails, check_details
from app.services.contacts.errors import DetailFault, InvalidDetailError

TODAY = date(2026, 11, 24)


def check(which: ContactField, *entries: str, country: str = "us") -> ContactDetails:
    return check_details(UntrustedDetails({which: entries}), today=TODAY, country=country)


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("us", "(860) 555-0142", "+1 860 555 0142"),
        ("us", "860.555.0142 x12", "+1 860 555 0142 ext. 12"),
        ("gb", "01632 960983", "+44 1632 960983"),
        ("us", "+44 1632 960 983", "+44 1632 960983"),
        ("de", "030 23125 012", "+49 30 23125012"),
    ],
)
def test_a_phone_is_kept_as_it_is_dialled_from_abroad(country: str, typed: str, kept: str) -> None:
    assert check(ContactField.PHONES, typed, country=country).phones == (kept,)


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("us", "3/4/1984"), ("us", "03/04/84"), ("gb", "4/3/1984"), ("us", "4.3.84"), ("us", "1984-03-04"),
        ("us", "March 4th, 1984"), ("gb", "4 march 84"), ("gb", "4th of Mar. 1984"), ("us", "mar 4 '84"),
    ],
)  # fmt: skip
def test_a_birth_date_is_read_as_people_write_it(country: str, typed: str) -> None:
    assert check(ContactField.BIRTH_DATE, typed, country=country).birth_date == date(1984, 3, 4)


def test_two_digits_of_a_year_are_the_latest_that_has_been() -> None:
    assert check(ContactField.BIRTH_DATE, "1/2/25").birth_date == date(2025, 1, 2)
    assert check(ContactField.BIRTH_DATE, "1/2/27").birth_date == date(1927, 1, 2)


@pytest.mark.parametrize(
    ("which", "typed", "fault"),
    [
        (ContactField.PHONES, "555", DetailFault.NO_PHONE),
        (ContactField.PHONES, "call the neighbour", DetailFault.NO_PHONE),
        (ContactField.PHONES, "860 555 0142 999 999 999", DetailFault.NO_PHONE),
        (ContactField.EMAILS, "rosa.example.org", DetailFault.NO_EMAIL),
        (ContactField.EMAILS, "rosa@example", DetailFault.NO_EMAIL),
        (ContactField.EMAILS, "ro..sa@example.org", DetailFault.NO_EMAIL),
        (ContactField.EMAILS, "rosa@example.org, bo@example.org", DetailFault.NO_EMAIL),
        (ContactField.BIRTH_DATE, "sometime in May", DetailFault.NO_DATE),
        (ContactField.BIRTH_DATE, "31 February 1990", DetailFault.NO_DATE),
        (ContactField.BIRTH_DATE, "2026-11-25", DetailFault.DATE_AHEAD),
        (ContactField.BIRTH_DATE, "1886-11-24", DetailFault.DATE_TOO_EARLY),
        (ContactField.RECORD_NUMBERS, "A7", DetailFault.NO_NUMBER),
        (ContactField.RECORD_NUMBERS, "chart", DetailFault.NO_NUMBER),
        (ContactField.OTHER_NAMES, "12", DetailFault.NO_NAME),
        (ContactField.RELATIVES, "x" * 121, DetailFault.TOO_LONG),
        (ContactField.ADDRESS, "12345", DetailFault.NO_ADDRESS),
        (ContactField.ADDRESS, "x" * 301, DetailFault.TOO_LONG),
        (ContactField.OTHER_NAMES, "Ro\0sa", DetailFault.BROKEN_CHARACTERS),
        (ContactField.OTHER_NAMES, "Ro\ud800sa", DetailFault.BROKEN_CHARACTERS),
    ],
)
def test_a_slip_is_refused_with_its_place_and_without_its_words(
    which: ContactField, typed: str, fault: DetailFault
) -> None:
    with pytest.raises(InvalidDetailError) as caught:
        check(which, typed)
    assert (caught.value.fault, caught.value.which, caught.value.place) == (fault, which, 0)
    assert str(caught.value) == fault.value


def test_the_second_of_two_phones_is_named_when_it_is_the_one() -> None:
    with pytest.raises(InvalidDetailError) as caught:
        check(ContactField.PHONES, "860 555 0142", "", "12")
    assert caught.value.place == 1


def test_what_is_written_twice_is_kept_once_and_blank_lines_count_not() -> None:
    kept = check(ContactField.PHONES, "860 555 0142", "  ", "(860) 555-0142", "+18605550142")
    assert kept.phones == ("+1 860 555 0142",)
    assert check(ContactField.EMAILS, "Rosa@Example.ORG", "rosa@example.org").emails == ("Rosa@example.org",)
    with pytest.raises(InvalidDetailError):
        check(ContactField.RELATIVES, *(f"Person {number}" for number in range(MAX_ENTRIES + 1)))


def test_an_address_of_several_lines_stands_on_one() -> None:
    kept = check(ContactField.ADDRESS, " 12  Elm Street,\n Springfield ,\n\nMA 01101 ")
    assert kept.address == "12 Elm Street, Springfield, MA 01101"


def test_nothing_is_something_that_can_be_known() -> None:
    assert check_details(UntrustedDetails({}), today=TODAY, country="us") == NOTHING_KNOWN
    assert NOTHING_KNOWN.is_empty


def test_a_repr_says_nothing() -> None:
    assert "Rosa" not in repr(check(ContactField.OTHER_NAMES, "Rosa Melor"))


@given(which=st.sampled_from(ContactField), typed=st.text(max_size=40), country=st.sampled_from(["us", "gb", "", "zz"]))
def test_whatever_is_typed_is_taken_or_refused_and_what_is_taken_is_taken_again(
    which: ContactField, typed: str, country: str
) -> None:
    try:
        kept = check(which, typed, country=country)
    except InvalidDetailError:
        return
    assert check(which, *kept.get(which), country=country) == kept
