"""Which files an import reads, and their bytes. Only here does it touch the file system; names go no further down."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.language import DocumentError, DocumentFault, DocumentKind
from app.language.protocol import MAX_DOCUMENT_BYTES
from app.services.errors import ServiceError

MAX_DOCUMENTS: Final = 500
"""Of one run; what they say is held in memory until somebody has looked at it."""

_KINDS: Final = {".md": DocumentKind.MARKDOWN, ".docx": DocumentKind.DOCX, ".pdf": DocumentKind.PDF}
_KNOWN_OTHERS: Final = {
    ".doc": DocumentFault.OLD_WORD.value,
    ".dot": DocumentFault.OLD_WORD.value,
    ".docm": DocumentFault.MACROS.value,
    ".dotm": DocumentFault.MACROS.value,
}
OTHER_KIND: Final = "other_kind"
SAME_NAME: Final = "same_name"
UNREADABLE: Final = "unreadable"


class ImportPathsError(ServiceError):
    """The run cannot begin: ``code`` is no_such_path, no_documents or too_many_documents. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A file to read, or the code for which it will not be."""

    path: Path
    kind: DocumentKind | None
    code: str = ""

    @property
    def name(self) -> str:
        """The file's name as it may be shown: no path, no bytes that are not text."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")


def find_documents(paths: Iterable[Path]) -> tuple[FoundDocument, ...]:
    """Return the documents that ``paths`` name, files as they are given, folders by what lies directly in them.

    A folder's files of kinds that no office import knows are passed over, hidden ones too. Two files of one name are
    one too many, because answers are known by the name of their document.

    Raises:
        ImportPathsError: nothing to read, or too much.
    """
    found = list(_expand(paths))
    if not found:
        raise ImportPathsError("no_documents")
    if len(found) > MAX_DOCUMENTS:
        raise ImportPathsError("too_many_documents")
    seen: set[str] = set()
    unique = []
    for document in found:
        is_twice = document.path.name in seen
        seen.add(document.path.name)
        unique.append(FoundDocument(document.path, None, SAME_NAME) if is_twice else document)
    return tuple(unique)


def _expand(paths: Iterable[Path]) -> Iterator[FoundDocument]:
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.iterdir()) if not one.name.startswith((".", "~$")))
            yield from (document for one in inside if (document := _known(one)) is not None)
        elif path.exists():
            yield _known(path) or FoundDocument(path, None, OTHER_KIND)
        else:
            raise ImportPathsError("no_such_path")


def _known(path: Path) -> FoundDocument | None:
    suffix = path.suffix.lower()
    kind = _KINDS.get(suffix)
    if kind is not None:
        return FoundDocument(path, kind)
    return FoundDocument(path, None, _KNOWN_OTHERS[suffix]) if suffix in _KNOWN_OTHERS else None


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file of bounded size; pipes and devices are not waited for.

    Raises:
        OSError: it cannot be read.
        DocumentError: TOO_LARGE.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - the descriptor was opened so that a pipe does not hold us
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        untrusted_bytes = file.read(MAX_DOCUMENT_BYTES + 1)
    if len(untrusted_bytes) > MAX_DOCUMENT_BYTES:
        raise DocumentError(DocumentFault.TOO_LARGE)
    return untrusted_bytes
