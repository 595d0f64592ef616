"""An office for the tests of the page: keys, documents and one desk, made with the program's own Python side."""

from dataclasses import dataclass, field, replace

from nacl.bindings import crypto_scalarmult_base

from app.channel.answering import CardBox, DeskIdentity, Door
from app.channel.desk_session import DeskSession, answer_hello
from app.channel.desk_state import HelloPayload, OfficeSecrets
from app.channel.digests import digest, office_id
from app.channel.documents import dump_office_document
from app.channel.invitation import Invitation
from app.channel.issuing import notice_digest, sign_card, sign_certificate, sign_roster_entry, write_notice
from app.channel.records import Card, Certificate, Notice, RosterEntry
from app.channel.signing import Signed, Signer

NOW_S = 1_790_000_000
NOW_MS = NOW_S * 1_000
ROOT, ADMIN, DESK = Signer(b"r" * 32), Signer(b"a" * 32), Signer(b"d" * 32)
DESK_ID = b"desk-number-one!"
OFFICE_ID = office_id(ROOT.public)
INVITATION = Invitation(b"i" * 16, b"s" * 32, OFFICE_ID[:20])
NOTICE = Notice(
    version=3,
    name="Practice at the Mill",
    sector="clinic",
    country="Ireland",
    phone="+353 1 555 0100",
    emergency=("112",),
    keeps_days=365,
    assistant=True,
    languages=("en", "es"),
    who="the reception of the practice at the mill",
    withdraw="Call us or write a letter.",
)


@dataclass(frozen=True)
class Office:
    """What an office holds in these tests; the clock is fixed unless ``now_s`` says otherwise."""

    now_s: int = NOW_S
    seq: int = 1
    prev: bytes = b""
    secret: bytes = b"b" * 32
    open_door: bool = False
    older: tuple[CardBox, ...] = ()
    notice: Notice = field(default=NOTICE)

    @property
    def card(self) -> Signed:
        """The card of today."""
        return sign_card(
            ADMIN,
            Card(
                OFFICE_ID,
                self.seq,
                self.prev,
                self.now_s - 60,
                self.now_s + 86_400 * 20,
                (crypto_scalarmult_base(self.secret),),
                notice_digest(write_notice(self.notice)),
                self.open_door,
                1,
            ),
        )

    @property
    def document(self) -> bytes:
        """What is served at /office.json."""
        certificate = sign_certificate(ROOT, Certificate(ROOT.public, ADMIN.public, 1, self.now_s + 86_400 * 300))
        return dump_office_document(certificate, self.card, write_notice(self.notice))

    @property
    def secrets(self) -> OfficeSecrets:
        """What answers hellos."""
        return OfficeSecrets(ROOT.public, (CardBox(self.card.data, self.secret), *self.older))

    def with_next_card(self) -> "Office":
        """Return the office a week later: another mailbox key, the old one still kept."""
        return replace(
            self,
            seq=self.seq + 1,
            prev=digest("card", self.card.data),
            secret=bytes(255 - byte for byte in self.secret),
            older=(CardBox(self.card.data, self.secret), *self.older),
        )

    def desk(self, desk_id: bytes = DESK_ID, signer: Signer = DESK) -> DeskIdentity:
        """Return a desk of the office, listed in its roster."""
        entry = RosterEntry(OFFICE_ID, desk_id, signer.public, 1, self.now_s + 86_400 * 300)
        return DeskIdentity(desk_id, signer, sign_roster_entry(ADMIN, entry), 1)

    def answer(
        self, hello: bytes, now_ms: int, invitation: Invitation = INVITATION
    ) -> tuple[DeskSession, bytes, HelloPayload]:
        """Answer the first hello of a conversation."""
        return self.answer_at(Door(invitation.address, invitation.psk(OFFICE_ID)), hello, now_ms)

    def answer_at(self, door: Door, hello: bytes, now_ms: int) -> tuple[DeskSession, bytes, HelloPayload]:
        """Answer the first hello of a conversation that comes through this door."""
        answered = answer_hello(hello, door, self.secrets, self.desk(), now_ms)
        return answered.session, answered.frame, answered.payload
