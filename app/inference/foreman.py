"""What the supervisor decides, on its one thread: the process, the line of requests, and what a crash does to both.

Everything comes through the inbox: requests and cancels of callers, frames of the worker and its end. So there is no
lock and no half-done state.
"""

import queue
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.inference.errors import ModelFileError
from app.inference.generation import FinishReason, Priority, ProblemCode
from app.inference.inbox import CancelWanted, Event, FrameArrived, LinkLost, StopWanted, Submitted
from app.inference.lifetime import Lifetime
from app.inference.link import WorkerLink
from app.inference.pending import MAX_ATTEMPTS, Costs, Pending, WaitingLine
from app.inference.protocol import FINISHED, PROBLEM, PROGRESS, READY, TEXT, LoadProblem
from app.inference.states import StateBoard, WorkerState
from app.isolation.errors import ChildError, FrameError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, REFUSED

if TYPE_CHECKING:
    from app.isolation.child import WorkerOutcome


@dataclass(frozen=True, slots=True)
class LoadOrder:
    """What a worker loads, within the limits of the protocol."""

    model_file: Path
    threads: int
    context_tokens: int


class Foreman:
    """Keeps a worker alive and gives it one request after the other.

    Args:
        order: what it loads.
        inbox: what reaches the thread.
        board: where its state is told.
    """

    def __init__(self, order: LoadOrder, inbox: "queue.SimpleQueue[Event]", board: StateBoard) -> None:
        self.problem: str | None = None
        self.last_outcome: WorkerOutcome | None = None
        self.restarts = 0
        self._order = order
        self._inbox = inbox
        self._board = board
        self._line = WaitingLine()
        self._running: Pending | None = None
        self._unanswered: list[Pending] = []
        self._link: WorkerLink | None = None
        self._lifetime = Lifetime()

    @property
    def pid(self) -> int | None:
        """The worker's process id while there is one."""
        link = self._link
        return link.pid if link else None

    def prepare(self) -> None:
        """Forget what kept an earlier worker from running; before ``run``."""
        self.problem = None
        self._lifetime.want()

    def run(self) -> None:
        """Work until the end is wanted: outermost function of the thread."""
        try:
            while True:
                self._keep_worker_alive()
                self._give_work()
                event = self._next_event()
                if isinstance(event, StopWanted):
                    break
                if event is not None:
                    self._handle(event)
        finally:
            self._wind_up()

    def _next_event(self) -> Event | None:
        try:
            return self._inbox.get(timeout=self._patience_s())
        except queue.Empty:
            return None

    def _patience_s(self) -> float | None:
        """Return how long nothing needs to happen by itself; None: for ever."""
        return self._lifetime.until_start_s if self._link is None else self._until_hung_s(self._link)

    def _until_hung_s(self, link: WorkerLink) -> float | None:
        return self._lifetime.until_hung_s(is_ready=link.is_ready, is_busy=self._running is not None)

    def _keep_worker_alive(self) -> None:
        if self._link is None:
            if self._lifetime.is_start_due:
                self._start_link()
        elif self._until_hung_s(self._link) == 0.0:
            if self._running is not None:
                self._end_running().fail(ProblemCode.WORKER_STALLED)
            self._link.kill()
            self._lifetime.heard()

    def _start_link(self) -> None:
        self._lifetime.started()
        self._board.set(WorkerState.STARTING)
        try:
            link = WorkerLink(
                self._order.model_file,
                on_frame=lambda link, frame: self._inbox.put(FrameArrived(link, frame)),
                on_lost=lambda link: self._inbox.put(LinkLost(link)),
            )
            link.start()
        except ModelFileError:
            self._give_up(LoadProblem.ENGINE_MISSING.value)
        except ChildError:
            self._crashed()
        else:
            self._link = link

    def _give_work(self) -> None:
        """Send the next request to an idle worker; end a background one when a person waits."""
        link, running = self._link, self._running
        if link is None or not link.is_ready:
            return
        if running is None and len(self._line):
            self._send(link, self._line.take())
        elif running is not None and self._must_yield(running):
            running.is_pre_empted = True
            link.cancel(running.request.number)

    def _must_yield(self, running: Pending) -> bool:
        return running.priority is Priority.BACKGROUND and self._line.has_person and not running.is_pre_empted

    def _send(self, link: WorkerLink, pending: Pending) -> None:
        try:
            link.generate(pending.request)
        except FrameError:
            pending.fail(ProblemCode.CONTENT_INVALID)
            return
        pending.attempts += 1
        self._running = pending
        self._lifetime.heard()
        self._board.set(WorkerState.BUSY)

    def _handle(self, event: Event) -> None:
        if isinstance(event, Submitted):
            self._take_in(event.pending)
        elif isinstance(event, CancelWanted):
            self._cancel(event.pending)
        elif isinstance(event, FrameArrived):
            event.link.frame_handled()
            if event.link is self._link:
                self._lifetime.heard()
                self._handle_frame(event.link, event.frame)
        elif isinstance(event, LinkLost) and event.link is self._link:
            self._lost(event.link)

    def _take_in(self, pending: Pending) -> None:
        self._unanswered = [*(older for older in self._unanswered if not older.is_over), pending]
        if self.problem is not None:
            pending.fail(ProblemCode.WORKER_UNAVAILABLE)
        elif self._line.is_full:
            pending.fail(ProblemCode.TOO_MANY_WAITING)
        else:
            self._line.add(pending)

    def _cancel(self, pending: Pending) -> None:
        if self._line.remove(pending):
            pending.finish(FinishReason.CANCELLED)
        elif pending is self._running and self._link is not None:
            self._link.cancel(pending.request.number)

    def _handle_frame(self, link: WorkerLink, frame: Frame) -> None:
        """Take one checked frame; one that is out of order ends the worker."""
        shape, body = frame.shape, frame.body
        if shape is CONFINED and not link.is_ready:
            link.load(context_tokens=self._order.context_tokens, threads=self._order.threads)
        elif shape is READY and not link.is_ready:
            link.is_ready = True
            self._lifetime.ready()
            self._board.set(WorkerState.READY)
        elif shape is REFUSED or (shape is PROBLEM and body["request"] == 0):
            self._give_up(str(body["code"]))
        elif self._running is None or body.get("request") != self._running.request.number:
            link.kill()
        elif shape is TEXT:
            self._running.add_text(str(body["text"]))
        elif shape is FINISHED:
            self._finished(body)
        elif shape is PROBLEM:
            self._failed(link, str(body["code"]))
        elif shape is not PROGRESS:
            link.kill()

    def _finished(self, body: Mapping[str, Any]) -> None:
        pending = self._end_running()
        self._lifetime.answered()
        self._board.set(WorkerState.READY)
        finish = FinishReason(body["finish"])
        if finish is FinishReason.CANCELLED and pending.is_pre_empted and not pending.is_cancel_wanted:
            pending.start_over()
            pending.attempts -= 1
            self._line.add(pending)
            return
        costs = Costs(
            prompt_tokens=body["prompt_tokens"],
            reused_tokens=body["reused_tokens"],
            generated_tokens=body["generated_tokens"],
            prompt_ms=body["prompt_ms"],
            generation_ms=body["generation_ms"],
        )
        pending.finish(finish, costs)

    def _failed(self, link: WorkerLink, untrusted_code: str) -> None:
        try:
            code = ProblemCode(untrusted_code)
        except ValueError:  # a code for loading, in answer to a request
            link.kill()
            return
        self._end_running().fail(code)
        self._board.set(WorkerState.READY)

    def _end_running(self) -> Pending:
        pending, self._running = self._running, None
        assert pending is not None
        return pending

    def _lost(self, link: WorkerLink) -> None:
        """The worker is gone, or said something it may not: end what is left of it and decide what comes next."""
        self.last_outcome = link.close()
        self._link = None
        if self._running is not None:
            self._rescue(self._end_running())
        if self.problem is None:
            self._crashed()

    def _rescue(self, pending: Pending) -> None:
        """Try the request that was running once more, unless somebody has seen a part of its text."""
        if pending.is_cancel_wanted:
            pending.finish(FinishReason.CANCELLED)
        elif pending.attempts >= MAX_ATTEMPTS or pending.has_shown_text or self.problem is not None:
            pending.fail(ProblemCode.WORKER_LOST)
        else:
            pending.start_over()
            self._line.add(pending)

    def _crashed(self) -> None:
        if not self._lifetime.crashed():
            self._give_up("crashed_repeatedly")
            return
        self.restarts += 1
        self._board.set(WorkerState.CRASHED)

    def _give_up(self, code: str) -> None:
        """A restart would end the same way: fail everything until somebody calls ``start`` again."""
        self.problem = code
        self._lifetime.give_up()
        for pending in self._line.empty():
            pending.fail(ProblemCode.WORKER_UNAVAILABLE)
        self._board.set(WorkerState.CRASHED)

    def _wind_up(self) -> None:
        """Leave nothing behind: no process, and nobody waiting."""
        link, self._link = self._link, None
        if link is not None:
            self.last_outcome = link.close()
        self._line.empty()
        self._running = None
        while not self._inbox.empty():
            event = self._inbox.get()
            if isinstance(event, Submitted):
                self._unanswered.append(event.pending)
        for pending in self._unanswered:
            pending.fail(ProblemCode.STOPPED)
        self._unanswered = []
        self._board.set(WorkerState.STOPPED)
