"""The guided tour as a newcomer runs it: its own process, no display, a real vault, the shipped model."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.silence.recorder import record

REPOSITORY = Path(__file__).resolve().parents[2]
TIME_LIMIT_S = 300


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who never started the product."""
    home = tmp_path_factory.mktemp("newcomer")
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(REPOSITORY)}


def test_the_tour_shows_every_screen_and_asks_for_no_internet_socket(tmp_path: Path, homes: dict[str, str]) -> None:
    out = tmp_path / "tour"
    command = [sys.executable, "-m", "app", "tour", "--out", str(out)]

    sockets = record(command, tmp_path, homes, TIME_LIMIT_S)

    assert sockets == []
    names = {path.name[3:-4] for path in out.glob("*.png")}
    assert {"welcome", "recovery-proof", "inbox", "proposal", "held", "search", "lock", "dark"} <= names
    assert {"invitation", "channel-thread", "channel-file", "channel-read", "channel-safety", "channel"} <= names
    timings = json.loads((out / "timings.json").read_text(encoding="utf-8"))
    assert timings["proposal: whole"] > 0
    assert "sent" in (out / "transcript.md").read_text(encoding="utf-8")


def test_the_tour_leaves_nothing_behind_but_its_folder(tmp_path: Path, homes: dict[str, str]) -> None:
    home = Path(homes["HOME"])
    left = [path for path in home.rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert left == []


def test_without_a_display_open_says_so_and_names_the_tour(homes: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "open"], env=homes, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 5
    assert "vestibule tour" in ended.stderr
