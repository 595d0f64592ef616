"""One entry, exit codes, and one line for every expected error."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from tests.support.command_line import CommandLine

HEAVY = ("PySide6", "sqlalchemy", "sqlcipher3", "nacl", "llama_cpp", "numpy", "rich", "alembic", "app.store")

ALL_COMMANDS = (
    ["open"],
    ["tour"],
    ["draft"],
    ["vault"],
    ["vault", "create"],
    ["vault", "status"],
    ["vault", "verify"],
    ["knowledge"],
    ["knowledge", "import"],
    ["knowledge", "search"],
    ["knowledge", "list"],
    ["model"],
    ["model", "list"],
    ["model", "import"],
    ["model", "check"],
    ["model", "use"],
    ["model", "bench"],
    ["conversations"],
    ["conversations", "import"],
    ["conversations", "export"],
    ["conversations", "search"],
    ["conversations", "rebuild"],
)


@pytest.mark.parametrize("command", [[], *ALL_COMMANDS], ids=lambda command: " ".join(command) or "vestibule")
def test_every_command_explains_itself(line: CommandLine, command: list[str]) -> None:
    result = line.run(*command, "--help")
    assert result.code == 0
    assert f"Usage: vestibule{''.join(f' {word}' for word in command)}" in result.out
    assert result.err == ""


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from app.cli import main; main(None, ['--help']);"
        f"print([name for name in sys.modules if name.startswith({HEAVY!r})], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]"


def test_without_a_command_the_console_opens(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert line.run().code == 0
    assert line.run("open", "--vault", tmp_path / "v", "--locked", "idle").code == 0
    assert line.run("--vault", tmp_path / "w").code == 0
    assert line.opened == [(line.places.vault_dir, None), (tmp_path / "v", "idle"), (tmp_path / "w", None)]


def test_without_a_display_the_tour_is_named(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = line.run()
    assert result.code == 5
    assert "vestibule tour" in result.err
    assert line.opened == []
    assert line.run("tour", "--out", "pictures").code == 0
    assert line.toured == [Path("pictures")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["vault", "nonsense"],
        ["draft"],
        ["vault", "status", "--colour"],
        ["open", "--locked", "x"],
        ["--vault", "x", "vault", "status"],
        ["knowledge", "search", "x", "--limit", "0"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(line: CommandLine, arguments: list[str]) -> None:
    result = line.run(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("vestibule: ")
    assert result.err.count("\n") == 1


def test_settings_that_are_not_right_are_named(line: CommandLine) -> None:
    line.places.config_dir.mkdir()
    line.places.settings_file.write_text("idle_lock_s = 1\n")
    result = line.run("vault", "status")
    assert (result.code, result.out) == (1, "")
    assert "idle_lock_s" in result.err


def test_a_bug_stays_loud(line: CommandLine) -> None:
    def broken() -> None:
        raise RuntimeError("a bug")

    object.__setattr__(toolbox := line.toolbox(), "settings", broken)
    with pytest.raises(RuntimeError):
        main(toolbox, ["vault", "status"])


def test_the_version_is_printed(line: CommandLine) -> None:
    assert line.run("--version").out.startswith("vestibule 0.")
