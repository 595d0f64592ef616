"""A disk that is full after so many bytes, by the kernel's own limit on file size; no mock, no root."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_at_most(limit_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``limit_bytes``; a longer write fails with EFBIG.

    Python ignores SIGXFSZ, so the write reports an error instead of ending the process.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
