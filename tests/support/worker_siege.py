"""``kill -9`` of a model worker at random moments: loading, reading a prompt, writing, idle."""

import os
import random
import signal
import statistics
import threading
import time
from contextlib import suppress
from pathlib import Path

from app.config import find_places
from app.domain.prompt import PromptSource, Segment, Speaker, Turn, build_prompt
from app.inference.errors import GenerationError
from app.inference.supervisor import ModelWorker, WorkerState
from app.services.models.catalogue import ModelCatalogue
from tests.support.model_workers import WAIT_S, StateLog

PASSAGE = PromptSource(
    "Opening hours", "We are open Monday to Friday from 8:30 to 17:00. On Saturday we are closed. " * 3
)
LONGEST_WAIT_S = 0.35
"""From a request to the kill at most; the starter loads, reads and writes within it."""
LOADING_S = 0.2
"""About what the starter takes from the start of the process to READY."""


class WorkerSiege:
    """Kills one worker again and again and checks what its caller is left with."""

    def __init__(self, model_file: Path, seed: int) -> None:
        self._random = random.Random(seed)
        self.worker = ModelWorker(model_file, threads=1)
        self.log = StateLog(self.worker)
        self.recoveries_s: list[float] = []
        self.ended_well = self.ended_with_code = 0
        self.worker.start()
        self.log.wait_for(WorkerState.READY)
        self._files = self._open_files()

    def __str__(self) -> str:
        return (
            f"ready again after {self.median_recovery_s:.2f} s (median), {max(self.recoveries_s):.2f} s (worst); "
            f"{self.ended_well} requests brought a text, {self.ended_with_code} a code"
        )

    def kill_one(self) -> int:
        """Ask (three times in four), wait a random moment, kill; one time in four kill its successor while it loads.

        Returns how many workers were killed. The last of them is answered for by the next one, which writes a text.
        """
        heard: list[str] = []
        generation = None
        if self._random.random() < 0.75:
            prompt = self._prompt()
            generation = self.worker.generate(prompt, max_tokens=80, on_text=heard.append)
        time.sleep(self._random.random() * LONGEST_WAIT_S)
        since = self._kill()
        said_before = "".join(heard)
        kills = 1
        if self._random.random() < 0.25:
            self.log.wait_for_next(WorkerState.STARTING, since)
            time.sleep(self._random.random() * LOADING_S)
            since = self._kill()
            kills += 1
        killed_s = time.monotonic()
        self.log.wait_for_next(WorkerState.READY, since)
        self.recoveries_s.append(time.monotonic() - killed_s)
        if generation is not None:
            self._check(generation, heard, said_before)
        assert self.worker.generate(self._prompt(), max_tokens=4).result(WAIT_S).text
        return kills

    def _prompt(self) -> tuple[Segment, ...]:
        question = f"Number {self._random.random()}: when are you open, and is Saturday possible?"
        return build_prompt([Turn(Speaker.VISITOR, question)], [PASSAGE])

    def check_the_end(self) -> None:
        """It still answers; no descriptor, no child, no thread is left behind."""
        prompt = build_prompt([Turn(Speaker.VISITOR, "When are you open?")], [PASSAGE])
        assert self.worker.generate(prompt, max_tokens=20).result(WAIT_S).text
        assert self._open_files() <= self._files + 2
        self.worker.stop()
        with suppress(ChildProcessError):
            assert os.waitpid(-1, os.WNOHANG) == (0, 0), "a child is left unburied"
        assert not [thread for thread in threading.enumerate() if thread.name == "model-supervisor"]

    @property
    def median_recovery_s(self) -> float:
        """From the kill to the next worker that is ready."""
        return statistics.median(self.recoveries_s)

    def _kill(self) -> int:
        """Kill the worker, wait until the supervisor has seen it, and return how many states there were then."""
        deadline_s = time.monotonic() + WAIT_S
        while (pid := self.worker.pid) is None:  # between two lives
            assert time.monotonic() < deadline_s, "no worker to kill"
            time.sleep(0.002)
        seen = len(self.log.states)
        os.kill(pid, signal.SIGKILL)
        self.log.wait_for_next(WorkerState.CRASHED, seen)
        return seen + self.log.states[seen:].index(WorkerState.CRASHED) + 1

    def _check(self, generation: object, heard: list[str], said_before: str) -> None:
        """What was heard stays, and the end comes: the whole text, begun again, or a code."""
        assert "".join(heard).startswith(said_before)
        try:
            text = generation.result(WAIT_S).text  # type: ignore[attr-defined]
        except GenerationError:
            self.ended_with_code += 1
        else:
            self.ended_well += 1
            assert text

    def _open_files(self) -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())


def starter_file() -> Path:
    """Return the model that is shipped."""
    places = find_places(os.environ)
    return ModelCatalogue(places.models_dir, places.user_models_dir).find("starter").file
