"""Clean text: what a person sees on the page, and no character that they do not see.

Characters are composed (NFC); ligatures of old typesetting become their letters; every kind of blank becomes a space;
soft hyphens, zero-width and direction marks, controls, and private or unassigned characters are dropped.
"""

import re
import unicodedata
from typing import Final

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
_TABLE: Final = str.maketrans(_LIGATURES | _HYPHENS)
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_PLAIN: Final = re.compile(r"[\x20-\x7e\n]*")
_BLANKS: Final = re.compile(r"[ ]{2,}")


def clean(untrusted_text: str) -> str:
    """Return one line or paragraph of visible text; line breaks stay, runs of blanks become one, ends are trimmed."""
    if not _PLAIN.fullmatch(untrusted_text):
        text = unicodedata.normalize("NFC", untrusted_text.translate(_TABLE))
        untrusted_text = "".join(map(_visible, text))
    lines = (_BLANKS.sub(" ", line).strip() for line in untrusted_text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_lines(untrusted_text: str) -> str:
    """Return a whole text file with its lines, blank ones too, and its indentation."""
    text = untrusted_text.replace("\r\n", "\n").replace("\r", "\n")
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(_visible, unicodedata.normalize("NFC", text.translate(_TABLE))))


def _visible(char: str) -> str:
    if char == "\n" or " " <= char <= "~":
        return char
    category = unicodedata.category(char)
    if char == "\t" or category == "Zs":
        return " "
    if category in {"Zl", "Zp"}:
        return "\n"
    return "" if category in _DROPPED else char
