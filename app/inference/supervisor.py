"""The supervisor of the model worker: the one object that the console talks to, whatever happens to the process.

All decisions are taken on one thread, fed by one inbox: callers put requests and cancels in, the reading thread of the
current worker puts frames and its end in. So there is no lock and no half-done state. The worker gets one request at a
time; a person's request ends the background one that runs, which waits and starts over.
"""

import itertools
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from app.domain.prompt import PromptFrame, Segment, unbound
from app.inference.errors import ModelFileError
from app.inference.generation import FinishReason, Generation, Priority, ProblemCode
from app.inference.inbox import CancelWanted, Event, FrameArrived, LinkLost, StopWanted, Submitted
from app.inference.lifetime import Lifetime
from app.inference.link import WorkerLink
from app.inference.pending import MAX_ATTEMPTS, Costs, Pending, WaitingLine, tell_listener
from app.inference.protocol import (
    FINISHED,
    MAX_CONTEXT_TOKENS,
    MAX_THREADS,
    MIN_CONTEXT_TOKENS,
    PROBLEM,
    PROGRESS,
    READY,
    TEXT,
    LoadProblem,
    Request,
    check_prompt,
)
from app.inference.templates import frame_of
from app.isolation.child import FORCE_S, GRACE_S, WorkerOutcome
from app.isolation.errors import ChildError, FrameError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, REFUSED


class WorkerState(Enum):
    """What the status bar tells."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    CRASHED = "crashed"
    """Ended without being asked; a restart follows unless ``ModelWorker.problem`` says that it is of no use."""


class ModelWorker:
    """The text model as the console sees it (``services.ports.TextModel``).

    Args:
        model_file: a GGUF file that ``gguf.check_file`` has let pass.
        template: family of turn markers, a key of ``templates.FRAMES``.
        threads: of llama.cpp.
        context_tokens: prompt and answer together; never more than the model was trained for.

    Raises:
        ModelFileError: the file's name is not text.
        ValueError: a number outside the limits of ``protocol``.
        KeyError: an unknown template.
    """

    def __init__(
        self, model_file: Path, template: str = "chatml", *, threads: int = 2, context_tokens: int = 2048
    ) -> None:
        _check_load_order(model_file, threads=threads, context_tokens=context_tokens)
        self.name = model_file.stem
        self.frame: PromptFrame = frame_of(template)
        self.binds_to_sources = True
        """False switches source-bound decoding off for what is asked from then on; only measurements do that."""
        self.problem: str | None = None
        """Code of what keeps the worker from running (``LoadProblem`` or ``ConfineProblem``), None otherwise."""
        self.last_outcome: WorkerOutcome | None = None
        self.restarts = 0
        self._model_file = model_file.resolve()
        self._threads = threads
        self._context_tokens = context_tokens
        self._state = WorkerState.STOPPED
        self._listeners: tuple[Callable[[WorkerState], None], ...] = ()
        self._inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._line = WaitingLine()
        self._running: Pending | None = None
        self._unanswered: list[Pending] = []
        self._link: WorkerLink | None = None
        self._lifetime = Lifetime()
        self._thread: threading.Thread | None = None

    # For callers, from any thread

    @property
    def state(self) -> WorkerState:
        """The state now."""
        return self._state

    @property
    def pid(self) -> int | None:
        """The worker's process id while there is one."""
        link = self._link
        return link.pid if link else None

    def on_state(self, listener: Callable[[WorkerState], None]) -> None:
        """Call ``listener`` at each change of state, on the supervisor's thread."""
        self._listeners = (*self._listeners, listener)

    def start(self) -> None:
        """Start the worker; returns at once. Again after ``stop``, or after it gave up, is allowed; else harmless."""
        if self._thread is not None and self._thread.is_alive():
            if self._state is not WorkerState.CRASHED or self.problem is None:
                return
            self.stop()
        self.problem = None
        self._lifetime.want()
        self._set_state(WorkerState.STARTING)
        self._thread = threading.Thread(target=self._run, name="model-supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the worker, fail what waits with STOPPED, and wait for the end (at most ``GRACE_S + FORCE_S``).

        A listener, which runs on the supervisor's own thread, may call it too; then nobody waits.
        """
        thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            self._inbox.put(StopWanted())
            if thread is not threading.current_thread():
                thread.join(GRACE_S + FORCE_S + 1.0)

    def generate(
        self,
        prompt: Sequence[Segment],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        on_text: Callable[[str], None] | None = None,
        priority: Priority = Priority.PERSON,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Generation:
        """Ask for a text; returns at once with the handle.

        Args:
            prompt: as ``domain.prompt.build_prompt`` makes it with this worker's ``frame``.
            max_tokens: 0 evaluates the prompt only, so that the next request that begins like it is faster.
            stop: the text ends before the first of these; its own end mark the model needs not be told.
            on_text: gets the text piece by piece on the supervisor's thread (BACKGROUND: all at once, at the end). It
                must be quick, must not wait for ``result``, and is not called once ``result`` has returned.
            priority: who waits for it.
            temperature: 0 always takes the likeliest token.
            seed: for the others; the same seed gives the same text.
        """
        prompt = tuple(prompt) if self.binds_to_sources else unbound(prompt)
        request = Request(next(self._numbers), prompt, max_tokens, tuple(stop), temperature, seed)
        pending = Pending(request, priority, on_text, lambda asked: self._inbox.put(CancelWanted(asked)))
        problem = check_prompt(prompt) or self._refusal()
        if problem is not None:
            pending.fail(problem)
        else:
            self._inbox.put(Submitted(pending))
        return pending

    def _refusal(self) -> ProblemCode | None:
        thread = self._thread
        if thread is None or not thread.is_alive():
            return ProblemCode.STOPPED
        return ProblemCode.WORKER_UNAVAILABLE if self.problem is not None else None

    # On the supervisor's thread

    def _run(self) -> None:
        """Outermost function of the thread."""
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
        self._set_state(WorkerState.STARTING)
        try:
            link = WorkerLink(
                self._model_file,
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
        self._set_state(WorkerState.BUSY)

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
            link.load(context_tokens=self._context_tokens, threads=self._threads)
        elif shape is READY and not link.is_ready:
            link.is_ready = True
            self._lifetime.ready()
            self._set_state(WorkerState.READY)
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
        self._set_state(WorkerState.READY)
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
        self._set_state(WorkerState.READY)

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
        self._set_state(WorkerState.CRASHED)

    def _give_up(self, code: str) -> None:
        """A restart would end the same way: fail everything until somebody calls ``start`` again."""
        self.problem = code
        self._lifetime.give_up()
        for pending in self._line.empty():
            pending.fail(ProblemCode.WORKER_UNAVAILABLE)
        self._set_state(WorkerState.CRASHED)

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
        self._set_state(WorkerState.STOPPED)

    def _set_state(self, state: WorkerState) -> None:
        if state is not self._state:
            self._state = state
            for listener in self._listeners:
                tell_listener(listener, state)


def _check_load_order(model_file: Path, *, threads: int, context_tokens: int) -> None:
    """Refuse here what could not be told to the worker."""
    try:
        str(model_file).encode("utf-8")
    except UnicodeEncodeError as problem:
        raise ModelFileError("the name of the model file is not text") from problem
    if not 1 <= threads <= MAX_THREADS:
        raise ValueError("threads")
    if not MIN_CONTEXT_TOKENS <= context_tokens <= MAX_CONTEXT_TOKENS:
        raise ValueError("context_tokens")
