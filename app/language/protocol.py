"""Messages between the console and the ``language`` worker.

One document at a time: OPEN, then as many CHUNK as its bytes need; the worker answers any number of SECTION and then
one FINISHED or one PROBLEM with the number of the request. The bytes travel as base64 because frames are JSON; that
costs a third more on a pipe, and keeps one kind of frame, with one check, for everything that crosses the wall.
"""

from typing import Final

from app.isolation.frames import Shape, list_of, one_of, text, whole_number
from app.language.errors import SAID_BY_WORKER
from app.language.records import DocumentKind, ReadingNote

MAX_DOCUMENT_BYTES: Final = 20 * 1024 * 1024
"""A handbook of 300 pages with pictures; larger ones are nearly always scans."""
CHUNK_BYTES: Final = 480 * 1024
"""640 KiB in base64: a frame holds at most 1 MiB."""
MAX_SECTIONS: Final = 500
MAX_SECTION_CHARS: Final = 40_000
"""As much as one approved answer may have (``app.knowledge.markdown.MAX_ARTICLE_CHARS``)."""
MAX_TITLE_CHARS: Final = 120
MAX_READING_CHARS: Final = 2_000_000
"""All sections together; about 600 full pages."""
MAX_PAGES: Final = 500
MAX_CPU_S: Final = 60

_REQUEST = whole_number(1, 2**53)

OPEN: Final = Shape(
    16,
    "open",
    {
        "request": _REQUEST,
        "kind": one_of(*(kind.value for kind in DocumentKind)),
        "size": whole_number(0, MAX_DOCUMENT_BYTES),
        "cpu_s": whole_number(1, MAX_CPU_S),
    },
)
CHUNK: Final = Shape(17, "chunk", {"request": _REQUEST, "data": text(4 * (CHUNK_BYTES // 3 + 1))})

SECTION: Final = Shape(
    32,
    "section",
    {
        "request": _REQUEST,
        "title": text(MAX_TITLE_CHARS),
        "body": text(MAX_SECTION_CHARS),
        "page": whole_number(0, MAX_PAGES),
    },
)
FINISHED: Final = Shape(
    33,
    "finished",
    {
        "request": _REQUEST,
        "sections": whole_number(0, MAX_SECTIONS),
        "pages": whole_number(0, MAX_PAGES),
        "modified": text(10),
        "notes": list_of(one_of(*(note.value for note in ReadingNote)), len(ReadingNote)),
    },
)
PROBLEM: Final = Shape(34, "problem", {"request": _REQUEST, "code": one_of(*(code.value for code in SAID_BY_WORKER))})

TO_WORKER: Final = (OPEN, CHUNK)
FROM_WORKER: Final = (SECTION, FINISHED, PROBLEM)
