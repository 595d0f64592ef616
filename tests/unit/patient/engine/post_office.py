"""A gateway in memory, with a desk behind it: it can fall silent, cut the line, forget an answer, lie about papers.

It speaks the protocol of ``app/domain/post.py`` over a real WebSocket and answers with a real ``DeskSession``.
"""

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, TextMessage

from app.channel.answering import Door
from app.channel.desk_session import AnsweredBefore, DeskSession
from app.channel.errors import ChannelError
from app.channel.invitation import Invitation
from app.channel.kinds import Content, Kind
from app.channel.received import Received
from app.domain.post import (
    BlobDrop,
    BlobGet,
    BlobPut,
    No,
    NoCode,
    Ok,
    Pushed,
    Put,
    Request,
    Taken,
    decode_request,
    encode,
)
from app.domain.post_sign_in import (
    PatientSignIn,
    SignedIn,
    SignInCode,
    SignInRefused,
    decode_sign_in,
    encode_welcome,
    token_hash,
)
from app.domain.post_sizes import FrameType, read_envelope
from tests.unit.patient.engine.offices import INVITATION, OFFICE_ID, Office


def now_ms() -> int:
    """Return the wall clock, in milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass
class Desk:
    """Answers hellos, takes frames, acknowledges; what came stands in ``heard``."""

    office: Office
    invitation: Invitation = INVITATION
    visitor: bytes | None = None
    session: DeskSession | None = None
    is_away: bool = False
    heard: list[tuple[str, Any]] = field(default_factory=list)
    receipt: Any = None
    refused: list[str] = field(default_factory=list)
    alarms: list[Any] = field(default_factory=list)
    ids: dict[bytes, Any] = field(default_factory=dict)
    first_frames: int = 0
    has_file: Callable[[Content], bool] = lambda _content: True
    is_slow_with_files: bool = False
    owed_files: list[tuple[bytes, Content]] = field(default_factory=list)

    @property
    def door(self) -> Door:
        """How the patient comes in: by the invitation, or as a visitor who chose an address."""
        if self.visitor is not None:
            return Door(self.visitor, None)
        return Door(self.invitation.address, self.invitation.psk(OFFICE_ID))

    def take(self, frame: bytes) -> list[bytes]:
        """Return what goes back for a frame of the patient."""
        try:
            if read_envelope(frame).type is FrameType.HELLO:
                return self._take_hello(frame)
            return self._take_frame(frame)
        except ChannelError as refusal:
            self.refused.append(str(refusal))
            return []

    def say(self, kind: Kind, content: Content) -> bytes:
        """Return a frame of ours."""
        assert self.session is not None
        self.session, sealed = self.session.send(kind, content, now_ms())
        return sealed.frame

    def answer_files(self) -> list[bytes]:
        """Return what a desk says of the files that were named since: it has them, or the gateway does not."""
        owed, self.owed_files = self.owed_files, []
        kinds = [(Kind.FETCHED if self.has_file(content) else Kind.MISSING, one) for one, content in owed]
        return [self.say(kind, {"id": one}) for kind, one in kinds]

    def _take_hello(self, frame: bytes) -> list[bytes]:
        if self.session is None:
            self.session, answer, payload = self.office.answer_at(self.door, frame, now_ms())
        else:
            answered = self.session.answer_hello(frame, self.office.secrets, now_ms())
            self.session = answered.session
            if isinstance(answered, AnsweredBefore):
                return [answered.frame] if answered.frame else []
            answer, payload = answered.frame, answered.payload
        self.receipt = payload.receipt_signed or self.receipt
        for item in payload.items:
            self._keep(item.message_id, item.kind, item.content)
        return [answer]

    def _take_frame(self, frame: bytes) -> list[bytes]:
        assert self.session is not None
        self.session, found = self.session.receive(frame, now_ms())
        if isinstance(found, Received):
            self.first_frames += found.is_first
            self.alarms.extend(found.alarms)
            self._keep(found.message_id, found.kind, found.content)
            if not found.asks_for_ack and not found.is_first:
                return []
        replies = [] if self.is_slow_with_files else self.answer_files()
        while self.session.line.owes_ack or not replies:  # one ack has room for one chain or two
            replies.append(self.say(Kind.ACK, {"desks": 1}))
        return replies

    def _keep(self, message_id: bytes, kind: Kind, content: Content) -> None:
        if message_id not in self.ids and kind is not Kind.ACK:
            self.ids[message_id] = kind
            if kind is Kind.FILE:
                self.owed_files.append((message_id, content))
            self.heard.append((kind.value, content))

    @property
    def texts(self) -> list[str]:
        """The texts that came, in the order in which they came."""
        return [content["text"] for kind, content in self.heard if kind == "text"]


@dataclass
class PostOffice:
    """One mailbox.

    Attributes:
        frames: every frame that was ever put, in order.
        breaks_at: at this piece of an attachment the gateway goes away, until ``is_down`` is false again.
    """

    desk: Desk
    claim: bytes | None = None
    is_closed: bool = False
    is_down: bool = False
    loses_answers: bool = False
    is_silent: bool = False
    holds_back: int = 0
    breaks_at: int | None = None
    frames: list[bytes] = field(default_factory=list)
    to_patient: dict[int, bytes] = field(default_factory=dict)
    blobs: dict[tuple[bytes, int], tuple[int, bytes]] = field(default_factory=dict)
    dropped: list[bytes] = field(default_factory=list)
    document: Callable[[], bytes] | None = None
    seq: int = 0
    lines: list["Line"] = field(default_factory=list)
    guard: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.desk.has_file = lambda file: all((file["blob"], n) in self.blobs for n in range(file["chunks"]))

    @property
    def address(self) -> bytes:
        """The mailbox."""
        return self.desk.visitor or self.desk.invitation.address

    def office_json(self) -> bytes:
        """What is served at /office.json."""
        return self.document() if self.document else self.desk.office.document

    def answer_files(self) -> None:
        """Let a desk that was slow fetch what lies here."""
        with self.guard:
            for frame in self.desk.answer_files():
                self.push(frame)

    def say(self, kind: Kind, content: Content) -> None:
        """Let the desk say something."""
        with self.guard:
            self.push(self.desk.say(kind, content))

    def push(self, frame: bytes) -> None:
        """Keep a frame for the patient and push it to whoever is there."""
        with self.guard:
            self.seq += 7
            self.to_patient[self.seq] = frame
            for line in self.lines:
                line.push(self.seq, frame)

    def serve_line(self, connection: socket.socket, headers: list[tuple[bytes, bytes]]) -> None:
        """Serve one WebSocket until it ends."""
        Line(self, connection, headers).serve()

    def cut(self) -> None:
        """Cut every connection."""
        with self.guard:
            for line in self.lines:
                line.cut()

    def sign_in(self, who: PatientSignIn) -> SignedIn | SignInRefused:
        """Let a patient in, or not; as ``app/gateway`` decides it."""
        code = self._refusal(who)
        if code is not None:
            return SignInRefused(code)
        if who.is_open_door and self.desk.office.open_door:
            self.desk.visitor = who.address
        if self.claim is None and not who.is_peek:
            self.claim = token_hash(who.claim or who.token)
        return SignedIn(now_ms())

    def put(self, frame: bytes) -> int | None:
        """Keep a frame of the patient, hand it to the desk; return its seq, None on conflict."""
        envelope = read_envelope(frame)
        place = (envelope.chain, envelope.number)
        for index, known in enumerate(self.frames):
            other = read_envelope(known)
            if (other.chain, other.number) == place:
                return index + 1 if known == frame else None
        self.frames.append(frame)
        if self.holds_back:
            self.holds_back -= 1
        elif not self.desk.is_away:
            for reply in self.desk.take(frame):
                self.push(reply)
        return len(self.frames)

    def desk_comes_back(self) -> None:
        """Let the desk work off what it was away for."""
        with self.guard:
            self.desk.is_away = False
            for frame in list(self.frames):
                for reply in self.desk.take(frame):
                    self.push(reply)

    def _refusal(self, who: PatientSignIn) -> SignInCode | None:
        invite = token_hash(self.desk.invitation.token)
        given = token_hash(who.token)
        if self.is_closed:
            return SignInCode.CLOSED
        if who.address != self.address and not who.is_open_door:
            return SignInCode.UNKNOWN
        if self.claim is None:
            return None if given == invite or who.is_open_door else SignInCode.TOKEN
        if given == self.claim:
            return None
        if given != invite:
            return SignInCode.TOKEN
        repeated = who.claim is not None and token_hash(who.claim) == self.claim
        return None if repeated else SignInCode.CLAIMED


class Line:
    """One WebSocket, served on the thread that accepted it."""

    def __init__(self, office: PostOffice, sock: socket.socket, headers: list[tuple[bytes, bytes]]) -> None:
        self.office, self.sock = office, sock
        self.wire = WSConnection(ConnectionType.SERVER)
        self.wire.initiate_upgrade_connection(headers, "/ws")
        self.address = b""
        self.buffer = b""

    def serve(self) -> None:
        """Serve until the line is cut."""
        try:
            self._send(AcceptConnection())
            while raw := self.sock.recv(1 << 17):
                self.wire.receive_data(raw)
                for event in self.wire.events():
                    self._take(event)
        except (OSError, ConnectionError):
            pass
        finally:
            with self.office.guard:
                if self in self.office.lines:
                    self.office.lines.remove(self)

    def push(self, seq: int, frame: bytes) -> None:
        """Push one frame."""
        self._send(BytesMessage(encode(Pushed(self.address, seq, frame))))

    def cut(self) -> None:
        """End it without a word."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def _send(self, event: Any) -> None:
        with self.office.guard, contextlib.suppress(OSError):
            self.sock.sendall(self.wire.send(event))

    def _take(self, event: object) -> None:
        if isinstance(event, TextMessage):
            self._sign_in(event.data)
        elif isinstance(event, BytesMessage):
            with self.office.guard:
                self._answer(self._whole(event))
        elif isinstance(event, Ping):
            self._send(event.response())
        elif isinstance(event, CloseConnection):
            raise ConnectionError

    def _whole(self, event: BytesMessage) -> bytes:
        self.buffer += event.data
        if not event.message_finished:
            return b""
        raw, self.buffer = self.buffer, b""
        return raw

    def _sign_in(self, text: str) -> None:
        who = decode_sign_in(text)
        assert isinstance(who, PatientSignIn), who
        with self.office.guard:
            answer = self.office.sign_in(who)
            self._send(TextMessage(encode_welcome(answer)))
            if isinstance(answer, SignInRefused) or who.is_peek:
                self._send(CloseConnection(1000))
                return
            self.address = who.address
            self.office.lines.append(self)
            for seq, frame in sorted(self.office.to_patient.items()):
                self.push(seq, frame)

    def _answer(self, raw: bytes) -> None:
        if not raw or self.office.is_silent:
            return
        request = decode_request(raw)
        answer = self._blob_answer(request) or self._frame_answer(request)
        if self.office.loses_answers:
            self.cut()
        else:
            self._send(BytesMessage(encode(answer)))

    def _frame_answer(self, request: Request) -> Ok | No:
        if isinstance(request, Put):
            seq = self.office.put(request.frame)
            return No(request.req, NoCode.CONFLICT) if seq is None else Ok(request.req, seq.to_bytes(8, "big"))
        if isinstance(request, Taken):
            for seq in [seq for seq in self.office.to_patient if seq <= request.seq]:
                del self.office.to_patient[seq]
        return Ok(request.req)

    def _blob_answer(self, request: Request) -> Ok | No | None:
        office = self.office
        if isinstance(request, BlobPut):
            office.blobs[request.blob, request.index] = (request.total, request.chunk)
            if request.index == office.breaks_at:
                office.breaks_at, office.is_down = None, True
                self.cut()
            return Ok(request.req)
        if isinstance(request, BlobGet):
            found = office.blobs.get((request.blob, request.index))
            return Ok(request.req, found[0].to_bytes(4, "big") + found[1]) if found else No(request.req, NoCode.UNKNOWN)
        if isinstance(request, BlobDrop):
            office.dropped.append(request.blob)
            return Ok(request.req)
        return None
