"""The models on this machine: what ships with the product and what was imported, and bringing one in.

An import never trusts the file it is given: the bytes are copied first, the copy's header is read by our own reader
(``app.inference.gguf``), and only then does the copy get its name, in one rename. llama.cpp sees nothing before that.
"""

import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from app.domain.prompt import PromptFrame, PromptSource, Speaker, Turn, build_prompt
from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf import CheckedFile, GgufHeader, check_file, read_header
from app.inference.templates import FRAMES, guess_family
from app.services.manifests import (
    MAX_LICENCE_CHARS,
    NAME_PATTERN,
    ManifestError,
    ModelEntry,
    read_manifest,
    write_manifest,
)
from app.services.ports import TextModel

COPY_CHUNK_BYTES = 1 << 20
SPARE_BYTES = 256 << 20
"""Left free on the disk after an import, so that the vault can still be written."""

UNKNOWN_LICENCE = "unknown"

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class ModelFault(Enum):
    """Why a model cannot be used or taken in."""

    UNKNOWN = "unknown_model"
    EXISTS = "model_exists"
    BAD_NAME = "bad_name"
    UNKNOWN_TEMPLATE = "unknown_template"
    NOT_A_FILE = "not_a_file"
    REFUSED = "refused"
    CHANGED = "changed"
    NO_SPACE = "no_space"
    COPY_FAILED = "copy_failed"


class ModelError(Exception):
    """A model cannot be used. ``detail`` is the header reader's code when ``code`` is ``REFUSED``, else empty."""

    def __init__(self, code: ModelFault, detail: str = "") -> None:
        super().__init__(f"{code.value} {detail}".strip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a model works here. Prompt speed counts tokens that were really evaluated."""

    prompt_tokens: int
    prompt_tokens_per_s: float
    generated_tokens: int
    generated_tokens_per_s: float
    first_token_ms: int


class ModelCatalogue:
    """Models in ``models_dir`` (shipped, read-only) and ``user_dir`` (imported, 0700)."""

    def __init__(self, models_dir: Path, user_dir: Path) -> None:
        """Look for models in these two folders; neither has to exist."""
        self._models_dir = models_dir
        self._user_dir = user_dir

    def list(self) -> tuple[ModelEntry, ...]:
        """Return every model with a sound manifest, shipped ones first; a shipped name cannot be taken by another."""
        entries: dict[str, ModelEntry] = {}
        for folder, is_shipped in ((self._models_dir, True), (self._user_dir, False)):
            for place in sorted(folder.iterdir()) if folder.is_dir() else ():
                try:
                    entry = read_manifest(place, is_shipped=is_shipped)
                except ManifestError:
                    continue
                entries.setdefault(entry.name, entry)
        return tuple(entries.values())

    def find(self, name: str) -> ModelEntry:
        """Return the model called ``name``.

        Raises:
            ModelError: UNKNOWN.
        """
        for entry in self.list():
            if entry.name == name:
                return entry
        raise ModelError(ModelFault.UNKNOWN)

    def check(self, name: str) -> CheckedFile:
        """Read the whole file of a model: header within bounds, digest as the manifest says.

        Raises:
            ModelError: UNKNOWN, CHANGED (another digest) or REFUSED (a header that llama.cpp must not see).
        """
        entry = self.find(name)
        try:
            return check_file(entry.file, entry.sha256)
        except GgufError as error:
            raise _refusal(error) from error

    def import_file(
        self,
        source: Path,
        *,
        name: str | None = None,
        template: str | None = None,
        licence: str | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> ModelEntry:
        """Copy a GGUF file into the imported models and return its entry; a failure leaves nothing behind.

        Args:
            source: any regular file; it is not trusted.
            name: what to call it; made from the file's name when None.
            template: family of its turn markers; guessed from architecture and name when None.
            licence: as the administrator knows it; the file's own word when None.
            progress: hears of bytes copied.

        Raises:
            ModelError: with the first rule that was broken.
        """
        wanted = name if name is not None else name_from(source)
        if NAME_PATTERN.fullmatch(wanted) is None:
            raise ModelError(ModelFault.BAD_NAME)
        if template is not None and template not in FRAMES:
            raise ModelError(ModelFault.UNKNOWN_TEMPLATE)
        if wanted in {entry.name for entry in self.list()} or (self._user_dir / wanted).exists():
            raise ModelError(ModelFault.EXISTS)
        try:
            return self._take_in(source, wanted, template, licence, progress)
        except OSError as error:
            raise ModelError(ModelFault.COPY_FAILED) from error

    def _take_in(
        self, source: Path, name: str, template: str | None, licence: str | None, progress: Progress
    ) -> ModelEntry:
        self._user_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=self._user_dir, prefix=".import-"))
        try:
            with _open_regular(source) as stream:
                sha256 = self._copy(stream, beside / f"{name}.gguf", progress)
            header = _header_of(beside / f"{name}.gguf")
            entry = ModelEntry(
                name=name,
                file=self._user_dir / name / f"{name}.gguf",
                sha256=sha256,
                licence=_licence(licence or header.licence),
                template=template or guess_family(header.architecture, header.name),
                context_tokens=header.context_tokens,
                parameters=header.parameters,
                size_bytes=header.size_bytes,
                is_shipped=False,
            )
            write_manifest(beside, entry)
            _sync(beside)
            beside.rename(self._user_dir / name)
            _sync(self._user_dir)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return entry

    def _copy(self, stream: BinaryIO, target: Path, progress: Progress) -> str:
        total = os.fstat(stream.fileno()).st_size
        if shutil.disk_usage(self._user_dir).free < total + SPARE_BYTES:
            raise ModelError(ModelFault.NO_SPACE)
        digest = hashlib.sha256()
        done = 0
        with target.open("xb") as copy:
            while chunk := stream.read(COPY_CHUNK_BYTES):
                digest.update(chunk)
                copy.write(chunk)
                done += len(chunk)
                progress(done, total)
            copy.flush()
            os.fsync(copy.fileno())
        return digest.hexdigest()


def name_from(source: Path) -> str:
    """Return a model name made from a file's name: lower case, anything unusual as a dash."""
    return re.sub(r"[^a-z0-9._]+", "-", source.stem.lower()).strip("-._")[:64]


def measure_speed(model: TextModel, frame: PromptFrame, *, max_tokens: int = 64) -> Speed:
    """Return how fast ``model`` reads a fresh prompt and writes, by the worker's own times where it tells them.

    The prompt holds the time, so that no cache can know it.

    Raises:
        GenerationError: the model gave no text.
    """
    words = f"It is {time.time_ns()} and this is a made-up passage about opening hours and parking behind the house. "
    sources = [PromptSource("Opening hours", words * 4), PromptSource("Parking", words * 4)]
    prompt = build_prompt([Turn(Speaker.VISITOR, "When are you open, and where can I park?")], sources, frame=frame)
    result = model.generate(prompt, max_tokens=max_tokens, stop=()).result()
    evaluated = result.prompt_tokens - result.reused_tokens
    reading_ms = result.prompt_ms or result.first_token_ms
    writing_ms = result.generation_ms or result.total_ms - result.first_token_ms
    return Speed(
        prompt_tokens=evaluated,
        prompt_tokens_per_s=1000 * evaluated / max(reading_ms, 1),
        generated_tokens=result.generated_tokens,
        generated_tokens_per_s=1000 * max(result.generated_tokens - 1, 0) / max(writing_ms, 1),
        first_token_ms=round(result.first_token_ms),
    )


def _open_regular(source: Path) -> BinaryIO:
    """Open a regular file; a pipe or device is refused without waiting for it."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise ModelError(ModelFault.NOT_A_FILE) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ModelError(ModelFault.NOT_A_FILE)
    return os.fdopen(handle, "rb")


def _header_of(copy: Path) -> GgufHeader:
    try:
        return read_header(copy)
    except GgufError as error:
        raise _refusal(error) from error


def _refusal(error: GgufError) -> ModelError:
    if error.code is GgufProblem.DIGEST_MISMATCH:
        return ModelError(ModelFault.CHANGED)
    return ModelError(ModelFault.REFUSED, error.code.value)


def _licence(words: str) -> str:
    return re.sub(r"[\x00-\x1f]+", " ", words).strip()[:MAX_LICENCE_CHARS] or UNKNOWN_LICENCE


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
