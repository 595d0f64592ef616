"""``hold``: legal holds; what is held is neither erased nor redacted."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, print_table

if TYPE_CHECKING:  # heavy
    from app.compliance.holds import Hold

commands = typer.Typer(help="Legal holds: what is held is not erased.", no_args_is_help=True)


@commands.command("add")
def add(
    context: typer.Context,
    conversation: Annotated[str, typer.Argument(metavar="ID", help="As `conversations search` shows it.")],
    reason: Annotated[str, typer.Option(help="Why it must be kept.")],
    review: Annotated[str, typer.Option(metavar="DAY", help="By when somebody looks again, as 2027-01-31.")],
    owner: Annotated[str | None, typer.Option(help="Who answers for it; you, unless you say otherwise.")] = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Hold a conversation: nothing of it goes until the hold is released."""
    from app.domain.ids import ConversationId  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    review_on = _day(review)
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        hold = desk.holds.add(
            ConversationId(conversation),
            owner=desk.person.display_name if owner is None else owner,
            reason=reason,
            review_on=review_on,
        )
        today = desk.holds.today()
    if as_json:
        print_json(_as_json(hold, today))
    else:
        print_line(f"Held. The hold is {hold.hold_id}; look again by {hold.review_on}.")
    return ExitCode.DONE


@commands.command("list")
def list_holds(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the holds that stand; exit code 1 when one should have been reviewed by now."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        holds, today = desk.holds.all(), desk.holds.today()
    if as_json:
        print_json([_as_json(hold, today) for hold in holds])
    elif holds:
        rows = [(hold.hold_id, hold.conversation_id, hold.owner, _review(hold, today), hold.reason) for hold in holds]
        print_table(rows, ("Hold", "Conversation", "Owner", "Review", "Reason"))
    else:
        print_line("Nothing is held.")
    return ExitCode.REFUSED if any(hold.is_overdue(today) for hold in holds) else ExitCode.DONE


@commands.command("release")
def release(
    context: typer.Context,
    hold: Annotated[str, typer.Argument(metavar="HOLD", help="As `hold list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why it need not be kept any more.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Release a hold; the conversation then follows the rules of retention again."""
    from app.domain.ids import EventId  # noqa: PLC0415

    with unlocked(toolbox_of(context), vault, password_file) as desk:
        released = desk.holds.release(EventId(hold), reason)
        still_held = len(desk.holds.of(released.conversation_id))
    if as_json:
        print_json({"hold": released.hold_id, "conversation": released.conversation_id, "still_held": still_held})
    else:
        print_line(f"Released. Other holds on this conversation: {still_held}.")
    return ExitCode.DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, "Write the day as 2027-01-31.") from error


def _review(hold: "Hold", today: date) -> str:
    return f"{hold.review_on} OVERDUE" if hold.is_overdue(today) else str(hold.review_on)


def _as_json(hold: "Hold", today: date) -> dict[str, object]:
    return {
        "hold": hold.hold_id,
        "conversation": hold.conversation_id,
        "owner": hold.owner,
        "reason": hold.reason,
        "review_on": hold.review_on.isoformat(),
        "overdue": hold.is_overdue(today),
        "placed_by": hold.placed_by,
        "placed_ms": hold.placed_ms,
    }
