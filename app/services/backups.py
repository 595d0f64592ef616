"""Backups: taking them at a desk, and restoring or rehearsing them without one."""

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.crypto.errors import RecoveryCodeError
from app.crypto.recovery_code import RecoveryCode
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.roles import Right, may_read_messages
from app.services.clock import Clock, system_clock
from app.services.ledger import Ledger
from app.services.people.seconds import find_second
from app.store.backup.place import BackupPlace
from app.store.backup.restoring import Found, Open, find_snapshot, settle, staged
from app.store.backup.snapshot import Snapshot, parse_snapshot
from app.store.backup.taking import Progress, Taken, copy_keyring, prune, take
from app.store.erasing import shed_keyless, uncertified
from app.store.errors import BackupDamagedError, NotAllowedError, StoreError
from app.store.leftovers import building, sweep_folders
from app.store.log import EventLog
from app.store.open_vault import INDEX_NAME, OpenVault
from app.store.slot_records import SlotFile
from app.store.slot_seconds import Proof, SecondSource
from app.store.upkeep import rebuild_projections, verify_log
from app.store.vault import VaultFiles

REACHED = "backup"
"""Code of a backup whose keyring was replaced, for the certificate of an erasure."""

_REHEARSAL = "vestibule-rehearsal-"
KEPT_SNAPSHOTS = 30
"""Older ones go when a new one is complete."""


def _never() -> bool:
    return False


def _quiet(_done: int, _total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """One line of a list of backups; ``size`` is what the vault had, in bytes."""

    number: int
    taken_ms: int
    event_count: int
    size: int


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What came back: ``erased`` conversations had been erased after the snapshot and stay so.

    ``repaired`` names files of the backup that were damaged and came back from their second copy.
    """

    snapshot: SnapshotInfo
    events: int
    erased: int
    seconds: float
    repaired: tuple[str, ...] = ()


class BackupService:
    """Takes backups of the vault at a desk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._places: tuple[Path, ...] = ()

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders that the settings name; an erasure reaches the keyrings in them.

        One that was interrupted before it did is reached as soon as they are known.
        """
        return self._places

    @places.setter
    def places(self, folders: tuple[Path, ...]) -> None:
        self._places = folders
        if folders and uncertified(self._ledger.vault):
            with suppress(StoreError, OSError):  # unplugged: reached by the next erasure, or the next backup
                self.renew_keyrings()

    def take(
        self,
        folder: Path,
        progress: Progress = _quiet,
        is_stopped: Callable[[], bool] = _never,
        *,
        keep: int = KEPT_SNAPSHOTS,
    ) -> Taken:
        """Copy what changed into ``folder``, note that it was done, and let go of the oldest snapshots.

        Takes about a second for 200 MB; people go on working. Blocks its caller: call it on a thread of its own.

        Raises:
            NotYoursError: the role does not take backups.
            StoreError: see ``app.store.backup.taking.take``; earlier snapshots are as they were.
        """
        self._ledger.require(Right.BACK_UP)
        vault = self._ledger.vault
        place = BackupPlace(folder, vault.vault_id)
        taken = take(vault, place, self._ledger.now_ms(), progress, is_stopped)
        body = {"number": taken.snapshot.number, "size": taken.snapshot.size, "new_bytes": taken.new_bytes}
        self._ledger.write(OFFICE, EventKind.BACKUP_TAKEN, **body)
        prune(vault, place, keep)
        return taken

    def renew_keyrings(self) -> tuple[str, ...]:
        """Replace the keyring at every place after an erasure; one code for each that was reached.

        Copies that a rehearsal which died left in the temporary folder hold an old keyring, and go.
        A disk that is unplugged keeps its old keyring until the next backup to it.
        """
        sweep_folders(Path(tempfile.gettempdir()).glob(f"{_REHEARSAL}*"))
        places = (BackupPlace(folder, self._ledger.vault.vault_id) for folder in self.places)
        reached = [place for place in places if place.root.is_dir()]
        for place in reached:
            copy_keyring(self._ledger.vault, place)
        return (REACHED,) * len(reached)

    def snapshots(self, folder: Path) -> tuple[SnapshotInfo, ...]:
        """Return the readable backups of this vault in ``folder``, newest first."""
        return _list(BackupPlace(folder, self._ledger.vault.vault_id))


class RestoreService:
    """Brings a vault back from a place, or proves that it would come back."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock

    def list(self, folder: Path) -> tuple[SnapshotInfo, ...]:
        """Return the readable snapshots in ``folder``, newest first; takes no password.

        Raises:
            BackupMissingError: there is no backup in it.
        """
        return _list(BackupPlace.find(folder))

    def asks_code(self, folder: Path, number: int | None = None) -> bool:
        """Say whether somebody's password opens the snapshot only together with a code; takes no password.

        Raises:
            BackupMissingError, BackupDamagedError, SlotFileDamagedError: there is no telling.
        """
        found = find_snapshot(BackupPlace.find(folder), number)
        return any(slot.asks_code for slot in SlotFile.decode(found.snapshot.slots).slots)

    def restore(
        self,
        folder: Path,
        target: Path,
        open_vault: Open,
        *,
        number: int | None = None,
        is_replacing: bool = False,
        progress: Progress = _quiet,
    ) -> RestoreReport:
        """Build the vault of a snapshot in ``target``, which takes its place only after every check.

        Args:
            folder: holds the backup.
            target: where the vault shall stand.
            open_vault: see ``by_password`` and ``by_recovery_code``.
            number: of the snapshot; the newest that can be read when None.
            is_replacing: a vault in ``target`` is moved aside, never deleted; else a full folder is refused.
            progress: told bytes read, then events checked; what it raises ends the restore, and nothing was restored.

        Raises:
            BackupMissingError, BackupDamagedError: nothing was restored.
            VaultExistsError: ``target`` holds something and ``is_replacing`` is False.
            NotAllowedError: this person holds no keys of conversations, so erasures could not be applied.
            StoreError: what opening says; nothing was restored.
        """
        began = time.monotonic()
        place = BackupPlace.find(folder)
        found = find_snapshot(place, number)
        with staged(place, found, target, open_vault, progress) as vault:
            erased, events, repaired = self._check(vault, progress)
            settle(vault, target, self._clock() if is_replacing else None)
        return RestoreReport(_info(found.snapshot), events, erased, time.monotonic() - began, repaired)

    def rehearse(
        self, folder: Path, open_vault: Open, *, number: int | None = None, progress: Progress = _quiet
    ) -> RestoreReport:
        """Restore into a sealed folder that is removed at the end: every step of ``restore`` but the last.

        Raises:
            StoreError: as ``restore``; what is wrong with the backup.
        """
        began = time.monotonic()
        place = BackupPlace.find(folder)
        found = find_snapshot(place, number)
        sweep_folders(Path(tempfile.gettempdir()).glob(f"{_REHEARSAL}*"))
        sealed = Path(tempfile.mkdtemp(prefix=_REHEARSAL))
        try:
            with building(sealed):
                erased, events, repaired = self._rehearse(place, found, sealed / "vault", open_vault, progress)
        finally:
            shutil.rmtree(sealed, ignore_errors=True)
        return RestoreReport(_info(found.snapshot), events, erased, time.monotonic() - began, repaired)

    def _rehearse(
        self, place: BackupPlace, found: Found, target: Path, open_vault: Open, progress: Progress
    ) -> tuple[int, int, tuple[str, ...]]:
        with staged(place, found, target, open_vault, progress) as vault:
            return self._check(vault, progress)

    def _check(self, vault: OpenVault, progress: Progress) -> tuple[int, int, tuple[str, ...]]:
        """Apply erasures, then look at every event and every page; return how many were erased, the events, repairs."""
        if not may_read_messages(vault.person.role):
            raise NotAllowedError
        log = EventLog.open(vault)
        vault.index_engine()  # an empty one, made now: the first unlock shall not find it missing and call it damage
        erased = shed_keyless(log, vault, now_ms=self._clock())
        rebuild_projections(log, vault, progress)
        report = verify_log(log, vault, progress)
        if not report.is_sound or not vault.verify_files().is_sound:
            raise BackupDamagedError("the vault in it is not sound")
        # The index is no part of a backup: it is always made anew.
        repaired = tuple(repair.file_name for repair in vault.repairs if repair.file_name != INDEX_NAME)
        return len(erased), report.event_count, repaired


def by_password(
    password: str, code: str = "", *, second_of: SecondSource = find_second, clock: Clock = system_clock
) -> Open:
    """Return what opens a restored vault with a person's password and what went with it when the backup was taken.

    A code is spent in the copy that is opened, which is what it is compared with there.
    """
    return lambda folder: VaultFiles.open(folder, password, proof=Proof(code, second_of, clock()))


def by_recovery_code(code: str) -> Open:
    """Return what opens a restored vault with the printed code.

    Raises:
        RecoveryCodeError: the code has a typo.
    """
    parsed = RecoveryCode.parse(code)
    return lambda folder: VaultFiles.open_with_recovery(folder, parsed)


def by_secret(text: str, code: str = "") -> Open:
    """Return what opens a restored vault with whatever a person typed: the recovery code, else password and code."""
    try:
        return by_recovery_code(text)
    except RecoveryCodeError:
        return by_password(text, code)


def _list(place: BackupPlace) -> tuple[SnapshotInfo, ...]:
    infos: list[SnapshotInfo] = []
    for number in reversed(place.numbers()):
        with suppress(BackupDamagedError):
            infos.append(_info(parse_snapshot(place.read_snapshot(number))[0]))
    return tuple(infos)


def _info(snapshot: Snapshot) -> SnapshotInfo:
    return SnapshotInfo(snapshot.number, snapshot.taken_ms, snapshot.event_count, snapshot.size)
