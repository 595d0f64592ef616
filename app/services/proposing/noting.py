"""Summaries and hand-over notes: the model's words when they hold against the thread, else the program's extract.

A note is for the office, not for the visitor, and is not recorded: a person saves it or does not. It is held to the
thread as a reply is held to its sources: every number, name, date and negation has to stand there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.conversation import Thread
from app.domain.facts import FactKind
from app.domain.prompt import Task, Turn
from app.services.drafting.agreement import share_held
from app.services.drafting.asking import Asker, DraftFailedError, Wish
from app.services.drafting.grounding import Claim, unsupported_facts
from app.services.drafting.marks import read_marks
from app.services.ports import FinishReason, ProblemCode
from app.services.proposing.digest import extract_note

MIN_TOLD = 0.5
"""Share of a sentence's meaning words that must be the thread's. "She asks whether" is the note's own wording."""


@dataclass(frozen=True, slots=True)
class ThreadNote:
    """What a thread comes to. ``is_extract``: sentences of the thread, put together by the program and no model."""

    task: Task
    text: str
    is_extract: bool
    model_name: str | None = None


def write_note(thread: Thread, turns: Sequence[Turn], wish: Wish, asker: Asker | None) -> ThreadNote:
    """Return a note of ``thread``.

    Args:
        thread: what it is about.
        turns: its messages as the model sees them.
        wish: whose task is SUMMARY or HAND_OVER_NOTE.
        asker: the model; None where it was not taught the task.

    Raises:
        DraftFailedError: nobody has written anything, or the run was given up.
    """
    if not turns:
        raise DraftFailedError(ProblemCode.NOTHING_TO_ANSWER)
    if asker is not None:
        text = _written(thread.contact_name, turns, wish, asker)
        if text is not None:
            return ThreadNote(wish.task, text, is_extract=False, model_name=asker.model.name)
    return ThreadNote(wish.task, extract_note(thread, wish.task), is_extract=True)


def holds(text: str, sentences: Sequence[tuple[int, int]], said: Sequence[str]) -> bool:
    """Tell whether every sentence of a note stands in what was said."""
    for start, end in sentences:
        claim = text[start:end]
        found = unsupported_facts([Claim(claim, tuple(said))], (), ())
        share = share_held(claim, said)
        if any(item.fact.kind is not FactKind.WORDING for item in found) or (share is not None and share < MIN_TOLD):
            return False
    return True


def _written(contact_name: str, turns: Sequence[Turn], wish: Wish, asker: Asker) -> str | None:
    """Return the model's note, or None when it failed or does not hold: the extract is always there."""
    try:
        result = asker.ask(turns, (), wish)
    except DraftFailedError:
        return None
    marked = read_marks(result.text)
    if result.finish is not FinishReason.STOP or marked.says_none or not marked.text:
        return None
    spans = [(sentence.start, sentence.end) for sentence in marked.sentences]
    said = [contact_name, *(turn.text for turn in turns)]
    return marked.text if holds(marked.text, spans, said) else None
