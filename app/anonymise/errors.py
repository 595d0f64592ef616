"""What can go wrong when personal data is found and replaced.

::

    AnonymiseError
    └── PipelineError   the trained pipeline is missing, or is not the one that was shipped

Errors carry a code from a closed list; none carries text or a path.
"""

from enum import Enum


class PipelineFault(Enum):
    """Why the trained pipeline was refused."""

    MISSING = "missing"
    ALTERED = "altered"
    UNREADABLE = "unreadable"


class AnonymiseError(Exception):
    """The root of this room's errors."""


class PipelineError(AnonymiseError):
    """The trained pipeline cannot be used."""

    def __init__(self, fault: PipelineFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
