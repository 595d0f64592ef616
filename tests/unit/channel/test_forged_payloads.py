"""Payloads that no honest side writes, sealed with the right keys; and messages that our own side does not send."""

import json

import pytest
from nacl.bindings import crypto_scalarmult_base

from app.channel.digests import digest
from app.channel.errors import FrameRefusedError, HandshakeRefusedError, NotNowError
from app.channel.hello import WITH_PSK, hello_chain, hello_payload, prologue
from app.channel.kinds import Kind
from app.channel.noise import HandshakeState
from app.channel.padding import pad, unpad
from app.channel.signing import Signer
from app.domain.post_sizes import Envelope, FrameType
from app.domain.strict_json import to_base64
from tests.support.channel import NOW_MS, FixedRandom, Pair, fixed

ITEM = {"id": to_base64(bytes(16)), "clock": 1, "at_ms": NOW_MS, "kind": "text", "content": {"text": "hi"}}


def hello_with(pair: Pair, payload: bytes | None = None, *, body: bytes = b"", signer: Signer | None = None) -> bytes:
    """Return a hello of the pair's patient around any payload, or around any body that ``signer`` signs."""
    card, box = pair.office.cards[-1]
    state = HandshakeState(
        WITH_PSK,
        is_initiator=True,
        prologue=prologue(pair.office.id, pair.invitation.address, digest("card", card.data)),
        static=pair.patient.state.static,
        remote_static=crypto_scalarmult_base(box),
        psk=pair.patient.state.psk or b"",
        random=FixedRandom("forger"),
    )
    by = signer or pair.patient.signer
    message = state.write(
        payload or (lambda h: pad(by.sign(digest("hello payload", h, body)) + body, (1_024, 4_096, 16_384)))
    )
    return Envelope(FrameType.HELLO, digest("card", card.data)[:16], hello_chain(message[:32]), 0).encode() + message


def honest(pair: Pair) -> dict[str, object]:
    payload = unpad(hello_payload(pair.patient.signer, None, [])(bytes(64)))
    fields: dict[str, object] = json.loads(payload[64:])
    return fields


def code_of(pair: Pair, hello: bytes) -> str:
    try:
        pair.answer(hello)
    except HandshakeRefusedError as refused:
        return refused.code
    return "ok"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "ok"),
        ({"texts": [ITEM] * 8}, "ok"),
        ({"texts": [ITEM] * 9}, "malformed"),
        ({"texts": [ITEM | {"kind": "ack", "content": {}}]}, "malformed"),
        ({"texts": [ITEM | {"kind": "consent", "content": {"receipt": {}}}]}, "malformed"),
        ({"texts": [ITEM | {"prev": ""}]}, "malformed"),
        ({"texts": [ITEM | {"content": {"text": ""}}]}, "malformed"),
        ({"texts": {}}, "malformed"),
        ({"v": 2}, "malformed"),
        ({"more": 1}, "malformed"),
        ({"receipt": {"receipt": "", "sig": to_base64(bytes(64))}}, "malformed"),
        ({"receipt": {"receipt": to_base64(bytes(1_025)), "sig": to_base64(bytes(64))}}, "malformed"),
        ({"receipt": {"receipt": to_base64(b"{}"), "sig": to_base64(bytes(64))}}, "receipt"),
        ({"verify": to_base64(fixed("another key"))}, "signature"),
    ],
)
def test_a_hello_is_read_by_its_schema(change: dict, code: str) -> None:
    pair = Pair.strangers()
    body = json.dumps(honest(pair) | change).encode()
    assert code_of(pair, hello_with(pair, body=body)) == code


def test_a_desk_that_knows_the_invitation_cannot_play_the_patient_without_its_signing_key() -> None:
    pair = Pair.strangers()
    body = json.dumps(honest(pair)).encode()
    assert code_of(pair, hello_with(pair, body=body, signer=pair.office.desk_key)) == "signature"


def test_a_signature_from_another_handshake_does_not_fit() -> None:
    pair = Pair.strangers()
    payload = hello_payload(pair.patient.signer, None, [])(bytes(64))
    assert code_of(pair, hello_with(pair, payload)) == "signature"


@pytest.mark.parametrize("payload", [bytes(1_024), pad(bytes(63), (1_024,)), b"a" * 1_024])
def test_a_payload_without_its_mark_or_its_signature_is_refused(payload: bytes) -> None:
    pair = Pair.strangers()
    assert code_of(pair, hello_with(pair, payload)) == "padding"


def test_a_frame_of_another_type_is_no_hello_no_answer_and_no_frame() -> None:
    pair = Pair.acquainted()
    frame, answer = pair.say(Kind.TEXT, {"text": "hi"}), pair.answer(pair.hello("again")).frame
    hello = pair.hello("and again")
    for other in (frame, answer, hello[:-1], b""):
        assert code_of(pair, other) == "header"
    for other in (frame, hello, answer[:-1], b""):
        with pytest.raises(HandshakeRefusedError, match="header"):
            pair.patient.accept(other, NOW_MS)
    for other in (hello, answer, frame[:-1], b""):
        with pytest.raises(FrameRefusedError, match="header"):
            pair.to_desk(other)


def test_a_hello_whose_chain_is_not_its_ephemeral_key_is_refused() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    assert code_of(pair, hello[:18] + bytes(16) + hello[34:]) == "header"
    assert code_of(pair, hello[:34] + bytes([0, 0, 0, 1]) + hello[38:]) == "header"


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        (Kind.AWAY, {"text": "closed"}, "content"),
        (Kind.TEXT, {}, "content"),
        (Kind.TEXT, {"text": ""}, "content"),
        (Kind.TEXT, {"text": "a" * 12_001}, "content"),
        (Kind.TEXT, {"text": "\ud800"}, "content"),
        (Kind.TEXT, {"text": None}, "content"),
        (Kind.READ, {"up_to": "not bytes"}, "content"),
        (Kind.TEXT, {"text": "\1" * 3_000}, "too_large"),
    ],
)
def test_what_the_other_side_would_refuse_is_not_sent(kind: Kind, content: dict, code: str) -> None:
    pair = Pair.acquainted()
    before = pair.patient
    with pytest.raises(NotNowError, match=code):
        pair.say(kind, content)
    assert pair.patient is before
