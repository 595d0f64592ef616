"""One go through frames that came together: into bundles, written at once, and taken apart where something fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.ids import ConversationId
from app.domain.post_sizes import FrameType, read_envelope
from app.services.channel.bundles import Bundle
from app.services.channel.conversing import Held
from app.services.channel.settling import Arrived
from app.store.channel.invitations import StoredInvitation
from app.store.errors import UnknownConversationError, VaultRolledBackError, WorldFailedError

Incoming = tuple[bytes, bytes]
"""A mailbox, 16 B, and an untrusted frame of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one frame: done with (also when it did not hold), or why it and what follows it must wait.

    ``problem``: it could not be written down. ``until_ms``: too much came of this mailbox; from then on it goes on.
    """

    problem: Exception | None = None
    until_ms: int | None = None

    @property
    def is_done(self) -> bool:
        """Whether the gateway may let go of it."""
        return self.problem is None and self.until_ms is None


_DONE = Outcome()


class Takes(Protocol):
    """What a run needs of ``Receiving``."""

    def look_up(self, address: bytes, /) -> tuple[Held | None, StoredInvitation | None]:
        """Return the conversation of a mailbox, or the invitation to it."""

    def bundle(self, held: Held, /) -> Bundle:
        """Return the room for the frames of a conversation."""

    def take_hello(self, address: bytes, frame: bytes, /) -> Arrived | None:
        """Take a hello in a transaction of its own."""

    def take_into(self, bundle: Bundle, frame: bytes, /) -> None:
        """Take a frame into a bundle."""

    def full_until_ms(self, cid: ConversationId, /) -> int | None:
        """Return until when no more of a conversation is taken."""

    def settle(self, bundles: Sequence[Bundle], /) -> list[Arrived]:
        """Write bundles in one transaction."""

    def refuse(self, code: str, /) -> None:
        """Count what did not hold."""


class Run:
    """One go through frames that came together. ``outcomes``: one a frame; ``arrived``: one a conversation at most."""

    def __init__(self, receiving: Takes, incoming: Sequence[Incoming]) -> None:
        self._receiving = receiving
        self._incoming = incoming
        self.outcomes: list[Outcome] = [_DONE] * len(incoming)
        self.arrived: list[Arrived] = []
        self._open: dict[bytes, tuple[Bundle, list[int]]] = {}
        self._shut: dict[bytes, Outcome] = {}

    def go(self) -> None:
        """Take all of them."""
        for place, (address, frame) in enumerate(self._incoming):
            if address in self._shut:
                self.outcomes[place] = self._shut[address]
                continue
            try:
                self._take(place, address, frame)
            except Exception as problem:  # noqa: BLE001 - what fails for one mailbox must not stop all the others
                _let_through(problem)
                self._go_singly(address, place, problem)
        self._settle()

    def _take(self, place: int, address: bytes, frame: bytes) -> None:
        try:
            kind = read_envelope(frame).type
        except ValueError:
            self._receiving.refuse("header")
            return
        if kind is FrameType.HELLO:
            self._settle()  # what stands before it comes before it
            if address in self._shut:
                self.outcomes[place] = self._shut[address]
                return
            self._note(self._receiving.take_hello(address, frame))
        elif kind is FrameType.FRAME:
            self._take_frame(place, address, frame)
        else:
            self._receiving.refuse("address")

    def _take_frame(self, place: int, address: bytes, frame: bytes) -> None:
        if address not in self._open:
            held, _invitation = self._receiving.look_up(address)
            if held is None:
                self._receiving.refuse("address")
                return
            until_ms = self._receiving.full_until_ms(held.cid)
            if until_ms is not None:
                self.outcomes[place] = self._shut[address] = Outcome(until_ms=until_ms)
                return
            self._open[address] = self._receiving.bundle(held), []
        bundle, places = self._open[address]
        places.append(place)
        self._receiving.take_into(bundle, frame)

    def _settle(self) -> None:
        """Write all that is open; should that fail, each conversation alone."""
        opened, self._open = self._open, {}
        if not opened:
            return
        try:
            self.arrived += self._receiving.settle([bundle for bundle, _places in opened.values()])
        except Exception as problem:  # noqa: BLE001 - see ``go``
            _let_through(problem)
            for address, (_bundle, places) in opened.items():
                self._retry(address, places, problem)

    def _go_singly(self, address: bytes, place: int, problem: Exception) -> None:
        """Take the frames of one mailbox one by one, up to the one that fails."""
        _bundle, places = self._open.pop(address, (None, []))
        self._retry(address, [*(one for one in places if one != place), place], problem)

    def _retry(self, address: bytes, places: Sequence[int], problem: Exception) -> None:
        for place in places:
            if address not in self._shut:
                try:
                    self._take_alone(address, self._incoming[place][1])
                except Exception as found:  # noqa: BLE001 - see ``go``
                    _let_through(found)
                    problem = found
                    self._shut[address] = Outcome(problem=problem)
            if address in self._shut:
                self.outcomes[place] = self._shut[address]

    def _take_alone(self, address: bytes, frame: bytes) -> None:
        held, _invitation = self._receiving.look_up(address)
        if read_envelope(frame).type is FrameType.HELLO or held is None:
            self._note(self._receiving.take_hello(address, frame))
            return
        bundle = self._receiving.bundle(held)
        self._receiving.take_into(bundle, frame)
        self.arrived += self._receiving.settle([bundle])

    def _note(self, arrived: Arrived | None) -> None:
        if arrived is not None:
            self.arrived.append(arrived)


def _let_through(problem: Exception) -> None:
    """Raise what stops everybody: nothing can be written. A key that is not here stops its conversation alone."""
    is_everybodys = isinstance(problem, WorldFailedError | VaultRolledBackError)
    if is_everybodys and not isinstance(problem, UnknownConversationError):
        raise problem
