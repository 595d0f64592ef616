"""The start of a confined child: read the start order, confine, try the walls, answer, load the entry, run it.

A child that was promised a connection takes it from the dialler first: behind the walls nothing can be handed to it.

Runs on the standard library and this room alone until the walls stand.
"""

import importlib
import importlib.util
import itertools
import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import IO, Final

import app
from app.isolation.confine import confine
from app.isolation.errors import ConfineError, ConfineProblem, DialError, FrameError
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol
from app.isolation.orders import CONFINED, REFUSED, START, UNCONNECTED
from app.isolation.taking import take_connection

EXIT_REFUSED: Final = 70
_ENTRY_PREFIX: Final = f"{app.__name__}."


class GrantedFinder:
    """Finds exactly the third-party packages that the start order names."""

    def __init__(self, packages: dict[str, str]) -> None:
        self._packages = packages

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Return where ``name`` lies; None: not granted, or a part of a package that was and finds its own."""
        place = self._packages.get(name)
        if place is None:
            return None
        if Path(place).is_dir():
            start = Path(place, "__init__.py")
            return importlib.util.spec_from_file_location(name, start, submodule_search_locations=[place])
        return importlib.util.spec_from_file_location(name, place)


def main() -> int:
    """Return the exit status of the child."""
    pipe_in: IO[bytes] = os.fdopen(0, "rb", closefd=False)
    pipe_out: IO[bytes] = os.fdopen(1, "wb", closefd=False)
    writer = FrameWriter(pipe_out, Protocol(CONFINED, REFUSED, UNCONNECTED))
    connection: list[int] = []
    try:
        entry, files, folders, packages, promised = _read_orders(pipe_in)
        if promised:
            connection = [take_connection(promised)]
        abi = confine(files=files, folders=(*folders, *filter(_is_folder, packages.values())), keep=connection)
        pipe_out = _take_standard_output()
        writer = FrameWriter(pipe_out, Protocol(CONFINED, REFUSED))
        writer.write(Frame(CONFINED, {"landlock_abi": abi}))
    except DialError as problem:
        writer.write(Frame(UNCONNECTED, {"code": problem.code.value}))
        return EXIT_REFUSED
    except ConfineError as problem:
        writer.write(Frame(REFUSED, {"code": problem.code.value}))
        return EXIT_REFUSED
    sys.meta_path.append(GrantedFinder(packages))
    try:
        run = importlib.import_module(entry).run
    except Exception:  # noqa: BLE001 - whatever it is, the parent gets a code
        writer.write(Frame(REFUSED, {"code": ConfineProblem.ENTRY_FAILED.value}))
        return EXIT_REFUSED
    return int(run(pipe_in, pipe_out, *connection))


def _read_orders(pipe_in: IO[bytes]) -> tuple[str, tuple[str, ...], tuple[str, ...], dict[str, str], int]:
    try:
        body = FrameReader(pipe_in, Protocol(START)).read().body
    except FrameError as problem:
        raise ConfineError(ConfineProblem.BAD_ORDERS) from problem
    entry, files, folders, pairs = (body[name] for name in ("entry", "files", "folders", "packages"))
    if not entry.startswith(_ENTRY_PREFIX):
        raise ConfineError(ConfineProblem.BAD_ORDERS)
    packages: dict[str, str] = dict(pairs)
    single_files = itertools.filterfalse(_is_folder, packages.values())
    return entry, (*files, *single_files), tuple(folders), packages, body["connection"]


def _is_folder(path: str) -> bool:
    return Path(path).is_dir()


def _take_standard_output() -> IO[bytes]:
    """Keep the pipe for frames alone: whatever a C library prints to descriptor 1 goes to standard error instead."""
    frames = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(frames, "wb")
