"""``contact``: what is known of a person besides the name."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, print_table

if TYPE_CHECKING:  # heavy
    from app.domain.contact import ContactDetails
    from app.services.contacts.errors import InvalidDetailError

commands = typer.Typer(help="What is known of a contact besides the name.", no_args_is_help=True)
Conversation = Annotated[str, typer.Argument(metavar="ID", help="As `conversations search` shows it.")]
MAX_FILE_CHARS: Final = 100_000


@commands.command("show")
def show(
    context: typer.Context,
    conversation: Conversation,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what is written down of the contact of a conversation."""
    from app.domain.ids import ConversationId  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        details = desk.contacts.details(ConversationId(conversation))
    return _tell(conversation, details, as_json=as_json)


@commands.command("set")
def set_details(
    context: typer.Context,
    conversation: Conversation,
    source: Annotated[Path, typer.Option("--in", metavar="F.json", help="What is known; `-` is standard input.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write down what is known, from a file: arguments can be read by other programs of this machine.

    The file is one object with any of other_names, birth_date ("1984-03-03"), phones, emails, address, record_numbers
    and relatives; lists of texts, but for the birth date and the address. What it names is replaced, an empty list or
    text empties it, what it does not name stays as it is.
    """
    import os  # noqa: PLC0415  only for the locale

    from app.config.country import country_of_law  # noqa: PLC0415  heavy rooms are loaded by the command that needs them
    from app.domain.contact import ContactField  # noqa: PLC0415
    from app.domain.ids import ConversationId  # noqa: PLC0415
    from app.services.contacts.checking import UntrustedDetails  # noqa: PLC0415
    from app.services.contacts.errors import InvalidDetailError  # noqa: PLC0415

    untrusted = _read(source)
    toolbox, cid = toolbox_of(context), ConversationId(conversation)
    with unlocked(toolbox, vault, password_file) as desk:
        before = desk.contacts.details(cid)
        parts = {which: untrusted.get(which.value, before.get(which)) for which in ContactField}
        try:
            country = country_of_law(toolbox.settings().country, os.environ)
            details = desk.contacts.check(UntrustedDetails(parts), country)
        except InvalidDetailError as error:
            raise CommandError(ExitCode.REFUSED, _why(error)) from error
        desk.contacts.describe(cid, details)
    return _tell(conversation, details, as_json=as_json)


def _read(source: Path) -> "dict[str, tuple[str, ...]]":
    """Return the parts that a file names, each as its entries.

    Raises:
        CommandError: it is no such object, or is too large.
    """
    from app.domain.contact import ContactField  # noqa: PLC0415  heavy

    with sys.stdin if str(source) == "-" else source.open(encoding="utf-8", errors="surrogateescape") as stream:
        text = stream.read(MAX_FILE_CHARS + 1)
    try:
        raw = json.loads(text) if len(text) <= MAX_FILE_CHARS else None
    except (ValueError, RecursionError):
        raw = None
    known = {which.value for which in ContactField}
    if not isinstance(raw, dict) or raw.keys() - known or not raw:
        raise CommandError(ExitCode.MALFORMED, f"This is no object with any of {', '.join(sorted(known))}.")
    parts = {key: tuple(value) if isinstance(value, list) else (value,) for key, value in raw.items()}
    if not all(isinstance(entry, str) for entries in parts.values() for entry in entries):
        raise CommandError(ExitCode.MALFORMED, "What is known is given as texts and lists of texts.")
    return parts


def _why(error: "InvalidDetailError") -> str:
    reasons = {
        "contact_too_long": "it is too long",
        "contact_too_many": "these are too many",
        "contact_broken_characters": "it holds signs that cannot be stored",
        "contact_no_name": "a name has letters",
        "contact_no_date": "it is no day; write 1984-03-03",
        "contact_date_ahead": "this day lies ahead",
        "contact_date_too_early": "nobody is as old as that",
        "contact_no_phone": "no phone has such a number; a digit may be missing, or the area code",
        "contact_no_email": "it is no e-mail address",
        "contact_no_number": "a record number has a digit, and three signs at least",
        "contact_no_address": "an address has a street or a town",
    }
    where = f"{error.which.value}, entry {error.place + 1}"
    return f"{where}, was not taken: {reasons[error.code]}. Nothing was changed."


def _tell(conversation: str, details: "ContactDetails", *, as_json: bool) -> int:
    from app.domain.contact import ContactField  # noqa: PLC0415
    from app.store.contact_records import details_to_json  # noqa: PLC0415  heavy

    if as_json:
        print_json({"conversation": conversation, "details": details_to_json(details)})
    elif details.is_empty:
        print_line("Nothing is written down besides the name.")
    else:
        rows = [
            (which.value.replace("_", " "), "; ".join(details.get(which)))
            for which in ContactField
            if details.get(which)
        ]
        print_table(rows, ("What", "Known"))
    return ExitCode.DONE
