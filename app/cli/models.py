"""``model``: the models on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.exits import ExitCode
from app.cli.options import JsonOption, toolbox_of
from app.cli.output import print_fields, print_json, print_line, print_table, progress

commands = typer.Typer(help="Local models.", no_args_is_help=True)

NameArgument = Annotated[
    str | None, typer.Argument(metavar="NAME", help="A model of `model list`; else the one in use.")
]


@commands.command("list")
def list_models(context: typer.Context, as_json: JsonOption = False) -> int:
    """List shipped and imported models."""
    toolbox = toolbox_of(context)
    in_use = toolbox.settings().model
    entries = toolbox.catalogue().list()
    if as_json:
        print_json(
            [
                {
                    "name": entry.name,
                    "file": str(entry.file),
                    "sha256": entry.sha256,
                    "licence": entry.licence,
                    "template": entry.template,
                    "context_tokens": entry.context_tokens,
                    "parameters": entry.parameters,
                    "size_bytes": entry.size_bytes,
                    "shipped": entry.is_shipped,
                    "in_use": entry.name == in_use,
                }
                for entry in entries
            ]
        )
        return ExitCode.DONE
    if not entries:
        print_line("No model is on this machine. `vestibule model import FILE` brings one in.")
        return ExitCode.DONE
    rows = [
        (
            f"{'* ' if entry.name == in_use else '  '}{entry.name}",
            f"{entry.size_bytes / 1e6:.0f} MB",
            entry.licence,
            "shipped" if entry.is_shipped else "imported",
        )
        for entry in entries
    ]
    print_table(rows, ("  Name", "Size", "Licence", "From"))
    return ExitCode.DONE


@commands.command("import")
def import_model(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A GGUF file.")],
    name: Annotated[str | None, typer.Option(help="What to call it; else made from the file's name.")] = None,
    template: Annotated[str | None, typer.Option(help="Family of its turn markers; else guessed.")] = None,
    licence: Annotated[str | None, typer.Option(help="Its licence; else what the file says.")] = None,
    as_json: JsonOption = False,
) -> int:
    """Copy a model file in, after its header was checked."""
    with progress("Copying", is_quiet=as_json) as show:
        entry = toolbox_of(context).catalogue().import_file(
            file, name=name, template=template, licence=licence, progress=show
        )  # fmt: skip
    if as_json:
        print_json({"name": entry.name, "sha256": entry.sha256, "template": entry.template, "licence": entry.licence})
    else:
        print_line(f"Imported {entry.name}. `vestibule model use {entry.name}` makes it the one that proposes.")
        print_fields({"SHA-256": entry.sha256, "Turn markers": entry.template, "Licence": entry.licence})
    return ExitCode.DONE


@commands.command("check")
def check(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME|FILE", help="A model of `model list`, or a GGUF file; else the one in use."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Read a model's whole file: is it what its manifest says, and may it be loaded?"""
    from app.inference.gguf import check_file  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    toolbox = toolbox_of(context)
    wanted = name or toolbox.settings().model
    is_file = "/" in wanted or wanted.endswith(".gguf")
    checked = check_file(Path(wanted)) if is_file else toolbox.catalogue().check(wanted)
    if as_json:
        print_json({"name": wanted, "sha256": checked.sha256, "architecture": checked.header.architecture})
        return ExitCode.DONE
    print_line(
        "Its header is sound." if is_file else "It is the file that its manifest names, and its header is sound."
    )
    fields = {"SHA-256": checked.sha256, "Architecture": checked.header.architecture, "Name": checked.header.name}
    print_fields(fields | {"Licence": checked.header.licence, "Parameters": f"{checked.header.parameters:,}"})
    return ExitCode.DONE


@commands.command("use")
def use(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A model of `model list`.")],
    as_json: JsonOption = False,
) -> int:
    """Let this model propose from now on; its file is checked first."""
    from app.config import save_setting  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    toolbox = toolbox_of(context)
    toolbox.catalogue().check(name)
    save_setting(toolbox.places(), "model", name)
    if as_json:
        print_json({"model": name})
    else:
        print_line(f"{name} proposes from now on.")
    return ExitCode.DONE


@commands.command("bench")
def bench(context: typer.Context, name: NameArgument = None, as_json: JsonOption = False) -> int:
    """Measure how fast a model reads and writes on this machine."""
    from app.services.models import measure_speed  # noqa: PLC0415  heavy

    toolbox = toolbox_of(context)
    entry = toolbox.catalogue().find(name or toolbox.settings().model)
    toolbox.catalogue().check(entry.name)
    with toolbox.open_model(entry.file, entry.template) as model:
        measure_speed(model, model.frame, max_tokens=8)  # the first one pays for loading the file
        speed = measure_speed(model, model.frame)
    result = {
        "model": entry.name,
        "prompt_tokens": speed.prompt_tokens,
        "prompt_tokens_per_s": round(speed.prompt_tokens_per_s, 1),
        "generated_tokens": speed.generated_tokens,
        "generated_tokens_per_s": round(speed.generated_tokens_per_s, 1),
        "first_token_ms": speed.first_token_ms,
    }
    if as_json:
        print_json(result)
    else:
        print_fields({key.replace("_", " "): str(value) for key, value in result.items()})
    return ExitCode.DONE
