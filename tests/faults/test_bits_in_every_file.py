"""One bit flipped in every file of the data folder and of a backup: it is told, or the file is one that means nothing.

``tests/faults/test_vault_bits.py`` goes through every page of the databases and their logs.
"""

import random
import shutil
from pathlib import Path

import pytest

from app.services.backups import RestoreService
from app.store.errors import StoreError
from tests.support.kill_office import KillOffice

SEED = 20_261_124
FLIPS = 6
UNSEALED = {
    "lock": "held by the kernel; its bytes are nobody's",
    "attempts.json": "slows guesses down while nobody has unlocked; damaged, it counts as none",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> KillOffice:
    made = KillOffice.make(tmp_path_factory.mktemp("office"))
    (made.vault_dir / "attempts.json").write_text(
        '{"boot": "", "counts": {"anybody": {"at_ms": 0, "failures": 1, "told": 1}}}'
    )
    return made


def flip(path: Path, dice: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def told(office: KillOffice) -> list[str]:
    """What a person hears of a vault when it is opened and checked."""
    try:
        with office.opened() as desk:
            repairs = [repair.file_name for repair in desk.vault.repairs]
            return repairs + office.lost(desk) + [repair.file_name for repair in desk.vault.repairs]
    except StoreError as error:
        return [error.code]


def told_of_backup(office: KillOffice) -> list[str]:
    """What a person hears of a backup when it is rehearsed."""
    try:
        return list(RestoreService().rehearse(office.disk, office.opener).repaired)
    except StoreError as error:
        return [error.code]


def files_of(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def test_an_untouched_office_says_nothing(office: KillOffice, tmp_path: Path) -> None:
    copy = office.copy_to(tmp_path / "copy")
    assert told_of_backup(copy) == []
    assert told(copy) == []


def test_a_bit_in_any_file_of_the_vault_is_told(office: KillOffice, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    names = files_of(office.vault_dir)
    assert {"slots.json", "keyring.a", "keyring.b", "head.a", "head.b", "vault.db", "index.db"} <= set(names)
    unheard = []
    for name in names:
        for _ in range(FLIPS):
            copy = office.copy_to(tmp_path / "copy")
            flip(copy.vault_dir / name, dice)
            if bool(told(copy)) is (name in UNSEALED):
                unheard.append(name)
            shutil.rmtree(copy.root)
    assert unheard == []


def test_a_bit_in_any_file_of_a_backup_is_told(office: KillOffice, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    names = files_of(office.disk)
    assert {Path(name).parts[1] for name in names} == {"snapshots", "blocks", "keyring.a", "keyring.b"}
    unheard = []
    for name in names:
        for _ in range(FLIPS):
            copy = office.copy_to(tmp_path / "copy")
            flip(copy.disk / name, dice)
            if not told_of_backup(copy):
                unheard.append(name)
            shutil.rmtree(copy.root)
    assert unheard == []
