"""Frames on the pipe between a process and its confined child.

Layout (big-endian)::

    length 4 B | kind 1 B | body (length - 1) B, one JSON object in UTF-8

``length`` counts kind and body and is checked before anything more is read. The body has exactly the fields that the
kind's :class:`Shape` names, each within its limits; it is checked before sending and after receiving.
"""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from app.isolation.errors import FrameError, FrameProblem, PipeClosedError

MAX_FRAME_BYTES: Final = 1 << 20
"""1 MiB, kind and body together (threat-model.md §3)."""

_HEAD: Final = struct.Struct(">IB")
_PAIR: Final = 2

Check = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of message: its byte, its name for people, and a check for each of its fields."""

    kind: int
    name: str
    fields: Mapping[str, Check]

    def accepts(self, body: object) -> bool:
        """Return whether ``body`` is an object with exactly these fields, each within its limits."""
        if not isinstance(body, dict) or body.keys() != self.fields.keys():
            return False
        return all(check(body[name]) for name, check in self.fields.items())


@dataclass(frozen=True, slots=True)
class Frame:
    """A checked message. The repr shows its kind and nothing else: bodies hold people's words."""

    shape: Shape
    body: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<Frame {self.shape.name}>"


class Protocol:
    """The kinds that may travel in one direction."""

    def __init__(self, *shapes: Shape) -> None:
        self._by_kind = {shape.kind: shape for shape in shapes}
        if len(self._by_kind) != len(shapes):
            raise ValueError("two shapes share a kind byte")

    def encode(self, frame: Frame) -> bytes:
        """Return the bytes of ``frame``.

        Raises:
            FrameError: unknown kind, a body outside its shape, or longer than ``MAX_FRAME_BYTES``.
        """
        if self._by_kind.get(frame.shape.kind) is not frame.shape:
            raise FrameError(FrameProblem.UNKNOWN_KIND)
        if not frame.shape.accepts(frame.body):
            raise FrameError(FrameProblem.WRONG_SHAPE)
        try:
            body = json.dumps(frame.body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
        except (ValueError, UnicodeEncodeError) as problem:
            raise FrameError(FrameProblem.WRONG_SHAPE) from problem
        if len(body) + 1 > MAX_FRAME_BYTES:
            raise FrameError(FrameProblem.TOO_LONG)
        return _HEAD.pack(len(body) + 1, frame.shape.kind) + body

    def decode(self, kind: int, untrusted_body: bytes) -> Frame:
        """Return the checked frame.

        Raises:
            FrameError: unknown kind; not one UTF-8 JSON value without repeated keys; outside its shape.
        """
        shape = self._by_kind.get(kind)
        if shape is None:
            raise FrameError(FrameProblem.UNKNOWN_KIND)
        body = _parse(untrusted_body)
        if not shape.accepts(body):
            raise FrameError(FrameProblem.WRONG_SHAPE)
        assert isinstance(body, dict)
        return Frame(shape, body)


class FrameReader:
    """Reads checked frames from a pipe, one thread only."""

    def __init__(self, pipe: IO[bytes], protocol: Protocol) -> None:
        self._pipe = pipe
        self._protocol = protocol

    def read(self) -> Frame:
        """Block until a whole frame is there.

        Raises:
            PipeClosedError: CLOSED at a frame border, TRUNCATED inside a frame.
            FrameError: anything else the protocol does not allow; nothing after it can be trusted.
        """
        head = self._pipe.read(_HEAD.size)
        if not head:
            raise PipeClosedError(FrameProblem.CLOSED)
        if len(head) < _HEAD.size:
            raise PipeClosedError(FrameProblem.TRUNCATED)
        length, kind = _HEAD.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise FrameError(FrameProblem.TOO_LONG)
        if length < 1:
            raise FrameError(FrameProblem.TOO_SHORT)
        body = self._pipe.read(length - 1)
        if len(body) < length - 1:
            raise PipeClosedError(FrameProblem.TRUNCATED)
        return self._protocol.decode(kind, body)


class FrameWriter:
    """Writes checked frames to a pipe; the caller holds a lock where several threads write."""

    def __init__(self, pipe: IO[bytes], protocol: Protocol) -> None:
        self._pipe = pipe
        self._protocol = protocol

    def write(self, frame: Frame) -> None:
        """Send ``frame``; blocks while the pipe is full.

        Raises:
            FrameError: the frame is not allowed; nothing was sent.
            PipeClosedError: the other side is gone.
        """
        encoded = self._protocol.encode(frame)
        try:
            self._pipe.write(encoded)
            self._pipe.flush()
        except (BrokenPipeError, ValueError) as problem:
            raise PipeClosedError(FrameProblem.CLOSED) from problem


def whole_number(low: int, high: int) -> Check:
    """Return a check for an integer between ``low`` and ``high``, both included. True and False are not numbers."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def number(low: float, high: float) -> Check:
    """Return a check for an integer or a finite fraction between ``low`` and ``high``."""
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def text(max_characters: int) -> Check:
    """Return a check for a text without lone surrogates of at most ``max_characters`` code points."""
    return lambda value: isinstance(value, str) and len(value) <= max_characters and _is_unicode(value)


def one_of(*words: str) -> Check:
    """Return a check for one of the given words: how codes cross the wall."""
    allowed = frozenset(words)
    return lambda value: isinstance(value, str) and value in allowed


def flag(value: object) -> bool:
    """Check for true or false."""
    return isinstance(value, bool)


def list_of(check: Check, max_items: int) -> Check:
    """Return a check for a list of at most ``max_items``, each of which passes ``check``."""
    return lambda value: isinstance(value, list) and len(value) <= max_items and all(check(item) for item in value)


def pair(first: Check, second: Check) -> Check:
    """Return a check for a list of exactly two items."""
    return lambda value: isinstance(value, list) and len(value) == _PAIR and first(value[0]) and second(value[1])


def _is_unicode(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parse(untrusted_body: bytes) -> object:
    try:
        return json.loads(
            untrusted_body.decode("utf-8"), object_pairs_hook=_object_without_repeats, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as problem:
        raise FrameError(FrameProblem.NOT_JSON) from problem


def _object_without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found


def _refuse_constant(_name: str) -> object:
    raise ValueError("NaN and infinities are not JSON")
