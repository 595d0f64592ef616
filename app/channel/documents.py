"""What the office publishes, signed: certificate, card and notice in one document.

A receiver trusts nothing but the office id (whole, or its first 20 bytes in a link); everything else follows from it
by signatures. The bytes that were signed are carried along, never written anew.
"""

from dataclasses import dataclass
from typing import Final, Self

from app.channel.digests import digest, office_id, short_digest
from app.channel.errors import DocumentRefusedError
from app.channel.invitation import FINGERPRINT_BYTES
from app.channel.records import MAX_NOTICE_BYTES, MAX_SMALL_BYTES, Card, Certificate, Notice
from app.channel.schema import Schema, binary, binary_up_to, read_object, whole
from app.channel.signing import SIGNATURE_BYTES, Signed
from app.domain.strict_json import dump_object, to_base64

MAX_DOCUMENT_BYTES: Final = 32_768
MAX_AHEAD_S: Final = 24 * 3_600
"""So far ahead may the office's clock run."""
_OFFICE: Final[Schema] = {
    "v": whole(1, 1),
    "certificate": binary_up_to(MAX_SMALL_BYTES),
    "certificate_sig": binary(SIGNATURE_BYTES),
    "card": binary_up_to(MAX_SMALL_BYTES),
    "card_sig": binary(SIGNATURE_BYTES),
    "notice": binary_up_to(MAX_NOTICE_BYTES),
}


@dataclass(frozen=True, slots=True)
class SeenOffice:
    """The highest that a receiver has accepted of one office; starts at nothing."""

    certificate_seq: int = 0
    card_seq: int = -1
    card_digest: bytes = b""


@dataclass(frozen=True, slots=True)
class OfficeDocument:
    """A document whose signatures, dates and sequence were checked."""

    certificate: Certificate
    card: Card
    notice: Notice
    certificate_signed: Signed
    card_signed: Signed
    notice_data: bytes

    @classmethod
    def open(
        cls,
        untrusted_json: bytes,
        expected: bytes,
        *,
        now_s: int,
        seen: SeenOffice = SeenOffice(),
    ) -> Self:
        """Return what ``GET /office.json`` gave, or refuse it.

        Args:
            untrusted_json: at most 32,768 bytes.
            expected: the office id (32 B) or its first 20 bytes from a link.
            now_s: Unix time, seconds.
            seen: what this receiver accepted of this office before.

        Raises:
            DocumentRefusedError: malformed, office, signature, notice, expired, not_yet, older or forked.

        Source: channel.md §2.
        """
        document = cls._parse(untrusted_json)
        _require_office(document, expected)
        _require_dates(document, now_s)
        _require_newer(document, seen)
        return document

    @classmethod
    def _parse(cls, untrusted_json: bytes) -> Self:
        try:
            outer = read_object(untrusted_json, _OFFICE, MAX_DOCUMENT_BYTES)
            return cls(
                Certificate.parse(outer["certificate"]),
                Card.parse(outer["card"]),
                Notice.parse(outer["notice"]),
                Signed(outer["certificate"], outer["certificate_sig"]),
                Signed(outer["card"], outer["card_sig"]),
                outer["notice"],
            )
        except ValueError:
            raise DocumentRefusedError("malformed") from None

    @property
    def office_id(self) -> bytes:
        """The name of the office, 32 bytes."""
        return office_id(self.certificate.root)

    @property
    def card_digest(self) -> bytes:
        """What the next card names as ``prev``, 32 bytes; in the prologue of handshakes."""
        return digest("card", self.card_signed.data)

    @property
    def card_name(self) -> bytes:
        """The card in the header of a hello, 16 bytes."""
        return short_digest("card", self.card_signed.data)

    @property
    def seen(self) -> SeenOffice:
        """What a receiver remembers of this document."""
        return SeenOffice(self.certificate.seq, self.card.seq, self.card_digest)

    def dump(self) -> bytes:
        """Return the JSON that the gateway serves at ``/office.json``."""
        return dump_office_document(self.certificate_signed, self.card_signed, self.notice_data)


def dump_office_document(certificate: Signed, card: Signed, notice: bytes) -> bytes:
    """Return the JSON that the gateway serves at ``/office.json``."""
    return dump_object(
        {
            "v": 1,
            "certificate": to_base64(certificate.data),
            "certificate_sig": to_base64(certificate.signature),
            "card": to_base64(card.data),
            "card_sig": to_base64(card.signature),
            "notice": to_base64(notice),
        }
    )


def _require_office(document: OfficeDocument, expected: bytes) -> None:
    if len(expected) < FINGERPRINT_BYTES or not document.office_id.startswith(expected):
        raise DocumentRefusedError("office")
    if document.card.office != document.office_id:
        raise DocumentRefusedError("office")
    if not document.certificate_signed.holds("admin certificate", document.certificate.root):
        raise DocumentRefusedError("signature")
    if not document.card_signed.holds("card", document.certificate.admin):
        raise DocumentRefusedError("signature")
    if digest("notice", document.notice_data) != document.card.notice:
        raise DocumentRefusedError("notice")


def _require_dates(document: OfficeDocument, now_s: int) -> None:
    if now_s >= min(document.certificate.until_s, document.card.until_s):
        raise DocumentRefusedError("expired")
    if document.card.issued_s > now_s + MAX_AHEAD_S:
        raise DocumentRefusedError("not_yet")


def _require_newer(document: OfficeDocument, seen: SeenOffice) -> None:
    if document.certificate.seq < seen.certificate_seq or document.card.seq < seen.card_seq:
        raise DocumentRefusedError("older")
    if document.card.seq == seen.card_seq and document.card_digest != seen.card_digest:
        raise DocumentRefusedError("forked")
    if document.card.seq == seen.card_seq + 1 and seen.card_digest and document.card.prev != seen.card_digest:
        raise DocumentRefusedError("forked")
