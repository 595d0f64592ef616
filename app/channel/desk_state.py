"""What a desk keeps of a conversation, and what a hello brings."""

from dataclasses import dataclass, replace
from typing import Self

from app.channel.answering import CardBox, OpenedHello
from app.channel.bodies import Item
from app.channel.digests import short_digest
from app.channel.errors import HandshakeRefusedError
from app.channel.generations import KEEP_MS, Hellos
from app.channel.hello import MAX_HELLOS
from app.channel.line import Line
from app.channel.receipts import Receipt
from app.channel.signing import Signed


@dataclass(frozen=True, slots=True)
class OfficeSecrets:
    """The office's root (Ed25519, public, 32 B) and the cards that patients may still use, with their secrets."""

    root: bytes
    boxes: tuple[CardBox, ...]


@dataclass(frozen=True, slots=True)
class FirstKey:
    """What opens a hello before the first generation is a week old; ``hellos``: those that came so."""

    psk: bytes | None
    hellos: Hellos = ()

    def __repr__(self) -> str:
        return "<FirstKey hidden>"


@dataclass(frozen=True, slots=True)
class DeskState:
    """What is stored of a session."""

    line: Line
    root: bytes
    static: bytes
    verify: bytes
    first: FirstKey | None
    answers: tuple[tuple[bytes, bytes], ...] = ()

    def __repr__(self) -> str:
        return "<DeskState hidden>"

    def came_before(self, chain: bytes, short: bytes) -> bool:
        """Return whether this very hello came before, under a psk that would still open it.

        Raises:
            HandshakeRefusedError: duplicate; other bytes under the same ephemeral key.
        """
        known = () if self.first is None else self.first.hellos
        known += tuple(hello for one in self.line.generations for hello in one.hellos)
        before = next((digest for name, digest in known if name == chain), short)
        if before != short:
            raise HandshakeRefusedError("duplicate")
        return any(name == chain for name, _ in known)

    def tidied(self, now_ms: int) -> Self:
        """Return the state without what is over, the invitation's key among it."""
        founded = [one.founded_ms for one in self.line.generations if one.is_confirmed]
        is_old = bool(founded) and now_ms - min(founded) > KEEP_MS
        return replace(self, line=self.line.tidied(now_ms), first=None if is_old else self.first)


@dataclass(frozen=True, slots=True)
class HelloPayload:
    """What a hello brought. ``hello``: its chain, 16 B. ``items``: early messages, kept once per message id."""

    hello: bytes
    static: bytes
    verify: bytes
    receipt: Receipt | None
    receipt_signed: Signed | None
    items: tuple[Item, ...]
    is_renewal: bool


def patient_id(verify: bytes) -> bytes:
    """Return the sender id of the patient with this Ed25519 key, 16 bytes."""
    return short_digest("sender", verify)


def with_hello_noted(state: DeskState, hello: OpenedHello) -> DeskState:
    """Return the state that will know this hello again.

    Raises:
        HandshakeRefusedError: too_many; eight came under this psk.
    """
    name = (hello.envelope.chain, hello.digest)
    resumed = next((one for one in state.line.generations if one.resume_psk == hello.psk), None)
    hellos = resumed.hellos if resumed is not None else () if state.first is None else state.first.hellos
    if len(hellos) >= MAX_HELLOS:
        raise HandshakeRefusedError("too_many")
    if resumed is None:
        return replace(state, first=FirstKey(hello.psk, (*hellos, name)))
    return replace(state, line=state.line.with_generation(replace(resumed, hellos=(*hellos, name))))
