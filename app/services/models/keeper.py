"""The models of this machine with everything the interfaces ask about them: one object for command line and windows.

Which model an office uses is a setting (``model``), the one before it another (``previous_model``), so that going back
is one step. A managed setting wins: then nobody here changes it.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.config import ConfigError, ConfigFault, ConsoleSettings
from app.inference.embedding import Embedder, EmbeddingError
from app.inference.errors import GenerationError
from app.inference.generation import ProblemCode
from app.inference.gguf import GgufHeader
from app.inference.protocol import MAX_CONTEXT_TOKENS
from app.inference.templates import guess_family
from app.services.models.catalogue import ModelCatalogue
from app.services.models.errors import ModelError, ModelFault
from app.services.models.findings import Findings, SpeedFinding, TestFinding
from app.services.models.manifests import ModelEntry
from app.services.models.memory import MemoryNeed, MemoryShape, available_bytes, need_of, resident_bytes
from app.services.models.opening import CatalogueWorker
from app.services.models.speed import Speed, StoppedError, measure_warm
from app.services.models.taking_in import ImportListener, ImportStep, header_of, name_from, open_regular
from app.services.ports import FramedModel

STARTER = "starter"
"""The model that ships; the last one to fall back to."""

_TRIAL_TEXT = "When are you open?"
_NOT_THE_FILE = frozenset({"engine_missing", "grant_missing", "landlock_missing", "seccomp_failed", "check_failed"})
"""Codes of a worker that say something about this machine and nothing about the model."""


class RunningModel(FramedModel, Protocol):
    """A started model: what measuring and testing need of it."""

    @property
    def problem(self) -> str | None:
        """Code of what keeps it from running."""

    @property
    def pid(self) -> int | None:
        """Its process while there is one."""


@dataclass(frozen=True, slots=True)
class Passport:
    """One model as a person reads it."""

    entry: ModelEntry
    need: MemoryNeed | None
    """None where the file cannot be read any more."""
    free_bytes: int | None
    """What this machine could give it now; None where the kernel does not tell."""
    findings: Findings
    is_in_use: bool
    is_previous: bool

    @property
    def fits(self) -> bool:
        """False when this machine has too little memory for it now."""
        return self.need is None or self.free_bytes is None or self.need.total <= self.free_bytes

    @property
    def has_passed(self) -> bool:
        """True when it passed a driving test here."""
        return self.findings.test is not None and self.findings.test.is_passed


@dataclass(frozen=True, slots=True)
class Opened:
    """The model that was opened, and which ones before it could not be, each with the code that says why."""

    worker: CatalogueWorker | None
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file says about itself, before anything is copied."""

    source: Path
    name: str
    """A name that could be taken; empty where the file's name gives none."""
    template: str
    header: GgufHeader
    need: MemoryNeed
    free_bytes: int | None


class ModelKeeper:
    """Answers for the models of one person on one machine. Blocks; called from any thread but the GUI's."""

    def __init__(
        self,
        catalogue: ModelCatalogue,
        *,
        settings: Callable[[], ConsoleSettings],
        save_setting: Callable[[str, object], object],
        open_entry: Callable[[ModelEntry], AbstractContextManager[RunningModel]],
        free_bytes: Callable[[], int | None] = available_bytes,
    ) -> None:
        """Keep the models of ``catalogue``.

        Args:
            catalogue: where they lie.
            settings: read anew at each question.
            save_setting: stores one (key, value); may raise ``ConfigError``.
            open_entry: a running model for the length of a ``with`` block.
            free_bytes: what this machine could give a new process.
        """
        self.catalogue = catalogue
        self._settings = settings
        self._save = save_setting
        self.open_entry = open_entry
        self._free_bytes = free_bytes
        self.last_opened = Opened(None)
        """What ``open_first`` found the last time."""

    # -- which one is used ----------------------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The name in the settings."""
        return self._settings().model

    @property
    def previous(self) -> str:
        """The name that was used before; empty when there was none."""
        return self._settings().previous_model

    @property
    def is_pinned(self) -> bool:
        """True when the managed settings fix the model."""
        return "model" in self._settings().managed_keys

    def use(self, name: str, *, given_back_bytes: int = 0) -> ModelEntry:
        """Let ``name`` propose from now on, and remember the one before it.

        Args:
            name: a model of the catalogue; its file is read and compared with its manifest first.
            given_back_bytes: what the running worker holds and will free.

        Raises:
            ModelError: UNKNOWN, SEARCH_ONLY, CHANGED, REFUSED, NO_MEMORY, PINNED.
            ConfigError: the settings could not be written.
        """
        settings = self._settings()
        if "model" in settings.managed_keys and settings.model != name:
            raise ModelError(ModelFault.PINNED)
        entry = self.catalogue.find_writer(name)
        self.catalogue.check(name)
        self.require_memory(entry, given_back_bytes=given_back_bytes)
        if name != settings.model:
            self._write("model", name)
            self._write("previous_model", settings.model)
        return entry

    def use_previous(self, *, given_back_bytes: int = 0) -> ModelEntry:
        """Go back to the model that was used before. Raises as ``use``, and NO_PREVIOUS."""
        if not self.previous:
            raise ModelError(ModelFault.NO_PREVIOUS)
        return self.use(self.previous, given_back_bytes=given_back_bytes)

    def candidates(self) -> tuple[str, ...]:
        """Return the names to try at start, best first: the chosen one, the one before it, the one that ships."""
        settings = self._settings()
        names = (settings.model, settings.previous_model, STARTER)
        return tuple(dict.fromkeys(name for name in names if name))

    def open_first(self, names: Sequence[str] | None = None) -> Opened:
        """Start the first of ``names`` (``candidates`` when None) that is sound and fits into memory.

        The worker may still be loading; what it cannot load it says itself (``ModelWorker.problem``).
        """
        skipped: list[tuple[str, str]] = []
        for name in self.candidates() if names is None else names:
            try:
                entry = self.catalogue.find_writer(name)
                self.catalogue.check(name)
                self.require_memory(entry)
            except ModelError as error:
                skipped.append((name, error.code.value))
                continue
            worker = self._worker(entry)
            worker.start()
            self.last_opened = Opened(worker, tuple(skipped))
            return self.last_opened
        self.last_opened = Opened(None, tuple(skipped))
        return self.last_opened

    def _worker(self, entry: ModelEntry) -> CatalogueWorker:
        settings = self._settings()
        return CatalogueWorker(entry, threads=settings.model_threads, context_tokens=settings.context_tokens)

    def _write(self, key: str, value: str) -> None:
        try:
            self._save(key, value)
        except ConfigError as error:
            if error.code is ConfigFault.MANAGED and key != "model":
                return
            raise

    # -- what is known of them --------------------------------------------------------------------------------------

    def passports(self, *, given_back_bytes: int = 0) -> tuple[Passport, ...]:
        """Return all models, shipped ones first."""
        free = self._free_bytes()
        free = None if free is None else free + given_back_bytes
        settings = self._settings()
        search_model = self.catalogue.search_model()
        in_use = {settings.model, search_model.name if search_model is not None else ""}
        return tuple(
            Passport(
                entry,
                self._need_or_none(entry, settings.context_tokens),
                free,
                self.catalogue.findings.of(entry.sha256),
                is_in_use=entry.name in in_use,
                is_previous=entry.name == settings.previous_model,
            )
            for entry in self.catalogue.list()
        )

    def passport(self, name: str) -> Passport:
        """Return one model. Raises ModelError: UNKNOWN."""
        found = next((passport for passport in self.passports() if passport.entry.name == name), None)
        if found is None:
            raise ModelError(ModelFault.UNKNOWN)
        return found

    def require_memory(self, entry: ModelEntry, *, given_back_bytes: int = 0) -> None:
        """Raise ModelError: NO_MEMORY ("needed/free" in bytes) when this machine has too little for ``entry`` now."""
        free = self._free_bytes()
        need = self.catalogue.need(entry, self._settings().context_tokens)
        if free is not None and need.total > free + given_back_bytes:
            raise ModelError(ModelFault.NO_MEMORY, f"{need.total}/{free + given_back_bytes}")

    def _need_or_none(self, entry: ModelEntry, context_tokens: int) -> MemoryNeed | None:
        try:
            return self.catalogue.need(entry, context_tokens)
        except ModelError:
            return None

    def preview(self, source: Path) -> ImportPreview:
        """Return what a file says about itself; nothing is copied and llama.cpp does not see it.

        Raises:
            ModelError: NOT_A_FILE, REFUSED.
        """
        with open_regular(source) as stream:
            header = header_of(Path(f"/proc/self/fd/{stream.fileno()}"))
        taken = {entry.name for entry in self.catalogue.list()}
        base = name_from(source)
        names = (base, *(f"{base[:60]}-{number}" for number in range(2, 100)))
        context_tokens = min(self._settings().context_tokens, header.context_tokens or MAX_CONTEXT_TOKENS)
        return ImportPreview(
            source,
            next((name for name in names if name and name not in taken), ""),
            guess_family(header.architecture, header.name),
            header,
            need_of(
                MemoryShape.of(header),
                size_bytes=header.size_bytes,
                parameters=header.parameters,
                context_tokens=context_tokens,
            ),
            self._free_bytes(),
        )

    # -- changing them ----------------------------------------------------------------------------------------------

    def import_file(
        self,
        source: Path,
        *,
        name: str | None = None,
        template: str | None = None,
        licence: str | None = None,
        imported_by: str = "",
        listener: ImportListener | None = None,
    ) -> Passport:
        """Bring a file in, measured where this machine can run it; arguments and errors as in the catalogue.

        A model that needs more memory than there is comes in unmeasured. One that the confined worker cannot run is
        refused (CANNOT_RUN).
        """
        told = _Measuring(self, listener or ImportListener())
        entry = self.catalogue.import_file(
            source, name=name, template=template, licence=licence, imported_by=imported_by, listener=told
        )
        if told.finding is not None:
            self.catalogue.findings.note_speed(entry.sha256, told.finding)
        return self.passport(entry.name)

    def remove(self, name: str) -> None:
        """Remove an imported model. Raises ModelError: UNKNOWN, SHIPPED, IN_USE."""
        if name == self.chosen:
            raise ModelError(ModelFault.IN_USE)
        self.catalogue.remove(name)
        if name == self.previous:
            self._write("previous_model", "")

    def measure(self, name: str) -> Speed:
        """Measure a model again and keep the figures.

        Raises:
            ModelError: UNKNOWN, SEARCH_ONLY, CHANGED, REFUSED, NO_MEMORY.
            GenerationError: it wrote nothing.
        """
        entry = self.catalogue.find_writer(name)
        self.catalogue.check(name)
        self.require_memory(entry)
        finding = self.run_and_measure(entry, lambda: False)
        self.catalogue.findings.note_speed(entry.sha256, finding)
        return finding.speed

    def run_and_measure(self, entry: ModelEntry, is_stopped: Callable[[], bool]) -> SpeedFinding:
        """Run a checked file in a confined worker and return what was found.

        Raises:
            CannotRunError: it gave no text.
            StoppedError: ``is_stopped`` said so.
        """
        with self.open_entry(entry) as model:
            return _measured(model, is_stopped)

    def measure_running(self, name: str, model: RunningModel, is_stopped: Callable[[], bool]) -> Speed:
        """Measure a model that runs already and keep the figures. Raises as ``run_and_measure``, and ModelError."""
        finding = _measured(model, is_stopped)
        self.catalogue.findings.note_speed(self.catalogue.find(name).sha256, finding)
        return finding.speed

    def note_test(self, name: str, finding: TestFinding) -> None:
        """Keep the end of a driving test. Raises ModelError: UNKNOWN; OSError."""
        self.catalogue.findings.note_test(self.catalogue.find(name).sha256, finding)


def _measured(model: RunningModel, is_stopped: Callable[[], bool]) -> SpeedFinding:
    try:
        speed = measure_warm(model, model.frame, is_stopped)
    except GenerationError as error:
        raise CannotRunError(error.code, model.problem) from error
    return SpeedFinding(speed, time.time_ns() // 1_000_000, resident_bytes(model.pid))


def require_vectors(entry: ModelEntry) -> None:
    """Let the confined embedder try a checked file. Raises ModelError: CANNOT_RUN."""
    with Embedder(entry.file) as embedder:
        try:
            embedder.embed(_TRIAL_TEXT)
        except EmbeddingError as error:
            if error.code.value not in _NOT_THE_FILE:
                raise ModelError(ModelFault.CANNOT_RUN, error.code.value) from error


class CannotRunError(GenerationError):
    """The worker gave no text; ``problem`` is its own code when it gave up."""

    def __init__(self, code: ProblemCode, problem: str | None) -> None:
        super().__init__(code)
        self.problem = problem


class _Measuring(ImportListener):
    """Passes everything on, and measures what can run here."""

    def __init__(self, keeper: ModelKeeper, listener: ImportListener) -> None:
        self._keeper = keeper
        self._listener = listener
        self.finding: SpeedFinding | None = None

    def progressed(self, step: ImportStep, done: int, total: int) -> None:
        """Pass it on."""
        self._listener.progressed(step, done, total)

    def is_stopped(self) -> bool:
        """Pass it on."""
        return self._listener.is_stopped()

    def measure(self, entry: ModelEntry) -> None:
        """Run the copy; too little memory, or no engine on this machine, leaves it unmeasured."""
        try:
            self._keeper.require_memory(entry)
            if entry.is_for_search:
                require_vectors(entry)
                return
            self.finding = self._keeper.run_and_measure(entry, self.is_stopped)
        except ModelError as error:
            if error.code is not ModelFault.NO_MEMORY:
                raise
        except StoppedError as error:
            raise ModelError(ModelFault.CANCELLED) from error
        except CannotRunError as error:
            if error.problem not in _NOT_THE_FILE:
                raise ModelError(ModelFault.CANNOT_RUN, error.problem or error.code.value) from error
