"""An unlocked desk for the length of a command."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.options import vault_folder
from app.cli.secrets import read_code, read_password
from app.cli.toolbox import Toolbox

if TYPE_CHECKING:  # heavy; the command that unlocks has loaded it already
    from collections.abc import Iterator

    from app.services.desk import Desk
    from app.services.vaults import VaultService


@contextmanager
def unlocked(toolbox: Toolbox, vault: Path | None, password_file: Path | None) -> "Iterator[Desk]":
    """Yield the desk of the vault and close it at the end; the password is asked for only when there is a vault.

    Raises:
        CommandError, StoreError: there is no vault, no password, or not this one.
    """
    from app.store.errors import VaultMissingError  # noqa: PLC0415  heavy

    service = toolbox.vault_service()
    folder = vault_folder(toolbox, vault)
    if not service.status(folder).exists:
        raise VaultMissingError
    password = read_password(password_file)
    with service.unlock(folder, password, code=code_for(service, folder, password_file)) as desk:
        desk.backups.places = toolbox.settings().backup_places
        yield desk


def code_for(service: "VaultService", folder: Path, password_file: Path | None) -> str:
    """Return a code from a phone where somebody's password is asked for together with one, "" where nobody's is."""
    from app.store.errors import StoreError  # noqa: PLC0415  heavy

    try:
        is_asked = any(face.asks_code for face in service.faces(folder))
    except StoreError:
        return ""
    return read_code(password_file) if is_asked else ""
