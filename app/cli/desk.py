"""An unlocked desk for the length of a command."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.options import vault_folder
from app.cli.secrets import read_password
from app.cli.toolbox import Toolbox

if TYPE_CHECKING:  # heavy; the command that unlocks has loaded it already
    from collections.abc import Iterator

    from app.services.desk import Desk


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
    with service.unlock(folder, read_password(password_file)) as desk:
        desk.backups.places = toolbox.settings().backup_places
        yield desk
