"""A gateway that lost its mailboxes, or was told to forget them: the desk has them made again, for the same pages."""

import pytest

from app.channel.digests import token_hash
from app.domain.strict_json import to_base64
from app.services.channel.mailboxes import Mailboxes
from app.store.channel.invitations import due_errands
from app.store.channel.outbox import count_waiting
from tests.unit.services.channel.conftest import Practice

_PAGES_OWN, _INVITED = token_hash(b"a token that only the page has...")[:32], b"i" * 32
_FAR = 2**53 - 1


def told(address: bytes, hash_: bytes = _PAGES_OWN, *, claimed: bool = True, until_ms: int = 7) -> dict[str, object]:
    return {"address": to_base64(address), "token_hash": to_base64(hash_), "claimed": claimed, "until_ms": until_ms}


def holdings(*mailboxes: object) -> dict[str, object]:
    return {"mailboxes": list(mailboxes)}


def errands(practice: Practice) -> list[tuple[str, bytes, bytes, int]]:
    with practice.desk.ledger.reading() as connection:
        due = due_errands(connection, practice.desk.ledger.now_ms(), 100)
    return [(one.kind, one.address, one.payload, one.until_ms) for one in due]


@pytest.fixture
def mailboxes(practice: Practice) -> Mailboxes:
    return Mailboxes(practice.desk.ledger)


def test_what_the_gateway_lost_is_opened_again_for_the_same_page(practice: Practice, mailboxes: Mailboxes) -> None:
    patient, cid = practice.meet("Good morning")
    assert mailboxes.compare(holdings(told(patient.address))) == 0
    assert errands(practice) == []
    practice.reply(cid, "Come at nine.")
    practice.run()
    assert Mailboxes(practice.desk.ledger).compare(holdings()) == 1
    assert errands(practice) == [("open", patient.address, _PAGES_OWN, _FAR)]
    with practice.desk.ledger.reading() as connection:
        assert count_waiting(connection).unsent > 0, "what had not arrived is sent again"


def test_an_open_invitation_is_opened_until_its_own_end(practice: Practice, mailboxes: Mailboxes) -> None:
    patient = practice.invite()
    mailboxes.compare(holdings(told(patient.address, _INVITED, claimed=False, until_ms=99)))
    assert mailboxes.compare(holdings()) == 1
    assert errands(practice) == [("open", patient.address, _INVITED, 99)]


def test_mailboxes_that_are_nobodys_are_neither_remembered_nor_made(practice: Practice, mailboxes: Mailboxes) -> None:
    mailboxes.compare(holdings(told(b"n" * 16)))
    assert mailboxes.compare(holdings()) == 0
    patient = practice.invite()
    mailboxes.compare(holdings(told(patient.address)))
    practice.desk.channel.revoke(practice.desk.channel.invitations()[0].invite_id)
    practice.run()
    assert mailboxes.compare(holdings()) == 0


def test_the_newest_hash_counts(practice: Practice, mailboxes: Mailboxes) -> None:
    patient = practice.invite()
    mailboxes.compare(holdings(told(patient.address, _INVITED, claimed=False)))
    mailboxes.compare(holdings(told(patient.address)))
    mailboxes.compare(holdings())
    assert errands(practice)[0][2:] == (_PAGES_OWN, _FAR)


@pytest.mark.parametrize(
    "wrong",
    [
        7,
        {},
        {"address": "?"},
        told(b"short"),
        told(b"a" * 16, b"short"),
        {**told(b"a" * 16), "until_ms": None, "claimed": False},
        {**told(b"a" * 16), "token_hash": 5},
    ],
)
def test_what_a_lying_gateway_tells_is_passed_over(practice: Practice, mailboxes: Mailboxes, wrong: object) -> None:
    patient = practice.invite()
    assert mailboxes.compare(holdings(wrong, told(patient.address))) == 0
    assert mailboxes.compare(holdings(wrong)) == 1
