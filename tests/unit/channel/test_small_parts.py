"""Digests, links, signatures, schemas, receipts and threads, each by itself."""

from dataclasses import replace

import pytest

from app.channel.chains import Chain, first_key
from app.channel.digests import digest, office_id, short_digest, token_hash
from app.channel.errors import DocumentRefusedError, LinkFormatError
from app.channel.invitation import Invitation
from app.channel.issuing import sign_card, sign_certificate, write_notice
from app.channel.kinds import Kind, Role, check_content, chunk_count
from app.channel.receipts import Receipt, countersign, is_countersigned, shown_digest
from app.channel.records import Card, Certificate
from app.channel.schema import binary, check_object, flag, many, matching, read_object, text, whole
from app.channel.signing import Signed, Signer, is_signed
from app.channel.threads import MAX_AWAITED, MAX_ENDS, Thread
from app.crypto.derive import derive_key
from tests.support.channel import NOW_MS, NOW_S, SHOWN, Office, Pair, fixed


def test_a_digest_tells_where_one_part_ends_and_the_next_begins() -> None:
    rows = [("a", b"bc"), ("ab", b"c"), ("a", b"b", b"c"), ("a", b"", b"bc"), ("a", b"bc", b""), ("abc",)]
    assert len({digest(label, *parts) for label, *parts in rows}) == len(rows)
    assert digest("a", b"bc") != derive_key(bytes(32), "a", b"bc")
    assert short_digest("a", b"bc") == digest("a", b"bc")[:16]


def test_names_of_offices_and_tokens_are_digests_under_their_own_labels() -> None:
    assert office_id(bytes(32)) == digest("office", bytes(32)) != token_hash(bytes(32))


def test_a_link_comes_back_whatever_the_page_is_called() -> None:
    made = Office().invite()
    for base in ("https://desk.example.org", "https://desk.example.org/", "http://127.0.0.1:8080"):
        assert Invitation.parse(made.link(base)) == made
    assert Invitation.parse(made.link("https://example.org/practice")) == made


@pytest.mark.parametrize("link", ["", "x" * 3_000, "https://h/c#1.a.b.c", "javascript:alert(1)#1.a.b.c"])
def test_anything_else_is_no_link(link: str) -> None:
    with pytest.raises(LinkFormatError):
        Invitation.parse(link)


def test_a_signature_holds_for_its_key_its_label_and_its_bytes() -> None:
    signer, other = Signer(fixed("one")), Signer(fixed("two"))
    signed = Signed.make("card", b"bytes", signer)
    assert signed.holds("card", signer.public)
    assert not signed.holds("roster", signer.public)
    assert not signed.holds("card", other.public)
    assert not replace(signed, data=b"other").holds("card", signer.public)
    assert not is_signed(b"m", signer.sign(b"m")[:63], signer.public)
    assert not is_signed(b"m", signer.sign(b"m"), signer.public[:31])


def test_a_signature_by_the_key_of_the_identity_point_is_refused() -> None:
    """libsodium refuses public keys of small order, under which a zero signature would fit many messages."""
    identity = b"\1" + bytes(31)
    assert not is_signed(b"m", identity + bytes(32), identity)


def test_the_office_does_not_sign_what_a_receiver_would_refuse() -> None:
    office = Office()
    card = Card.parse(office.cards[0][0].data)
    for bad in (
        replace(card, until_s=card.issued_s + 31 * 86_400),
        replace(card, boxes=()),
        replace(card, desks=65),
        replace(card, seq=-1),
        replace(card, office=bytes(31)),
    ):
        with pytest.raises(ValueError):
            sign_card(office.admin, bad)
    with pytest.raises(ValueError):
        write_notice(replace(office.notice, sector="bakery"))
    with pytest.raises(ValueError):
        write_notice(replace(office.notice, emergency=()))
    with pytest.raises(ValueError, match="another root"):
        sign_certificate(office.admin, Certificate(office.root.public, office.admin.public, 1, NOW_S))


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (whole(1, 3), [1, 3], [0, 4, True, "1", None, 1.0]),
        (text(1, 4), ["a", "éé"], ["", "ééé", "a\0", 1, None]),
        (matching("[a-z]+", 3), ["abc"], ["abcd", "A", "a\n", ""]),
        (binary(1), ["AA"], ["A", "AB", "AA==", "AA\n", "é", 1]),
        (many(flag, 1, 2), [[True], [True, False]], [[], [True] * 3, [1], True]),
    ],
)
def test_a_check_takes_what_it_says(check, good, bad) -> None:
    for value in good:
        check(value)
    for value in bad:
        with pytest.raises(ValueError):
            check(value)


def test_an_object_has_all_its_keys_and_no_other() -> None:
    schema = {"a": flag}
    assert read_object(b'{"a":true}', schema, 100) == {"a": True}
    for value in ({}, {"a": True, "b": 1}, [], None, {"A": True}):
        with pytest.raises(ValueError):
            check_object(value, schema)
    with pytest.raises(ValueError, match="too long"):
        read_object(b'{"a":true}', schema, 9)


@pytest.mark.parametrize("role", list(Role))
def test_each_side_says_only_its_own_kinds(role: Role) -> None:
    patient_only = {Kind.CONSENT, Kind.WITHDRAW, Kind.ASSISTANT, Kind.ERASE}
    desk_only = {Kind.RECEIPT, Kind.AWAY, Kind.RENEW, Kind.ERASED, Kind.DESK}
    for kind in desk_only if role is Role.PATIENT else patient_only:
        with pytest.raises(ValueError, match="side"):
            check_content(role, kind, {})


def test_chunks_are_counted_in_classes() -> None:
    assert [chunk_count(size) for size in (1, 65_536, 65_537, 3 * 65_536, 26_214_400)] == [1, 1, 2, 4, 400]
    with pytest.raises(ValueError):
        chunk_count(26_214_401)


def test_a_receipt_is_countersigned_by_one_desk_for_one_signature() -> None:
    pair = Pair.strangers()
    receipt, desk = pair.receipt(), pair.office.desk_key
    content = countersign(receipt, desk)
    assert is_countersigned(receipt, content, desk.public)
    assert not is_countersigned(pair.receipt(assistant=False), content, desk.public)
    assert not is_countersigned(receipt, content, pair.office.admin.public)
    assert not is_countersigned(replace(receipt, signature=bytes(64)), content, desk.public)


def test_a_receipt_says_what_was_agreed_to() -> None:
    pair = Pair.strangers()
    agreed = {"office": pair.office.id, "address": pair.invitation.address}
    found = Receipt.open(pair.receipt(assistant=False), pair.patient.signer.public, **agreed)
    assert (found.assistant, found.language, found.at_ms) == (False, "en", NOW_MS)
    assert found.shown == shown_digest(SHOWN) != shown_digest(SHOWN + " ")
    with pytest.raises(DocumentRefusedError, match="receipt"):
        Receipt.open(pair.receipt(), pair.office.root.public, **agreed)


def test_a_sender_who_forks_without_end_fills_no_memory() -> None:
    thread = Thread(fixed("sender", 16))
    for number in range(1_000):
        thread, _ = thread.with_frame(fixed(f"before {number}", 16), fixed(f"{number}", 16), NOW_MS, prev_came=False)
    assert len(thread.ends) == MAX_ENDS
    assert len(thread.awaited) == MAX_AWAITED


def test_a_digest_is_found_only_where_a_frame_stands() -> None:
    """Half of one digest and half of the next are no frame."""
    chain = Chain(bytes(16), b"", first_key(fixed("root"), Role.PATIENT, bytes(16)))
    one, two = fixed("one", 16), fixed("two", 16)
    chain = chain.with_frame(0, one, NOW_MS).with_frame(1, two, NOW_MS).with_frame(3, one, NOW_MS)
    assert chain.has(one)
    assert chain.has(two)
    assert not chain.has(one[8:] + two[:8])
    assert not chain.has(bytes(16))
    assert chain.digest_at(2) == b""
    assert chain.height == 1
