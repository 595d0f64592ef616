"""``vestibule interlock``: the list is read, signed once, and then it is signed."""

import json
from pathlib import Path

from tests.support.command_line import CommandLine


def test_the_list_is_read_and_signed(line: CommandLine, vault: Path, password_file: Path) -> None:
    access = ("--vault", vault, "--password-file", password_file)
    before = line.run("interlock", "status", *access, "--json")
    assert (before.code, json.loads(before.out)["signed"]) == (1, False)
    listed = json.loads(line.run("interlock", "list", *access, "--json").out)
    assert len(listed) == json.loads(before.out)["phrases"]
    assert {"id", "kind", "phrase", "example"} == set(listed[0])
    signed = json.loads(line.run("interlock", "sign", *access, "--json").out)
    assert signed["signed"] is True
    after = line.run("interlock", "status", *access, "--json")
    assert (after.code, json.loads(after.out)) == (0, signed)
