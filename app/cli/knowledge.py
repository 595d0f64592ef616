"""``knowledge``: approved answers, of a vault or of a folder."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.documents import day_of, exit_code_of, expected_import_errors, show_import
from app.cli.exits import ExitCode
from app.cli.options import JsonOption, KnowledgeOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, print_note, print_table, progress

if TYPE_CHECKING:  # heavy
    from collections.abc import Sequence

    from app.domain.proposal import Article
    from app.knowledge import ArticleProblem

commands = typer.Typer(help="Approved answers.", no_args_is_help=True)


@commands.command("import")
def import_documents(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files (.md, .docx, .pdf), or folders of them.", show_default=False),
    ],
    approved_on: Annotated[
        str | None,
        typer.Option("--approved-on", metavar="DATE", help="Day of approval, where the document states none."),
    ] = None,
    valid_until: Annotated[
        str | None, typer.Option("--valid-until", metavar="DATE", help="Last day of use, where it states none.")
    ] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="For the office only, where the document does not say otherwise.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be taken in, and change nothing.")
    ] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Take the other documents even when some cannot be read.")
    ] = False,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take documents into the vault as approved answers; those that came from them before are renewed.

    A Markdown file is one answer. In Word and PDF files each heading of the first two levels begins one. Documents are
    read in a locked-in process; links and pictures in them are not followed. When one cannot be read, nothing is taken.
    """
    from app.services.knowledge_import.service import ImportTerms, KnowledgeImport  # noqa: PLC0415  heavy

    terms = ImportTerms(day_of(approved_on), day_of(valid_until), internal or None)
    with (
        unlocked(toolbox_of(context), vault, password_file) as desk,
        expected_import_errors(),
        KnowledgeImport(desk.conversations) as importer,
        progress("Reading", is_quiet=as_json) as show,
    ):
        preview = importer.read_documents(paths, terms, show)
        is_taken = not dry_run and (preview.is_clean or skip_refused)
        result = importer.take_in(preview) if is_taken else None
    show_import(preview, result, as_json=as_json)
    return exit_code_of(preview)


@commands.command("search")
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A question, or a few words.")],
    knowledge: KnowledgeOption = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many passages at most.")] = 5,
    as_json: JsonOption = False,
) -> int:
    """Show the passages nearest to a text, and whether one of them covers it."""
    from app.knowledge import PassageIndex  # noqa: PLC0415  heavy

    index = PassageIndex(_articles(context, knowledge, vault, password_file))
    hits = index.search(text, limit)
    is_covered = bool(index.best(text))
    if as_json:
        passages = [
            {"article": hit.passage.article_id, "title": hit.passage.title, "quote": hit.passage.text} for hit in hits
        ]
        print_json({"covered": is_covered, "passages": passages})
        return ExitCode.DONE
    for hit in hits:
        print_line(f"{hit.passage.title} ({hit.passage.article_id})")
        print_line(f"    {hit.passage.text}")
    if not is_covered:
        print_line("No approved answer covers this.")
    return ExitCode.DONE


@commands.command("list")
def list_answers(
    context: typer.Context,
    knowledge: KnowledgeOption = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List approved answers with their dates."""
    articles = _articles(context, knowledge, vault, password_file)
    if as_json:
        print_json([_as_json(article) for article in articles])
        return ExitCode.DONE
    rows = [
        (
            article.article_id,
            article.title,
            _day(article.approved_on),
            _day(article.valid_from),
            _day(article.valid_until),
            _day(article.review_on),
            article.short_code,
            _mark(article),
        )
        for article in articles
    ]
    print_table(rows, ("Name", "Title", "Approved", "Valid from", "Valid until", "Review", "Code", ""))
    return ExitCode.DONE


def note_problems(problems: "Sequence[ArticleProblem]") -> None:
    """Print a line for each file that was refused."""
    for problem in problems:
        print_note(f"{problem.file_name}: not an approved answer ({problem.code.value}).")


def _articles(
    context: typer.Context, knowledge: Path | None, vault: Path | None, password_file: Path | None
) -> "tuple[Article, ...]":
    from app.knowledge import read_folder  # noqa: PLC0415  heavy

    if knowledge is not None:
        reading = read_folder(knowledge)
        note_problems(reading.problems)
        return reading.articles
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        return desk.conversations.articles()


def _as_json(article: "Article") -> dict[str, object]:
    return {
        "article": article.article_id,
        "title": article.title,
        "approved": _day(article.approved_on) or None,
        "valid_from": _day(article.valid_from) or None,
        "valid_until": _day(article.valid_until) or None,
        "review_on": _day(article.review_on) or None,
        "short_code": article.short_code or None,
        "internal": article.is_internal,
        "origin": article.origin or None,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _mark(article: "Article") -> str:
    return "internal" if article.is_internal else ""
