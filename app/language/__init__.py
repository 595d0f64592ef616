"""The confined ``language`` worker: documents of the office in, plain sections of text out.

May import ``app.domain``, ``app.isolation`` and, in the worker only and behind the walls, ``pypdfium2_raw``.

Trust begins with the bytes of a file (``untrusted_*``). A child process without sockets, files or environment parses
them; it never learns a path or a name. What it answers is checked for shape and size (``protocol.py``) and stays
untrusted text until ``app.knowledge.markdown`` has made an article of it.
"""

from app.language.errors import DocumentError, DocumentFault, LanguageError
from app.language.reader import DocumentReader, ReaderLimits
from app.language.records import DocumentKind, Reading, ReadingNote, Section

__all__ = [
    "DocumentError",
    "DocumentFault",
    "DocumentKind",
    "DocumentReader",
    "LanguageError",
    "ReaderLimits",
    "Reading",
    "ReadingNote",
    "Section",
]
