"""The worker's own limits, set behind the walls: memory once, processor time for each document or batch of texts.

The kernel holds them; the parent's clock (``reader.py``, ``texts/child.py``) stands behind both.
"""

import resource
import time
from typing import Final

MEMORY_BYTES: Final = 320 * 1024 * 1024
"""Of private data. Python and the PDF library need 25 MB; 250,000 XML nodes about 110 MB."""


TEXTS_MEMORY_BYTES: Final = 448 * 1024 * 1024
"""Of private data of the child that anonymises, spaCy's mappings included."""


def limit_memory(limit_bytes: int = MEMORY_BYTES) -> None:
    """Refuse the process more than ``limit_bytes``, for good. Python then raises MemoryError, C code gives up."""
    resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))


def limit_processor(seconds: int) -> None:
    """Let the kernel end this process (SIGXCPU) when it computes longer than ``seconds`` from now."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))
