"""What comes out of a session: messages that hold, and frames that came before."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from app.channel.bodies import Told
from app.channel.kinds import QUIET_KINDS, Content, Kind


class Alarm(Enum):
    """Something that no honest, undisturbed sender does. The message is kept, a new generation is due."""

    CLONE = "clone"
    """Two contents under one number: the sender exists twice."""
    FORK = "fork"
    """Two frames name the same one before: an old state went on sending."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message whose signature, chain and schema hold.

    ``sender``: the desk's or the patient's id (16 B). ``digest``: of the frame (16 B). ``delivered``: chains of ours
    and up to which number the other side holds them durably. ``is_first``: the first valid frame of a generation.
    ``is_late``: it filled a gap. Who stores must keep one message per ``message_id`` and conversation: the same
    message may come again in another generation.
    """

    message_id: bytes
    kind: Kind
    content: Content = field(repr=False)
    sender: bytes
    generation: bytes
    chain: bytes
    number: int
    clock: int
    at_ms: int
    digest: bytes
    delivered: Told
    alarms: frozenset[Alarm] = frozenset()
    is_first: bool = False
    is_late: bool = False

    @property
    def asks_for_ack(self) -> bool:
        """Whether the sender waits for an acknowledgement of this very message."""
        return self.kind not in QUIET_KINDS


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A frame that was taken before: to be acknowledged again, not shown."""

    chain: bytes
    number: int


class SenderKeys(Protocol):
    """Looks up who may sign."""

    def __call__(self, sender: bytes) -> bytes | None:
        """Return the Ed25519 key of this sender, or None when nobody known has this id."""


class Sealed(NamedTuple):
    """A frame to be stored and sent; its chain and number stand in its header."""

    frame: bytes
    message_id: bytes
