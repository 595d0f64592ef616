"""Reading the memory of our own processes for words and keys (Linux: ``/proc/PID/mem``)."""

from collections.abc import Iterator, Mapping
from pathlib import Path

CHUNK_BYTES = 1024 * 1024
_UNREAD = ("[vvar]", "[vvar_vclock]", "[vsyscall]", "[vdso]")
_LONGEST_BYTES = 4096
"""No form is longer; so much of a chunk stays for the next one."""


class UnreadableError(Exception):
    """The kernel does not let this user read that process: it is not dumpable, and only root may."""


def forms_of(texts: Mapping[str, str], keys: Mapping[str, bytes]) -> dict[str, tuple[bytes, ...]]:
    """Return what each may look like in memory: ASCII text as Python and C, and as Qt hold it; keys raw and as hex."""
    found = {name: (text.encode("ascii"), text.encode("utf-16-le")) for name, text in texts.items()}
    return found | {name: (key, key.hex().encode()) for name, key in keys.items()}


def family_of(pid: int) -> tuple[int, ...]:
    """Return ``pid`` and every process below it, whatever session it made for itself."""
    parents = dict(_parents())
    family = [pid]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return tuple(family)


def names_in(pid: int, forms: Mapping[str, tuple[bytes, ...]]) -> frozenset[str]:
    """Return the names of those ``forms`` that stand anywhere in the writable memory of a process.

    Raises:
        UnreadableError: only root may read it.
        ProcessLookupError: it is gone.
    """
    found: set[str] = set()
    for chunk in filter(any_but_zeros, _chunks(pid)):
        found |= {name for name, some in forms.items() if name not in found and any(one in chunk for one in some)}
    return frozenset(found)


def any_but_zeros(chunk: bytes) -> bool:
    """Say whether a chunk is worth a look; most of what a process maps it never wrote."""
    return bool(chunk.strip(b"\0"))


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                yield int(folder.name), int(folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue


def _chunks(pid: int) -> Iterator[bytes]:
    """Yield the memory piece by piece; pieces of one mapping overlap."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
        memory = Path(f"/proc/{pid}/mem").open("rb", buffering=0)  # noqa: SIM115  closed below
    except PermissionError:
        raise UnreadableError from None
    except FileNotFoundError:
        raise ProcessLookupError from None
    with memory:
        for line in maps.splitlines():
            span, rights, *_rest = line.split(maxsplit=5)
            if not rights.startswith("rw") or line.endswith(_UNREAD):
                continue
            start, end = (int(place, 16) for place in span.split("-"))
            for place in range(start, end, CHUNK_BYTES):
                try:
                    memory.seek(place)
                    yield memory.read(min(CHUNK_BYTES + _LONGEST_BYTES, end - place))
                except (OSError, OverflowError):
                    break  # unmapped since
