"""What can go wrong in this room.

::

    GatewayError
    ├── OfficeFileError         the office file, or a card sent by a desk, is not one; ``code`` says how
    ├── PageFilesError          the files of the patient page are not those of their list
    ├── MailboxPlaceError       the mailbox cannot be opened here; ``code`` says why
    ├── RefusedError            a request was understood and not done; carries the code that travels
    └── ListenError             the address cannot be listened on, or the certificate cannot be used

Messages name no mailbox and no client.
"""

from enum import Enum

from app.domain.post import NoCode


class GatewayError(Exception):
    """Root of this room's errors."""


class OfficeFileError(GatewayError):
    """Not an office file or office document; ``code`` names the part."""

    def __init__(self, code: str) -> None:
        super().__init__(f"office file: {code}")
        self.code = code


class PageFilesError(GatewayError):
    """A file of the page is missing, or is not what the list says; ``file`` is its path in the list."""

    def __init__(self, file: str) -> None:
        super().__init__(f"patient page: {file}")
        self.file = file


class PlaceProblem(Enum):
    """Why a mailbox cannot be opened."""

    BROKER = "mailbox_broker"
    ADDRESS = "mailbox_address"
    FOLDER = "mailbox_folder"
    BUSY = "mailbox_busy"
    DAMAGED = "mailbox_damaged"
    NEWER = "mailbox_newer"
    OTHER_OFFICE = "mailbox_other_office"


class MailboxPlaceError(GatewayError):
    """The mailbox cannot be opened; nothing was changed."""

    def __init__(self, code: PlaceProblem) -> None:
        super().__init__(f"mailbox: {code.value}")
        self.code = code


class RefusedError(GatewayError):
    """Not done; ``code`` is what the client is told."""

    def __init__(self, code: NoCode) -> None:
        super().__init__(f"refused: {code.name.lower()}")
        self.code = code


class ListenProblem(Enum):
    """Why nobody can be served."""

    IN_USE = "listen_in_use"
    NOT_ALLOWED = "listen_not_allowed"
    NO_SUCH_ADDRESS = "listen_no_such_address"
    CERTIFICATE = "listen_certificate"
    WALLS = "listen_walls"


class ListenError(GatewayError):
    """Nobody can be served here."""

    def __init__(self, code: ListenProblem) -> None:
        super().__init__(f"listen: {code.value}")
        self.code = code
