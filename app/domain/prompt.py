"""The one layout of a prompt, for the worker that drafts and for the recipe that trains the starter model.

A prompt is a row of segments. *Structure* segments are ours and may hold special tokens; *content* segments come from
people or documents and are tokenised as plain text, so that nobody can write a turn marker into the prompt
(threat-model.md §8, prompt injection).

The order is rules, thread, sources, task: a thread only grows at its end, so the next turn of a conversation shares the
longest possible prefix with the one before it and only the new part is evaluated again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum

MAX_SOURCES = 4
"""Passages offered to the model in one prompt."""

MAX_TURNS = 12
"""Latest turns of the thread that are shown to the model."""

NO_SOURCE_MARK = "[none]"
"""What the model writes, alone, when no source answers the question."""

RULES = (
    "You write replies for the front desk. Use only the sources. Put the number of the source after each sentence. "
    "If no source answers, write [none]."
)


class Speaker(Enum):
    """Who said a turn; the value is the word in the prompt."""

    VISITOR = "Visitor"
    DESK = "Desk"


class Task(Enum):
    """What the model is asked to do with thread and sources; the value is the word in the prompt."""

    REPLY = "reply"
    SHORTER = "shorter"
    WARMER = "warmer"
    SIMPLER = "simpler"
    INSTRUCTED = "reply as told"
    """A reply that follows an instruction of the person at the desk."""
    SUMMARY = "summary"
    """What the thread says, in a few sentences for the office; there are no sources."""
    HAND_OVER_NOTE = "hand-over note"
    """What somebody who takes the thread over must know and do; there are no sources."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the thread as the model sees it."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class PromptSource:
    """One numbered passage of an approved answer."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ClosestSentence:
    """The sentence of the sources that the search holds to be nearest to the question; ``number`` is its source's."""

    number: int
    text: str


class Basis(IntEnum):
    """What a stretch of the prompt lends to the reply (source-bound decoding)."""

    NOTHING = 0
    NAMES = 1
    """Its words: a reply may address its reader by name. What was said in the thread is no fact for all that."""
    TITLE = 2
    """Its numbers, names and addresses; and it begins a numbered source."""
    FACTS = 3
    """Its numbers, names and addresses."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the prompt; only ``is_structure`` text may be tokenised with special tokens."""

    text: str
    is_structure: bool
    basis: Basis = Basis.NOTHING


@dataclass(frozen=True, slots=True)
class PromptFrame:
    """The special strings of one chat template family, written by us (never read from a model file)."""

    start_system: str
    start_user: str
    end_user: str
    start_reply: str
    end_reply: str


CHATML = PromptFrame(
    start_system="<|im_start|>system\n",
    start_user="<|im_end|>\n<|im_start|>user\n",
    end_user="<|im_end|>\n",
    start_reply="<|im_start|>assistant\n",
    end_reply="<|im_end|>",
)
"""The template of the starter model and of many instruct models."""


def build_prompt(
    turns: Sequence[Turn],
    sources: Sequence[PromptSource],
    task: Task = Task.REPLY,
    frame: PromptFrame = CHATML,
    *,
    instruction: str = "",
    closest: ClosestSentence | None = None,
) -> tuple[Segment, ...]:
    """Return the segments of one prompt.

    Joined, they read::

        <|im_start|>system
        RULES<|im_end|>
        <|im_start|>user
        Visitor: first message
        Desk: first reply
        Visitor: newest message

        [1] Title of a source
        Its text
        [2] Title of the next
        Its text

        Closest sentence: [1] Its text
        Task: reply<|im_end|>
        <|im_start|>assistant

    Line breaks inside a turn, title or passage are folded to one space, so one line is one turn. At most ``MAX_TURNS``
    latest turns and ``MAX_SOURCES`` first sources are used. The ``closest`` sentence tells a small model where to
    begin; it may be wrong, and a model is free to answer with another. An ``instruction`` of the desk stands before
    the task, on a line of its own: "Instruction: mention the car park".
    """
    segments = [_structure(frame.start_system + RULES + frame.start_user)]
    for turn in turns[-MAX_TURNS:]:
        segments += [_structure(f"{turn.speaker.value}: "), _content(turn.text, Basis.NAMES), _structure("\n")]
    segments.append(_structure("\n"))
    for number, source in enumerate(sources[:MAX_SOURCES], start=1):
        segments += [_structure(f"[{number}] "), _content(source.title, Basis.TITLE), _structure("\n")]
        segments += [_content(source.text, Basis.FACTS), _structure("\n")]
    if closest is not None:
        segments += [_structure(f"\nClosest sentence: [{closest.number}] "), _content(closest.text)]
    if instruction.strip():
        segments += [_structure("\nInstruction: "), _content(instruction, Basis.NAMES)]
    segments.append(_structure(f"\nTask: {task.value}{frame.end_user}{frame.start_reply}"))
    return tuple(segments)


def unbound(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Return the prompt without what it lends, for measuring what source-bound decoding brings."""
    return tuple(replace(segment, basis=Basis.NOTHING) for segment in segments)


def _structure(text: str) -> Segment:
    return Segment(text, is_structure=True)


def _content(text: str, basis: Basis = Basis.NOTHING) -> Segment:
    return Segment(" ".join(text.split()), is_structure=False, basis=basis)
