"""Real vaults for tests, without paying for the password each time.

One template vault is made per test process, with the cheapest stretching that the program accepts (0.5 s); every test
gets a copy of it. ``TemporaryStore.open`` skips only the stretching: it hands the key that the password yielded once to
the same code that opens a vault for a person, so head, keyring, database and refusals are the real ones.
"""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.crypto.passwords import FLOOR, stretch
from app.crypto.recovery_code import RecoveryCode
from app.store.folder_lock import FolderLock
from app.store.signing_in import unlock_with_password
from app.store.slots import Unlocked, read_slot_file
from app.store.vault import SLOTS_NAME, OpenVault, VaultFiles, open_unlocked

PASSWORD = "copper lantern under quiet stairs"
PERSON_NAME = "Mara Lind"
BORN_MS = 1_760_000_000_000


stretched_once = cache(stretch)
"""For tests of many commands, each of which unlocks: every copy of the template has the same salt and password."""


@dataclass(frozen=True)
class _Template:
    directory: Path
    code: RecoveryCode
    unlocked: Unlocked


@cache
def _template() -> _Template:
    parent = Path(tempfile.mkdtemp(prefix="vestibule-template-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    directory = parent / "vault"
    vault, code = VaultFiles.create(directory, password=PASSWORD, person_name=PERSON_NAME, now_ms=BORN_MS, kdf=FLOOR)
    vault.close()
    unlocked = unlock_with_password(read_slot_file(directory / SLOTS_NAME), PASSWORD)
    return _Template(directory, code, unlocked)


class TemporaryStore:
    """A copy of the template vault in a folder of the test's own."""

    def __init__(self, parent: Path, name: str = "vault") -> None:
        template = _template()
        self.directory = parent / name
        shutil.copytree(template.directory, self.directory)
        self.directory.chmod(0o700)
        self.password = PASSWORD
        self.code = template.code
        self.unlocked = template.unlocked

    def open(self) -> OpenVault:
        """Open as the person of the template, without stretching the password again."""
        lock = FolderLock.acquire(self.directory)
        try:
            return open_unlocked(self.directory, self.unlocked, lock)
        except BaseException:
            lock.release()
            raise

    def snapshot(self) -> dict[str, bytes]:
        """Every file with its bytes, to compare before and after."""
        return snapshot(self.directory)

    def copy_to(self, directory: Path) -> "TemporaryStore":
        """Copy the files as they are now, as a crash or a thief would find them; works while the vault is open."""
        shutil.copytree(self.directory, directory)
        directory.chmod(0o700)
        twin = object.__new__(TemporaryStore)
        twin.directory, twin.password, twin.code, twin.unlocked = directory, self.password, self.code, self.unlocked
        return twin


def snapshot(directory: Path) -> dict[str, bytes]:
    """Every file below ``directory`` with its bytes."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}
