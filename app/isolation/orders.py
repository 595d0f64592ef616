"""What a confined child is told before anything else, and what it answers."""

from dataclasses import dataclass
from typing import Final

from app.isolation.errors import ConfineProblem, DialProblem
from app.isolation.frames import Frame, Shape, list_of, one_of, pair, text, whole_number

_PATH = text(4096)
_NAME = text(200)

START: Final = Shape(
    1,
    "start",
    {
        "entry": _NAME,
        "files": list_of(_PATH, 64),
        "folders": list_of(_PATH, 64),
        "packages": list_of(pair(_NAME, _PATH), 64),
        "connection": whole_number(0, 1023),
    },
)
"""Parent → child: confine yourself to these, then load ``entry`` (a module of ours with ``run(pipe_in, pipe_out)``).

``connection`` is 0, or the descriptor on which the dialler will hand over a connected socket: then it is
``run(pipe_in, pipe_out, connection)``.
"""

CONFINED: Final = Shape(2, "confined", {"landlock_abi": whole_number(1, 1000)})
"""Child → parent: the walls are up and were tried; third-party code is loaded after this."""

REFUSED: Final = Shape(3, "refused", {"code": one_of(*(problem.value for problem in ConfineProblem))})
"""Child → parent: not confined, or nothing to run; the child ends."""

CONNECTED: Final = b"connected"
"""Dialler → child: the packet that brings the descriptor; any other is the code of a ``DialProblem``."""

UNCONNECTED: Final = Shape(4, "unconnected", {"code": one_of(*(problem.value for problem in DialProblem))})
"""Child → parent: the dialler handed nothing over; the child ends."""


@dataclass(frozen=True, slots=True)
class Grants:
    """All that a worker may read beside the interpreter, the system's libraries and our own code."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    """Third-party packages it may import: (top-level name, its folder or its single file). No other can be found."""


def start_order(entry: str, grants: Grants, connection: int = 0) -> Frame:
    """Return the first frame for a child; ``connection`` is its descriptor towards the dialler, 0 when it has none."""
    packages: list[list[str]] = [list(package) for package in grants.packages]
    return Frame(
        START,
        {
            "entry": entry,
            "files": list(grants.files),
            "folders": list(grants.folders),
            "packages": packages,
            "connection": connection,
        },
    )
