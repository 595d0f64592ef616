"""The consent receipt: what was shown, what was agreed to, signed by the patient and countersigned by the desk."""

from dataclasses import dataclass, fields
from typing import Final, Self

from app.channel.digests import DIGEST_BYTES, ID_BYTES, digest
from app.channel.errors import DocumentRefusedError
from app.channel.kinds import MAX_RECEIPT_BYTES, Content
from app.channel.schema import Schema, binary, flag, matching, read_object, whole
from app.channel.signing import Signed, Signer, is_signed
from app.domain.strict_json import dump_object, to_base64

_LABEL: Final = "receipt"
_COUNTERSIGNED: Final = "receipt countersigned"
_SCHEMA: Final[Schema] = {
    "v": whole(1, 1),
    "office": binary(DIGEST_BYTES),
    "notice": binary(DIGEST_BYTES),
    "notice_version": whole(1),
    "language": matching("[a-z]{2,3}", 3),
    "shown": binary(DIGEST_BYTES),
    "assistant": flag,
    "address": binary(ID_BYTES),
    "at_ms": whole(),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A consent: ``notice`` and ``shown`` are digests (``shown_digest``), ``assistant`` whether it may propose."""

    office: bytes
    notice: bytes
    notice_version: int
    language: str
    shown: bytes
    assistant: bool
    address: bytes
    at_ms: int

    def sign(self, patient: Signer) -> Signed:
        """Return the receipt, signed by the patient's key v_P."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        written = {key: to_base64(value) if isinstance(value, bytes) else value for key, value in plain.items()}
        return Signed.make(_LABEL, dump_object({"v": 1} | written), patient)

    @classmethod
    def open(cls, untrusted: Signed, verify: bytes, *, office: bytes, address: bytes) -> Self:
        """Return the receipt that the holder of ``verify`` signed for this office and mailbox.

        Raises:
            DocumentRefusedError: receipt.

        Source: channel.md §8.
        """
        try:
            found = read_object(untrusted.data, _SCHEMA, MAX_RECEIPT_BYTES)
        except ValueError:
            raise DocumentRefusedError("receipt") from None
        if not untrusted.holds(_LABEL, verify) or (found["office"], found["address"]) != (office, address):
            raise DocumentRefusedError("receipt")
        return cls(**{key: value for key, value in found.items() if key != "v"})


def shown_digest(text: str) -> bytes:
    """Return what ``Receipt.shown`` holds for the text that stood on the screen, 32 bytes."""
    return digest("shown", text.encode())


def receipt_object(receipt: Signed) -> Content:
    """Return the content of a receipt in a hello or in a message of kind ``consent``."""
    return {"receipt": receipt.data, "sig": receipt.signature}


def countersign(receipt: Signed, desk: Signer) -> Content:
    """Return the content of the desk's message of kind ``receipt``."""
    signature = desk.sign(digest(_COUNTERSIGNED, receipt.data, receipt.signature))
    return {"receipt": digest(_LABEL, receipt.data), "sig": signature}


def is_countersigned(receipt: Signed, untrusted_content: Content, desk_key: bytes) -> bool:
    """Return whether that content countersigns this receipt."""
    message = digest(_COUNTERSIGNED, receipt.data, receipt.signature)
    is_this = untrusted_content["receipt"] == digest(_LABEL, receipt.data)
    return is_this and is_signed(message, untrusted_content["sig"], desk_key)
