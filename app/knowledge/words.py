"""The words of a question that carry its meaning, and the words that an office uses for the same thing.

The tables are for a front desk in English. They are small on purpose: each line was added for questions that people
really ask, and a line that blurs two things which an office keeps apart does more harm than a missed synonym.
"""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")

_STOP_WORD_TEXT = """
a able about above actually after afternoon again all allow allowed already alright also always am an and any
anybody anyone anything anyway appreciate appreciated are aren't as ask asked asking at away awesome back be because
been before being best both bother brilliant but by bye came can can't cannot cant cheerio cheers come comes coming
cool could couldn't course curious currently dear did didn't do does doesn't doing don't done dont down each either
else even ever every everything excellent fantastic far few find fine first for from further gave get gets getting
give given glad gladly go goes going gone gonna good goodbye got gotta great guess guys had hadn't happen happens
happy has hasn't have haven't having he he's hello help helpful her here hers hey hi him his hiya hope how how's i
i'd i'll i'm i've if im in info information into is isn't it it's its itself ive just keep kind kindly know last
least less let let's like little ll look looking lot lots lovely madam made make makes making many matter may maybe
me mean might mine moment more morning most much must my myself need needed needs never new next nice no none nor
normally not nothing now of off often oh ok okay on once one only onto or other others otherwise our ours out over
own people perfect perhaps person please pls possible possibly put question questions quick quickly quite rather re
really regarding regards right said same saw say says see seem seems sent shall she should shouldn't simply since
sir so some somebody someone something sometimes soon sorry still such suppose supposed sure ta take taken takes
taking tell than thank thanks that that's thats the their theirs them then there there's these they they're thing
things think this those though through thx till to today told tomorrow tonight too took toward towards tried try
trying u under understood unless until up upon ur us use used using usually ve very via wait want wanted wanting
wants was wasn't way we we're welcome well went were weren't what what's whatever when where where's whether which
while who who's whole whom whose why will wish with within without won't wonder wonderful wondering worries would
wouldn't yes yesterday yet you you're you've your yours yourself
"""

STOP_WORDS = frozenset(_STOP_WORD_TEXT.split())
"""Words that stand in any message. Some count again inside a name of several words ("new patient")."""

CONCEPTS: tuple[tuple[str, ...], ...] = (
    # when and where
    ("open", "opening", "opening hours", "open hours", "office hours", "business hours", "hours", "close", "closing"),
    ("weekend", "weekends", "saturday", "sunday"),
    ("holiday", "holidays", "christmas", "new year", "thanksgiving", "easter", "bank holiday", "closure", "closed"),
    ("park", "parking", "car park", "parking lot", "parking space", "leave the car", "leave my car", "garage", "lot"),
    ("bus", "train", "station", "tram", "subway", "public transport", "directions", "getting here", "find you"),
    ("address", "located", "location", "where are you", "find us", "finding us", "find you", "street"),
    ("wheelchair", "step-free", "step free", "ramp", "accessible", "accessibility", "access", "lift", "elevator",
     "stairs", "disabled", "walker", "scooter", "mobility"),
    ("phone", "telephone", "call", "ring", "number"),
    ("email", "e-mail", "mail"),
    # appointments
    ("appointment", "appointments", "visit", "slot", "booking", "consultation", "check-up", "checkup"),
    ("book", "booking", "schedule", "make an appointment", "arrange", "reserve", "set up an appointment"),
    ("cancel", "cancellation", "cancelling", "call off"),
    ("reschedule", "move", "change", "postpone", "rearrange", "another time", "different time", "different day"),
    ("late", "running late", "delayed", "stuck in traffic", "traffic", "behind schedule"),
    ("missed", "no-show", "no show", "forgot my appointment", "did not come", "didn't show"),
    ("same-day", "same day", "today", "urgent", "as soon as possible", "asap", "walk-in", "walk in", "right away"),
    ("video", "telehealth", "zoom", "online appointment", "virtual", "remote", "video call", "telemedicine"),
    ("bring", "take along", "carry"),
    ("interpreter", "translator", "language", "languages", "spanish", "translation", "speak english"),
    ("child", "children", "kid", "kids", "son", "daughter", "baby", "toddler", "minor", "teenager", "school"),
    ("companion", "relative", "friend", "husband", "wife", "partner", "mother", "father", "mum", "mom", "come along"),
    # money
    ("cost", "costs", "price", "prices", "fee", "fees", "charge", "charges", "how much", "rate", "rates", "expensive"),
    ("pay", "payment", "payments", "paying", "card", "cash", "cheque", "check by card", "contactless", "transfer"),
    ("bill", "bills", "invoice", "invoices", "statement", "billing"),
    ("instalment", "instalments", "installment", "installments", "payment plan", "payment plans", "spread",
     "pay in parts", "pay monthly", "all at once", "in one go", "afford"),
    ("insurance", "insurer", "insured", "health plan", "coverage", "in-network", "in network", "covered by", "medicare",
     "medicaid"),
    ("uninsured", "self-pay", "self pay", "without insurance", "no insurance", "don't have insurance"),
    ("copay", "co-pay", "copayment", "deductible"),
    ("refund", "money back", "reimburse", "reimbursement"),
    # clinic
    ("vaccination", "vaccinations", "vaccine", "vaccines", "jab", "jabs", "shot", "shots", "immunization",
     "immunisation", "immunizations", "booster", "flu shot"),
    ("prescription", "prescriptions", "refill", "refills", "medication", "medications", "medicine", "medicines",
     "pills", "tablets", "repeat prescription", "meds", "pharmacy", "ran out"),
    ("test result", "test results", "lab result", "lab results", "results", "blood results", "bloodwork"),
    ("blood test", "blood draw", "lab test", "lab work", "fasting", "fast", "bloods", "draw"),
    ("referral", "referrals", "refer", "referred", "specialist"),
    ("records", "medical records", "my file", "chart", "copy of my records"),
    ("sick note", "doctor's note", "work note", "school note", "note for work", "fit note", "excuse"),
    ("register", "registration", "new patient", "new patients", "sign up", "join", "become a patient", "enrol",
     "accepting", "taking on"),
    ("doctor", "physician", "gp", "provider"),
    ("nurse", "nurses", "triage nurse"),
    ("after hours", "out of hours", "at night", "night", "when you are closed"),
    ("form", "forms", "paperwork", "questionnaire"),
    ("privacy", "confidential", "confidentiality", "secret", "who can see", "data protection"),
    ("complaint", "complaints", "complain", "unhappy", "dissatisfied", "feedback"),
    ("physical", "sports physical", "checkup", "wellness visit", "annual exam"),
    # law firm
    ("will", "wills", "testament", "my will", "a will"),
    ("probate", "estate", "died", "death", "deceased", "inheritance", "executor"),
    ("divorce", "separation", "separate", "split up", "marriage", "custody"),
    ("conveyancing", "house", "home", "property", "flat", "buying", "selling", "purchase", "sale"),
    ("solicitor", "lawyer", "attorney", "barrister"),
    ("power of attorney", "lpa", "lasting power"),
    ("identification", "id", "passport", "proof of identity", "identity", "driving licence", "driver's license",
     "proof of address"),
    ("bank details", "account number", "sort code", "iban", "new bank details", "account details"),
    ("fraud", "scam", "fake", "suspicious", "hacked"),
    ("arrested", "arrest", "police station", "police", "custody suite"),
    ("legal aid", "free help", "no win no fee", "public funding", "free advice"),
    ("deposit", "money on account", "retainer", "up front", "upfront", "in advance"),
    ("conflict", "other side", "conflict check", "conflict of interest"),
    ("documents", "document", "papers", "letters", "upload"),
    ("sign", "signature", "witness", "witnessed"),
    ("notary", "certify", "certified copy", "oath", "swear", "affidavit", "statutory declaration"),
)  # fmt: skip
"""One line is one thing under its several names; a name may be several words."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question asks about: the word in it, and other names for the same thing."""

    word: str
    others: tuple[str, ...] = ()


def words_of(text: str) -> list[str]:
    """Return the words of ``text``, folded to lower case, with straight apostrophes."""
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.casefold())]


_ENDINGS = ("'s", "ing", "ed", "es", "s")
_SHORTEST_ROOT = 3


def root(word: str) -> str:
    """Return ``word`` without common endings; only used to look words up in the tables, on both sides alike."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > _SHORTEST_ROOT and word.endswith("e") else word


def _by_roots() -> dict[tuple[str, ...], tuple[int, ...]]:
    table: dict[tuple[str, ...], tuple[int, ...]] = {}
    for line, names in enumerate(CONCEPTS):
        for name in names:
            key = tuple(root(word) for word in words_of(name))
            table[key] = (*table.get(key, ()), line)
    return table


_TABLE = _by_roots()
_LONGEST = max(len(key) for key in _TABLE)


def terms_of(text: str) -> tuple[Term, ...]:
    """Return what a question asks about, in order and without repetition; empty when it holds only small talk.

    Names of several words are looked for first, so that "leave my car" counts although "leave" and "my" would not.
    """
    words = words_of(text)
    terms: dict[str, Term] = {}
    position = 0
    while position < len(words):
        length = next((n for n in range(_LONGEST, 1, -1) if _key(words, position, n) in _TABLE), 1)
        phrase = " ".join(words[position : position + length])
        if length > 1 or (phrase not in STOP_WORDS and len(phrase) > 1):
            terms.setdefault(phrase, Term(phrase, _other_names(words, position, length)))
        position += length
    return tuple(terms.values())


def _key(words: list[str], position: int, length: int) -> tuple[str, ...]:
    stretch = words[position : position + length]
    return tuple(root(word) for word in stretch) if len(stretch) == length else ()


def _other_names(words: list[str], position: int, length: int) -> tuple[str, ...]:
    names = [name for line in _TABLE.get(_key(words, position, length), ()) for name in CONCEPTS[line]]
    return tuple(dict.fromkeys(name for name in names if name != " ".join(words[position : position + length])))
