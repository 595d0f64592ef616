"""The hand-written set of nasty chat lines, with what identifies somebody marked.

``nasty_chats.txt`` holds one message a line; ``//`` opens a heading, ``\\n`` and ``\\u200b`` stand for the character.
``[[PERSON:will]]`` is a mark with its label; ``[[ID~:4417]]`` says that it only helps to identify (last four digits),
where its label would say that it does; ``[[?:years old]]`` may be found or not. A line without a mark names nobody.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("nasty_chats.txt")
LATE_FILE = Path(__file__).with_name("nasty_chats_late.txt")
"""A second set, kept for measuring alone: nothing may be mended after it."""
LATER_FILE = Path(__file__).with_name("nasty_chats_later.txt")
"""A third one, written before the second pipeline was trained, for measuring alone as well."""
DIRECT = frozenset({"PERSON", "ADDRESS", "PHONE", "EMAIL", "ID", "CARD", "IBAN", "USERNAME", "URL", "IP"})
"""Labels that identify by themselves; the others do together with something else."""
EITHER_WAY = "?"

_MARK = re.compile(r"\[\[(?P<label>[A-Z]+|\?)(?P<quasi>~?):(?P<text>.*?)\]\](?!\])")
_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-f]{4})|n)")


@dataclass(frozen=True, slots=True)
class NastyMark:
    """Half-open code points; ``label`` None: found or not, both are right."""

    start: int
    end: int
    label: str | None
    is_direct: bool


@dataclass(frozen=True, slots=True)
class NastyLine:
    """One message; ``number`` is its line in the file, for reports that may not quote."""

    number: int
    text: str
    marks: tuple[NastyMark, ...]


def read_nasty_chats(file: Path = FILE) -> tuple[NastyLine, ...]:
    """Return every line of the set."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    return tuple(_parsed(number, line) for number, line in lines if line and not line.startswith("//"))


def _parsed(number: int, line: str) -> NastyLine:
    text = ""
    marks: list[NastyMark] = []
    done = 0
    for match in _MARK.finditer(line):
        text += _plain(line[done : match.start()])
        label, marked = match["label"], _plain(match["text"])
        is_direct = label in DIRECT and not match["quasi"]
        marks.append(NastyMark(len(text), len(text) + len(marked), None if label == EITHER_WAY else label, is_direct))
        text += marked
        done = match.end()
    return NastyLine(number, text + _plain(line[done:]), tuple(marks))


def _plain(raw: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match["code"], 16)) if match["code"] else "\n", raw)
