"""``retention``: what goes when and why, and the second step that lets it go."""

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_fields, print_json, print_line, print_note, print_table, progress
from app.config.country import country_of_law

if TYPE_CHECKING:  # heavy
    from app.compliance.due import Line
    from app.compliance.rules import RetentionClass
    from app.services.desk import Desk
    from app.services.retention.rules import RulesInForce
    from app.services.retention.service import RetentionPreview, RetentionService

commands = typer.Typer(help="Rules of retention: what goes when, and letting it go.", no_args_is_help=True)

_DOUBTS = {
    "behind": "This vault has already seen a later time than the clock shows.",
    "jumped": "The clock has not gone as the machine has counted since the vault was opened.",
    "gap": "By this clock nobody has worked with the vault for more than two weeks.",
}
_MAX_LINES = 50


@commands.command("rules")
def rules(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write them here, to be edited and signed.")] = None,
    as_json: JsonOption = False,
) -> int:
    """Show the rules in force; exit code 1 while nobody has signed them."""
    from app.compliance.rules import rules_to_json  # noqa: PLC0415  heavy rooms are loaded by the command that needs them
    from app.store.files import create_file  # noqa: PLC0415

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = _service(context, desk).book.in_force()
    document = rules_to_json(found.rules)
    if out is not None:
        create_file(out, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())
    if as_json:
        print_json(_signature(found) | {"rules": document})
    else:
        _print_rules(found)
    return ExitCode.DONE if found.is_signed else ExitCode.REFUSED


@commands.command("sign")
def sign(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    file: Annotated[
        Path | None,
        typer.Option("--rules", metavar="FILE", help="Your edited rules; without it, those that are shown."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Put your name under the rules; from now on conversations may go by them."""
    from app.compliance.errors import RulesMalformedError  # noqa: PLC0415
    from app.services.retention.rules import read_rules  # noqa: PLC0415

    try:
        edited = None if file is None else read_rules(file)
    except RulesMalformedError as error:
        raise CommandError(
            ExitCode.MALFORMED, f"The rules are not right at {error.place}. Nothing was signed."
        ) from error
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        book = _service(context, desk).book
        book.sign(book.in_force().rules if edited is None else edited)
        found = book.in_force()
    if as_json:
        print_json(_signature(found))
    else:
        _print_rules(found)
    return ExitCode.DONE


@commands.command("class")
def classify(
    context: typer.Context,
    conversation: Annotated[str, typer.Argument(metavar="ID", help="As `conversations search` shows it.")],
    class_id: Annotated[
        str, typer.Argument(metavar="CLASS", help="As `retention rules` shows it; `-` is the default.")
    ],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put a conversation into a class of the rules."""
    from app.domain.ids import ConversationId  # noqa: PLC0415

    cid, chosen = ConversationId(conversation), "" if class_id == "-" else class_id
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        service = _service(context, desk)
        service.classify(cid, chosen)
        kept_as = service.book.in_force().rules.class_of(chosen)
    if as_json:
        print_json({"conversation": conversation, "class": kept_as.class_id})
    else:
        print_line(f"Kept as {kept_as.title}: {_duration(kept_as)}.")
    return ExitCode.DONE


@commands.command("preview")
def preview(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say what would go today, when more falls due, and why; changes nothing."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = _service(context, desk).preview()
    if as_json:
        print_json(_preview_json(found))
    else:
        _print_preview(found)
    return ExitCode.DONE


@commands.command("apply")
def apply(
    context: typer.Context,
    digest: Annotated[str, typer.Argument(metavar="DIGEST", help="What `retention preview` printed.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    count: Annotated[int | None, typer.Option(help="How many go: needed for more than 5 % within a day.")] = None,
    today: Annotated[
        str | None, typer.Option(metavar="DAY", help="Which day it is: needed when the clock is in doubt.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Save the certificate here; the vault keeps it as well.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Let go, for good, what a preview has shown; refused when anything in it has changed since."""
    from app.store.files import create_file  # noqa: PLC0415

    day = None if today is None else _day(today)
    with (
        unlocked(toolbox_of(context), vault, password_file) as desk,
        progress("Erasing", is_quiet=as_json) as show,
    ):
        done = _service(context, desk).apply(digest, confirmed_count=count, confirmed_day=day, progress=show)
    if certificate is not None:
        create_file(certificate, done.certificate.as_text().encode())
    number = len(done.certificate.conversation_ids)
    if as_json:
        print_json({"erased": number, "certificate": done.certificate.json})
    else:
        print_line(f"{number} erased for good.")
    for hit in done.hits:
        print_note(f"Words still stand in {hit.path}.")
    return ExitCode.DONE if done.certificate.is_clean else ExitCode.REFUSED


def _service(context: typer.Context, desk: "Desk") -> "RetentionService":
    """The retention of an open desk with the country in force, as the windows use it."""
    desk.retention.book.use_country(country_of_law(toolbox_of(context).settings().country, os.environ))
    return desk.retention


def _signature(found: "RulesInForce") -> dict[str, object]:
    return {
        "version": found.rules.version,
        "signed": found.is_signed,
        "signed_by": found.signed_by,
        "signed_ms": found.signed_ms,
    }


def _print_rules(found: "RulesInForce") -> None:
    print_fields(
        {"Rules": found.rules.title, "Version": found.rules.version, "Signed by": found.signed_by or "nobody yet"}
    )
    if not found.is_signed:
        print_line(found.rules.note)
    print_line()
    print_table([(one.class_id, one.title, _duration(one)) for one in found.rules.classes], ("Class", "What", "Kept"))


def _print_preview(found: "RetentionPreview") -> None:
    plan = found.plan
    rows = [_row(line, plan.rules.class_of(line.class_id)) for line in plan.due[:_MAX_LINES]]
    print_line(f"{plan.today}: {len(plan.due)} of {plan.total} conversations are due, {len(plan.held)} more are held.")
    if rows:
        print_table(rows, ("Conversation", "Due since", "Class", "Because"))
    if len(plan.due) > _MAX_LINES:
        print_line(f"... and {len(plan.due) - _MAX_LINES} more; --json lists all.")
    later = [(f"{month:%Y-%m}", class_id, str(number)) for (month, class_id), number in list(plan.coming.items())[:12]]
    if later:
        print_line()
        print_table(later, ("Falls due", "Class", "Conversations"))
    print_line()
    if not found.in_force.is_signed:
        print_line("Nobody has signed the rules, so nothing goes: `vestibule retention sign`.")
    elif plan.due:
        print_line(_how_to_apply(found))
    if found.doubt is not None:
        print_line(f"{_DOUBTS[found.doubt.value]} Check the date before you go on.")


def _how_to_apply(found: "RetentionPreview") -> str:
    words = f"To let them go: vestibule retention apply {found.digest}"
    words += f" --count {len(found.plan.due)}" if found.is_many else ""
    return words + (" --today DAY" if found.doubt is not None else "")


def _row(line: "Line", kept_as: "RetentionClass") -> tuple[str, str, str, str]:
    return line.conversation_id, str(line.due_on), line.class_id, f"{line.start_on}, {_duration(kept_as)}"


def _duration(kept_as: "RetentionClass") -> str:
    number, unit = kept_as.keep.number, kept_as.keep.unit.value
    words = f"{number} {unit.removesuffix('s') if number == 1 else unit}"
    start = "after closing" if kept_as.starts.value == "closed" else "after the last message"
    return f"{words} {start}" + (", to the end of the year" if kept_as.to_end_of_year else "")


def _preview_json(found: "RetentionPreview") -> dict[str, object]:
    plan = found.plan
    return {
        "today": str(plan.today),
        "digest": found.digest,
        **_signature(found.in_force),
        "total": plan.total,
        "open": plan.open_count,
        "due": [_line_json(line) for line in plan.due],
        "held": [_line_json(line) for line in plan.held],
        "coming": [
            {"month": f"{month:%Y-%m}", "class": class_id, "number": number}
            for (month, class_id), number in plan.coming.items()
        ],
        "needs_count": found.is_many,
        "clock_doubt": None if found.doubt is None else found.doubt.value,
    }


def _line_json(line: "Line") -> dict[str, object]:
    return {
        "conversation": line.conversation_id,
        "class": line.class_id,
        "start_on": str(line.start_on),
        "due_on": str(line.due_on),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, "Write the day as 2027-01-31.") from error
