"""The office file that enrols an office here, and the public document inside it.

The gateway cannot check signatures (it holds no key, and its readers check them anyway). It checks the shape, that the
parts speak of one office, and that a document never goes back.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.digests import digest
from app.domain.post import MAX_DOCUMENT_BYTES
from app.domain.post_sign_in import OFFICE_BYTES
from app.domain.strict_json import dump_object, from_base64, load_object
from app.gateway.errors import OfficeFileError

_HASH_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_KEY_BYTES: Final = 32
_MAX_FILE_BYTES: Final = MAX_DOCUMENT_BYTES + 1_024
_PARTS: Final = frozenset({"v", "certificate", "certificate_sig", "card", "card_sig", "notice"})


@dataclass(frozen=True, slots=True)
class OfficeDocument:
    """What ``GET /office.json`` answers, and the three things in it that the gateway needs to know."""

    raw: bytes
    office: bytes
    seq: int
    opens_door: bool

    def __repr__(self) -> str:
        return f"<OfficeDocument seq {self.seq}>"


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """Who may sign in as the desk of which office: the hash of its token, never the token."""

    office: bytes
    token_hash: bytes
    document: OfficeDocument

    def __repr__(self) -> str:
        return "<OfficeFile>"


def read_office_file(untrusted: bytes) -> OfficeFile:
    """Return the office in a file that the console wrote for IT.

    Raises:
        OfficeFileError: not such a file; ``code`` names the part that is wrong.

    Source: channel specification, gateway protocol, enrolment.
    """
    try:
        fields = load_object(untrusted, _MAX_FILE_BYTES)
    except ValueError as problem:
        raise OfficeFileError("not_json") from problem
    if fields.keys() != {"v", "office", "token_hash", "document"} or type(fields["v"]) is not int or fields["v"] != 1:
        raise OfficeFileError("other_fields")
    try:
        office = from_base64(fields["office"], OFFICE_BYTES)
        token_hash = from_base64(fields["token_hash"], _HASH_BYTES)
    except ValueError as problem:
        raise OfficeFileError("not_base64") from problem
    if not isinstance(fields["document"], dict):
        raise OfficeFileError("document")
    document = read_document(dump_object(fields["document"]))
    if document.office != office:
        raise OfficeFileError("another_office")
    return OfficeFile(office, token_hash, document)


def read_document(untrusted: bytes) -> OfficeDocument:
    """Return an office document whose parts fit one another.

    Raises:
        OfficeFileError: its shape is another, or its parts speak of different offices.
    """
    try:
        fields = load_object(untrusted, MAX_DOCUMENT_BYTES)
        if fields.keys() != _PARTS or type(fields["v"]) is not int or fields["v"] != 1:
            raise OfficeFileError("document")
        for name in ("certificate_sig", "card_sig"):
            from_base64(fields[name], _SIGNATURE_BYTES)
        certificate, card, _notice = (
            load_object(from_base64(fields[name]), MAX_DOCUMENT_BYTES) for name in ("certificate", "card", "notice")
        )
        office = from_base64(card.get("office"), OFFICE_BYTES)
        root = from_base64(certificate.get("root"), _KEY_BYTES)
    except ValueError as problem:
        raise OfficeFileError("document") from problem
    seq, opens_door = card.get("seq"), card.get("open_door")
    if type(seq) is not int or seq < 0 or type(opens_door) is not bool:
        raise OfficeFileError("card")
    if digest("office", root) != office:
        raise OfficeFileError("another_office")
    return OfficeDocument(untrusted, office, seq, opens_door)
