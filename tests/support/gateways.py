"""Real gateways: the program itself in a process of its own, on loopback, with an invented office."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.post_sign_in import DeskSignIn, token_hash
from app.domain.strict_json import dump_object, to_base64
from app.gateway.limits import Limits
from app.gateway.listening import Listen, bind
from app.gateway.mailbox import Mailbox
from app.gateway.office_file import read_office_file
from app.gateway.server import Gateway, GatewayPlan, silence_others
from app.gateway.sqlite_mailbox import SqliteMailbox
from tests.support.channel import Office

ROOT = Path(__file__).resolve().parents[2]
DESK_TOKEN = bytes(range(32))
START_S = 30
PROGRAM = (sys.executable, "-m", "app")


def write_office_file(folder: Path, office: Office, token: bytes = DESK_TOKEN) -> Path:
    """Write what the console gives to IT."""
    file = folder / "office.json"
    fields: dict[str, object] = {
        "v": 1,
        "office": to_base64(office.id),
        "token_hash": to_base64(token_hash(token)),
        "document": json.loads(office.document_json()),
    }
    file.write_bytes(dump_object(fields))
    return file


@dataclass
class RunningGateway:
    """A gateway that listens."""

    process: subprocess.Popen[str]
    host: str
    port: int
    office: Office
    mailbox: Path
    lines: list[str] = field(default_factory=list)

    @property
    def desk(self) -> DeskSignIn:
        """How its desk signs in."""
        return DeskSignIn(self.office.id, DESK_TOKEN)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return self.host, self.port

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End it by a signal; return its exit code and what it wrote on standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=START_S)
        return self.process.returncode, errors


def start_gateway(
    folder: Path, *options: str, office: Office | None = None, listen: str = "127.0.0.1:0"
) -> RunningGateway:
    """Start the program for an invented office and wait until it says that it listens."""
    office = office or Office()
    return start_gateway_of(folder, write_office_file(folder, office), *options, office=office, listen=listen)


def start_gateway_of(
    folder: Path, office_file: Path, *options: str, office: Office | None = None, listen: str = "127.0.0.1:0"
) -> RunningGateway:
    """Start the program for the office of a file and wait until it says that it listens.

    It serves no page: these tests are about mailboxes, and must not fail while somebody edits a file of the page.
    """
    mailbox, no_page = folder / "box" / "mailbox.sqlite", folder / "no-page"
    no_page.mkdir(exist_ok=True)
    command = [
        *(*PROGRAM, "gateway", "--json", "--listen", listen),
        *("--mailbox", f"sqlite:///{mailbox}", "--office", str(office_file), "--page", str(no_page)),
        *options,
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, text=True, env={**os.environ, "LANG": "C.UTF-8"}, **pipes)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, errors = process.communicate(timeout=START_S)
        raise AssertionError(f"the gateway did not start: {errors}")
    host, _, port = json.loads(line)["listening"].rpartition(":")
    return RunningGateway(process, host, int(port), office or Office(), mailbox)


def without_note(errors: str) -> str:
    """Return what a gateway wrote on standard error, less the line that says what holds around it."""
    return "".join(line for line in errors.splitlines(keepends=True) if not line.startswith("Shut in: "))


@contextmanager
def running_gateway(folder: Path, *options: str, office: Office | None = None) -> Iterator[RunningGateway]:
    """Give a running gateway and end it; its end must be clean and its standard error silent."""
    gateway = start_gateway(folder, *options, office=office)
    try:
        yield gateway
    finally:
        if gateway.process.poll() is None:
            code, errors = gateway.stop()
            assert (code, without_note(errors)) == (0, ""), errors


@asynccontextmanager
async def gateway_here(
    folder: Path,
    limits: Limits | None = None,
    *,
    office: Office | None = None,
    proxies: tuple[str, ...] = (),
    make_mailbox: Callable[..., Mailbox] = SqliteMailbox,
    said: list[str] | None = None,
) -> AsyncIterator[tuple[str, int]]:
    """Give the address of a gateway in this very process, without its walls, for tests that need other limits.

    ``said`` gathers what it tells the operator; without it, it must tell nothing.
    """
    office_file = write_office_file(folder, office or Office())
    where = Listen("127.0.0.1", 0)
    plan = GatewayPlan(where, folder / "box" / "m", office_file, folder, proxies=proxies, limits=limits or Limits())
    mailbox, lines = make_mailbox(plan.mailbox_file, min_free_bytes=0), [] if said is None else said
    gateway = Gateway(plan, read_office_file(office_file.read_bytes()), (), mailbox, None, lines.append)
    silence_others()
    ready = asyncio.Event()
    with bind(where) as server:
        host, port = server.getsockname()[:2]
        serving = asyncio.create_task(gateway.run(server, ready.set))
        await ready.wait()
        try:
            yield host, port
        finally:
            gateway.stop()
            await asyncio.wait_for(serving, START_S)
    assert said is not None or lines == []
