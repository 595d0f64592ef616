"""``vault backup``, ``vault restore``, ``vault rehearse``: copies of the vault, and proof that they come back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of, vault_folder
from app.cli.output import print_fields, print_json, print_line, print_table, progress
from app.cli.secrets import read_code, read_password, read_secret

if TYPE_CHECKING:  # heavy
    from app.services.backups import RestoreReport, SnapshotInfo
    from app.store.backup.restoring import Open

BackupFolder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Folder of the backups: a disk, a share. Else the one in the settings."),
]
SnapshotOption = Annotated[
    int | None, typer.Option("--snapshot", metavar="N", min=1, help="Number of the backup, instead of the newest.")
]
CodeOption = Annotated[
    Path | None,
    typer.Option("--code-file", metavar="FILE", help="A private file with the recovery code, instead of a password."),
]


def backup(
    context: typer.Context,
    folder: BackupFolder = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Copy what changed since the last backup; people may go on working."""
    toolbox = toolbox_of(context)
    place = _folder(context, folder)
    with unlocked(toolbox, vault, password_file) as desk, progress("Copying", is_quiet=as_json) as show:
        taken = desk.backups.take(place, show)
    snapshot = taken.snapshot
    if as_json:
        print_json(
            {
                "snapshot": snapshot.number,
                "taken": _iso(snapshot.taken_ms),
                "events": snapshot.event_count,
                "size_bytes": snapshot.size,
                "new_bytes": taken.new_bytes,
                "seconds": round(taken.seconds, 3),
            }
        )
        return ExitCode.DONE
    print_line(f"Backup {snapshot.number} is complete: {_mb(snapshot.size)}, of which {_mb(taken.new_bytes)} were new.")
    print_line("`vestibule vault rehearse` proves that it comes back.")
    return ExitCode.DONE


def backups(context: typer.Context, folder: BackupFolder = None, as_json: JsonOption = False) -> int:
    """List the backups in a folder; takes no password."""
    from app.services.backups import RestoreService  # noqa: PLC0415  heavy

    found = RestoreService().list(_folder(context, folder))
    if as_json:
        print_json([_as_json(info) for info in found])
    else:
        rows = [(str(i.number), _iso(i.taken_ms), str(i.event_count), _mb(i.size)) for i in found]
        print_table(rows, ("No.", "Taken", "Events", "Size"))
    return ExitCode.DONE


def restore(
    context: typer.Context,
    folder: BackupFolder = None,
    vault: VaultOption = None,
    number: SnapshotOption = None,
    password_file: PasswordOption = None,
    code_file: CodeOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move a vault that stands there aside; it is never deleted.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Bring a vault back. It takes its place only after every event and every page was checked."""
    from app.services.backups import RestoreService  # noqa: PLC0415  heavy

    target = vault_folder(toolbox_of(context), vault)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = _folder(context, folder)
    opener = _opener(place, number, password_file, code_file)
    with progress("Restoring", is_quiet=as_json) as show:
        report = RestoreService().restore(place, target, opener, number=number, is_replacing=replace, progress=show)
    return _tell(report, f"The vault is back in {target}.", as_json=as_json)


def rehearse(
    context: typer.Context,
    folder: BackupFolder = None,
    number: SnapshotOption = None,
    password_file: PasswordOption = None,
    code_file: CodeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Restore into a sealed folder, check everything, throw it away, and say how long it took."""
    from app.services.backups import RestoreService  # noqa: PLC0415  heavy

    place = _folder(context, folder)
    opener = _opener(place, number, password_file, code_file)
    with progress("Rehearsing", is_quiet=as_json) as show:
        report = RestoreService().rehearse(place, opener, number=number, progress=show)
    return _tell(report, "The backup would come back whole. Nothing was changed.", as_json=as_json)


def register(commands: typer.Typer) -> None:
    """Add these commands to the group ``vault``."""
    for command in (backup, backups, restore, rehearse):
        commands.command(command.__name__)(command)


def _folder(context: typer.Context, folder: Path | None) -> Path:
    chosen = folder or next(iter(toolbox_of(context).settings().backup_places), None)
    if chosen is None:
        raise CommandError(ExitCode.USAGE, "Name a folder, or set backup_dir in the settings.")
    return chosen


def _opener(place: Path, number: int | None, password_file: Path | None, code_file: Path | None) -> "Open":
    """Return what opens the copy; a code from a phone is asked for where the backup asks one of somebody."""
    from app.services.backups import RestoreService, by_password, by_recovery_code  # noqa: PLC0415  heavy

    if code_file is not None:
        return by_recovery_code(read_secret(code_file))
    password = read_password(password_file)
    return by_password(password, read_code(password_file) if RestoreService().asks_code(place, number) else "")


def _tell(report: "RestoreReport", sentence: str, *, as_json: bool) -> int:
    if as_json:
        facts = {"events": report.events, "erased": report.erased, "seconds": round(report.seconds, 3)}
        print_json({**_as_json(report.snapshot), **facts, "repaired": list(report.repaired)})
        return ExitCode.DONE
    print_line(sentence)
    fields = {"Backup": f"{report.snapshot.number}, taken {_iso(report.snapshot.taken_ms)}"}
    fields |= {"Events": f"{report.events:,}", "Seconds": f"{report.seconds:.1f}"}
    if report.erased:
        fields["Erased since"] = f"{report.erased} conversations, which stay erased"
    if report.repaired:
        fields["Damaged"] = f"{', '.join(report.repaired)}; the second copy was used. Take a new backup"
    print_fields(fields)
    return ExitCode.DONE


def _as_json(info: "SnapshotInfo") -> dict[str, object]:
    return {
        "snapshot": info.number,
        "taken": _iso(info.taken_ms),
        "events": info.event_count,
        "size_bytes": info.size,
    }


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _iso(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="seconds")
