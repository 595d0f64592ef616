"""Between the link and the vault: frames wait here until they are written down, several at a time, then are let go.

With a thread of its own it takes whatever has come meanwhile as one bundle; without one each frame is taken at once, on
the caller's thread. A mailbox that is held back keeps its frames here as far as there is room, in order, and the others
go on. A new connection begins anew: the gateway brings all that was not let go once more.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.channel import HeldBack, HoldCause
from app.services.channel.runs import Incoming, Outcome
from app.services.clock import Clock
from app.store.errors import UnknownConversationError, VaultRolledBackError, WorldFailedError

MOST_AT_ONCE = 32
"""Frames of one transaction: about 60 ms of the vault's lock, so that a person who sends does not wait for it."""
MAX_WAITING = 512
MAX_KEPT = 256
"""Of one mailbox that is held back; an honest gateway has no more than that on the way."""
LOOK_S = 5.0
GRACE_S = 5.0
BREATH_S = 0.002
"""Between two full bundles, for whoever waits for the lock."""

_log = logging.getLogger(__name__)


class Taker(Protocol):
    """Takes frames for good."""

    def __call__(self, incoming: Sequence[Incoming], /) -> tuple[Sequence[Outcome], Callable[[], None]]:
        """Return what became of each frame, and what tells people of it. What it raises keeps all of them away."""


@dataclass(frozen=True, slots=True)
class _Came:
    """A frame as the link gave it; ``start`` numbers the connections."""

    start: int
    address: bytes
    seq: int
    frame: bytes = field(repr=False)


@dataclass(slots=True)
class _Held:
    """A mailbox that is held back, with what came of it since."""

    cause: HoldCause
    since_ms: int
    until_ms: int | None
    kept: deque[_Came] = field(default_factory=deque)
    has_more: bool = False


class Intake:
    """Takes for one link: ``let_go(address, seq)`` once a frame is durable, ``hang_up`` when nothing can be kept."""

    def __init__(
        self,
        take: Taker,
        let_go: Callable[[bytes, int, bytes], object],
        hang_up: Callable[[], object],
        now_ms: Clock,
        on_held: Callable[[], object] = lambda: None,
    ) -> None:
        """Serve a link; ``on_held`` hears of every change of what is held back."""
        self._take = take
        self._let_go = let_go
        self._hang_up = hang_up
        self._now_ms = now_ms
        self._on_held = on_held
        self._waiting: queue.Queue[_Came | None] = queue.Queue(MAX_WAITING)
        self._held: dict[bytes, _Held] = {}
        self._start = 0
        self._deaf = -1
        self._is_over = threading.Event()
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None

    def start(self, *, has_thread: bool) -> None:
        """Begin; without a thread frames are taken where they are offered."""
        if has_thread:
            self._thread = threading.Thread(target=self._run, name="vestibule-intake", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End; what waits was not let go and comes again. Waits at most ``GRACE_S``."""
        self._is_over.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(GRACE_S)

    def connected(self) -> None:
        """Hear, on the link's thread, that a connection begins: what was not let go is on its way again."""
        with self._lock:
            self._start += 1
            for held in self._held.values():
                held.kept.clear()
                held.has_more = False
            self._held = {address: held for address, held in self._held.items() if held.until_ms is not None}

    def offer(self, address: bytes, seq: int, untrusted_frame: bytes) -> None:
        """Take a frame, now or soon. Waits while too many wait already.

        Raises:
            WorldFailedError, VaultRolledBackError: without a thread: it could not be kept, nor what comes behind it.
        """
        came = _Came(self._start, address, seq, untrusted_frame)
        if self._thread is None:
            self._take_bundle([came])
            return
        while not self._is_over.is_set():
            try:
                self._waiting.put(came, timeout=1.0)
            except queue.Full:
                continue
            return

    @property
    def held_back(self) -> dict[bytes, HeldBack]:
        """Mailboxes of which nothing more is taken for now."""
        with self._lock:
            return {address: HeldBack(one.cause, one.since_ms, one.until_ms) for address, one in self._held.items()}

    def look_again(self) -> None:
        """Go on with mailboxes whose time has come; with a thread of its own that happens by itself."""
        if self._thread is None:
            self._release()

    def _run(self) -> None:
        """Outermost function of the thread."""
        while not self._is_over.is_set():
            try:
                self._release()
                bundle = self._next()
                if bundle:
                    self._take_bundle(bundle)
                if len(bundle) == MOST_AT_ONCE:
                    self._is_over.wait(BREATH_S)
            except (WorldFailedError, VaultRolledBackError):
                self._hang_up()
            except Exception as error:  # noqa: BLE001 - the outermost function of a thread
                _log.error("the intake failed: %s", type(error).__name__)
                self._hang_up()

    def _next(self) -> list[_Came]:
        """Wait for frames, a while; return those that have come."""
        try:
            first = self._waiting.get(timeout=LOOK_S if not self._is_over.is_set() else 0.0)
        except queue.Empty:
            return []
        bundle = [] if first is None else [first]
        while len(bundle) < MOST_AT_ONCE:
            try:
                came = self._waiting.get_nowait()
            except queue.Empty:
                break
            bundle += [] if came is None else [came]
        return bundle

    def _take_bundle(self, bundle: Sequence[_Came]) -> None:
        fresh = [came for came in bundle if came.start == self._start and came.start != self._deaf]
        ready = [came for came in fresh if not self._is_kept(came)]
        if not ready:
            return
        try:
            outcomes, tell = self._take([(came.address, came.frame) for came in ready])
        except (WorldFailedError, VaultRolledBackError) as error:
            _log.error("frames could not be kept: %s", error.code)
            # Nothing behind them may be taken either, or the gateway would let go of them: the link ends the
            # connection, and all of it comes again.
            self._deaf = ready[0].start
            raise
        for came, outcome in zip(ready, outcomes, strict=True):
            if not outcome.is_done:
                self._hold(came, outcome)
        for came in _newest(came for came, outcome in zip(ready, outcomes, strict=True) if outcome.is_done):
            self._let_go(came.address, came.seq, came.frame)
        tell()

    def _is_kept(self, came: _Came) -> bool:
        """Put a frame of a mailbox that is held back behind those that wait already; say whether it is one."""
        with self._lock:
            held = self._held.get(came.address)
            if held is None:
                return False
            if len(held.kept) < MAX_KEPT and not held.has_more:
                held.kept.append(came)
            else:
                held.has_more = True
            return True

    def _hold(self, came: _Came, outcome: Outcome) -> None:
        with self._lock:
            if came.address not in self._held:
                cause = _cause_of(outcome)
                _log.error("a mailbox is held back: %s", cause.value)
                self._held[came.address] = _Held(cause, self._now_ms(), outcome.until_ms)
        self._is_kept(came)
        self._on_held()

    def _release(self) -> None:
        now_ms = self._now_ms()
        with self._lock:
            due = [one for one, held in self._held.items() if held.until_ms is not None and held.until_ms <= now_ms]
            found = [self._held.pop(address) for address in due]
        if found:
            self._on_held()
        for held in found:
            kept = [*held.kept]
            for place in range(0, len(kept), MOST_AT_ONCE):
                self._take_bundle(kept[place : place + MOST_AT_ONCE])
            if held.has_more:
                self._hang_up()


def _newest(done: Iterable[_Came]) -> list[_Came]:
    """Return the last frame of each mailbox: letting go of it lets go of those before it."""
    return list({came.address: came for came in done}.values())


def _cause_of(outcome: Outcome) -> HoldCause:
    if outcome.until_ms is not None:
        return HoldCause.FLOOD
    return HoldCause.WALLED if isinstance(outcome.problem, UnknownConversationError) else HoldCause.FAULT
