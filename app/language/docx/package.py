"""The zip around a DOCX: exactly the parts we ask for, unpacked in memory up to a limit.

Nothing is ever extracted to a path, so tricks in names do nothing; a part that exists twice is refused, because two
readers could see two documents.
"""

import io
import zipfile
import zlib
from typing import Final

from app.language.errors import DocumentError, DocumentFault

MAX_ENTRIES: Final = 4_000
"""Entries of the zip's directory; a document with a thousand pictures has about 1,100."""
MAX_PART_BYTES: Final = 24 * 1024 * 1024
"""One part, unpacked; the text of a thousand pages is about 10 MB of XML."""

_ZIP: Final = b"PK\x03\x04"
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_FLAG_ENCRYPTED: Final = 0x1
_MACRO_MARKS: Final = ("vbaproject.bin", "vbadata.xml")


class Package:
    """The parts of one DOCX.

    Raises:
        DocumentError: NOT_THIS_KIND, PASSWORD, OLD_WORD, MACROS, TOO_MANY_PARTS, DAMAGED.
    """

    def __init__(self, untrusted_bytes: bytes) -> None:
        _check_magic(untrusted_bytes)
        # Counted before the directory is read: the library would make an object of each of half a million entries.
        if untrusted_bytes.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
            raise DocumentError(DocumentFault.TOO_MANY_PARTS)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(untrusted_bytes))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, IndexError) as problem:
            raise DocumentError(DocumentFault.DAMAGED) from problem
        self._entries: dict[str, zipfile.ZipInfo | None] = {}
        for entry in self._zip.infolist():
            name = entry.filename.lstrip("/")
            self._entries[name] = None if name in self._entries else entry  # None: there twice
            if name.lower().rpartition("/")[2] in _MACRO_MARKS:
                raise DocumentError(DocumentFault.MACROS)

    def has(self, name: str) -> bool:
        """Return whether there is such a part."""
        return name in self._entries

    def has_under(self, folder: str) -> bool:
        """Return whether any part lies in ``folder``."""
        return any(name.startswith(folder) for name in self._entries)

    def read(self, name: str) -> bytes:
        """Return a part, unpacked.

        Raises:
            DocumentError: DAMAGED (absent, there twice, broken), PASSWORD, TOO_MANY_PARTS (larger than it may be).
        """
        entry = self._entries.get(name)
        if entry is None or entry.compress_type not in _METHODS:
            raise DocumentError(DocumentFault.DAMAGED)
        if entry.flag_bits & _FLAG_ENCRYPTED:
            raise DocumentError(DocumentFault.PASSWORD)
        try:
            with self._zip.open(entry) as stream:  # what the directory says about its size is not believed
                data = stream.read(MAX_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, IndexError) as problem:
            raise DocumentError(DocumentFault.DAMAGED) from problem
        if len(data) > MAX_PART_BYTES:
            raise DocumentError(DocumentFault.TOO_MANY_PARTS)
        return data


def _check_magic(untrusted_bytes: bytes) -> None:
    if untrusted_bytes.startswith(_OLE):
        is_locked = _ENCRYPTED_STREAM in untrusted_bytes
        raise DocumentError(DocumentFault.PASSWORD if is_locked else DocumentFault.OLD_WORD)
    if not untrusted_bytes.startswith(_ZIP):
        raise DocumentError(DocumentFault.NOT_THIS_KIND)
