"""Somebody asks about their own data: found by name, and by anything else that is written down."""

from datetime import date

import pytest

from app.domain.contact import NOTHING_KNOWN, ContactDetails
from app.services.contacts.finding import MatchedBy, Wanted
from app.services.evidence.subjects import ALIKE

TODAY = date(2026, 11, 24)
ROSA = ContactDetails(
    other_names=("Rosalind Quill",),
    birth_date=date(1984, 3, 4),
    phones=("+1 860 555 0142 ext. 12",),
    emails=("rosa.melor@example.org",),
    address="12 Elm Street, Springfield, MA 01101",
    record_numbers=("LQ-4821/b",),
    relatives=("Jorge Melor",),
)


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("rosa melor", MatchedBy.NAME),
        ("Rosa Mellor", MatchedBy.NAME),
        ("rosalind quil", MatchedBy.OTHER_NAME),
        ("jorge melor", MatchedBy.RELATIVE),
        ("(860) 555-0142", MatchedBy.PHONE),
        ("555 0142", MatchedBy.PHONE),
        ("0860 555 0142", MatchedBy.PHONE),
        ("Rosa.Melor@Example.org", MatchedBy.EMAIL),
        ("lq 4821 B", MatchedBy.RECORD_NUMBER),
        ("3/4/84", MatchedBy.BIRTH_DATE),
        ("4 March 1984", MatchedBy.BIRTH_DATE),
        ("12 elm street", MatchedBy.ADDRESS),
    ],
)
def test_a_contact_is_met_by(typed: str, by: MatchedBy) -> None:
    met = Wanted.of(typed, TODAY).meets("Rosa Melor", ROSA)
    assert (met.by, met.alike >= ALIKE) == (by, True)


@pytest.mark.parametrize("typed", ["", "0142", "142", "street", "12", "1984", "org", "+1", "860", "0", "Bo Finch"])
def test_too_little_meets_nobody(typed: str) -> None:
    assert Wanted.of(typed, TODAY).meets("Rosa Melor", ROSA).alike < ALIKE


def test_of_whom_only_the_name_is_known_only_the_name_is_met() -> None:
    assert Wanted.of("rosa melor", TODAY).meets("Rosa Melor", NOTHING_KNOWN).alike == 1
    assert Wanted.of("860 555 0142", TODAY).meets("Rosa Melor", NOTHING_KNOWN).alike < ALIKE
    assert "rosa" not in repr(Wanted.of("rosa", TODAY))
