"""What the Python patient keeps of its conversation; the browser's engine keeps the same."""

from dataclasses import dataclass, replace
from typing import Self

from app.channel.documents import OfficeDocument, SeenOffice
from app.channel.line import Line
from app.channel.records import RosterEntry


@dataclass(frozen=True, slots=True)
class OfficeView:
    """The part of the office's document that handshakes need."""

    office: bytes
    root: bytes
    admin: bytes
    card_digest: bytes
    box: bytes
    seen: SeenOffice

    @classmethod
    def of(cls, document: OfficeDocument) -> "OfficeView":
        """Return the view of a document that was checked."""
        certificate = document.certificate
        return cls(
            document.office_id,
            certificate.root,
            certificate.admin,
            document.card_digest,
            document.card.boxes[0],
            document.seen,
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """A hello that waits for its answer: its chain, its card (16 B), the pattern, and Noise's state after message 1."""

    chain: bytes
    card: bytes
    pattern: str
    dumped: bytes

    def __repr__(self) -> str:
        return "<Pending hidden>"


@dataclass(frozen=True, slots=True)
class KnownDesk:
    """A desk whose roster entry was checked."""

    desk: bytes
    sign: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class PatientState:
    """All that is stored of the patient's side. ``psk``: of the invitation, None at the open door."""

    line: Line
    office: OfficeView
    static: bytes
    seed: bytes
    psk: bytes | None
    pending: tuple[Pending, ...] = ()
    desks: tuple[KnownDesk, ...] = ()
    desk_count: int = 1

    def __repr__(self) -> str:
        return "<PatientState hidden>"

    @property
    def least_epoch(self) -> int:
        """The highest roster epoch accepted so far."""
        return max((desk.epoch for desk in self.desks), default=0)

    def sign_key(self, sender: bytes) -> bytes | None:
        """Return the key of a desk that we know."""
        return next((desk.sign for desk in self.desks if desk.desk == sender), None)

    def with_desk(self, entry: RosterEntry) -> Self:
        """Return the state that knows this desk; whoever is not in its epoch speaks for the office no more."""
        others = tuple(desk for desk in self.desks if desk.desk != entry.desk and desk.epoch >= entry.epoch)
        return replace(self, desks=(*others, KnownDesk(entry.desk, entry.sign, entry.epoch)))
