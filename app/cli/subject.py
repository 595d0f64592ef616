"""``subject``: what people ask about their own data: found, handed out, erased, and the register with its clock."""

from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, print_table

if TYPE_CHECKING:  # heavy
    from app.compliance.subject_requests import SubjectRequest
    from app.domain.ids import ConversationId

commands = typer.Typer(help="Requests of people about their own data.", no_args_is_help=True)
Conversations = Annotated[list[str], typer.Argument(metavar="ID...", help="As `subject find` shows them.")]


class KindChoice(Enum):
    """What may be asked for."""

    ACCESS = "access"
    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"
    RESTRICT = "restrict"


class IdentityChoice(Enum):
    """How the office knows who asks."""

    CALLED_BACK = "called_back"
    PHOTO_ID = "photo_id"
    KNOWN = "known"


class OutcomeChoice(Enum):
    """How a request ended."""

    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@commands.command("find")
def find(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="The name, misspelt or not; or a phone, an e-mail address, a birth date, a record number, an address."
        ),
    ],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the conversations of people who are called so, or of whom this is known. A human says who it is."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = desk.subjects.find(name)
    if as_json:
        print_json([
            {"conversation": one.conversation_id, "contact": one.contact_name, "last_ms": one.last_activity_ms,
             "alike": round(one.alike, 2), "by": one.by.value} for one in found
        ])  # fmt: skip
    elif found:
        rows = [
            (one.conversation_id, one.contact_name, _day_of(one.last_activity_ms), one.by.value.replace("_", " "))
            for one in found
        ]
        print_table(rows, ("Conversation", "Contact", "Last activity", "Found by"))
    else:
        print_line("Nobody here is called so, or is known by this.")
    return ExitCode.DONE if found else ExitCode.REFUSED


@commands.command("take")
def take(
    context: typer.Context,
    kind: Annotated[KindChoice, typer.Argument(help="What is asked for.")],
    conversations: Conversations,
    identity: Annotated[IdentityChoice | None, typer.Option(help="How you know who asks.")] = None,
    received: Annotated[str | None, typer.Option(metavar="DAY", help="When it came in; today otherwise.")] = None,
    country: Annotated[str | None, typer.Option(help="Whose law counts; that of the settings otherwise.")] = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put a request into the register and start the law's clock."""
    import os  # noqa: PLC0415  only for the locale

    from app.compliance.subject_requests import RequestKind  # noqa: PLC0415  heavy
    from app.config.country import country_of  # noqa: PLC0415
    from app.domain.conversation import IdentityMeans  # noqa: PLC0415

    toolbox = toolbox_of(context)
    law_of = country or country_of(toolbox.settings().country, os.environ)
    means = None if identity is None else IdentityMeans(identity.value)
    with unlocked(toolbox, vault, password_file) as desk:
        request = desk.subjects.take(RequestKind(kind.value), _ids(conversations), means, law_of, _day(received))
    if as_json:
        print_json(_as_json(request))
    else:
        print_line(f"Noted as {request.request_id}. Answer by {request.due_on} ({request.law}).")
    return ExitCode.DONE


@commands.command("list")
def list_requests(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Show the register; exit code 1 when a request is overdue."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        register, today = desk.subjects.register(), desk.subjects.today()
    if as_json:
        print_json([_as_json(one) | {"overdue": one.is_overdue(today)} for one in register])
    elif register:
        rows = [
            (one.request_id, one.kind.value, str(len(one.conversation_ids)), _state(one, today)) for one in register
        ]
        print_table(rows, ("Request", "Asks for", "Conversations", "State"))
    else:
        print_line("Nobody has asked.")
    return ExitCode.REFUSED if any(one.is_overdue(today) for one in register) else ExitCode.DONE


@commands.command("close")
def close(
    context: typer.Context,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="As `subject list` shows it.")],
    outcome: Annotated[OutcomeChoice, typer.Argument(help="How it ended.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Note how a request ended."""
    from app.compliance.subject_requests import Outcome  # noqa: PLC0415  heavy
    from app.domain.ids import EventId  # noqa: PLC0415

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        closed = desk.subjects.close(EventId(request), Outcome(outcome.value))
    if as_json:
        print_json(_as_json(closed))
    else:
        print_line(f"Closed: {outcome.value}.")
    return ExitCode.DONE


@commands.command("export")
def export(
    context: typer.Context,
    conversations: Conversations,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A new file; only you can read it.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write everything that the office holds about these conversations, with who handled them, as JSON."""
    if out.exists():
        raise CommandError(ExitCode.REFUSED, "This file exists already. Nothing was written.")
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        copied = desk.subjects.copy(_ids(conversations))
        desk.subjects.write_json(copied, out)
    if as_json:
        print_json({"conversations": len(conversations), "file": str(out)})
    else:
        print_line(
            f"{len(conversations)} conversations are in {out}. The file is readable: hand it over and delete it."
        )
    return ExitCode.DONE


@commands.command("erase")
def erase(
    context: typer.Context,
    conversations: Conversations,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Erase the person's conversations for good; what is held by law stays. Prints the certificate."""
    if not yes and not typer.confirm(f"Erase {len(conversations)} conversations for good?", err=True):
        raise CommandError(ExitCode.REFUSED, "Nothing was erased.")
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        done = desk.erasure.erase(_ids(conversations), "request").certificate
    if as_json:
        print_json(dict(done.json))
    else:
        print_line(f"Erased: {len(done.conversation_ids)} conversations. `vestibule erase ID` shows the certificate.")
    return ExitCode.DONE if done.is_clean is not False else ExitCode.REFUSED


def _ids(conversations: list[str]) -> "tuple[ConversationId, ...]":
    from app.domain.ids import ConversationId  # noqa: PLC0415  heavy

    return tuple(ConversationId(one) for one in dict.fromkeys(conversations))


def _as_json(request: "SubjectRequest") -> dict[str, object]:
    return {
        "request": request.request_id,
        "kind": request.kind.value,
        "conversations": list(request.conversation_ids),
        "identity": request.identity,
        "law": request.law,
        "received_on": request.received_on.isoformat(),
        "due_on": request.due_on.isoformat(),
        "outcome": None if request.outcome is None else request.outcome.value,
        "closed_on": None if request.closed_on is None else request.closed_on.isoformat(),
    }


def _state(request: "SubjectRequest", today: date) -> str:
    if request.outcome is not None:
        return f"{request.outcome.value} on {request.closed_on}"
    return f"OVERDUE since {request.due_on}" if request.is_overdue(today) else f"answer by {request.due_on}"


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, "A day is written as 2026-11-24.") from error


def _day_of(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).date().isoformat()
