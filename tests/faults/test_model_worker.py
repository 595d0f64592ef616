"""The model worker dies, hangs, lies, or cannot start: what its caller is told, and that the next request is served.

Scenarios: killed while a person reads along, while it prepares in the background, twice in a row, while idle, again and
again; hung at work, hung at the start; talks nonsense; a model file that is none, or absent; stopped at work; orphaned.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.inference import lifetime, link
from app.inference.errors import GenerationError, ModelFileError
from app.inference.generation import FinishReason, Priority, ProblemCode
from app.inference.native import locate
from app.inference.protocol import FROM_WORKER, LOAD, TO_WORKER
from app.inference.supervisor import ModelWorker, WorkerState
from app.inference.worker import EXIT_BAD_FRAME
from app.isolation.child import Fate, SupervisedChild
from app.isolation.errors import PipeClosedError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED, Grants
from tests.support.confined import REPOSITORY
from tests.support.model_workers import QUESTION, WAIT_S, StateLog, running_worker, wait_until_gone
from tests.support.tiny_gguf import DEFAULT_ANSWER, write_tiny_gguf


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("models") / "answering.gguf")


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("models") / "endless.gguf", endless=True)


def problem_of(generation) -> ProblemCode:
    with pytest.raises(GenerationError) as caught:
        generation.result(WAIT_S)
    return caught.value.code


def on_busy(worker: ModelWorker, act: Callable[[int], None], times: int) -> list[int]:
    """Call ``act`` with the process id the first ``times`` times that the worker begins to compute."""
    acted: list[int] = []

    def listener(state: WorkerState) -> None:
        if state is WorkerState.BUSY and len(acted) < times and worker.pid is not None:
            acted.append(worker.pid)
            act(worker.pid)

    worker.on_state(listener)
    return acted


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_when_killed_while_a_person_reads_along_then_it_is_reported_and_the_next_served(endless: Path) -> None:
    with running_worker(endless) as (worker, log):
        pieces: list[str] = []

        def kill_at_first_word(piece: str) -> None:
            pieces.append(piece)
            if len(pieces) == 1 and worker.pid is not None:
                kill(worker.pid)

        first_pid = worker.pid
        generation = worker.generate(QUESTION, max_tokens=1500, on_text=kill_at_first_word)
        assert problem_of(generation) is ProblemCode.WORKER_LOST
        log.wait_for(WorkerState.READY, times=2)
        assert worker.pid != first_pid
        assert worker.last_outcome is not None
        assert (worker.last_outcome.fate, worker.last_outcome.signal) == (Fate.CRASHED, signal.SIGKILL)
        assert worker.generate(QUESTION, max_tokens=5).result(WAIT_S).generated_tokens == 5
        assert log.states[:5] == [
            WorkerState.STARTING,
            WorkerState.READY,
            WorkerState.BUSY,
            WorkerState.CRASHED,
            WorkerState.STARTING,
        ]


def test_when_killed_while_preparing_then_the_request_is_done_by_the_next_worker(endless: Path) -> None:
    with running_worker(endless) as (worker, log):
        killed = on_busy(worker, kill, times=1)
        pieces: list[str] = []
        generation = worker.generate(QUESTION, max_tokens=50, priority=Priority.BACKGROUND, on_text=pieces.append)
        result = generation.result(WAIT_S)
        assert result.finish is FinishReason.LENGTH
        assert pieces == [result.text]
        assert len(killed) == 1
        assert log.states.count(WorkerState.CRASHED) == 1


def test_when_the_same_request_kills_two_workers_then_it_is_given_up(endless: Path) -> None:
    with running_worker(endless) as (worker, log):
        on_busy(worker, kill, times=2)
        bad = worker.generate(QUESTION, max_tokens=50, priority=Priority.BACKGROUND)
        good = worker.generate(QUESTION, max_tokens=7, priority=Priority.BACKGROUND)
        assert problem_of(bad) is ProblemCode.WORKER_LOST
        assert good.result(WAIT_S).generated_tokens == 7
        assert log.states.count(WorkerState.CRASHED) == 2


def test_when_killed_while_idle_then_it_comes_back_and_nobody_notices(answering: Path) -> None:
    with running_worker(answering) as (worker, log):
        assert worker.pid is not None
        kill(worker.pid)
        log.wait_for(WorkerState.READY, times=2)
        assert worker.generate(QUESTION, max_tokens=60).result(WAIT_S).text == DEFAULT_ANSWER


def test_when_it_crashes_again_and_again_then_it_gives_up_until_somebody_starts_it(
    answering: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifetime, "RESTART_DELAYS_S", (0.0, 0.0))
    with running_worker(answering) as (worker, log):
        for times in (1, 2, 3):
            log.wait_for(WorkerState.READY, times)
            assert worker.pid is not None
            kill(worker.pid)
        log.wait_for(WorkerState.CRASHED, 3)
        assert worker.problem == "crashed_repeatedly"
        assert problem_of(worker.generate(QUESTION, max_tokens=5)) is ProblemCode.WORKER_UNAVAILABLE
        worker.start()
        log.wait_for(WorkerState.READY, 4)
        assert worker.problem is None
        assert worker.generate(QUESTION, max_tokens=60).result(WAIT_S).text == DEFAULT_ANSWER


def test_when_it_hangs_at_work_then_it_is_killed_and_replaced(endless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_worker(endless) as (worker, log):
        monkeypatch.setattr(lifetime, "STALL_LIMIT_S", 0.3)
        stopped = on_busy(worker, lambda pid: os.kill(pid, signal.SIGSTOP), times=1)
        assert problem_of(worker.generate(QUESTION, max_tokens=1500)) is ProblemCode.WORKER_STALLED
        monkeypatch.undo()
        log.wait_for(WorkerState.READY, times=2)
        assert worker.last_outcome is not None
        assert worker.last_outcome.fate is Fate.KILLED
        wait_until_gone(stopped[0])
        assert worker.generate(QUESTION, max_tokens=5).result(WAIT_S).generated_tokens == 5


class ScriptedLink(SupervisedChild):
    """Runs a script in place of the worker; set ``script`` before use."""

    script = ""

    def _command(self) -> list[str]:
        head = (
            "import json, struct, sys, time\n"
            "def send(kind, **body):\n"
            "    raw = json.dumps(body).encode()\n"
            "    sys.stdout.buffer.write(struct.pack('>IB', len(raw) + 1, kind) + raw)\n"
            "    sys.stdout.buffer.flush()\n"
            "send(2, landlock_abi=1)\n"
        )
        return [sys.executable, "-I", "-S", "-c", head + self.script]


READY = "send(32, context_tokens=2048, vocabulary=1, parameters=1, load_ms=1)\n"
COSTS = "prompt_tokens=1, reused_tokens=0, generated_tokens=1, prompt_ms=1, generation_ms=1"
NOISE = "sys.stdout.buffer.write(b'llama: loading' * 20); sys.stdout.buffer.flush()\n"
REST = "time.sleep(60)\n"
PAUSE = "time.sleep(0.2)\n"


@pytest.mark.parametrize(
    "script",
    [
        READY + PAUSE + NOISE + REST,
        READY + PAUSE + "send(34, request=77, text='x')\n" + REST,
        READY + PAUSE + f"send(35, request=77, finish='stop', {COSTS})\n" + REST,
        READY + PAUSE + "send(36, request=1, code='model_refused')\n" + REST,
        READY + READY + REST,
        "send(34, request=1, text='x')\n" + REST,
    ],
    ids=["noise", "text of nobody", "end of nobody", "wrong code", "ready twice", "text before ready"],
)
def test_a_worker_that_says_what_it_may_not_is_ended(
    answering: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(lifetime, "RESTART_DELAYS_S", ())
    monkeypatch.setattr(link, "SupervisedChild", type("Liar", (ScriptedLink,), {"script": script}))
    with running_worker(answering, is_awaited=False) as (worker, log):
        generation = worker.generate(QUESTION, max_tokens=5)
        log.wait_for(WorkerState.CRASHED)
        assert problem_of(generation) in (ProblemCode.WORKER_LOST, ProblemCode.WORKER_UNAVAILABLE)
        assert worker.last_outcome is not None
        assert worker.last_outcome.fate is Fate.KILLED


def test_a_worker_that_never_gets_ready_is_ended(answering: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifetime, "RESTART_DELAYS_S", ())
    monkeypatch.setattr(lifetime, "START_LIMIT_S", 0.3)
    monkeypatch.setattr(link, "SupervisedChild", type("Sleeper", (ScriptedLink,), {"script": "time.sleep(60)"}))
    with running_worker(answering, is_awaited=False) as (worker, log):
        log.wait_for(WorkerState.CRASHED)
        assert worker.last_outcome is not None
        assert worker.last_outcome.fate is Fate.KILLED


def test_a_file_that_is_no_model_is_reported_and_not_tried_again_until_asked(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    with running_worker(path, is_awaited=False) as (worker, log):
        waiting = worker.generate(QUESTION, max_tokens=5)
        log.wait_for(WorkerState.CRASHED)
        assert worker.problem == "model_refused"
        assert problem_of(waiting) is ProblemCode.WORKER_UNAVAILABLE
        assert worker.restarts == 0
        write_tiny_gguf(path)
        worker.start()
        log.wait_for(WorkerState.READY)
        assert worker.generate(QUESTION, max_tokens=60).result(WAIT_S).text == DEFAULT_ANSWER


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with running_worker(tmp_path / "absent.gguf", is_awaited=False) as (worker, log):
        log.wait_for(WorkerState.CRASHED)
        assert worker.problem == "grant_missing"


def test_when_stopped_at_work_then_everybody_is_told_and_no_process_is_left(endless: Path) -> None:
    with running_worker(endless) as (worker, log):
        running = worker.generate(QUESTION, max_tokens=1500)
        waiting = worker.generate(QUESTION, max_tokens=1500)
        log.wait_for(WorkerState.BUSY)
        pid = worker.pid
        worker.stop()
        assert {problem_of(running), problem_of(waiting)} == {ProblemCode.STOPPED}
        assert worker.state is WorkerState.STOPPED
        assert worker.pid is None
        assert pid is not None
        wait_until_gone(pid)
        assert problem_of(worker.generate(QUESTION, max_tokens=5)) is ProblemCode.STOPPED
        worker.start()
        log.wait_for(WorkerState.READY, times=2)
        assert worker.generate(QUESTION, max_tokens=5).result(WAIT_S).generated_tokens == 5


@pytest.mark.parametrize("ending", ["os._exit(0)", "os.execv(sys.executable, [sys.executable, '-c', 'pass'])"])
def test_when_the_console_dies_or_replaces_itself_then_the_worker_ends_in_the_middle_of_its_work(
    endless: Path, ending: str
) -> None:
    code = f"""
import os, sys, threading
from pathlib import Path
from app.inference.supervisor import ModelWorker
from tests.support.model_workers import QUESTION
worker = ModelWorker(Path({str(endless)!r}), threads=1)
worker.start()
first = threading.Event()
worker.generate(QUESTION, max_tokens=1900, on_text=lambda piece: first.set())
first.wait(30)
print(worker.pid, flush=True)
{ending}
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True
    )
    wait_until_gone(int(done.stdout))


def test_a_listener_may_stop_the_worker_from_inside(endless: Path) -> None:
    with running_worker(endless) as (worker, log):
        generation = worker.generate(QUESTION, max_tokens=1900, on_text=lambda _piece: worker.stop())
        assert problem_of(generation) is ProblemCode.STOPPED
        log.wait_for(WorkerState.STOPPED)


def test_crashes_far_apart_are_not_added_up(answering: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifetime, "RESTART_DELAYS_S", (0.0,))
    monkeypatch.setattr(lifetime, "STABLE_S", 0.0)
    with running_worker(answering) as (worker, log):
        for times in (1, 2, 3):
            log.wait_for(WorkerState.READY, times)
            assert worker.pid is not None
            kill(worker.pid)
        log.wait_for(WorkerState.READY, 4)
        assert worker.problem is None


@pytest.mark.parametrize("noise", [b"\xff" * 64, b"\0\0\0\0\0", b"\0\0\0\x03\x11{}", b"half"])
def test_a_worker_that_is_sent_nonsense_ends(answering: Path, noise: bytes) -> None:
    """The walls hold in both directions: the worker does not trust its parent's bytes either."""
    child = SupervisedChild(
        "model",
        entry=link.ENTRY,
        grants=Grants(files=(str(answering),), packages=locate()),
        to_child=TO_WORKER,
        from_child=FROM_WORKER,
    )
    child.start()
    assert child.read().shape is CONFINED
    child.send(Frame(LOAD, {"model": str(answering), "context_tokens": 256, "threads": 1}))
    assert child.read().body["context_tokens"] == 256
    child._writer._pipe.write(noise)
    child._writer._pipe.flush()
    if noise == b"half":
        child._writer._pipe.close()
    with pytest.raises(PipeClosedError):
        child.read()
    outcome = child.close()
    child.close_pipes()
    assert (outcome.fate, outcome.exit_status) in ((Fate.FAILED, EXIT_BAD_FRAME), (Fate.FINISHED, 0))
    assert (outcome.fate is Fate.FINISHED) == (noise == b"half")


def test_when_killed_at_random_moments_then_every_request_has_an_end(
    endless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seeded; the thousand kills of the whole console are the soak's business."""
    monkeypatch.setattr(lifetime, "RESTART_DELAYS_S", (0.0,) * 100)
    moments = random.Random(20261124)
    with running_worker(endless) as (worker, _log):
        ends: list[object] = []
        for _ in range(8):
            generations = [
                worker.generate(QUESTION, max_tokens=200, priority=moments.choice(list(Priority))) for _ in range(3)
            ]
            time.sleep(moments.uniform(0.0, 0.15))
            if worker.pid is not None:
                with suppress(ProcessLookupError):
                    kill(worker.pid)
            for generation in generations:
                try:
                    ends.append(generation.result(WAIT_S).finish)
                except GenerationError as problem:
                    ends.append(problem.code)
        assert len(ends) == 24
        assert set(ends) <= {FinishReason.LENGTH, ProblemCode.WORKER_LOST}
        assert FinishReason.LENGTH in ends
        assert worker.generate(QUESTION, max_tokens=5).result(WAIT_S).generated_tokens == 5


@pytest.mark.parametrize(
    "numbers", [{"threads": 0}, {"threads": 1000}, {"context_tokens": 1}, {"context_tokens": 10**9}]
)
def test_numbers_that_no_worker_could_be_told_are_refused_at_once(answering: Path, numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"^(threads|context_tokens)$"):
        ModelWorker(answering, **numbers)


def test_a_file_whose_name_is_not_text_is_refused_at_once() -> None:
    with pytest.raises(ModelFileError):
        ModelWorker(Path("/models/\udcff.gguf"))


def test_a_worker_cannot_be_looked_into_and_prints_nothing_of_what_people_wrote(endless: Path) -> None:
    with running_worker(endless) as (worker, log):
        worker.generate(QUESTION, max_tokens=5).result(WAIT_S)
        status = Path(f"/proc/{worker.pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status
        worker.stop()
        assert worker.last_outcome is not None
        assert (worker.last_outcome.fate, worker.last_outcome.stderr_bytes) == (Fate.FINISHED, 0)
    assert log.states[-1] is WorkerState.STOPPED


def test_states_are_told_to_every_listener(answering: Path) -> None:
    worker = ModelWorker(answering, threads=1)
    first, second = StateLog(worker), StateLog(worker)
    worker.start()
    worker.start()  # harmless
    first.wait_for(WorkerState.READY)
    worker.stop()
    worker.stop()  # harmless
    assert first.states == second.states == [WorkerState.STARTING, WorkerState.READY, WorkerState.STOPPED]
