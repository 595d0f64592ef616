"""What a file names as known, and how texts are anonymised. For the command line."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.language.texts.protocol import MAX_RULE_CHARS
from app.language.texts.records import Manner

MAX_KNOWN: Final = 20_000


class KnownFileError(Exception):
    """A line of the file cannot be used, so nothing is anonymised: a list that is half read protects half."""

    def __init__(self, line: int, code: str) -> None:
        super().__init__(code)
        self.line = line
        self.code = code


def make_manner(profile: str, year: int, known: Iterable[KnownText]) -> Manner:
    """Return how texts are anonymised by the profile of this name."""
    return Manner(Profile(profile), year, OfficeRules(known=tuple(known)))


def read_known(file: Path) -> tuple[KnownText, ...]:
    """Return what the lines of ``file`` name: a plain line is a person's name, ``{"text", "label"}`` anything.

    Raises:
        KnownFileError: not_json, bad_text, bad_label, too_many.
        OSError: it cannot be read.
    """
    return tuple(_read(file))


def _read(file: Path) -> Iterator[KnownText]:
    with file.open(encoding="utf-8", errors="replace") as lines:
        count = 0
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            count += 1
            if count > MAX_KNOWN:
                raise KnownFileError(number, "too_many")
            yield _known(line.strip(), number)


def _known(line: str, number: int) -> KnownText:
    text, label = line, Label.PERSON.value
    if line.startswith("{"):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise KnownFileError(number, "not_json") from None
        text, label = record.get("text"), record.get("label", label)
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_RULE_CHARS:
        raise KnownFileError(number, "bad_text")
    if label not in {one.value for one in Label}:
        raise KnownFileError(number, "bad_label")
    return KnownText(text.strip(), Label(label))
