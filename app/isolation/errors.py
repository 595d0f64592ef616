"""What can go wrong at the walls.

::

    IsolationError
    ├── ConfineError     this process could not be confined, so it must not go on; carries a ConfineProblem
    ├── WallError        the egress wall of the console could not be raised
    ├── FrameError       a frame that the protocol does not allow; carries a FrameProblem
    │   └── PipeClosedError   the other side is gone, or ended in the middle of a frame
    ├── ChildError       a child process could not be started
    └── DialError        there is no connection; carries a DialProblem
"""

from enum import Enum


class IsolationError(Exception):
    """Root of this room's errors."""


class ConfineProblem(Enum):
    """Why a worker refused to start. Crosses the process wall as a code."""

    MACHINE_UNKNOWN = "machine_unknown"
    """Neither x86-64 nor aarch64."""
    PRCTL_FAILED = "prctl_failed"
    LIMIT_FAILED = "limit_failed"
    FILES_LEFT_OPEN = "files_left_open"
    LANDLOCK_MISSING = "landlock_missing"
    """The kernel is older than 5.13 or Landlock is switched off at boot."""
    LANDLOCK_FAILED = "landlock_failed"
    GRANT_MISSING = "grant_missing"
    """A file or folder the worker should be able to read is not there."""
    SECCOMP_FAILED = "seccomp_failed"
    CHECK_FAILED = "check_failed"
    """Everything was switched on and a forbidden thing still worked."""
    ENTRY_FAILED = "entry_failed"
    """Confined, but the worker's own module could not be loaded."""
    BAD_ORDERS = "bad_orders"
    """The first frame was not a valid start order."""


class ConfineError(IsolationError):
    """This process is not confined; it must end."""

    def __init__(self, code: ConfineProblem) -> None:
        super().__init__(code.value)
        self.code = code


class WallError(IsolationError):
    """The egress wall is not up; the console must not go on."""


class FrameProblem(Enum):
    """Why a frame was refused."""

    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    UNKNOWN_KIND = "unknown_kind"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    CLOSED = "closed"
    TRUNCATED = "truncated"


class FrameError(IsolationError):
    """A frame outside the protocol. Never shows its content."""

    def __init__(self, code: FrameProblem) -> None:
        super().__init__(code.value)
        self.code = code


class PipeClosedError(FrameError):
    """The other side closed the pipe (``CLOSED``), or died in the middle of a frame (``TRUNCATED``)."""


class ChildError(IsolationError):
    """A child process could not be started."""


class DialProblem(Enum):
    """Why there is no connection. Crosses the walls of the dialler and of the child as a code."""

    NO_DIALLER = "no_dialler"
    """This process started none, or it is gone."""
    BAD_REQUEST = "bad_request"
    """The dialler did not understand what it was asked."""
    UNRESOLVED = "unresolved"
    """No address is known for the name, or nobody answered who knows."""
    NOT_LOCAL = "not_local"
    """Only this machine was allowed, and the name is another's."""
    NOT_ALLOWED = "not_allowed"
    """The settings of this machine name another gateway."""
    REFUSED = "refused"
    """The machine is there and nothing listens."""
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    NOT_HANDED_OVER = "not_handed_over"
    """What came from the dialler is not one connected stream."""


class DialError(IsolationError):
    """There is no connection."""

    def __init__(self, code: DialProblem) -> None:
        super().__init__(code.value)
        self.code = code
