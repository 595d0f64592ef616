"""Names by what stands beside them: a title, an introduction, a label of a form.

``Mr. Alvarado``, ``dr pemberton-shaw``, ``my name is karthik``, ``me llamo …``, ``Patient: Quigg, B.``. In chats names
come in lower case and everyday words are names ("Rose", "Will"), so a word in lower case counts only when it is no
everyday word (``word_classes``), and without a list of words only what is written with a capital.

Out of scope: names without such a word beside them (the trained pipeline), and those that stand elsewhere in the same
text with one (``repeats``).
"""

import re
from collections.abc import Iterable, Iterator

from app.anonymise.detectors.prose import MIN_PROSE_CHARS
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import FIRST_NAME, SURNAME, UNKNOWN, WordClasses

MAX_WORDS = 4
"""Longest name that is read on from a title: "Dr Ana Maria de Souza" and its particle."""
TITLE_REACH_CHARS = 14

_TITLES = (
    r"mr|mrs|ms|mx|miss|dr|drs|prof|professor|sir|dame|rev|fr|hon|sgt|cpl|capt|lt|col|cllr|judge|justice|señora?|señor|sra?|"
    r"srta|herr|frau|madame|monsieur|mme|mlle|shri|smt|hhj|doctora?|licenciad[oa]|abogad[oa]|lic|rabbi|imam|detective|deputy|trooper"
)
_BOUND_TITLES = (
    r"mr|mrs|ms|mx|miss|dr|drs|prof|professor|sir|dame|rev|señora?|señor|sra?|herr|frau|mme|mlle|shri|smt|hhj"
)
"""Titles that are hidden with the name: they stand for nothing without it."""
_TITLE = re.compile(rf"(?<![\w.@-])(?:{_TITLES})\b\.?\s{{1,2}}(?=[^\W\d_])", re.IGNORECASE)
_TITLE_BEFORE = re.compile(rf"(?<![\w.@-])(?:{_BOUND_TITLES})\b\.?\s{{1,2}}$", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"""(?<![\w@])(?:(?:(?:my|his|her|their|whose|the|client|patient)\s)?(?:full\s|legal\s|last\s|first\s|maiden\s|middle\s|sur|real\s)?(?:name|nam)(?:'s|\sis|s|\siz)|
    (?:i\s?am|i'?m|is|was|are|be)\s(?:called|named)|they\scall\sme|(?:i\s)?go(?:es)?\sby|me\sllamo|mi\snombre\ses|se\sllama|je\sm'appelle|
    mein\sname\sist|ich\shei(?:ss|ß)e|mi\schiamo|meu\snome\sé|in\sthe\sname\sof|under\s(?:the\s)?name(?:\sof)?|née|nee|a\.?k\.?a\.?)
    \s{0,2}:?\s{1,2}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_FIELD = re.compile(
    r"""(?:^|[\n;,.|])\s{0,3}(?:(?:full|first|last|patient'?s?|client'?s?|maiden|given|family|legal|contact)\s)?
    (?:name|surname|patient|client|caller|attn|attention|tenant|landlord|witness|insured|subscriber|plaintiff|defendant|petitioner|
    respondent|claimant|appellant|applicant|executor|signed|re|cc|from|to|mother|father|spouse|guardian|emergency\scontact|next\sof\skin)
    \s{0,2}[:=]\s{0,3}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATION = re.compile(
    r"""(?<![\w@])(?:my|our|his|her|their|the)\s(?:(?:little|older?|young(?:er)?|late|eldest|ex|best|elder|step|foster|new|baby)[\s-])?
    (?:step|god|grand|half[\s-])?(?:mother|father|mom|mum|dad|son|daughter|sister|brother|wife|husband|partner|fianc[eé]e?|boyfriend|girlfriend|
    uncle|aunt|auntie|cousin|niece|nephew|gran|nan|grandma|grandpa|nana|friend|neighbou?r|roommate|boss|manager|supervisor|landlord|
    tenant|nanny|tutor|carer|caregiver|colleague|coworker|child|kid|baby|boy|girl|twin|client|patient|therapist|au\spair|lawyer|attorney|
    dentist|doctor|surgeon|accountant|agent|broker|caseworker|social\sworker)(?:'s\sname\sis|\sis|\snamed|\scalled)?,?\s{1,2}(?=[^\W\d_])""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*[^\W_])?\.?")
_WHOLE_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_CAPITALS = re.compile(
    r"(?<![\w'\u2019.-])(?!(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Judge|Nurse)\b)(?:[A-Z][\w'\u2019]*[a-z][\w'\u2019-]*|al-[A-Z][\w-]+)(?:\s(?:(?:de|la|del|van|der|von|bin|al|el|da|dos|ni|ben)\s){0,2}(?:[A-Z][\w'\u2019-]*[a-z][\w'\u2019-]*|al-[A-Z][\w-]+)){1,3}(?![\w-])"
)
_SIGNATURE = re.compile(
    r"(?:^|\n|\s)[-~\u2013\u2014]\s{0,2}(?P<id>[A-Z](?:[\w'-]{1,15}|\.)(?:\s[A-Z](?:[\w'-]{1,18}|\.)){0,2})\s*$"
)
_DOES = (
    r"(?:told|tells|said|says|called|calls|texted|asked|asks|emailed|wrote|signed|wants|needs|drove|drives|picked|brought|sent|knows|thinks|"
    r"promised|lives|lost|broke|fell|died|owes|works|came|comes|went|goes|gave|gives|takes|took|paid|is\s(?:my|his|her|our|the\sone)|"
    r"(?:won'?t|can'?t|isn'?t|didn'?t|doesn'?t|wasn'?t|hasn'?t)\s\w+)"
)
_SUBJECT = re.compile(
    rf"(?:^|[.,;!?\n]\s?|\b(?:that|because|but|when|cause|bc|cuz)\s)(?P<id>[^\W\d_]{{2,12}})\s(?={_DOES}\b)",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"\b(?:my|our|his|her)\s(?:(?:little|older?|late|ex|best|step)[\s-])?(?:mother|father|mom|mum|dad|son|daughter|sister|brother|wife|husband|"
    r"partner|uncle|aunt|cousin|niece|nephew|gran|nan|grandma|grandpa|friend|neighbou?r|roommate|boss|nanny|twin)\s(?P<id>[^\W\d_]{2,12})\s"
    r"(?=(?:is|was|has|had|got|said|told|called|wants|needs|can'?t|did|does|paid|broke|fell|died|who|lives|works|takes|signed)\b)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:ask|tell|thanks?|thank\syou|hi|hey|hello|dear|called|told|named)\s(?P<id>[^\W\d_]{2,12})(?=\s(?:that|she|he|about|if|to\s\w+\sme|i\s|we\s)|,|$)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s[B-HJ-Z](?:\.(?=\s[A-Z])|(?![\w'.\u2019]))|,?\s(?:Jr|Sr|M\.?D|D\.?O|DDS|Ph\.?D|Esq|RN|NP|PA-C|LCSW|MFT|QC|KC)\b\.?"
)
_ANSWER = re.compile(r"(?P<id>[^\W\d_]{2,20}(?:\s[^\W\d_]{2,20})?)\s*(?=$|[.,;!?\n]|\band\b)")
_PRONOUNS = frozenset(
    {"i", "he", "she", "it", "we", "they", "you", "who", "that", "this", "there", "and", "but", "if", "when"}
)
_NO_ANSWERS = frozenset(
    {"on", "not", "in", "the", "spelled", "spelt", "wrong", "misspelled", "under", "still", "also", "already", "missing",
     "now", "different", "same", "required", "there", "listed", "and", "what", "for", "correct", "right", "changed"}
)  # fmt: skip
MIN_LISTED_CHARS = 4
"""Shorter first names ("An", "Lou") are too often something else."""
_PARTICLES = frozenset(
    {"de", "la", "del", "der", "den", "van", "von", "bin", "ibn", "al", "el", "da", "do", "dos", "das", "di",
     "du", "le", "ni", "mac", "st", "ter", "ten", "of", "y", "e", "abu"}
)  # fmt: skip


def find(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield names beside titles, introductions, labels of forms and relations."""
    for pattern, why, is_sure in (
        (_TITLE, "named.title", True),
        (_INTRODUCTION, "named.introduction", True),
        (_FIELD, "named.field", True),
        (_RELATION, "named.relation", False),
    ):
        for match in pattern.finditer(text):
            end = _name_end(text, match.end(), words, is_sure=is_sure)
            if why == "named.introduction" and end == match.end():
                end = _answer_end(text, match.end())
            if end > match.end():
                yield Span(match.end(), end, Label.PERSON, Ground.SHAPE, why)
    yield from listed(text, words)
    if len(words):
        yield from _capitals(text, words)
        yield from _doing(text, words)
    for match in _SIGNATURE.finditer(text):
        yield Span(*match.span("id"), Label.PERSON, Ground.SHAPE, "named.signature")


def listed(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield words that are first names and nothing else, with the surname behind them: a net under the pipeline."""
    if not len(words):
        return
    for match in _WHOLE_WORD.finditer(text):
        if len(match.group()) >= MIN_LISTED_CHARS and words.is_first_name(match.group()):
            end = match.end()
            after = _WHOLE_WORD.match(text, end + 1) if text[end : end + 1] == " " else None
            if after is not None and _is_surname(after.group(), words):
                end = after.end()
            yield Span(match.start(), end, Label.PERSON, Ground.GUESS, "named.listed")


def _doing(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield names that are everyday words where only a name can stand: "will told me", "my sister hope is here"."""
    for pattern in (_SUBJECT, _RELATED, _TOLD):
        for match in pattern.finditer(text):
            if FIRST_NAME in words.of(match["id"]):
                yield Span(*match.span("id"), Label.PERSON, Ground.GUESS, "named.doing")


def _capitals(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield neighbours with capitals that are no everyday words: somebody, or a place or firm, hidden all the same."""
    for match in _CAPITALS.finditer(text):
        parts = [word for word in re.split(r"[\s-]+", match.group()) if word.lower() not in _PARTICLES]
        if len(parts) > 1 and not any(words.is_everyday(word) for word in parts):
            yield Span(*match.span(), Label.PERSON, Ground.GUESS, "named.capitals")


def _is_surname(word: str, words: WordClasses) -> bool:
    return len(word) > MAX_INITIAL_CHARS and SURNAME in words.of(word) and not words.is_everyday(word)


def whole_names(found: Iterable[Span], text: str) -> Iterator[Span]:
    """Yield the findings, persons with the initial and the letters behind their name ("Vogt Anna M", "Quigg, Jr").

    In long prose also with the title before it: a judgment's "Mr" tells who is a man. In chats the title stays, so
    that what is left reads well ("is Dr [PERSON_1] in").
    """
    is_prose = len(text) >= MIN_PROSE_CHARS
    for span in found:
        if span.label is not Label.PERSON:
            yield span
            continue
        behind = _BEHIND.match(text, span.end)
        end = behind.end() if behind is not None and span.ground < Ground.KNOWN else span.end
        reach = max(0, span.start - TITLE_REACH_CHARS)
        title = _TITLE_BEFORE.search(text[reach : span.start]) if is_prose else None
        start = span.start if title is None else reach + title.start()
        yield Span(start, end, span.label, span.ground, span.why)


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
            break
        word = match.group()
        if word.rstrip(".").lower() not in _PARTICLES:
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
    if bare.lower() in _PARTICLES:
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
