"""How a connection to the gateway ends, as codes; the trusted side owns the words.

::

    SecureError              TLS did not come about or broke; carries its :class:`LinkCode`
    ChannelError             (of the room)
    ├── LinkDownError        there is no connection (any more): keep it and ask again once there is
    └── LinkRefusedError     the gateway answered no; its ``code`` is the name of a ``NoCode`` in small letters
"""

from enum import Enum

from app.channel.errors import ChannelError
from app.domain.post import NoCode


class LinkCode(Enum):
    """Why a connection ended."""

    CERTIFICATE = "certificate"
    """The other side's certificate is not one that this office trusts for this host."""
    TLS = "tls"
    """What came is no TLS, or one too old."""
    NOT_A_GATEWAY = "not_a_gateway"
    """Something answered, and it does not speak this WebSocket."""
    MALFORMED = "malformed"
    """A message that is none of the protocol."""
    TOO_LARGE = "too_large"
    """A message longer than any may be, or one of ours was called so."""
    CLOSED = "closed"
    """The connection ended; it may be dialled again."""
    SILENT = "silent"
    """Nothing was heard for too long: a cable was pulled, or the other side hangs."""
    BUSY = "busy"
    """The gateway asks to try later."""
    SIGN_IN_UNKNOWN = "sign_in_unknown"
    SIGN_IN_TOKEN = "sign_in_token"  # noqa: S105  the name of a refusal
    SIGN_IN_CLAIMED = "sign_in_claimed"
    SIGN_IN_EXPIRED = "sign_in_expired"
    SIGN_IN_CLOSED = "sign_in_closed"
    SIGN_IN_BUSY = "sign_in_busy"
    SIGN_IN_VERSION = "sign_in_version"


class ChildCode(Enum):
    """Why a connection ended, as far as our own side is concerned."""

    NOT_CONFINED = "not_confined"
    """This machine cannot lock the child in, so it did not start."""
    WORKER_DIED = "worker_died"
    """The child crashed, talked nonsense or was too late."""
    NO_ANSWER = "no_answer"
    """A request was not answered on a connection that otherwise lives."""
    NOT_TAKEN = "not_taken"
    """The desk could not take what came: a full disk, a bug. It comes again."""


class LinkDownError(ChannelError):
    """There is no connection; ``reason`` says what the link knows of it.

    ``code`` is always ``link_down``: several reasons read like answers of the gateway ("malformed", "too_large"), and
    who takes one for the other gives up what should be sent again.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("link_down")
        self.reason = reason


class LinkRefusedError(ChannelError):
    """The gateway said no."""

    def __init__(self, code: NoCode) -> None:
        super().__init__(code.name.lower())


class SecureError(Exception):
    """TLS did not come about, or broke."""

    def __init__(self, code: LinkCode) -> None:
        super().__init__(code.value)
        self.code = code
