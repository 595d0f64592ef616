"""Rules of an office for finding what identifies somebody, and the cases that they were learnt from. Pure.

A rule is the office's own and is sealed under its key. A case points at a stretch of one message, holds no word of it,
and is sealed under the key of the conversation: it goes when the conversation goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.anonymise.labels import Label
from app.anonymise.office_rules import folded
from app.anonymise.shapes import ShapeError, compile_shape
from app.domain.events import JsonValue
from app.domain.ids import ConversationId, EventId
from app.services.errors import InvalidRuleError, RuleFault

MAX_RULE_CHARS = 200
MIN_RULE_SIGNS = 2
"""A single letter or digit on a list would be found in every text."""

MAX_LEARNT_IN = 50
"""Conversations that one rule remembers as those whose corrections made it."""


class RuleKind(Enum):
    """What a rule does."""

    FIND = "find"
    """A name, number or address that is always found, misspellings included."""
    SHAPE = "shape"
    """A picture of a number ("AA-9999") that is always found."""
    LIFT = "lift"
    """A false hit that is let through."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule that somebody wants."""

    kind: RuleKind
    text: str
    label: Label

    def __repr__(self) -> str:
        return f"<RuleDraft {self.kind.value} {self.label.value} hidden>"


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """One rule as it stands, who wrote it last and when (Unix milliseconds).

    ``confirmed_in`` are the conversations in which a lifted hit counts even though the office knows it or a check digit
    proves it; ``learnt_in`` those that hold cases of this rule. ``event_id`` is what the next change replaces.
    """

    rule_id: str
    kind: RuleKind
    text: str
    label: Label
    confirmed_in: tuple[ConversationId, ...] = ()
    learnt_in: tuple[ConversationId, ...] = ()
    author: str = ""
    set_ms: int = 0
    event_id: EventId | None = None

    def __repr__(self) -> str:
        return f"<OfficeRule {self.rule_id} {self.kind.value} {self.label.value} hidden>"

    @property
    def key(self) -> tuple[RuleKind, str, Label]:
        """What two rules that say the same have in common."""
        text = " ".join(self.text.split()).casefold() if self.kind is RuleKind.SHAPE else folded(self.text)
        return self.kind, text, self.label


@dataclass(frozen=True, slots=True)
class AnonymisingCase:
    """What must become of one stretch of one message: found (``must_find``) or let through."""

    case_id: str
    rule_id: str
    conversation_id: ConversationId
    event_id: EventId
    start: int
    end: int
    label: Label
    must_find: bool


def check_draft(untrusted: RuleDraft) -> RuleDraft:
    """Return a rule as it may be stored, on one line.

    Raises:
        InvalidRuleError: with the code of what is wrong.
    """
    text = " ".join(untrusted.text.split())
    if len(text) > MAX_RULE_CHARS:
        raise InvalidRuleError(RuleFault.TOO_LONG)
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        raise InvalidRuleError(RuleFault.BROKEN_CHARACTERS)
    if untrusted.kind is RuleKind.SHAPE:
        _check_shape(text)
    elif sum(char.isalnum() for char in text) < MIN_RULE_SIGNS:
        raise InvalidRuleError(RuleFault.TOO_SHORT if text else RuleFault.EMPTY)
    return RuleDraft(untrusted.kind, text, untrusted.label)


def rule_to_json(rule: OfficeRule) -> dict[str, JsonValue]:
    """Return what a rule's event holds; author and time stand in the event itself."""
    return {
        "rule_id": rule.rule_id,
        "kind": rule.kind.value,
        "text": rule.text,
        "label": rule.label.value,
        "confirmed_in": list(rule.confirmed_in),
        "learnt_in": list(rule.learnt_in[-MAX_LEARNT_IN:]),
    }


def rule_from_json(json: Mapping[str, Any], *, author: str, set_ms: int, event_id: EventId) -> OfficeRule:
    """Return the rule of an event."""
    return OfficeRule(
        rule_id=json["rule_id"],
        kind=RuleKind(json["kind"]),
        text=json["text"],
        label=Label(json["label"]),
        confirmed_in=tuple(ConversationId(cid) for cid in json["confirmed_in"]),
        learnt_in=tuple(ConversationId(cid) for cid in json["learnt_in"]),
        author=author,
        set_ms=set_ms,
        event_id=event_id,
    )


def case_to_json(case: AnonymisingCase) -> dict[str, JsonValue]:
    """Return what a case's event holds; its conversation stands in the event itself."""
    return {
        "case_id": case.case_id,
        "rule_id": case.rule_id,
        "event_id": case.event_id,
        "start": case.start,
        "end": case.end,
        "label": case.label.value,
        "must_find": case.must_find,
    }


def case_from_json(json: Mapping[str, Any], conversation_id: ConversationId) -> AnonymisingCase:
    """Return the case of an event."""
    return AnonymisingCase(
        json["case_id"],
        json["rule_id"],
        conversation_id,
        EventId(json["event_id"]),
        json["start"],
        json["end"],
        Label(json["label"]),
        must_find=json["must_find"],
    )


def _check_shape(text: str) -> None:
    try:
        compile_shape(text)
    except ShapeError as error:
        raise InvalidRuleError(RuleFault(error.code)) from None
