"""How ``knowledge import`` speaks: dates in, a preview or a result out, refusals in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from app.cli.exits import CommandError, ExitCode
from app.cli.output import print_json, print_line, print_note, print_table

if TYPE_CHECKING:  # heavy
    from app.services.knowledge_import.service import ImportItem, ImportPreview, ImportResult


def day_of(text: str | None) -> date | None:
    """Return the day that an option names.

    Raises:
        CommandError: it is not an ISO date.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise CommandError(ExitCode.USAGE, "Write a date as 2026-11-02.") from None


@contextmanager
def expected_import_errors() -> Iterator[None]:
    """End the command in words when a run cannot begin or was overtaken."""
    from app.services.knowledge_import.service import ImportPathsError, ImportStaleError  # noqa: PLC0415  heavy
    from app.services.knowledge_import.words import NOTHING_CHANGED, refusal_words  # noqa: PLC0415

    try:
        yield
    except (ImportPathsError, ImportStaleError) as error:
        raise CommandError(ExitCode.REFUSED, f"{refusal_words(error.code)} {NOTHING_CHANGED}") from error


def exit_code_of(preview: "ImportPreview") -> ExitCode:
    """Return 3 when a document was refused, 5 when it was this machine that could not read it."""
    from app.language import DocumentFault  # noqa: PLC0415  heavy

    codes = {refusal.code for refusal in preview.refusals}
    if codes & {DocumentFault.NOT_CONFINED.value, DocumentFault.READER_MISSING.value}:
        return ExitCode.UNAVAILABLE
    return ExitCode.MALFORMED if codes else ExitCode.DONE


def show_import(preview: "ImportPreview", result: "ImportResult | None", *, as_json: bool) -> None:
    """Print what a run found, and what was taken; ``result`` None: nothing was."""
    from app.services.knowledge_import.words import NOTHING_CHANGED, note_words, refusal_words  # noqa: PLC0415

    for refusal in preview.refusals:
        print_note(f"{refusal.file_name}: {refusal_words(refusal.code)}")
    for note in preview.notes:
        print_note(f"{note.file_name}: {note_words(note.code)}")
    if as_json:
        print_json(_as_json(preview, result))
        return
    if result is None:
        _print_preview(preview)
        print_line(NOTHING_CHANGED)
    else:
        print_line(f"Answers: {result.added} added, {result.changed} changed, {result.unchanged} unchanged.")
    if preview.refusals:
        count = len(preview.refusals)
        print_line("1 document was refused." if count == 1 else f"{count} documents were refused.")


def _print_preview(preview: "ImportPreview") -> None:
    rows = [
        (item.kind.value, item.title, item.origin_name, _place(item), _day(item.article.approved_on), _hint(item))
        for item in preview.items
    ]
    if rows:
        print_table(rows, ("", "Title", "Document", "From", "Approved", ""))


def _as_json(preview: "ImportPreview", result: "ImportResult | None") -> dict[str, object]:
    return {
        "taken": result is not None,
        "added": result.added if result is not None else 0,
        "changed": result.changed if result is not None else 0,
        "unchanged": result.unchanged if result is not None else 0,
        "items": [_item_as_json(item) for item in preview.items],
        "rejected": [{"file": refusal.file_name, "code": refusal.code} for refusal in preview.refusals],
        "notes": [{"file": note.file_name, "code": note.code} for note in preview.notes],
    }


def _item_as_json(item: "ImportItem") -> dict[str, object]:
    return {
        "article": item.article.article_id,
        "title": item.title,
        "kind": item.kind.value,
        "file": item.origin_name,
        "place": {"unit": item.place.unit.value, "number": item.place.number} if item.place is not None else None,
        "words": len(item.body.split()),
        "approved": _day(item.article.approved_on) or None,
        "valid_until": _day(item.article.valid_until) or None,
        "internal": item.article.is_internal,
        "suggested": _day(item.suggested_on) or None,
    }


def _place(item: "ImportItem") -> str:
    return f"{item.place.unit.value} {item.place.number}" if item.place is not None else ""


def _hint(item: "ImportItem") -> str:
    """Return what the document says of its own age, where nothing says when it was approved."""
    if item.suggested_on is None or item.article.approved_on is not None:
        return ""
    return f"changed {item.suggested_on.isoformat()}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
