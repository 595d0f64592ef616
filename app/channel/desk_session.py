"""One conversation as a desk holds it. Frozen: every act returns a new session, and a refusal returns none.

Use::

    answered = answer_hello(frame, Door(address, psk), office, desk, now_ms)     # a new conversation
    session, found = session.receive(frame, now_ms)                              # Received or Duplicate
    session, sealed = session.send(Kind.TEXT, {"text": "…"}, now_ms)
    stored = session.dump();  session = DeskSession.load(stored, desk).fresh_chain()   # once per start

Store the new session, what came of the act, and the outbox row in one transaction; send afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from nacl.utils import random as random_bytes

from app.channel import stored
from app.channel.answering import DeskIdentity, Door, OpenedHello, answer, checked_receipt, hello_header, open_hello
from app.channel.desk_state import DeskState, FirstKey, HelloPayload, OfficeSecrets, patient_id, with_hello_noted
from app.channel.digests import office_id, short_digest
from app.channel.errors import FrameRefusedError, HandshakeRefusedError
from app.channel.hello import MAX_HELLOS
from app.channel.kinds import Content, Kind, Role
from app.channel.line import Line, receive
from app.channel.receipts import Receipt
from app.channel.received import Duplicate, Received, Sealed
from app.channel.safety import safety_number
from app.channel.sending import send

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Answered:
    """A hello that holds: the session after it, the answer to send, and what it brought."""

    session: "DeskSession"
    frame: bytes
    payload: HelloPayload


@dataclass(frozen=True, slots=True)
class AnsweredBefore:
    """A hello that came before: the answer to send once more, empty when the patient has it already."""

    session: "DeskSession"
    frame: bytes


@dataclass(frozen=True, slots=True)
class DeskSession:
    """One conversation; ``desk`` is who we are and is not stored with it."""

    state: DeskState
    desk: DeskIdentity

    def __repr__(self) -> str:
        return "<DeskSession hidden>"

    @property
    def line(self) -> Line:
        """Generations, clock, acknowledgements."""
        return self.state.line

    @property
    def is_confirmed(self) -> bool:
        """Whether the patient has proved to be there, so that we may send."""
        return self.line.current is not None

    @property
    def safety_number(self) -> str:
        """Forty digits to compare by phone."""
        return safety_number(self.state.root, self.state.static, self.state.verify, self.line.address)

    def renewal_due(self, now_ms: int, card_name: bytes | None = None) -> bool:
        """Return whether to send ``renew``, once; ``card_name``: ``OfficeDocument.card_name`` of the card of today."""
        current = self.line.current
        if current is None or current.is_renew_said:
            return False
        return card_name not in {None, current.card} or current.is_spent(now_ms)

    def answer_hello(
        self, untrusted_frame: bytes, office: OfficeSecrets, now_ms: int, *, random: Random = random_bytes
    ) -> Answered | AnsweredBefore:
        """Return the session after a further hello of this conversation: an early text, or a new generation.

        Raises:
            HandshakeRefusedError: one of the codes of channel.md §5.1; the session stays as it is.
        """
        envelope = hello_header(untrusted_frame)
        if self.state.came_before(envelope.chain, short_digest("frame", untrusted_frame)):
            return self._answered_before(envelope.chain)
        state = self.state.tidied(now_ms)
        resumes = {one.resume_psk: one for one in reversed(state.line.generations)}
        psks = [*resumes, *([] if state.first is None else [state.first.psk])]
        hello = open_hello(
            untrusted_frame, envelope, office_id(state.root), state.line.address, office.boxes, psks, random
        )
        if (hello.static, hello.fields.verify) != (state.static, state.verify):
            raise HandshakeRefusedError("patient")
        receipt = checked_receipt(hello.fields, office_id(state.root), state.line.address)
        noted = with_hello_noted(state, hello)
        return _answered(noted, self.desk, hello, receipt, now_ms)

    def _answered_before(self, chain: bytes) -> AnsweredBefore:
        line = self.line.owing(chain, 0, owes_ack=True)
        frame = next((frame for name, frame in self.state.answers if name == chain), b"")
        return AnsweredBefore(replace(self, state=replace(self.state, line=line)), frame)

    def receive(self, untrusted_frame: bytes, now_ms: int) -> tuple[Self, Received | Duplicate]:
        """Return the session after a frame, and what it was.

        Raises:
            FrameRefusedError: one of the codes of channel.md §6.1; the session stays as it is.
        """
        patient = patient_id(self.state.verify)
        line, found = receive(
            self.line, untrusted_frame, lambda sender: self.state.verify if sender == patient else None, now_ms
        )
        answers = () if isinstance(found, Received) and found.is_first else self.state.answers
        return replace(self, state=replace(self.state, line=line, answers=answers)), found

    def send(
        self,
        kind: Kind,
        content: Content,
        now_ms: int,
        *,
        message_id: bytes | None = None,
        random: Random = random_bytes,
    ) -> tuple[Self, Sealed]:
        """Return the session after sending, and the frame.

        Raises:
            NotNowError: not_confirmed, content or too_large.
        """
        line, sealed = send(
            self.line, kind, content, now_ms, signer=self.desk.signer, message_id=message_id, random=random
        )
        return replace(self, state=replace(self.state, line=line)), sealed

    def tidied(self, now_ms: int) -> Self:
        """Return the session without keys whose time is over; once a day, also when nothing comes."""
        return replace(self, state=self.state.tidied(now_ms))

    def fresh_chain(self) -> Self:
        """Return the session of a new start: what it sends begins a chain of its own."""
        return replace(self, state=replace(self.state, line=self.line.fresh_chain()))

    def dump(self) -> bytes:
        """Return the session as bytes, secrets included."""
        return stored.dump(self.state)

    @classmethod
    def load(cls, dumped: bytes, desk: DeskIdentity, *, is_introduced: bool = False) -> Self:
        """Return the session that was dumped. Raises ValueError when these bytes are none.

        Under another desk (a vault from a backup enrols anew) it is another sender with a thread of its own. Unless
        the desk before has introduced it, patients would drop what it says: it reads, and speaks in the next
        generation, which it answers itself.
        """
        state = stored.load(DeskState, dumped)
        if state.line.me != desk.desk:
            fresh = tuple(
                replace(one, last_sent=b"", sending=None, is_foreign=one.is_foreign or not is_introduced)
                for one in state.line.generations
            )
            state = replace(state, line=replace(state.line, me=desk.desk, generations=fresh))
        return cls(state, desk)


def answer_hello(
    untrusted_frame: bytes,
    door: Door,
    office: OfficeSecrets,
    desk: DeskIdentity,
    now_ms: int,
    *,
    random: Random = random_bytes,
) -> Answered:
    """Return a new conversation, the answer to send, and what the patient's first hello brought.

    Raises:
        HandshakeRefusedError: one of the codes of channel.md §5.1.
    """
    envelope, office_name = hello_header(untrusted_frame), office_id(office.root)
    hello = open_hello(untrusted_frame, envelope, office_name, door.address, office.boxes, [door.psk], random)
    receipt = checked_receipt(hello.fields, office_name, door.address)
    line = Line(role=Role.DESK, address=door.address, me=desk.desk)
    state = DeskState(line, office.root, hello.static, hello.fields.verify, FirstKey(door.psk))
    return _answered(with_hello_noted(state, hello), desk, hello, receipt, now_ms)


def _answered(
    state: DeskState, desk: DeskIdentity, hello: OpenedHello, receipt: Receipt | None, now_ms: int
) -> Answered:
    is_renewal = any(one.resume_psk == hello.psk for one in state.line.generations)
    generation, frame = answer(hello, desk, now_ms)
    chain, items = hello.envelope.chain, hello.fields.items
    line = state.line
    try:
        line = line.heard(max((item.clock for item in items), default=0))
    except FrameRefusedError:
        raise HandshakeRefusedError("clock") from None
    line = line.with_generation(generation).owing(chain, 0, owes_ack=bool(items)).tidied(now_ms)
    answers = (*state.answers, (chain, frame))[-MAX_HELLOS:]
    payload = HelloPayload(chain, state.static, state.verify, receipt, hello.fields.receipt, items, is_renewal)
    return Answered(DeskSession(replace(state, line=line, answers=answers), desk), frame, payload)
