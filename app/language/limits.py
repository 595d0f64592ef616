"""The worker's own limits, set behind the walls: memory once, processor time for each document.

The kernel holds them; the parent's clock (``reader.py``) stands behind both.
"""

import resource
import time
from typing import Final

MEMORY_BYTES: Final = 320 * 1024 * 1024
"""Of private data. Python and the PDF library need 25 MB; 250,000 XML nodes about 110 MB."""


def limit_memory() -> None:
    """Refuse the process more than ``MEMORY_BYTES``, for good. Python then raises MemoryError, C code gives up."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


def limit_processor(seconds: int) -> None:
    """Let the kernel end this process (SIGXCPU) when it computes longer than ``seconds`` from now."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))
