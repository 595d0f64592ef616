"""Key sticks on removable disks: found by their name, read, and made.

May import what ``app.services`` may. Trust: whatever is plugged in is untrusted. A file is opened by a name that the
signed slot gives, without following links, at most 512 bytes are read, and a secret that is not the right one opens
nothing.
"""

import getpass
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from app.crypto.key_sticks import MAX_STICK_FILE_BYTES, KeyStick
from app.services.errors import SignInFault, SignInRefusedError
from app.store.errors import SecondMissingError, StoreError, VaultDamagedError
from app.store.files import create_file, read_bounded
from app.store.slot_seconds import SecondInput, SecondKind

Roots = Callable[[], Iterable[Path]]
"""Returns the folders at which removable disks are mounted now."""

_MAX_ROOTS = 50


def removable_roots() -> tuple[Path, ...]:
    """Return where the desktop mounts removable disks of this person: udisks2 and older conventions."""
    with suppress(OSError, KeyError):
        user = getpass.getuser()
        parents = (Path("/run/media") / user, Path("/media") / user, Path("/media"))
        return tuple(_mounts(parents))[:_MAX_ROOTS]
    return ()


def stick_path(root: Path, name: bytes) -> Path:
    """Return where the file of a stick lies on its disk."""
    return root / f"vestibule-{name.hex()}.key"


def find_stick(second: SecondInput, roots: Roots = removable_roots) -> bytes:
    """Return the secret of a stick that is plugged in.

    Raises:
        SecondMissingError: it is not, or its file is damaged.
    """
    for root in roots():
        try:
            stick = KeyStick.decode(read_bounded(stick_path(root, second.name), MAX_STICK_FILE_BYTES))
        except (OSError, VaultDamagedError, StoreError):
            continue
        if stick is not None and stick.name == second.name:
            return stick.secret
    raise SecondMissingError(SecondKind.STICK.value)


def is_plugged_in(second: SecondInput, roots: Roots = removable_roots) -> bool:
    """Say whether a stick is here, without keeping its secret."""
    try:
        find_stick(second, roots)
    except SecondMissingError:
        return False
    return True


def write_stick(root: Path, stick: KeyStick, vault_dir: Path) -> Path:
    """Write a stick onto a removable disk, closed to others where the disk knows that, and return the file.

    Raises:
        SignInRefusedError: the folder lies on the disk of the vault, where the file would protect nothing; or it cannot
            be written.
        DiskFullError, DiskFailedError: nothing was made.
    """
    target = stick_path(root, stick.name)
    try:
        if not _is_apart(root, vault_dir):
            raise SignInRefusedError(SignInFault.STICK_BESIDE_VAULT)
        create_file(target, stick.encode())
    except OSError:
        raise SignInRefusedError(SignInFault.STICK_UNWRITABLE) from None
    return target


def _is_apart(root: Path, vault_dir: Path) -> bool:
    return root.stat().st_dev != vault_dir.stat().st_dev


def _mounts(parents: Iterable[Path]) -> Iterable[Path]:
    for parent in parents:
        with suppress(OSError):
            yield from sorted(root for root in parent.iterdir() if root.is_mount())
