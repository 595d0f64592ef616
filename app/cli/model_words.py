"""What is known of a model, as fields for people and as JSON for programs."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # heavy
    from app.services.models.findings import TestFinding
    from app.services.models.keeper import Passport
    from app.services.models.speed import Speed

_MEGA = 1_000_000
_GIGA = 1_000_000_000


def bytes_in_words(count: int) -> str:
    """Return a size as people read it: "8.6 MB", "68 MB", "6.1 GB"."""
    if count >= _GIGA:
        return f"{count / _GIGA:.1f} GB"
    return f"{count / _MEGA:.1f} MB" if count < 10 * _MEGA else f"{count / _MEGA:.0f} MB"


def parameters_in_words(count: int) -> str:
    """Return how large a model is: "8 million", "1.2 billion"."""
    if count >= _GIGA:
        return f"{count / _GIGA:.1f} billion"
    return f"{max(round(count / _MEGA), 1)} million"


def speed_fields(speed: "Speed") -> dict[str, object]:
    """Return the figures of a measurement."""
    return {
        "prompt_tokens": speed.prompt_tokens,
        "prompt_tokens_per_s": round(speed.prompt_tokens_per_s, 1),
        "generated_tokens": speed.generated_tokens,
        "generated_tokens_per_s": round(speed.generated_tokens_per_s, 1),
        "first_token_ms": speed.first_token_ms,
    }


def as_json_of(passport: "Passport") -> dict[str, object]:
    """Return everything that is known of one model."""
    import dataclasses  # noqa: PLC0415  slow to load, for this alone

    entry, speed, test = passport.entry, passport.findings.speed, passport.findings.test
    return {
        "name": entry.name,
        "title": entry.title,
        "file": str(entry.file),
        "sha256": entry.sha256,
        "licence": entry.licence,
        "template": entry.template,
        "architecture": entry.architecture,
        "context_tokens": entry.context_tokens,
        "parameters": entry.parameters,
        "size_bytes": entry.size_bytes,
        "purpose": "search" if entry.is_for_search else "reply",
        "tasks": sorted(task.value for task in entry.tasks),
        "shipped": entry.is_shipped,
        "imported_ms": entry.imported_ms,
        "imported_by": entry.imported_by,
        "in_use": passport.is_in_use,
        "previous": passport.is_previous,
        "memory_bytes": passport.need.total if passport.need is not None else None,
        "free_bytes": passport.free_bytes,
        "fits": passport.fits,
        "speed": None
        if speed is None
        else speed_fields(speed.speed) | {"measured_ms": speed.measured_ms, "resident_bytes": speed.resident_bytes},
        "test": None if test is None else dataclasses.asdict(test),
    }


def fields_of(passport: "Passport") -> dict[str, str]:
    """Return the passport for people."""
    entry, speed, test = passport.entry, passport.findings.speed, passport.findings.test
    fields = {
        "Name": f"{entry.title} ({entry.name})" if entry.title else entry.name,
        "Architecture": f"{entry.architecture or 'not told'}, turn markers {entry.template}",
        "Size": f"{parameters_in_words(entry.parameters)} weights, {bytes_in_words(entry.size_bytes)}",
        "Licence": entry.licence,
        "SHA-256": entry.sha256,
        "Tasks": ", ".join(task.value for task in type(next(iter(entry.tasks))) if task in entry.tasks)
        if entry.tasks
        else "finding approved answers"
        if entry.is_for_search
        else "none",
        "Context": f"{entry.context_tokens:,} tokens",
        "Memory": bytes_in_words(passport.need.total) if passport.need is not None else "not known",
        "Speed here": "not measured" if speed is None else speed_in_words(speed.speed),
        "Driving test": "not yet" if test is None else test_lines(test)[0],
    }
    if entry.imported_ms is not None:
        day = datetime.fromtimestamp(entry.imported_ms / 1000, UTC).astimezone().date().isoformat()
        fields["Imported"] = f"{day}{f' by {entry.imported_by}' if entry.imported_by else ''}"
    return fields


def speed_in_words(speed: "Speed") -> str:
    """Return a speed in words of a text, not in tokens."""
    return f"reads {speed.reads_words_per_s:,.0f} words a second, writes {speed.writes_words_per_s:,.0f}"


def test_lines(finding: "TestFinding") -> tuple[str, ...]:
    """Return the verdict and what it rests on."""
    verdict = "Passed" if finding.is_passed else "Not passed"
    own = f", {finding.office_questions} of them the office's own" if finding.office_questions else ""
    facts = f"{finding.wrong_facts} wrong facts on {finding.questions} questions{own}"
    lines = [
        f"{verdict}: {facts}; hands over {finding.handed_over} of {finding.must_hand_over}.",
        f"Right source for {finding.right_sources} of {finding.covered}; {finding.own_words} in its own words.",
        f"First word after {finding.first_word_ms} ms, whole reply after {finding.total_ms} ms (half of them sooner).",
    ]
    if finding.leaks:
        lines.insert(1, f"Said what it may not in {finding.leaks} replies.")
    return tuple(lines)
