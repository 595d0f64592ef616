"""Vectors of frames: each kind in each direction, from the keys to the bytes, and frames that must be refused."""

from typing import Any

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

from app.channel.attachments import seal_file
from app.channel.bodies import read_body
from app.channel.chains import first_key, key_at, message_key
from app.channel.digests import short_digest
from app.channel.errors import FrameRefusedError
from app.channel.frames import FrameContext, open_frame, seal_frame
from app.channel.kinds import Content, Kind, Role, plain_content
from app.channel.padding import pad
from app.channel.receipts import countersign, receipt_object
from app.channel.signing import Signer
from app.crypto.sealing import open_sealed
from app.domain.post_sizes import HEADER_BYTES, Envelope, FrameType, read_envelope
from tests.support.channel import FixedRandom, Office, Pair, fixed


def frames(_office: Office) -> dict[str, Any]:
    pair = Pair.acquainted()
    generation = pair.patient.line.current
    assert generation is not None
    assert pair.desk is not None
    pair.patient, pair.desk = pair.patient.fresh_chain(), pair.desk.fresh_chain()
    pair.random = FixedRandom("frames")
    return {
        "address": pair.invitation.address,
        "hash": generation.hash,
        "root": generation.root,
        "generation": generation.name,
        "patient": {
            "sender": pair.patient.line.me,
            "seed": pair.patient.state.seed,
            "verify": pair.patient.signer.public,
        },
        "desk": {"sender": pair.office.desk_id, "seed": fixed("desk sign"), "sign": pair.office.desk_key.public},
        "frames": [*_said(pair, generation.root, generation.hash)],
        "refused": _refused(pair),
    }


def _said(pair: Pair, root: bytes, hash_: bytes) -> list[dict[str, Any]]:
    found = []
    for kind, content in _patient_says(pair):
        frame = pair.say(kind, content)
        pair.to_desk(frame)
        found.append(_taken_apart(pair, frame, Role.PATIENT, root, hash_))
    for kind, content in _desk_says(pair):
        frame = pair.reply(kind, content)
        pair.to_patient(frame)
        found.append(_taken_apart(pair, frame, Role.DESK, root, hash_))
    return found


def _file(name: str) -> Content:
    return seal_file(b"invented", random=FixedRandom(name)).content("análisis.pdf", "application/pdf")


def _patient_says(pair: Pair) -> list[tuple[Kind, Content]]:
    return [
        (Kind.ACK, {}),
        (Kind.TEXT, {"text": '¿Abren el viernes? 🙂 "quoted" back\\slash\nsecond line'}),
        (Kind.TEXT, {"text": "a" * 12_000}),
        (Kind.CONSENT, {"receipt": receipt_object(pair.receipt())}),
        (Kind.FILE, _file("from the patient")),
        (Kind.READ, {"up_to": fixed("a message", 16)}),
        (Kind.ASSISTANT, {"on": False}),
        (Kind.WITHDRAW, {}),
        (Kind.END, {}),
        (Kind.ERASE, {}),
        (Kind.FETCHED, {"id": fixed("a file", 16)}),
        (Kind.MISSING, {"id": fixed("a file", 16)}),
    ]


def _desk_says(pair: Pair) -> list[tuple[Kind, Content]]:
    roster = pair.office.roster
    return [
        (Kind.ACK, {"desks": 1}),
        (Kind.TEXT, {"text": "Yes, from 8 to 14."}),
        (Kind.FILE, _file("from the desk")),
        (Kind.READ, {"up_to": fixed("a message", 16)}),
        (Kind.RECEIPT, countersign(pair.receipt(), pair.office.desk_key)),
        (Kind.AWAY, {"text": "We are closed. In an emergency call 112."}),
        (Kind.RENEW, {}),
        (Kind.DESK, {"roster": roster.data, "roster_sig": roster.signature}),
        (Kind.END, {}),
        (Kind.ERASED, {}),
        (Kind.FETCHED, {"id": fixed("a file", 16)}),
        (Kind.MISSING, {"id": fixed("a file", 16)}),
    ]


def _taken_apart(pair: Pair, frame: bytes, role: Role, root: bytes, hash_: bytes) -> dict[str, Any]:
    envelope = read_envelope(frame)
    context = FrameContext(pair.invitation.address, role, hash_)
    chain_key = key_at(first_key(root, role, envelope.chain), envelope.number)
    inside = open_frame(context, frame, message_key(chain_key))
    item = read_body(inside.body, role).item
    aad = context.aad(frame[:HEADER_BYTES])
    return {
        "role": role.value,
        "kind": item.kind.value,
        "content": plain_content(item.content),
        "chain": envelope.chain,
        "number": envelope.number,
        "chain_key": chain_key,
        "message_key": message_key(chain_key),
        "nonce": frame[HEADER_BYTES : HEADER_BYTES + 24],
        "aad": aad,
        "signed": context.signed_part(aad, inside.sender, inside.body),
        "signature": inside.signature,
        "body_json": inside.body.decode(),
        "padded_length": len(open_sealed(message_key(chain_key), frame[HEADER_BYTES:], aad)),
        "digest": short_digest("frame", frame),
        "frame": frame,
    }


def _refused(pair: Pair) -> list[dict[str, Any]]:
    """Frames of the patient that a desk refuses, each for one reason; they belong after all frames above."""
    good = pair.say(Kind.TEXT, {"text": "next"})
    envelope = read_envelope(good)
    forge = Forge(pair, envelope)
    body = forge.body(good)
    other = Signer(fixed("another signer"))
    rows = [
        ("a flipped bit at the end", good[:-1] + bytes([good[-1] ^ 1]), "sealed"),
        ("a flipped bit in the nonce", _flipped(good, HEADER_BYTES), "sealed"),
        ("another version", _flipped(good, 0), "header"),
        ("another type", _flipped(good, 1), "header"),
        ("another generation", _flipped(good, 2), "generation"),
        ("another chain", _flipped(good, 18), "sealed"),
        ("another number", _flipped(good, 37), "sealed"),
        ("cut short", good[:-1], "header"),
        ("made longer", good + b"\0", "header"),
        ("sent back as if from the desk", forge.sealed(body, role=Role.DESK), "sealed"),
        ("for another mailbox", forge.sealed(body, address=bytes(16)), "sealed"),
        ("signed by somebody else", forge.sealed(body, signer=other), "signature"),
        ("from an unknown sender", forge.sealed(body, sender=bytes(16)), "sender"),
        ("without a mark of padding", forge.with_plain(bytes(256)), "padding"),
        ("too short inside", forge.with_plain(pad(bytes(79))), "padding"),
        ("a body that is no JSON", forge.sealed(b"{"), "malformed"),
        ("a jump of 257", forge.sealed(body, number=envelope.number + 257), "jump"),
        ("a number beyond the last", forge.sealed(body, number=4_096, chain=fixed("long chain", 16)), "jump"),
        ("a clock far ahead", forge.sealed(body.replace(b'"clock":', b'"clock":99999')), "clock"),
    ]
    found = []
    for name, frame, code in rows:
        assert refusal(pair, frame) == code, (name, refusal(pair, frame))
        found.append({"name": name, "frame": frame, "code": code})
    return [{"name": "good", "frame": good, "code": "ok"}, *found]


def refusal(pair: Pair, frame: bytes) -> str:
    """Return the code with which the desk refuses a frame, or ok; the pair stays as it is."""
    assert pair.desk is not None
    try:
        pair.desk.receive(frame, pair.now_ms)
    except FrameRefusedError as refused:
        return refused.code
    return "ok"


def _flipped(frame: bytes, place: int) -> bytes:
    return frame[:place] + bytes([frame[place] ^ 1]) + frame[place + 1 :]


class Forge:
    """Makes frames of the patient that no honest patient would, under the right keys."""

    def __init__(self, pair: Pair, envelope: Envelope) -> None:
        generation = pair.patient.line.current
        assert generation is not None
        self.pair, self.envelope, self.root, self.hash = pair, envelope, generation.root, generation.hash

    def _key(self, chain: bytes, number: int, role: Role = Role.PATIENT) -> bytes:
        return message_key(key_at(first_key(self.root, role, chain), number))

    def body(self, frame: bytes) -> bytes:
        context = FrameContext(self.pair.invitation.address, Role.PATIENT, self.hash)
        envelope = read_envelope(frame)
        return open_frame(context, frame, self._key(envelope.chain, envelope.number)).body

    def sealed(
        self,
        body: bytes,
        *,
        address: bytes | None = None,
        role: Role = Role.PATIENT,
        sender: bytes | None = None,
        signer: Signer | None = None,
        number: int | None = None,
        chain: bytes | None = None,
    ) -> bytes:
        number = self.envelope.number if number is None else number
        chain = chain or self.envelope.chain
        context = FrameContext(address or self.pair.invitation.address, role, self.hash)
        header = Envelope(FrameType.FRAME, self.hash[:16], chain, number).encode()
        key, nonce = self._key(chain, number), fixed("nonce of a forger", 24)
        mine = self.pair.patient
        return seal_frame(
            context, header, key, nonce, sender=sender or mine.line.me, signer=signer or mine.signer, body=body
        )

    def with_plain(self, padded: bytes) -> bytes:
        """Seal a plain text as it stands, without signature and padding."""
        header = self.envelope.encode()
        context = FrameContext(self.pair.invitation.address, Role.PATIENT, self.hash)
        nonce = fixed("nonce of a forger", 24)
        key = self._key(self.envelope.chain, self.envelope.number)
        return header + nonce + encrypt(padded, context.aad(header), nonce, key)
