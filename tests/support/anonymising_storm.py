"""Hostile texts through one anonymiser, counted and measured."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import OfficeRules
from app.anonymise.reading import read
from app.anonymise.replacing.profiles import Profile
from app.services.anonymising.anonymiser import Anonymiser, ConversationTexts, Manner, Pipeline, TextsError
from app.services.ports import AnonymisedText
from tests.support.hostile_texts import KNOWN_NAME, HostileText, hostile_text

SECRET = b"a secret of storms"
MANNER = Manner(Profile.LABELS, 2026, OfficeRules(known=(KnownText(KNOWN_NAME, Label.PERSON),)))
MAX_CHILD_BYTES = 300 * 1000 * 1000


@dataclass
class TextStorm:
    """One run."""

    pipeline: Pipeline
    outcomes: Counter[str] = field(default_factory=Counter)
    uncovered: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)
    """Of each trick that hid something, the seed of one text."""
    chars: int = 0
    seconds: float = 0.0
    restarts: int = 0
    child_bytes: int = 0

    def run(self, seeds: Iterable[int]) -> None:
        """Anonymise the texts of ``seeds``."""
        made: list[tuple[int, HostileText]] = []

        def conversations() -> Iterator[ConversationTexts]:
            for seed in seeds:
                made.append((seed, hostile_text(seed)))
                yield ConversationTexts((made[-1][1].text,), SECRET)

        with Anonymiser(self.pipeline) as anonymiser:
            anonymiser.start()
            started_s = time.monotonic()
            for outcome in anonymiser.run(conversations(), MANNER):
                seed, hostile = made.pop(0)
                self.chars += len(hostile.text)
                if isinstance(outcome, TextsError):
                    self._count(seed, hostile.trick, outcome.code.value)
                else:
                    self._judge(seed, hostile, outcome.texts[0])
            self.seconds = time.monotonic() - started_s
            self.restarts = anonymiser.starts - 1
            peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{anonymiser.pid}/status").read_text(encoding="ascii"))
            self.child_bytes = 1024 * int(peak[1]) if peak else 0

    def check(self) -> None:
        """Fail when a text was lost, a limit did not hold or an identifier stayed."""
        assert set(self.outcomes) == {"anonymised"}, self.outcomes
        assert self.restarts == 0
        assert not self.uncovered, (self.uncovered, self.examples)
        assert self.child_bytes < MAX_CHILD_BYTES

    def _judge(self, seed: int, hostile: HostileText, done: AnonymisedText) -> None:
        assert restored(hostile.text, done) == hostile.text
        self.outcomes["anonymised"] += 1
        left = plain(done.text)
        if any(plain(said) in left for said in hostile.hidden):
            self.uncovered[hostile.trick] += 1
            self.examples.setdefault(hostile.trick, seed)

    def _count(self, seed: int, trick: str, code: str) -> None:
        self.outcomes[code] += 1
        self.examples.setdefault(f"{code}: {trick}", seed)


def restored(text: str, done: AnonymisedText) -> str:
    """Return the original, made from what would leave and the spans; anything else than ``text`` is a wrong offset."""
    parts: list[str] = []
    at = end = 0
    for span, instead in zip(done.spans, done.instead, strict=True):
        assert end <= span.start < span.end <= len(text)
        between = span.start - end
        parts += [done.text[at : at + between], text[span.start : span.end]]
        at += between
        assert done.text[at : at + len(instead)] == instead
        at += len(instead)
        end = span.end
    return "".join([*parts, done.text[at:]])


def plain(text: str) -> str:
    """Return the letters and digits of ``text`` as somebody reads them."""
    return "".join(char for char in read(text).text.casefold() if char.isalnum())
