"""Numbers that a state gives to people: Safe Harbor G and K; national identification numbers, GDPR Art. 87.

United States: SSN ``219-09-9999`` (a number from an advertisement that was never issued), ITIN, EIN, passport,
driving licence. United Kingdom: National Insurance ``QQ 12 34 56 C``, UTR, passport, driving licence. Germany: tax
number ``86095742719``, identity card. France: NIR. Spain: DNI ``12345678Z``, NIE ``X1234567L``. Italy: codice fiscale
``RSSMRA85T10A562S``. Ireland: PPS ``1234567T``. Canada: SIN ``123-456-782``. Australia: TFN ``123 456 782``. New
Zealand: IRD ``49-091-850``. India: Aadhaar ``2341 2341 2346``, PAN ``ABCDE1234F``, voter's EPIC. (All from the
issuers' own documentation.)

The check digits are python-stdnum's. A number with a check of one digit fits one time in ten by chance, so those
without a shape of their own also need their words. Out of scope: numbers of companies, which name no person.
"""

from collections.abc import Callable

from stdnum.au import tfn
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import utr
from stdnum.ie import pps
from stdnum.in_ import aadhaar, epic, pan
from stdnum.it import codicefiscale
from stdnum.nz import ird
from stdnum.us import ein, itin, ssn

from app.anonymise.detectors.patterns import Pattern, compact, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_PASSPORT = words("passports?", "passport (?:no|number)", "pasaporte", "reisepass", "passeport")
_LICENCE = words(
    r"driv(?:er'?s?|ing)[\s-]+licen[cs]es?", "dl", r"licen[cs]e (?:no|number|#)", r"dmv", "permit", "carnet de conducir"
)


def _checked(is_valid: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: bool(is_valid(compact(text)))


def _number(
    why: str, form: str, is_valid: Callable[[str], bool], context: tuple[str, ...], *, needs_context: bool
) -> Pattern:
    """A number with check digits; ``needs_context`` where the shape alone is any number."""
    return Pattern(
        why,
        Label.ID,
        shape(rf"(?<![\w-]){form}(?![\w-])"),
        check=_checked(is_valid),
        context=words(*context),
        needs_context=needs_context,
        needs="0",
    )


PATTERNS = (
    Pattern(
        "us_ssn",
        Label.ID,
        shape(r"(?<![\w-])(?!000|666)[0-8]\d{2}(?:-|\s?[-.]\s?|\s)\d{2}(?:-|\s?[-.]\s?|\s)(?!0000)\d{4}(?![\w-])"),
        Ground.SHAPE,
        needs="0",
        digits=9,
    ),
    _number("us_ssn.bare", r"\d{9}", ssn.is_valid, ("ssn", "social(?: security)?", "soc"), needs_context=True),
    Pattern(
        "us_ssn.last_four",
        Label.ID,
        shape(r"\b(?:ssn|social(?:\ssecurity)?(?:\snumber)?)\D{0,24}?(?P<id>\d{4})\b(?!\d)"),
        Ground.SHAPE,
        needs="0",
        digits=4,
    ),
    _number("us_itin", r"9\d{2}-?[5-9]\d-?\d{4}", itin.is_valid, ("itin", "tax", "taxpayer"), needs_context=True),
    _number("us_ein", r"\d{2}-\d{7}", ein.is_valid, ("ein", "employer", "tax", "fein"), needs_context=False),
    Pattern(
        "passport",
        Label.ID,
        shape(r"\b(?=[a-z]{0,2}\d)[a-z]{0,2}\d{6,9}[a-z]?\b"),
        Ground.SHAPE,
        context=_PASSPORT,
        needs_context=True,
        needs="0",
        digits=6,
    ),
    Pattern(
        "driving_licence",
        Label.ID,
        shape(r"\b(?=[a-z0-9-]{0,24}\d{3})[a-z]{0,5}[\s-]?\d[a-z0-9-]{4,18}\b"),
        Ground.SHAPE,
        context=_LICENCE,
        needs_context=True,
        needs="0",
    ),
    Pattern(
        "gb_driving_licence",
        Label.ID,
        shape(r"\b[a-z9]{5}\d[01256]\d[0-3]\d{2}[a-z9]{2}\d?[a-z]{2,3}(?:\s?\d{2})?\b"),
        Ground.PROOF,
        needs="0",
        digits=6,
    ),
    Pattern(
        "gb_nino",
        Label.ID,
        shape(r"\b(?!bg|gb|nk|kn|tn|nt|zz)[abceghj-prstw-z][abceghj-nprstw-z]\s?(?:\d{2}\s?){3}[a-d]\b"),
        Ground.PROOF,
        needs="0",
        digits=6,
    ),
    Pattern(
        "gb_nino.example", Label.ID, shape(r"\bqq\s?(?:\d{2}\s?){3}[a-d]\b"), Ground.PROOF, needs="0", digits=6
    ),  # the form's own specimen, which people copy into chats
    _number("gb_utr", r"\d{5}\s?\d{5}k?", utr.is_valid, ("utr", "tax(?:payer)?"), needs_context=True),
    _number(
        "de_tax_number",
        r"\d{2}\s?\d{3}\s?\d{3}\s?\d{3}",
        idnr.is_valid,
        ("steuer\\w*", "idnr", "tax"),
        needs_context=True,
    ),
    Pattern(
        "de_identity_card",
        Label.ID,
        shape(r"\b[cfghjklmnprtvwxyz][cfghjklmnprtvwxyz0-9]{8}\d?\b"),
        Ground.SHAPE,
        context=words("ausweis\\w*", "personalausweis\\w*", "identity card", "id card"),
        needs_context=True,
        needs="0",
    ),
    _number(
        "fr_nir",
        r"[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[ab])\s?\d{3}\s?\d{3}\s?\d{2}",
        nir.is_valid,
        ("nir", r"s[ée]curit[ée] sociale", "insee"),
        needs_context=False,
    ),
    _number("es_dni", r"\d{8}\s?-?[a-z]", dni.is_valid, ("dni", "nif"), needs_context=False),
    _number("es_nie", r"[xyz]\s?-?\d{7}\s?-?[a-z]", nie.is_valid, ("nie",), needs_context=False),
    _number(
        "it_codice_fiscale",
        r"[a-z]{6}\s?\d{2}[a-ehlmprst]\d{2}\s?[a-z]\d{3}[a-z]",
        codicefiscale.is_valid,
        ("codice fiscale", "c\\.?f\\.?"),
        needs_context=False,
    ),
    _number("ie_pps", r"\d{7}\s?[a-w][a-iw]?", pps.is_valid, ("pps(?:n)?",), needs_context=False),
    _number("ca_sin", r"\d{3}[\s-]?\d{3}[\s-]?\d{3}", sin.is_valid, ("sin", "social insurance"), needs_context=True),
    _number("au_tfn", r"\d{3}\s?\d{3}\s?\d{2,3}", tfn.is_valid, ("tfn", "tax file"), needs_context=True),
    _number("nz_ird", r"\d{2,3}[\s-]?\d{3}[\s-]?\d{3}", ird.is_valid, ("ird", "inland revenue"), needs_context=True),
    _number(
        "in_aadhaar", r"[2-9]\d{3}\s?\d{4}\s?\d{4}", aadhaar.is_valid, ("aadhaa?r", "uid(?:ai)?"), needs_context=False
    ),
    _number("in_pan", r"[a-z]{3}[abcfghljpt][a-z]\d{4}[a-z]", pan.is_valid, ("pan",), needs_context=False),
    _number("in_epic", r"[a-z]{3}\d{7}", epic.is_valid, ("epic", "voter"), needs_context=True),
)
