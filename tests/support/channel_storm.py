"""A storm of altered frames and handshakes against both ends of the channel.

Three manners, from the outside in:

- *bytes*: what a hostile gateway can do: bits, cuts, splices, headers of others. Nothing of it may be taken.
- *bodies*: what a hostile patient or desk can do: a body altered as text, but signed and sealed with the right keys.
- *payloads*: the same for the payloads of hello and answer.

Whatever happens, a session either refuses with a code and stays as it was, or takes a message that passes its schema.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nacl.bindings import crypto_scalarmult_base

from app.channel.bodies import read_body
from app.channel.chains import first_key, key_at, message_key
from app.channel.desk_session import Answered
from app.channel.digests import digest
from app.channel.errors import ChannelError
from app.channel.frames import FrameContext, open_frame, seal_frame
from app.channel.hello import WITH_PSK, answer_payload, hello_chain, prologue
from app.channel.kinds import Kind, Role
from app.channel.noise import HandshakeState
from app.channel.padding import pad, unpad
from app.channel.patient_session import PatientSession
from app.channel.received import Received
from app.channel.signing import Signer
from app.domain.post_sizes import PLAIN_CLASSES, Envelope, FrameType, read_envelope
from tests.support.altered_frames import ALTERATIONS, LENGTHS
from tests.support.channel import NOW_MS, FixedRandom, Pair, fixed
from tests.support.hostile_json import mangled


@dataclass
class ChannelStorm:
    """Counts what became of it; ``check`` fails when something was taken that must not be."""

    codes: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    strikes: int = 0

    def __post_init__(self) -> None:
        self.pair = Pair.acquainted()
        self.pair.to_patient(self.pair.reply(Kind.TEXT, {"text": "welcome"}))
        self.waiting, self.hello = self._renewal()
        self.answer = self._answer(self.hello)
        self.to_desk = [self._said(kind, content) for kind, content in SAID]
        self.to_patient = [self._replied(kind, content) for kind, content in REPLIED]
        self.stranger = Pair.strangers()
        self.first_hello = self.stranger.hello("Good morning")
        self.before = (self.pair.desk.dump(), self.waiting.dump())

    def run(self, numbers: range) -> None:
        """Strike once for each number; the number is the seed."""
        for number in numbers:
            chance = random.Random(number)
            chance.choice(STRIKES)(self, chance)
            self.strikes += 1

    def check(self) -> None:
        """Fail when a session changed, or when nothing was reached behind the first check."""
        assert (self.pair.desk.dump(), self.waiting.dump()) == self.before
        assert isinstance(self.pair.desk.receive(self.to_desk[0], NOW_MS)[1], Received)
        assert isinstance(self.waiting.receive(self.to_patient[0], NOW_MS)[1], Received)
        assert isinstance(self._answered(self.hello), Answered)
        assert self.waiting.accept(self.answer, NOW_MS).line.current is not None
        assert {"header", "generation", "sealed", "malformed", "psk", "noise", "signature"} <= set(self.codes)

    def __str__(self) -> str:
        codes = ", ".join(f"{code} {count}" for code, count in self.codes.most_common())
        taken = ", ".join(f"{name} {count}" for name, count in self.taken.items())
        return f"{self.strikes} strikes; refused: {codes}; taken, and allowed to be: {taken}"

    def refuse(self, act: Callable[[], object], *, may_pass: str = "") -> None:
        """Do ``act``; only what was sealed by the right keys may pass."""
        try:
            found = act()
        except ChannelError as refused:
            self.codes[refused.code] += 1
            return
        assert may_pass, f"taken: {type(found).__name__}"
        self.taken[may_pass] += 1

    def strike_desk(self, chance: random.Random) -> None:
        altered = self._altered(chance, self.to_desk)
        self.refuse(lambda: self.pair.desk.receive(altered, NOW_MS))

    def strike_patient(self, chance: random.Random) -> None:
        altered = self._altered(chance, self.to_patient)
        self.refuse(lambda: self.waiting.receive(altered, NOW_MS))

    def strike_hello(self, chance: random.Random) -> None:
        altered = self._altered(chance, [self.hello, self.first_hello])
        self.refuse(lambda: self._answered(altered))

    def strike_first_hello(self, chance: random.Random) -> None:
        altered = self._altered(chance, [self.first_hello, self.hello])
        self.refuse(lambda: self.stranger.answer(altered))
        assert self.stranger.desk is None

    def strike_answer(self, chance: random.Random) -> None:
        altered = self._altered(chance, [self.answer])
        self.refuse(lambda: self.waiting.accept(altered, NOW_MS))

    def strike_body(self, chance: random.Random) -> None:
        """A patient or a desk that seals and signs what it likes."""
        is_patient = chance.random() < 0.5
        role = Role.PATIENT if is_patient else Role.DESK
        frame = chance.choice(self.to_desk if is_patient else self.to_patient)
        context, key = self._keys(role, frame)
        inside = open_frame(context, frame, key)
        body = mangled(chance, inside.body)
        if 80 + len(body) >= PLAIN_CLASSES[-1]:
            return
        honest = self.pair.patient.signer if is_patient else self.pair.office.desk_key
        is_honest = chance.random() < 0.9
        signer = honest if is_honest else Signer(fixed("nobody"))
        forged = seal_frame(context, frame[:38], key, frame[38:62], sender=inside.sender, signer=signer, body=body)
        end = self.pair.desk if is_patient else self.waiting
        allowed = "bodies" if is_honest else ""
        self.refuse(lambda: self._must_hold(end.receive(forged, NOW_MS), body, role), may_pass=allowed)

    def strike_payload(self, chance: random.Random) -> None:
        """A patient who puts into its hello what it likes."""
        card, box = self.pair.office.cards[-1]
        state = HandshakeState(
            WITH_PSK,
            is_initiator=True,
            static=self.pair.patient.state.static,
            remote_static=crypto_scalarmult_base(box),
            random=chance.randbytes,
            **self._agreed(self.pair, self.pair.patient.line.current.resume_psk),
        )
        body = mangled(chance, chance.choice(self._hello_bodies()))
        if 64 + len(body) >= PLAIN_CLASSES[-1]:
            return
        signer = self.pair.patient.signer
        message = state.write(lambda h: pad(signer.sign(digest("hello payload", h, body)) + body, PLAIN_CLASSES[1:]))
        header = Envelope(FrameType.HELLO, digest("card", card.data)[:16], hello_chain(message[:32]), 0).encode()
        self.refuse(lambda: self._answered(header + message), may_pass="payloads")

    def strike_answer_payload(self, chance: random.Random) -> None:
        """A desk that puts into its answer what it likes."""
        state = HandshakeState(
            WITH_PSK,
            is_initiator=False,
            static=self.pair.office.cards[-1][1],
            random=chance.randbytes,
            **self._agreed(self.pair, self.pair.patient.line.current.resume_psk),
        )
        state.read(self.hello[38:])
        desk = self.pair.office.desk
        honest = unpad(answer_payload(desk.desk, desk.roster, 1, desk.signer)(bytes(64)))[64:]
        body = mangled(chance, honest)[:900]
        message = state.write(lambda h: pad(desk.signer.sign(digest("answer payload", h, body)) + body, (1_024,)))
        self.refuse(lambda: self.waiting.accept(self.answer[:38] + message, NOW_MS), may_pass="answer payloads")

    def strike_keyless(self, chance: random.Random) -> None:
        """Bytes out of nothing, of a length that a frame may have."""
        size = chance.choice(LENGTHS)
        junk = bytearray(chance.randbytes(size))
        junk[0], junk[1] = 1, chance.choice([1, 2, 3])
        self.refuse(lambda: self.pair.desk.receive(bytes(junk), NOW_MS))
        self.refuse(lambda: self._answered(bytes(junk)))
        self.refuse(lambda: self.waiting.accept(bytes(junk), NOW_MS))

    def _renewal(self) -> tuple[PatientSession, bytes]:
        return self.pair.patient.hello(random=FixedRandom("storm"))

    def _answer(self, hello: bytes) -> bytes:
        found = self._answered(hello)
        assert isinstance(found, Answered)
        return found.frame

    def _answered(self, frame: bytes) -> object:
        return self.pair.desk.answer_hello(frame, self.pair.office.secrets, NOW_MS, random=FixedRandom("answers"))

    def _said(self, kind: Kind, content: dict) -> bytes:
        return self.pair.patient.send(kind, content, NOW_MS, random=FixedRandom(kind.value))[1].frame

    def _replied(self, kind: Kind, content: dict) -> bytes:
        return self.pair.desk.send(kind, content, NOW_MS, random=FixedRandom(kind.value))[1].frame

    def _altered(self, chance: random.Random, frames: list[bytes]) -> bytes:
        one, two = chance.choice(frames), chance.choice(frames)
        altered = chance.choice(ALTERATIONS)(chance, bytearray(one), two)
        return altered if altered not in (*self.to_desk, *self.to_patient, *frames) else one[:-1]

    def _keys(self, role: Role, frame: bytes) -> tuple[FrameContext, bytes]:
        generation = self.pair.patient.line.current
        envelope = read_envelope(frame)
        context = FrameContext(self.pair.invitation.address, role, generation.hash)
        return context, message_key(key_at(first_key(generation.root, role, envelope.chain), envelope.number))

    def _hello_bodies(self) -> list[bytes]:
        pair = self.stranger
        agreed = self._agreed(pair, pair.patient.state.psk or b"")
        state = HandshakeState(WITH_PSK, is_initiator=False, static=pair.office.cards[-1][1], **agreed)
        return [unpad(state.read(self.first_hello[38:]))[64:]]

    def _agreed(self, pair: Pair, psk: bytes) -> dict[str, Any]:
        card = digest("card", pair.office.cards[-1][0].data)
        return {"prologue": prologue(pair.office.id, pair.invitation.address, card), "psk": psk}

    def _must_hold(self, found: object, body: bytes, role: Role) -> object:
        read_body(body, role)
        return found


STRIKES = (
    ChannelStorm.strike_desk,
    ChannelStorm.strike_desk,
    ChannelStorm.strike_patient,
    ChannelStorm.strike_patient,
    ChannelStorm.strike_hello,
    ChannelStorm.strike_first_hello,
    ChannelStorm.strike_answer,
    ChannelStorm.strike_body,
    ChannelStorm.strike_body,
    ChannelStorm.strike_payload,
    ChannelStorm.strike_answer_payload,
    ChannelStorm.strike_keyless,
)
SAID = (
    (Kind.TEXT, {"text": "Good morning, is the practice open on Friday? ¿Sí?"}),
    (Kind.ACK, {}),
    (Kind.ASSISTANT, {"on": True}),
    (
        Kind.FILE,
        {
            "blob": fixed("blob", 16),
            "key": fixed("file key", 56),
            "digest": fixed("file"),
            "size": 70_000,
            "chunks": 2,
            "name": "scan.pdf",
            "type": "application/pdf",
        },
    ),
)
REPLIED = ((Kind.TEXT, {"text": "Yes."}), (Kind.ACK, {"desks": 1}), (Kind.READ, {"up_to": bytes(16)}))
