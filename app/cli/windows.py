"""``open`` and ``tour``: the commands that show windows."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.cli.exits import CommandError, ExitCode
from app.cli.options import VaultOption, toolbox_of, vault_folder
from app.cli.toolbox import Toolbox

_LOCK_REASONS = frozenset({"start", "by_person", "idle", "after_fault"})


def open_console(
    context: typer.Context,
    vault: VaultOption = None,
    locked: Annotated[str | None, typer.Option("--locked", metavar="REASON", hidden=True)] = None,
) -> int:
    """Open the console (what plain `vestibule` does)."""
    if locked is not None and locked not in _LOCK_REASONS:
        raise typer.BadParameter("unknown reason", param_hint="--locked")
    return start_console(toolbox_of(context), vault, lock_reason=locked)


def tour(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the pictures go.")] = None,
) -> int:
    """Walk through every screen on a throw-away demo vault, with real windows and the real model."""
    return toolbox_of(context).run_tour(out)


def start_console(toolbox: Toolbox, vault: Path | None, *, lock_reason: str | None) -> int:
    """Open the windows, or say that there is nowhere to show them.

    Raises:
        CommandError: there is no display.
    """
    if not has_display(os.environ):
        line = "There is no display here. `vestibule tour` shows the console as pictures."
        raise CommandError(ExitCode.UNAVAILABLE, line)
    return toolbox.run_console(vault_folder(toolbox, vault), lock_reason)


def has_display(environ: Mapping[str, str]) -> bool:
    """Tell whether a display server is named, or Qt was told to do without one."""
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
