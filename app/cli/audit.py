"""``audit log``: who did and who opened what; checked, exported, compared with what a witness kept."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_fields, print_json, print_line, print_table, progress

if TYPE_CHECKING:  # heavy
    from app.services.evidence.audit_log import AuditReport
    from app.services.evidence.checkpoints import Checkpoint
    from app.store.audit_query import AuditFilter

commands = typer.Typer(help="Proving that the office is in order.", no_args_is_help=True)
log_commands = typer.Typer(help="Who did and who opened what; never a word of content.", no_args_is_help=True)
commands.add_typer(log_commands, name="log")

_SHORT = 10
PersonOption = Annotated[str | None, typer.Option("--person", metavar="ID", help="What this person did.")]
ConversationOption = Annotated[
    str | None, typer.Option("--conversation", metavar="ID", help="What was done to this conversation.")
]
KindOption = Annotated[list[str] | None, typer.Option("--action", help="Only this action; may be given again.")]


@log_commands.command("list")
def list_entries(
    context: typer.Context,
    person: PersonOption = None,
    conversation: ConversationOption = None,
    action: KindOption = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the newest.")] = 50,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the newest entries. That you read here becomes an entry too."""
    wanted = _filter(person, conversation, action)
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        entries = desk.audit.entries(wanted, limit=limit)
    if as_json:
        print_json([asdict(entry) for entry in entries])
    else:
        rows = [(str(e.seq), _iso(e.wall_ms), e.actor_name or e.actor, e.action, e.object_id) for e in entries]
        print_table(rows, ("No.", "When", "Who", "What", "Where"))
    return ExitCode.DONE


@log_commands.command("export")
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines; the last one is the signed checkpoint.")],
    person: PersonOption = None,
    conversation: ConversationOption = None,
    action: KindOption = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the entries and a signed checkpoint for a witness, who can tell later whether the end was cut off."""
    wanted = _filter(person, conversation, action)
    if out.exists():
        raise CommandError(ExitCode.REFUSED, "This file exists already. Nothing was written.")
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        count, checkpoint = desk.audit.export_to(out, wanted)
    if as_json:
        print_json({"entries": count, "file": str(out), "checkpoint": checkpoint.note})
    else:
        print_line(f"{count:,} entries and the checkpoint of event {checkpoint.size:,} are in {out}.")
    return ExitCode.DONE


@log_commands.command("verify")
def verify(
    context: typer.Context,
    witness: Annotated[
        list[Path] | None,
        typer.Option("--witness", metavar="FILE", help="A checkpoint or an export that was kept elsewhere."),
    ] = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check every event of the log and every checkpoint; exit code 1 names the first entry that is not as it was."""
    kept = tuple(checkpoint for file in witness or () for checkpoint in _checkpoints_in(file))
    with (
        unlocked(toolbox_of(context), vault, password_file) as desk,
        progress("Checking", is_quiet=as_json) as show,
    ):
        report = desk.audit.verify(kept, show)
    if as_json:
        print_json(_as_json(report))
    else:
        _tell(report)
    return ExitCode.DONE if report.is_sound else ExitCode.REFUSED


def _tell(report: "AuditReport") -> None:
    print_line("The log is whole." if report.is_sound else "The log is NOT what was written.")
    print_fields(
        {
            "Events": f"{report.events:,}",
            "Checkpoints": f"{report.own.checked} in the log, {report.witnessed.checked} kept elsewhere",
        }
    )
    for problem in report.problems[:_SHORT]:
        print_line(f"  entry {problem.seq}: {problem.fault.value}")
    for size in (*report.own.broken, *report.witnessed.broken)[:_SHORT]:
        print_line(f"  the checkpoint of entry {size} does not fit: the log was cut off or written anew")


def _as_json(report: "AuditReport") -> dict[str, object]:
    return {
        "sound": report.is_sound,
        "events": report.events,
        "problems": [{"entry": problem.seq, "fault": problem.fault.value} for problem in report.problems],
        "checkpoints": {"checked": report.own.checked, "broken": list(report.own.broken)},
        "witnessed": {"checked": report.witnessed.checked, "broken": list(report.witnessed.broken)},
    }


def _checkpoints_in(file: Path) -> "list[Checkpoint]":
    """A file holds one checkpoint as it is, or is an export whose last line holds one."""
    from app.services.evidence.checkpoints import CheckpointFormatError, parse_checkpoint  # noqa: PLC0415  heavy

    text = file.read_text(encoding="utf-8", errors="replace")
    last = text.rstrip("\n").rpartition("\n")[2]
    try:
        note = json.loads(last)["checkpoint"] if last.startswith("{") else text
        return [parse_checkpoint(str(note))]
    except (CheckpointFormatError, ValueError, KeyError, TypeError) as error:
        raise CommandError(ExitCode.MALFORMED, f"There is no checkpoint in {file.name}.") from error


def _filter(person: str | None, conversation: str | None, actions: list[str] | None) -> "AuditFilter":
    from app.domain.events import EventKind  # noqa: PLC0415  heavy rooms are loaded by the command that needs them
    from app.domain.ids import ConversationId, PersonId  # noqa: PLC0415
    from app.store.audit_query import AuditFilter  # noqa: PLC0415

    try:
        kinds = frozenset(EventKind(action) for action in actions or ())
    except ValueError as error:
        known = ", ".join(kind.value for kind in EventKind)
        raise CommandError(ExitCode.USAGE, f"There is no such action. Actions: {known}.") from error
    return AuditFilter(
        actor=None if person is None else PersonId(person),
        kinds=kinds,
        conversation_id=None if conversation is None else ConversationId(conversation),
    )


def _iso(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="seconds")
