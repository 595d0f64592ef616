"""``vault backup``, ``backups``, ``restore`` and ``rehearse``: a disk in, a vault out, and what goes wrong."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def test_a_vault_is_backed_up_rehearsed_and_brought_back(
    line: CommandLine, vault: Path, password_file: Path, disk: Path, tmp_path: Path
) -> None:
    taken = line.run("vault", "backup", disk, "--vault", vault, "--password-file", password_file, "--json")
    assert (taken.code, json.loads(taken.out)["snapshot"]) == (0, 1)
    listed = line.run("vault", "backups", disk, "--json")
    assert [info["snapshot"] for info in json.loads(listed.out)] == [1]
    proved = line.run("vault", "rehearse", disk, "--password-file", password_file)
    assert proved.code == 0
    assert "would come back whole" in proved.out
    back = tmp_path / "back"
    ended = line.run("vault", "restore", disk, "--vault", back, "--password-file", password_file, "--json")
    assert (ended.code, json.loads(ended.out)["erased"]) == (0, 0)
    assert json.loads(line.run("vault", "verify", "--vault", back, "--password-file", password_file, "--json").out)[
        "sound"
    ]


def test_a_folder_without_a_backup_a_missing_disk_and_no_folder_are_told_apart(
    line: CommandLine, vault: Path, password_file: Path, disk: Path, tmp_path: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    assert line.run("vault", "rehearse", disk, "--password-file", password_file).code == 1
    unplugged = line.run("vault", "backup", tmp_path / "unplugged", *access)
    assert (unplugged.code, unplugged.err.count("\n")) == (1, 1)
    assert "is not there" in unplugged.err
    assert line.run("vault", "backup", *access).code == 2


def test_a_vault_that_stands_there_is_not_written_over(
    line: CommandLine, vault: Path, password_file: Path, disk: Path
) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    assert line.run("vault", "backup", disk, *access).code == 0
    assert line.run("vault", "restore", disk, *access).code == 1
    assert line.run("vault", "restore", disk, *access, "--replace").code == 0
    assert len(list(vault.parent.glob("*.before-restore-*"))) == 1
    wrong = line.run("vault", "restore", disk, "--vault", vault, "--password-file", wrong_password(vault), "--replace")
    assert wrong.code == 4


def wrong_password(vault: Path) -> Path:
    file = vault.parent / "wrong"
    file.write_text("not the password, but long enough\n")
    file.chmod(0o600)
    return file
