"""The fixed words of summaries and hand-over notes, in the languages that threads are read in. Pure.

Quoted sentences stay as they were said; a heading in another language between them reads like a foreign body.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DigestWords:
    """Headings by what stands under them, and how questions and promises look in one language."""

    headings: Mapping[str, str]
    desk: str
    question: re.Pattern[str]
    promise: re.Pattern[str]


ENGLISH: Final = DigestWords(
    headings={
        "said": "What was said",
        "open": "Not answered yet",
        "promised": "Promised by the desk",
        "noted": "Noted in the office",
    },
    desk="Desk",
    question=re.compile(
        r"\?\s*\Z|\A(?:can|could|may|do|does|is|are|will|would|when|where|what|which|who|how|please)\b", re.IGNORECASE
    ),
    promise=re.compile(
        r"\b(?:(?:we|i)(?:'ll| will| shall| am going to| are going to)|let you know|(?:come|get) back to you"
        r"|by then)\b",
        re.IGNORECASE,
    ),
)
SPANISH: Final = DigestWords(
    headings={
        "said": "Lo que se dijo",
        "open": "Sin responder todavía",
        "promised": "Prometido por la oficina",
        "noted": "Anotado en la oficina",
    },
    desk="Oficina",
    question=re.compile(
        r"\?\s*\Z|¿|\A(?:pueden?|puedo|podrían?|hay|cuándo|dónde|qué|cuál|quién|cómo|cuánto|por favor)\b", re.IGNORECASE
    ),
    promise=re.compile(
        r"\b(?:(?:le|les|lo|la|los|las|te)\s+\w+(?:aremos|eremos|iremos|aré|eré|iré)|vamos a|voy a|nos pondremos"
        r"|me pondré|le aviso|le llamo|para entonces)\b",
        re.IGNORECASE,
    ),
)

_SPANISH_TEXT: Final = """
el la los las un una de del que qué y en por para con mi mis su sus es está estoy tengo tiene puedo puede pueden quiero
necesito cuándo dónde cómo hola gracias buenos buenas días tardes favor cita me se lo le no hay muy pero también
"""
_ENGLISH_TEXT: Final = """
the a an of and in on for with my your is are am i you we it do does can could would please hello hi thanks thank
appointment what when where how have has be was not there but this that to
"""
_SPANISH_WORDS: Final = frozenset(_SPANISH_TEXT.split())
_ENGLISH_WORDS: Final = frozenset(_ENGLISH_TEXT.split())
_WORD: Final = re.compile(r"[^\W\d_]+")


def words_for(messages: Iterable[str]) -> DigestWords:
    """Return the words of the language that most of the messages' small words belong to; in doubt English."""
    spanish = english = 0
    for text in messages:
        for word in _WORD.findall(text.casefold()):
            spanish += word in _SPANISH_WORDS
            english += word in _ENGLISH_WORDS
    return SPANISH if spanish > english else ENGLISH
