"""Options that several commands share, declared once."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.toolbox import Toolbox

VaultOption = Annotated[
    Path | None, typer.Option("--vault", metavar="DIR", help="Folder of the vault, instead of the one in the settings.")
]
PasswordOption = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="A private file (mode 600): the password; where one is asked for, a code on line two.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
KnowledgeOption = Annotated[
    Path | None, typer.Option("--knowledge", metavar="DIR", help="A folder of Markdown answers, instead of a vault.")
]


def toolbox_of(context: typer.Context) -> Toolbox:
    """Return the toolbox that ``main`` put into the context."""
    toolbox = context.obj
    assert isinstance(toolbox, Toolbox)
    return toolbox


def vault_folder(toolbox: Toolbox, vault: Path | None) -> Path:
    """Return the vault's folder: the option's, else the setting's."""
    return vault if vault is not None else toolbox.settings().vault_dir
