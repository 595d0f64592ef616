"""A post office in memory: what a gateway does for one office, without a socket and without a process.

The tour may contact nobody, so the console gets this in place of the link. Everything before and behind it is real: the
frames are sealed by the console and opened by a patient's own session. One thread carries, as the link's does.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from app.channel.link.errors import LinkRefusedError
from app.domain.post import NoCode
from app.domain.strict_json import to_base64

Hear = Callable[[int, bytes], None]
"""Takes seq and frame of what came for a patient."""


@dataclass
class _Box:
    token_hash: bytes
    until_ms: int
    hear: Hear | None = None
    to_desk: dict[int, bytes] = field(default_factory=dict)
    to_patient: dict[int, bytes] = field(default_factory=dict)
    known: dict[bytes, int] = field(default_factory=dict)
    blobs: dict[bytes, dict[int, tuple[int, bytes]]] = field(default_factory=dict)


class TourPost:
    """Keeps frames until they are taken, and files until they are dropped; ``document``: what patients are shown."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.now_ms = now_ms
        self.document = b""
        self._boxes: dict[bytes, _Box] = {}
        self._seq = 0
        self._desk: Callable[[bytes, int, bytes], None] | None = None
        self._carrier = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vestibule-tour-post")

    def close(self) -> None:
        """End the thread that carries."""
        self._carrier.shutdown(wait=True, cancel_futures=True)

    def do(self, act: Callable[..., Any], *given: Any) -> "Future[Any]":
        """Do something in turn, on the thread that carries."""
        return self._carrier.submit(act, *given)

    def listen(self, address: bytes, hear: Hear) -> None:
        """Let a patient come in; only on the carrying thread."""
        self._box(address).hear = hear

    def hear_desk(self, callback: Callable[[bytes, int, bytes], None] | None) -> None:
        """Give what waits for the desk, and what comes from now on, to ``callback``; only on the carrying thread."""
        self._desk = callback
        for address, box in self._boxes.items():
            for seq, frame in box.to_desk.items() if callback is not None else ():
                self.do(self._push, address, seq, frame)

    def put(self, address: bytes, frame: bytes, *, to_desk: bool) -> int:
        """Keep a frame and hand it on; return its place. The same bytes again have the place that they have."""
        box = self._box(address)
        if frame in box.known:
            return box.known[frame]
        self._seq += 1
        seq = box.known[frame] = self._seq
        (box.to_desk if to_desk else box.to_patient)[seq] = frame
        if to_desk:
            self.do(self._push, address, seq, frame)
        elif box.hear is not None:
            self.do(box.hear, seq, frame)
        return seq

    def taken(self, address: bytes, seq: int, *, to_desk: bool) -> None:
        """Forget what arrived."""
        box = self._box(address)
        pile = box.to_desk if to_desk else box.to_patient
        for one in [one for one in pile if one <= seq]:
            del pile[one]

    def open(self, address: bytes, token_hash: bytes, until_ms: int) -> None:
        """Make a mailbox."""
        self._boxes.setdefault(address, _Box(token_hash, until_ms))

    def end(self, address: bytes) -> None:
        """Take a mailbox away."""
        self._boxes.pop(address, None)

    def publish(self, document: bytes) -> None:
        """Show patients these papers."""
        self.document = document

    def wipe(self) -> None:
        """Forget every mailbox."""
        self._boxes.clear()

    def put_chunk(self, address: bytes, blob: bytes, index: int, total: int, chunk: bytes) -> None:
        """Keep a piece of a file."""
        self._box(address).blobs.setdefault(blob, {})[index] = (total, chunk)

    def chunk(self, address: bytes, blob: bytes, index: int) -> tuple[int, bytes]:
        """Return a piece of a file, and how many there are."""
        found = self._box(address).blobs.get(blob, {}).get(index)
        if found is None:
            raise LinkRefusedError(NoCode.UNKNOWN)
        return found

    def drop(self, address: bytes, blob: bytes) -> None:
        """Forget a file that arrived."""
        self._box(address).blobs.pop(blob, None)

    def holdings(self) -> dict[str, Any]:
        """Return what lies here, as a gateway tells it."""
        boxes = [self._holding(address, box) for address, box in self._boxes.items()]
        return {"now_ms": self.now_ms(), "closed": 0, "disk_bytes": 0, "mailboxes": boxes}

    def _push(self, address: bytes, seq: int, frame: bytes) -> None:
        if self._desk is not None:
            self._desk(address, seq, frame)

    def _box(self, address: bytes) -> _Box:
        box = self._boxes.get(address)
        if box is None:
            raise LinkRefusedError(NoCode.UNKNOWN)
        return box

    def _holding(self, address: bytes, box: _Box) -> dict[str, Any]:
        def pile(sizes: list[int]) -> dict[str, int]:
            return {"count": len(sizes), "bytes": sum(sizes), "oldest_ms": self.now_ms() if sizes else 0}

        return {
            "address": to_base64(address),
            "token_hash": to_base64(box.token_hash),
            "claimed": box.hear is not None,
            "until_ms": box.until_ms,
            "to_desk": pile([len(frame) for frame in box.to_desk.values()]),
            "to_patient": pile([len(frame) for frame in box.to_patient.values()]),
            "blobs": pile([sum(len(chunk) for _, chunk in one.values()) for one in box.blobs.values()]),
        }
