"""A confined process tries everything it must not be able to do; controls show that the attempts work elsewhere."""

import errno
import os
from pathlib import Path

import pytest

from app.isolation.landlock import handled_rights
from tests.support.confined import run_confined, run_open


def test_when_confined_then_c_code_gets_no_socket_of_any_kind() -> None:
    control = run_open("[c_socket(socket.AF_UNIX), c_socket(socket.AF_UNIX, socket.SOCK_DGRAM)]")
    assert control == [0, 0], "the same C call works in a process that is only behind the wall"
    tried = run_confined({str(family): f"c_socket({family})" for family in (1, 2, 10, 16, 17, 38, 40)})
    assert set(tried.values()) == {errno.EACCES}


def test_when_confined_then_a_socket_from_before_cannot_be_used() -> None:
    """Descriptors above 2 are closed; and connect, send and receive are refused by number anyway."""
    tried = run_confined(
        {
            "descriptor": "os_errno(os.fstat, before)",
            "connect": "c_errno(libc.connect(0, None, 0))",
            "sendto": "c_errno(libc.sendto(0, None, 0, 0, None, 0))",
            "sendmsg": "c_errno(libc.sendmsg(0, None, 0))",
            "socketpair": "c_errno(libc.socketpair(1, 1, 0, (ctypes.c_int * 2)()))",
        },
        before="socket.socketpair()[0].detach()",
    )
    assert tried.pop("descriptor") == errno.EBADF
    assert set(tried.values()) == {errno.EACCES}


def test_when_confined_then_only_the_granted_files_can_be_read(tmp_path: Path) -> None:
    granted, other = tmp_path / "granted.txt", tmp_path / "other.txt"
    for path in (granted, other):
        path.write_text("x")
    read = "os_errno(lambda: open({!r}).close())"
    assert run_open(read.format(str(other))) == 0
    tried = run_confined(
        {
            "granted": read.format(str(granted)),
            "other": read.format(str(other)),
            "listing": f"os_errno(os.listdir, {str(tmp_path)!r})",
            "passwords": read.format("/etc/passwd"),
            "environment": read.format("/proc/self/environ"),
            "parent": f"os_errno(lambda: open('/proc/{os.getpid()}/environ').close())",
            "home": "os_errno(os.listdir, '/home')",
        },
        files=(str(granted),),
    )
    assert tried.pop("granted") == 0
    assert set(tried.values()) <= {errno.EACCES, errno.EPERM}


def test_when_confined_then_nothing_can_be_written_or_changed(tmp_path: Path) -> None:
    granted = tmp_path / "folder"
    granted.mkdir()
    (granted / "file").write_text("keep")
    path, new = str(granted / "file"), str(granted / "new")
    tried = run_confined(
        {
            "write": f"os_errno(lambda: open({path!r}, 'w').close())",
            "append": f"os_errno(lambda: open({path!r}, 'a').close())",
            "create": f"os_errno(lambda: open({new!r}, 'w').close())",
            "truncate": f"os_errno(os.truncate, {path!r}, 0)",
            "remove": f"os_errno(os.unlink, {path!r})",
            "rename": f"os_errno(os.rename, {path!r}, {new!r})",
            "link": f"os_errno(os.symlink, {path!r}, {new!r})",
            "folder": f"os_errno(os.mkdir, {new!r})",
            "mode": f"os_errno(os.chmod, {path!r}, 0o777)",
            "time": f"os_errno(os.utime, {path!r})",
            "mark": f"os_errno(os.setxattr, {path!r}, 'user.x', b'y')",
        },
        folders=(str(granted),),
    )
    assert set(tried.values()) <= {errno.EACCES, errno.EPERM}
    assert 0 not in tried.values()
    assert (granted / "file").read_text() == "keep"
    assert not (granted / "new").exists()


def test_when_confined_then_no_program_and_no_process_can_be_started() -> None:
    tried = run_confined(
        {
            "exec": "os_errno(os.execv, '/bin/true', ['true'])",
            "fork": "os_errno(os.fork)",
            "ptrace": "c_errno(libc.ptrace(16, os.getppid(), None, None))",
            "signal": "os_errno(os.kill, os.getppid(), 0)",
        }
    )
    assert set(tried.values()) == {errno.EPERM}


def test_when_confined_then_threads_still_work() -> None:
    thread = "threading.Thread(target=len, args=('',))"
    tried = run_confined({"thread": f"(lambda t: (t.start(), t.join(), t.is_alive())[-1])({thread})"})
    assert tried == {"thread": False}


def test_when_confined_then_a_crash_leaves_no_core_and_nobody_may_look_in() -> None:
    tried = run_confined(
        {
            "dumpable": "libc.prctl(3, 0, 0, 0, 0)",
            "no_new_privs": "libc.prctl(39, 0, 0, 0, 0)",
            "core": "__import__('resource').getrlimit(__import__('resource').RLIMIT_CORE)",
        }
    )
    assert tried == {"dumpable": 0, "no_new_privs": 1, "core": [0, 0]}


def test_when_confined_then_the_standard_library_can_still_be_imported() -> None:
    tried = run_confined({"module": "__import__('decimal').Decimal('1.5') and 'imported'"})
    assert tried == {"module": "imported"}


def test_when_a_granted_file_is_missing_then_there_is_no_confinement_and_no_start() -> None:
    attempt = run_open(_refusal_of("c.confine(files=('/nowhere/model.gguf',))"))
    assert attempt == "grant_missing"


def test_when_the_kernel_has_no_landlock_then_the_worker_refuses_to_start() -> None:
    attempt = run_open(_refusal_of("setattr(c.landlock, 'abi_version', lambda machine: 0) or c.confine()"))
    assert attempt == "landlock_missing"


def test_when_seccomp_cannot_be_loaded_then_the_worker_refuses_to_start() -> None:
    attempt = run_open(_refusal_of("setattr(c, 'load', lambda machine, program: 22) or c.confine()"))
    assert attempt == "seccomp_failed"


def test_when_the_filter_is_loaded_and_does_not_hold_then_the_worker_refuses_to_start() -> None:
    attempt = run_open(_refusal_of("setattr(c, 'load', lambda machine, program: 0) or c.confine()"))
    assert attempt == "check_failed"


def test_on_an_unknown_machine_the_worker_refuses_to_start() -> None:
    attempt = run_open(_refusal_of("setattr(c, 'this_machine', lambda: None) or c.confine()"))
    assert attempt == "machine_unknown"


def _refusal_of(attempt: str) -> str:
    """Return an expression whose value is the code with which ``attempt`` (on the module ``c``) was refused."""
    return (
        "(lambda c: (lambda box: (exec('try:\\n    box.append(attempt())\\nexcept c.ConfineError as problem:\\n"
        f"    box[:] = [problem.code.value]', {{'box': box, 'c': c, 'attempt': lambda: {attempt}}}), box[0])[1])([]))"
        "(__import__('app.isolation.confine', fromlist=['confine']))"
    )


def test_a_folder_that_may_be_written_is_for_files_only(tmp_path: Path) -> None:
    """As the gateway has its mailbox: files come and go, no program runs from there, nothing beside it is touched."""
    folder, beside = tmp_path / "mailbox", tmp_path / "beside"
    folder.mkdir()
    beside.write_text("x")
    new = str(folder / "new")
    restrict = (
        "(__import__('app.isolation.syscalls', fromlist=['prctl']).prctl(38, 1), "
        "(lambda l, m: l.restrict(m, read_files=(), read_folders=(), write_folders=(" + repr(str(folder)) + ",)))"
        "(__import__('app.isolation.landlock', fromlist=['x']), "
        "__import__('app.isolation.syscalls', fromlist=['x']).this_machine()))[1] > 0"
    )
    tried = run_open(
        f"[{restrict}, os_errno(lambda: open({new!r}, 'w').write('x')), os_errno(lambda: open({new!r}).close()), "
        f"os_errno(os.chmod, {new!r}, 0o700), os_errno(os.execv, {new!r}, ['new']), "
        f"os_errno(os.mkfifo, {new + '2'!r}), os_errno(os.mkdir, {new + '3'!r}), os_errno(os.unlink, {new!r}), "
        f"os_errno(lambda: open({str(beside)!r}).close())]"
    )
    refused = errno.EACCES
    assert tried == [True, 0, 0, 0, refused, refused, 0, 0, refused]


@pytest.mark.parametrize(
    ("abi", "files", "network", "scopes"),
    [
        (1, 0x1FFF, 0, 0),
        (2, 0x3FFF, 0, 0),
        (3, 0x7FFF, 0, 0),
        (4, 0x7FFF, 3, 0),
        (5, 0xFFFF, 3, 0),
        (6, 0xFFFF, 3, 3),
        (99, 0xFFFF, 3, 3),
    ],
)
def test_each_landlock_version_takes_away_all_that_it_knows(abi: int, files: int, network: int, scopes: int) -> None:
    assert handled_rights(abi) == (files, network, scopes)
