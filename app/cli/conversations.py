"""``conversations``: in, out, and finding."""

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from app.cli.desk import unlocked
from app.cli.exits import ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import bounded_lines, print_json, print_line, print_note, progress

commands = typer.Typer(help="Conversations.", no_args_is_help=True)


@commands.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="F.jsonl", help="One conversation a line; `-` reads standard input.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take conversations in; a malformed line is reported by number and the rest goes on."""
    from app.services.conversations.imports import MAX_LINE_CHARS  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    with (
        open_lines(file) as stream,
        unlocked(toolbox_of(context), vault, password_file) as desk,
        progress("Importing", is_quiet=as_json) as show,
    ):
        report = desk.conversations.import_lines(bounded_lines(stream, MAX_LINE_CHARS), lambda done: show(done, None))
    for problem in report.rejected:
        print_note(f"Line {problem.line} was not taken ({problem.code}).")
    if as_json:
        rejected = [{"line": problem.line, "code": problem.code} for problem in report.rejected]
        print_json({"imported": report.imported, "rejected": rejected})
    else:
        print_line(f"{report.imported} conversations taken, {len(report.rejected)} lines refused.")
    return ExitCode.MALFORMED if report.rejected else ExitCode.DONE


@commands.command("export")
def export(
    context: typer.Context,
    conversation: Annotated[str, typer.Argument(metavar="ID", help="As `conversations search` shows it.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Print one conversation, whole."""
    from app.domain.ids import ConversationId  # noqa: PLC0415

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        document = desk.conversations.export(ConversationId(conversation))
    if as_json:
        print_json(document)
        return ExitCode.DONE
    print_line(f"{document['contact']} ({document['id']})")
    turns = document["turns"]
    assert isinstance(turns, list)
    for turn in turns:
        print_line(f"{_time(turn['written_ms'])}  {turn['who']}: {turn['text']}")
    return ExitCode.DONE


@commands.command("search")
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words that a message or a note holds.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many messages at most.")] = 20,
    as_json: JsonOption = False,
) -> int:
    """Find messages by their words."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        hits = desk.conversations.search(text, limit)
    if as_json:
        print_json(
            [
                {
                    "conversation": hit.conversation_id,
                    "event": hit.event_id,
                    "contact": hit.contact_name,
                    "excerpt": hit.excerpt,
                    "marks": [list(mark) for mark in hit.marks],
                    "written_ms": hit.wall_ms,
                }
                for hit in hits
            ]
        )
        return ExitCode.DONE
    for hit in hits:
        print_line(f"{hit.conversation_id}  {_time(hit.wall_ms)}  {hit.contact_name}")
        print_line(f"    {hit.excerpt}")
    if not hits:
        print_line("Nothing found.")
    return ExitCode.DONE


@commands.command("rebuild")
def rebuild(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Make the tables that screens read anew from the event log."""
    with (
        unlocked(toolbox_of(context), vault, password_file) as desk,
        progress("Rebuilding", is_quiet=as_json) as show,
    ):
        desk.conversations.rebuild_projections(show)
    if as_json:
        print_json({"rebuilt": True})
    else:
        print_line("The tables were made anew from the event log.")
    return ExitCode.DONE


@contextmanager
def open_lines(file: Path) -> Iterator[TextIO]:
    """Yield a text stream of a file, of a ``.gz`` file, or of standard input for ``-``.

    Bytes that are not UTF-8 become lone surrogates, which every service refuses line by line.
    """
    if str(file) == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape")
    elif file.suffix == ".gz":
        with gzip.open(file, "rt", encoding="utf-8", errors="surrogateescape") as packed:
            yield packed
    else:
        with file.open(encoding="utf-8", errors="surrogateescape") as plain:
            yield plain


def _time(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
