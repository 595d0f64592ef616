"""Hostile documents through one reader, counted and measured."""

import gc
import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.language import DocumentError, DocumentFault, DocumentKind, DocumentReader, ReaderLimits
from app.language.limits import MEMORY_BYTES
from tests.support.hostile_documents import GOOD_MARKDOWN, hostile

LIMITS = ReaderLimits(document_s=20.0, processor_s=5, start_s=60.0)
GRACE_S = 15.0
"""What a machine at work for others may add to a limit."""
MAX_GROWTH_BYTES = 96 * 1024 * 1024
"""Of the process that reads, over a run; the documents themselves are made in it, and the largest has 40 MiB."""
LOOK_EVERY = 25


@dataclass
class Storm:
    """One run."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    slowest_trick: str = ""
    growth_bytes: int = 0
    largest_child_bytes: int = 0
    restarts: int = 0
    documents: int = 0

    def run(self, seeds: Iterable[int]) -> None:
        """Read the documents of ``seeds``, and a good one now and then between them."""
        with DocumentReader(LIMITS) as reader:
            reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN)
            before = _resident_bytes()
            for seed in seeds:
                self._read(reader, seed)
                if self.documents % LOOK_EVERY == 0:
                    self._look(reader, before)
            self._look(reader, before)
            self.restarts = reader.starts - 1

    def check(self) -> None:
        """Fail when a limit did not hold."""
        allowed = {"read", *(fault.value for fault in DocumentFault)} - {
            DocumentFault.CANCELLED.value,
            DocumentFault.NOT_CONFINED.value,
            DocumentFault.READER_MISSING.value,
            DocumentFault.READER_FAILED.value,
        }
        assert set(self.outcomes) <= allowed, self.outcomes
        assert sum(self.outcomes.values()) == self.documents
        assert self.slowest_s < LIMITS.document_s + GRACE_S, (self.slowest_trick, self.slowest_s)
        assert self.growth_bytes < MAX_GROWTH_BYTES, self.growth_bytes
        assert self.largest_child_bytes < MEMORY_BYTES + 64 * 1024 * 1024  # shared libraries and stack come on top

    def _read(self, reader: DocumentReader, seed: int) -> None:
        document = hostile(seed)
        started_s = time.monotonic()
        try:
            reader.read(document.kind, document.data)
            outcome = "read"
        except DocumentError as refusal:
            outcome = refusal.code.value
        seconds = time.monotonic() - started_s
        if seconds > self.slowest_s:
            self.slowest_s, self.slowest_trick = seconds, document.trick
        self.outcomes[outcome] += 1
        self.documents += 1

    def _look(self, reader: DocumentReader, before: int) -> None:
        assert reader.read(DocumentKind.MARKDOWN, GOOD_MARKDOWN).sections
        gc.collect()
        self.growth_bytes = max(self.growth_bytes, _resident_bytes() - before)
        status = Path(f"/proc/{reader.pid}/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        self.largest_child_bytes = max(self.largest_child_bytes, int(peak.split()[1]) * 1024)


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
