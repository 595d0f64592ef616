"""``vestibule vault``: made, looked at, checked; secrets from private files only."""

import json
from pathlib import Path

import pytest

from app.cli.exits import CommandError
from app.cli.vault import _refuse_weak
from app.services.vaults import VaultService
from tests.support.command_line import CommandLine, write_password


def test_a_vault_is_made_and_its_recovery_code_opens_it(line: CommandLine, password_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    made = line.run(
        "vault", "create", "--vault", folder, "--password-file", password_file, "--demo", "--sector", "law", "--json"
    )
    assert (made.code, made.err) == (0, "")
    document = json.loads(made.out)
    VaultService().check_recovery_code(folder, document["recovery_code"])
    status = line.run("vault", "status", "--vault", folder, "--json")
    assert status.code == 0
    found = json.loads(status.out)
    assert (found["exists"], found["encrypted"], found["demo"], found["problem"]) == (True, True, True, None)
    assert found["vault_id"] == document["vault_id"]
    listed = line.run("knowledge", "list", "--vault", folder, "--password-file", password_file, "--json")
    assert len(json.loads(listed.out)) >= 40
    again = line.run("vault", "create", "--vault", folder, "--password-file", password_file)
    assert (again.code, again.out) == (1, "")


def test_where_there_is_no_vault_that_is_said(line: CommandLine, password_file: Path) -> None:
    status = line.run("vault", "status", "--json")
    assert (status.code, json.loads(status.out)["exists"]) == (1, False)
    assert "no vault" in line.run("vault", "status").out
    verify = line.run("vault", "verify", "--password-file", password_file)
    assert (verify.code, verify.out) == (1, "")
    assert "no vault" in verify.err


def test_a_sound_vault_is_called_sound_and_a_damaged_one_is_not(
    line: CommandLine, vault: Path, password_file: Path
) -> None:
    sound = line.run("vault", "verify", "--vault", vault, "--password-file", password_file, "--json")
    assert (sound.code, json.loads(sound.out)["sound"]) == (0, True)
    database = vault / "vault.db"
    content = bytearray(database.read_bytes())
    content[-2000] ^= 1
    database.write_bytes(content)
    damaged = line.run("vault", "verify", "--vault", vault, "--password-file", password_file)
    assert damaged.code == 1


def test_a_wrong_password_is_exit_code_4(line: CommandLine, vault: Path, tmp_path: Path) -> None:
    wrong = write_password(tmp_path, "copper lantern under noisy stairs")
    result = line.run("vault", "verify", "--vault", vault, "--password-file", wrong)
    assert (result.code, result.out) == (4, "")
    assert "noisy" not in result.err


def test_a_password_file_that_others_can_read_is_refused(line: CommandLine, vault: Path, password_file: Path) -> None:
    password_file.chmod(0o644)
    result = line.run("vault", "verify", "--vault", vault, "--password-file", password_file)
    assert result.code == 1
    assert "chmod 600" in result.err


def test_without_a_terminal_nothing_is_asked(line: CommandLine, vault: Path) -> None:
    result = line.run("vault", "verify", "--vault", vault)
    assert result.code == 2
    assert "--password-file" in result.err


@pytest.mark.parametrize("password", ["tiny0", "aaaaaaaaaaaaaaaaaaaa", "Our office Our office"])
def test_a_weak_password_makes_nothing(line: CommandLine, tmp_path: Path, password: str) -> None:
    weak = write_password(tmp_path, password)
    result = line.run("vault", "create", "--vault", tmp_path / "new", "--password-file", weak)
    assert result.code == 1
    assert password not in result.err
    assert not (tmp_path / "new").exists()
    with pytest.raises(CommandError):
        _refuse_weak(password, ("Our office",))
