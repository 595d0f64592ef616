"""Saying it as broadly as was decided: the texts of one conversation with its traits replaced."""

from collections.abc import Sequence

from app.anonymise.risk.anonymity import Decision
from app.anonymise.risk.kinds import QuasiKind
from app.anonymise.risk.traits import ConversationTraits, Trait
from app.domain.anonymised import RedactedText

_BRACKETED = frozenset({QuasiKind.PLACE, QuasiKind.ORIGIN, QuasiKind.PROFESSION, QuasiKind.CONDITION})
"""Broader words of these stand in brackets, so that nobody takes them for the writer's own."""


class WithheldError(ValueError):
    """The conversation must stay: there are no words for it that may leave. A bug of the caller."""


def rewrite(
    texts: Sequence[RedactedText], conversation: ConversationTraits, decision: Decision
) -> tuple[RedactedText, ...]:
    """Return the texts as they may leave.

    Args:
        texts: the anonymised texts that ``conversation`` was read from, in the same order.
        conversation: its traits.
        decision: what ``assess`` decided for it.

    Raises:
        WithheldError: it was decided that it stays.
    """
    if decision.is_withheld:
        raise WithheldError
    return tuple(_rewritten(text, traits, decision) for text, traits in zip(texts, conversation.texts, strict=True))


def _rewritten(text: str, traits: Sequence[Trait], decision: Decision) -> RedactedText:
    for trait in sorted(traits, key=lambda trait: -trait.start):
        instead = _words(trait, decision.levels.get(trait.kind, 0))
        if instead is not None:
            text = text[: trait.start] + instead + text[trait.end :]
    return RedactedText(text)


def _words(trait: Trait, level: int) -> str | None:
    """Return what stands for a trait, None for itself."""
    if not trait.ladder:
        return f"[{trait.kind.name}]"
    if level == 0:
        return None
    if level >= len(trait.ladder):
        return f"[{trait.kind.name}]"
    return f"[{trait.ladder[level]}]" if trait.kind in _BRACKETED else trait.ladder[level]
