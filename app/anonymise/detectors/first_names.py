"""Names by the list of words: first names that are nothing else, and what can only be a name where it stands.

``deshawn split up with me``, ``the okonkwos signed``, ``Habib Okonjo-Vale`` (neighbours with capitals that are no everyday
words: somebody, or a place or firm, hidden all the same), ``will told me`` and ``my sister hope is here`` (everyday words where
only a name can stand). A net under the trained pipeline; without a list of words nothing is found.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from app.anonymise.detectors.naming import PARTICLES
from app.anonymise.detectors.patterns import Step, asked
from app.anonymise.detectors.prose import MIN_PROSE_CHARS
from app.anonymise.gates import Gate
from app.anonymise.labels import Label
from app.anonymise.plausible import is_eponym
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import FIRST_NAME, NATION, NEVER, SURNAME, WordClasses

_MOMENTS = frozenset(
    {"may", "april", "june", "august", "summer", "autumn", "winter", "sunday", "easter", "christmas", "noel"}
)
MIN_LISTED_CHARS = 4
"""Shorter first names ("An", "Lou") are too often something else."""
_LETTERS = re.compile(r"[^\W\d_]+")
_WHOLE_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_CAPITALS = re.compile(
    r"(?<![\w'\u2019.-])(?!(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Judge|Nurse)\b)(?:[A-Z][\w'\u2019]*[a-z][\w'\u2019-]*|al-[A-Z][\w-]+)(?:\s(?:(?:de|la|del|van|der|von|bin|al|el|da|dos|ni|ben)\s){0,2}(?:[A-Z][\w'\u2019-]*[a-z][\w'\u2019-]*|al-[A-Z][\w-]+)){1,3}(?![\w-])"
)
_DOES = (
    r"(?:told|tells|said|says|called|calls|texted|asked|asks|emailed|wrote|signed|wants|needs|drove|drives|picked|brought|sent|knows|thinks|"
    r"promised|lives|lost|broke|fell|died|owes|works|came|comes|went|goes|gave|gives|takes|took|paid|is\s(?:my|his|her|our|the\sone)|"
    r"(?:won'?t|can'?t|isn'?t|didn'?t|doesn'?t|wasn'?t|hasn'?t)\s\w+)"
)
_DOES_CUES = (
    "tol", "tell", "sai", "say", "call", "text", "ask", "email", "wrote", "sign", "want", "need", "dr", "pick", "brought", "sent", "know",
    "think", "promis", "live", "lost", "broke", "fell", "died", "owe", "work", "came", "come", "went", "goes", "ga", "give", "take", "took",
    "paid", "is", "n't", "nt",
)  # fmt: skip
"""A part of each verb of ``_DOES``."""
_RELATED_CUES = (
    "mo", "mum", "father", "dad", "son", "daughter", "sister", "brother", "wife", "husband", "partner", "uncle", "aunt", "cousin", "niece",
    "nephew", "gran", "nan", "friend", "neighbo", "roommate", "boss", "twin",
)  # fmt: skip
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
_TWICE = re.compile(r"(?<![\w'-])(?P<id>(?P<word>[^\W\d_]{3,12})\s(?P=word))(?=\s[^\W\d_])", re.IGNORECASE)
"""Two equal words, one of which is a name, and only the sentence tells which: "will will be there", "may may come"."""
_CASED = re.compile(
    r"(?<=[a-z] )(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bmy )(?<!\byour )(?<!\bour )(?<!\bthis )(?<!\bof )(?<!\bin )(?<!\bon )(?<!\bat )"
    r"(?P<id>[A-Z][a-z]{2,11})(?![\w'\u2019-])"
)
"""A capital in the middle of a sentence that has hardly any: an everyday word that is a name here ("may Chance come")."""
_FAMILY = re.compile(r"\bthe\s(?P<id>[^\W\d_]{4,20}?)(?P<plural>e?s)\b", re.IGNORECASE)


def _families(text: str, words: WordClasses) -> Iterator[Span]:
    for match in _FAMILY.finditer(text):
        whole = match["id"] + match["plural"]
        if not words.is_everyday(whole) and not words.is_everyday(match["id"]) and SURNAME in words.of(match["id"]):
            yield Span(match.start("id"), match.end("plural"), Label.PERSON, Ground.GUESS, "named.family")


def _listed(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield words that are first names and nothing else, with the surname behind them: a net under the pipeline."""
    for match in _WHOLE_WORD.finditer(text):
        is_name = len(match.group()) >= MIN_LISTED_CHARS and words.is_first_name(match.group())
        if is_name and not is_eponym(text, match.end()):
            end = match.end() - len("'s") * match.group().lower().endswith(("'s", "\u2019s"))
            after = _WHOLE_WORD.match(text, end + 1) if text[end : end + 1] == " " else None
            if after is not None and _is_surname(after.group(), words):
                end = after.end()
            yield Span(match.start(), end, Label.PERSON, Ground.GUESS, "named.listed")


def _doing(pattern: re.Pattern[str]) -> Callable[[str, WordClasses], Iterator[Span]]:
    """Return what yields names that are everyday words where only a name can stand: "will told me"."""

    def find(text: str, words: WordClasses) -> Iterator[Span]:
        for match in pattern.finditer(text):
            if FIRST_NAME in words.of(match["id"].split()[0]):
                yield Span(*match.span("id"), Label.PERSON, Ground.GUESS, "named.doing")

    return find


def _twice(text: str, words: WordClasses) -> Iterator[Span]:
    parts = text.lower().split()
    if any(one.endswith(other) for one, other in pairwise(parts)):
        yield from _doing(_TWICE)(text, words)


def _cased(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield first names that are everyday words, written with a capital in a line that is not."""
    parts = _LETTERS.findall(text)
    if len(text) >= MIN_PROSE_CHARS or 2 * sum(part.islower() for part in parts) < len(parts):
        return
    for match in _CASED.finditer(text):
        kind = words.of(match["id"])
        if FIRST_NAME in kind and not {NATION, NEVER} & set(kind) and match["id"].lower() not in _MOMENTS:
            yield Span(*match.span("id"), Label.PERSON, Ground.GUESS, "named.doing")


def _capitals(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield neighbours with capitals that are no everyday words: somebody, or a place or firm, hidden all the same."""
    if not len(words):
        return
    for match in _CAPITALS.finditer(text):
        parts = [word for word in re.split(r"[\s-]+", match.group()) if word.lower() not in PARTICLES]
        if len(parts) > 1 and not any(words.is_everyday(word) for word in parts):
            yield Span(*match.span(), Label.PERSON, Ground.GUESS, "named.capitals")


def _is_surname(word: str, words: WordClasses) -> bool:
    return len(word) > MIN_LISTED_CHARS - 1 and SURNAME in words.of(word) and not words.is_everyday(word)


def _has_listed(word: str, words: WordClasses) -> bool:
    return any(len(part) >= MIN_LISTED_CHARS and words.is_first_name(part) for part in _WHOLE_WORD.findall(word))


def _has_first_name(word: str, words: WordClasses) -> bool:
    return any(FIRST_NAME in words.of(part) for part in _LETTERS.findall(word))


def _has_surname(word: str, words: WordClasses) -> bool:
    """Return whether ``word`` without its last letters is a surname ("the alvarados")."""
    parts = (part for part in _LETTERS.findall(word) if part[-1] in "sS")
    return any(SURNAME in words.of(part[:-cut]) for part in parts for cut in (1, 2))


STEPS = (
    Step(_listed, Gate(test=_has_listed)),
    Step(_capitals, asked(re.compile(r"[A-Z][\w'\u2019]*[a-z]|al-[A-Z]"))),
    Step(_cased, Gate(test=lambda word, words: word[:1].isupper() and FIRST_NAME in words.of(word.rstrip(".,;:!?")))),
    Step(_doing(_SUBJECT), Gate(cues=_DOES_CUES, test=_has_first_name)),
    Step(_doing(_RELATED), Gate(cues=_RELATED_CUES, test=_has_first_name)),
    Step(
        _doing(_TOLD),
        Gate(
            cues=("ask", "tell", "than", "hi", "hey", "hello", "dear", "called", "told", "named"), test=_has_first_name
        ),
    ),
    Step(_twice, Gate(test=_has_first_name)),
    Step(_families, Gate(cues=("the",), test=_has_surname)),
)
"""Names that the list of words gives away."""
