"""Payment cards and bank accounts: Safe Harbor J; PCI DSS 3.4.

Cards: 13 to 19 digits, ISO/IEC 7812 with the Luhn check, ``4111 1111 1111 1111`` (the network's own test number).
Last four: ``card ending in 4242``. IBAN: ISO 13616 with mod 97, ``DE89 3704 0044 0532 0130 00``. US routing number:
nine digits with the ABA check. Account and sort code with their words. SWIFT/BIC with its word.

Out of scope: card numbers of closed loyalty schemes; these fall to ``records``.
"""

from stdnum import iban, luhn
from stdnum.us import rtn

from app.anonymise.detectors.patterns import Pattern, compact, digits, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_CARD = words(
    "card", "visa", "master ?card", "amex", "american express", "discover", "debit", "credit", "maestro", "cc"
)
_ACCOUNT = words("account", "acct", "acc(?:ount)? (?:no|number)", "a/c", "bank", "iban", "cuenta", "konto")


def _is_card(text: str) -> bool:
    number = digits(text)
    return number[0] in "23456" and len(set(number)) > 1 and bool(luhn.is_valid(number))


PATTERNS = (
    Pattern(
        "card",
        Label.CARD,
        shape(
            r"""(?<![\w.-])(?:\d{4}[\s-]{0,2}\d{6}[\s-]{0,2}\d{4,5}|(?:\d{4}[\s-]{0,2}){3}\d{4}(?:[\s-]?\d{3})?|\d{13,19}|
            (?:\d\s){12,18}\d)(?![\w-]?\d)"""
        ),
        check=_is_card,
        context=_CARD,
        needs="0",
        digits=13,
    ),
    Pattern(
        "card.last_four",
        Label.CARD,
        shape(
            r"\b(?:ending(?:\s(?:in|with))?|ends?\s(?:in|with)|last\s(?:four|4)(?:\sdigits)?(?:\sare|\sis|:)?)\s{0,2}(?P<id>\d{4})\b"
        ),
        Ground.SHAPE,
        needs="0",
        digits=4,
        cues=("end", "last"),
    ),
    Pattern(
        "card.code",
        Label.CARD,
        shape(r"\b(?:cvv2?|cvc2?|security\scode)\s*(?:is|:|-)?\s*(?P<id>\d{3,4})\b"),
        Ground.SHAPE,
        needs="0",
        digits=3,
        cues=("cvv", "cvc", "security"),
    ),
    Pattern(
        "iban",
        Label.IBAN,
        shape(r"(?<!\w)[a-z]{2}\s?\d{2}[\s-]?[a-z0-9]{4}(?:[\s-]?(?=[a-z0-9]{0,3}\d)[a-z0-9]{1,4}){2,8}(?!\w)"),
        check=lambda text: bool(iban.is_valid(compact(text))),
        context=words("iban"),
        needs="0",
        digits=2,
    ),
    Pattern(
        "bank.routing",
        Label.ID,
        shape(r"(?<![\w-])\d{9}(?![\w-])"),
        check=lambda text: bool(rtn.is_valid(text)),
        context=words("routing", "aba", "transit"),
        needs_context=True,
        needs="0",
        digits=9,
    ),
    Pattern(
        "bank.account",
        Label.ID,
        shape(r"(?<![\w-])\d(?:[\s-]?\d){5,16}(?![\w-])"),
        Ground.SHAPE,
        context=_ACCOUNT,
        needs_context=True,
        needs="0",
        digits=6,
    ),
    Pattern(
        "bank.sort_code",
        Label.ID,
        shape(r"(?<![\w-])\d{2}[\s-]\d{2}[\s-]\d{2}(?![\w-])"),
        Ground.SHAPE,
        context=words("sort ?code"),
        needs_context=True,
        needs="0",
        digits=6,
    ),
    Pattern(
        "bank.bic",
        Label.ID,
        shape(r"\b[a-z]{4}(?:us|gb|de|fr|es|it|ie|ca|au|nz|in|ch|at|nl|be)[a-z0-9]{2}(?:[a-z0-9]{3})?\b"),
        Ground.SHAPE,
        context=words("bic", "swift"),
        needs_context=True,
        cues=("bic", "swift"),
    ),
)
