"""One bit flipped in every file of the data folder and of a backup: it is told, or the file is one that means nothing.

``tests/faults/test_vault_bits.py`` goes through every page of the databases and their logs.
"""

from pathlib import Path

import pytest

from tests.support.flipped_bits import files_of, flip_bits, told_of_backup, told_of_vault, with_attempts
from tests.support.kill_office import KillOffice
from tests.support.soak_table import Score

FLIPS = 3


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> KillOffice:
    return with_attempts(KillOffice.make(tmp_path_factory.mktemp("office")))


def test_an_untouched_office_says_nothing(office: KillOffice, tmp_path: Path) -> None:
    copy = office.copy_to(tmp_path / "copy")
    assert told_of_backup(copy) == []
    assert told_of_vault(copy) == []


def test_a_bit_in_any_file_of_the_vault_is_told(office: KillOffice, tmp_path: Path) -> None:
    names, score = files_of(office.vault_dir), Score("one bit", "vault")
    assert {"slots.json", "keyring.a", "keyring.b", "head.a", "head.b", "vault.db", "index.db"} <= set(names)
    for name in names:
        flip_bits(office, "vault", name, told_of_vault, FLIPS, score, tmp_path)
    assert score.wrongs == []


def test_a_bit_in_any_file_of_a_backup_is_told(office: KillOffice, tmp_path: Path) -> None:
    names, score = files_of(office.disk), Score("one bit", "backup")
    assert {Path(name).parts[1] for name in names} == {"snapshots", "blocks", "keyring.a", "keyring.b"}
    for name in names:
        flip_bits(office, "disk", name, told_of_backup, FLIPS, score, tmp_path)
    assert score.wrongs == []
