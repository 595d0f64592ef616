"""Vectors of the office's documents: one good chain of cards, and what must be refused with which code."""

import json
from dataclasses import replace
from typing import Any

from app.channel.documents import OfficeDocument, SeenOffice, dump_office_document
from app.channel.errors import DocumentRefusedError
from app.channel.issuing import notice_digest, sign_card, sign_certificate, sign_roster_entry, write_notice
from app.channel.records import Card, Certificate, RosterEntry
from app.channel.signing import Signed, Signer
from app.domain.strict_json import from_base64, to_base64
from tests.support.channel import DAY_S, NOW_S, Office, fixed


def documents(office: Office) -> dict[str, Any]:
    first = office.document_json()
    office.renew_card(NOW_S + 7 * DAY_S)
    second = office.document_json()
    opened = OfficeDocument.open(first, office.id, now_s=NOW_S)
    return {
        "now_s": NOW_S,
        "keys": {
            "root_seed": fixed("root"),
            "root": office.root.public,
            "admin_seed": fixed("admin"),
            "admin": office.admin.public,
            "desk_seed": fixed("desk sign"),
            "desk_sign": office.desk_key.public,
            "box_secrets": [fixed("box 1"), fixed("box 2")],
        },
        "office": office.id,
        "fp20": office.id[:20],
        "certificate_json": office.certificate.data.decode(),
        "certificate_sig": office.certificate.signature,
        "card_json": office.cards[0][0].data.decode(),
        "card_sig": office.cards[0][0].signature,
        "card_digest": opened.card_digest,
        "card_name": opened.card_name,
        "notice_json": office.notice_data.decode(),
        "notice_digest": notice_digest(office.notice_data),
        "roster_json": office.roster.data.decode(),
        "roster_sig": office.roster.signature,
        "office_json": first.decode(),
        "next_office_json": second.decode(),
        "cases": _cases(office, first, second),
        "roster_cases": _roster_cases(office),
    }


def _cases(office: Office, first: bytes, second: bytes) -> list[dict[str, Any]]:
    now, none = NOW_S, SeenOffice()
    seen_first = OfficeDocument.open(first, office.id, now_s=now).seen
    seen_second = OfficeDocument.open(second, office.id, now_s=now + 7 * DAY_S).seen
    stranger = Office(root=Signer(fixed("another root"))).document_json()
    rows: list[tuple[str, bytes, bytes, int, SeenOffice]] = [
        ("the first card", first, office.id, now, none),
        ("by its fingerprint", first, office.id[:20], now, none),
        ("the same card again", first, office.id, now, seen_first),
        ("the next card", second, office.id, now + 7 * DAY_S, seen_first),
        ("an older card", first, office.id, now, seen_second),
        ("an older certificate", first, office.id, now, replace(seen_first, certificate_seq=2)),
        ("another card under the same number", first, office.id, now, replace(seen_first, card_digest=bytes(32))),
        (
            "a next card that names another one before",
            second,
            office.id,
            now + 7 * DAY_S,
            replace(seen_first, card_digest=bytes(32)),
        ),
        ("another office", stranger, office.id, now, none),
        ("a fingerprint that is too short", first, office.id[:19], now, none),
        ("a card in its last second", first, office.id, now + 30 * DAY_S - 1, none),
        ("a card that is over", first, office.id, now + 30 * DAY_S, none),
        ("a card from a day ahead", first, office.id, now - DAY_S, none),
        ("a card from more than a day ahead", first, office.id, now - DAY_S - 1, none),
        *((name, data, office.id, now, none) for name, data in _altered(office, first)),
    ]
    return [_case(*row) for row in rows]


def _case(name: str, data: bytes, expected: bytes, now_s: int, seen: SeenOffice) -> dict[str, Any]:
    try:
        OfficeDocument.open(data, expected, now_s=now_s, seen=seen)
        code = "ok"
    except DocumentRefusedError as refused:
        code = refused.code
    return {
        "name": name,
        "json_hex": data,
        "expected_office": expected,
        "now_s": now_s,
        "seen": {"certificate_seq": seen.certificate_seq, "card_seq": seen.card_seq, "card_digest": seen.card_digest},
        "result": code,
    }


def _altered(office: Office, first: bytes) -> list[tuple[str, bytes]]:
    fields = json.loads(first)
    card = Card.parse(from_base64(fields["card"]))
    certificate = Certificate.parse(office.certificate.data)
    other_notice = write_notice(replace(office.notice, version=2))

    def outer(**changed: object) -> bytes:
        return json.dumps(fields | changed).encode()

    def resigned(card: Card) -> bytes:
        return dump_office_document(office.certificate, sign_card(office.admin, card), office.notice_data)

    def raw_card(change: dict[str, object]) -> bytes:
        data = json.dumps(json.loads(from_base64(fields["card"])) | change).encode()
        return dump_office_document(office.certificate, Signed.make("card", data, office.admin), office.notice_data)

    return [
        ("a broken certificate signature", outer(certificate_sig=to_base64(bytes(64)))),
        ("a broken card signature", outer(card_sig=to_base64(bytes(64)))),
        ("another notice", outer(notice=to_base64(other_notice))),
        (
            "a card signed by the root",
            dump_office_document(
                office.certificate, Signed.make("card", from_base64(fields["card"]), office.root), office.notice_data
            ),
        ),
        (
            "a card signed as something else",
            dump_office_document(
                office.certificate, Signed.make("roster", from_base64(fields["card"]), office.admin), office.notice_data
            ),
        ),
        ("a card of another office", resigned(replace(card, office=bytes(32)))),
        (
            "a certificate that is over",
            dump_office_document(
                sign_certificate(office.root, replace(certificate, until_s=NOW_S)),
                office.cards[0][0],
                office.notice_data,
            ),
        ),
        ("an unknown key", outer(more=1)),
        ("a missing key", json.dumps({k: v for k, v in fields.items() if k != "notice"}).encode()),
        ("another version", outer(v=2)),
        ("a version that is a truth value", outer(v=True)),
        ("a key twice", first[:-1] + b',"v":1}'),
        ("base64 with padding", outer(card_sig=fields["card_sig"] + "=")),
        ("base64 of the wrong size", outer(card_sig=to_base64(bytes(63)))),
        ("not an object", b"[]"),
        ("nothing", b""),
        ("a card for more than 30 days", raw_card({"until_s": NOW_S + 30 * DAY_S + 1})),
        ("a card without a box", raw_card({"boxes": []})),
        ("a card with five boxes", raw_card({"boxes": [to_base64(bytes(32))] * 5})),
        ("a card with a number that is a string", raw_card({"seq": "1"})),
        ("a card with a fraction", raw_card({"seq": 1.0})),
        ("a card with no desk", raw_card({"desks": 0})),
    ]


def _roster_cases(office: Office) -> list[dict[str, Any]]:
    entry = RosterEntry.parse(office.roster.data)
    other = sign_roster_entry(office.admin, replace(entry, office=bytes(32)))
    rows = [
        ("good", office.roster, NOW_S, 1, "ok"),
        ("older than known", office.roster, NOW_S, 2, "older"),
        ("over", office.roster, entry.until_s, 1, "expired"),
        ("of another office", other, NOW_S, 1, "office"),
        ("signed by the root", Signed.make("roster", office.roster.data, office.root), NOW_S, 1, "signature"),
        ("signed as a card", Signed.make("card", office.roster.data, office.admin), NOW_S, 1, "signature"),
        ("no entry", Signed.make("roster", b"{}", office.admin), NOW_S, 1, "malformed"),
    ]
    return [
        {"name": name, "json_hex": one.data, "sig": one.signature, "now_s": now, "least_epoch": least, "result": result}
        for name, one, now, least, result in rows
    ]
