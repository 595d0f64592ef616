"""A console on real parts for tests: a real vault with the demo office, the real proposal path, a scripted model.

Everything is as ``bootstrap`` builds it except the model worker, whose place a scripted model takes, and the restart,
which is noted instead of replacing the test process.
"""

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.config import ConsoleSettings
from app.domain.office import Office, Sector
from app.inference.supervisor import WorkerState
from app.services.demo import load_demo
from app.services.desk import Desk
from app.ui.background import BackgroundRunner
from app.ui.shell.console import Console
from app.ui.shell.parts import ConsoleParts
from app.ui.theme import SchemeChoice, Theme
from tests.support.desks import TemporaryDesk
from tests.support.opening_parts import RESOURCES, TestParts, quote_first_source
from tests.support.scripted_model import ScriptedModel


def now_ms() -> int:
    """The time of this machine."""
    return time.time_ns() // 1_000_000


class WatchedModel(ScriptedModel):
    """A scripted model with the things that the console asks of a worker."""

    state = WorkerState.READY
    problem = None
    was_stopped = False

    def on_state(self, listener: Callable[[WorkerState], None]) -> None:
        self.listener = listener

    def stop(self) -> None:
        self.was_stopped = True


@cache
def _demo_vault() -> Path:
    """A closed vault with the demo office in it, made once per test process; every test gets a copy."""
    parent = Path(tempfile.mkdtemp(prefix="vestibule-demo-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    vault = TemporaryDesk(parent, is_demo=True, clock=now_ms)  # type: ignore[arg-type]
    with vault.opened() as desk:
        load_demo(desk, RESOURCES / "demo" / Sector.CLINIC.value)
        desk.conversations.catch_up_index()
    return vault.store.directory


@dataclass
class DemoConsole:
    """One console over one vault; ``start`` again after ``end`` is the next unlock."""

    folder: Path
    app: QApplication
    settings: ConsoleSettings = field(default_factory=lambda: ConsoleSettings(idle_lock_s=3_600))
    model: WatchedModel | None = field(default_factory=lambda: WatchedModel([quote_first_source] * 50))
    has_demo: bool = True
    is_demo: bool = True
    prepare: Callable[[Desk], None] | None = None
    """What a test does to the desk before its window is built."""

    def __post_init__(self) -> None:
        self.vault = TemporaryDesk(self.folder, is_demo=self.is_demo, clock=now_ms)  # type: ignore[arg-type]
        if self.has_demo:
            shutil.rmtree(self.vault.store.directory)
            shutil.copytree(_demo_vault(), self.vault.store.directory)
            self.vault.store.directory.chmod(0o700)
        self.ended: list[object] = []
        self.theme = Theme.apply(self.app, SchemeChoice.LIGHT, 1.0, is_motion_reduced=True)

    @property
    def parts(self) -> ConsoleParts:
        opening = TestParts(self.vault.store.directory)
        return ConsoleParts(
            vault_service=opening.vault_service,
            open_model=self._open_model,
            make_proposals=opening.make_proposals,
            settings=self.settings,
            vault_dir=self.vault.store.directory,
            demo_dir=opening.demo_dir,
            restart=self._restart,
        )

    def start(self, width: int = 1366, height: int = 768) -> Console:
        """Unlock and show the window."""
        self.desk = self.vault.open()
        if self.prepare is not None:
            self.prepare(self.desk)
        self.runner = BackgroundRunner("store")
        self.console = Console(self.parts, self.desk, self.theme, self.runner, now_ms)
        self.console.ended.connect(self.ended.append)
        self.console.window.resize(width, height)
        self.console.begin()
        return self.console

    def abandon(self) -> None:
        """End everything that a test left open, and destroy the window while its parts still live."""
        console = getattr(self, "console", None)
        if console is None:
            return
        if not self.ended:
            console.presenters.detach()
            console.backups.close()
            console.audit.close()
            console.subjects.close()
            console.walls.close()
            console.people.close()
            console.retention.close()
            console.channel.close()
            if console.models is not None:
                console.models.close()
            if console.proposals is not None:
                console.proposals.close()
            self.runner.run(self.desk.close)
            console.model.close()
        self.runner.close()
        console.dispose()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _open_model(self, _office: Office) -> WatchedModel | None:
        return self.model

    def _restart(self, reason: str) -> None:  # type: ignore[misc]
        self.ended.append(reason)
