"""The supervisor of the model worker: the one object that the console talks to, whatever happens to the process.

All decisions are taken on one thread, fed by one inbox: callers put requests and cancels in, the reading thread of the
current worker puts frames and its end in. So there is no lock and no half-done state. The worker gets one request at a
time; a person's request ends the background one that runs, which waits and starts over.
"""

import itertools
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.prompt import PromptFrame, Segment, unbound
from app.inference.errors import ModelFileError
from app.inference.foreman import Foreman, LoadOrder
from app.inference.generation import Generation, Priority, ProblemCode
from app.inference.inbox import CancelWanted, Event, StopWanted, Submitted
from app.inference.pending import Pending
from app.inference.protocol import MAX_CONTEXT_TOKENS, MAX_THREADS, MIN_CONTEXT_TOKENS, Request, check_prompt
from app.inference.states import StateBoard, WorkerState
from app.inference.templates import frame_of
from app.isolation.child import FORCE_S, GRACE_S, WorkerOutcome

__all__ = ["ModelWorker", "WorkerState"]


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
        self._inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._board = StateBoard()
        self._foreman = Foreman(LoadOrder(model_file.resolve(), threads, context_tokens), self._inbox, self._board)
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> WorkerState:
        """The state now."""
        return self._board.state

    @property
    def problem(self) -> str | None:
        """Code of what keeps the worker from running (``LoadProblem`` or ``ConfineProblem``), None otherwise."""
        return self._foreman.problem

    @property
    def last_outcome(self) -> WorkerOutcome | None:
        """What became of the worker before this one."""
        return self._foreman.last_outcome

    @property
    def restarts(self) -> int:
        """How often a worker was started again after a crash."""
        return self._foreman.restarts

    @property
    def pid(self) -> int | None:
        """The worker's process id while there is one."""
        return self._foreman.pid

    def on_state(self, listener: Callable[[WorkerState], None]) -> None:
        """Call ``listener`` at each change of state, on the supervisor's thread."""
        self._board.on_state(listener)

    def start(self) -> None:
        """Start the worker; returns at once. Again after ``stop``, or after it gave up, is allowed; else harmless."""
        if self._thread is not None and self._thread.is_alive():
            if self.state is not WorkerState.CRASHED or self.problem is None:
                return
            self.stop()
        self._foreman.prepare()
        self._board.set(WorkerState.STARTING)
        self._thread = threading.Thread(target=self._foreman.run, name="model-supervisor", daemon=True)
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
