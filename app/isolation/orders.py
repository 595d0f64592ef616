"""What a confined child is told before anything else, and what it answers."""

from dataclasses import dataclass
from typing import Final

from app.isolation.errors import ConfineProblem
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
    },
)
"""Parent → child: confine yourself to these, then load ``entry`` (a module of ours with ``run(pipe_in, pipe_out)``)."""

CONFINED: Final = Shape(2, "confined", {"landlock_abi": whole_number(1, 1000)})
"""Child → parent: the walls are up and were tried; third-party code is loaded after this."""

REFUSED: Final = Shape(3, "refused", {"code": one_of(*(problem.value for problem in ConfineProblem))})
"""Child → parent: not confined, or nothing to run; the child ends."""


@dataclass(frozen=True, slots=True)
class Grants:
    """All that a worker may read beside the interpreter, the system's libraries and our own code."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    """Third-party packages it may import: (top-level name, its folder or its single file). No other can be found."""


def start_order(entry: str, grants: Grants) -> Frame:
    """Return the first frame for a child."""
    packages: list[list[str]] = [list(package) for package in grants.packages]
    return Frame(
        START,
        {"entry": entry, "files": list(grants.files), "folders": list(grants.folders), "packages": packages},
    )
