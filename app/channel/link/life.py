"""One connection from its dialling to its end: a child, the thread that feeds it, and the answers it owes."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

from app.channel.link.errors import ChildCode, LinkCode, LinkDownError, LinkRefusedError
from app.channel.link.outstanding import Outstanding
from app.channel.link.protocol import ARRIVED, ENDED, ON, POST, connect_order, decoded, encoded
from app.channel.link.records import LinkTimes
from app.domain.channel import GatewayPlace
from app.domain.post import MalformedPostError, Ok, Pushed, Request, decode_reply
from app.domain.post_sign_in import DeskSignIn
from app.isolation.child import SupervisedChild
from app.isolation.errors import ChildError, FrameError, PipeClosedError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, UNCONNECTED

_JOIN_S: Final = 2.0
_INSIST_S: Final = 1.5

OnFrame = Callable[[bytes, int, bytes], None]


class Life:
    """Runs on the link's thread; requests and the end may come from any.

    Args:
        child: not started; belongs to this object.
        times: how long it waits for what.
        on_frame: told (address, seq, frame) of each frame that arrives, on the link's thread; may raise.
        on_contact: told at each sign of life; with True once the gateway let us in.
    """

    def __init__(
        self, child: SupervisedChild, times: LinkTimes, on_frame: OnFrame, on_contact: Callable[[bool], None]
    ) -> None:
        self._child = child
        self._times = times
        self._on_frame = on_frame
        self._on_contact = on_contact
        self._outstanding = Outstanding(times.answer_s)
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_on = False
        self._is_ending = False
        self._own_code: ChildCode | None = None
        self._writing = threading.Thread(target=self._write, name="link-writer", daemon=True)
        self.on_since_s: float | None = None
        """Monotonic; None until the gateway let us in."""

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._child.pid

    def run(self, place: GatewayPlace, who: DeskSignIn) -> str:
        """Live until the connection ends; return the code of its end. Everything is cleared away by then."""
        code = ChildCode.WORKER_DIED.value
        too_late = threading.Timer(self._times.start_s + self._times.sign_in_s, self._child.kill)
        too_late.daemon = True
        try:
            self._child.start()
            too_late.start()
            with suppress(PipeClosedError):  # it is dead already: reading tells
                self._child.send(connect_order(place, who, self._times))
            code = self._first() or self._read(too_late)
        except ChildError:
            code = ChildCode.NOT_CONFINED.value
        except FrameError:
            code = (self._own_code or ChildCode.WORKER_DIED).value
        finally:
            too_late.cancel()
            self._clear_away(code)
        return code

    def ask(self, request: Request, understand: Callable[[Ok], Any], future: Future[Any]) -> None:
        """Send a request; the future is settled in any case."""
        problem: LinkDownError | LinkRefusedError = LinkDownError(LinkCode.CLOSED.value)
        with self._lock:
            if self._is_on:
                try:
                    self._to_send.put(self._outstanding.add(request, understand, future, time.monotonic()))
                except LinkRefusedError as refusal:
                    problem = refusal
                else:
                    return
        future.set_exception(problem)

    def end(self) -> None:
        """Take leave: the child says goodbye and ends; ``run`` returns."""
        self._is_ending = True
        insist = threading.Timer(_INSIST_S, self._child.kill)  # its pipe may be full, and then closing waits for it
        insist.daemon = True
        insist.start()
        self._child.close()
        insist.cancel()

    def give_up(self) -> None:
        """End without a farewell: what was not taken comes again."""
        self._own_code = ChildCode.NOT_TAKEN
        self._child.kill()

    def _first(self) -> str:
        """Return why the child did not come up, "" when it did."""
        frame = self._child.read()
        if frame.shape is CONFINED:
            return ""
        if frame.shape is UNCONNECTED:
            return str(frame.body["code"])
        return ChildCode.NOT_CONFINED.value

    def _read(self, too_late: threading.Timer) -> str:
        while True:
            frame = self._child.read()
            if frame.shape is ENDED:
                return str(frame.body["code"])
            if frame.shape is ON:
                too_late.cancel()
                self._turn_on()
            elif frame.shape is ARRIVED:
                code = self._take(frame.body["message"])
                if code:
                    return code
            self._on_contact(frame.shape is ON)

    def _turn_on(self) -> None:
        if self.on_since_s is None:
            self.on_since_s = time.monotonic()
            self._writing.start()
            with self._lock:
                self._is_on = True

    def _take(self, untrusted_message: str) -> str:
        """Give one reply to whoever it is for; return a code when the connection is of no use any more."""
        try:
            reply = decode_reply(decoded(untrusted_message))
        except (MalformedPostError, ValueError):
            return ChildCode.WORKER_DIED.value  # the child had checked it
        if not isinstance(reply, Pushed):
            return "" if self._outstanding.answered(reply, time.monotonic()) else LinkCode.MALFORMED.value
        try:
            self._on_frame(reply.address, reply.seq, reply.frame)
        except Exception:  # noqa: BLE001 - whatever the desk could not do: not taken, so it comes again
            return ChildCode.NOT_TAKEN.value
        return ""

    def _write(self) -> None:
        """Outermost function of the writing thread."""
        while not self._is_overdue():
            until_s = self._outstanding.next_deadline_s()
            try:
                wait_s = None if until_s is None else max(0.0, until_s - time.monotonic())
                message = self._to_send.get(timeout=wait_s)
            except queue.Empty:
                continue
            if message is None:
                return
            try:
                self._child.send(Frame(POST, {"message": encoded(message)}))
            except FrameError:  # it is gone; the reading thread tells
                return
        self._own_code = ChildCode.NO_ANSWER
        self._child.kill()

    def _is_overdue(self) -> bool:
        until_s = self._outstanding.next_deadline_s()
        return until_s is not None and until_s <= time.monotonic()

    def _clear_away(self, code: str) -> None:
        with self._lock:
            self._is_on = False
        self._to_send.put(None)
        if not self._is_ending:
            self._child.kill()
        self._child.close()
        self._child.close_pipes()
        if self._writing.ident is not None:
            self._writing.join(_JOIN_S)
        self._outstanding.fail_all(code)
