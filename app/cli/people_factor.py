"""``people factor``: what goes with one's own password, a code from a phone or a key stick."""

import sys
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import code_for, unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of, vault_folder
from app.cli.output import print_json, print_line
from app.cli.secrets import read_code, read_new_password, read_password, read_secret

if TYPE_CHECKING:  # heavy
    from collections.abc import Iterator

    from app.services.desk import Desk
    from app.services.people.sign_in import Current

commands = typer.Typer(
    help="What goes with your password: a code from your phone, or a key stick.", no_args_is_help=True
)

_SecretFile = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        metavar="FILE",
        help="A private file for the secret of the phone: made when it is not there, taken when it is.",
    ),
]
_CodeFile = Annotated[
    Path | None, typer.Option("--code-file", metavar="FILE", help="A private file with a code that the phone shows.")
]
_NewPassword = Annotated[
    Path | None,
    typer.Option("--new-password-file", metavar="FILE", help="A private file (mode 600) with another password."),
]
_Disk = Annotated[Path, typer.Argument(metavar="DISK", help="Where the removable disk is mounted.")]


class Removable(Enum):
    """What can be taken away again."""

    PHONE = "phone"
    STICK = "stick"


@commands.command("status")
def status(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Say what goes with your password."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        state = desk.sign_in.state()
    second = None if state.second is None else state.second.value
    if as_json:
        print_json({"phone": state.asks_code, "printed_codes_left": state.spare_left, "second": second})
        return ExitCode.DONE
    if state.asks_code:
        print_line(f"A code from your phone goes with it. Printed codes left: {state.spare_left}.")
    if second is not None:
        print_line("Your key stick has to be plugged in.")
    if not state.asks_code and second is None:
        print_line("Your password alone opens the vault.")
    return ExitCode.DONE


@commands.command("phone")
def phone(
    context: typer.Context,
    secret_file: _SecretFile = None,
    code_file: _CodeFile = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Have the door ask for a code from your phone, and print codes for the day on which it is gone.

    At a terminal the secret is shown as a picture, and a code of it is asked for. Without one it takes two runs: the
    first makes --secret-file, for the app; the second takes it together with --code-file.
    """
    if code_file is None and not sys.stdin.isatty():
        return _make_secret(secret_file, as_json=as_json)
    secret = _read_timed_secret(secret_file)
    if code_file is None:
        _show_secret(secret)
    code = read_secret(code_file) if code_file is not None else read_code(None, "Code that the phone shows now: ")
    with _at_the_desk(context, vault, password_file) as (desk, current):
        spare = desk.sign_in.set_code(current, secret, code)
    _show_spare(spare, as_json=as_json)
    return ExitCode.DONE


@commands.command("spare")
def spare(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Print new codes for the day on which the phone is gone; those of before are worth nothing."""
    with _at_the_desk(context, vault, password_file) as (desk, current):
        codes = desk.sign_in.renew_spare(current)
    _show_spare(codes, as_json=as_json)
    return ExitCode.DONE


@commands.command("stick")
def stick(
    context: typer.Context,
    disk: _Disk,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    new_password_file: _NewPassword = None,
    as_json: JsonOption = False,
) -> int:
    """Make a key stick that has to be plugged in; with --new-password-file the password may be shorter."""
    new = "" if new_password_file is None else read_new_password(new_password_file)
    with _at_the_desk(context, vault, password_file) as (desk, current):
        written = desk.sign_in.make_stick(current, disk, new)
    if as_json:
        print_json({"stick": str(written)})
        return ExitCode.DONE
    print_line(f"The key is in {written}. From now on the vault opens for you only while it is plugged in.")
    print_line("There is one of it. Without it an administrator gives you a new sign-in, or the recovery code does.")
    return ExitCode.DONE


@commands.command("remove")
def remove(
    context: typer.Context,
    what: Annotated[Removable, typer.Argument(help="What is not wanted any more.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    new_password_file: _NewPassword = None,
    as_json: JsonOption = False,
) -> int:
    """Take phone or stick away again; without the stick the password has to be a long one."""
    with _at_the_desk(context, vault, password_file) as (desk, current):
        if what is Removable.PHONE:
            desk.sign_in.remove_code(current)
        else:
            new = current.password if new_password_file is None else read_new_password(new_password_file)
            desk.sign_in.remove_second(current, new)
    if as_json:
        print_json({"removed": what.value})
    else:
        print_line("It is not asked for any more.")
    return ExitCode.DONE


@contextmanager
def _at_the_desk(
    context: typer.Context, vault: Path | None, password_file: Path | None
) -> "Iterator[tuple[Desk, Current]]":
    """Unlock, and yield the desk with the proof that its person has just come in."""
    from app.services.people.sign_in import Current  # noqa: PLC0415  heavy

    toolbox = toolbox_of(context)
    service, folder = toolbox.vault_service(), vault_folder(toolbox, vault)
    password = read_password(password_file)
    with service.unlock(folder, password, code=code_for(service, folder, password_file)) as desk:
        yield desk, Current(password, has_just_come_in=True)


def _make_secret(secret_file: Path | None, *, as_json: bool) -> int:
    """Write a fresh secret for a run that nobody watches; it is not in force yet."""
    from app.crypto.timed_codes import app_link, make_timed_secret  # noqa: PLC0415  heavy
    from app.store.files import create_file  # noqa: PLC0415

    if secret_file is None or secret_file.exists():
        raise CommandError(ExitCode.USAGE, "There is no terminal to show the secret at: say --secret-file, a new file.")
    link = app_link(make_timed_secret(), "vault")
    create_file(secret_file, f"{link}\n".encode())
    if as_json:
        print_json({"secret_file": str(secret_file), "in_force": False})
    else:
        print_line("The secret is written; give it to the app. Then run this again with --code-file.")
    return ExitCode.DONE


def _read_timed_secret(secret_file: Path | None) -> bytes:
    from app.crypto.timed_codes import make_timed_secret, secret_of_link  # noqa: PLC0415  heavy

    if secret_file is None:
        return make_timed_secret()
    secret = secret_of_link(read_secret(secret_file))
    if secret is None:
        raise CommandError(ExitCode.MALFORMED, "The file holds no secret for a phone.")
    return secret


def _show_secret(secret: bytes) -> None:
    import segno  # noqa: PLC0415  heavy

    from app.crypto.timed_codes import app_link, secret_words  # noqa: PLC0415

    print_line("Scan this with the authenticator app of your phone, or type the letters into it.")
    segno.make_qr(app_link(secret, "vault"), error="m").terminal(compact=True)
    print_line(f"    {secret_words(secret)}")


def _show_spare(codes: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"printed_codes": list(codes)})
        return
    print_line("Codes for the day on which the phone is gone. Each works once; they are shown only now:")
    for code in codes:
        print_line(f"    {code}")
