"""Backups of a real vault: taken while it is open, restored, and held against damage."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import ConversationId
from app.services.backups import BackupService, RestoreService, by_password
from app.services.desk import Desk
from app.services.erasing.service import REASONS
from app.store.backup.place import BackupPlace
from app.store.backup.taking import take
from app.store.errors import (
    BackupDamagedError,
    BackupMissingError,
    BackupPlaceError,
    BackupStoppedError,
    DiskFullError,
    VaultBusyError,
    VaultExistsError,
    WrongPasswordError,
)
from app.store.folder_lock import FolderLock
from app.store.open_vault import OpenVault
from app.store.vault import open_unlocked
from tests.support.desks import TemporaryDesk
from tests.support.small_disk import files_at_most
from tests.support.vaults import snapshot

WORDS = "the pewter heron stands behind the observatory"


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def opener(made: TemporaryDesk) -> Callable[[Path], OpenVault]:
    """Opens a restored folder as the person of the template, without stretching the password again."""
    return lambda folder: open_unlocked(folder, made.store.unlocked, FolderLock.acquire(folder))


def write(desk: Desk, count: int = 1, words: str = WORDS) -> list[ConversationId]:
    return [desk.conversations.start(f"Person {number}", Origin.PHONE, words) for number in range(count)]


def fill_up(limits: ExitStack) -> bool:
    """From the moment when the copying begins no file may grow; the vault's own files are at rest then."""
    limits.enter_context(files_at_most(100_000))
    return False


def restored(made: TemporaryDesk, disk: Path, target: Path, **options: object) -> Desk:
    RestoreService(made.clock).restore(disk, target, opener(made), **options)
    return Desk.over(opener(made)(target), made.clock)


def test_what_was_there_when_the_backup_was_taken_comes_back(made, desk, disk, tmp_path):
    cid = write(desk)[0]
    BackupService(desk.ledger).take(disk)
    write(desk, words="this came later")
    with restored(made, disk, tmp_path / "back") as back:
        assert WORDS in {item.text for item in back.conversations.thread(cid).items}
        assert len(back.conversations.search("heron")) == 1
        assert back.conversations.search("later") == ()


def test_people_go_on_writing_while_a_backup_is_taken(made, desk, disk, tmp_path):
    write(desk, 30, WORDS * 200)
    seen: list[int] = []

    def write_meanwhile(done: int, _total: int) -> None:
        if not seen:
            thread = threading.Thread(target=write, args=(desk, 3, "written meanwhile"))
            thread.start()
            thread.join()
        seen.append(done)

    taken = BackupService(desk.ledger).take(disk, write_meanwhile)
    assert seen
    assert taken.snapshot.size == seen[-1]
    assert len(desk.conversations.search("meanwhile")) == 3
    with restored(made, disk, tmp_path / "back") as back:
        assert back.conversations.search("meanwhile") == ()


def test_the_second_backup_writes_only_what_changed(desk, disk):
    write(desk, 40, WORDS * 400)
    first = BackupService(desk.ledger).take(disk)
    write(desk)
    second = BackupService(desk.ledger).take(disk)
    assert second.new_bytes < first.new_bytes
    assert second.snapshot.number == first.snapshot.number + 1


def test_an_older_snapshot_can_be_asked_for(made, desk, disk, tmp_path):
    write(desk)
    first = BackupService(desk.ledger).take(disk)
    write(desk, words="this came later")
    BackupService(desk.ledger).take(disk)
    assert [info.number for info in RestoreService().list(disk)] == [2, 1]
    with restored(made, disk, tmp_path / "back", number=first.snapshot.number) as back:
        assert back.conversations.search("later") == ()


def test_what_was_erased_after_a_backup_does_not_come_back(made, desk, disk, tmp_path):
    kept, gone = write(desk, 2)
    backups = BackupService(desk.ledger)
    backups.take(disk)
    backups.places = (disk, tmp_path / "unplugged")
    desk.erasure.on_keyring_rewritten(backups.renew_keyrings)
    key = desk.vault.keyring.key_for(gone)
    desk.erasure.erase([gone], REASONS[0])
    report = RestoreService(made.clock).restore(disk, tmp_path / "back", opener(made))
    assert report.erased == 1
    with Desk.over(opener(made)(tmp_path / "back"), made.clock) as back:
        assert back.conversations.thread(kept)
        assert not back.vault.keyring.has(gone)
        assert len(back.conversations.search("heron")) == 1
    assert not any(key in data for data in snapshot(disk).values())


def test_nothing_in_a_backup_can_be_read(desk, disk):
    write(desk)
    BackupService(desk.ledger).take(disk)
    files = snapshot(disk)
    assert files
    assert not any(b"heron" in data or b"Person 0" in data or b"SQLite format" in data for data in files.values())


def test_old_snapshots_go_and_take_their_blocks_along(desk, disk):
    backups = BackupService(desk.ledger)
    for _ in range(4):
        write(desk, 3, WORDS * 300)
        backups.take(disk, keep=2)
    place = BackupPlace.find(disk)
    assert place.numbers() == [3, 4]
    needed = {digest for number in (3, 4) for digest in json.loads(place.read_snapshot(number))["blocks"]}
    assert {path.name for path in (place.root / "blocks").glob("??/*")} == needed


@pytest.mark.parametrize("part", ["blocks", "snapshots"])
def test_a_damaged_backup_restores_nothing(made, desk, disk, tmp_path, part):
    write(desk, 5, WORDS * 300)
    BackupService(desk.ledger).take(disk)
    victim = next(path for path in sorted((BackupPlace.find(disk).root / part).rglob("*")) if path.is_file())
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(bytes(data))
    with pytest.raises((BackupDamagedError, BackupMissingError)):
        RestoreService().restore(disk, tmp_path / "back", opener(made))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "vault"]


def test_a_snapshot_that_somebody_changed_is_refused(made, desk, disk, tmp_path):
    write(desk)
    BackupService(desk.ledger).take(disk)
    path = next((BackupPlace.find(disk).root / "snapshots").iterdir())
    raw = json.loads(path.read_bytes())
    path.write_text(json.dumps({**raw, "taken_ms": raw["taken_ms"] + 1}))
    with pytest.raises(BackupDamagedError):
        RestoreService().restore(disk, tmp_path / "back", opener(made))
    assert not (tmp_path / "back").exists()


def test_a_restore_never_writes_over_a_vault_unless_it_is_told_to_and_then_keeps_it(made, desk, disk, tmp_path):
    write(desk)
    BackupService(desk.ledger).take(disk)
    target = made.store.directory
    before = snapshot(target)
    with pytest.raises(VaultExistsError):
        RestoreService(made.clock).restore(disk, target, opener(made))
    with pytest.raises(VaultBusyError):
        RestoreService(made.clock).restore(disk, target, opener(made), is_replacing=True)
    assert snapshot(target).keys() == before.keys()
    desk.close()
    RestoreService(made.clock).restore(disk, target, opener(made), is_replacing=True)
    aside = [path for path in tmp_path.iterdir() if ".before-restore-" in path.name]
    assert len(aside) == 1
    for folder in (target, aside[0]):
        with Desk.over(opener(made)(folder), made.clock) as back:
            assert len(back.conversations.search("heron")) == 1


def test_a_rehearsal_leaves_nothing_behind_and_says_what_it_read(made, desk, disk, tmp_path):
    write(desk, 3)
    taken = BackupService(desk.ledger).take(disk)
    report = RestoreService(made.clock).rehearse(disk, opener(made))
    assert report.events == taken.snapshot.event_count
    assert report.erased == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "vault"]


def test_a_rehearsal_can_be_stopped_while_it_checks(made, desk, disk, tmp_path):
    write(desk, 3)
    taken = BackupService(desk.ledger).take(disk)

    def stop_at_the_check(_done: int, total: int) -> None:
        if total != taken.snapshot.size:
            raise BackupStoppedError

    with pytest.raises(BackupStoppedError):
        RestoreService(made.clock).rehearse(disk, opener(made), progress=stop_at_the_check)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "vault"]
    assert not list(Path(tempfile.gettempdir()).glob("vestibule-rehearsal-*"))


def test_the_real_password_opens_it_and_a_wrong_one_does_not(made, desk, disk):
    write(desk)
    BackupService(desk.ledger).take(disk)
    assert RestoreService(made.clock).rehearse(disk, by_password(made.store.password)).events
    with pytest.raises(WrongPasswordError):
        RestoreService(made.clock).rehearse(disk, by_password("a wrong password, long enough"))


def test_a_missing_disk_and_a_stopped_backup_are_told_apart_and_harm_nothing(desk, disk, tmp_path):
    backups = BackupService(desk.ledger)
    with pytest.raises(BackupPlaceError):
        backups.take(tmp_path / "unplugged")
    backups.take(disk)
    with pytest.raises(BackupStoppedError):
        backups.take(disk, is_stopped=lambda: True)
    assert BackupPlace.find(disk).numbers() == [1]
    with pytest.raises(BackupMissingError):
        RestoreService().list(tmp_path)
    assert [info.number for info in backups.snapshots(disk)] == [1]
    backups.places = (tmp_path / "unplugged", disk)
    assert backups.renew_keyrings() == ("backup",)


def test_a_full_disk_stops_the_backup_and_not_the_vault(desk, disk):
    write(desk, 30, WORDS * 400)
    backups = BackupService(desk.ledger)
    backups.take(disk)
    before = snapshot(disk)
    write(desk, 30, WORDS * 400)
    place = BackupPlace(disk, desk.vault.vault_id)
    with ExitStack() as limits, pytest.raises(DiskFullError):
        take(desk.vault, place, 0, lambda _done, _total: None, lambda: fill_up(limits))
    assert {name: data for name, data in snapshot(disk).items() if name in before} == before
    write(desk)
    assert not desk.vault.is_stopped
    assert backups.take(disk).snapshot.number == 2
