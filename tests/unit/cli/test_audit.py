"""``audit log``: list, export for a witness, verify against what the witness kept."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file)


def test_the_log_is_listed_exported_and_held_against_the_export(
    line: CommandLine, access: tuple[object, ...], tmp_path: Path
) -> None:
    listed = line.run("audit", "log", "list", *access, "--json")
    assert (listed.code, json.loads(listed.out)[0]["action"]) == (0, "audit_read")
    out = tmp_path / "log.jsonl"
    exported = line.run("audit", "log", "export", out, *access, "--json")
    assert (exported.code, json.loads(exported.out)["entries"]) == (0, len(out.read_text().splitlines()) - 1)
    assert line.run("audit", "log", "export", out, *access).code == 1
    checked = line.run("audit", "log", "verify", "--witness", out, *access, "--json")
    found = json.loads(checked.out)
    assert (checked.code, found["sound"], found["witnessed"]["checked"]) == (0, True, 1)


def test_a_file_without_a_checkpoint_and_an_unknown_action_are_told_apart(
    line: CommandLine, access: tuple[object, ...], tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("nothing of the kind\n")
    assert line.run("audit", "log", "verify", "--witness", other, *access).code == 3
    assert line.run("audit", "log", "list", "--action", "danced", *access).code == 2
