"""What walls and emergency access refuse.

::

    ServiceError
    ├── WallRefusedError      a wall that cannot be set or lowered as it was asked for; ``fault`` says why
    └── AccessRefusedError    nobody was let in, or nothing reviewed; ``fault`` says why
"""

from app.domain.walls import AccessFault, WallFault
from app.services.errors import ServiceError


class WallRefusedError(ServiceError):
    """The wall was not set or lowered; nothing changed."""

    def __init__(self, fault: WallFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class AccessRefusedError(ServiceError):
    """Nobody was let in, or nothing was reviewed."""

    def __init__(self, fault: AccessFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
