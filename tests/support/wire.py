"""A gateway in memory behind the interface of the link, and patients who use it: everything but sockets is real.

The mailbox keeps what the real one keeps: frames until they are taken, a fingerprint of each after that, no second
content under one number. ``Wire.run`` carries until nothing moves; nothing happens by itself.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from app.channel.attachments import open_file, seal_file
from app.channel.digests import token_hash
from app.channel.documents import OfficeDocument
from app.channel.errors import ChannelError, FrameRefusedError
from app.channel.invitation import Invitation
from app.channel.issuing import notice_digest
from app.channel.kinds import Content, Kind
from app.channel.link.errors import LinkDownError, LinkRefusedError
from app.channel.patient_session import PatientSession
from app.channel.receipts import Receipt, shown_digest
from app.channel.received import Received
from app.domain.channel import GatewayPlace, LinkPhase, ServedPage
from app.domain.post import NoCode
from app.domain.post_sizes import FrameType, read_envelope
from app.domain.strict_json import to_base64
from app.services.channel.service import ChannelService
from app.store.errors import StoreError

PLACE = GatewayPlace("127.0.0.1", 8_443, "https://chat.example/")
SHOWN = "A model on this office's own computer may propose an answer. A person reads it and sends it."


@dataclass
class Mailbox:
    token_hash: bytes
    until_ms: int
    frames: list[tuple[int, bool, bytes]] = field(default_factory=list)  # seq, is to the desk, frame
    known: dict[tuple[bool, bytes, int], tuple[bytes, int]] = field(default_factory=dict)
    blobs: dict[bytes, dict[int, bytes]] = field(default_factory=dict)


@dataclass
class Wire:
    """The gateway. ``puts`` counts what was accepted anew; ``stored`` keeps every byte that it ever held."""

    mailboxes: dict[bytes, Mailbox] = field(default_factory=dict)
    closed: set[bytes] = field(default_factory=set)
    full: set[bytes] = field(default_factory=set)
    document: bytes = b""
    is_up: bool = True
    is_deaf: bool = False  # "taken" does not get through
    stored: list[bytes] = field(default_factory=list)
    puts: int = 0
    seq: int = 0
    links: list["WireLink"] = field(default_factory=list)

    def factory(self, _place: GatewayPlace, office_id: bytes, _token: bytes) -> "WireLink":
        link = WireLink(self, office_id)
        self.links.append(link)
        return link

    def put(self, address: bytes, frame: bytes, *, to_desk: bool) -> int:
        box = self.mailboxes.get(address)
        if box is None:
            raise LinkRefusedError(NoCode.UNKNOWN)
        if address in self.full and not to_desk:
            raise LinkRefusedError(NoCode.FULL)
        envelope = read_envelope(frame)
        place, print_ = (to_desk, envelope.chain, envelope.number), blake2b(frame).digest()
        if place in box.known:
            before, seq = box.known[place]
            if before != print_:
                raise LinkRefusedError(NoCode.CONFLICT)
            return seq
        self.seq += 3
        box.known[place] = (print_, self.seq)
        box.frames.append((self.seq, to_desk, frame))
        self.stored.append(frame)
        self.puts += 1
        return self.seq

    def waiting(self, address: bytes, *, to_desk: bool) -> list[tuple[int, bytes]]:
        box = self.mailboxes.get(address)
        return [] if box is None else [(seq, frame) for seq, is_to, frame in box.frames if is_to is to_desk]

    def take(self, address: bytes, seq: int, *, to_desk: bool) -> None:
        box = self.mailboxes.get(address)
        if box is not None:
            box.frames = [one for one in box.frames if one[1] is not to_desk or one[0] > seq]

    def run(self, channel: ChannelService) -> None:
        """Deliver and carry until nothing moves."""
        for _ in range(20):
            before = (self.puts, sum(len(box.frames) for box in self.mailboxes.values()))
            for link in self.links:
                link.deliver()
            channel.pump()
            if before == (self.puts, sum(len(box.frames) for box in self.mailboxes.values())):
                return
        raise AssertionError("it never came to rest")


@dataclass(frozen=True)
class State:
    phase: LinkPhase
    code: str = ""
    retry_at_ms: int | None = None
    last_contact_ms: int | None = None
    page: ServedPage = field(default_factory=ServedPage)


class WireLink:
    """The desk's end; implements ``app.services.channel.ports.ChannelLink``."""

    def __init__(self, wire: Wire, office_id: bytes) -> None:
        self.wire = wire
        self.office_id = office_id
        self.is_started = False
        self._frame: Callable[[bytes, int, bytes], None] = lambda *_: None
        self._state: Callable[[Any], None] = lambda _: None
        self._pushed: set[tuple[bytes, int]] = set()

    @property
    def state(self) -> State:
        is_on = self.is_started and self.wire.is_up
        return State(LinkPhase.ON if is_on else LinkPhase.WAITING if self.is_started else LinkPhase.OFF)

    def start(self) -> None:
        self.is_started = True
        self._state(self.state)

    def stop(self) -> None:
        self.is_started = False

    def come_back(self) -> None:
        """Lose the line and find it again: whatever was not taken is pushed once more."""
        self._lose()
        self.start()

    def hang_up(self) -> None:
        self.come_back()

    def _lose(self) -> None:
        self._pushed.clear()
        self.is_started = False
        self._state(State(LinkPhase.WAITING, "not_taken"))

    def deliver(self) -> None:
        if self.state.phase is not LinkPhase.ON:
            return
        for address in list(self.wire.mailboxes):
            for seq, frame in self.wire.waiting(address, to_desk=True):
                if (address, seq) not in self._pushed:
                    self._pushed.add((address, seq))
                    try:
                        self._frame(address, seq, frame)
                    except StoreError:  # as the real link does: the connection ends, nothing behind it is taken
                        self._lose()
                        return

    def on_state(self, callback: Callable[[Any], None]) -> None:
        self._state = callback

    def on_frame(self, callback: Callable[[bytes, int, bytes], None]) -> None:
        self._frame = callback

    def put(self, address: bytes, frame: bytes) -> "Future[int]":
        return self._do(lambda: self.wire.put(address, frame, to_desk=False))

    def taken(self, address: bytes, seq: int) -> "Future[Any]":
        return self._do(lambda: None if self.wire.is_deaf else self.wire.take(address, seq, to_desk=True))

    def open_mailbox(self, address: bytes, token_hash: bytes, until_ms: int) -> "Future[Any]":
        return self._do(lambda: self.wire.mailboxes.setdefault(address, Mailbox(token_hash, until_ms)))

    def close_mailbox(self, address: bytes) -> "Future[Any]":
        def close() -> None:
            self.wire.closed.add(address)
            self.wire.mailboxes.pop(address, None)

        return self._do(close)

    def publish(self, document: bytes) -> "Future[Any]":
        self.wire.document = document
        return self._do(lambda: None)

    def holdings(self) -> "Future[dict[str, Any]]":
        return self._do(lambda: {"now_ms": 1, "closed": 0, "disk_bytes": 4_096, "mailboxes": self._mailboxes()})

    def wipe(self) -> "Future[Any]":
        return self._do(self.wire.mailboxes.clear)

    def blob_put(self, address: bytes, blob: bytes, index: int, total: int, chunk: bytes) -> "Future[Any]":
        def put() -> None:
            assert index < total
            self.wire.mailboxes[address].blobs.setdefault(blob, {})[index] = chunk
            self.wire.stored.append(chunk)

        return self._do(put)

    def blob_get(self, address: bytes, blob: bytes, index: int) -> "Future[tuple[int, bytes]]":
        def get() -> tuple[int, bytes]:
            chunks = self.wire.mailboxes[address].blobs.get(blob, {})
            if index not in chunks:
                raise LinkRefusedError(NoCode.UNKNOWN)
            return len(chunks), chunks[index]

        return self._do(get)

    def blob_drop(self, address: bytes, blob: bytes) -> "Future[Any]":
        return self._do(lambda: self.wire.mailboxes[address].blobs.pop(blob, None))

    def _mailboxes(self) -> list[dict[str, Any]]:
        def pile(sizes: list[int]) -> dict[str, int]:
            return {"count": len(sizes), "bytes": sum(sizes), "oldest_ms": 1 if sizes else 0}

        return [
            {
                "address": to_base64(address),
                "token_hash": to_base64(box.token_hash),
                "claimed": True,
                "until_ms": box.until_ms,
                "to_desk": pile([len(frame) for _seq, is_to, frame in box.frames if is_to]),
                "to_patient": pile([len(frame) for _seq, is_to, frame in box.frames if not is_to]),
                "blobs": pile([sum(map(len, chunks.values())) for chunks in box.blobs.values()]),
            }
            for address, box in self.wire.mailboxes.items()
        ]

    def _do(self, act: Callable[[], Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        if not self.wire.is_up:
            future.set_exception(LinkDownError("closed"))
            return future
        try:
            future.set_result(act())
        except ChannelError as error:
            future.set_exception(error)
        return future


@dataclass
class WirePatient:
    """A browser with one link in it."""

    wire: Wire
    session: PatientSession
    address: bytes
    document: OfficeDocument
    now_ms: Callable[[], int]
    heard: list[Received] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    @classmethod
    def with_link(cls, wire: Wire, link: str, now_ms: Callable[[], int]) -> "WirePatient":
        invitation = Invitation.parse(link)
        assert wire.mailboxes[invitation.address].token_hash == token_hash(invitation.token)
        document = OfficeDocument.open(wire.document, invitation.fingerprint, now_s=now_ms() // 1000)
        session = PatientSession.begin(document, invitation.address, invitation.psk(document.office_id))
        return cls(wire, session, invitation.address, document, now_ms)

    def receipt(self, *, assistant: bool = True, language: str = "en") -> Any:
        document = self.document
        consent = Receipt(
            document.office_id,
            notice_digest(document.notice_data),
            document.notice.version,
            language,
            shown_digest(SHOWN),
            assistant,
            self.address,
            self.now_ms(),
        )
        return consent.sign(self.session.signer)

    def hello(self, *texts: str, assistant: bool = True, language: str = "en", has_consent: bool = True) -> bytes:
        items = []
        for text in texts:
            self.session, item = self.session.compose(Kind.TEXT, {"text": text}, self.now_ms())
            items.append(item)
        receipt = self.receipt(assistant=assistant, language=language) if has_consent else None
        self.session, frame = self.session.hello(items=items, receipt=receipt)
        self.wire.put(self.address, frame, to_desk=True)
        return frame

    def say(self, kind: Kind, content: Content) -> bytes:
        self.session, sealed = self.session.send(kind, content, self.now_ms())
        self.sent.append(sealed.frame)
        self.wire.put(self.address, sealed.frame, to_desk=True)
        return sealed.message_id

    def text(self, text: str) -> bytes:
        return self.say(Kind.TEXT, {"text": text})

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        sealed = seal_file(data)
        self.wire.mailboxes[self.address].blobs[sealed.blob] = dict(enumerate(sealed.chunks))
        self.say(Kind.FILE, sealed.content(name, media_type))

    def fetch(self, received: Received) -> bytes:
        chunks = self.wire.mailboxes[self.address].blobs[received.content["blob"]]
        return open_file(received.content, [chunks[n] for n in sorted(chunks)])

    def listen(self, *, acknowledges: bool = True) -> list[Received]:
        """Take everything that waits; acknowledge as a page does; return what was new."""
        news: list[Received] = []
        for seq, frame in self.wire.waiting(self.address, to_desk=False):
            if read_envelope(frame).type is FrameType.ANSWER:
                if self.session.state.pending:
                    self.session = self.session.accept(frame, self.now_ms())
                    self.say(Kind.ACK, {})
            else:
                try:
                    self.session, found = self.session.receive(frame, self.now_ms())
                except FrameRefusedError:
                    continue
                if isinstance(found, Received):
                    news.append(found)
            self.wire.take(self.address, seq, to_desk=False)
        self.heard += news
        if acknowledges and self.session.line.owes_ack and self.session.line.current is not None:
            self.say(Kind.ACK, {})
        return news

    def texts(self) -> list[str]:
        """What the screen shows of the desk, each message once."""
        shown = {one.message_id: one.content["text"] for one in self.heard if one.kind is Kind.TEXT}
        return list(shown.values())

    def kinds(self) -> list[Kind]:
        return [one.kind for one in self.heard]
