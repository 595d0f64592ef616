"""What the link child can and cannot do with the one connection it was handed; the test plays the dialler."""

import json
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.channel.link.launch import PACKAGES, locate, new_child, trust_files
from app.channel.link.trust import SYSTEM_TRUST
from app.domain.channel import GatewayPlace
from app.isolation.child import SupervisedChild
from app.isolation.frames import Frame, Shape, text
from app.isolation.orders import CONFINED, CONNECTED, Grants

pytestmark = pytest.mark.loopback

SAY = Shape(40, "say", {"text": text(100_000)})
PROBE = """
import ctypes, errno, json, os, socket
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol, Shape, text
SAY = Shape(40, "say", {"text": text(100_000)})
libc = ctypes.CDLL(None, use_errno=True)
def c_errno(result):
    return "worked" if result >= 0 else errno.errorcode[ctypes.get_errno()]
def attempt(action):
    try:
        action()
    except OSError as problem:
        return errno.errorcode[problem.errno]
    return "worked"
def run(pipe_in, pipe_out, connection):
    protocol = Protocol(SAY)
    where = FrameReader(pipe_in, protocol).read().body["text"]
    found = {
        "write": attempt(lambda: os.write(connection, b"hello")),
        "read": os.read(connection, 100).decode(),
        "descriptors": [n for n in range(64) if attempt(lambda: os.fstat(n)) == "worked"],
        "socket": [c_errno(libc.socket(family, 1, 0)) for family in (1, 2, 10, 16, 17)],
        "elsewhere": c_errno(libc.connect(connection, ctypes.create_string_buffer(bytes.fromhex(where), 16), 16)),
        "again": c_errno(libc.connect(connection, ctypes.create_string_buffer(16), 16)),
        "send": c_errno(libc.send(connection, b"x", 1, 0)),
        "sendmsg": c_errno(libc.sendmsg(connection, None, 0)),
        "peer": c_errno(libc.getpeername(connection, None, None)),
        "file": [attempt(lambda: open(path).close()) for path in ("/etc/passwd", "/etc/hosts", "/etc/resolv.conf")],
        "vault": attempt(lambda: os.listdir(os.path.expanduser("/home"))),
        "exec": attempt(lambda: os.execv("/bin/true", ["true"])),
        "fork": attempt(lambda: os.fork() or os._exit(0)),
    }
    FrameWriter(pipe_out, protocol).write(Frame(SAY, {"text": json.dumps(found)}))
    return 0
"""


class InstalledChild(SupervisedChild):
    """The real start from a copy of the package that has one module more."""

    def __init__(self, site: Path, connection: socket.socket) -> None:
        super().__init__(
            "link", entry="app.probe", grants=Grants(), to_child=(SAY,), from_child=(SAY,), connection=connection
        )
        self._site = site

    def _command(self) -> list[str]:
        return [*super()._command()[:-1], str(self._site / "app" / "isolation" / "start.py")]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    source = Path(app.__file__).parent
    shutil.copytree(source / "isolation", tmp_path / "app" / "isolation", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(source / "__init__.py", tmp_path / "app")
    (tmp_path / "app" / "probe.py").write_text(PROBE)
    return tmp_path


@pytest.fixture
def handed() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The end for a child on which a connected socket waits, and the other end of that connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as ours:
            theirs, _ = server.accept()
            promised, dialler = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            socket.send_fds(dialler, [CONNECTED], [ours.fileno()])
            dialler.close()
        with theirs:
            yield promised, theirs


def test_the_child_reads_and_writes_its_connection_and_nothing_else(
    site: Path, handed: tuple[socket.socket, socket.socket]
) -> None:
    promised, peer = handed
    peer.sendall(b"welcome")
    with socket.create_server(("127.0.0.1", 0)) as another:
        where = f"0200{another.getsockname()[1]:04x}7f000001"
        address = (socket.AF_INET).to_bytes(2, sys.byteorder).hex() + where[4:] + "00" * 8
        child = InstalledChild(site, promised)
        child.start()
        try:
            assert child.read().shape is CONFINED
            child.send(Frame(SAY, {"text": address}))
            found = json.loads(child.read().body["text"])
        finally:
            child.close()
            child.close_pipes()
        another.settimeout(0)
        with pytest.raises(BlockingIOError):
            another.accept()
    assert (found["write"], found["read"]) == ("worked", "welcome")
    assert peer.recv(100) == b"hello"
    assert len(found["descriptors"]) == 5, "three streams, the frames, the connection"
    refused = ("elsewhere", "again", "send", "sendmsg", "peer")
    assert {*found["socket"], *found["file"], found["vault"], *(found[name] for name in refused)} == {"EACCES"}
    assert {found["exec"], found["fork"]} == {"EPERM"}


def test_it_may_read_one_authority_and_import_two_packages(tmp_path: Path) -> None:
    own = tmp_path / "ca.pem"
    own.write_text("x")
    assert trust_files(GatewayPlace("h", 1, "", ca_file=own)) == (str(own),)
    assert trust_files(GatewayPlace("h", 1, "", is_tls=False)) == ()
    assert set(trust_files(GatewayPlace("h", 1, ""))) <= {str(file) for file in SYSTEM_TRUST}
    assert [name for name, _ in locate()] == list(PACKAGES)
    promised, other = socket.socketpair()
    with promised, other:
        assert new_child(GatewayPlace("h", 1, ""), promised).pid is None
