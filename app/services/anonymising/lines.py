"""Anonymising JSON lines: the use case behind ``vestibule anonymise``. Constant memory for any number of lines.

In: ``{"id", "text"}``; lines in a row with the same ``conversation`` share their stand-ins. Out: ``{"id", "text",
"spans": [{"start", "end", "label", "replacement", "score", "why"}]}`` and, as they were, all other keys of the line.
A line that cannot be read or was not anonymised has no line in what comes out.
"""

import hashlib
import hmac
import json
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.services.anonymising.ahead import ReadAhead
from app.services.anonymising.anonymiser import Anonymiser, ConversationTexts, Manner, TextsError
from app.services.ports import AnonymisedText, AnonymisedThread

MAX_LINE_BYTES: Final = 32 * 1024 * 1024
MAX_CONVERSATION_CHARS: Final = 4_000_000
MAX_CONVERSATION_LINES: Final = 1_000
"""A longer conversation goes on as another one, so that memory stays constant: its numbers begin again."""
MAX_WEIGHT_AHEAD: Final = 1_000_000
"""Characters, and ``LINE_WEIGHT`` a line, that wait in front of the child, and as many behind it."""
LINE_WEIGHT: Final = 1_000
MAX_PROBLEMS_KEPT: Final = 1_000

_SECRET_BYTES: Final = 32
_OWN_KEYS: Final = ("id", "text", "spans")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line without a result; ``line`` counts from 1. ``is_failure``: it could be read, and was not anonymised."""

    line: int
    code: str
    is_failure: bool = False


@dataclass(slots=True)
class LinesReport:
    """What became of a file: counts, and the first ``MAX_PROBLEMS_KEPT`` problems."""

    anonymised: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    malformed: int = 0
    failed: int = 0
    problems: list[LineProblem] = field(default_factory=list)

    def add_problem(self, problem: LineProblem) -> None:
        """Count ``problem``."""
        self.failed += problem.is_failure
        self.malformed += not problem.is_failure
        if len(self.problems) < MAX_PROBLEMS_KEPT:
            self.problems.append(problem)


class LineError(Exception):
    """A line is no text to anonymise; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class TextLine:
    """One readable line."""

    number: int
    record: Mapping[str, Any] = field(repr=False)
    end_bytes: int = 0
    """Where it ends in the file, for the progress bar."""

    @property
    def text(self) -> str:
        """The text to anonymise."""
        text = self.record["text"]
        assert isinstance(text, str)
        return text

    @property
    def conversation(self) -> str | int | None:
        """What says to which conversation it belongs; None: to one of its own."""
        key = self.record.get("conversation")
        return key if isinstance(key, str | int) and not isinstance(key, bool) else None


Group = list[TextLine | LineProblem]
"""Lines of one conversation, and the unreadable ones between them."""


def anonymise_lines(
    anonymiser: Anonymiser,
    lines: Iterable[bytes],
    manner: Manner,
    write: Callable[[bytes], object],
    on_problem: Callable[[LineProblem], None] = lambda _problem: None,
    on_bytes: Callable[[int], None] = lambda _done: None,
) -> LinesReport:
    """Anonymise every line that can be read and write one line for each, in order.

    Reading, anonymising and writing run side by side. An error or an interruption ends all three.

    Raises:
        TextsError: nothing can be anonymised on this machine.
    """
    report = LinesReport()
    waiting: deque[Group] = deque()
    stopped = threading.Event()
    reader = ReadAhead("anonymise-reader", groups_of(parsed(lines)), weigh=_weight, limit=MAX_WEIGHT_AHEAD)
    outcomes = anonymiser.run(_conversations(reader, waiting), manner, stopped.is_set)
    pipe = ReadAhead("anonymise-pipe", outcomes, weigh=_outcome_weight, limit=MAX_WEIGHT_AHEAD)
    with reader, pipe:
        try:
            for outcome in pipe:
                done = _write(waiting.popleft(), outcome, report, write, on_problem)
                on_bytes(done)
        finally:
            stopped.set()
            reader.stop()
    return report


def parsed(lines: Iterable[bytes]) -> Iterator[TextLine | LineProblem]:
    """Yield every line that is not blank, or what is wrong with it."""
    done = 0
    for number, line in enumerate(lines, start=1):
        done += len(line)
        if line.strip():
            try:
                yield parse_line(line, number, done)
            except LineError as error:
                yield LineProblem(number, error.code)


def parse_line(untrusted_line: bytes, number: int = 1, end_bytes: int = 0) -> TextLine:
    """Return one line.

    Raises:
        LineError: line_too_long, not_utf8, not_json, not_an_object, bad_id or bad_text.
    """
    record = parse_object(untrusted_line)
    if not isinstance(record.get("text"), str):
        raise LineError("bad_text")
    return TextLine(number, record, end_bytes)


def parse_object(untrusted_line: bytes) -> dict[str, Any]:
    """Return the object of one line, which has an ``id``.

    Raises:
        LineError: line_too_long, not_utf8, not_json, not_an_object or bad_id.
    """
    if len(untrusted_line) > MAX_LINE_BYTES:
        raise LineError("line_too_long")
    try:
        record = json.loads(untrusted_line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise LineError("not_utf8") from None
    except (ValueError, RecursionError):
        raise LineError("not_json") from None
    if not isinstance(record, dict):
        raise LineError("not_an_object")
    if not isinstance(record.get("id"), str | int) or isinstance(record["id"], bool):
        raise LineError("bad_id")
    return record


def groups_of(lines: Iterable[TextLine | LineProblem]) -> Iterator[Group]:
    """Yield the lines of one conversation after another; a line that names none is one of its own."""
    group: Group = []
    key: str | int | None = None
    chars = 0
    for line in lines:
        if isinstance(line, LineProblem):
            group.append(line)
            continue
        is_same = key is not None and line.conversation == key
        is_full = chars + len(line.text) > MAX_CONVERSATION_CHARS or len(group) >= MAX_CONVERSATION_LINES
        if group and (not is_same or is_full):
            yield group
            group, chars = [], 0
        group.append(line)
        key = line.conversation
        chars += len(line.text)
    if group:
        yield group


def as_line(record: Mapping[str, Any], anonymised: AnonymisedText) -> bytes:
    """Return what is written for one line: the promised keys first, then all others as they were."""
    written = {"id": record["id"], "text": anonymised.text, "spans": _spans(anonymised)}
    written |= {key: value for key, value in record.items() if key not in _OWN_KEYS}
    try:
        return json.dumps(written, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # lone surrogates, which only an escape can write
        return json.dumps(written).encode("ascii") + b"\n"


def _spans(anonymised: AnonymisedText) -> list[dict[str, Any]]:
    return [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label.value,
            "replacement": instead,
            "score": span.score,
            "why": span.why,
        }
        for span, instead in zip(anonymised.spans, anonymised.instead, strict=True)
    ]


def _conversations(groups: Iterable[Group], waiting: deque[Group]) -> Iterator[ConversationTexts]:
    """Yield the texts of each group; the same conversation has the same secret within one run and no other."""
    run_secret = os.urandom(_SECRET_BYTES)
    for number, group in enumerate(groups):
        lines = [line for line in group if isinstance(line, TextLine)]
        named = lines[0].conversation if lines else None
        about = f"alone/{number}" if named is None else f"named/{json.dumps(named)}"
        secret = hmac.digest(run_secret, about.encode("ascii"), hashlib.sha256)
        waiting.append(group)
        yield ConversationTexts(tuple(line.text for line in lines), secret)


def _write(
    group: Group,
    outcome: AnonymisedThread | TextsError,
    report: LinesReport,
    write: Callable[[bytes], object],
    on_problem: Callable[[LineProblem], None],
) -> int:
    """Write the lines of one conversation; return how far into the file they reach, in bytes."""
    texts = iter(()) if isinstance(outcome, TextsError) else iter(outcome.texts)
    end_bytes = 0
    for line in group:
        problem = line if isinstance(line, LineProblem) else None
        if isinstance(line, TextLine):
            end_bytes = line.end_bytes
            if isinstance(outcome, TextsError):
                problem = LineProblem(line.number, outcome.code.value, is_failure=True)
            else:
                anonymised = next(texts)
                write(as_line(line.record, anonymised))
                report.anonymised += 1
                report.labels.update(span.label.value for span in anonymised.spans)
        if problem is not None:
            report.add_problem(problem)
            on_problem(problem)
    return end_bytes


def _weight(group: Group) -> int:
    return sum(LINE_WEIGHT + (len(line.text) if isinstance(line, TextLine) else 0) for line in group)


def _outcome_weight(outcome: AnonymisedThread | TextsError) -> int:
    if isinstance(outcome, TextsError):
        return LINE_WEIGHT
    return sum(LINE_WEIGHT + len(one.text) + LINE_WEIGHT * len(one.spans) // 4 for one in outcome.texts)


def _refuse_constant(_name: str) -> object:
    raise ValueError("NaN and infinities are not JSON")
