"""Exit codes, and the one error that a command raises when it knows what to say."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script learns. Source: design, section 6."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    MALFORMED = 3
    LOCKED = 4
    UNAVAILABLE = 5


class CommandError(Exception):
    """Ends a command with one line on standard error."""

    def __init__(self, exit_code: ExitCode, line: str) -> None:
        super().__init__(line)
        self.exit_code = exit_code
        self.line = line
