"""Numbers of health care: Safe Harbor H, I and K (licences); 45 CFR 162 (NPI), 21 CFR 1301 (DEA).

NPI ``1234567893``, DEA ``AB1234563``, Medicare MBI ``1EG4-TE5-MK73`` (CMS specimen), NHS ``943 476 5919``, Australian
Medicare ``2123 45670 1``, New Zealand NHI ``ZZZ0016``, Canadian health card with its words, medical record numbers
``MRN 4471902``. Device numbers: UDI ``(01)00844588003288(17)261120``, serial numbers with their words (Safe Harbor
M).

Out of scope: diagnosis and drug codes (ICD, NDC), which name an illness and no person.
"""

from stdnum import luhn
from stdnum.gb import nhs

from app.anonymise.detectors.patterns import Pattern, compact, digits, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground


def _is_npi(text: str) -> bool:
    """45 CFR 162.406: Luhn over the number behind the prefix 80840."""
    return text[0] in "12" and bool(luhn.is_valid("80840" + digits(text)))


def _is_dea(text: str) -> bool:
    """21 CFR 1301: (d1 + d3 + d5) + 2 (d2 + d4 + d6) ends in d7."""
    numbers = [int(char) for char in digits(text)]
    return (sum(numbers[0:6:2]) + 2 * sum(numbers[1:6:2])) % 10 == numbers[6]


def _is_au_medicare(text: str) -> bool:
    numbers = [int(char) for char in digits(text)]
    return sum(w * n for w, n in zip((1, 3, 7, 9, 1, 3, 7, 9), numbers, strict=False)) % 10 == numbers[8]


PATTERNS = (
    Pattern(
        "us_npi",
        Label.ID,
        shape(r"(?<![\w-])[12]\d{9}(?![\w-])"),
        check=_is_npi,
        context=words("npi", "provider"),
        needs_context=True,
        needs="0",
        digits=10,
    ),
    Pattern(
        "us_dea",
        Label.ID,
        shape(r"\b[a-hj-mpr-ux][a-z9]\d{7}\b"),
        check=_is_dea,
        context=words("dea"),
        needs="0",
        digits=7,
    ),
    Pattern(
        "us_mbi",
        Label.ID,
        shape(
            r"\b[1-9][ac-hj-km-np-rt-y][ac-hj-km-np-rt-y0-9]\d-?[ac-hj-km-np-rt-y][ac-hj-km-np-rt-y0-9]\d-?[ac-hj-km-np-rt-y]{2}\d{2}\b"
        ),
        Ground.PROOF,
        needs="0",
        digits=5,
    ),
    Pattern(
        "gb_nhs",
        Label.ID,
        shape(r"(?<![\w-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\w-])"),
        check=lambda text: bool(nhs.is_valid(compact(text))),
        context=words("nhs", "chi", "health service"),
        needs_context=True,
        needs="0",
        digits=10,
    ),
    Pattern(
        "au_medicare",
        Label.ID,
        shape(r"(?<![\w-])[2-6]\d{3}\s?\d{5}\s?\d(?:\s?/?\d)?(?![\w-])"),
        check=_is_au_medicare,
        context=words("medicare", "irn"),
        needs_context=True,
        needs="0",
        digits=10,
    ),
    Pattern(
        "nz_nhi",
        Label.ID,
        shape(r"\b[a-hj-np-z]{3}(?:\d{4}|\d{2}[a-z]{2})\b"),
        Ground.SHAPE,
        context=words("nhi"),
        needs_context=True,
        needs="0",
        digits=2,
    ),
    Pattern(
        "medical_record",
        Label.ID,
        shape(
            r"""\b(?:mrn|medical\srecords?(?:\s(?:no|number|id))?|patient\s(?:id|no|number)|chart(?:\s(?:no|number))?|
            hospital\s(?:no|number)|health\s?card(?:\s(?:no|number))?|historia\scl[ií]nica)
            \s*(?:is|:|=|\#|no\.?|number)?\s*\#?\s*(?P<id>[a-z]{0,4}-?\d[\da-z-]{2,17})\b"""
        ),
        Ground.PROOF,
        needs="0",
    ),
    Pattern(
        "device.udi",
        Label.ID,
        shape(r"\(01\)\s?\d{14}(?:\s?\((?:1[017]|21)\)\s?[\w-]{1,20}){0,4}"),
        Ground.PROOF,
        needs="(",
    ),
    Pattern(
        "device.serial",
        Label.ID,
        shape(
            r"""\b(?:serial(?:\s(?:no|number))?|s/n|sn|device\s(?:id|no|number)|pacemaker(?:\s(?:no|number))?|pump(?:\s(?:no|number)))
            \.?\s*(?:is|:|=|\#)?\s*\#?\s*(?P<id>(?=[a-z-]*\d)[a-z0-9][a-z0-9-]{4,24})\b"""
        ),
        Ground.SHAPE,
        needs="0",
    ),
)
