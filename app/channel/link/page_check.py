"""Whether the gateway serves the page that this desk knows (threat-model.md §6.9): file by file, byte for byte.

A gateway that wants to harm one patient can still serve that patient something else; this narrows it, and catches the
gateway that was altered, left behind by an update, or put behind a proxy that meddles.
"""

import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from app.channel.link.errors import ChildCode
from app.channel.link.launch import Dial, new_child
from app.channel.link.page_protocol import ALL, BROKEN, FETCH, FILE, FROM_CHILD, TO_CHILD
from app.domain.channel import GatewayPlace, PageState, ServedPage
from app.isolation.child import SupervisedChild
from app.isolation.errors import ChildError, DialError, FrameError, PipeClosedError
from app.isolation.frames import Frame
from app.isolation.orders import CONFINED

ENTRY: Final = "app.channel.link.page_worker"
WITHIN_S: Final = 60.0
_START_S: Final = 60.0
_START_FILE: Final = "index.html"
_STARTS: Final = ("/", "/c")
MAX_NAMED: Final = 5
"""So many paths of files that differ are told."""


def expected_page(folder: Path) -> dict[str, str]:
    """Return path → SHA-256 (hexadecimal) of everything a browser loads, from the page's own list.

    Empty when there is no list that can be read: then nothing is compared, and the state stays NOT_LOOKED.
    """
    try:
        listed = json.loads((folder / "files.json").read_bytes())
        files = {str(entry["path"]): str(entry["sha256"]) for entry in listed["files"]}
        return {**dict.fromkeys(_STARTS, files[_START_FILE]), **{f"/{path}": digest for path, digest in files.items()}}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def check_page(place: GatewayPlace, dial: Dial, expected: Mapping[str, str], within_s: float = WITHIN_S) -> ServedPage:
    """Return what a look at the page finds. Blocks; call it on a thread of its own."""
    try:
        promised = dial(place.host, place.port, not place.is_tls)
    except DialError as problem:
        return _unknown(problem.code.value)
    child = new_child(place, promised, ENTRY, TO_CHILD, FROM_CHILD)
    too_late = threading.Timer(_START_S + within_s, child.kill)
    too_late.daemon = True
    too_late.start()
    try:
        return _ask(child, place, expected, within_s)
    except (ChildError, FrameError):
        return _unknown(ChildCode.WORKER_DIED.value)
    finally:
        too_late.cancel()
        child.kill()
        child.close()
        child.close_pipes()


def _ask(child: SupervisedChild, place: GatewayPlace, expected: Mapping[str, str], within_s: float) -> ServedPage:
    child.start()
    with suppress(PipeClosedError):  # it is dead already: reading tells
        child.send(_order(place, [*expected], within_s))
    first = child.read()
    if first.shape is not CONFINED:
        return _unknown(str(first.body.get("code", "")))
    paths = [*expected]
    found: dict[str, bool] = {}
    while (frame := child.read()).shape is FILE and frame.body["number"] < len(paths):
        path = paths[frame.body["number"]]
        found[path] = _is_same(frame, expected[path])
    if frame.shape is BROKEN:
        return _unknown(str(frame.body["code"]))
    if frame.shape is not ALL:
        return _unknown(ChildCode.WORKER_DIED.value)
    differing = tuple(path for path in paths if not found.get(path))[:MAX_NAMED]
    return ServedPage(PageState.DIFFERENT if differing else PageState.SAME, _now_ms(), differing=differing)


def _order(place: GatewayPlace, paths: list[str], within_s: float) -> Frame:
    body: dict[str, Any] = {
        "host": place.host,
        "port": place.port,
        "is_tls": place.is_tls,
        "ca_file": "" if place.ca_file is None else str(place.ca_file),
        "paths": paths,
        "within_ms": max(1, round(within_s * 1000)),
    }
    return Frame(FETCH, body)


def _is_same(frame: Frame, digest: str) -> bool:
    body = frame.body
    return body["status"] == HTTPStatus.OK and body["digest"] == digest and body["is_strict"] is True


def _unknown(code: str) -> ServedPage:
    return ServedPage(PageState.UNKNOWN, _now_ms(), code)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
