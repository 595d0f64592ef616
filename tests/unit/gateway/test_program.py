"""The command itself, as IT meets it: exit codes, one line of words, signals, TLS, walls, and silence about people."""

import asyncio
import http.client
import json
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.gateway import _walls_words
from app.domain.post import Open, Put
from app.domain.post_sign_in import PatientSignIn, SignInCode, SignInRefused, token_hash
from app.gateway.walls import Walls
from app.isolation import landlock
from app.isolation.syscalls import this_machine
from tests.support.certificates import make_certificate, trusting
from tests.support.channel import Office
from tests.support.gateway_client import ClosedError, GatewayClient, signed_in
from tests.support.gateways import PROGRAM, ROOT, running_gateway, start_gateway, without_note, write_office_file
from tests.support.post import make_frame

pytestmark = pytest.mark.loopback

_ADDRESS, _INVITE, _CLAIM = b"a" * 16, b"i" * 32, b"c" * 32
_UNTIL_MS = 2**50


_BEHIND = """
import json, socket, subprocess, sys
from pathlib import Path
from app.gateway.walls import raise_walls
kept, own, other = map(Path, sys.argv[1:])
def tried(act):
    try:
        return act()
    except OSError as problem:
        return type(problem).__name__
def use():
    (kept / "new").write_text("x")
    return f"read {'written' if (kept / 'file').read_text() else ''}"
walls = raise_walls(writable=kept, readable=(own,))
print(json.dumps({
    "walls": [walls.landlock > 0, walls.are_files_fenced],
    "own": tried(lambda: (own / "file").read_text() and "read"),
    "mailbox": tried(use),
    "other": tried(lambda: (other / "file").read_text() and "read"),
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", 9)) and "connected"),
    "program": tried(lambda: subprocess.run(["/bin/true"]) and "run"),
}))
"""
"""Raises the walls around itself and tries what works then."""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*PROGRAM, "gateway", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def get(address: tuple[str, int], path: str, tls: ssl.SSLContext | None = None) -> tuple[int, bytes]:
    kind = http.client.HTTPConnection if tls is None else http.client.HTTPSConnection
    connection = kind(*address, timeout=20, **({} if tls is None else {"context": tls}))
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def health(address: tuple[str, int], tls: ssl.SSLContext) -> tuple[int, bool]:
    status, body = get(address, "/health", tls)
    return status, json.loads(body)["ok"]


def test_help_says_what_it_takes():
    ended = run("--help")
    assert ended.returncode == 0
    for word in ("--listen", "--mailbox", "--office", "--tls-cert", "--proxy", "health", "HUP", "30 days"):
        assert word in ended.stdout


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"--mailbox": "nats://broker:4222"}, 5, "not available here"),
        ({"--mailbox": "mailbox.sqlite"}, 2, "sqlite:///FILE"),
        ({"--mailbox": "sqlite:///"}, 2, "sqlite:///FILE"),
        ({"--listen": "8470"}, 2, "HOST:PORT"),
        ({"--listen": "192.0.2.1:1"}, 1, "no such address"),
        ({"--office": "missing.json"}, 1, "no such file"),
        ({"--office": "broken.json"}, 3, "office file"),
        ({"--tls-cert": "broken.json"}, 2, "belong together"),
        ({"--tls-cert": "broken.json", "--tls-key": "broken.json"}, 1, "certificate"),
        ({"--proxy": "everywhere"}, 2, "address or a network"),
        ({"--mailbox": "sqlite:////proc/nothing/mailbox"}, 1, "folder of the mailbox"),
        ({"--mailbox": "sqlite:///broken.json"}, 1, "damaged"),
    ],
)
def test_what_cannot_start_says_why_in_one_line(tmp_path, monkeypatch, changes, code, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text('{"v": 1, "but": "nothing else"}' * 100)
    options = {
        "--listen": "127.0.0.1:0",
        "--mailbox": f"sqlite:///{tmp_path / 'box' / 'm'}",
        "--office": str(write_office_file(tmp_path, Office())),
        **{name: value.replace("broken.json", str(tmp_path / "broken.json")) for name, value in changes.items()},
    }
    ended = run(*(part for pair in options.items() for part in pair))
    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr
    assert len(without_note(ended.stderr).splitlines()) == 1


def test_a_taken_address_and_a_taken_mailbox_are_told(tmp_path):
    with running_gateway(tmp_path) as gateway:
        office = write_office_file(tmp_path, gateway.office)
        box = ("--office", office, "--mailbox", f"sqlite:///{gateway.mailbox}")
        same_place = run("--listen", f"127.0.0.1:{gateway.port}", *box)
        assert (same_place.returncode, "Another program listens" in same_place.stderr) == (1, True)
        same_box = run("--listen", "127.0.0.1:0", *box)
        assert (same_box.returncode, "Another gateway" in same_box.stderr) == (1, True)


def test_a_mailbox_of_another_office_is_refused(tmp_path):
    with running_gateway(tmp_path):
        pass
    with pytest.raises(AssertionError, match="another office"):
        start_gateway(tmp_path, office=Office(root=Office().admin))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_politely(tmp_path, number):
    async def scene() -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await desk.ask(Open(0, _ADDRESS, token_hash(_INVITE), _UNTIL_MS))
            client = await GatewayClient.connect(*gateway.address)
            await client.sign_in(PatientSignIn(_ADDRESS, _INVITE, _CLAIM))
            asked = [client.begin(Put(0, _ADDRESS, make_frame(number))) for number in range(50)]
            await client.ask(Put(0, _ADDRESS, make_frame(99)))
            gateway.process.send_signal(number)
            assert await client.closing() == 1001
            assert await desk.closing() == 1001
            assert all(answer.done() and answer.exception() is None for answer in asked)
            await client.drop()

    gateway = start_gateway(tmp_path)
    asyncio.run(scene())
    _, errors = gateway.process.communicate(timeout=20)
    assert (gateway.process.returncode, without_note(errors)) == (0, "")
    assert not gateway.mailbox.with_name(gateway.mailbox.name + "-wal").exists()


def test_tls_is_served_and_a_renewed_certificate_is_shown_after_hup(tmp_path):
    certificate = make_certificate(tmp_path / "tls")
    first = trusting(certificate)
    options = ("--tls-cert", str(certificate.chain), "--tls-key", str(certificate.key))
    gateway = start_gateway(tmp_path, *options)
    try:
        assert health(gateway.address, first) == (200, True)

        async def scene() -> None:
            async with signed_in(*gateway.address, gateway.desk, tls=first, name="localhost"):
                pass

        asyncio.run(scene())
        renewed = make_certificate(tmp_path / "tls")
        gateway.process.send_signal(signal.SIGHUP)
        assert gateway.process.stderr is not None
        lines = iter(gateway.process.stderr.readline, "")
        assert any("read again" in line for line in lines)
        assert health(gateway.address, trusting(renewed)) == (200, True)
        with pytest.raises(ssl.SSLError):
            get(gateway.address, "/health", first)
    finally:
        gateway.stop()


def test_a_broken_certificate_at_hup_leaves_the_one_in_use(tmp_path):
    certificate = make_certificate(tmp_path / "tls")
    gateway = start_gateway(tmp_path, "--tls-cert", str(certificate.chain), "--tls-key", str(certificate.key))
    trust = trusting(certificate)
    try:
        certificate.key.write_text("nothing")
        gateway.process.send_signal(signal.SIGHUP)
        assert gateway.process.stderr is not None
        assert any("as before" in line for line in iter(gateway.process.stderr.readline, ""))
        assert get(gateway.address, "/health", trust)[0] == 200
    finally:
        gateway.stop()


def test_a_new_office_file_at_hup_changes_the_desks_token(tmp_path):
    gateway = start_gateway(tmp_path)
    try:

        async def scene() -> None:
            async with signed_in(*gateway.address, gateway.desk) as before:
                write_office_file(tmp_path, gateway.office, token=_CLAIM)
                gateway.process.send_signal(signal.SIGHUP)
                assert await before.closing() == 4000
            client = await GatewayClient.connect(*gateway.address)
            assert await client.sign_in(gateway.desk) == SignInRefused(SignInCode.TOKEN)
            await client.drop()

        asyncio.run(scene())
    finally:
        gateway.stop()


def test_its_walls_stand(tmp_path):
    with running_gateway(tmp_path) as gateway:
        status = Path(f"/proc/{gateway.process.pid}/status").read_text()
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status
        limits = Path(f"/proc/{gateway.process.pid}/limits").read_text()
        assert [line.split()[4] for line in limits.splitlines() if line.startswith("Max core file")] == ["0"]
        assert gateway.mailbox.parent.stat().st_mode & 0o777 == 0o700
        assert all(file.stat().st_mode & 0o077 == 0 for file in gateway.mailbox.parent.iterdir())


def test_it_says_what_holds_when_it_starts_and_whenever_it_is_asked(tmp_path):
    with running_gateway(tmp_path) as gateway:
        found = json.loads(get(gateway.address, "/health")[1])
        machine = this_machine()
        assert machine is not None
        known = landlock.abi_version(machine)
        assert found == {"ok": True, "seccomp": True, "landlock": known, "files_fenced": known > 0}


@pytest.mark.skipif(landlock.abi_version(this_machine()) == 0, reason="this kernel has no Landlock")
def test_behind_its_walls_it_reads_its_own_files_and_no_other(tmp_path):
    own, other, kept = tmp_path / "own", tmp_path / "other", tmp_path / "mailbox"
    for folder in (own, other, kept):
        folder.mkdir()
        (folder / "file").write_text("invented")
    command = [sys.executable, "-c", _BEHIND, kept, own, other]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout) == {
        "walls": [True, True],
        "own": "read",
        "mailbox": "read written",
        "other": "PermissionError",
        "connect": "PermissionError",
        "program": "PermissionError",
    }, ended.stderr


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        (Walls(7, are_files_fenced=True), "no file but its own (Landlock 7)"),
        (Walls(0, are_files_fenced=True), "fenced off by what started it"),
        (Walls(0, are_files_fenced=False), "NOT FENCED OFF"),
    ],
)
def test_what_does_not_hold_is_said_as_plainly_as_what_does(walls, words):
    assert words in _walls_words(walls)


def test_it_says_nothing_about_anybody(tmp_path):
    """The canary: an address, a token, a client's address and a made-up path are looked for in everything it wrote."""
    gateway = start_gateway(tmp_path)

    async def scene() -> None:
        async with signed_in(*gateway.address, gateway.desk) as desk:
            await desk.ask(Open(0, _ADDRESS, token_hash(_INVITE), _UNTIL_MS))
            await desk.ask(Open(0, _ADDRESS, token_hash(_CLAIM), _UNTIL_MS))
        for message in (PatientSignIn(_ADDRESS, _INVITE, _CLAIM), PatientSignIn(_ADDRESS, _INVITE), "nonsense"):
            client = await GatewayClient.connect(*gateway.address, source="127.0.0.77")
            if not isinstance(await client.sign_in(message), SignInRefused):
                client.send_raw(b"\xff" * 40)
            await client.drop()
        with pytest.raises(ClosedError):
            await GatewayClient.connect(*gateway.address, headers=((b"Origin", b"https://heron.example"),))

    asyncio.run(scene())
    assert get(gateway.address, "/heron-in-the-kettle?heron")[0] == 404
    with socket.create_connection(gateway.address) as raw:
        raw.sendall(b"HERON / HTTP/9\r\n\r\n")
        raw.recv(1000)
    code, errors = gateway.stop()
    assert gateway.process.stdout is not None
    said = " ".join(file.name for file in gateway.mailbox.parent.iterdir()) + errors
    assert (code, without_note(errors)) == (0, "")
    for canary in ("heron", "127.0.0.77", _ADDRESS.hex(), _ADDRESS.decode(), _CLAIM.decode()):
        assert canary not in said
