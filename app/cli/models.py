"""``model``: the models on this machine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.exits import CommandError, ExitCode
from app.cli.model_words import as_json_of, bytes_in_words, fields_of, speed_fields, test_lines
from app.cli.options import JsonOption, KnowledgeOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_fields, print_json, print_line, print_note, print_table, progress
from app.cli.toolbox import Toolbox

if TYPE_CHECKING:  # heavy
    from collections.abc import Callable, Sequence

    from app.services.models.driving import TestPart
    from app.services.models.keeper import Passport
    from app.services.models.taking_in import ImportListener, ImportStep
    from app.services.ports import FramedModel

commands = typer.Typer(help="Local models.", no_args_is_help=True)

NameArgument = Annotated[
    str | None, typer.Argument(metavar="NAME", help="A model of `model list`; else the one in use.")
]


@commands.command("list")
def list_models(context: typer.Context, as_json: JsonOption = False) -> int:
    """List shipped and imported models, with memory and driving test."""
    passports = toolbox_of(context).models().passports()
    if as_json:
        print_json([as_json_of(passport) for passport in passports])
        return ExitCode.DONE
    if not passports:
        print_line("No model is on this machine. `vestibule model import FILE` brings one in.")
        return ExitCode.DONE
    print_table([_row(passport) for passport in passports], ("  Name", "Size", "Needs", "Licence", "From", "Test"))
    return ExitCode.DONE


@commands.command("show")
def show(context: typer.Context, name: NameArgument = None, as_json: JsonOption = False) -> int:
    """Show all that is known of a model: its passport."""
    keeper = toolbox_of(context).models()
    passport = keeper.passport(name or keeper.chosen)
    if as_json:
        print_json(as_json_of(passport))
    else:
        print_fields(fields_of(passport))
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
    """Copy a model file in, after its header was checked, and measure it. Ctrl+C leaves nothing behind."""
    from app.services.models.errors import ModelError, ModelFault  # noqa: PLC0415  heavy rooms are loaded when needed

    keeper = toolbox_of(context).models()

    def bring_in(licence: str | None) -> "Passport":
        with progress("Importing", is_quiet=as_json) as show_progress:
            return keeper.import_file(
                file,
                name=name,
                template=template,
                licence=licence,
                imported_by=_user_name(),
                listener=_listener(show_progress),
            )

    try:
        passport = bring_in(licence)
    except ModelError as error:
        if error.code is not ModelFault.LICENCE_UNKNOWN or as_json or not sys.stdin.isatty():
            raise
        question = "The file names no licence. Under which one may this office use it?"
        passport = bring_in(typer.prompt(question, err=True))
    if as_json:
        print_json(as_json_of(passport))
        return ExitCode.DONE
    entry = passport.entry
    if entry.is_for_search:
        print_line(f"Imported {entry.name}. It helps to find approved answers from the next start of the console on.")
    else:
        print_line(f"Imported {entry.name}. `vestibule model use {entry.name}` makes it the one that proposes.")
    print_fields(fields_of(passport))
    _warn_of_memory(passport)
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
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A model of `model list`.")] = None,
    previous: Annotated[bool, typer.Option("--previous", help="Go back to the one that was used before.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Let this model propose from now on; its file and the memory it needs are checked first."""
    if (name is None) is not previous:
        raise typer.BadParameter("name a model, or say --previous", param_hint="NAME")
    keeper = toolbox_of(context).models()
    entry = keeper.use_previous() if name is None else keeper.use(name)
    if as_json:
        print_json({"model": entry.name, "previous": keeper.previous})
        return ExitCode.DONE
    print_line(f"{entry.name} proposes from now on.")
    if keeper.previous and keeper.previous != entry.name:
        print_line(f"`vestibule model use --previous` goes back to {keeper.previous}.")
    passport = keeper.passport(entry.name)
    if not entry.is_shipped and not passport.has_passed:
        print_note(f"It has not passed a driving test here: `vestibule model test {entry.name}`.")
    return ExitCode.DONE


@commands.command("bench")
def bench(context: typer.Context, name: NameArgument = None, as_json: JsonOption = False) -> int:
    """Measure how fast a model reads and writes on this machine, and keep the figures."""
    keeper = toolbox_of(context).models()
    wanted = name or keeper.chosen
    result = {"model": wanted} | speed_fields(keeper.measure(wanted))
    if as_json:
        print_json(result)
    else:
        print_fields({key.replace("_", " "): str(value) for key, value in result.items()})
    return ExitCode.DONE


@commands.command("test")
def drive_test(
    context: typer.Context,
    name: NameArgument = None,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="More questions, one a line; their answers lie in --knowledge or --vault."),
    ] = None,
    knowledge: KnowledgeOption = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put a model through its driving test: 40 built-in questions, and with --vault the office's own.

    Every question goes the console's own path. A model passes when it shows no fact that stands in no source, leaves to
    people what nobody has answered, and cites the right answers. Exit code 1: it did not pass.
    """
    from app.services.models import driving  # noqa: PLC0415  heavy

    if questions is not None and knowledge is None and vault is None:
        raise typer.BadParameter("say with --knowledge or --vault where their answers lie", param_hint="--questions")
    toolbox = toolbox_of(context)
    keeper = toolbox.models()
    entry = keeper.catalogue.find_writer(name or keeper.chosen)
    keeper.catalogue.check(entry.name)
    keeper.require_memory(entry)
    make_parts = _test_parts(toolbox, questions, knowledge, vault, password_file)
    now_ms = _now_ms()
    with keeper.open_entry(entry) as model, progress("Asking", is_quiet=as_json) as show_progress:
        outcomes = driving.drive(
            make_parts(model), now_ms=now_ms, on_done=lambda done, total, _: show_progress(done, total)
        )
    finding = driving.count(outcomes, now_ms=now_ms)
    keeper.note_test(entry.name, finding)
    if as_json:
        print_json({"model": entry.name} | as_json_of(keeper.passport(entry.name))["test"])  # type: ignore[operator]
    else:
        for line in test_lines(finding):
            print_line(line)
    return ExitCode.DONE if finding.is_passed else ExitCode.REFUSED


@commands.command("remove")
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="An imported model.")],
    as_json: JsonOption = False,
) -> int:
    """Remove an imported model; the one in use and shipped ones stay."""
    keeper = toolbox_of(context).models()
    size_bytes = keeper.catalogue.find(name).size_bytes
    keeper.remove(name)
    if as_json:
        print_json({"removed": name, "size_bytes": size_bytes})
    else:
        print_line(f"Removed {name}; {bytes_in_words(size_bytes)} are free again.")
    return ExitCode.DONE


def _listener(show_progress: "Callable[[int, int | None], None]") -> "ImportListener":
    from app.services.models.taking_in import ImportListener, ImportStep  # noqa: PLC0415  heavy

    class Shown(ImportListener):
        def progressed(self, step: "ImportStep", done: int, total: int) -> None:
            show_progress(done, total if step is ImportStep.COPYING else None)

    return Shown()


def _test_parts(
    toolbox: Toolbox, questions: Path | None, knowledge: Path | None, vault: Path | None, password_file: Path | None
) -> "Callable[[FramedModel], Sequence[TestPart]]":
    """Return what makes the parts; files and vault are read now, before a model is started."""
    from app.cli.desk import unlocked  # noqa: PLC0415  heavy
    from app.domain.office import Sector  # noqa: PLC0415
    from app.knowledge import read_folder  # noqa: PLC0415
    from app.services.conversations.phrases import load_phrases  # noqa: PLC0415
    from app.services.drafting.making import make_drafter  # noqa: PLC0415
    from app.services.drafting.trial import ThreadLineError  # noqa: PLC0415
    from app.services.models.driving import TestPart, TestQuestion, read_questions  # noqa: PLC0415
    from app.services.models.driving_questions import built_in_part, own_questions  # noqa: PLC0415

    articles = read_folder(knowledge).articles if knowledge is not None else ()
    own: tuple[TestQuestion, ...] = ()
    sector = Sector.CLINIC
    if questions is not None:
        try:
            with questions.open(encoding="utf-8") as lines:
                own = read_questions(lines)
        except (ThreadLineError, UnicodeDecodeError) as error:
            raise CommandError(ExitCode.MALFORMED, f"This is no file of questions ({error}).") from error
    if vault is not None:
        with unlocked(toolbox, vault, password_file) as desk:
            articles, sector = (*articles, *desk.conversations.articles()), desk.office.sector
            own = (*own, *own_questions(desk.conversations, articles))
    resources = toolbox.places().resources_dir
    phrases = load_phrases(resources, sector)

    def parts(model: "FramedModel") -> "Sequence[TestPart]":
        built_in = built_in_part(resources, model, phrases)
        return (TestPart(make_drafter(articles, model, phrases), own, is_own=True), built_in) if own else (built_in,)

    return parts


def _row(passport: "Passport") -> tuple[str, ...]:
    entry, test = passport.entry, passport.findings.test
    return (
        f"{'* ' if passport.is_in_use else '  '}{entry.name}",
        bytes_in_words(entry.size_bytes),
        bytes_in_words(passport.need.total) if passport.need is not None else "?",
        entry.licence,
        "shipped" if entry.is_shipped else "imported",
        "not yet" if test is None else "passed" if test.is_passed else "not passed",
    )


def _warn_of_memory(passport: "Passport") -> None:
    if passport.need is not None and passport.free_bytes is not None and not passport.fits:
        needed, free = bytes_in_words(passport.need.total), bytes_in_words(passport.free_bytes)
        print_note(f"It needs about {needed} of memory, this machine has {free} free: it cannot be used now.")


def _user_name() -> str:
    """Return the name of the account, for the passport; empty where there is none."""
    import getpass  # noqa: PLC0415

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _now_ms() -> int:
    import time  # noqa: PLC0415

    return time.time_ns() // 1_000_000
