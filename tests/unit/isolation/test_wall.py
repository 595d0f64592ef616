"""The egress wall of the console, tried from C, from Python, from a program of somebody else's, and after exec.

The suite itself runs behind the wall (tests/conftest.py), so every process here has inherited it.
"""

import errno
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.isolation import wall
from app.isolation.syscalls import this_machine
from tests.support.confined import REPOSITORY, run_open

INTERNET = (socket.AF_INET, socket.AF_INET6)


def filters_on_this_process() -> int:
    with Path("/proc/self/status").open(encoding="ascii") as status:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
    return int(fields["Seccomp_filters"])


@pytest.mark.parametrize("family", [2, 10, 16, 17, 38, 40])
def test_when_c_code_asks_for_a_socket_beyond_this_machine_then_the_kernel_refuses(family: int) -> None:
    assert run_open(f"c_socket({family})") == errno.EACCES


def test_the_same_c_code_gets_a_local_socket() -> None:
    assert run_open("c_socket(socket.AF_UNIX)") == 0


def test_local_pairs_and_local_connections_work() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"still here")
        assert right.recv(100) == b"still here"


def test_when_c_code_connects_a_local_socket_to_an_internet_address_then_it_fails() -> None:
    # sockaddr_in: family 2, port 9, 127.0.0.1
    address = "ctypes.create_string_buffer(bytes.fromhex('02000009' + '7f000001') + bytes(8), 16)"
    assert run_open(f"c_errno(libc.connect(libc.socket(1, 1, 0), {address}, 16))") == errno.EINVAL


def test_python_sockets_fail_with_permission_denied() -> None:
    for family in INTERNET:
        with pytest.raises(PermissionError):
            socket.socket(family, socket.SOCK_STREAM)


def test_a_program_that_is_not_python_is_behind_the_wall_too() -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not on this machine")
    done = subprocess.run([bash, "-c", "exec 3<>/dev/tcp/127.0.0.1/9"], capture_output=True, check=False, env={})
    assert done.returncode != 0
    assert b"Permission denied" in done.stderr


def test_rings_that_could_open_sockets_out_of_sight_are_refused() -> None:
    assert run_open("c_errno(libc.syscall(425, 1, None))") in (errno.EPERM, errno.ENOSYS)


def test_the_question_whether_the_wall_is_up_could_never_open_a_socket() -> None:
    """Asked of the one family that is let through: the kernel itself refuses the impossible kind."""
    machine = this_machine()
    assert machine is not None
    assert wall._socket_errno(machine, socket.AF_UNIX) == errno.EINVAL
    assert wall._socket_errno(machine, socket.AF_INET) == errno.EACCES


def test_when_the_wall_is_up_then_raising_it_again_adds_no_filter() -> None:
    before = filters_on_this_process()
    assert wall.is_wall_up()
    assert wall.raise_egress_wall() is False
    assert filters_on_this_process() == before


def test_after_exec_the_wall_is_found_and_not_raised_again() -> None:
    """As at lock: the process replaces itself and starts anew."""
    second = "from app.isolation import wall; print(wall.is_wall_up(), wall.raise_egress_wall())"
    first = (
        "import os, sys; from app.isolation import wall; wall.raise_egress_wall(); "
        f"os.execv(sys.executable, [sys.executable, '-c', {second!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", first], cwd=REPOSITORY, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.split() == ["True", "False"]


def test_a_wall_of_somebody_else_with_gaps_is_not_taken_for_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that forbids only IPv4, or answers with another error, is not the wall."""
    answers = {socket.AF_INET: errno.EACCES}
    monkeypatch.setattr(wall, "_socket_errno", lambda _machine, family: answers.get(family, 0))
    assert not wall.is_wall_up()
    monkeypatch.setattr(wall, "_socket_errno", lambda _machine, _family: errno.EPERM)
    assert not wall.is_wall_up()
    monkeypatch.setattr(wall, "_socket_errno", lambda _machine, _family: errno.EACCES)
    monkeypatch.setattr(wall, "_ring_is_refused", lambda _machine: False)
    assert not wall.is_wall_up()


def test_every_thread_is_behind_the_wall() -> None:
    """Loaded with TSYNC: a thread that was there before cannot be the way out."""
    code = """
import ctypes, errno, threading
from app.isolation import bpf, syscalls
libc = ctypes.CDLL(None, use_errno=True)
go, seen = threading.Event(), []
def early():
    go.wait(10)
    ctypes.set_errno(0)
    seen.append(-1 if libc.timerfd_create(1, 0) >= 0 else ctypes.get_errno())
thread = threading.Thread(target=early); thread.start()
machine = syscalls.this_machine()
syscalls._TABLE["timerfd_create"] = (283, 85)
assert bpf.load(machine, bpf.assemble(machine, (bpf.Refuse("timerfd_create", errno.EXDEV),))) == 0
go.set(); thread.join(); print(seen[0])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert int(done.stdout) == errno.EXDEV
