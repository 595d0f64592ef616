"""The passport of a model: ``manifest.json`` beside its file.

::

    {"version": 1, "name": "starter", "file": "starter.gguf", "sha256": "…", "licence": "CC-BY-SA-4.0",
     "template": "chatml", "context_tokens": 2048, "parameters": 30000000, "size_bytes": 33000000,
     "tasks": ["reply", "shorter"], "title": "Vestibule Starter", "architecture": "llama",
     "imported_ms": 1764000000000, "imported_by": "ada", "purpose": "search",
     "cache_bytes_per_position": 4096, "batch_bytes_per_token": 13568, "vocabulary": 4096}

The last three lines are optional. ``tasks`` are the values of ``app.domain.prompt.Task`` that the model was taught; a
task that this console does not know is passed over. ``purpose`` is there for embedding models alone. Other keys are for
people and are passed over too.
"""

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path

from app.domain.prompt import Task
from app.inference.templates import FRAMES
from app.services.models.memory import MemoryShape

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 1
MAX_MANIFEST_BYTES = 64 * 1024
MAX_LICENCE_CHARS = 120
MAX_TITLE_CHARS = 120
FOR_SEARCH = "search"

INSTRUCT_PARAMETERS = 500_000_000
"""From this size on an instruct model follows tasks that nobody taught it in our layout; below it only replies hold."""

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.gguf")
_SHAPE_KEYS = ("cache_bytes_per_position", "batch_bytes_per_token", "vocabulary")
_SHA256_PATTERN = re.compile(r"[0-9a-f]{64}")


class ManifestError(Exception):
    """A manifest is missing, damaged, or of no text model; the message names a key and nothing else."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model that is here. ``file`` is where the manifest says; whether it is still the same only a check tells."""

    name: str
    file: Path
    sha256: str
    licence: str
    template: str
    context_tokens: int
    parameters: int
    size_bytes: int
    is_shipped: bool
    taught: frozenset[Task] | None = None
    """What its maker says it was taught; None when nothing is said."""
    title: str = ""
    architecture: str = ""
    imported_ms: int | None = None
    imported_by: str = ""
    is_for_search: bool = False
    """It makes vectors of texts for finding approved answers, and writes nothing."""
    shape: MemoryShape | None = None
    """What its memory need is computed from; None in manifests that do not tell, whose file's header does."""

    @property
    def tasks(self) -> frozenset[Task]:
        """What it may be asked to do: what it was taught, or, where nothing is said, what a model of its size can."""
        if self.is_for_search:
            return frozenset()
        if self.taught is not None:
            return self.taught
        return frozenset(Task) if self.parameters >= INSTRUCT_PARAMETERS else frozenset({Task.REPLY})

    def supports(self, task: Task) -> bool:
        """Return whether ``task`` may be asked of it."""
        return task in self.tasks


def read_manifest(folder: Path, *, is_shipped: bool) -> ModelEntry:
    """Return the model that lies in ``folder``.

    Raises:
        ManifestError: there is no manifest of a text model, or it breaks a rule.
    """
    try:
        with (folder / MANIFEST_NAME).open("rb") as stream:
            raw = json.loads(stream.read(MAX_MANIFEST_BYTES + 1)[:MAX_MANIFEST_BYTES])
    except (OSError, ValueError) as error:
        raise ManifestError("not readable") from error
    if not isinstance(raw, dict) or raw.get("version") != MANIFEST_VERSION:
        raise ManifestError("version")
    template = _matching(raw, "template", re.compile("|".join(map(re.escape, FRAMES))))
    return ModelEntry(
        name=_matching(raw, "name", NAME_PATTERN),
        file=folder / _matching(raw, "file", _FILE_PATTERN),
        sha256=_matching(raw, "sha256", _SHA256_PATTERN),
        licence=_matching(raw, "licence", re.compile(rf"[^\x00-\x1f]{{0,{MAX_LICENCE_CHARS}}}")),
        template=template,
        context_tokens=_number(raw, "context_tokens"),
        parameters=_number(raw, "parameters"),
        size_bytes=_number(raw, "size_bytes"),
        is_shipped=is_shipped,
        taught=_tasks(raw),
        title=_words(raw, "title"),
        architecture=_words(raw, "architecture"),
        imported_ms=_number(raw, "imported_ms") if "imported_ms" in raw else None,
        imported_by=_words(raw, "imported_by"),
        is_for_search=raw.get("purpose") == FOR_SEARCH,
        shape=MemoryShape(*(_number(raw, key) for key in _SHAPE_KEYS)) if _SHAPE_KEYS[0] in raw else None,
    )


def write_manifest(folder: Path, entry: ModelEntry) -> None:
    """Write the passport of ``entry`` into ``folder``; the folder is not yet known to anybody."""
    raw: dict[str, object] = {
        "version": MANIFEST_VERSION,
        "name": entry.name,
        "file": entry.file.name,
        "sha256": entry.sha256,
        "licence": entry.licence,
        "template": entry.template,
        "context_tokens": entry.context_tokens,
        "parameters": entry.parameters,
        "size_bytes": entry.size_bytes,
    }
    optional = {
        "tasks": None if entry.taught is None else [task.value for task in Task if task in entry.taught],
        "title": entry.title or None,
        "architecture": entry.architecture or None,
        "imported_ms": entry.imported_ms,
        "imported_by": entry.imported_by or None,
        "purpose": FOR_SEARCH if entry.is_for_search else None,
    }
    raw |= {key: value for key, value in optional.items() if value is not None}
    if entry.shape is not None:
        raw |= dict(zip(_SHAPE_KEYS, dataclasses.astuple(entry.shape), strict=True))
    (folder / MANIFEST_NAME).write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")


def _tasks(raw: dict[str, object]) -> frozenset[Task] | None:
    value = raw.get("tasks")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ManifestError("tasks")
    return frozenset(task for task in Task if task.value in value)


def _words(raw: dict[str, object], key: str) -> str:
    return _matching({key: ""} | raw, key, re.compile(rf"[^\x00-\x1f]{{0,{MAX_TITLE_CHARS}}}"))


def _matching(raw: dict[str, object], key: str, pattern: re.Pattern[str]) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ManifestError(key)
    return value


def _number(raw: dict[str, object], key: str) -> int:
    value = raw.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ManifestError(key)
    return value
