"""Answers that are nothing but what was asked for: a name of two words, a code in pieces.

``regina phalange``, ``witting tommy`` (one word is a name and nothing else, the other may be one) and ``ba 6 th 82``, ``fvc 543``,
``2586 lk``: people type a code as they read it out. Only whole messages count: elsewhere the same words are mostly something else
("maria called", "room 212").
"""

import re
from collections.abc import Iterator
from typing import Final

from app.anonymise.detectors.patterns import Step, asked
from app.anonymise.gates import Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import EVERYDAY, FIRST_NAME, NEVER, SURNAME, UNKNOWN, WordClasses

MAX_CHARS: Final = 40

_TWO_WORDS = re.compile(r"\s*(?P<id>(?P<one>[^\W\d_]{3,20})\s(?P<two>[^\W\d_]{3,20}))\s*[.!]?\s*")
_NO_NAMES = frozenset(
    {"hello", "hiya", "thanks", "thank", "thankyou", "please", "sorry", "yes", "yeah", "yep", "nope", "okay", "here", "again", "dear",
     "morning", "goodbye", "bye", "sure", "hey", "called", "speaking", "thx", "ask", "tell", "call", "who", "and", "the", "for", "its",
     "yours", "hola", "gracias", "from", "with", "not", "nurse", "doctor", "mrs", "miss", "good", "great", "love", "what"}
)  # fmt: skip
_UNITS = r"(?:am|pm|to|of|x|or|in|by|at|st|nd|rd|mg|ml|kg|lb|lbs|hr|hrs|h|min|mins|k|d|days?|weeks?|yrs?|pcs|m|cm|km|ft|usd|eur|gbp|inr|cad|aud|usb)"
_GROUPS = re.compile(
    rf"\s*(?P<id>(?:[a-z]{{1,5}}\s)?\d{{1,5}}(?:\s(?!{_UNITS}\s)[a-z]{{1,4}}\s\d{{1,5}}){{1,4}}(?:\s[a-z]{{1,2}})?)\s*[.!]?\s*",
    re.IGNORECASE,
)
_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTERED = re.compile(
    rf"\s*(?P<id>[a-z]{{2,5}}\s\d{{3,6}}(?:\s(?!{_UNITS}\b)[a-z]{{1,3}})?|\d{{3,6}}\s(?!{_UNITS}\b)[a-z]{{2,3}})\s*[.!]?\s*",
    re.IGNORECASE,
)


def _named(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield a message of two words of which one is a name and nothing else, and the other may be one."""
    match = _TWO_WORDS.fullmatch(text) if len(text) <= MAX_CHARS and len(words) else None
    if match is None or _NO_NAMES & {match["one"].lower(), match["two"].lower()}:
        return
    one, two = words.of(match["one"]), words.of(match["two"])
    if (_is_only_name(one) and _may_be_name(two)) or (_may_be_name(one) and _is_only_name(two)):
        yield Span(*match.span("id"), Label.PERSON, Ground.GUESS, "named.answer")


def _coded(text: str, words: WordClasses) -> Iterator[Span]:
    """Yield a message of letters and digits in turn."""
    if len(text) > MAX_CHARS or not len(words):
        return
    match = _GROUPS.fullmatch(text) or _LETTERED.fullmatch(text)
    groups = [group.lower() for group in _LETTERS.findall(text)]
    if _MONTHS & {group[:3] for group in groups}:
        return
    if match is not None and not any(len(group) > 1 and {EVERYDAY, NEVER} & set(words.of(group)) for group in groups):
        yield Span(*match.span("id"), Label.ID, Ground.GUESS, "record.groups")


def _is_only_name(kind: str) -> bool:
    return bool({FIRST_NAME, SURNAME} & set(kind)) and not {EVERYDAY, NEVER} & set(kind)


def _may_be_name(kind: str) -> bool:
    return bool({FIRST_NAME, SURNAME, UNKNOWN} & set(kind)) and NEVER not in kind


STEPS = (
    Step(_named, asked(re.compile(r"^[^\W\d_]{3,20}[.!]?$"))),
    Step(_coded, Gate("0", digits=2)),
)
