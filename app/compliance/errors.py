"""What can go wrong in this room.

::

    ComplianceError
    └── RulesMalformedError     a file of retention rules cannot be taken; ``place`` says where, ``code`` what
"""


class ComplianceError(Exception):
    """Root of this room's errors. Messages hold codes and places, never content."""

    code = "compliance_failed"


class RulesMalformedError(ComplianceError):
    """The rules were not taken. ``place`` is a path into the file, such as ``classes[2].duration``."""

    code = "rules_malformed"

    def __init__(self, place: str) -> None:
        super().__init__(f"{self.code}: {place}")
        self.place = place
