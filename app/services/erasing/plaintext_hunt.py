"""The plaintext hunt: reading every byte of some folders for words and keys that must not stand there.

What is hunted is looked for as UTF-8 and as UTF-16, whatever its case; keys as raw bytes and as hexadecimal digits. A
hunt that finds nothing proves something only if it would have found something: before it begins, a sentence of random
letters is planted in each place, in each encoding, and the hunt must come back with exactly that. The words themselves
are never written anywhere for this.

Pure reading apart from the planted file. Nothing here is logged, and no report but ``Hit.path`` says what or where.
"""

import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.store.files import create_file

if TYPE_CHECKING:
    from app.services.erasing.byte_matcher import ByteMatcher

CHUNK_BYTES = 4 * 1024 * 1024
MIN_TEXT_CHARS = 5
"""Shorter words stand in any file by chance."""

MAX_FILES = 20_000
MAX_FILE_BYTES = 4 * 1024 * 1024 * 1024
_CONTROL_LETTERS = 24
_WEIGHTS = frozenset({".gguf", ".safetensors"})
"""Models: gigabytes that no conversation is ever written to."""


@dataclass(frozen=True, slots=True)
class HuntPlace:
    """A folder to hunt through; ``name`` is the code that a certificate shows (``data``, ``temporary``, ``backup``)."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Hunted:
    """What is looked for; hidden, because it is what must not stand anywhere."""

    texts: tuple[str, ...] = field(repr=False)
    keys: tuple[bytes, ...] = field(repr=False)

    def __repr__(self) -> str:
        return f"<Hunted {len(self.texts)} texts, {len(self.keys)} keys>"

    def forms(self) -> frozenset[bytes]:
        """Return all of it as it may stand in a file, ASCII letters in lower case."""
        wanted = {form for text in self.texts if len(text) >= MIN_TEXT_CHARS for form in _forms(text)}
        for key in self.keys:
            wanted |= {key.lower(), key.hex().encode()}
        return frozenset(wanted)

    @property
    def longest_bytes(self) -> int:
        """How far two chunks must overlap so that nothing falls between them."""
        texts = max((len(text.encode("utf-16-le", "replace")) for text in self.texts), default=0)
        return max([texts * 2, *(2 * len(key) for key in self.keys)])


@dataclass(frozen=True, slots=True)
class Hit:
    """A file that holds something of what was hunted. ``path`` is for the person at the screen, never for a record."""

    place: str
    path: Path = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """What was read in one place. ``is_control_found``: the planted sentence came back in every encoding."""

    name: str
    files: int
    bytes_read: int
    left_out: int
    is_control_found: bool
    hits: int


@dataclass(frozen=True, slots=True)
class HuntReport:
    """What a hunt found. It counts only when every control was found."""

    places: tuple[PlaceReport, ...]
    hits: tuple[Hit, ...]
    texts: int
    keys: int

    @property
    def is_clean(self) -> bool:
        """Whether the hunt works, looked for something and found nothing."""
        works = bool(self.places) and all(place.is_control_found for place in self.places)
        return works and not self.hits and self.texts + self.keys > 0


def hunt(hunted: Hunted, places: Sequence[HuntPlace]) -> HuntReport:
    """Read every file of the places that belongs to this person, and say where something of ``hunted`` stands.

    A place that does not exist is left out. Links are not followed; a file that another program takes away meanwhile
    counts as left out.
    """
    reports: list[PlaceReport] = []
    hits: list[Hit] = []
    for place in places:
        if place.path.is_dir():
            found, report = _hunt_place(hunted, place)
            hits += found
            reports.append(report)
    return HuntReport(tuple(reports), tuple(hits), len(hunted.texts), len(hunted.keys))


def _hunt_place(hunted: Hunted, place: HuntPlace) -> tuple[list[Hit], PlaceReport]:
    matcher, overlap = _matcher_of(hunted), hunted.longest_bytes
    hits, files, total, left_out = [], 0, 0, 0
    with _planted(place.path) as is_control_found:
        for path in _files_of(place.path):
            size = _size_to_read(path) if files < MAX_FILES else None
            if size is None:
                left_out += 1
                continue
            files, total = files + 1, total + size
            if _holds(path, matcher, overlap):
                hits.append(Hit(place.name, path))
    return hits, PlaceReport(place.name, files, total, left_out, is_control_found, len(hits))


@contextmanager
def _planted(folder: Path) -> Iterator[bool]:
    """Plant a random sentence in ``folder``, yield whether a search like the real one finds each form, take it away."""
    letters = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(_CONTROL_LETTERS))
    control = Hunted((letters,), (secrets.token_bytes(32),))
    path = folder / f".hunt-{secrets.token_hex(8)}"
    forms = [*_forms(letters), control.keys[0], control.keys[0].hex().encode()]
    try:
        is_found = True
        for form in forms:
            with suppress(FileNotFoundError):
                path.unlink()
            create_file(path, secrets.token_bytes(1000) + form + secrets.token_bytes(1000))
            seen = [one for one in _files_of(folder) if one == path]
            is_found = is_found and bool(seen) and _holds(path, _matcher_of(control), control.longest_bytes)
    except OSError:
        is_found = False
    finally:
        with suppress(OSError):
            path.unlink()
    yield is_found


def _matcher_of(hunted: Hunted) -> "ByteMatcher":
    from app.services.erasing.byte_matcher import ByteMatcher  # noqa: PLC0415 - loads numpy, which unlocking need not wait for

    return ByteMatcher(hunted.forms())


def _forms(text: str) -> set[bytes]:
    """Return how a text may stand in a file, ASCII letters in lower case."""
    variants = {text, text.lower()}
    encoded = {one.encode(code, "replace") for one in variants for code in ("utf-8", "utf-16-le", "utf-16-be")}
    escaped = {one.encode("ascii", "backslashreplace") for one in variants}
    return {form.lower() for form in encoded | escaped}


def _files_of(folder: Path) -> Iterator[Path]:
    for directory, _folders, names in os.walk(folder, followlinks=False):
        for name in sorted(names):
            yield Path(directory, name)


def _size_to_read(path: Path) -> int | None:
    """Return the size of a regular file of ours that can be read whole, else None."""
    try:
        status = path.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    return status.st_size if is_ours and status.st_size <= MAX_FILE_BYTES and path.suffix not in _WEIGHTS else None


def _holds(path: Path, matcher: "ByteMatcher", overlap: int) -> bool:
    try:
        return any(matcher.is_in(chunk) for chunk in _chunks(path, overlap))
    except OSError:
        return False


def _chunks(path: Path, overlap: int) -> Iterator[bytes]:
    """Yield a file piece by piece, each beginning with the end of the one before."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    rest = b""
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while piece := file.read(CHUNK_BYTES):
            chunk = rest + piece
            yield chunk
            rest = chunk[-overlap:] if overlap else b""


def places_of(paths: Iterable[tuple[str, Path]]) -> tuple[HuntPlace, ...]:
    """Return places without those that lie inside another one, so that nothing is read twice."""
    known: list[HuntPlace] = []
    # Outer folders have fewer parts; of two names for one folder the first stays.
    for name, path in sorted(((name, path.absolute()) for name, path in paths), key=lambda one: len(one[1].parts)):
        if not any(path.is_relative_to(place.path) for place in known):
            known.append(HuntPlace(name, path))
    return tuple(known)
