"""``wall``: who alone may know of a conversation, and the review of emergency access through walls."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, print_table

if TYPE_CHECKING:  # heavy
    from app.domain.walls import Access
    from app.services.walls.service import WallView

commands = typer.Typer(help="Walls: hold a conversation back from all but named people.", no_args_is_help=True)

_Conversation = Annotated[str, typer.Argument(metavar="ID", help="As `conversations search` shows it.")]


@commands.command("set")
def set_wall(
    context: typer.Context,
    conversation: _Conversation,
    person: Annotated[list[str], typer.Option(help="Id or whole name of somebody within; once for each.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Set a wall, or move the one that stands: its key is sealed to these people alone."""
    from app.domain.ids import ConversationId  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        people = [desk.membership.find(one).person_id for one in person]
        view = desk.walls.set(ConversationId(conversation), people)
    _print_view(view, as_json=as_json)
    return ExitCode.DONE


@commands.command("show")
def show(
    context: typer.Context,
    conversation: _Conversation,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show who is within; only for those who are."""
    from app.domain.ids import ConversationId  # noqa: PLC0415

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        view = desk.walls.of(ConversationId(conversation))
    if view is None and not as_json:
        print_line("There is no wall round this conversation.")
    elif view is None:
        print_json({"conversation": conversation, "wall": False})
    else:
        _print_view(view, as_json=as_json)
    return ExitCode.DONE


@commands.command("lower")
def lower(
    context: typer.Context,
    conversation: _Conversation,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take a wall away: everybody who answers clients sees the conversation again."""
    from app.domain.ids import ConversationId  # noqa: PLC0415

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        desk.walls.lower(ConversationId(conversation))
    if as_json:
        print_json({"conversation": conversation, "wall": False})
    else:
        print_line("The wall is gone.")
    return ExitCode.DONE


@commands.command("accesses")
def accesses(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List emergency accesses; exit code 1 when one was not reviewed yet."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found, names = desk.emergency.accesses(), desk.ledger.names
    if as_json:
        print_json([_as_json(one) for one in found])
    elif found:
        rows = [
            (
                one.access_id,
                names.get(one.asked_by, ""),
                names.get(one.confirmed_by, ""),
                one.cause.value,
                one.finding.value if one.finding else "NOT REVIEWED",
                one.reason,
            )
            for one in found
        ]
        print_table(rows, ("Access", "Asked", "Confirmed", "Cause", "Review", "Reason"))
    else:
        print_line("Nobody has ever asked for emergency access.")
    return ExitCode.REFUSED if any(one.finding is None for one in found) else ExitCode.DONE


@commands.command("review")
def review(
    context: typer.Context,
    access: Annotated[str, typer.Argument(metavar="ACCESS", help="As `wall accesses` shows it.")],
    finding: Annotated[str, typer.Option(help="justified or not_justified.")],
    note: Annotated[str, typer.Option(help="What you found out, without names.")] = "",
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Judge an emergency access, for good; takes an administrator who took no part in it."""
    from app.domain.ids import EventId  # noqa: PLC0415
    from app.domain.walls import Finding  # noqa: PLC0415

    try:
        found = Finding(finding)
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, "The finding is justified or not_justified.") from error
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        reviewed = desk.emergency.review(EventId(access), found, note)
    if as_json:
        print_json(_as_json(reviewed))
    else:
        print_line("The review is noted.")
    return ExitCode.DONE


def _print_view(view: "WallView", *, as_json: bool) -> None:
    if as_json:
        people = [{"id": one.person_id, "name": one.display_name, "role": one.role.value} for one in view.people]
        without = [one.person_id for one in view.without_key]
        print_json({"conversation": view.conversation_id, "wall": True, "people": people, "without_key": without})
        return
    print_line("Within: " + ", ".join(one.display_name for one in view.people))
    if view.is_out_of_reach:
        print_line("No administrator is within: neither retention nor a wish to be erased reaches it.")


def _as_json(access: "Access") -> dict[str, object]:
    return {
        "access": access.access_id,
        "conversation": access.conversation_id,
        "asked_by": access.asked_by,
        "confirmed_by": access.confirmed_by,
        "cause": access.cause.value,
        "reason": access.reason,
        "opened_ms": access.opened_ms,
        "over_ms": access.over_ms,
        "finding": None if access.finding is None else access.finding.value,
        "reviewed_by": access.reviewed_by,
        "note": access.note,
    }
