"""From a text as it was written to one that can be shown with marks: as many signs as before, none that steers.

Marks are ranges in code points; Qt counts in UTF-16 units, where a sign beyond the first plane takes two. Pure.
"""

import unicodedata

DOT = "\u00b7"
"""Stands for a sign that nobody would see: zero-width spaces, direction marks, tags."""

_LAST_OF_FIRST_PLANE = "\uffff"
_JOINERS = frozenset("\u200c\u200d")


def shown(untrusted_text: str) -> str:
    """Return the text with one visible sign for each of its signs."""
    if untrusted_text.isascii() and untrusted_text.isprintable():
        return untrusted_text
    signs = list(untrusted_text)
    for place, sign in enumerate(signs):
        signs[place] = _seen(sign, signs[place - 1] if place else "")
    return "".join(signs)


def unit_of(shown_text: str, place: int) -> int:
    """Return the UTF-16 unit at which the code point ``place`` begins."""
    if shown_text.isascii():
        return place
    return place + sum(sign > _LAST_OF_FIRST_PLANE for sign in shown_text[:place])


def place_of(shown_text: str, unit: int) -> int:
    """Return the code point that the UTF-16 ``unit`` belongs to."""
    if shown_text.isascii():
        return unit
    left = unit
    for place, sign in enumerate(shown_text):
        if left <= 0:
            return place
        left -= 2 if sign > _LAST_OF_FIRST_PLANE else 1
    return len(shown_text)


def _seen(sign: str, before: str) -> str:
    if sign == "\n":
        return sign
    category = unicodedata.category(sign)
    if category == "Cs":
        return "\ufffd"
    if category == "Cc" or category in {"Zl", "Zp"}:
        return " "
    if category == "Cf" and not (sign in _JOINERS and not before.isascii()):
        return DOT
    return sign
