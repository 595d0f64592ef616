"""``draft``: proposals without a vault, for trial and measurement."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from app.cli.conversations import open_lines
from app.cli.exits import CommandError, ExitCode
from app.cli.knowledge import note_problems
from app.cli.options import JsonOption, toolbox_of
from app.cli.output import bounded_lines, print_json, print_line, print_note, progress
from app.cli.toolbox import Toolbox
from app.cli.vault import SectorChoice

if TYPE_CHECKING:  # heavy
    from app.knowledge.encoded import SecondModel
    from app.services.drafting.trial import TrialReport


def draft(
    context: typer.Context,
    knowledge: Annotated[
        Path, typer.Option("--knowledge", metavar="DIR", help="Markdown, one approved answer a file.")
    ],
    source: Annotated[
        Path, typer.Option("--in", metavar="F.jsonl", help="Threads, one a line; `-` is standard input.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="F.jsonl", help="Drafts, one a line; `-` is standard output.")],
    model: Annotated[
        Path | None, typer.Option("--model", metavar="F.gguf", help="A model file; else the model in use.")
    ] = None,
    template: Annotated[str | None, typer.Option(help="Turn markers of --model; else guessed.")] = None,
    search_model: Annotated[
        Path | None,
        typer.Option("--search-model", metavar="F.gguf", help="An embedding model that helps to find the answers."),
    ] = None,
    sector: Annotated[SectorChoice, typer.Option(help="Whose fixed replies are used.")] = SectorChoice.CLINIC,
    as_json: JsonOption = False,
) -> int:
    """Draft a reply for each thread of a file, with a folder of approved answers and without a vault."""
    from app.domain.office import Sector  # noqa: PLC0415  heavy rooms are loaded by the command that needs them
    from app.knowledge import read_folder  # noqa: PLC0415
    from app.services.conversations.phrases import load_phrases  # noqa: PLC0415
    from app.services.drafting.making import make_drafter  # noqa: PLC0415
    from app.services.drafting.trial import MAX_LINE_CHARS, draft_lines  # noqa: PLC0415

    if as_json and str(out) == "-":
        raise typer.BadParameter("--json and --out - would mix on standard output", param_hint="--out")
    toolbox = toolbox_of(context)
    reading = read_folder(knowledge)
    note_problems(reading.problems)
    file, family = _model_file(toolbox, model, template)
    phrases = load_phrases(toolbox.places().resources_dir, Sector(sector.value))
    with (
        open_lines(source) as stream,
        _opened_out(out) as target,
        toolbox.open_model(file, family) as worker,
        _second_model(search_model, toolbox, is_quiet=as_json or str(out) == "-") as second,
        progress("Drafting", is_quiet=as_json or str(out) == "-") as show,
    ):
        drafter = make_drafter(reading.articles, worker, phrases, second=second)
        if drafter.index.encoded is not None and not drafter.index.encoded.encode_all(show):
            print_note("The search model gave up; the built-in search goes on alone.")
        lines = bounded_lines(stream, MAX_LINE_CHARS)
        report = draft_lines(drafter, lines, target, on_done=lambda done: show(done, None))
    return _tell(report, len(reading.problems), as_json=as_json, is_quiet=str(out) == "-")


@contextmanager
def _second_model(file: Path | None, toolbox: Toolbox, *, is_quiet: bool) -> Iterator["SecondModel | None"]:
    """Yield the embedding model of ``file``, weighed on the demonstration offices; None where there is none."""
    if file is None:
        yield None
        return
    from app.inference.embedding import Embedder, EmbeddingError  # noqa: PLC0415  heavy
    from app.inference.gguf import check_file  # noqa: PLC0415
    from app.services.drafting.second_model import second_model  # noqa: PLC0415

    check_file(file)
    with Embedder(file) as embedder:
        try:
            with progress("Weighing the search model", is_quiet=is_quiet) as show:
                second = second_model(embedder, toolbox.places().resources_dir, show)
        except EmbeddingError as error:
            print_note(f"The search model makes no vectors ({error.code.value}); the built-in search goes on alone.")
            second = None
        if second is not None and not second.weight:
            print_note("The search model finds nothing better than the built-in search, which goes on alone.")
        yield second


def _tell(report: "TrialReport", refused_files: int, *, as_json: bool, is_quiet: bool) -> int:
    for problem in report.rejected:
        print_note(f"Line {problem.line} was not drafted ({problem.code}).")
    if as_json:
        rejected = [{"line": problem.line, "code": problem.code} for problem in report.rejected]
        print_json({"drafted": report.drafted, "actions": dict(report.actions), "rejected": rejected})
    elif not is_quiet:
        actions = ", ".join(f"{count} {action}" for action, count in sorted(report.actions.items()))
        print_line(f"{report.drafted} drafted ({actions or 'none'}), {len(report.rejected)} lines without a draft.")
    if any(problem.is_failure for problem in report.rejected):
        return ExitCode.REFUSED
    return ExitCode.MALFORMED if report.rejected or refused_files else ExitCode.DONE


def _model_file(toolbox: Toolbox, model: Path | None, template: str | None) -> tuple[Path, str]:
    """Return a checked model file and its template family."""
    from app.inference.gguf import read_header  # noqa: PLC0415  heavy
    from app.inference.templates import FRAMES, guess_family  # noqa: PLC0415

    if template is not None and template not in FRAMES:
        raise typer.BadParameter(f"one of {', '.join(FRAMES)}", param_hint="--template")
    if model is not None:
        header = read_header(model)
        return model, template or guess_family(header.architecture, header.name)
    entries = {entry.name: entry for entry in toolbox.catalogue().list()}
    entry = entries.get(toolbox.settings().model)
    if entry is None:
        raise CommandError(ExitCode.UNAVAILABLE, "The model in use is not on this machine; name one with --model.")
    toolbox.catalogue().check(entry.name)
    return entry.file, template or entry.template


@contextmanager
def _opened_out(out: Path) -> Iterator[TextIO]:
    """Yield where drafts go. A file is written beside its target and gets its name at the end, in one step."""
    if str(out) == "-":
        yield sys.stdout
        return
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
