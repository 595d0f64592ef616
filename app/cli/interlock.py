"""``interlock``: the fixed list of emergency phrases, to be read and signed by the office."""

import os
from typing import TYPE_CHECKING

import typer

from app.cli.desk import unlocked
from app.cli.exits import ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_fields, print_json, print_line, print_table
from app.config.country import country_of

if TYPE_CHECKING:  # heavy
    from app.services.desk import Desk
    from app.services.interlock.signing import InterlockSigning, InterlockStatus

commands = typer.Typer(help="The emergency list: read it, sign it.", no_args_is_help=True)


@commands.command("list")
def list_phrases(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List every phrase that raises a conversation to an emergency, with an example."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        books = _list_of(context, desk).interlock.books
    rows = [
        (listed.phrase.phrase_id, listed.phrase.kind, listed.wording, listed.examples[0])
        for book in books
        for listed in book.phrases
    ]
    if as_json:
        print_json([dict(zip(("id", "kind", "phrase", "example"), row, strict=True)) for row in rows])
    else:
        print_table(rows, ("Id", "Kind", "Phrase", "Example"))
    return ExitCode.DONE


@commands.command("status")
def status(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say which list is in use and whether somebody has signed it; exit code 1 when nobody has."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = _list_of(context, desk).status()
    _show(found, as_json=as_json)
    return ExitCode.DONE if found.is_signed else ExitCode.REFUSED


@commands.command("sign")
def sign(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put your name under the list in use; read it first (`vestibule interlock list`)."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = _list_of(context, desk).sign()
    _show(found, as_json=as_json)
    return ExitCode.DONE


def _list_of(context: typer.Context, desk: "Desk") -> "InterlockSigning":
    """The list of an open desk with the emergency numbers of the country in force, as the windows use it."""
    desk.interlock.use_country(country_of(toolbox_of(context).settings().country, os.environ))
    return desk.interlock


def _show(found: "InterlockStatus", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "version": found.version,
                "phrases": found.phrase_count,
                "signed": found.is_signed,
                "signed_version": found.signed_version,
                "signed_by": found.signed_by,
                "signed_ms": found.signed_ms,
            }
        )
        return
    print_fields(
        {"Version": found.version, "Phrases": str(found.phrase_count), "Signed by": found.signed_by or "nobody"}
    )
    if found.signed_version is not None and not found.is_signed:
        print_line("An older version was signed; this one was not.")
