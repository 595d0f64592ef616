"""One conversation as a patient holds it, in Python: for tests, load and the vectors. The browser has its own engine.

Use::

    session = PatientSession.begin(document, invitation.address, invitation.psk(document.office_id), signer_seed …)
    session, item = session.compose(Kind.TEXT, {"text": "…"}, now_ms)
    session, hello = session.hello(now_ms, items=(item,), receipt=receipt)
    session = session.accept(answer_frame, now_ms)
    session, sealed = session.send(Kind.ACK, {}, now_ms)                          # at once: it confirms the keys
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from nacl.bindings import crypto_scalarmult_base
from nacl.utils import random as random_bytes

from app.channel import stored
from app.channel.bodies import Item
from app.channel.desk_state import patient_id
from app.channel.digests import ID_BYTES
from app.channel.documents import OfficeDocument
from app.channel.errors import DocumentRefusedError, FrameRefusedError
from app.channel.greeting import accept, checked_desk, greet
from app.channel.kinds import Content, Kind, Role
from app.channel.line import Line, receive
from app.channel.noise.dh import DH_BYTES
from app.channel.patient_state import OfficeView, PatientState
from app.channel.received import Duplicate, Received, Sealed
from app.channel.safety import safety_number
from app.channel.sending import make_item, send
from app.channel.signing import Signed, Signer

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class PatientSession:
    """One conversation. Frozen: every act returns a new session, and a refusal returns none."""

    state: PatientState

    def __repr__(self) -> str:
        return "<PatientSession hidden>"

    @classmethod
    def begin(
        cls, document: OfficeDocument, address: bytes, psk: bytes | None, *, random: Random = random_bytes
    ) -> Self:
        """Return a conversation that has said nothing yet; both key pairs are fresh. ``psk`` None: the open door."""
        static, seed = random(DH_BYTES), random(DH_BYTES)
        line = Line(role=Role.PATIENT, address=address, me=patient_id(Signer(seed).public))
        return cls(PatientState(line, OfficeView.of(document), static, seed, psk))

    @property
    def line(self) -> Line:
        """Generations, clock, acknowledgements."""
        return self.state.line

    @property
    def signer(self) -> Signer:
        """The patient's signing key v_P."""
        return Signer(self.state.seed)

    @property
    def safety_number(self) -> str:
        """Forty digits to compare by phone."""
        static = crypto_scalarmult_base(self.state.static)
        return safety_number(self.state.office.root, static, self.signer.public, self.line.address)

    def with_document(self, document: OfficeDocument) -> Self:
        """Return the session that will greet with this card; it was opened with ``seen`` of the one before."""
        return replace(self, state=replace(self.state, office=OfficeView.of(document)))

    def renewal_due(self, now_ms: int) -> bool:
        """Return whether to say hello again (channel.md §5.4)."""
        current = self.line.current
        is_old_card = current is not None and current.card != self.state.office.card_digest[:ID_BYTES]
        is_spent = current is not None and (current.is_renew_said or current.is_spent(now_ms))
        return (is_old_card or is_spent) and not self.state.pending

    def compose(self, kind: Kind, content: Content, now_ms: int, *, random: Random = random_bytes) -> tuple[Self, Item]:
        """Return the session after a message was written that a hello shall carry. Raises NotNowError: content."""
        item = make_item(self.line, kind, content, now_ms, random(ID_BYTES))
        return self._with_line(replace(self.line, clock=item.clock)), item

    def hello(
        self, *, items: Sequence[Item] = (), receipt: Signed | None = None, random: Random = random_bytes
    ) -> tuple[Self, bytes]:
        """Return the session after a hello, and its frame: the first, one more while unanswered, or a renewal.

        Raises:
            NotNowError: too_many or too_large.
        """
        state, frame = greet(self.state, items, receipt, random)
        return replace(self, state=state), frame

    def accept(self, untrusted_frame: bytes, now_ms: int) -> Self:
        """Return the session in the generation that an answer founds; the ephemeral keys are gone from it.

        Raises:
            HandshakeRefusedError: one of the codes of channel.md §5.2.
        """
        return replace(self, state=accept(self.state, untrusted_frame, now_ms))

    def receive(self, untrusted_frame: bytes, now_ms: int) -> tuple[Self, Received | Duplicate]:
        """Return the session after a frame, and what it was.

        Raises:
            FrameRefusedError: one of the codes of channel.md §6.1, or roster; the session stays as it is.
        """
        line, found = receive(self.line, untrusted_frame, self.state.sign_key, now_ms)
        state = replace(self.state, line=line)
        if isinstance(found, Received) and found.kind is Kind.DESK:
            introduced = Signed(found.content["roster"], found.content["roster_sig"])
            try:
                state = state.with_desk(checked_desk(state, introduced, now_ms))
            except DocumentRefusedError:
                raise FrameRefusedError("roster") from None
        return replace(self, state=state), found

    def send(
        self,
        kind: Kind,
        content: Content,
        now_ms: int,
        *,
        message_id: bytes | None = None,
        random: Random = random_bytes,
    ) -> tuple[Self, Sealed]:
        """Return the session after sending, and the frame. Raises NotNowError: not_confirmed, content, too_large."""
        line, sealed = send(self.line, kind, content, now_ms, signer=self.signer, message_id=message_id, random=random)
        return self._with_line(line), sealed

    def tidied(self, now_ms: int) -> Self:
        """Return the session without keys whose time is over."""
        return self._with_line(self.line.tidied(now_ms))

    def fresh_chain(self) -> Self:
        """Return the session of a new start: what it sends begins a chain of its own."""
        return self._with_line(self.line.fresh_chain())

    def dump(self) -> bytes:
        """Return the session as bytes, secrets included."""
        return stored.dump(self.state)

    @classmethod
    def load(cls, dumped: bytes) -> Self:
        """Return the session that was dumped. Raises ValueError when these bytes are none."""
        return cls(stored.load(PatientState, dumped))

    def _with_line(self, line: Line) -> Self:
        return replace(self, state=replace(self.state, line=line))
