"""An office with fixed keys and a patient of it, for tests of the channel: no clock, no chance unless asked for."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from hashlib import blake2b

from nacl.bindings import crypto_scalarmult_base

from app.channel.answering import CardBox, DeskIdentity, Door
from app.channel.desk_session import Answered, DeskSession, answer_hello
from app.channel.desk_state import OfficeSecrets
from app.channel.digests import digest, office_id
from app.channel.documents import OfficeDocument, dump_office_document
from app.channel.invitation import Invitation
from app.channel.issuing import notice_digest, sign_card, sign_certificate, sign_roster_entry, write_notice
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.receipts import Receipt, shown_digest
from app.channel.received import Duplicate, Received
from app.channel.records import Card, Certificate, Notice, RosterEntry
from app.channel.signing import Signed, Signer

NOW_S = 1_790_000_000
NOW_MS = NOW_S * 1_000
DAY_S = 86_400
SHOWN = "A model on this practice's own computer may propose an answer. A person reads it and sends it."


def fixed(name: str, size: int = 32) -> bytes:
    """Return the same bytes for the same name, always: keys of tests."""
    return blake2b(name.encode(), digest_size=size, person=b"vestibule tests").digest()


@dataclass
class FixedRandom:
    """Gives the same bytes in the same order, always."""

    name: str
    count: int = field(default=0, init=False)

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return fixed(f"{self.name} {self.count}", size)


@dataclass
class Office:
    """An invented practice with one desk; ``renew_card`` gives its next card."""

    root: Signer = field(default_factory=lambda: Signer(fixed("root")))
    admin: Signer = field(default_factory=lambda: Signer(fixed("admin")))
    desk_key: Signer = field(default_factory=lambda: Signer(fixed("desk sign")))
    desk_id: bytes = fixed("desk", 16)
    open_door: bool = False
    cards: list[tuple[Signed, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = office_id(self.root.public)
        self.notice = Notice(
            1,
            "Practice by the Lake",
            "clinic",
            "ES",
            "+34 900 000 000",
            ("112",),
            30,
            True,
            ("en", "es"),
            "the reception of the Practice by the Lake",
            "Call the practice or hand in a note at the reception.",
        )
        self.notice_data = write_notice(self.notice)
        certificate = Certificate(self.root.public, self.admin.public, 1, NOW_S + 365 * DAY_S)
        self.certificate = sign_certificate(self.root, certificate)
        entry = RosterEntry(self.id, self.desk_id, self.desk_key.public, 1, NOW_S + 60 * DAY_S)
        self.roster = sign_roster_entry(self.admin, entry)
        self.renew_card()

    def renew_card(self, at_s: int = NOW_S) -> None:
        seq = len(self.cards) + 1
        secret = fixed(f"box {seq}")
        boxes = (crypto_scalarmult_base(secret), *(crypto_scalarmult_base(old) for _, old in self.cards[-1:]))
        prev = digest("card", self.cards[-1][0].data) if self.cards else b""
        card = Card(
            self.id, seq, prev, at_s, at_s + 30 * DAY_S, boxes, notice_digest(self.notice_data), self.open_door, 1
        )
        self.cards.append((sign_card(self.admin, card), secret))

    def document_json(self) -> bytes:
        return dump_office_document(self.certificate, self.cards[-1][0], self.notice_data)

    def document(self, now_s: int = NOW_S) -> OfficeDocument:
        return OfficeDocument.open(self.document_json(), self.id, now_s=now_s)

    @property
    def secrets(self) -> OfficeSecrets:
        return OfficeSecrets(self.root.public, tuple(CardBox(card.data, secret) for card, secret in self.cards))

    @property
    def desk(self) -> DeskIdentity:
        return DeskIdentity(self.desk_id, self.desk_key, self.roster)

    def colleague(self, epoch: int = 1) -> "Office":
        """Return the same office as its second desk knows it."""
        other = copy(self)
        other.desk_id, other.desk_key = fixed("second desk", 16), Signer(fixed("second desk sign"))
        entry = RosterEntry(self.id, other.desk_id, other.desk_key.public, epoch, NOW_S + 60 * DAY_S)
        other.roster = sign_roster_entry(self.admin, entry)
        return other

    def invite(self, name: str = "first") -> Invitation:
        return Invitation.make(self.id, FixedRandom(f"invitation {name}"))


@dataclass
class Pair:
    """A patient and a desk in one conversation; each call moves one frame and keeps the new sessions."""

    office: Office
    invitation: Invitation
    patient: PatientSession
    desk: DeskSession | None = None
    now_ms: int = NOW_MS
    random: Callable[[int], bytes] = field(default_factory=lambda: FixedRandom("pair"))

    @classmethod
    def strangers(cls, *, open_door: bool = False) -> "Pair":
        office = Office(open_door=open_door)
        invitation = office.invite()
        psk = None if open_door else invitation.psk(office.id)
        patient = PatientSession.begin(office.document(), invitation.address, psk, random=FixedRandom("patient"))
        return cls(office, invitation, patient)

    @classmethod
    def acquainted(cls, *, open_door: bool = False) -> "Pair":
        pair = cls.strangers(open_door=open_door)
        pair.meet()
        return pair

    @property
    def door(self) -> Door:
        return Door(self.invitation.address, self.patient.state.psk)

    def receipt(self, *, assistant: bool = True) -> Signed:
        consent = Receipt(
            self.office.id,
            notice_digest(self.office.notice_data),
            1,
            "en",
            shown_digest(SHOWN),
            assistant,
            self.invitation.address,
            self.now_ms,
        )
        return consent.sign(self.patient.signer)

    def hello(self, *texts: str) -> bytes:
        items = []
        for text in texts:
            self.patient, item = self.patient.compose(Kind.TEXT, {"text": text}, self.now_ms, random=self.random)
            items.append(item)
        self.patient, frame = self.patient.hello(items=items, receipt=self.receipt(), random=self.random)
        return frame

    def answer(self, hello: bytes) -> Answered:
        if self.desk is None:
            answered = answer_hello(
                hello, self.door, self.office.secrets, self.office.desk, self.now_ms, random=self.random
            )
        else:
            found = self.desk.answer_hello(hello, self.office.secrets, self.now_ms, random=self.random)
            assert isinstance(found, Answered)
            answered = found
        self.desk = answered.session
        return answered

    def meet(self) -> None:
        """Say hello, answer, and confirm."""
        answered = self.answer(self.hello("Good morning"))
        self.patient = self.patient.accept(answered.frame, self.now_ms)
        self.to_desk(self.say(Kind.ACK, {}))

    def say(self, kind: Kind, content: dict) -> bytes:
        self.patient, sealed = self.patient.send(kind, content, self.now_ms, random=self.random)
        return sealed.frame

    def reply(self, kind: Kind, content: dict) -> bytes:
        assert self.desk is not None
        self.desk, sealed = self.desk.send(kind, content, self.now_ms, random=self.random)
        return sealed.frame

    def to_desk(self, frame: bytes) -> Received | Duplicate:
        assert self.desk is not None
        self.desk, found = self.desk.receive(frame, self.now_ms)
        return found

    def to_patient(self, frame: bytes) -> Received | Duplicate:
        self.patient, found = self.patient.receive(frame, self.now_ms)
        return found
