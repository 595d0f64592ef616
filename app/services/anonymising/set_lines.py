"""A set of conversations from files, for ``vestibule anonymise --set``: without a vault, and without a way back.

A set is a file of JSON lines or a folder of such files. A line is ``{"id", "turns": [{"who", "text"}]}``, or ``{"id",
"text"}`` of which those in a row with the same ``conversation`` are one. A set is compared as a whole, so it is held in
memory: ``MAX_SET_CHARS`` is its limit. A line that cannot be read is reported by its number and is in no conversation.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.language.texts.errors import TextsError
from app.services.anonymising.anonymiser import Anonymiser, ConversationTexts, Manner
from app.services.anonymising.lines import LineError, LineProblem, parse_object
from app.services.anonymising.sets import MAX_CONVERSATIONS, Candidate, Fate, Turn

MAX_SET_CHARS: Final = 100_000_000
_SECRET_BYTES: Final = 32
_WHO: Final = frozenset({"user", "agent"})


class SetTooLargeError(Exception):
    """More conversations, or more characters, than can be compared at once; nothing was anonymised."""


@dataclass(frozen=True, slots=True)
class SetConversation:
    """One conversation as a file has it: sides and texts."""

    key: str
    turns: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(slots=True)
class _Read:
    conversations: list[SetConversation]
    problems: list[LineProblem]
    chars: int = 0


def files_of(source: Path) -> tuple[Path, ...]:
    """Return the files of a set: the one that was named, or those of a folder whose names end in ``.jsonl``."""
    return tuple(sorted(source.glob("*.jsonl"))) if source.is_dir() else (source,)


def read_set(lines: Iterable[bytes]) -> tuple[tuple[SetConversation, ...], tuple[LineProblem, ...]]:
    """Return the conversations of all lines, and the lines that are none.

    Raises:
        SetTooLargeError: more than ``MAX_CONVERSATIONS`` or ``MAX_SET_CHARS``.
    """
    read = _Read([], [])
    open_key: object = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = parse_object(line)
            turns = _turns(record)
        except LineError as error:
            read.problems.append(LineProblem(number, error.code))
            continue
        key = None if "turns" in record else record.get("conversation")
        _add(read, str(record["id"]), turns, is_same=key is not None and key == open_key)
        open_key = key
    return tuple(read.conversations), tuple(read.problems)


def anonymise_set(
    anonymiser: Anonymiser,
    conversations: Iterable[SetConversation],
    manner: Manner,
    on_done: Callable[[int], None] = lambda _done: None,
) -> list[Candidate]:
    """Return each conversation anonymised, or with the word that it could not be.

    Raises:
        TextsError: nothing can be anonymised on this machine.
    """
    conversations = list(conversations)
    outcomes = anonymiser.run(_texts(conversations), manner)
    candidates = []
    for done, (conversation, outcome) in enumerate(zip(conversations, outcomes, strict=True), start=1):
        if isinstance(outcome, TextsError):
            candidates.append(Candidate(conversation.key, stays=Fate.NOT_ANONYMISED))
        else:
            pairs = zip(conversation.turns, outcome.texts, strict=True)
            candidates.append(Candidate(conversation.key, tuple(Turn(who, said, one) for (who, said), one in pairs)))
        on_done(done)
    return candidates


def _turns(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if "turns" not in record:
        if not isinstance(record.get("text"), str):
            raise LineError("bad_text")
        return (("", record["text"]),)
    turns = record["turns"]
    if not isinstance(turns, list) or not turns:
        raise LineError("no_turns")
    return tuple(_turn(turn) for turn in turns if not _is_note(turn))


def _is_note(turn: object) -> bool:
    """Notes of an office stay where they are."""
    return isinstance(turn, dict) and turn.get("who") == "note"


def _turn(turn: object) -> tuple[str, str]:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
        raise LineError("bad_turn")
    return (turn["who"] if turn.get("who") in _WHO else "", turn["text"])


def _add(read: _Read, key: str, turns: tuple[tuple[str, str], ...], *, is_same: bool) -> None:
    read.chars += sum(len(text) for _who, text in turns)
    if is_same:
        before = read.conversations.pop()
        key, turns = before.key, before.turns + turns
    read.conversations.append(SetConversation(key, turns))
    if len(read.conversations) > MAX_CONVERSATIONS or read.chars > MAX_SET_CHARS:
        raise SetTooLargeError


def _texts(conversations: Iterable[SetConversation]) -> Iterator[ConversationTexts]:
    """Yield the texts; each conversation has a secret of its own, and none outlives the run."""
    run_secret = os.urandom(_SECRET_BYTES)
    for number, conversation in enumerate(conversations):
        secret = hmac.digest(run_secret, b"%d" % number, hashlib.sha256)
        yield ConversationTexts(tuple(text for _who, text in conversation.turns), secret)
