"""The command line in this process, on real parts, with windows and model replaced by doubles."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.cli import Toolbox, main
from app.config import Places, find_places, load_settings, save_setting
from app.domain.prompt import CHATML, PromptFrame
from app.services.models.catalogue import ModelCatalogue
from app.services.models.keeper import ModelKeeper
from app.services.models.manifests import ModelEntry
from app.services.vaults import VaultService
from tests.support.scripted_model import Reply, ScriptedModel


class FramedScriptedModel(ScriptedModel):
    """A scripted model that knows its turn markers and its state, as the worker does."""

    problem: str | None = None
    pid: int | None = None

    @property
    def frame(self) -> PromptFrame:
        return CHATML


@dataclass
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass
class CommandLine:
    """Runs commands and remembers what they asked of windows and model."""

    capsys: pytest.CaptureFixture[str]
    places: Places
    replies: Sequence[Reply] = ("[none]",)
    opened: list[tuple[Path, str | None]] = field(default_factory=list)
    toured: list[Path | None] = field(default_factory=list)
    models: list[tuple[Path, str]] = field(default_factory=list)
    free_bytes: int | None = 1 << 40

    def run(self, *arguments: object) -> Result:
        code = main(self.toolbox(), [str(argument) for argument in arguments])
        captured = self.capsys.readouterr()
        return Result(code, captured.out, captured.err)

    def toolbox(self) -> Toolbox:
        return Toolbox(
            places=lambda: self.places,
            settings=lambda: load_settings(self.places),
            vault_service=VaultService,
            catalogue=lambda: ModelCatalogue(self.places.models_dir, self.places.user_models_dir),
            models=lambda: ModelKeeper(
                ModelCatalogue(self.places.models_dir, self.places.user_models_dir),
                settings=lambda: load_settings(self.places),
                save_setting=lambda key, value: save_setting(self.places, key, value),
                open_entry=self._open_entry,
                free_bytes=lambda: self.free_bytes,
            ),
            open_model=self._open_model,
            run_console=self._run_console,
            run_tour=self._run_tour,
        )

    @contextmanager
    def _open_model(self, file: Path, template: str) -> Iterator[FramedScriptedModel]:
        self.models.append((file, template))
        yield FramedScriptedModel(self.replies)

    @contextmanager
    def _open_entry(self, entry: ModelEntry) -> Iterator[FramedScriptedModel]:
        with self._open_model(entry.file, entry.template) as model:
            yield model

    def _run_console(self, vault_dir: Path, lock_reason: str | None) -> int:
        self.opened.append((vault_dir, lock_reason))
        return 0

    def _run_tour(self, out: Path | None) -> int:
        self.toured.append(out)
        return 0


def make_places(folder: Path) -> Places:
    """Return places inside a folder of the test's own; what ships is the real thing."""
    shipped = find_places(os.environ)
    return Places(folder / "data", folder / "config", folder / "etc", shipped.resources_dir, folder / "shipped")


def write_password(folder: Path, password: str) -> Path:
    """Write a private password file."""
    file = folder / "password"
    file.write_text(f"{password}\n")
    file.chmod(0o600)
    return file
