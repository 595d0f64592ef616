"""The positive control: a recorder that sees nothing proves nothing."""

import os
import sys
from pathlib import Path

from tests.silence.recorder import record


def test_the_recorder_sees_a_socket_that_c_code_opens(tmp_path: Path) -> None:
    program = "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)"
    assert record([sys.executable, "-c", program], tmp_path, os.environ, 30)


def test_the_recorder_sees_it_in_a_grandchild_too(tmp_path: Path) -> None:
    grandchild = f"{sys.executable!r}, '-c', 'import ctypes; ctypes.CDLL(None).socket(10, 2, 0)'"
    program = f"import subprocess; subprocess.run([{grandchild}])"
    assert record([sys.executable, "-c", program], tmp_path, os.environ, 30)


def test_the_recorder_leaves_local_sockets_alone(tmp_path: Path) -> None:
    program = "import socket; socket.socketpair(); socket.socket(socket.AF_UNIX)"
    assert record([sys.executable, "-c", program], tmp_path, os.environ, 30) == []
