"""The payloads of hello and answer: ``signature 64 | JSON``, padded (channel.md §5.1 and §5.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.channel.bodies import Item, check_early_item
from app.channel.digests import ID_BYTES, PROTOCOL, digest, short_digest
from app.channel.errors import HandshakeRefusedError
from app.channel.kinds import check_receipt_object, plain_content
from app.channel.noise.dh import DH_BYTES
from app.channel.padding import pad, unpad
from app.channel.receipts import receipt_object
from app.channel.records import MAX_DESKS, MAX_SMALL_BYTES
from app.channel.schema import Schema, binary, binary_up_to, many, read_object, whole
from app.channel.signing import SIGN_KEY_BYTES, SIGNATURE_BYTES, Signed, Signer, is_signed
from app.domain.post_sizes import HEADER_BYTES, PLAIN_CLASSES, Envelope, FrameType, read_envelope
from app.domain.strict_json import dump_object, to_base64

MAX_ITEMS: Final = 8
MAX_HELLOS: Final = 8
WITH_PSK: Final = "IKpsk1"
WITHOUT_PSK: Final = "IK"
_HELLO_CLASSES: Final = PLAIN_CLASSES[1:]
_ANSWER_CLASSES: Final = (1_024,)


def _receipt(value: object) -> Signed | None:
    if value is None:
        return None
    found = check_receipt_object(value)
    return Signed(found["receipt"], found["sig"])


_HELLO: Final[Schema] = {
    "v": whole(1, 1),
    "verify": binary(SIGN_KEY_BYTES),
    "receipt": _receipt,
    "texts": many(check_early_item, 0, MAX_ITEMS),
}
_ANSWER: Final[Schema] = {
    "v": whole(1, 1),
    "desk": binary(ID_BYTES),
    "roster": binary_up_to(MAX_SMALL_BYTES),
    "roster_sig": binary(SIGNATURE_BYTES),
    "desks": whole(1, MAX_DESKS),
}


@dataclass(frozen=True, slots=True)
class HelloFields:
    """What a hello says; ``receipt`` is not checked yet."""

    verify: bytes
    receipt: Signed | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AnswerFields:
    """What an answer says; its signature is checked once the roster entry is."""

    desk: bytes
    roster: Signed
    desks: int
    untrusted_signature: bytes
    signed_part: bytes

    def is_signed_by(self, sign_key: bytes) -> bool:
        """Return whether the desk with this key made the answer."""
        return is_signed(self.signed_part, self.untrusted_signature, sign_key)


def prologue(office: bytes, address: bytes, card_digest: bytes) -> bytes:
    """Return what both ends must agree on before the first message."""
    return b"".join((PROTOCOL, office, address, card_digest))


def hello_chain(ephemeral: bytes) -> bytes:
    """Return the chain of a hello with this ephemeral key, 16 bytes: its name."""
    return short_digest("hello", ephemeral)


def read_handshake_header(untrusted_frame: bytes, type_: FrameType) -> Envelope:
    """Return the header of a hello or an answer.

    Raises:
        HandshakeRefusedError: header.
    """
    try:
        envelope = read_envelope(untrusted_frame)
    except ValueError:
        raise HandshakeRefusedError("header") from None
    ephemeral = untrusted_frame[HEADER_BYTES : HEADER_BYTES + DH_BYTES]
    if envelope.type is not type_ or (type_ is FrameType.HELLO and envelope.chain != hello_chain(ephemeral)):
        raise HandshakeRefusedError("header")
    return envelope


def hello_payload(patient: Signer, receipt: Signed | None, items: Sequence[Item]) -> Callable[[bytes], bytes]:
    """Return the payload of a hello as a function of h. The function raises ValueError when it does not fit."""
    fields: dict[str, object] = {
        "v": 1,
        "verify": to_base64(patient.public),
        "receipt": None if receipt is None else plain_content(receipt_object(receipt)),
        "texts": [item.plain() for item in items],
    }
    return _signed_payload("hello payload", fields, patient, _HELLO_CLASSES)


def answer_payload(desk: bytes, roster: Signed, desks: int, signer: Signer) -> Callable[[bytes], bytes]:
    """Return the payload of an answer as a function of h."""
    fields: dict[str, object] = {
        "v": 1,
        "desk": to_base64(desk),
        "roster": to_base64(roster.data),
        "roster_sig": to_base64(roster.signature),
        "desks": desks,
    }
    return _signed_payload("answer payload", fields, signer, _ANSWER_CLASSES)


def read_hello_payload(untrusted_payload: bytes, payload_hash: bytes) -> HelloFields:
    """Return what a hello says; the key that it names has signed it.

    Raises:
        HandshakeRefusedError: padding, malformed or signature.
    """
    signature, body = _apart(untrusted_payload)
    found = _read(body, _HELLO)
    if not is_signed(digest("hello payload", payload_hash, body), signature, found["verify"]):
        raise HandshakeRefusedError("signature")
    return HelloFields(found["verify"], found["receipt"], found["texts"])


def read_answer_payload(untrusted_payload: bytes, payload_hash: bytes) -> AnswerFields:
    """Return what an answer says.

    Raises:
        HandshakeRefusedError: padding or malformed.
    """
    signature, body = _apart(untrusted_payload)
    found = _read(body, _ANSWER)
    signed = Signed(found["roster"], found["roster_sig"])
    return AnswerFields(found["desk"], signed, found["desks"], signature, digest("answer payload", payload_hash, body))


def _signed_payload(
    label: str, fields: dict[str, object], signer: Signer, classes: tuple[int, ...]
) -> Callable[[bytes], bytes]:
    body = dump_object(fields)
    return lambda hash_: pad(signer.sign(digest(label, hash_, body)) + body, classes)


def _apart(untrusted_payload: bytes) -> tuple[bytes, bytes]:
    try:
        plain = unpad(untrusted_payload)
    except ValueError:
        raise HandshakeRefusedError("padding") from None
    if len(plain) < SIGNATURE_BYTES:
        raise HandshakeRefusedError("padding")
    return plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]


def _read(untrusted_json: bytes, schema: Schema) -> dict[str, Any]:
    try:
        return read_object(untrusted_json, schema, PLAIN_CLASSES[-1])
    except ValueError:
        raise HandshakeRefusedError("malformed") from None
