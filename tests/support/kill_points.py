"""Every change of a file that an operation of the store makes is a place to die; the places are named by phases.

Between two such changes nothing happens to the disk, so a child that is killed before each of them in turn has died
everywhere. A phase begins with a call (``create vault/.slots.json…``), or where the product says so (``mark``).
"""

import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.call_filter import FileCall
from tests.support.kill_office import KillOffice
from tests.support.soak_table import Score
from tests.support.watched_child import GO, KILL, Ending, run_watched

Act = Callable[..., None]
_FLEETING = re.compile(r".*(-shm|/lock)")
"""Files whose bytes nobody reads after the process has ended."""


@dataclass(frozen=True)
class Phase:
    """A named stretch of an operation; ``begins`` is a pattern of ``KIND PATH``, or the name of a mark."""

    name: str
    begins: str


@dataclass(frozen=True)
class Operation:
    """Something that a desk does, what may be found afterwards, and where it may die."""

    name: str
    act: Act
    prepare: Callable[[KillOffice], Any]
    wrongs: Callable[[KillOffice, Ending], list[str]]
    """Opens what is left; returns which promises were broken: ``wrong: …``, or what was lost; nothing when none was."""
    phases: tuple[Phase, ...]


@dataclass
class Watchman:
    """Follows an operation through its phases, and says die at one change of one of them."""

    root: Path
    phases: tuple[Phase, ...]
    fatal: tuple[str, int] | None = None
    seen: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    def __call__(self, call: FileCall) -> int:
        said = call.mark or f"{call.kind} {call.path.relative_to(self.root)}"
        following = self.phases[self._number + 1 : self._number + 2]
        if following and re.fullmatch(following[0].begins, said):
            self._number += 1
        if call.mark or _FLEETING.fullmatch(said):
            return GO
        name = self.phases[self._number].name
        is_fatal = (name, self.seen[name]) == self.fatal
        self.seen[name] += 1
        return KILL if is_fatal else GO


class KillSiege:
    """One operation, killed again and again, each time in a fresh copy of the office."""

    def __init__(self, operation: Operation, office: KillOffice, folder: Path) -> None:
        self._operation = operation
        self._folder = folder
        folder.mkdir()
        self._office = office.copy_to(folder / "prepared")
        operation.prepare(self._office)
        self._random = random.Random(operation.name)
        self.changes = self._rehearse()

    def _rehearse(self) -> dict[str, int]:
        """Let the operation run to its end once; return how many changes each phase makes."""
        watchman = Watchman(self._folder / "run", self._operation.phases)
        ending, wrongs = self._run(watchman)
        assert ending.error is None, ending.error
        assert wrongs == []
        assert set(watchman.seen) == {phase.name for phase in self._operation.phases}, watchman.seen
        return dict(watchman.seen)

    def kill(self, point: str, runs: int, score: Score) -> None:
        """Die ``runs`` times within a phase: before each of its changes in turn, then before any of them."""
        began, count = time.monotonic(), self.changes[point]
        for number in range(runs):
            # Fewer runs than changes are spread over them; more go over them once, and then where chance will have it.
            place = number * max(1, count // runs) if number < count else self._random.randrange(count)
            wrongs = self._die_at(point, place)
            score.runs += 1
            score.lost += any(not wrong.startswith("wrong") for wrong in wrongs)
            score.opened_wrongly += any(wrong.startswith("wrong") for wrong in wrongs)
            score.wrongs += [f"change {place}: {wrong}" for wrong in wrongs]
        score.seconds += time.monotonic() - began

    def _die_at(self, point: str, place: int) -> list[str]:
        """Die before the change number ``place`` of a phase; before an earlier one when this time there were fewer."""
        while True:
            ending, wrongs = self._run(Watchman(self._folder / "run", self._operation.phases, (point, place)))
            if ending.was_killed:
                return wrongs
            assert place > 0, f"nothing is changed in this phase any more: {point}"
            place -= 1

    def _run(self, watchman: Watchman) -> tuple[Ending, list[str]]:
        office = self._office.copy_to(watchman.root)
        try:
            ending = run_watched(watchman.root, watchman, self._operation.act, office)
            try:
                wrongs = self._operation.wrongs(office, ending)
            except Exception as error:  # noqa: BLE001  an office that does not open has lost everything
                wrongs = [f"lost everything: {error!r}"]
            return ending, wrongs
        finally:
            shutil.rmtree(watchman.root)
