"""The folder that holds the copies of one vault, wherever somebody put it: a disk, a share, a stick."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from app.domain.ids import VaultId
from app.store.errors import BackupDamagedError, BackupMissingError, BackupPlaceError, StoreError
from app.store.files import PRIVATE_FOLDER_MODE, read_bounded, replace_file
from app.store.keyring import KEYRING_NAMES, MAX_KEYRING_BYTES
from app.store.leftovers import sweep_files

BLOCK_BYTES = 256 * 1024
"""64 pages. Smaller blocks share more between snapshots and cost more files."""

MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024
_DIGEST_BYTES = 32
_NUMBER = re.compile(r"\d{8}")


def digest_of(block: bytes) -> str:
    """Return the name of a block: BLAKE2b-256 in hexadecimal."""
    return blake2b(block, digest_size=_DIGEST_BYTES).hexdigest()


@contextmanager
def _at_place() -> Iterator[None]:
    """Say that the place is to blame, not the vault, for whatever the system says."""
    try:
        yield
    except OSError as error:
        raise BackupPlaceError(type(error).__name__) from error


class BackupPlace:
    """Reads and writes files of a place; knows nothing of what they mean."""

    def __init__(self, folder: Path, vault_id: VaultId) -> None:
        """Use the part of ``folder`` that belongs to the vault."""
        self.root = folder / f"vestibule-{vault_id}"

    @staticmethod
    def find(folder: Path) -> "BackupPlace":
        """Return the one place in ``folder``; ``folder`` may also be the place itself.

        Raises:
            BackupMissingError: there is none, or more than one.
        """
        candidates = [folder] if folder.name.startswith("vestibule-") else sorted(folder.glob("vestibule-*"))
        found = [path for path in candidates if (path / "snapshots").is_dir()]
        if len(found) != 1:
            raise BackupMissingError(f"{len(found)} backups in the folder")
        return BackupPlace(found[0].parent, VaultId(found[0].name.removeprefix("vestibule-")))

    def prepare(self) -> None:
        """Make the folders that are missing.

        Raises:
            BackupPlaceError: the folder is not there, or cannot be written.
        """
        if not self.root.parent.is_dir():
            raise BackupPlaceError("the folder is not there")
        with _at_place():
            for folder in (self.root, self.root / "snapshots", self.root / "blocks"):
                folder.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)  # sticks know no modes: no chmod
                sweep_files(folder)

    def put_block(self, block: bytes) -> tuple[str, bool]:
        """Keep a block unless it is here; return its digest and whether it was new."""
        digest = digest_of(block)
        path = self._block_path(digest)
        with _at_place():
            if path.is_file() and path.stat().st_size == len(block):
                return digest, False
            path.parent.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)
            replace_file(path, block)
        return digest, True

    def block(self, digest: str) -> bytes:
        """Return a block.

        Raises:
            BackupDamagedError: missing, or not what was written.
        """
        with suppress(OSError, StoreError):
            data = read_bounded(self._block_path(digest), BLOCK_BYTES)
            if digest_of(data) == digest:
                return data
        raise BackupDamagedError("a block")

    def numbers(self) -> list[int]:
        """Return the numbers of the snapshots, oldest first."""
        names = (path.stem for path in (self.root / "snapshots").glob("*.json"))
        return sorted(int(name) for name in names if _NUMBER.fullmatch(name))

    def write_snapshot(self, number: int, data: bytes) -> None:
        """Put a snapshot in its place in one step; from then on the backup counts."""
        with _at_place():
            replace_file(self._snapshot_path(number), data)

    def read_snapshot(self, number: int) -> bytes:
        """Return the bytes of a snapshot.

        Raises:
            BackupDamagedError: it cannot be read.
        """
        try:
            return read_bounded(self._snapshot_path(number), MAX_SNAPSHOT_BYTES)
        except (OSError, StoreError) as error:
            raise BackupDamagedError("a snapshot") from error

    def write_keyring(self, copies: dict[str, bytes]) -> None:
        """Replace both copies of the keyring; what a writer who died left beside them goes."""
        sweep_files(self.root)
        with _at_place():
            for name in KEYRING_NAMES:
                replace_file(self.root / name, copies[name])

    def read_keyring(self) -> dict[str, bytes]:
        """Return both copies; one that cannot be read is empty, which the keyring itself notices."""
        copies = dict.fromkeys(KEYRING_NAMES, b"")
        for name in KEYRING_NAMES:
            with suppress(OSError, StoreError):
                copies[name] = read_bounded(self.root / name, MAX_KEYRING_BYTES)
        return copies

    def remove_snapshot(self, number: int) -> None:
        """Forget a snapshot; its blocks go with ``sweep``."""
        self._snapshot_path(number).unlink(missing_ok=True)

    def sweep(self, needed: frozenset[str]) -> int:
        """Remove blocks that no snapshot needs; return how many."""
        removed = 0
        for path in self._all_blocks():
            if path.name not in needed:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _all_blocks(self) -> Iterator[Path]:
        yield from (self.root / "blocks").glob("??/*")

    def _block_path(self, digest: str) -> Path:
        return self.root / "blocks" / digest[:2] / digest

    def _snapshot_path(self, number: int) -> Path:
        return self.root / "snapshots" / f"{number:08d}.json"
