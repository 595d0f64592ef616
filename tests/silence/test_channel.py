"""With the channel off nothing connects; with it on there is one connection, to the one address, by the dialler alone.

The recorder watches every process: the console behind its wall, the dialler, the child of each request, the link.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.silence.recorder import record_connections
from tests.support.gateways import running_gateway
from tests.support.linking import command_line

pytestmark = pytest.mark.loopback

WEB = ("ssl", "wsproto", "h11", "http.client")
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(REPOSITORY)}


def test_a_console_whose_channel_is_off_connects_to_nobody(tmp_path: Path, environment: dict[str, str]) -> None:
    """The dialler is there and was never asked."""
    idle = (
        "import app.bootstrap as b, sys; sys.argv[1:] = ['open']; b._find_or_start_dialler(); "
        "b.raise_egress_wall(); assert b._door; sys.stdin.read()"
    )
    recording = record_connections([sys.executable, "-c", idle], tmp_path, environment)
    assert recording.end() == []
    assert recording.askers() == set()


def test_the_program_itself_connects_to_nobody_without_a_display(tmp_path: Path, environment: dict[str, str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    script = f"import subprocess, sys; sys.exit(subprocess.run([{sys.executable!r}, '-m', 'app']).returncode != 5)"
    recording = record_connections([sys.executable, "-c", script], tmp_path, environment)
    assert recording.end() == []
    assert recording.askers() == set()


def test_with_the_channel_on_there_is_one_connection_to_the_one_address(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """The positive control: the same recorder sees the connection, and that neither console nor link child asked."""
    with running_gateway(tmp_path) as gateway:
        recording = record_connections(command_line(*gateway.address, gateway.desk), tmp_path, environment)
        assert recording.process.stdout is not None
        told = (json.loads(line) for line in recording.process.stdout)
        state = next(one for one in told if one.get("state") == "on")
        assert recording.end() == [gateway.address]
    askers = recording.askers()
    assert len(askers) == 1
    assert not askers & {str(state["pid"]), str(recording.process.pid)}


@pytest.mark.parametrize("module", ["app.channel.link.supervisor", "app.bootstrap", "app.cli.main"])
def test_the_console_loads_neither_tls_nor_a_web_library_for_the_channel(
    module: str, environment: dict[str, str]
) -> None:
    script = f"import sys, {module}; print([name for name in {WEB!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
