"""The office's side of its documents: writing and signing them."""

from dataclasses import fields
from typing import Any

from app.channel.digests import digest
from app.channel.records import Card, Certificate, Notice, RosterEntry
from app.channel.signing import Signed, Signer
from app.domain.strict_json import dump_object, to_base64


def sign_certificate(root: Signer, certificate: Certificate) -> Signed:
    """Return the certificate, signed by the office's root key.

    Raises:
        ValueError: a field is out of its range, or ``root`` is not the key that the certificate names.
    """
    if certificate.root != root.public:
        raise ValueError("another root")
    return Signed.make("admin certificate", _checked(certificate), root)


def sign_card(admin: Signer, card: Card) -> Signed:
    """Return the card, signed by the office's card key. Raises ValueError when a field is out of its range."""
    return Signed.make("card", _checked(card), admin)


def sign_roster_entry(admin: Signer, entry: RosterEntry) -> Signed:
    """Return the entry of a desk, signed by the office's card key. Raises ValueError as above."""
    return Signed.make("roster", _checked(entry), admin)


def write_notice(notice: Notice) -> bytes:
    """Return the bytes of the notice; the card names their digest. Raises ValueError as above."""
    return _checked(notice)


def notice_digest(notice_data: bytes) -> bytes:
    """Return what ``Card.notice`` holds, 32 bytes."""
    return digest("notice", notice_data)


def _checked(record: Certificate | Card | RosterEntry | Notice) -> bytes:
    """Return the bytes, read again before anybody signs them: what leaves here is what a receiver takes."""
    data = dump_object({"v": 1} | {field.name: _plain(getattr(record, field.name)) for field in fields(record)})
    if type(record).parse(data) != record:
        raise ValueError("the document would not be read as it was meant")
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return to_base64(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
