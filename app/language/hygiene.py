"""Clean text: what a person sees on the page, and no character that they do not see.

Characters are composed (NFC); ligatures of old typesetting become their letters; every kind of blank becomes a space;
soft hyphens, zero-width and direction marks, controls, and private or unassigned characters are dropped.
"""

import re
import unicodedata
from typing import Final

from app.language.errors import DocumentError, DocumentFault
from app.language.protocol import MAX_SECTION_CHARS

_LIGATURES: Final = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
"""Only these: folding all compatibility forms (NFKC) would turn "½" into "1/2" and "m²" into "m2"."""

_HYPHENS: Final = {"\u2010": "-", "\u2011": "-"}
_BREAKS: Final = frozenset({"Zl", "Zp"})
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

RAISED: Final = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
LOWERED: Final = str.maketrans("0123456789", "".join(map(chr, range(0x2080, 0x208A))))
"""Digits that stand above or below their line. As plain digits, "10" with a footnote 3 would read as a hundred and
three."""

MAX_PIECE_CHARS: Final = 4 * MAX_SECTION_CHARS
"""Of one paragraph or cell; what is longer could not become an answer however it is cut."""


class _Table(dict[int, str]):
    """What becomes of each character; worked out when it is first met, for there are a million of them."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if char == "\n" or " " <= char <= "~":
            seen = char
        elif char == "\t" or category == "Zs":
            seen = " "
        elif category in _BREAKS:
            seen = "\n"
        else:
            seen = "" if category in _DROPPED else char
        self[code] = seen
        return seen


_LETTERS: Final = str.maketrans(_LIGATURES | _HYPHENS)
_SEEN: Final = _Table()
_PLAIN: Final = re.compile(r"[\x20-\x7e\n]*")
_BLANKS: Final = re.compile(r"[ ]{2,}")


def clean(untrusted_text: str) -> str:
    """Return one line or paragraph of visible text; line breaks stay, runs of blanks become one, ends are trimmed.

    Raises:
        DocumentError: TOO_MUCH_TEXT, more than ``MAX_PIECE_CHARS``.
    """
    if len(untrusted_text) > MAX_PIECE_CHARS:
        raise DocumentError(DocumentFault.TOO_MUCH_TEXT)
    if not _PLAIN.fullmatch(untrusted_text):
        untrusted_text = _visible(untrusted_text)
    lines = (_BLANKS.sub(" ", line).strip() for line in untrusted_text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_lines(untrusted_text: str) -> str:
    """Return a whole text file with its lines, blank ones too, and its indentation."""
    text = untrusted_text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _PLAIN.fullmatch(text) else _visible(text)


def _visible(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_LETTERS).translate(_SEEN))
