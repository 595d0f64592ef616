"""The console's side of the link: it keeps a connection to the gateway, or says why there is none.

Nothing is kept here. Whoever asks for something gets a future that fails when the connection does, and asks again when
it is back: the desk's outbox and the gateway's mailbox hold what is on its way (channel specification, delivery).

Each connection has a child of its own, dialled anew, so that what a gateway did to one ends with it.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from app.channel.link.backoff import delay_s
from app.channel.link.errors import ChildCode, LinkCode, LinkDownError
from app.channel.link.launch import Dial, new_child
from app.channel.link.life import Life, OnFrame
from app.channel.link.page_watch import PageWatch
from app.channel.link.records import LinkState, LinkTimes
from app.channel.link.requests import Requests
from app.channel.link.trust import is_loopback
from app.domain.channel import GatewayPlace, LinkPhase
from app.domain.post import Ok, Request
from app.domain.post_sign_in import DeskSignIn
from app.isolation.errors import DialError, DialProblem

_REFUSALS: Final = frozenset(
    code.value
    for code in LinkCode
    if code is LinkCode.CERTIFICATE or (code.value.startswith("sign_in_") and code is not LinkCode.SIGN_IN_BUSY)
)
"""The gateway said no, or is not whom we trust: a person has to look. It is still tried, once in the longest delay."""
_STOP_S: Final = 5.0


class Link(Requests):
    """One link to one gateway. Set ``on_state`` and ``on_frame``, then ``start``.

    All calls but ``start`` and ``stop`` may come from any thread; callbacks and the callbacks of futures come on the
    link's own thread (``on_state`` also on the page watch's) and must not wait for a future.

    Args:
        place: where the gateway is.
        who: how the desk signs in.
        dial: asks for a connection.
        times: how long it waits for what.
        page: the files of the patient page as they should be served (``page_check.expected_page``); none: not compared.
    """

    def __init__(
        self,
        place: GatewayPlace,
        who: DeskSignIn,
        dial: Dial,
        times: LinkTimes | None = None,
        page: Mapping[str, str] | None = None,
    ) -> None:
        self._place = place
        self._who = who
        self._dial = dial
        self._times = times or LinkTimes()
        self._state = LinkState(LinkPhase.OFF)
        self._life: Life | None = None
        self._lock = threading.Lock()
        self._is_stopping = threading.Event()
        self._wake = threading.Event()
        self._on_state: Callable[[LinkState], None] = lambda _state: None
        self._on_frame: OnFrame = _nobody_takes
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._watch = PageWatch(place, dial, page or {}, self._tell)

    def __repr__(self) -> str:
        return f"<Link {self._state.phase.value}>"

    @property
    def state(self) -> LinkState:
        """How it stands now."""
        return replace(self._state, page=self._watch.last)

    @property
    def pid(self) -> int | None:
        """The process id of the child that lives now."""
        life = self._life
        return None if life is None else life.pid

    def on_state(self, callback: Callable[[LinkState], None]) -> None:
        """Tell ``callback`` of each change of phase, code or time of the next try."""
        self._on_state = callback

    def on_frame(self, callback: OnFrame) -> None:
        """Give each frame to ``callback(address, seq, frame)``. It makes the frame durable, then asks for ``taken``.

        If it raises, the connection ends and the frame comes again.
        """
        self._on_frame = callback

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take leave of the gateway and end the child; every open future fails. May be called again, or never started.

        Waits at most ``_STOP_S``, and not at all on the link's own thread.
        """
        self._is_stopping.set()
        self._wake.set()
        self._watch.stop()
        with self._lock:
            life = self._life
        if life is not None:
            life.end()
        if self._thread.ident is not None and threading.current_thread() is not self._thread:
            self._thread.join(_STOP_S)

    def hang_up(self) -> None:
        """End this connection: what it brought could not be kept, and comes again with the next."""
        life = self._life
        if life is not None:
            life.give_up()

    def retry_now(self) -> None:
        """Do not wait for the next try."""
        self._wake.set()

    def _ask(self, request: Request, understand: Callable[[Ok], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        life = self._life
        if life is None or self._state.phase is not LinkPhase.ON:
            future.set_exception(LinkDownError(self._state.code or self._state.phase.value))
        else:
            life.ask(request, understand, future)
        return future

    def _run(self) -> None:
        """Outermost function of the link's thread."""
        failures = 0
        while not self._is_stopping.is_set():
            self._wake.clear()
            if self._is_stopping.is_set():
                break
            self._change(LinkPhase.DIALLING, self._state.code)
            try:
                code, stood_s = self._once()
            except Exception:  # noqa: BLE001 - this thread's outermost function: it goes on dialling
                code, stood_s = ChildCode.WORKER_DIED.value, 0.0
            failures = 1 if stood_s >= self._times.steady_s else failures + 1
            if not self._is_stopping.is_set():
                self._wait(code, failures)
        self._change(LinkPhase.OFF, "")

    def _once(self) -> tuple[str, float]:
        """Dial and live; return (the code of the end, how many seconds the connection stood)."""
        place = self._place
        if not place.is_tls and not is_loopback(place.host):
            return DialProblem.NOT_LOCAL.value, 0.0
        try:
            promised = self._dial(place.host, place.port, not place.is_tls)
        except DialError as problem:
            return problem.code.value, 0.0
        life = Life(new_child(place, promised), self._times, self._on_frame, self._contact)
        with self._lock:
            if self._is_stopping.is_set():
                promised.close()
                return "", 0.0
            self._life = life
        code = life.run(place, self._who)
        with self._lock:
            self._life = None
        return code, 0.0 if life.on_since_s is None else time.monotonic() - life.on_since_s

    def _wait(self, code: str, failures: int) -> None:
        is_refused = code in _REFUSALS
        wait_s = self._times.longest_delay_s if is_refused else delay_s(failures, self._times, random.random())  # noqa: S311
        phase = LinkPhase.REFUSED if is_refused else LinkPhase.WAITING
        self._change(phase, code, retry_at_ms=_now_ms() + round(wait_s * 1000))
        self._wake.wait(wait_s)

    def _contact(self, is_on: bool) -> None:
        if is_on:
            self._change(LinkPhase.ON, "", last_contact_ms=_now_ms())
        else:
            self._state = LinkState(self._state.phase, self._state.code, None, _now_ms())

    def _change(
        self, phase: LinkPhase, code: str, *, retry_at_ms: int | None = None, last_contact_ms: int | None = None
    ) -> None:
        last_contact_ms = self._state.last_contact_ms if last_contact_ms is None else last_contact_ms
        self._state = LinkState(phase, code, retry_at_ms, last_contact_ms)
        self._watch.gateway_is(on=phase is LinkPhase.ON)
        self._tell()

    def _tell(self) -> None:
        with suppress(Exception):  # a listener's trouble is not the link's
            self._on_state(self.state)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _nobody_takes(_address: bytes, _seq: int, _frame: bytes) -> None:
    raise RuntimeError("nobody takes frames; set on_frame before start")
