"""``vault rekey``, ``vault shares make``, ``vault recover``: the vault's key, and the printed ways to it."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of, vault_folder
from app.cli.output import print_json, print_line
from app.cli.people import NewPasswordOption
from app.cli.secrets import read_new_password, read_secret

code = typer.Typer(help="The printed recovery code.", no_args_is_help=True)
shares = typer.Typer(help="The recovery code, cut into printed shares.", no_args_is_help=True)

_Shares = Annotated[
    list[Path] | None, typer.Option("--share", metavar="FILE", help="A private file with one share; twice.")
]
_CodeFile = Annotated[
    Path | None, typer.Option("--code-file", metavar="FILE", help="A private file with the recovery code.")
]


def register(commands: typer.Typer) -> None:
    """Add these commands to ``vault``."""
    commands.command("rekey")(rekey)
    commands.command("recover")(recover)
    commands.add_typer(code, name="code")
    commands.add_typer(shares, name="shares")


def rekey(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Write the vault anew under another key; passwords, code and shares stay as they are."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        desk.membership.ask_for_rotation()
        epoch = desk.vault.people.unlocked.file.epoch + 1
        desk.rotate_and_close()
    if as_json:
        print_json({"epoch": epoch})
    else:
        print_line("The vault has a new key. Take a new backup; older ones open as they did.")
    return ExitCode.DONE


@shares.command("make")
def make_shares(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Make three recovery shares, of which any two open the vault; shares of before open nothing any more."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        made = desk.membership.make_shares()
    if as_json:
        print_json({"threshold": 2, "shares": list(made)})
        return ExitCode.DONE
    print_line(
        "Any two of these shares open the vault. Print each on a sheet of its own, give them to different people;"
    )
    print_line("they are shown only now.")
    for number, share in enumerate(made, start=1):
        print_line()
        print_line(f"Share {number} of {len(made)}")
        words = share.split()
        for start in range(0, len(words), 6):
            numbered = enumerate(words[start : start + 6], start=start + 1)
            print_line("    " + "  ".join(f"{place:2} {word:9}" for place, word in numbered).rstrip())
    return ExitCode.DONE


@code.command("renew")
def renew_code(
    context: typer.Context, vault: VaultOption = None, password_file: PasswordOption = None, as_json: JsonOption = False
) -> int:
    """Make a new recovery code and print it, once; the one of before opens nothing any more."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        made = desk.recovery.renew_code()
    if as_json:
        print_json({"recovery_code": made})
        return ExitCode.DONE
    print_line("Recovery code (print it, keep it away from this machine; it is shown only now):")
    print_line(f"    {made}")
    return ExitCode.DONE


@code.command("prove")
def prove_paper(
    context: typer.Context,
    share: _Shares = None,
    code_file: _CodeFile = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Try whether the printed code or two shares open this vault, and note in the log that they do."""
    if bool(share) == (code_file is not None):
        raise CommandError(ExitCode.USAGE, "Say either --share twice, or --code-file.")
    files = [code_file] if code_file is not None else share or []
    text = "\n".join(read_secret(file) for file in files)
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        way = desk.recovery.prove(text).value
    if as_json:
        print_json({"proven": way})
    else:
        print_line("The paper opens this vault.")
    return ExitCode.DONE


def recover(
    context: typer.Context,
    share: _Shares = None,
    code_file: _CodeFile = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="WHO", help="Whose password is chosen anew.")
    ] = None,
    vault: VaultOption = None,
    new_password_file: NewPasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Open the vault with printed shares or the printed code, and choose a new password for somebody."""
    toolbox = toolbox_of(context)
    service, folder = toolbox.vault_service(), vault_folder(toolbox, vault)
    if bool(share) == (code_file is not None):
        raise CommandError(ExitCode.USAGE, "Say either --share twice, or --code-file.")
    password = read_new_password(new_password_file)
    if code_file is not None:
        desk = service.unlock_with_recovery_code(folder, read_secret(code_file))
    else:
        desk = service.unlock_with_shares(folder, [read_secret(path) for path in share or ()])
    with desk:
        chosen = None if person is None else desk.membership.find(person).person_id
        service.change_password(desk, password, person_id=chosen)
    if as_json:
        print_json({"vault": str(folder), "recovered": True})
    else:
        print_line("The vault opens with the new password.")
    return ExitCode.DONE
