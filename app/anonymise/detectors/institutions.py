"""Firms, courts, schools, hospitals by the word that ends or begins their name.

``Strand Verlag GmbH``, ``Quillmoor District Court``, ``larchmont care home``, ``Directorate of Land Registration``, ``Borough of
Larchwick``. With capitals at least one word before the ending must be no everyday word, or two must have capitals; in
lower case the word before it must be no everyday word at all (``word_classes``), so "the family court" stays.

Out of scope: names without such a word ("Etibank"), which are the trained pipeline's.
"""

import re
from collections.abc import Callable, Iterator

from app.anonymise.detectors.patterns import Step, asked
from app.anonymise.gates import Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import EVERYDAY, UNKNOWN, WordClasses

_LEGAL_FORM = re.compile(
    r"""(?<![\w&.-])(?:[A-Z0-9][\w&'\u2019.-]{0,30}\s(?:(?:&|and|of|de|und|et|y)\s)?){1,5}
    (?:AB|AG|GmbH|Ltd\.?|Limited|LLC|L\.L\.C\.|Inc\.?|S\.?A\.?S?|A\.Ş\.|Sp\.\sz\so\.o\.|plc|PLC|Corp\.?|Co\.|BV|B\.V\.|NV|Oy|ApS|SpA|S\.p\.A\.|
    S\.r\.l\.|SARL|LLP|PLLC|P\.C\.|Pvt\.?\sLtd\.?|Pty\.?\sLtd\.?|KG|OHG|e\.V\.|d\.o\.o\.|Kft\.?|s\.r\.o\.|a\.s\.)(?!\w)""",
    re.VERBOSE,
)
_FORM = re.compile(
    r"AB|AG|GmbH|L[tT][dD]|Limited|LLC|L\.L\.C|Inc|S\.?A|A\.Ş|o\.o|plc|PLC|Corp|Co\.|B\.?V|NV|Oy|ApS|SpA|S\.p|S\.r|SARL|LLP|PLLC|P\.C|KG|OHG|"
    r"e\.V|d\.o|Kft|s\.r|a\.s"
)
"""Of each legal form one word, or a part of it."""
_DEALS = re.compile(
    r"\b(?:bank(?:s|ed|ing)?|driv(?:e|es|er|ing)|courier|cashier|clerk|work(?:s|ed|ing)?|employed|job|(?:ins|insurance|insurer|carrier|payer|plan):?)$",
    re.IGNORECASE,
)
_KINDS = (
    r"courts?|courthouse|tribunal|council|hospital|infirmary|clinic|hospice|university|college|school|academy|institute|kindergarten|nursery|"
    r"preschool|bank|credit\sunion|prison|jail|police|barracks|church|mosque|temple|synagogue|parish|cathedral|monastery|association|union|party|"
    r"federation|foundation|society|trust|charity|authority|directorate|ministry|department|commission|bureau|agency|inspectorate|"
    r"registry|chamber|brigade|regiment|company|corporation|factory|hotel|restaurant|pharmacy|supermarket|bakery|dental|dentistry|orthodontics|"
    r"pediatrics|paediatrics|dermatology|surgery|medical\scent(?:er|re)|health\scent(?:er|re)|medical\sgroup|family\s(?:medicine|practice)|"
    r"urgent\scare|care\shome|nursing\shome|memorial|elementary|middle\sschool|high\sschool|primary|law\s(?:firm|group|offices?)|"
    r"solicitors|attorneys|insurance|assurance|realty|properties|apartments|construction|roofing|plumbing|logistics|airlines|motors|farms|"
    r"probation|practice|depot|foods|llp|gmbh|ltd|inc|llc|"
    r"newspaper|gazette|television|radio|football\sclub|club"
)
_CUES = (
    "court", "tribun", "counc", "hosp", "infirm", "clinic", "univ", "coll", "school", "acad", "instit", "kinder", "nurs", "preschool",
    "bank", "union", "prison", "jail", "polic", "barrack", "church", "mosque", "templ", "synag", "paris", "cathed", "monast", "assoc",
    "party", "feder", "found", "societ", "trust", "chari", "author", "direct", "minis", "depart", "commis", "bureau", "agenc", "inspec",
    "regis", "chamb", "brigad", "regim", "compan", "corp", "factor", "hotel", "restaur", "pharm", "superm", "baker", "dent", "ortho",
    "pedia", "paedia", "derma", "surg", "medic", "health", "famil", "urgent", "home", "memor", "elemen", "middle", "primar", "law",
    "solic", "attorn", "insur", "assur", "realty", "proper", "apart", "constr", "roof", "plumb", "logis", "airlin", "motors", "farms",
    "probat", "practice", "depot", "foods", "llp", "gmbh", "ltd", "inc", "llc", "newsp", "gazette", "televi", "radio", "club",
)  # fmt: skip
"""Parts of all the kinds: a look for each costs far less than the expression."""
_ENDING = re.compile(
    rf"(?<![\w-])(?:{_KINDS})(?![\w-])(?:\sof\s(?:[A-Z][\w-]+(?:\s(?:and\s)?[A-Z][\w-]+){{0,3}}))?", re.IGNORECASE
)
_OFFICES = (
    r"Ministry|Directorate|Department|Office|Borough|Court|University|Chamber|Bank|Church|Diocese|Municipality|District|"
    r"Institute|Board|Commission|Faculty|School|House|Society|Association|Federation|Union|Bar"
)
_OFFICE_OF = re.compile(
    rf"""\b(?:[A-Z][\w\u2019'-]+\s){{0,3}}(?:{_OFFICES})\sof\s(?:the\s)?
    [A-Z][\w\u2019'-]+(?:\s(?:(?:and|for|of|the|de)\s){{0,2}}[A-Z][\w\u2019'-]+){{0,4}}""",
    re.VERBOSE,
)
_BEFORE = re.compile(r"(?:[^\W_][\w'\u2019&.-]*\s){1,5}$")
_LOCAL = re.compile(r"\b(?:local|lodge|precinct|troop)\s\d{1,5}\b", re.IGNORECASE)
_DEALING = re.compile(
    r"""\b(?:i\s|we\s|she\s|he\s|my\s)?bank(?:s|ed|ing)?\s(?:with|is|at)\s(?P<bank>[^\W\d_][\w'&-]{1,20})(?:\sbank)?(?=\s*(?:[,.;!?\n]|$|\sand\b|\sfor\b))|
    \b(?:driv(?:e|es|er|ing)|courier|cashier|clerk|work(?:s|ed|ing)?|employed|job)\s(?:for|at|by)\s(?P<employer>[^\W\d_][\w'&-]{3,20})(?=\s*(?:[,.;!?\n]|$|\s(?:and|since|so|as|but)\b))|
    \b(?:ins|insurance|insurer|carrier|payer|plan)\s(?:is\s|:\s?)?(?P<insurer>[^\W\d_][\w'&-]{2,20}(?:\s[^\W\d_][\w'&-]{2,20})?)\s(?:id|member|policy|group)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Firms in lower case by what people do with them: their bank, their employer, their insurer."""
_DESCRIBING = frozenset(
    {"county", "district", "family", "eye", "dental", "general", "memorial", "community", "health", "medical", "credit", "housing",
     "federal", "state", "city", "high", "superior", "supreme", "crown", "magistrates", "municipal", "probate", "central", "urgent",
     "regional", "children's", "women's", "elementary", "middle", "primary", "care", "nursing", "home", "law", "property", "real",
     "hill", "river", "lake", "park", "street", "road", "creek", "valley", "animal", "trade", "mutual", "savings", "national"}
)  # fmt: skip
"""Everyday words inside a name: only with a word before them that is none ("hartwell county court")."""
_CONNECTED = frozenset({"of", "and", "&", "de", "la", "for", "st", "st.", "saint", "the"})
_NO_FIRM = frozenset(
    {"the", "my", "your", "our", "a", "an", "that", "this", "them", "you", "him", "her", "it", "his", "their", "card", "and", "or", "me",
     "closed", "open", "not", "no", "member", "policy", "group", "with", "is", "was", "has"}
)  # fmt: skip
REACH_CHARS = 90
MIN_TELLING_CHARS = 3


def _of(pattern: re.Pattern[str], why: str) -> Callable[[str, WordClasses], Iterator[Span]]:
    def find(text: str, _words: WordClasses) -> Iterator[Span]:
        for match in pattern.finditer(text):
            yield Span(*match.span(), Label.ORG, Ground.GUESS, why)

    return find


def _by_kind(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield institutions by the word for their kind that ends their name."""
    if not len(words):
        return
    for match in _ENDING.finditer(text):
        start = _begin(text, match.start(), words, is_capital=match.group()[0].isupper())
        if start < match.start():
            yield Span(start, match.end(), Label.ORG, Ground.GUESS, "office.kind")


def _dealt_with(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield banks, insurers and employers; a word of everyday language only names the first two ("i bank with chase")."""
    for match in _DEALING.finditer(text):
        group = str(match.lastgroup)
        first = match[group].split()[0]
        may_be_plain = group != "employer"
        if words.of(first) == UNKNOWN or (
            may_be_plain and first.lower() not in _NO_FIRM and words.of(first) != EVERYDAY
        ):
            yield Span(*match.span(group), Label.ORG, Ground.GUESS, "firm.dealt_with")


def _begin(text: str, end: int, words: WordClasses, *, is_capital: bool) -> int:
    """Return where a name begins that ends with the kind at ``end``; ``end`` itself when none does."""
    reach = max(0, end - REACH_CHARS)
    before = _BEFORE.search(text[reach:end])
    if before is None:
        return end
    start, capitals, is_telling = end, 0, False
    for match in reversed(list(re.finditer(r"\S+", before.group()))):
        word = match.group().rstrip(".,")
        if is_capital and word[0].isupper():
            capitals += 1
            is_telling |= not words.is_everyday(word)
        elif word.lower() in _CONNECTED and start < end and (is_capital or word.lower().startswith("st")):
            is_telling |= word.lower().startswith("st")
        elif not is_capital and not words.is_everyday(word) and word.isalpha() and len(word) >= MIN_TELLING_CHARS:
            is_telling = True
        elif is_capital or is_telling or word.lower() not in _DESCRIBING:
            break
        if word.lower() not in {"the", "of", "and", "for", "&"}:
            start = reach + before.start() + match.start()
        if match.group().endswith((".", ",")) and len(word) >= MIN_TELLING_CHARS:
            break
    return start if is_telling or capitals > 1 else end


STEPS = (
    Step(_of(_LEGAL_FORM, "firm.form"), asked(_FORM)),
    Step(_of(_OFFICE_OF, "office.of"), asked(re.compile(rf"(?:{_OFFICES})$"))),
    Step(_of(_LOCAL, "office.local"), asked(re.compile(r"(?:local|lodge|precinct|troop)$", re.IGNORECASE))),
    Step(_dealt_with, asked(_DEALS)),
    Step(_by_kind, Gate(cues=_CUES)),
)
"""Institutions that their own name gives away."""
