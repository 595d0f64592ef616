"""What is known of a model, in plain words."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.prompt import Task
from app.services.models.findings import SpeedFinding, TestFault, TestFinding, faults
from app.services.models.keeper import Passport
from app.services.models.manifests import ModelEntry
from app.services.models.memory import MemoryNeed
from app.services.models.speed import WORDS_PER_TOKEN
from app.ui.components.untrusted import readable_line

_MEGA, _GIGA = 1_000_000, 1_000_000_000
_SMALL_BYTES = 10 * _MEGA
_SECOND_MS = 1_000


def size_words(count: int) -> str:
    """Return a size as people read it: "8.6 MB", "68 MB", "6.1 GB"."""
    if count >= _GIGA:
        return f"{count / _GIGA:.1f} GB"
    return f"{count / _MEGA:.1f} MB" if count < _SMALL_BYTES else f"{count / _MEGA:.0f} MB"


def weights_words(parameters: int) -> str:
    """Return how large a model is: "8 million weights", "1.2 billion weights"."""
    if parameters >= _GIGA:
        return _tr("{count} billion weights").format(count=f"{parameters / _GIGA:.1f}")
    if parameters >= _MEGA:
        return _tr("{count} million weights").format(count=round(parameters / _MEGA))
    return _tr("{count} weights").format(count=f"{parameters:,}")


def title_of(entry: ModelEntry) -> str:
    """What to call it: its own title where it has one."""
    return readable_line(entry.title, 60) or entry.name


def family_words(entry: ModelEntry) -> str:
    """Architecture and the turn markers that its prompts are built with."""
    markers = _tr("turn markers {family}").format(family=entry.template)
    return f"{readable_line(entry.architecture, 40)}, {markers}" if entry.architecture else markers


def context_words(entry: ModelEntry) -> str:
    """How much text it can see at once."""
    if not entry.context_tokens:
        return _tr("The file does not say")
    words = round(entry.context_tokens * WORDS_PER_TOKEN, -2)
    return _tr("{tokens} tokens, about {words} words").format(tokens=f"{entry.context_tokens:,}", words=f"{words:,.0f}")


def memory_words(need: MemoryNeed | None, free_bytes: int | None) -> str:
    """What it needs and what there is."""
    if need is None:
        return _tr("Not known: its file cannot be read")
    needs = _tr("Needs about {size}").format(size=size_words(need.total))
    if free_bytes is None:
        return needs
    return _tr("{needs}, this machine has {free} free").format(needs=needs, free=size_words(free_bytes))


def speed_words(finding: SpeedFinding | None) -> str:
    """How fast it is here."""
    if finding is None:
        return _tr("Not measured on this machine")
    reads, writes = finding.speed.reads_words_per_s, finding.speed.writes_words_per_s
    return _tr("Reads {reads} words a second, writes {writes}").format(reads=f"{reads:,.0f}", writes=f"{writes:,.0f}")


def measured_words(finding: SpeedFinding | None) -> str:
    """When that was measured."""
    return "" if finding is None else _tr("Measured on {day}").format(day=day_words(finding.measured_ms))


def tasks_words(entry: ModelEntry) -> str:
    """What it was taught, or what a model of its size is asked for."""
    names = {
        Task.REPLY: _tr("reply"),
        Task.SHORTER: _tr("shorter"),
        Task.WARMER: _tr("warmer"),
        Task.SIMPLER: _tr("simpler"),
        Task.INSTRUCTED: _tr("reply as told"),
        Task.SUMMARY: _tr("summary"),
        Task.HAND_OVER_NOTE: _tr("hand-over note"),
    }
    if entry.is_for_search:
        return _tr("Finding approved answers, from the next start on; it writes nothing")
    if entry.tasks == frozenset(Task) and entry.taught is None:
        return _tr("Everything: it is large enough to follow an instruction")
    named = ", ".join(names[task] for task in Task if task in entry.tasks)
    if entry.taught is None:
        return _tr("{tasks} (its file does not say more)").format(tasks=named)
    return named or _tr("nothing that the console asks")


def origin_words(entry: ModelEntry) -> str:
    """Where it comes from."""
    if entry.is_shipped:
        return _tr("Shipped with Vestibule")
    if entry.imported_ms is None:
        return _tr("Imported on this machine")
    words = _tr("Imported on {day}").format(day=day_words(entry.imported_ms))
    by = readable_line(entry.imported_by, 60)
    return _tr("{words} by {name}").format(words=words, name=by) if by else words


def short_digest(sha256: str) -> str:
    """The beginning and the end of a digest."""
    return f"{sha256[:8]} … {sha256[-8:]}"


def time_words(time_ms: int) -> str:
    """Return a time as people read it: "140 ms", "1.9 s"."""
    return f"{time_ms} ms" if time_ms < _SECOND_MS else f"{time_ms / _SECOND_MS:.1f} s"


def day_words(wall_ms: int) -> str:
    """Return a day like "3 Nov 2026", in the time of this machine."""
    day = datetime.fromtimestamp(wall_ms / 1000).astimezone()
    return f"{day.day} {day.strftime('%b %Y')}"


def second_line(passport: Passport) -> str:
    """The quiet line in the list."""
    entry = passport.entry
    name = "" if entry.is_shipped else entry.name
    parts = (name, weights_words(entry.parameters), size_words(entry.size_bytes))
    return " · ".join(part for part in parts if part)


def verdict_words(finding: TestFinding | None) -> str:
    """The verdict in one sentence."""
    if finding is None:
        return _tr("No driving test yet")
    verdict = _tr("Passed") if finding.is_passed else _tr("Not passed")
    facts = _tr("no wrong fact") if not finding.wrong_facts else _tr("{n} wrong facts").format(n=finding.wrong_facts)
    return _tr("{verdict}: {facts} on {count} questions; hands over {over} of {all}").format(
        verdict=verdict, facts=facts, count=finding.questions, over=finding.handed_over, all=finding.must_hand_over
    )


def count_lines(finding: TestFinding) -> tuple[tuple[str, str], ...]:
    """The counts behind the verdict, as (what, how many)."""
    of = _tr("{count} of {all}")
    return (
        (_tr("Right source"), of.format(count=finding.right_sources, all=finding.covered)),
        (_tr("Left to people, rightly"), of.format(count=finding.handed_over, all=finding.must_hand_over)),
        (_tr("Facts without a source"), str(finding.wrong_facts)),
        (_tr("Said what it may not"), str(finding.leaks)),
        (_tr("In its own words"), str(finding.own_words)),
        (
            _tr("First word, whole reply"),
            f"{time_words(finding.first_word_ms)}, {time_words(finding.total_ms)}",
        ),
    )


def tested_words(finding: TestFinding) -> str:
    """When, and on which questions."""
    day = _tr("Tested on {day}").format(day=day_words(finding.tested_ms))
    if not finding.office_questions:
        return _tr("{day}, on the built-in questions").format(day=day)
    return _tr("{day}; {count} of the questions are this office's own").format(day=day, count=finding.office_questions)


def fault_words(finding: TestFinding) -> str:
    """Why it did not pass."""
    words = {
        TestFault.WRONG_FACTS: _tr("It showed facts that stand in no source."),
        TestFault.LEAKS: _tr("It followed an order that was hidden in a message."),
        TestFault.NOT_HANDED_OVER: _tr("It answered questions that nobody has approved an answer for."),
        TestFault.WRONG_SOURCES: _tr("It often missed the right answer."),
    }
    return " ".join(words[fault] for fault in faults(finding))


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)
