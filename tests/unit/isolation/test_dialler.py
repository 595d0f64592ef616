"""The process that dials: real forks, a real wall, real connections on loopback."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.isolation.dialler import needs_dialler
from tests.support.dialling import head, run_console

pytestmark = pytest.mark.loopback


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def port(listener: socket.socket) -> str:
    return str(listener.getsockname()[1])


def test_behind_the_wall_a_connection_comes_from_the_dialler_and_not_to_the_console(port: str) -> None:
    script = """
port = int(sys.argv[1])
try:
    socket.socket()
except PermissionError:
    tell("wall")
end = dialler.dial("127.0.0.1", port)
tell(internet())
tell(answer(end))
"""
    assert run_console(script, port) == ["wall", [], ["connected", [["AF_INET", int(port)]]]]


def test_a_name_is_resolved_behind_the_dialler_and_only_this_machine_may_be_meant(port: str) -> None:
    script = """
port = int(sys.argv[1])
tell(answer(dialler.dial("localhost", port, is_local_only=True))[0])
tell(answer(dialler.dial("203.0.113.7", port, is_local_only=True)))
"""
    assert run_console(script, port) == ["connected", ["not_local", []]]


def test_what_cannot_be_reached_is_told_in_a_code(port: str, listener: socket.socket) -> None:
    listener.close()
    script = """
port = int(sys.argv[1])
for host in ("127.0.0.1", "203.0.113.7", "no-such-host.invalid", "a\\0b", "x" * 300):
    tell(answer(dialler.dial(host, port)))
tell(answer(dialler.dial("127.0.0.1", 0)))
"""
    told = run_console(script, port)
    codes = ["refused", "unreachable", "unresolved", "bad_request", "bad_request", "bad_request"]
    assert told == [[code, []] for code in codes]


def test_nonsense_ends_nothing(port: str) -> None:
    """Packets without a descriptor, without JSON, with too much of it; the next request is served."""
    script = """
door = dialler._door
door.send(b"no descriptor")
for order in (b"", b"{", b"[" * 1000, b'{"host":1,"port":"x","is_local_only":3}', b"x" * 5000):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    socket.send_fds(door, [order], [theirs.fileno()])
    theirs.close()
    tell(answer(ours)[0])
tell(answer(dialler.dial("127.0.0.1", int(sys.argv[1])))[0])
"""
    assert run_console(script, port) == ["bad_request"] * 5 + ["connected"]


def test_many_at_once_are_bounded_and_a_waiting_one_stops_nobody(port: str) -> None:
    script = """
ends = [dialler.dial("127.0.0.1", int(sys.argv[1])) for _ in range(5)]
tell([answer(end)[0] for end in ends])
"""
    assert run_console(script, port) == [["connected"] * 5]


def test_locking_keeps_the_dialler_and_quitting_ends_it(port: str, tmp_path: Path) -> None:
    """The image is replaced (exec) as at lock; the same dialler serves the new one; then the process ends."""
    second = f"""{head()}
tell([children(), DOOR_VARIABLE in os.environ, answer(dialler.dial("127.0.0.1", int(sys.argv[1])))[0]])
os.set_inheritable(dialler._door.fileno(), False)
"""
    (tmp_path / "second.py").write_text(second)
    script = f"""
tell(children())
dialler.hand_over(os.environ)
sys.stdout.flush()
os.environ["PYTHONPATH"] = os.getcwd()
os.execv(sys.executable, [sys.executable, {str(tmp_path / "second.py")!r}, sys.argv[1]])
"""
    before, after = run_console(script, port)
    assert after == [before, False, "connected"]
    assert len(before) == 1
    assert _is_gone_soon(int(before[0]))


def test_when_the_console_is_killed_then_the_dialler_ends(port: str) -> None:
    script = """
import subprocess
tell(children())
tell(answer(dialler.dial("127.0.0.1", int(sys.argv[1])))[0])
outliving = [sys.executable, "-c", "import time; time.sleep(8)"]  # it holds no door
subprocess.Popen(outliving, stdout=subprocess.DEVNULL)
os.kill(os.getpid(), 9)
"""
    first, connected = run_console(script, port, ending=-9)
    assert connected == "connected"
    assert _is_gone_soon(int(first[0]))


def test_without_a_dialler_the_caller_gets_a_code(port: str) -> None:
    script = """
import signal
for child in children():
    os.kill(int(child), signal.SIGKILL)
    os.waitpid(int(child), 0)
try:
    dialler.dial("127.0.0.1", 1)
except DialError as problem:
    tell(problem.code.value)
"""
    assert run_console(script) == ["no_dialler"]


@pytest.mark.parametrize("number", ["", "x", "0", "1", "99", "-4", "٣"])
def test_a_door_that_is_none_is_not_taken(number: str) -> None:
    script = f"""
os.environ[DOOR_VARIABLE] = {number!r}
tell([find_dialler(os.environ) is None, DOOR_VARIABLE in os.environ])
"""
    assert run_console(script) == [[True, False]]


def test_behind_a_wall_no_dialler_is_started() -> None:
    assert run_console("tell(start_dialler() is None)") == [True]


INSIDE = """
import errno
from app.isolation import dial_server
def attempt(action):
    try:
        action()
    except OSError as problem:
        return errno.errorcode[problem.errno]
    return "worked"
def probes(secret):
    return {
        "vault": attempt(lambda: open(secret).close()),
        "folder": attempt(lambda: os.listdir(os.path.dirname(secret))),
        "code": attempt(lambda: open(dial_server.__file__).close()),
        "write": attempt(lambda: open(secret, "a").close()),
        "exec": attempt(lambda: os.execv("/bin/true", ["true"])),
        "signal": attempt(lambda: os.kill(os.getppid(), 0)),
        "listen": attempt(lambda: socket.socket().listen()),
        "bind": attempt(lambda: socket.socket().bind(("127.0.0.1", 0))),
        "local": attempt(lambda: socket.socket(socket.AF_UNIX)),
        "raw": attempt(lambda: socket.socket(socket.AF_INET6 + 7, socket.SOCK_RAW)),
        "hosts": attempt(lambda: open("/etc/hosts").close()),
        "passwd": attempt(lambda: open("/etc/passwd").close()),
        "fork": attempt(lambda: os.fork() or os._exit(0)),
    }
"""


def test_the_dialler_cannot_read_the_vault_run_a_program_or_listen(tmp_path: Path) -> None:
    """The confinement of the server, then of the child of one request, tried from within; a control before it."""
    secret = tmp_path / "vault.db"
    secret.write_text("x")
    inside = f"""{INSIDE}
secret = {str(secret)!r}
read, write = os.pipe()
if os.fork() == 0:
    control = attempt(lambda: open(secret).close()), attempt(lambda: open("/etc/passwd").close())
    dial_server.confine_server()
    server = probes(secret)
    dial_server._confine_child()
    os.write(write, json.dumps([control, server, probes(secret)]).encode())
    os._exit(0)
os.wait()
tell(json.loads(os.read(read, 65536)))
"""
    ((control, server, child),) = run_console(inside, is_walled=False)
    assert control == ["worked", "worked"]
    for probes in (server, child):
        assert {probes[name] for name in ("vault", "folder", "code", "write")} == {"EACCES"}
        assert {probes[name] for name in ("exec", "signal", "listen", "bind")} == {"EPERM"}
        assert {probes[name] for name in ("local", "raw")} == {"EPERM"}, "sockets of other families"
        assert probes["hosts"] == "worked"
    assert server["fork"] == "worked"
    assert (child["fork"], child["passwd"]) == ("EPERM", "EACCES")


@pytest.mark.parametrize(
    ("arguments", "is_needed"),
    [
        ([], True),
        (["open"], True),
        (["open", "--vault", "x", "--locked", "idle"], True),
        (["--vault", "x"], True),
        (["--vault=x"], True),
        (["tour"], True),
        (["channel", "status"], True),
        (["channel", "--help"], False),
        (["--help"], False),
        (["--version"], False),
        (["people", "list"], False),
        (["anonymise", "--in", "channel"], False),
        (["gateway", "--listen", "x"], False),
    ],
)
def test_only_commands_that_may_need_it_have_a_dialler(arguments: list[str], *, is_needed: bool) -> None:
    assert needs_dialler(arguments) is is_needed


def _is_gone_soon(pid: int) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_the_console_hands_its_door_over_when_it_locks_and_only_then(port: str) -> None:
    """``bootstrap`` as it runs, up to the exec itself, which is noted instead."""
    script = """
from app import bootstrap
sys.argv[1:] = ["open", sys.argv[1]]
bootstrap._door = dialler
before = [DOOR_VARIABLE in os.environ, os.get_inheritable(dialler._door.fileno())]
def noted(_program, arguments):
    number = int(os.environ[DOOR_VARIABLE])
    tell([before, number == dialler._door.fileno(), os.get_inheritable(number), arguments[-2:]])
os.execv = noted
bootstrap._restarter(Path("/nowhere"))("idle")
bootstrap._door = None
bootstrap._find_or_start_dialler()
tell([bootstrap._door is not None, DOOR_VARIABLE in os.environ])
"""
    assert run_console(script, port) == [
        [[False, False], True, True, ["--locked", "idle"]],
        [True, False],
    ]


def test_a_machine_whose_settings_name_a_gateway_dials_no_other(port: str) -> None:
    script = """
from app import bootstrap
bootstrap._door = dialler
dial = bootstrap._dial_only(f"127.0.0.1:{sys.argv[1]}")
tell(answer(dial("127.0.0.1", int(sys.argv[1]), True))[0])
for host, port in (("127.0.0.1", 1), ("localhost", int(sys.argv[1]))):
    try:
        dial(host, port, True)
    except DialError as problem:
        tell(problem.code.value)
bootstrap._door = None
try:
    bootstrap._dial_only("")("127.0.0.1", int(sys.argv[1]), True)
except DialError as problem:
    tell(problem.code.value)
"""
    assert run_console(script, port) == ["connected", "not_allowed", "not_allowed", "no_dialler"]
