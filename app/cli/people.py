"""``people``: who may open the vault, and as what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import people_factor
from app.cli.desk import code_for, unlocked
from app.cli.exits import ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of, vault_folder
from app.cli.output import print_json, print_line, print_table
from app.cli.secrets import read_new_password, read_password
from app.domain.office import Licence, LicenceKind, Role

if TYPE_CHECKING:  # heavy
    from app.domain.office import Person
    from app.services.desk import Desk
    from app.services.people.service import Added

commands = typer.Typer(help="Who may open the vault, and as what.", no_args_is_help=True)
commands.add_typer(people_factor.commands, name="factor")

NewPasswordOption = Annotated[
    Path | None,
    typer.Option("--new-password-file", metavar="FILE", help="A private file (mode 600) with the new password."),
]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="As colleagues see it.")]
_Who = Annotated[str, typer.Argument(metavar="WHO", help="The whole name, or the id.")]
_Role = Annotated[Role, typer.Option("--role", help="What they are in the office.")]
_Licence = Annotated[LicenceKind | None, typer.Option("--licence", help="A professional's licence.")]
_Place = Annotated[str, typer.Option("--place", metavar="CODE", help="Whose law the licence is under: DE, US-CA.")]


@commands.command("list")
def list_people(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """List who opens this vault, and which printed ways in there are."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = desk.membership.list()
    if as_json:
        print_json(
            {
                "people": [{**_as_json(one.person), "must_change_password": one.must_change} for one in found.members],
                "recovery_code": found.has_recovery_code,
                "recovery_shares": found.has_shares,
                "rotation_due": found.is_rotation_due,
            }
        )
        return ExitCode.DONE
    print_table([_row(one.person, must_change=one.must_change) for one in found.members], ("Name", "Role", "Id", ""))
    ways = ("a recovery code" if found.has_recovery_code else "", "recovery shares" if found.has_shares else "")
    print_line(f"Printed ways in: {' and '.join(filter(None, ways)) or 'none'}.")
    if found.is_rotation_due:
        print_line("The vault gets a new key when an administrator closes it.")
    return ExitCode.DONE


@commands.command("add")
def add(
    context: typer.Context,
    name: _Name,
    role: _Role = Role.FRONT_DESK,
    licence: _Licence = None,
    place: _Place = "",
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Let somebody in, and print the password for their first sign-in."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        added = desk.membership.add(name, role, _licence_of(licence, place))
    _show_added(added, f"{added.person.display_name} may open this vault now.", as_json=as_json)
    return ExitCode.DONE


@commands.command("change")
def change(
    context: typer.Context,
    who: _Who,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    role: Annotated[Role | None, typer.Option("--role", help="Another role.")] = None,
    licence: _Licence = None,
    place: _Place = "",
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Give somebody another name, role or licence; the password stays."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        before = desk.membership.find(who)
        person = desk.membership.change(
            before.person_id,
            name=name or before.display_name,
            role=role or before.role,
            licence=_licence_of(licence, place) or before.licence,
        )
    if as_json:
        print_json(_as_json(person))
    else:
        print_line(f"{person.display_name} is now: {_words(person.role)}.")
    return ExitCode.DONE


@commands.command("disable")
def disable(
    context: typer.Context,
    who: _Who,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Let somebody go: their password opens nothing any more, and the vault gets a new key at once."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        person = desk.membership.find(who)
        freed = desk.membership.disable(person.person_id)
        is_rotated = _rotate(desk)
    if as_json:
        print_json({**_as_json(person), "conversations_freed": freed, "rotated": is_rotated})
        return ExitCode.DONE
    print_line(f"{person.display_name} may not open this vault any more.")
    print_line(f"Open conversations that are nobody's now: {freed}.")
    print_line("The vault has a new key." if is_rotated else "The vault gets a new key when it is closed next.")
    return ExitCode.DONE


@commands.command("reset")
def reset(
    context: typer.Context,
    who: _Who,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Give somebody who forgot theirs a password for one sign-in, and print it."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        given = desk.membership.reset(desk.membership.find(who).person_id)
    _show_added(given, f"The old password of {given.person.display_name} opens nothing any more.", as_json=as_json)
    return ExitCode.DONE


@commands.command("password")
def password(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    new_password_file: NewPasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Choose a password of your own; the one that somebody gave you opens nothing else."""
    toolbox = toolbox_of(context)
    service, folder = toolbox.vault_service(), vault_folder(toolbox, vault)
    old, code = read_password(password_file), code_for(service, folder, password_file)
    new = read_new_password(new_password_file)
    with service.unlock(folder, old, code=code, to_choose_another=True) as desk:
        service.change_password(desk, new)
        person = desk.person
    if as_json:
        print_json(_as_json(person))
    else:
        print_line("Your new password is in force; the old one opens nothing any more.")
    return ExitCode.DONE


def _rotate(desk: "Desk") -> bool:
    """Give the vault a new key; False when that has to wait, the person is out all the same."""
    from app.store.errors import StoreError  # noqa: PLC0415  heavy

    try:
        desk.rotate_and_close()
    except StoreError:
        return False
    return True


def _licence_of(kind: LicenceKind | None, place: str) -> Licence | None:
    return None if kind is None else Licence(kind, place)


def _show_added(added: "Added", words: str, *, as_json: bool) -> None:
    if as_json:
        print_json({**_as_json(added.person), "one_time_password": added.one_time_password})
        return
    print_line(words)
    print_line("Password for the first sign-in (hand it over; it is shown only now, and has to be changed):")
    print_line(f"    {added.one_time_password}")


def _as_json(person: "Person") -> dict[str, object]:
    licence = person.licence
    return {
        "id": person.person_id,
        "name": person.display_name,
        "role": person.role.value,
        "licence": None if licence is None else {"kind": licence.kind.value, "place": licence.place},
    }


def _row(person: "Person", *, must_change: bool) -> tuple[str, str, str, str]:
    note = "must choose a password" if must_change else ""
    return person.display_name, _words(person.role), person.person_id, note


def _words(role: Role) -> str:
    return "IT" if role is Role.IT else role.value.replace("_", " ")
