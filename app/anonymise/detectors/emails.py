"""E-mail addresses: Safe Harbor F (45 CFR 164.514(b)(2)(i)(F)); personal data under GDPR Art. 4(1).

Plain ``ana.ruiz@example.org``; with spaces ``ana @ example . org``; spelled ``ana dot ruiz at example dot org``,
``ana(at)example[dot]org``; as chat corpora write them once signs are lost: ``ana gmail com``.

Out of scope: addresses whose last label is none of a domain, such as ``ana@home``; these fall to ``handles``.
"""

from app.anonymise.detectors.patterns import Pattern, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_PROVIDERS = r"(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton(?:mail)?|gmx|live|msn|mail|comcast|example)"
_ENDS = r"(?:com|net|org|edu|gov|co|uk|us|de|fr|es|it|ie|ca|au|nz|in|eu|io|me|info|biz|law|health|example|test|invalid)"

PATTERNS = (
    Pattern(
        "email",
        Label.EMAIL,
        shape(r"(?<![\w.+-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])"),
        Ground.PROOF,
        needs="@",
    ),
    Pattern(
        "email.spaced",
        Label.EMAIL,
        shape(
            rf"(?<![\w.+-])[\w.+-]{{1,64}}\s{{0,2}}@\s{{0,2}}[\w-]{{1,63}}(?:\s?\.\s?[\w-]{{1,63}}){{0,4}}\s?\.\s?{_ENDS}\b"
        ),
        Ground.PROOF,
        needs="@",
    ),
    Pattern(
        "email.spelled",
        Label.EMAIL,
        shape(
            rf"""(?<![\w.])\w[\w.+-]{{0,40}}(?:\s+(?:dot|punto|point|punkt|underscore|dash|hyphen)\s+[\w-]{{1,30}}){{0,4}}
            \s*(?:\(at\)|\[at\]|\{{at\}}|\s(?:at|@|arroba)\s)\s*
            [\w-]{{1,40}}(?:\s*(?:\(dot\)|\[dot\]|\{{dot\}}|\s(?:dot|punto|point|punkt)\s|\.)\s*[\w-]{{1,40}}){{0,3}}
            \s*(?:\(dot\)|\[dot\]|\{{dot\}}|\s(?:dot|punto|point|punkt)\s|\.)\s*{_ENDS}\b"""
        ),
        Ground.PROOF,
        cues=("dot", "punto", "point", "punkt", " at ", "(at)", "[at]", "{at}", "@"),
    ),
    Pattern("email.cut", Label.EMAIL, shape(r"(?<![\w.+@-])[a-z][\w.+-]{3,40}@(?=\s|$)"), Ground.SHAPE, needs="@"),
    Pattern(
        "email.joined",
        Label.EMAIL,
        shape(
            r"""\b(?:(?:(?!(?:is|my|e?-?mail|id|address|and|the|to|at|its?|please|with|from|use|by)\s)[\w.-]{1,20}\s){0,3}
            (?:gmail|yahoo|hotmail|outlook|icloud|aol)\s?|\w{2,40}(?:mail|yahoo|outlook|icloud|hotmail|aol))(?:com|co\s?uk)\b"""
        ),
        Ground.SHAPE,
        cues=("mail", "yahoo", "outlook", "icloud", "aol", "live", "msn"),
    ),
    Pattern(
        "email.unsigned",
        Label.EMAIL,
        shape(rf"\b[a-z][\w.]{{1,40}}\s+(?:at\s+)?{_PROVIDERS}\s+(?:dot\s+)?(?:com|net|org|co\s+uk)\b"),
        Ground.SHAPE,
        context=words("e-?mail", "mail", "address", "id"),
        cues=("mail", "yahoo", "outlook", "icloud", "aol", "proton", "gmx", "live", "msn", "comcast", "example"),
    ),
)
