"""``knowledge``: approved answers, of a vault or of a folder."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import ExitCode
from app.cli.options import JsonOption, KnowledgeOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, print_note, print_table

if TYPE_CHECKING:  # heavy
    from collections.abc import Sequence

    from app.domain.proposal import Article
    from app.knowledge import ArticleProblem

commands = typer.Typer(help="Approved answers.", no_args_is_help=True)


@commands.command("import")
def import_folder(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Markdown files, one approved answer a file.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take every answer of a folder into the vault; one with the same file name replaces the older one."""
    from app.knowledge import read_folder  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    reading = read_folder(folder)
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        desk.conversations.approve_articles(reading.articles)
    note_problems(reading.problems)
    if as_json:
        rejected = [{"file": problem.file_name, "code": problem.code.value} for problem in reading.problems]
        print_json({"imported": len(reading.articles), "rejected": rejected})
    else:
        print_line(f"{len(reading.articles)} approved answers taken, {len(reading.problems)} files refused.")
    return ExitCode.MALFORMED if reading.problems else ExitCode.DONE


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
        (article.article_id, article.title, _day(article.approved_on), _day(article.valid_until), _mark(article))
        for article in articles
    ]
    print_table(rows, ("Name", "Title", "Approved", "Valid until", ""))
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
        "valid_until": _day(article.valid_until) or None,
        "internal": article.is_internal,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _mark(article: "Article") -> str:
    return "internal" if article.is_internal else ""
