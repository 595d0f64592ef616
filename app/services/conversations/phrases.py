"""Fixed replies of an office: words that people wrote once, never a model.

They lie in ``resources/phrases/<sector>.json``: ``{"version": 1, "holding_reply": "…"}``; the emergency scripts and the
refusals have books of their own beside it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.domain.office import Sector
from app.services.drafting.refusals import Refusals, load_refusals
from app.services.interlock.lists import load_interlock

MAX_PHRASE_CHARS = 1_000
PHRASES_VERSION = 1


class PhrasesError(Exception):
    """The phrases that ship with the product are missing or damaged: a bug or a broken installation."""


class ScriptBook(Protocol):
    """What knows the first words of an emergency: an ``Interlock``, or a desk's that follows its country."""

    def script_for(self, texts: Iterable[str]) -> str | None:
        """Return the script for the first hit in messages, newest last; None when there is none."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is said when no approved answer covers a question, first in an emergency, and to what needs identity."""

    holding_reply: str
    interlock: ScriptBook | None = None
    refusals: Refusals | None = None


def load_phrases(resources_dir: Path, sector: Sector) -> Phrases:
    """Return the fixed replies for one kind of office.

    Raises:
        PhrasesError: the file is missing, is no such JSON, or holds an empty or oversized phrase.
        InterlockError: the emergency phrases cannot be used.
        RefusalsError: the refusals cannot be used.
    """
    try:
        raw = json.loads((resources_dir / "phrases" / f"{sector.value}.json").read_text(encoding="utf-8"))
        return replace(
            _parse(raw),
            interlock=load_interlock(resources_dir, sector),
            refusals=load_refusals(resources_dir, sector),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PhrasesError(f"phrases for {sector.value} cannot be used") from error


def _parse(raw: object) -> Phrases:
    if not isinstance(raw, dict) or raw.get("version") != PHRASES_VERSION:
        raise ValueError("unknown version of the phrases")
    holding_reply = raw["holding_reply"]
    if not isinstance(holding_reply, str) or not 0 < len(holding_reply.strip()) <= MAX_PHRASE_CHARS:
        raise ValueError("a phrase has to be a text")
    return Phrases(holding_reply.strip())
