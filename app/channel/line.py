"""The part of a conversation that both sides have in common: generations, the clock, what must still be acknowledged.

A ``Line`` is frozen. Every act returns a new one beside its result; who stores keeps the new one and the result in one
transaction, and sends only afterwards.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from app.channel.bodies import Told
from app.channel.errors import FrameRefusedError
from app.channel.frames import FrameContext
from app.channel.generations import Generation
from app.channel.kinds import Role
from app.channel.received import Duplicate, Received, SenderKeys
from app.channel.receiving import MAX_CLOCK_JUMP, Taken, TakenBefore, read_header, take_frame

MAX_OLD: Final = 8
MAX_PENDING: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One side of one conversation.

    ``me``: our sender id. ``generations``: oldest first. ``owed``: chains of the other side whose height it has not
    been told. ``owes_ack``: something came that its sender waits to have acknowledged.
    """

    role: Role
    address: bytes
    me: bytes
    generations: tuple[Generation, ...] = ()
    clock: int = 0
    owed: Told = ()
    owes_ack: bool = False

    def __repr__(self) -> str:
        return "<Line hidden>"

    @property
    def current(self) -> Generation | None:
        """The generation that we send in: the newest confirmed one whose patient knows us."""
        confirmed = [one for one in self.generations if one.is_confirmed and not (one.replaced_ms or one.is_foreign)]
        return confirmed[-1] if confirmed else None

    def with_generation(self, generation: Generation) -> Self:
        """Return the line with a generation added, or changed in its place."""
        if any(one.name == generation.name for one in self.generations):
            changed = (generation if one.name == generation.name else one for one in self.generations)
            return replace(self, generations=tuple(changed))
        return replace(self, generations=(*self.generations, generation))

    def confirmed(self, generation: Generation, now_ms: int) -> Self:
        """Return the line after this generation has proved itself: those before it are replaced from now on."""
        place = next(i for i, one in enumerate(self.generations) if one.name == generation.name)
        older = tuple(
            one if one.replaced_ms else replace(one, replaced_ms=now_ms, sending=None)
            for one in self.generations[:place]
        )
        return replace(
            self, generations=(*older, replace(generation, is_confirmed=True), *self.generations[place + 1 :])
        )

    def tidied(self, now_ms: int) -> Self:
        """Return the line without generations that are over, and without the oldest of too many."""
        old = [one.name for one in self.generations if one.replaced_ms and not one.is_over(now_ms)][-MAX_OLD:]
        fresh = [one for one in self.generations if not one.replaced_ms]
        pending = [one.name for one in fresh if not one.is_confirmed][-MAX_PENDING:]
        names = {*old, *pending, *(one.name for one in fresh if one.is_confirmed)}
        kept = tuple(one for one in self.generations if one.name in names)
        return self if len(kept) == len(self.generations) else replace(self, generations=kept)

    def fresh_chain(self) -> Self:
        """Return the line of a new start: what is sent next begins a chain of its own."""
        return replace(self, generations=tuple(replace(one, sending=None) for one in self.generations))

    def owing(self, chain: bytes, height: int, *, owes_ack: bool) -> Self:
        """Return the line that must tell the height of a chain."""
        others = tuple(entry for entry in self.owed if entry[0] != chain)
        owed = (*others, (chain, height)) if height >= 0 else others
        return replace(self, owed=owed, owes_ack=self.owes_ack or owes_ack)

    def heard(self, clock: int) -> Self:
        """Return the line after a message with this Lamport clock.

        Raises:
            FrameRefusedError: clock; it runs absurdly far ahead.
        """
        if clock > self.clock + MAX_CLOCK_JUMP:
            raise FrameRefusedError("clock")
        return replace(self, clock=max(self.clock, clock))

    def gap_since_ms(self) -> int | None:
        """Return since when something that was sent to us is missing, or None."""
        since = [when for one in self.generations if (when := one.gap_since_ms()) is not None]
        return min(since, default=None)


def receive(line: Line, untrusted_frame: bytes, keys: SenderKeys, now_ms: int) -> tuple[Line, Received | Duplicate]:
    """Return the line after a frame, and what it was.

    Raises:
        FrameRefusedError: one of the codes of channel.md §6.1; the line stays as it is.
    """
    envelope = read_header(untrusted_frame)
    generation = next((one for one in line.generations if one.name == envelope.generation), None)
    if generation is None or generation.is_over(now_ms):
        raise FrameRefusedError("generation")
    context = FrameContext(line.address, line.role.other, generation.hash)
    taken = take_frame(generation, context, envelope, untrusted_frame, keys, clock=line.clock, now_ms=now_ms)
    if isinstance(taken, TakenBefore):
        owing = line.owing(taken.chain.name, taken.chain.height, owes_ack=True)
        return owing, Duplicate(taken.chain.name, taken.number)
    return _after_receiving(line, generation, taken, now_ms)


def _after_receiving(line: Line, before: Generation, taken: Taken, now_ms: int) -> tuple[Line, Received]:
    item, envelope = taken.body.item, taken.envelope
    is_first = not before.is_confirmed
    grown = line.heard(item.clock).with_generation(taken.generation)
    if is_first:
        grown = grown.confirmed(taken.generation, now_ms)
    chain = taken.generation.chain(envelope.chain)
    height = -1 if chain is None else chain.height
    received = Received(
        item.message_id,
        item.kind,
        item.content,
        taken.inside.sender,
        before.name,
        envelope.chain,
        envelope.number,
        item.clock,
        item.at_ms,
        taken.digest,
        taken.body.seen,
        taken.alarms,
        is_first,
        taken.is_late,
    )
    return grown.owing(envelope.chain, height, owes_ack=received.asks_for_ack).tidied(now_ms), received
