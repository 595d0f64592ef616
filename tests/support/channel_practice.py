"""A whole practice on loopback: a console process, a gateway process, a recording wire before each side of it.

::

    browser / Python patient ── wire.patients ──▶ gateway ◀── wire.desk ── link ◀── console
"""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.channel.invitation import Invitation
from app.domain.channel import GatewayPlace, Invite, LinkPhase, NoticeTexts
from app.domain.ids import ConversationId
from app.domain.post import Ok, Open, decode_reply, decode_request
from tests.support.channel_consoles import PATIENCE_S, ChannelConsole, ConsoleError, environment, wait_for
from tests.support.tapped_wire import TappedWire

_OPEN = b"\x06"
ROOT = Path(__file__).resolve().parents[2]
NOTICE = NoticeTexts(
    phone="+34 900 123 123",
    country="ES",
    emergency=("112",),
    keeps_days=90,
    who="The reception of Linden Street Family Practice",
    withdraw="Call the reception, or hand in a note there.",
)


@dataclass
class Practice:
    """``start`` makes keys, notice and gateway, and turns the channel on."""

    folder: Path
    desk_wire: type[TappedWire] = TappedWire
    patient_wire: type[TappedWire] = TappedWire
    console: ChannelConsole = field(init=False)
    gateway: "subprocess.Popen[str] | None" = None
    wires: list[TappedWire] = field(default_factory=list)
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.console = ChannelConsole(self.folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    @property
    def mailbox(self) -> Path:
        """The file of the gateway."""
        return self.folder / "gateway" / "mailbox.sqlite"

    @property
    def gateway_log(self) -> Path:
        """All that it wrote."""
        return self.folder / "gateway.log"

    @property
    def desk_side(self) -> TappedWire:
        return self.wires[0]

    @property
    def patient_side(self) -> TappedWire:
        return self.wires[1]

    @property
    def place(self) -> tuple[str, int]:
        """Where patients connect."""
        return "127.0.0.1", self.patient_side.port

    @property
    def front(self) -> tuple[str, int]:
        """Where clients reach the gateway: at itself, or at what stands in front of it."""
        return "127.0.0.1", self.port

    @property
    def gateway_place(self) -> GatewayPlace:
        """What the console is told about where the gateway is."""
        page = f"http://127.0.0.1:{self.patient_side.port}"
        return GatewayPlace("127.0.0.1", self.desk_side.port, page, is_tls=False)

    def start(self) -> None:
        self.wires = [self.desk_wire(self.front), self.patient_wire(self.front)]
        self.console.start()
        code = self.console.ask("desk.channel.make_office_keys")
        self.console.ask("desk.channel.confirm_office_keys", code)
        self.console.ask("desk.channel.set_notice", NOTICE)
        self.office_file.write_bytes(self.console.ask("desk.channel.office_file"))
        self.start_gateway()
        self.console.ask("desk.channel.turn_on", self.gateway_place)
        self.until_on()

    @property
    def office_file(self) -> Path:
        return self.folder / "office.json"

    def start_gateway(self, *, max_file_bytes: int | None = None) -> None:
        """Start the program and wait until it listens; ``max_file_bytes``: its disk is full beyond that."""
        command = [sys.executable, "-m", "app", "gateway", "--json", "--listen", f"127.0.0.1:{self.port}"]
        command += ["--mailbox", f"sqlite:///{self.mailbox}", "--office", str(self.office_file), *self.options]
        if max_file_bytes is not None:
            command = ["prlimit", f"--fsize={max_file_bytes}", *command]
        with self.gateway_log.open("a", encoding="utf-8") as log:
            self.gateway = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.folder), stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.gateway.stdout is not None
        line = self.gateway.stdout.readline()
        assert line, f"the gateway did not start: {self.gateway_log.read_text(encoding='utf-8')}"
        assert json.loads(line)["listening"].endswith(f":{self.port}")

    def stop_gateway(self, number: int = signal.SIGTERM) -> None:
        """End it by a signal."""
        assert self.gateway is not None
        self.gateway.send_signal(number)
        self.gateway.communicate(timeout=PATIENCE_S)

    def until_on(self) -> None:
        """Wait until the console is signed in at the gateway."""
        self.console.until("desk.channel.status", lambda status: status.phase is LinkPhase.ON)

    def invite(self, name: str = "Ada Quill", language: str = "en") -> Invite:
        """Invite somebody, once the gateway knows the mailbox."""
        invite: Invite = self.console.ask("desk.channel.invite", name, language)
        address = Invitation.parse(invite.link).address
        wait_for(lambda: self.has_opened(address), bool, what="the gateway knows the mailbox")
        return invite

    def has_opened(self, address: bytes) -> bool:
        """Return whether the gateway has said yes to the opening of a mailbox, as the wire of the desk shows."""
        for one in reversed(self.desk_side.carried[-6:]):
            asked, answered = one.messages()
            opened = [decode_request(raw) for raw in asked if raw[:1] == _OPEN]
            numbers = {order.req for order in opened if isinstance(order, Open) and order.address == address}
            if numbers & {reply.req for reply in map(decode_reply, answered[1:]) if isinstance(reply, Ok)}:
                return True
        return False

    def conversation(self, invite: Invite) -> ConversationId:
        """Return the conversation that came of an invitation, once there is one."""
        rows = self.console.until(
            "desk.channel.invitations",
            lambda rows: any(row.invite_id == invite.invite_id and row.conversation_id for row in rows),
        )
        return next(row.conversation_id for row in rows if row.invite_id == invite.invite_id)

    def texts(self, cid: ConversationId) -> list[tuple[str, str]]:
        """Who said what at the desk, notices left out."""
        items = self.console.ask("all_items")[cid]
        return [(party, text) for party, kind, text in items if kind == "message"]

    def until_said(self, cid: ConversationId, *texts: str) -> None:
        """Wait until the visitor's texts at the desk are exactly these, in this order."""
        wait_for(
            lambda: [text for party, text in self.texts(cid) if party != "desk"],
            lambda found: found == list(texts),
            what="what the visitor said",
        )

    def thread(self, cid: ConversationId) -> Any:
        """The ``ChannelThread`` of a conversation."""
        return self.console.ask("desk.channel.thread", cid)

    def reply(self, cid: ConversationId, text: str) -> str:
        """Answer; return the event's id."""
        event: str = self.console.ask("reply", cid, text)
        return event

    def office_document(self) -> bytes:
        """What the gateway serves."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/office.json", timeout=10) as answer:
            body: bytes = answer.read()
        return body

    def health(self) -> int:
        """The status with which the gateway tells how it is."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code

    def stop(self) -> None:
        """End everything, politely where that is possible."""
        try:
            with suppress(AssertionError, OSError, ConsoleError):
                self.console.close()
        finally:
            if self.console.process is not None and self.console.process.poll() is None:
                self.console.process.kill()
                self.console.process.wait(PATIENCE_S)
            for wire in self.wires:
                wire.close()
            self._end_gateway()

    def _end_gateway(self) -> None:
        if self.gateway is None:
            return
        if self.gateway.poll() is None:
            self.stop_gateway()
        if self.gateway.stdout is not None:
            self.gateway.stdout.close()


@contextmanager
def practice(folder: Path, **given: Any) -> Iterator[Practice]:
    """Give a practice whose channel is on, and end it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Practice(folder, **given)
    try:
        made.start()
        yield made
    finally:
        made.stop()
