"""Patients in Python that behave as the page does: an outbox that is sent again, acknowledgements, renewals, one order.

All of them live on one thread with one loop, so that many can write at the same time; the methods may be called from
any thread. What they keep survives every connection; a patient is its own witness of what it was promised and shown.
"""

import asyncio
import contextlib
import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os import urandom
from typing import Any, Self

from app.channel.documents import OfficeDocument
from app.channel.errors import ChannelError
from app.channel.invitation import Invitation
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.receipts import Receipt, shown_digest
from app.channel.received import Duplicate
from app.channel.signing import Signed
from app.domain.post import Pushed, Put, Taken
from app.domain.post_sign_in import PatientSignIn, SignedIn, SignInCode
from app.domain.post_sizes import FrameType, read_envelope
from tests.support.channel_consoles import wait_for
from tests.support.gateway_client import ClosedError, GatewayClient

SHOWN = "A model on the practice's own computer may propose an answer. A person reads it and sends it."
_AGAIN_S = 0.05
_RESEND_S = 2.0
Key = tuple[bytes, int]


@dataclass(repr=False, eq=False)
class Patient:
    """One patient with one invitation.

    Attributes:
        said: every text, in order; ``delivered`` the message ids that the desk acknowledged.
        shown: every text of the desk, in the order in which it was shown; once each.
        alarms: what the session noticed; ``refused`` the codes of frames that did not hold.
        is_out: no connection is made while it is set.
    """

    invitation: Invitation
    place: tuple[str, int]
    session: PatientSession | None = None
    office: bytes = b""
    said: list[str] = field(default_factory=list)
    delivered: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    alarms: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    sign_in_code: SignInCode | None = None
    is_out: bool = False
    consents: bool = True
    assistant: bool = True
    connections: int = 0
    _own_token: bytes = field(default_factory=lambda: urandom(32))
    _waiting: list[tuple[Kind, Any, str]] = field(default_factory=list)
    _outbox: dict[Key, tuple[bytes, str]] = field(default_factory=dict)
    _hellos: dict[bytes, tuple[bytes, tuple[str, ...]]] = field(default_factory=dict)
    _ids: set[bytes] = field(default_factory=set)
    _client: GatewayClient | None = None
    _document: bytes = b""

    def __repr__(self) -> str:
        waits = len(self._waiting) + len(self._outbox) + len(self._hellos)
        return (
            f"<Patient said {len(self.said)} delivered {len(self.delivered)} shown {len(self.shown)} waits {waits} "
            f"connections {self.connections} refused {self.refused} alarms {self.alarms} sign-in {self.sign_in_code}>"
        )

    def say(self, text: str) -> None:
        """Write a text; it is sent as soon as it can be. Call it on the patients' loop (``Patients.say``)."""
        self.said.append(text)
        self.act(Kind.TEXT, {"text": text}, text)

    def act(self, kind: Kind, content: Any, text: str = "") -> None:
        """Send anything else."""
        self._waiting.append((kind, content, text))

    @property
    def is_settled(self) -> bool:
        """Whether all that it said is at the desk."""
        return not self._waiting and not any(text for _, text in self._outbox.values()) and self.has_met

    @property
    def has_met(self) -> bool:
        """Whether the desk has answered its hello."""
        return self.session is not None and bool(self.session.line.generations)

    async def live(self) -> None:
        """Connect, speak and connect again, for ever."""
        while True:
            if not self.is_out:
                with suppress(ClosedError, OSError, asyncio.TimeoutError, http.client.HTTPException, ConnectionError):
                    await self._visit()
            await asyncio.sleep(_AGAIN_S)

    async def _visit(self) -> None:
        await asyncio.to_thread(self._read_document)
        client = await GatewayClient.connect(*self.place)
        try:
            if not await self._sign_in(client):
                await asyncio.sleep(_AGAIN_S * 4)
                return
            self.connections += 1
            self._client = client
            await self._talk(client)
        finally:
            self._client = None
            await client.drop()

    async def _sign_in(self, client: GatewayClient) -> bool:
        address = self.invitation.address
        token, claim = (self._own_token, None) if self.has_claimed else (self.invitation.token, self._own_token)
        answer = await client.sign_in(PatientSignIn(address, token, claim))
        self.sign_in_code = None if isinstance(answer, SignedIn) else answer.code
        if self.sign_in_code in {SignInCode.CLAIMED, SignInCode.TOKEN}:
            self.has_claimed = not self.has_claimed  # the answer to the claim was lost, or it never arrived
        elif self.sign_in_code is None:
            self.has_claimed = True
        return self.sign_in_code is None

    has_claimed: bool = False

    async def _talk(self, client: GatewayClient) -> None:
        sent_at: dict[Key | bytes, float] = {}
        while not self.is_out:
            self._compose()
            now = time.monotonic()
            for name, frame in self._to_send():
                if now - sent_at.get(name, -_RESEND_S) >= _RESEND_S:
                    sent_at[name] = now
                    answer = client.begin(Put(0, self.invitation.address, frame))
                    answer.add_done_callback(lambda done: done.cancelled() or done.exception())
            pushed: Pushed | None = None
            with suppress(asyncio.TimeoutError):
                pushed = await client.next_frame(0.02)
            while pushed is not None:
                self._take(pushed)
                client.begin(Taken(0, self.invitation.address, pushed.seq))
                pushed = None if client.pushed.empty() else client.pushed.get_nowait()
            if client.closed.done():
                return

    def _to_send(self) -> list[tuple[Key | bytes, bytes]]:
        hellos = [(name, frame) for name, (frame, _) in self._hellos.items()]
        return [*hellos, *((key, frame) for key, (frame, _) in self._outbox.items())]

    def _compose(self) -> None:
        """Turn what waits into a first hello, or into frames."""
        now_ms = int(time.time() * 1_000)
        if self.session is None:
            self._greet(now_ms)
            return
        if self.session.renewal_due(now_ms) and not self._hellos:
            self._say_hello((), now_ms)
        if not self.has_met:
            return
        for kind, content, text in self._waiting:
            self._send(kind, content, text, now_ms)
        self._waiting.clear()
        if self.session.line.owes_ack:
            self._send(Kind.ACK, {}, "", now_ms)

    def _greet(self, now_ms: int) -> None:
        if not self._waiting:
            return
        document = OfficeDocument.open(self._document, self.invitation.fingerprint, now_s=now_ms // 1_000)
        self.office = document.office_id
        self.session = PatientSession.begin(document, self.invitation.address, self.invitation.psk(self.office))
        items = self._waiting[:8]
        del self._waiting[:8]
        self._say_hello(tuple(items), now_ms)

    def _say_hello(self, waiting: tuple[tuple[Kind, Any, str], ...], now_ms: int) -> None:
        assert self.session is not None
        items = []
        for kind, content, _ in waiting:
            self.session, item = self.session.compose(kind, content, now_ms)
            items.append(item)
        is_first = not self.session.line.generations
        receipt = self._receipt(now_ms) if is_first and self.consents else None
        self.session, frame = self.session.hello(items=items, receipt=receipt)
        self._hellos[read_envelope(frame).chain] = (frame, tuple(text for _, _, text in waiting))

    def _receipt(self, now_ms: int) -> Signed:
        assert self.session is not None
        notice = OfficeDocument.open(self._document, self.office, now_s=now_ms // 1_000)
        seen = Receipt(
            self.office,
            notice.card.notice,
            notice.notice.version,
            "en",
            shown_digest(SHOWN),
            self.assistant,
            self.invitation.address,
            now_ms,
        )
        return seen.sign(self.session.signer)

    def _send(self, kind: Kind, content: Any, text: str, now_ms: int) -> None:
        assert self.session is not None
        self.session, sealed = self.session.send(kind, content, now_ms)
        envelope = read_envelope(sealed.frame)
        self._outbox[envelope.chain, envelope.number] = (sealed.frame, text)

    def _take(self, pushed: Pushed) -> None:
        now_ms = int(time.time() * 1_000)
        assert self.session is not None
        try:
            if read_envelope(pushed.frame).type is FrameType.ANSWER:
                self._take_answer(pushed.frame, now_ms)
                return
            self.session, found = self.session.receive(pushed.frame, now_ms)
        except ChannelError as error:
            self.refused.append(getattr(error, "code", ""))
            return
        if isinstance(found, Duplicate):
            return
        self.alarms |= {alarm.value for alarm in found.alarms}
        for chain, height in found.delivered:
            for key in [key for key in self._outbox if key[0] == chain and key[1] <= height]:
                _, text = self._outbox.pop(key)
                self.delivered |= {text} if text else set()
            self.delivered.update(text for text in self._told(chain) if text)
        if found.message_id in self._ids:
            return
        self._ids.add(found.message_id)
        self.kinds.append(found.kind)
        if found.kind in {Kind.TEXT, Kind.AWAY}:
            self.shown.append(found.content["text"])
        if found.kind is Kind.RENEW and not self._hellos:
            self._say_hello((), now_ms)

    def _take_answer(self, frame: bytes, now_ms: int) -> None:
        assert self.session is not None
        self.session = self.session.accept(frame, now_ms)
        self._answered |= dict(self._hellos)
        self._hellos.clear()
        self._send(Kind.ACK, {}, "", now_ms)

    _answered: dict[bytes, tuple[bytes, tuple[str, ...]]] = field(default_factory=dict)

    def _told(self, chain: bytes) -> tuple[str, ...]:
        return self._answered.get(chain, (b"", ()))[1]

    def _read_document(self) -> None:
        with contextlib.closing(http.client.HTTPConnection(*self.place, timeout=5)) as connection:
            connection.request("GET", "/office.json")
            body = connection.getresponse().read()
        self._document = body


class Patients:
    """The thread they live on."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="patients", daemon=True)
        self._lives: list[asyncio.Task[None]] = []
        self.all: list[Patient] = []

    def add(self, link: str, place: tuple[str, int], **given: Any) -> Patient:
        """Let somebody follow a link; they connect once they have said something."""
        patient = Patient(Invitation.parse(link), place, **given)
        self.all.append(patient)
        self._call(lambda: self._lives.append(self._loop.create_task(patient.live())))
        return patient

    def say(self, patient: Patient, text: str) -> None:
        """Let a patient write."""
        self._call(lambda: patient.say(text))

    def act(self, patient: Patient, kind: Kind, content: Any) -> None:
        """Let a patient do something else."""
        self._call(lambda: patient.act(kind, content))

    def settle(self, *, limit_s: float = 30.0) -> None:
        """Wait until everything that they said is at the desk."""
        wait_for(
            lambda: [patient for patient in self.all if not patient.is_settled],
            lambda left: not left,
            what="patients whose words are not at the desk",
            limit_s=limit_s,
        )

    def close(self) -> None:
        async def end() -> None:
            for life in self._lives:
                life.cancel()
            await asyncio.gather(*self._lives, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _call(self, act: Any) -> None:
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(10)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def patients() -> Iterator[Patients]:
    """Give a house full of patients."""
    with Patients() as house:
        yield house
