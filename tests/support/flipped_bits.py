"""One bit flipped in a file of a vault or of a backup, and what a person hears of it."""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from app.services.backups import RestoreService
from app.store.errors import StoreError
from tests.support.kill_office import KillOffice
from tests.support.soak_table import Score

UNSEALED = {
    "lock": "held by the kernel; its bytes are nobody's",
    "attempts.json": "slows guesses down while nobody has unlocked; damaged, it counts as none",
}
"""Files that anybody may write, and that nothing hangs on."""

Told = Callable[[KillOffice], list[str]]


def with_attempts(office: KillOffice) -> KillOffice:
    """Return the office after a wrong password, so that there is every file."""
    counts = '{"boot": "", "counts": {"anybody": {"at_ms": 0, "failures": 1, "told": 1}}}'
    (office.vault_dir / "attempts.json").write_text(counts)
    return office


def told_of_vault(office: KillOffice) -> list[str]:
    """What a person hears of a vault when it is opened and checked."""
    try:
        with office.opened() as desk:
            found = office.lost(desk)
            return found + [repair.file_name for repair in desk.vault.repairs]
    except StoreError as error:
        return [error.code]


def told_of_backup(office: KillOffice) -> list[str]:
    """What a person hears of a backup when it is rehearsed."""
    try:
        return list(RestoreService().rehearse(office.disk, office.opener).repaired)
    except StoreError as error:
        return [error.code]


def files_of(folder: Path) -> list[str]:
    """Return the names of all files that hold something."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def flip_bits(office: KillOffice, part: str, name: str, told: Told, flips: int, score: Score, folder: Path) -> None:
    """Flip one bit of a file, somewhere else each time, in a fresh copy of the office.

    Args:
        office: untouched.
        part: ``vault`` or ``disk``.
        name: the file, below that.
        told: says what a person hears.
        flips: how often.
        score: its ``opened_wrongly`` counts what nobody heard of.
        folder: for the copies.
    """
    dice, began = random.Random(f"{part}/{name}"), time.monotonic()
    for _ in range(flips):
        copy = office.copy_to(folder / "copy")
        path = copy.root / part / name
        data = bytearray(path.read_bytes())
        place, bit = dice.randrange(len(data)), dice.randrange(8)
        data[place] ^= 1 << bit
        path.write_bytes(data)
        is_heard = bool(told(copy))
        shutil.rmtree(copy.root)
        score.runs += 1
        if is_heard is (name in UNSEALED):
            score.opened_wrongly += 1
            score.wrongs.append(f"{part}/{name}: bit {bit} of byte {place}")
    score.seconds += time.monotonic() - began
