"""Names by what stands beside them: a title, an introduction, a label of a form.

``Mr. Alvarado``, ``dr pemberton-shaw``, ``my name is karthik``, ``me llamo …``, ``Patient: Quigg, B.``. In chats names
come in lower case and everyday words are names ("Rose", "Will"), so a word in lower case counts only when it is no
everyday word (``word_classes``), and without a list of words only what is written with a capital.

Out of scope: names without such a word beside them (the trained pipeline), and those that stand elsewhere in the same
text with one (``repeats``).
"""

import re
from collections.abc import Iterator

from app.anonymise.detectors.patterns import Step, asked
from app.anonymise.gates import Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import EVERYDAY, UNKNOWN, WordClasses

MAX_WORDS = 4
"""Longest name that is read on from a title: "Dr Ana Maria de Souza" and its particle."""
_TITLES = (
    r"mr|mrs|ms|mx|miss|dr|drs|prof|professor|sir|dame|rev|fr|hon|sgt|cpl|capt|lt|col|cllr|judge|justice|señora?|señor|sra?|"
    r"srta|herr|frau|madame|monsieur|mme|mlle|shri|smt|hhj|doctora?|licenciad[oa]|abogad[oa]|lic|rabbi|imam|detective|deputy|trooper|pcp|pt"
)
_TITLE = re.compile(rf"(?<![\w.@-])(?:{_TITLES})\b\.?\s{{1,2}}(?=[^\W\d_])", re.IGNORECASE)
_STAFF = re.compile(
    r"(?<![\w.@-])(?:nurse|attorney|atty|officer|coach|constable|sergeant|captain|pastor|deacon|councill?or|uncle|aunt|auntie|t[ií]a|t[ií]o)"
    r"\s{1,2}(?=[^\W\d_])",
    re.IGNORECASE,
)
"""Titles that are everyday words: only in front of a word that is none."""
_PARTY = r"[^\W\d_][\w'\u2019-]{1,20}(?:\s[^\W\d_][\w'\u2019-]{1,20}){0,2}?"
_VERSUS = re.compile(
    rf"(?:^|[.,;:!?\n]\s?|\b(?:in|re|case|matter|of|is|on)\s)(?P<id>(?!(?:of|in|re|on|is|case)\s){_PARTY})\s(?:vs?\.?|versus)\s(?P<other>{_PARTY})(?=\s*(?:[.,;:!?\n]|$|\d|\b(?:case|docket|no|on|in|is|and|file)\b|\s\w*\d))",
    re.IGNORECASE,
)
_NO_PARTY = frozenset(
    {
        "me",
        "my",
        "us",
        "we",
        "you",
        "your",
        "him",
        "her",
        "them",
        "it",
        "the",
        "a",
        "an",
        "this",
        "that",
        "our",
        "their",
        "his",
    }
)
_INTRODUCTION = re.compile(
    r"""(?<![\w@])(?:(?:(?:my|his|her|their|whose|the|client|patient)\s)?(?:full\s|legal\s|last\s|first\s|maiden\s|middle\s|sur|real\s)?(?:name|nam)(?:'s|\sis|s|\siz)|
    (?:i\s?am|i'?m|is|was|are|be)\s(?:called|named)|they\scall\sme|(?:i\s)?go(?:es)?\sby|short\sfor|me\sllamo|mi\snombre\ses|se\sllama|je\sm'appelle|
    mein\sname\sist|ich\shei(?:ss|ß)e|mi\schiamo|meu\snome\sé|in\sthe\sname\sof|under\s(?:the\s)?name(?:\sof)?|née|nee|a\.?k\.?a\.?)
    \s{0,2}:?\s{1,2}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_INTRODUCING = re.compile(
    r"nam|call|\bgo(?:es)?$|short|llam|nombre|appelle|hei(?:ss|ß)e|chiamo|nome|n[eé]e|a\.?k\.?a", re.IGNORECASE
)
"""Of each introduction one word."""
_FIELD = re.compile(
    r"""(?:^|[\n;,.|])\s{0,3}(?:(?:full|first|last|patient'?s?|client'?s?|maiden|given|family|legal|contact)\s)?
    (?:name|surname|patient|client|caller|attn|attention|tenant|landlord|witness|insured|subscriber|plaintiff|defendant|petitioner|
    respondent|claimant|appellant|applicant|executor|signed|re|cc|from|to|mother|father|spouse|guardian|emergency\scontact|next\sof\skin)
    \s{0,2}[:=]\s{0,3}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATIVES = (
    r"mother|father|mom|mum|dad|son|daughter|sister|brother|wife|husband|partner|fianc[eé]e?|boyfriend|girlfriend|"
    r"uncle|aunt|auntie|cousin|niece|nephew|gran|nan|grandma|grandpa|nana|friend|neighbou?r|roommate|boss|manager|supervisor|landlord|"
    r"tenant|nanny|tutor|carer|caregiver|colleague|coworker|child|kid|baby|boy|girl|twin|client|patient|therapist|pair|lawyer|attorney|"
    r"dentist|doctor|surgeon|accountant|agent|broker|caseworker|worker"
)
"""The last word of a relation."""
_RELATION = re.compile(
    r"""(?<![\w@])(?:my|our|his|her|their|the)\s(?:(?:little|older?|young(?:er)?|late|eldest|ex|best|elder|step|foster|new|baby)[\s-])?
    (?:step|god|grand|half[\s-])?(?:mother|father|mom|mum|dad|son|daughter|sister|brother|wife|husband|partner|fianc[eé]e?|boyfriend|girlfriend|
    uncle|aunt|auntie|cousin|niece|nephew|gran|nan|grandma|grandpa|nana|friend|neighbou?r|roommate|boss|manager|supervisor|landlord|
    tenant|nanny|tutor|carer|caregiver|colleague|coworker|child|kid|baby|boy|girl|twin|client|patient|therapist|au\spair|lawyer|attorney|
    dentist|doctor|surgeon|accountant|agent|broker|caseworker|social\sworker)(?:'s\sname\sis|\sis|\snamed|\scalled)?,?\s{1,2}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*[^\W_])?\.?")
_SIGNATURE = re.compile(
    r"(?:^|\n|[.!?,]\s?)\s*[-~\u2013\u2014]\s{0,2}(?P<id>[A-Z](?:[\w'-]{1,15}|\.)(?:\s[A-Z](?:[\w'-]{1,18}|\.)){0,2})\s*$"
)
_INITIALS = re.compile(
    r"(?<![\w.'\u2019-])(?P<id>(?:[A-Z]\.[\s-]?){1,3}[A-Z][a-z\u00c0-\u024f][\w'\u2019-]{1,24}(?:-[A-Z][\w'-]+)?)(?![\w-])"
)
_ANSWER = re.compile(r"(?P<id>[^\W\d_]{2,20}(?:\s[^\W\d_]{2,20}?)??)\s*(?=$|[.,;!?\n]|\b(?:and|but)\b)")
_NICKNAME = re.compile(
    r"\b(?P<id>[^\W\d_]{2,20})\s(?:is\s|was\s)?(?:just\s)?(?:short\sfor|what\s(?:(?:my|his|her|their|the)\s)?\w+\s(?:calls?|called|named)\s(?:me|him|her|us|them)\b)",
    re.IGNORECASE,
)
_ARROW = re.compile(
    r"(?P<id>(?<![\w])[A-Z][^\W\d_]{1,20})(?=\s?(?:\u2192|->|=>))|(?<=[\u2192>])\s?(?P<to>[A-Z][^\W\d_]{1,20})(?!\w)"
)
_MIDDLE = re.compile(r"[^\W\d_aiAI]\.?\s(?P<id>[^\W\d_]{3,20})\b")
"""An initial in the middle of a name, in lower case: "herman k highland"."""
_PRONOUNS = frozenset(
    {"i", "he", "she", "it", "we", "they", "you", "who", "that", "this", "there", "and", "but", "if", "when"}
)
_NO_ANSWERS = frozenset(
    {"on", "not", "in", "the", "spelled", "spelt", "wrong", "misspelled", "under", "still", "also", "already", "missing",
     "now", "different", "same", "required", "there", "listed", "and", "what", "for", "correct", "right", "changed"}
)  # fmt: skip
PARTICLES = frozenset(
    {"de", "la", "del", "der", "den", "van", "von", "bin", "ibn", "al", "el", "da", "do", "dos", "das", "di",
     "du", "le", "ni", "mac", "st", "ter", "ten", "of", "y", "e", "abu"}
)  # fmt: skip


def _titled(text: str, words: WordClasses) -> Iterator[Span]:
    return _beside(_TITLE, "named.title", text, words)


def _staff(text: str, words: WordClasses) -> Iterator[Span]:
    for span in _beside(_STAFF, "named.title", text, words):
        first = _WORD.match(text, span.start)
        if first is not None and not words.is_everyday(first.group()):
            yield span


def _parties(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield who stands against whom: "will glass vs panera"; of the other side only names that no word begins."""
    for match in _VERSUS.finditer(text):
        for group in ("id", "other"):
            parts = match[group].lower().split()
            is_named = group == "id" or not all(words.is_everyday(part) for part in parts)
            if is_named and not _NO_PARTY & set(parts) and any(words.of(part) != EVERYDAY for part in parts):
                yield Span(*match.span(group), Label.PERSON, Ground.GUESS, "named.party")


def _introduced(text: str, words: WordClasses) -> Iterator[Span]:
    return _beside(_INTRODUCTION, "named.introduction", text, words)


def _in_field(text: str, words: WordClasses) -> Iterator[Span]:
    return _beside(_FIELD, "named.field", text, words)


def _related(text: str, words: WordClasses) -> Iterator[Span]:
    return _beside(_RELATION, "named.relation", text, words, is_sure=False)


def _beside(
    pattern: re.Pattern[str], why: str, text: str, words: WordClasses, *, is_sure: bool = True
) -> Iterator[Span]:
    """Yield names right behind what ``pattern`` finds."""
    for match in pattern.finditer(text):
        end = _name_end(text, match.end(), words, is_sure=is_sure)
        if pattern is _INTRODUCTION and end == match.end():
            end = _answer_end(text, match.end())
        if end > match.end():
            yield Span(match.end(), end, Label.PERSON, Ground.SHAPE, why)


def _nicknames(text: str, _words: WordClasses) -> Iterator[Span]:
    """Yield what somebody is called."""
    for match in _NICKNAME.finditer(text):
        if match["id"].lower() not in _PRONOUNS:
            yield Span(*match.span("id"), Label.PERSON, Ground.SHAPE, "named.introduction")


def _handed_on(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield who hands on to whom."""
    for match in _ARROW.finditer(text):
        group = "id" if match["id"] else "to"
        if not words.is_everyday(match[group]):
            yield Span(*match.span(group), Label.PERSON, Ground.GUESS, "named.arrow")


def _signed(text: str, _words: WordClasses) -> Iterator[Span]:
    for match in _SIGNATURE.finditer(text):
        yield Span(*match.span("id"), Label.PERSON, Ground.SHAPE, "named.signature")


def _initials(text: str, words: WordClasses) -> Iterator[Span]:
    for match in _INITIALS.finditer(text):
        if not words.is_everyday(re.split(r"[\s.]", match["id"])[-1]):  # "see part A. Then"
            yield Span(*match.span("id"), Label.PERSON, Ground.SHAPE, "named.initials")


def _answer_end(text: str, start: int) -> int:
    """Return where an everyday word ends that is all of the answer: "my name is hope"."""
    match = _ANSWER.match(text, start)
    return start if match is None or match.group("id").split()[0].lower() in _NO_ANSWERS else match.end("id")


def _name_end(text: str, start: int, words: WordClasses, *, is_sure: bool) -> int:
    """Return where the name ends that begins at ``start``; ``start`` itself when none does."""
    end, place = start, start
    for _ in range(MAX_WORDS):
        match = _WORD.match(text, place)
        if match is None or not _is_name(match.group(), words, is_sure=is_sure):
            middle = _MIDDLE.match(text, place) if end > start else None
            if middle is None or not _is_name(middle["id"], words, is_sure=is_sure):
                break
            end = middle.end()
            break
        word = match.group()
        if word.rstrip(".").lower() not in PARTICLES:
            end = match.end() - (word.endswith(".") and len(word) > MAX_INITIAL_CHARS)
            if end < match.end():
                break
        place = match.end()
        if not text[place : place + 1].isspace() or text[place : place + 1] == "\n":
            break
        place += 1
    return end


MAX_INITIAL_CHARS = 3
"""A longer word with a dot ends a sentence ("Mr. Vogt. He said"); a shorter one is an initial."""


def _is_name(word: str, words: WordClasses, *, is_sure: bool) -> bool:
    bare = word.rstrip(".")
    if bare.lower() in PARTICLES:
        return True
    if bare.lower().split("'")[0] in _PRONOUNS:
        return False
    if bare[0].isupper():
        # A capital decides; but a whole text in capitals has none, and a first word may begin a sentence.
        return not (bare.isupper() and len(bare) > MAX_INITIAL_CHARS) or not words.is_everyday(bare)
    if not len(words) or len(bare) < MAX_INITIAL_CHARS:
        return False
    kind = words.of(bare)
    if words.is_everyday(bare):
        return False
    return kind != UNKNOWN or is_sure


STEPS = (
    Step(_titled, asked(re.compile(rf"(?<![\w.@-])(?:{_TITLES})\.?$", re.IGNORECASE))),
    Step(
        _staff,
        asked(
            re.compile(
                r"(?:nurse|attorney|atty|officer|coach|constable|sergeant|captain|pastor|deacon|cill?or|uncle|aunt|auntie|t[ií]a|t[ií]o)$",
                re.IGNORECASE,
            )
        ),
    ),
    Step(_parties, asked(re.compile(r"^(?:vs?\.?|versus)$", re.IGNORECASE))),
    Step(_introduced, asked(_INTRODUCING)),
    Step(_in_field, Gate(":=")),
    Step(_related, asked(re.compile(rf"(?:{_RELATIVES})(?:'s)?,?$", re.IGNORECASE))),
    Step(_nicknames, Gate(cues=("short", "what"))),
    Step(_handed_on, Gate("\u2192>")),
    Step(_signed, Gate("-~\u2013\u2014")),
    Step(_initials, asked(re.compile(r"[A-Z]\."))),
)
"""Names beside titles, introductions, labels of forms and relations."""
