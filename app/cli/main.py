"""``vestibule``: one entry for every command, and one place where an error becomes a line and an exit code."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import app
from app.cli import (
    anonymise,
    audit,
    channel,
    contact,
    conversations,
    draft,
    erase,
    gateway,
    hold,
    interlock,
    knowledge,
    models,
    people,
    retention,
    subject,
    vault,
    wall,
    windows,
)
from app.cli.exits import CommandError, ExitCode
from app.cli.options import VaultOption, toolbox_of
from app.cli.output import print_note
from app.cli.toolbox import Toolbox

_INTERRUPTED = 130

commands = typer.Typer(
    name="vestibule",
    help="Desktop console for the front desk of clinics and law firms. Everything stays on this machine.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
commands.command("open")(windows.open_console)
commands.command("tour")(windows.tour)
commands.command("draft")(draft.draft)
commands.command("anonymise")(anonymise.anonymise)
commands.command("erase")(erase.erase)
commands.command("gateway")(gateway.gateway)
for name, group in (
    ("vault", vault.commands),
    ("knowledge", knowledge.commands),
    ("model", models.commands),
    ("conversations", conversations.commands),
    ("contact", contact.commands),
    ("channel", channel.commands),
    ("interlock", interlock.commands),
    ("hold", hold.commands),
    ("wall", wall.commands),
    ("audit", audit.commands),
    ("subject", subject.commands),
    ("retention", retention.commands),
    ("people", people.commands),
):
    commands.add_typer(group, name=name)


@commands.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    vault_dir: VaultOption = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> int:
    if version:
        sys.stdout.write(f"vestibule {app.__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        return windows.start_console(toolbox_of(context), vault_dir, lock_reason=None)
    if vault_dir is not None:
        raise CommandError(ExitCode.USAGE, "Put --vault behind the command.")
    return ExitCode.DONE


def main(toolbox: Toolbox, arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; prints at most one line about an expected error.

    Args:
        toolbox: what commands may call.
        arguments: without the program's name; the process's own when None.
    """
    try:
        ended = commands(args=arguments, prog_name="vestibule", standalone_mode=False, obj=toolbox)
    except typer.TyperException as error:
        print_note(f"{_usage_line(error)} See `vestibule --help`.")
        return ExitCode.USAGE
    except typer.Abort:
        print_note("Stopped.")
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.REFUSED
    except Exception as error:
        from app.cli.failures import explain  # noqa: PLC0415  loads the rooms whose errors it explains

        known = explain(error)
        if known is None:
            raise
        print_note(known.line)
        return known.exit_code
    return int(ended or ExitCode.DONE)


def _usage_line(error: typer.TyperException) -> str:
    words = getattr(error, "format_message", lambda: str(error))()
    line = " ".join(str(words).split())
    return line if line.endswith((".", "!", "?")) else f"{line}."
