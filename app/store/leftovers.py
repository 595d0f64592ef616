"""What a process that died left behind, taken away: half a file beside another, half a vault beside a vault.

None of it is ever read as what it was going to be. But it may hold keys of conversations that are erased later, so it
must not lie about.

::

    .slots.json.<16 digits>            written beside a file, not renamed yet (``files.replace_file``)
    .hunt-<16 digits>                  what a plaintext hunt plants to prove that it finds
    .<vault>.restoring-<16 digits>/    a restore that was not checked yet
    .<vault>.new-<16 digits>/          a vault that was being made

A folder that is being built is locked (``building``), so that nobody takes it away from whoever builds it.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BESIDE = re.compile(r"\.(hunt-|[a-z0-9][a-z0-9._-]*\.)[0-9a-f]{16}")
_BUILDING = ("restoring", "new")


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold a folder that is being built; the kernel lets go when the process ends, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def sweep_files(folder: Path) -> int:
    """Remove what was written beside files of ``folder`` and never renamed; call it while nobody writes there."""
    removed = 0
    with suppress(OSError):
        for path in folder.iterdir():
            if _BESIDE.fullmatch(path.name) and path.is_file() and not path.is_symlink():
                path.unlink()
                removed += 1
    return removed


def sweep_beside(vault_dir: Path) -> int:
    """Remove halves of vaults beside ``vault_dir`` that nobody builds any more; return how many."""
    with suppress(OSError):
        starts = tuple(f".{vault_dir.name}.{word}-" for word in _BUILDING)
        return sweep_folders([path for path in vault_dir.parent.iterdir() if path.name.startswith(starts)])
    return 0


def sweep_folders(folders: Iterable[Path]) -> int:
    """Remove those folders that nobody is building; return how many."""
    removed = 0
    for folder in folders:
        with suppress(OSError):
            if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid():
                with building(folder):
                    shutil.rmtree(folder)
                removed += 1
    return removed
