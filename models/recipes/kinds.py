"""Kinds of approved answers: the small language they are written in, and drawing one passage from a kind.

A ``.kinds`` file holds blocks::

    ## Opening hours | When we are open          titles, one is drawn
    S We are open from {open:morning} to {close:evening}. | Our hours are {open:morning} to {close:evening}.
    Q What time do you open? | opening times?    questions that the S above answers by itself
    Y Are you open in the morning?               answered by "Yes, " and the sentence
    X Are you open at night?                     answered by "No, " and the sentence
    F And when do you close?                     short follow-up that needs the turn before it
    A We open at {open}.                         other wording of the answer (else the sentence itself)
    N Do you have a car park?                    nothing in this block answers it

``{slot:type}`` draws a value (types: ``values.KINDS``), ``{slot=one;two}`` draws from a list, ``{slot}`` repeats it,
``{slot!}`` draws another member of the slot's list (for questions that the passage does not cover), ``<a|b>``
draws one of the words. A slot keeps its value in the whole passage and its questions.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from models.recipes.values import KINDS

_SLOT = re.compile(r"\{(\w+)(?:([:=])([^}]*)|(!))?\}")
_CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")


@dataclass(slots=True)
class Fact:
    """One sentence of a passage and everything that can be asked about it; all texts still hold slots."""

    sentences: list[str]
    questions: list[str] = field(default_factory=list)
    yes: list[str] = field(default_factory=list)
    no: list[str] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Kind:
    """One kind of approved answer."""

    titles: list[str]
    facts: list[Fact] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)


class KindsError(ValueError):
    """A ``.kinds`` file does not follow the language; names file and line."""


def read_kinds(path: Path) -> list[Kind]:
    """Return the kinds of one file.

    Raises:
        KindsError: a line has no known mark, or a mark stands before its block.
    """
    kinds: list[Kind] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("//"):
            continue
        try:
            _take_line(kinds, line)
        except (IndexError, KeyError) as error:
            raise KindsError(f"{path.name}:{number}: no such mark here") from error
    return kinds


def _take_line(kinds: list[Kind], line: str) -> None:
    mark, _, rest = line.partition(" ")
    parts = split_alternatives(rest)
    if mark == "##":
        kinds.append(Kind(parts))
    elif mark == "S":
        kinds[-1].facts.append(Fact(parts))
    elif mark == "N":
        kinds[-1].uncovered.extend(parts)
    else:
        fact = kinds[-1].facts[-1]
        {"Q": fact.questions, "Y": fact.yes, "X": fact.no, "F": fact.follow_ups, "A": fact.answers}[mark].extend(parts)


def split_alternatives(text: str) -> list[str]:
    """Split at ``" | "``; a bar without spaces belongs to a ``<a|b>`` choice."""
    return [part.strip() for part in text.split(" | ") if part.strip()]


class Filler:
    """Gives slots their values, one value per slot name for the life of the filler."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._values: dict[str, str] = {}
        self._lists: dict[str, list[str]] = {}

    def declare(self, text: str) -> None:
        """Draw the values of slots that ``text`` introduces, without using the text."""
        for name, mark, rest, _ in _SLOT.findall(text):
            self._learn(name, mark, rest)

    def fill(self, text: str) -> str:
        """Return ``text`` with choices and slots replaced."""
        text = _CHOICE.sub(lambda match: self._rng.choice(match.group(1).split("|")), text)
        text = _SLOT.sub(self._replace, text)
        return text[:1].upper() + text[1:] if text[:1].islower() and text.endswith((".", "!")) else text

    def opens_with_name(self, sentence: str) -> bool:
        """Whether ``sentence`` begins with a value that is written with a capital letter (a name, a month)."""
        return any(value[:1].isupper() and sentence.startswith(value) for value in self._values.values())

    def _learn(self, name: str, mark: str, rest: str) -> None:
        if name in self._values or not mark:
            return
        if mark == "=":
            self._lists[name] = [item.strip() for item in rest.split(";")]
            self._values[name] = self._rng.choice(self._lists[name])
        else:
            self._values[name] = KINDS[rest](self._rng)

    def _replace(self, match: re.Match[str]) -> str:
        name, mark, rest, other = match.groups()
        if other:
            return self._rng.choice([item for item in self._lists[name] if item != self._values[name]])
        self._learn(name, mark or "", rest or "")
        return self._values[name]
