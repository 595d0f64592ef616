"""Drafts for threads of a file: the use case behind ``vestibule draft`` and behind measuring.

In: ``{"id", "turns": [{"who": "user|agent", "text"}]}``. Out, exactly: ``{"id", "action", "text", "sources":
[{"article", "title", "quote"}], "warnings", "first_token_ms", "total_ms", "model"}``.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from app.domain.conversation import MAX_MESSAGE_CHARS
from app.domain.prompt import Speaker, Turn
from app.domain.proposal import Proposal
from app.services.drafting.drafter import Drafter, DraftFailedError
from app.services.ports import ProblemCode

MAX_LINE_CHARS = 2_000_000
MAX_TURNS = 2_000

_SPEAKERS = {"user": Speaker.VISITOR, "agent": Speaker.DESK}
_RETRIES = 1
"""A worker that died is started again by its supervisor; one more try shows whether the thread itself kills it."""


@dataclass(frozen=True, slots=True)
class UndraftedLine:
    """A line without a draft; ``line`` counts from 1. ``is_failure``: the model failed, the line is not to blame."""

    line: int
    code: str
    is_failure: bool = False


@dataclass(frozen=True, slots=True)
class TrialReport:
    """What became of a file of threads."""

    drafted: int
    actions: Mapping[str, int]
    rejected: tuple[UndraftedLine, ...]


class ThreadLineError(Exception):
    """A line is no thread; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draft_lines(
    drafter: Drafter, lines: Iterable[str], out: TextIO, *, on_done: Callable[[int], None] = lambda _done: None
) -> TrialReport:
    """Draft for every line that can be read, and write one JSON line for each.

    Raises:
        DraftFailedError: NO_MODEL; nothing further can be drafted.
    """
    actions: Counter[str] = Counter()
    rejected: list[UndraftedLine] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            thread_id, turns = parse_thread(line)
            proposal = draft_again(drafter, turns)
        except ThreadLineError as error:
            rejected.append(UndraftedLine(number, error.code))
        except DraftFailedError as error:
            if error.code is ProblemCode.NO_MODEL:
                raise
            is_failure = error.code is not ProblemCode.NOTHING_TO_ANSWER
            rejected.append(UndraftedLine(number, error.code.value, is_failure))
        else:
            actions[proposal.action.value] += 1
            out.write(json.dumps(as_line(thread_id, proposal), ensure_ascii=False) + "\n")
        on_done(number)
    return TrialReport(sum(actions.values()), actions, tuple(rejected))


def parse_thread(untrusted_line: str) -> tuple[str | int, tuple[Turn, ...]]:
    """Return id and turns of one line.

    Raises:
        ThreadLineError: the line is no such thread.
    """
    if len(untrusted_line) > MAX_LINE_CHARS:
        raise ThreadLineError("line_too_long")
    try:
        raw = json.loads(untrusted_line)
    except (ValueError, RecursionError):
        raise ThreadLineError("not_json") from None
    if not isinstance(raw, dict):
        raise ThreadLineError("not_an_object")
    thread_id = raw.get("id")
    if not isinstance(thread_id, str | int) or isinstance(thread_id, bool):
        raise ThreadLineError("bad_id")
    return thread_id, parse_turns(raw.get("turns"))


def parse_turns(untrusted_turns: object) -> tuple[Turn, ...]:
    """Return the turns of one thread. Raises ThreadLineError."""
    if not isinstance(untrusted_turns, list) or not 0 < len(untrusted_turns) <= MAX_TURNS:
        raise ThreadLineError("no_turns" if not untrusted_turns else "bad_turns")
    return tuple(_turn(turn) for turn in untrusted_turns)


def as_line(thread_id: str | int, proposal: Proposal) -> dict[str, object]:
    """Return what is written for one thread."""
    return {
        "id": thread_id,
        "action": proposal.action.value,
        "text": proposal.text,
        "sources": [
            {"article": source.article_id, "title": source.title, "quote": source.quote} for source in proposal.sources
        ],
        "warnings": [warning.value for warning in proposal.warnings],
        "first_token_ms": proposal.first_token_ms,
        "total_ms": proposal.total_ms,
        "model": proposal.model_name,
    }


def draft_again(drafter: Drafter, turns: tuple[Turn, ...]) -> Proposal:
    """Return the draft for a thread, with one more try after a worker that died. Raises DraftFailedError."""
    for _ in range(_RETRIES):
        try:
            return drafter.draft(turns)
        except DraftFailedError as error:
            if error.code is not ProblemCode.MODEL_FAILED:
                raise
    return drafter.draft(turns)


def _turn(raw: object) -> Turn:
    if not isinstance(raw, dict):
        raise ThreadLineError("bad_turn")
    speaker, text = _SPEAKERS.get(str(raw.get("who"))), raw.get("text")
    if speaker is None:
        raise ThreadLineError("bad_who")
    if not isinstance(text, str) or len(text) > MAX_MESSAGE_CHARS:
        raise ThreadLineError("bad_text")
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ThreadLineError("bad_text")
    return Turn(speaker, text)
