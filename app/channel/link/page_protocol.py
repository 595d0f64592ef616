"""Messages between the console and the child that looks at the served page: one FETCH, a FILE for each path, an end."""

from typing import Final

from app.channel.link.errors import LinkCode
from app.isolation.frames import Shape, flag, list_of, one_of, text, whole_number

MAX_PATHS: Final = 400
_MAX_PATH_CHARS: Final = 200

FETCH: Final = Shape(
    22,
    "fetch",
    {
        "host": text(253),
        "port": whole_number(1, 65_535),
        "is_tls": flag,
        "ca_file": text(4_096),
        "paths": list_of(text(_MAX_PATH_CHARS), MAX_PATHS),
        "within_ms": whole_number(1, 3_600_000),
    },
)
FILE: Final = Shape(
    44,
    "file",
    {
        "number": whole_number(0, MAX_PATHS - 1),
        "status": whole_number(100, 999),
        "digest": text(64),
        "is_strict": flag,
    },
)
"""``digest``: SHA-256 in hexadecimal digits."""
ALL: Final = Shape(45, "all", {})
BROKEN: Final = Shape(46, "broken", {"code": one_of(*(code.value for code in LinkCode))})

TO_CHILD: Final = (FETCH,)
FROM_CHILD: Final = (FILE, ALL, BROKEN)
