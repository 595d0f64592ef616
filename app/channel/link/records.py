"""How the link stands, and how long it waits for what."""

from dataclasses import dataclass, field

from app.domain.channel import LinkPhase, ServedPage


@dataclass(frozen=True, slots=True)
class LinkState:
    """The link at one moment. Times are Unix milliseconds."""

    phase: LinkPhase
    code: str = ""
    """Why the last connection ended or none came about: a ``LinkCode``, ``DialProblem`` or ``ChildCode``."""
    retry_at_ms: int | None = None
    last_contact_ms: int | None = None
    """When the gateway was last heard."""
    page: ServedPage = field(default_factory=ServedPage)
    """What the last look at the served page found."""


@dataclass(frozen=True, slots=True)
class LinkTimes:
    """Seconds. Tests shorten them."""

    first_delay_s: float = 1.0
    """Before the second try; it doubles."""
    longest_delay_s: float = 60.0
    steady_s: float = 10.0
    """A connection that stood so long is a good one: the delays begin anew."""
    start_s: float = 60.0
    """From the start of the child to its walls, the dialling between them."""
    sign_in_s: float = 20.0
    """TLS, WebSocket and sign-in together."""
    ping_s: float = 20.0
    silent_s: float = 75.0
    """Without any sign of life: the other end is gone, though nobody said so."""
    answer_s: float = 90.0
    """Requests, and no answer to any of them, on a connection that otherwise lives."""
