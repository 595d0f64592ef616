"""Bringing a model file in.

An import never trusts the file it is given: the bytes are copied first, the copy's header is read by our own reader
(``app.inference.gguf``), and only then may the confined worker load it, to be measured. The copy gets its name at the
very end, in one rename. llama.cpp sees nothing before the check, and a failure or a stop leaves nothing behind; what a
killed process left is swept away by the next import.
"""

import fcntl
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from app.inference.errors import GgufError
from app.inference.gguf import GgufHeader, read_header
from app.inference.templates import FRAMES, guess_family
from app.services.models.errors import ModelError, ModelFault
from app.services.models.manifests import MAX_LICENCE_CHARS, NAME_PATTERN, ModelEntry, write_manifest
from app.services.models.memory import MemoryShape

COPY_CHUNK_BYTES = 1 << 20
SPARE_BYTES = 256 << 20
"""Left free on the disk after an import, so that the vault can still be written."""

LOCK_NAME = ".importing"
_BESIDE = ".import-"
_REMOVED = ".removed-"


class ImportStep(Enum):
    """What an import is doing."""

    COPYING = "copying"
    MEASURING = "measuring"


class ImportListener:
    """Follows one import; as it stands it says nothing, stops nothing and measures nothing."""

    def progressed(self, step: ImportStep, done: int, total: int) -> None:
        """Hear of bytes done and in all; while measuring both are 0."""

    def is_stopped(self) -> bool:
        """Return True to stop the import; it is asked every megabyte."""
        return False

    def measure(self, entry: ModelEntry) -> None:
        """Run the checked copy, whose file has a name of the moment, before the model gets its own.

        Raises:
            ModelError: it cannot run; the import ends with it.
        """


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What is to be brought in, as ``ModelCatalogue.import_file`` says."""

    source: Path
    name: str | None = None
    template: str | None = None
    licence: str | None = None
    imported_by: str = ""


class ModelImport:
    """One import into ``user_dir``, beside the models that are ``here``."""

    def __init__(self, user_dir: Path, here: Sequence[ModelEntry], listener: ImportListener) -> None:
        self._user_dir = user_dir
        self._here = here
        self._listener = listener

    def run(self, wish: ImportWish) -> ModelEntry:
        """Return the entry of the new model.

        Raises:
            ModelError: with the first rule that was broken; nothing was changed.
        """
        name = wish.name if wish.name is not None else name_from(wish.source)
        if NAME_PATTERN.fullmatch(name) is None:
            raise ModelError(ModelFault.BAD_NAME)
        if wish.template is not None and wish.template not in FRAMES:
            raise ModelError(ModelFault.UNKNOWN_TEMPLATE)
        if name in {entry.name for entry in self._here} or (self._user_dir / name).exists():
            raise ModelError(ModelFault.EXISTS)
        try:
            with open_regular(wish.source) as stream:
                licence = licence_of(wish.licence, header_of(Path(f"/proc/self/fd/{stream.fileno()}")))
                self._user_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self._alone():
                    return self._take_in(stream, replace(wish, name=name, licence=licence))
        except OSError as error:
            raise ModelError(ModelFault.COPY_FAILED) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of imports, and sweep away what an earlier one that was killed left behind."""
        handle = os.open(self._user_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in self._user_dir.iterdir():
                if left.name.startswith((_BESIDE, _REMOVED)):
                    shutil.rmtree(left, ignore_errors=True)
            yield
        except BlockingIOError as error:
            raise ModelError(ModelFault.IMPORTING) from error
        finally:
            os.close(handle)

    def _take_in(self, stream: BinaryIO, wish: ImportWish) -> ModelEntry:
        beside = Path(tempfile.mkdtemp(dir=self._user_dir, prefix=_BESIDE))
        try:
            copy = beside / f"{wish.name}.gguf"
            sha256 = self._copy(stream, copy)
            entry = _entry(wish, copy, sha256, header_of(copy))
            self._measure(entry)
            write_manifest(beside, entry)
            sync(beside)
            beside.rename(self._user_dir / entry.name)
            sync(self._user_dir)
        except BaseException:  # a stop by the keyboard as well
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return replace(entry, file=self._user_dir / entry.name / copy.name)

    def _measure(self, entry: ModelEntry) -> None:
        self._listener.progressed(ImportStep.MEASURING, 0, 0)
        self._listener.measure(entry)
        if self._listener.is_stopped():
            raise ModelError(ModelFault.CANCELLED)

    def _copy(self, stream: BinaryIO, target: Path) -> str:
        """Copy the bytes and return their digest. Raises ModelError: NO_SPACE, CANCELLED, DUPLICATE."""
        total = os.fstat(stream.fileno()).st_size
        if shutil.disk_usage(self._user_dir).free < total + SPARE_BYTES:
            raise ModelError(ModelFault.NO_SPACE)
        digest = hashlib.sha256()
        done = 0
        with target.open("xb") as copy:
            while chunk := stream.read(COPY_CHUNK_BYTES):
                if self._listener.is_stopped():
                    raise ModelError(ModelFault.CANCELLED)
                digest.update(chunk)
                copy.write(chunk)
                done += len(chunk)
                self._listener.progressed(ImportStep.COPYING, done, total)
            copy.flush()
            os.fsync(copy.fileno())
        same = next((entry.name for entry in self._here if entry.sha256 == digest.hexdigest()), None)
        if same is not None:
            raise ModelError(ModelFault.DUPLICATE, same)
        return digest.hexdigest()


def name_from(source: Path) -> str:
    """Return a model name made from a file's name: lower case, anything unusual as a dash."""
    return re.sub(r"[^a-z0-9._]+", "-", source.stem.lower()).strip("-._")[:64]


def open_regular(source: Path) -> BinaryIO:
    """Open a regular file; a pipe or device is refused without waiting for it. Raises ModelError: NOT_A_FILE."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise ModelError(ModelFault.NOT_A_FILE) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ModelError(ModelFault.NOT_A_FILE)
    return os.fdopen(handle, "rb")


def header_of(file: Path) -> GgufHeader:
    """Return the checked header. Raises ModelError: REFUSED."""
    try:
        return read_header(file)
    except GgufError as error:
        raise ModelError(ModelFault.REFUSED, error.code.value) from error


def licence_of(said: str | None, header: GgufHeader) -> str:
    """Return the licence as a person said it, else as the file does. Raises ModelError: LICENCE_UNKNOWN."""
    words = re.sub(r"[\x00-\x1f]+", " ", said or header.licence).strip()[:MAX_LICENCE_CHARS]
    if not words:
        raise ModelError(ModelFault.LICENCE_UNKNOWN)
    return words


def sync(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(wish: ImportWish, copy: Path, sha256: str, header: GgufHeader) -> ModelEntry:
    assert wish.name is not None
    assert wish.licence is not None
    return ModelEntry(
        name=wish.name,
        file=copy,
        sha256=sha256,
        licence=wish.licence,
        template=wish.template or guess_family(header.architecture, header.name),
        context_tokens=header.context_tokens,
        parameters=header.parameters,
        size_bytes=header.size_bytes,
        is_shipped=False,
        title=header.name,
        architecture=header.architecture,
        imported_ms=time.time_ns() // 1_000_000,
        imported_by=wish.imported_by,
        is_for_search=header.makes_vectors,
        shape=MemoryShape.of(header),
    )
