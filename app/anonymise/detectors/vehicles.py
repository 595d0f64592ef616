"""Vehicles: Safe Harbor L. VIN ``1M8GDM9AXKP042788`` (ISO 3779, the specimen of 49 CFR 565), number plates.

VIN: seventeen characters without I, O and Q; North American ones carry a check in place 9. Plates: the UK's shape
``BD51 SMR`` stands alone; all others need a word beside them ("plate", "registration", "my car").
"""

from app.anonymise.detectors.patterns import Pattern, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_PLATE = words(
    r"(?:licen[cs]e|number|car)\s?plates?",
    r"registration(?: (?:no|number))?",
    "reg(?: (?:no|number))?",
    "plates?",
    "matr[ií]cula",
    "kennzeichen",
    "immatriculation",
)


def _is_vin(text: str) -> bool:
    """49 CFR 565.15(c): the weighted sum modulo 11 is place 9, 10 being X."""
    value = sum(weight * (_VALUES.get(char) or int(char)) for weight, char in zip(_WEIGHTS, text.upper(), strict=True))
    return "0123456789X"[value % 11] == text[8].upper()


PATTERNS = (
    Pattern(
        "vin",
        Label.ID,
        shape(r"\b(?=[a-z]*\d)(?=\d*[a-z])[a-hj-npr-z0-9]{17}\b"),
        check=_is_vin,
        context=words("vin", "vehicle", "chassis", "car"),
        needs="0",
    ),
    Pattern(
        "gb_plate",
        Label.ID,
        shape(r"\b[A-Z]{2}[0-9]{2}\s?[A-Z]{3}\b", is_case_free=False),
        Ground.SHAPE,
        needs="0",
        digits=2,
    ),
    Pattern(
        "plate",
        Label.ID,
        shape(r"\b(?:[a-z]{1,3}[\s-]?\d{1,4}[\s-]?[a-z]{0,3}|\d{1,4}[\s-]?[a-z]{1,3}[\s-]?\d{0,4})\b"),
        Ground.SHAPE,
        context=_PLATE,
        needs_context=True,
        needs="0",
        cues=("plate", "reg", "matr", "kennzeichen"),
    ),
)
