"""The service file: as locked in as systemd can say, and still with every call that the gateway makes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SERVICE = Path(__file__).resolve().parents[3] / "packaging" / "gateway" / "vestibule-gateway.service"
MOST_EXPOSED = 1.5
"""Of 10. What is left: it needs the network, and the clock device of ProtectClock's own list."""

CALLS = (  # noqa: SIM905  as `strace -f -c` listed them over a start, traffic, a wipe and an end on Debian 12
    "accept4 access arch_prctl bind brk clone clone3 close epoll_create1 epoll_ctl epoll_wait execve exit "
    "exit_group fcntl fdatasync flock fstat ftruncate futex getcwd getdents64 geteuid getpeername getpid getrandom "
    "getsockname gettid ioctl listen lseek madvise mkdir mmap mprotect munmap newfstatat openat prctl pread64 "
    "prlimit64 pwrite64 read readlink recvfrom rseq rt_sigaction rt_sigprocmask rt_sigreturn seccomp sendto "
    "set_robust_list set_tid_address setsockopt socket socketpair statfs sysinfo umask uname unlink write "
    "landlock_create_ruleset landlock_add_rule landlock_restrict_self"
).split()


@pytest.fixture
def analyze():
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze here")

    def run(*arguments: str) -> str:
        ended = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
        return ended.stdout + ended.stderr

    return run


def test_systemd_finds_little_exposed(analyze):
    said = analyze("security", "--offline=yes", str(SERVICE))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    if found is None:
        pytest.skip("this systemd-analyze cannot judge a file offline")
    assert float(found[1]) <= MOST_EXPOSED, said


def test_systemd_understands_every_line(analyze):
    said = analyze("verify", str(SERVICE))
    lines = [line for line in said.splitlines() if "vestibule" in line and "is not executable" not in line]
    assert lines == []


def test_no_call_of_the_gateway_is_filtered(analyze):
    allowed: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.+)$", SERVICE.read_text(), re.MULTILINE):
        calls = {call for name in line.removeprefix("~").split() for call in _expand(analyze, name)}
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    assert sorted(set(CALLS) - allowed) == []


def test_it_starts_the_command_that_exists():
    (command,) = re.findall(r"^ExecStart=(\S.*)$", SERVICE.read_text(), re.MULTILINE)
    assert command.startswith("/usr/bin/vestibule gateway --listen 127.0.0.1:8470 --mailbox sqlite:///%S/")


def _expand(analyze, name: str) -> set[str]:
    if not name.startswith("@"):
        return {name}
    lines = [line.strip() for line in analyze("syscall-filter", name).splitlines()[1:]]
    return {call for line in lines if line and not line.startswith("#") for call in _expand(analyze, line)}
