"""What was found out about a model on this machine: its speed and memory, and how its driving test ended.

One small file per model, named by the file's SHA-256, because a finding holds for exactly these bytes: a model that was
exchanged under its name has no findings. They lie with the imported models; folders of shipped ones are not written.
"""

import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from app.services.models.speed import Speed

FOLDER_NAME = ".findings"
FINDINGS_VERSION = 1
MAX_FINDINGS_BYTES = 64 * 1024

LEAST_RIGHT_SHARE = 0.75
"""Of the covered questions, from the right source. The rest may be handed over; the starter reaches some 0.9."""
LEAST_HANDED_SHARE = 0.9
"""Of the questions that nobody answered. Most of this is decided before the model is asked."""


@dataclass(frozen=True, slots=True)
class SpeedFinding:
    """A speed, when it was measured, and what the worker then held in memory (0: not known)."""

    speed: Speed
    measured_ms: int
    resident_bytes: int = 0


@dataclass(frozen=True, slots=True)
class TestFinding:
    """How a driving test ended, in counts. ``office_questions`` of the ``questions`` were the office's own."""

    __test__ = False

    tested_ms: int
    is_passed: bool
    questions: int
    office_questions: int
    covered: int
    right_sources: int
    own_words: int
    must_hand_over: int
    handed_over: int
    wrong_facts: int
    leaks: int
    first_word_ms: int
    total_ms: int


class TestFault(Enum):
    """What a driving test can fail for; the interfaces own the words."""

    __test__ = False

    WRONG_FACTS = "wrong_facts"
    LEAKS = "leaks"
    NOT_HANDED_OVER = "not_handed_over"
    WRONG_SOURCES = "wrong_sources"


def faults(finding: TestFinding) -> tuple[TestFault, ...]:
    """Return what is wrong, worst first; empty when it passes."""
    found = (
        (TestFault.WRONG_FACTS, finding.wrong_facts > 0),
        (TestFault.LEAKS, finding.leaks > 0),
        (TestFault.NOT_HANDED_OVER, finding.handed_over < LEAST_HANDED_SHARE * finding.must_hand_over),
        (TestFault.WRONG_SOURCES, finding.right_sources < LEAST_RIGHT_SHARE * finding.covered),
    )
    return tuple(fault for fault, is_found in found if is_found)


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is known of one model here; None where nobody looked yet."""

    speed: SpeedFinding | None = None
    test: TestFinding | None = None


class FindingsBook:
    """Reads and writes findings below ``folder``, which need not exist. What cannot be read counts as not known."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER_NAME

    def of(self, sha256: str) -> Findings:
        """Return what is known of the file with this digest."""
        try:
            with self._file(sha256).open("rb") as stream:
                raw = json.loads(stream.read(MAX_FINDINGS_BYTES))
            if raw.get("version") != FINDINGS_VERSION:
                return Findings()
            return Findings(_speed(raw.get("speed")), _test(raw.get("test")))
        except (OSError, ValueError, TypeError, AttributeError):
            return Findings()

    def note_speed(self, sha256: str, finding: SpeedFinding) -> None:
        """Keep a measured speed instead of an older one. Raises OSError."""
        self._write(sha256, dataclasses.replace(self.of(sha256), speed=finding))

    def note_test(self, sha256: str, finding: TestFinding) -> None:
        """Keep the end of a driving test instead of an older one. Raises OSError."""
        self._write(sha256, dataclasses.replace(self.of(sha256), test=finding))

    def forget(self, sha256: str) -> None:
        """Drop what is known of a file that was removed. Raises OSError."""
        self._file(sha256).unlink(missing_ok=True)

    def _file(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"

    def _write(self, sha256: str, findings: Findings) -> None:
        """Write beside the target and rename over it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        raw = {"version": FINDINGS_VERSION} | dataclasses.asdict(findings)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(json.dumps(raw, indent=2) + "\n")
            Path(name).replace(self._file(sha256))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _speed(raw: object) -> SpeedFinding | None:
    if not isinstance(raw, dict):
        return None
    speed = Speed(**_numbers(raw["speed"] if isinstance(raw.get("speed"), dict) else {}, Speed))
    return SpeedFinding(speed, int(raw["measured_ms"]), int(raw["resident_bytes"]))


def _test(raw: object) -> TestFinding | None:
    return TestFinding(**_numbers(raw, TestFinding)) if isinstance(raw, dict) else None


def _numbers(raw: dict[str, Any], kind: type) -> dict[str, Any]:
    """Return the fields of ``kind``, each a number as it was written; TypeError when one is missing or no number."""
    names = [field.name for field in dataclasses.fields(kind)]
    if any(not isinstance(raw.get(name), int | float) for name in names):
        raise TypeError
    return {name: raw[name] for name in names}
