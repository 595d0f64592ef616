"""The desk's half of a handshake: opening a hello with the keys that may fit, and writing the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.channel.digests import ID_BYTES, digest, short_digest
from app.channel.errors import DocumentRefusedError, HandshakeRefusedError
from app.channel.generations import Generation
from app.channel.hello import (
    WITH_PSK,
    WITHOUT_PSK,
    HelloFields,
    answer_payload,
    prologue,
    read_handshake_header,
    read_hello_payload,
)
from app.channel.noise import HandshakeState
from app.channel.receipts import Receipt
from app.channel.signing import Signed, Signer
from app.domain.post_sizes import HEADER_BYTES, Envelope, FrameType


@dataclass(frozen=True, slots=True)
class CardBox:
    """A card of ours that patients may still use (its bytes), and the secret of its first box."""

    card: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "<CardBox hidden>"


@dataclass(frozen=True, slots=True)
class DeskIdentity:
    """Who answers: the desk's id, its signing key, its roster entry, and of how many desks the office has."""

    desk: bytes
    signer: Signer
    roster: Signed
    desks: int = 1


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: the mailbox and the psk of its invitation, or None at the open door."""

    address: bytes
    psk: bytes | None

    def __repr__(self) -> str:
        return "<Door hidden>"


@dataclass(frozen=True, slots=True)
class OpenedHello:
    """A hello that decrypted and whose payload is signed by the key that it names."""

    state: HandshakeState
    psk: bytes | None
    envelope: Envelope
    digest: bytes
    fields: HelloFields

    @property
    def static(self) -> bytes:
        """The patient's X25519 key s_P."""
        return self.state.remote_static or b""


def open_hello(
    untrusted_frame: bytes,
    envelope: Envelope,
    office: bytes,
    address: bytes,
    boxes: Sequence[CardBox],
    psks: Sequence[bytes | None],
    random: Callable[[int], bytes],
) -> OpenedHello:
    """Return the hello, opened with the first of ``psks`` that fits (None: the pattern without one).

    Raises:
        HandshakeRefusedError: card, psk, padding, malformed or signature.
    """
    named = ((digest("card", box.card), box.secret) for box in boxes)
    card, secret = next(((one, key) for one, key in named if one[:ID_BYTES] == envelope.generation), (b"", b""))
    if not card:
        raise HandshakeRefusedError("card")
    is_hopeless = False  # s is read before the psk counts: where it does not open, no other psk helps
    for psk in psks:
        if psk is not None and is_hopeless:
            continue
        state = HandshakeState(
            WITHOUT_PSK if psk is None else WITH_PSK,
            is_initiator=False,
            prologue=prologue(office, address, card),
            static=secret,
            psk=() if psk is None else psk,
            random=random,
        )
        try:
            payload = state.read(untrusted_frame[HEADER_BYTES:])
        except HandshakeRefusedError:
            is_hopeless = is_hopeless or (psk is not None and state.remote_static is None)
            continue
        fields = read_hello_payload(payload, state.payload_hash)
        return OpenedHello(state, psk, envelope, short_digest("frame", untrusted_frame), fields)
    raise HandshakeRefusedError("psk")


def checked_receipt(fields: HelloFields, office: bytes, address: bytes) -> Receipt | None:
    """Return the consent in a hello.

    Raises:
        HandshakeRefusedError: receipt.
    """
    if fields.receipt is None:
        return None
    try:
        return Receipt.open(fields.receipt, fields.verify, office=office, address=address)
    except DocumentRefusedError:
        raise HandshakeRefusedError("receipt") from None


def answer(hello: OpenedHello, desk: DeskIdentity, now_ms: int) -> tuple[Generation, bytes]:
    """Return the generation that the answer founds, and the answer's frame."""
    message = hello.state.write(answer_payload(desk.desk, desk.roster, desk.desks, desk.signer))
    header = Envelope(FrameType.ANSWER, hello.envelope.generation, hello.envelope.chain, 1).encode()
    state = hello.state
    return Generation.found(state.split(), state.hash, hello.envelope.generation, now_ms), header + message


def hello_header(untrusted_frame: bytes) -> Envelope:
    """Return the header of a hello.

    Raises:
        HandshakeRefusedError: header.
    """
    return read_handshake_header(untrusted_frame, FrameType.HELLO)
