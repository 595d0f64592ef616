"""``vault``: make, look at and check the encrypted store."""

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import backups, vault_keys
from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of, vault_folder
from app.cli.output import print_fields, print_json, print_line, progress
from app.cli.secrets import read_password

if TYPE_CHECKING:  # heavy
    from app.services.desk import Desk
    from app.services.vaults import VerifyReport

commands = typer.Typer(help="The encrypted store.", no_args_is_help=True)
backups.register(commands)
vault_keys.register(commands)

_PASSWORD_WORDS = {
    "too_short": "The password is too short; it needs at least 15 characters.",
    "too_long": "The password is too long.",
    "unusable_characters": "The password has characters that cannot be typed everywhere.",
    "common": "The password is among the most used ones.",
    "repeated": "The password repeats itself.",
    "sequence": "The password is a row of keys.",
    "names_the_office": "The password holds the name of the office or of the person.",
}


class SectorChoice(Enum):
    """Kinds of office, as the command line spells them."""

    CLINIC = "clinic"
    LAW = "law"


@commands.command("create")
def create(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    person: Annotated[str, typer.Option(help="Who works with it.")] = "Front desk",
    office: Annotated[str, typer.Option(help="Name of the office.")] = "Our office",
    sector: Annotated[SectorChoice, typer.Option(help="Kind of office.")] = SectorChoice.CLINIC,
    demo: Annotated[bool, typer.Option("--demo", help="Fill it with the invented demo office.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Make a vault and print its recovery code, once."""
    from app.domain.office import Office, Sector  # noqa: PLC0415  heavy rooms are loaded by the command that needs them
    from app.store.errors import VaultExistsError  # noqa: PLC0415

    toolbox = toolbox_of(context)
    folder = vault_folder(toolbox, vault)
    service = toolbox.vault_service()
    if service.status(folder).exists:
        raise VaultExistsError
    password = read_password(password_file, is_new=True)
    _refuse_weak(password, (person, office))
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = service.create(
        folder, password=password, person_name=person, office=Office(office, Sector(sector.value), is_demo=demo)
    )
    with made.desk as desk:
        vault_id = desk.vault.vault_id
        if demo:
            _fill(desk, toolbox.places().resources_dir / "demo" / sector.value)
    if as_json:
        print_json({"vault": str(folder), "vault_id": vault_id, "demo": demo, "recovery_code": made.recovery_code})
        return ExitCode.DONE
    print_line(f"Made a vault in {folder}.")
    print_line()
    print_line("Recovery code (print it, keep it away from this machine; it is shown only now):")
    print_line(f"    {made.recovery_code}")
    return ExitCode.DONE


@commands.command("status")
def status(context: typer.Context, vault: VaultOption = None, as_json: JsonOption = False) -> int:
    """Say what lies in the vault's folder, without a password."""
    toolbox = toolbox_of(context)
    folder = vault_folder(toolbox, vault)
    found = toolbox.vault_service().status(folder)
    is_well = found.exists and found.problem is None
    created = _iso(found.created_ms)
    if as_json:
        print_json(
            {
                "vault": str(folder),
                "exists": found.exists,
                "encrypted": found.is_encrypted,
                "vault_id": found.vault_id,
                "size_bytes": found.size_bytes,
                "created": created,
                "demo": found.is_demo_marked,
                "problem": found.problem,
            }
        )
    elif not found.exists:
        print_line(f"There is no vault in {folder}.")
    else:
        fields = {"Vault": str(folder), "Id": found.vault_id or "-", "Made": created or "-"}
        fields |= {"Encrypted": _yes(found.is_encrypted), "Size": f"{found.size_bytes / 1e6:.1f} MB"}
        print_fields(
            fields | {"Demo": _yes(found.is_demo_marked), "Problem": found.problem or "none seen from outside"}
        )
    return ExitCode.DONE if is_well else ExitCode.REFUSED


@commands.command("verify")
def verify(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Check every event and every file of the vault."""
    toolbox = toolbox_of(context)
    with unlocked(toolbox, vault, password_file) as desk, progress("Checking", is_quiet=as_json) as show:
        report = toolbox.vault_service().verify(desk, show)
    if as_json:
        print_json(_as_json(report))
    else:
        print_line("The vault is sound." if report.is_sound else "The vault is NOT sound. Restore it from a backup.")
        print_fields({"Events": str(report.log.event_count), "Pages": str(report.files.pages)})
        for problem in report.files.problems:
            print_line(f"  {problem.file_name}: {problem.trouble.value} at {problem.place}")
        for name in report.repaired_files:
            print_line(f"  {name}: found broken at opening and made good")
    return ExitCode.DONE if report.is_sound else ExitCode.REFUSED


def _as_json(report: "VerifyReport") -> dict[str, object]:
    return {
        "sound": report.is_sound,
        "events": report.log.event_count,
        "event_problems": len(report.log.problems),
        "stale_projections": report.log.stale_projections,
        "pages": report.files.pages,
        "file_problems": [
            {"file": problem.file_name, "trouble": problem.trouble.value, "place": problem.place}
            for problem in report.files.problems
        ],
        "repaired_files": list(report.repaired_files),
    }


def _refuse_weak(password: str, names: tuple[str, ...]) -> None:
    from app.crypto.passwords import check_password  # noqa: PLC0415  heavy

    reason = check_password(password, names).reason
    if reason is not None:
        words = _PASSWORD_WORDS.get(reason.value, "The password was refused.")
        raise CommandError(ExitCode.REFUSED, f"{words} Nothing was made.")


def _fill(desk: "Desk", demo_dir: Path) -> None:
    from app.services.demo import load_demo  # noqa: PLC0415  heavy

    load_demo(desk, demo_dir)


def _iso(time_ms: int | None) -> str | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="seconds")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
