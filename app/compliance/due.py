"""What is due to go under some rules, what a hold keeps, and what comes when. Pure.

A plan has a digest over exactly what would go. Whoever applies it names that digest; one message more in one of the
conversations, a new hold or other rules make another digest, and what was looked at cannot be applied any more.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.compliance.rules import RetentionClass, RetentionRules, StartEvent
from app.domain.ids import ConversationId

MS_PER_S = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules need to know of one conversation. ``closed_ms`` is None while it is not done."""

    conversation_id: ConversationId
    class_id: str
    last_message_ms: int
    closed_ms: int | None
    last_seq: int


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation of a plan: since when its time runs and since when it may go."""

    conversation_id: ConversationId
    class_id: str
    start_on: date
    due_on: date
    last_seq: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen on ``today``. ``coming`` counts by month (its first day) and class what falls due later."""

    today: date
    rules: RetentionRules
    due: tuple[Line, ...]
    held: tuple[Line, ...]
    coming: Mapping[tuple[date, str], int]
    open_count: int
    """Conversations whose time has not begun, because nobody has closed them."""
    total: int

    @property
    def digest(self) -> str:
        """Return what an ``apply`` must name: 16 hexadecimal digits of SHA-256 over the rules and all that is due."""
        state = hashlib.sha256(self.rules.version.encode())
        for line in self.due:
            state.update(f"\n{line.conversation_id} {line.class_id} {line.due_on} {line.last_seq}".encode())
        return state.hexdigest()[:16]


def plan(rules: RetentionRules, cases: Iterable[Case], held_ids: frozenset[ConversationId], today: date) -> Plan:
    """Return the plan for one day; what is due longest comes first."""
    due: list[Line] = []
    held: list[Line] = []
    coming: Counter[tuple[date, str]] = Counter()
    open_count = total = 0
    for case in cases:
        total += 1
        kept_as = rules.class_of(case.class_id)
        start = _start_of(kept_as, case)
        if start is None:
            open_count += 1
            continue
        line = Line(case.conversation_id, kept_as.class_id, start, kept_as.due_on(start), case.last_seq)
        if line.due_on > today:
            coming[line.due_on.replace(day=1), kept_as.class_id] += 1
        elif case.conversation_id in held_ids:
            held.append(line)
        else:
            due.append(line)
    return Plan(today, rules, _in_order(due), _in_order(held), dict(sorted(coming.items())), open_count, total)


def day_of(time_ms: int) -> date:
    """Return the day of a time in Unix milliseconds, UTC."""
    return datetime.fromtimestamp(time_ms / MS_PER_S, UTC).date()


def _start_of(kept_as: RetentionClass, case: Case) -> date | None:
    if kept_as.starts is StartEvent.LAST_MESSAGE:
        return day_of(case.last_message_ms)
    if case.closed_ms is None:
        return None
    # What was imported as done may have been closed, by its own words, before its last message.
    return day_of(max(case.closed_ms, case.last_message_ms))


def _in_order(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.due_on, line.conversation_id)))
