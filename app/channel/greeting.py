"""The patient's half of a handshake: saying hello, and taking the answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from app.channel.bodies import Item
from app.channel.digests import ID_BYTES
from app.channel.errors import DocumentRefusedError, HandshakeRefusedError, NotNowError
from app.channel.generations import Generation
from app.channel.hello import (
    MAX_HELLOS,
    MAX_ITEMS,
    WITH_PSK,
    WITHOUT_PSK,
    hello_chain,
    hello_payload,
    prologue,
    read_answer_payload,
    read_handshake_header,
)
from app.channel.noise import HandshakeState
from app.channel.noise.dh import DH_BYTES
from app.channel.patient_state import PatientState, Pending
from app.channel.records import RosterEntry
from app.channel.roster import open_roster_entry
from app.channel.signing import Signed, Signer
from app.domain.post_sizes import HEADER_BYTES, Envelope, FrameType

MAX_PENDING: Final = 64


def greet(
    state: PatientState, items: Sequence[Item], receipt: Signed | None, random: Callable[[int], bytes]
) -> tuple[PatientState, bytes]:
    """Return the state that waits for one more answer, and the hello.

    Raises:
        NotNowError: too_many or too_large.
    """
    current, office = state.line.current, state.office
    waiting = [one for one in state.pending if one.card == office.card_digest[:ID_BYTES]]
    if len(waiting) >= MAX_HELLOS or len(items) > MAX_ITEMS:
        raise NotNowError("too_many")
    psk = state.psk if current is None else current.resume_psk
    handshake = HandshakeState(
        WITHOUT_PSK if psk is None else WITH_PSK,
        is_initiator=True,
        prologue=prologue(office.office, state.line.address, office.card_digest),
        static=state.static,
        remote_static=office.box,
        psk=() if psk is None else psk,
        random=random,
    )
    try:
        message = handshake.write(hello_payload(Signer(state.seed), receipt, items))
    except ValueError:
        raise NotNowError("too_large") from None
    chain, card = hello_chain(message[:DH_BYTES]), office.card_digest[:ID_BYTES]
    pending = Pending(chain, card, WITHOUT_PSK if psk is None else WITH_PSK, handshake.dump())
    header = Envelope(FrameType.HELLO, card, chain, 0).encode()
    return replace(state, pending=(*state.pending, pending)[-MAX_PENDING:]), header + message


def accept(state: PatientState, untrusted_frame: bytes, now_ms: int) -> PatientState:
    """Return the state in the generation that an answer founds.

    Raises:
        HandshakeRefusedError: one of the codes of channel.md §5.2.
    """
    envelope = read_handshake_header(untrusted_frame, FrameType.ANSWER)
    pending = next((one for one in state.pending if one.chain == envelope.chain), None)
    if pending is None or pending.card != envelope.generation:
        raise HandshakeRefusedError("unknown")
    handshake = HandshakeState.waiting(pending.pattern, pending.dumped, state.static)
    payload = handshake.read(untrusted_frame[HEADER_BYTES:])
    fields = read_answer_payload(payload, handshake.payload_hash)
    try:
        entry = checked_desk(state, fields.roster, now_ms)
    except DocumentRefusedError:
        raise HandshakeRefusedError("roster") from None
    if entry.desk != fields.desk:
        raise HandshakeRefusedError("roster")
    if not fields.is_signed_by(entry.sign):
        raise HandshakeRefusedError("signature")
    generation = Generation.found(handshake.split(), handshake.hash, pending.card, now_ms)
    line = state.line.with_generation(generation).confirmed(generation, now_ms).tidied(now_ms)
    return replace(state, line=line, pending=(), desk_count=fields.desks).with_desk(entry)


def checked_desk(state: PatientState, untrusted: Signed, now_ms: int) -> RosterEntry:
    """Return the roster entry of a desk of this office, no older than those known.

    Raises:
        DocumentRefusedError: malformed, office, signature, expired or older.
    """
    office, least = state.office, state.least_epoch
    return open_roster_entry(untrusted, office.office, office.admin, now_s=now_ms // 1000, least_epoch=least)
