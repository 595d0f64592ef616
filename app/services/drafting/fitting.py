"""Which part of a long thread is shown to the model.

Characters stand in for tokens here: counting tokens needs the model. A prompt that turns out too long is tried once
more with the smaller budget.
"""

from collections.abc import Sequence

from app.domain.prompt import MAX_TURNS, Turn

THREAD_BUDGETS_CHARS = (3_000, 700)
"""With rules, three passages and the reply this fits 2,048 tokens of ordinary English; the second fits if every
character is a token."""

_CUT = "… "


def fit_turns(turns: Sequence[Turn], budget_chars: int) -> tuple[Turn, ...]:
    """Return the newest turns that fit ``budget_chars``; the newest one always, cut at its front when it must be.

    Whole turns are left out from the oldest on, so that the prompt of the next message shares the longest beginning.
    """
    kept: list[Turn] = []
    room = budget_chars
    for turn in reversed(turns[-MAX_TURNS:]):
        text = turn.text if len(turn.text) <= room else _CUT + turn.text[-max(room, 1) :]
        if kept and len(text) > room:
            break
        kept.append(Turn(turn.speaker, text))
        room -= len(text)
    return tuple(reversed(kept))
