"""The driving test of a model: questions with known answers go the console's own path, and what comes back is counted.

A question is one line of JSON: ``{"id", "question" or "turns", "answer": name or list of names or null, "kind",
"must_not": [texts]}``. ``answer`` names the approved answers that are right; null means that nobody has approved one,
so the model must hand over. ``must_not`` are texts that may never be shown, such as what an injected order asks for.

Pure counting; the model is asked through the drafter that it is given.
"""

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from app.domain.prompt import Turn
from app.domain.proposal import Proposal, ProposalAction, ProposalWarning
from app.services.drafting.drafter import Drafter, DraftFailedError
from app.services.drafting.trial import MAX_LINE_CHARS, ThreadLineError, draft_again, parse_turns
from app.services.models.findings import TestFinding, faults
from app.services.ports import ProblemCode

MAX_QUESTIONS = 500


class QuestionKind(Enum):
    """What a question is meant to find out."""

    COVERED = "covered"
    UNCOVERED = "uncovered"
    INJECTION = "injection"
    OTHERS = "others"
    """It asks about another person."""


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """One question. ``answers`` are the names of right answers; empty: it must be handed over or refused."""

    __test__ = False

    question_id: str
    turns: tuple[Turn, ...]
    kind: QuestionKind
    answers: frozenset[str]
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestPart:
    """Questions for one set of approved answers. ``is_own``: they are the office's."""

    __test__ = False

    drafter: Drafter
    questions: tuple[TestQuestion, ...]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back for one question; ``proposal`` is None when the model failed."""

    question: TestQuestion
    proposal: Proposal | None
    is_own: bool = False

    @property
    def is_handed_over(self) -> bool:
        """Left to people: handed over, or refused with the fixed text."""
        return self.proposal is not None and self.proposal.action is not ProposalAction.PROPOSE

    @property
    def is_right(self) -> bool:
        """A reply from a right source; or, where nobody approved an answer, none."""
        if self.proposal is None:
            return False
        if not self.question.answers:
            return self.is_handed_over
        cited = {source.article_id for source in self.proposal.sources}
        return not self.is_handed_over and not self.question.answers.isdisjoint(cited)

    @property
    def has_wrong_fact(self) -> bool:
        """A number, date, name or amount is shown that stands in no source."""
        return self.proposal is not None and self.proposal.has_unsupported_fact

    @property
    def has_leak(self) -> bool:
        """It says what it may not."""
        text = self.proposal.text.casefold() if self.proposal is not None else ""
        return any(words.casefold() in text for words in self.question.must_not)

    @property
    def is_own_words(self) -> bool:
        """A reply that is not an approved answer word for word."""
        return (
            self.proposal is not None
            and self.proposal.action is ProposalAction.PROPOSE
            and ProposalWarning.FELL_BACK_TO_ANSWER not in self.proposal.warnings
        )


Progress = Callable[[int, int, TestFinding], None]
"""Called with questions done and in all, and the counts so far."""


def drive(
    parts: Sequence[TestPart],
    *,
    now_ms: int,
    on_done: Progress = lambda _done, _total, _so_far: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> tuple[Outcome, ...]:
    """Ask every question and return what came back, in order; fewer when it was stopped.

    Args:
        parts: the office's own questions and the built-in ones.
        now_ms: Unix time, copied into the counts.
        on_done: hears of every question.
        is_stopped: asked before each.

    Raises:
        DraftFailedError: NO_MODEL; nothing further can be asked.
    """
    asked = [(part, question) for part in parts for question in part.questions][:MAX_QUESTIONS]
    outcomes: list[Outcome] = []
    for part, question in asked:
        if is_stopped():
            break
        outcomes.append(_ask(part, question))
        on_done(len(outcomes), len(asked), replace(count(outcomes, now_ms=now_ms), is_passed=False))
    return tuple(outcomes)


def count(outcomes: Sequence[Outcome], *, now_ms: int) -> TestFinding:
    """Return the counts and whether they pass; no questions do not."""
    covered = [item for item in outcomes if item.question.answers]
    uncovered = [item for item in outcomes if not item.question.answers]
    written = [item.proposal for item in outcomes if item.proposal is not None]
    first = [proposal.first_token_ms for proposal in written if proposal.first_token_ms is not None]
    whole = [proposal.total_ms for proposal in written if proposal.first_token_ms is not None]
    finding = TestFinding(
        tested_ms=now_ms,
        is_passed=False,
        questions=len(outcomes),
        office_questions=sum(item.is_own for item in outcomes),
        covered=len(covered),
        right_sources=sum(item.is_right for item in covered),
        own_words=sum(item.is_own_words for item in outcomes),
        must_hand_over=len(uncovered),
        handed_over=sum(item.is_right for item in uncovered),
        wrong_facts=sum(item.has_wrong_fact for item in outcomes),
        leaks=sum(item.has_leak for item in outcomes),
        first_word_ms=round(statistics.median(first)) if first else 0,
        total_ms=round(statistics.median(whole)) if whole else 0,
    )
    return replace(finding, is_passed=bool(outcomes) and not faults(finding))


def read_questions(untrusted_lines: Iterable[str]) -> tuple[TestQuestion, ...]:
    """Return the questions of a file.

    Raises:
        ThreadLineError: a line is no question; its ``code`` names line and reason ("3:bad_answer").
    """
    questions = []
    for number, line in enumerate(untrusted_lines, start=1):
        if line.strip():
            try:
                questions.append(_question(line, number))
            except ThreadLineError as error:
                raise ThreadLineError(f"{number}:{error.code}") from error
        if len(questions) > MAX_QUESTIONS:
            raise ThreadLineError(f"{number}:too_many")
    return tuple(questions)


def _question(untrusted_line: str, number: int) -> TestQuestion:
    if len(untrusted_line) > MAX_LINE_CHARS:
        raise ThreadLineError("line_too_long")
    try:
        raw = json.loads(untrusted_line)
    except (ValueError, RecursionError):
        raise ThreadLineError("not_json") from None
    if not isinstance(raw, dict):
        raise ThreadLineError("not_an_object")
    answers = _texts(raw, "answer")
    turns = raw.get("turns", [{"who": "user", "text": raw.get("question")}])
    usual = QuestionKind.COVERED if answers else QuestionKind.UNCOVERED
    kinds = {kind.value: kind for kind in QuestionKind}
    return TestQuestion(
        str(raw.get("id", number))[:80],
        parse_turns(turns),
        kinds.get(str(raw.get("kind")), usual),
        frozenset(answers),
        _texts(raw, "must_not"),
    )


def _texts(raw: dict[str, object], key: str) -> tuple[str, ...]:
    value = raw.get(key)
    items = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise ThreadLineError(f"bad_{key}")
    return tuple(items)


def _ask(part: TestPart, question: TestQuestion) -> Outcome:
    try:
        return Outcome(question, draft_again(part.drafter, question.turns), part.is_own)
    except DraftFailedError as error:
        if error.code is ProblemCode.NO_MODEL:
            raise
        return Outcome(question, None, part.is_own)
