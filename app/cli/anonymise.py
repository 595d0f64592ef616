"""``anonymise``: texts without what identifies somebody, without a vault."""

import gzip
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, toolbox_of
from app.cli.output import print_json, print_line, print_note, progress

if TYPE_CHECKING:  # heavy
    from app.services.anonymising.anonymiser import Anonymiser, Manner
    from app.services.anonymising.lines import LinesReport

_STANDARD = "-"
_SIGNALLED: Final = 128
"""A process that a signal ended leaves with this and the number of the signal, as shells say it."""
_MAX_NOTES = 50
"""Problems told line by line; the rest is counted."""


class ProfileChoice(Enum):
    """Profiles, as the command line spells them."""

    SAFE_HARBOR = "safe-harbor"
    LIMITED = "limited"
    PSEUDONYMS = "pseudonyms"
    LABELS = "labels"


def anonymise(
    context: typer.Context,
    source: Annotated[Path, typer.Option("--in", metavar="F.jsonl", help="Texts, one a line; `-` is standard input.")],
    out: Annotated[Path, typer.Option("--out", metavar="F.jsonl", help="Where they go; `-` is standard output.")],
    profile: Annotated[
        ProfileChoice,
        typer.Option(
            help="What stands instead: years and regions (safe-harbor), moved dates (limited), invented names "
            "(pseudonyms), or [PERSON_1] (labels)."
        ),
    ] = ProfileChoice.SAFE_HARBOR,
    known: Annotated[
        Path | None,
        typer.Option(
            "--known", metavar="FILE", help='Names to find in all their variants, one a line, or {"text","label"}.'
        ),
    ] = None,
    pipeline: Annotated[
        Path | None, typer.Option("--pipeline", metavar="DIR", help="Another trained pipeline, unchecked; for trials.")
    ] = None,
    as_set: Annotated[
        bool,
        typer.Option(
            "--set",
            help="Compare the conversations with one another: what is rare is said more broadly or stays. --out is a "
            "new folder.",
        ),
    ] = False,
    k: Annotated[int, typer.Option("--k", min=2, max=100, help="With --set: how many must share a combination.")] = 5,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file that --out names.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Find and replace what identifies somebody in the texts of a file of JSON lines.

    Each line is {"id", "text"}. Lines in a row with the same "conversation" share their stand-ins; every other line
    stands alone. What comes out is {"id", "text", "spans"} and all other keys of the line AS THEY WERE: only "text" is
    read and anonymised, so whatever else identifies somebody (a name under another key, an id that means something)
    must be taken out before. Stand-ins are drawn anew in each run; there is no way back.

    With --set a line may be a whole conversation as well ({"id", "turns": [{"who", "text"}]}), --in may be a folder of
    such files, and --out becomes a folder with conversations.jsonl and report.json: new numbers instead of ids, no
    other key, and counts of what was said more broadly and what stays.
    """
    if as_set:
        from app.cli.anonymise_set import anonymise_set  # noqa: PLC0415  only with --set

        manner = _manner(profile, known)
        return anonymise_set(lambda: _started(context, pipeline), source, out, manner, k, as_json=as_json)
    if as_json and str(out) == _STANDARD:
        raise typer.BadParameter("--json and --out - would mix on standard output", param_hint="--out")
    if str(out) != _STANDARD and out.exists() and not force:
        raise CommandError(ExitCode.REFUSED, "The file that --out names exists. --force overwrites it.")
    manner = _manner(profile, known)
    is_quiet = as_json or str(out) == _STANDARD
    with (
        opened_in(source) as (lines, total),
        _started(context, pipeline) as worker,
        _opened_out(out) as target,
        progress("Anonymising", is_quiet=as_json) as show,
    ):
        report = _run(worker, lines, manner, target, lambda done: show(done, total))
    return _tell(report, as_json=as_json, is_quiet=is_quiet)


def _run(
    worker: "Anonymiser", lines: IO[bytes], manner: "Manner", target: IO[bytes], show: Callable[[int], None]
) -> "LinesReport":
    from app.services.anonymising.lines import MAX_LINE_BYTES, anonymise_lines  # noqa: PLC0415

    return anonymise_lines(worker, bounded(lines, MAX_LINE_BYTES), manner, target.write, on_bytes=show)


def _tell(report: "LinesReport", *, as_json: bool, is_quiet: bool) -> int:
    for problem in report.problems[:_MAX_NOTES]:
        print_note(f"Line {problem.line} was not anonymised ({problem.code}).")
    without = report.malformed + report.failed
    if without > _MAX_NOTES:
        print_note(f"{without - _MAX_NOTES} more lines were not anonymised.")
    if as_json:
        rejected = [{"line": problem.line, "code": problem.code} for problem in report.problems]
        summary = {"anonymised": report.anonymised, "labels": dict(report.labels), "not_anonymised": without}
        print_json(summary | {"rejected": rejected})
    elif not is_quiet:
        print_line(f"{report.anonymised} anonymised ({report.labels.total()} replaced), {without} lines left out.")
    if report.failed:
        return ExitCode.REFUSED
    return ExitCode.MALFORMED if report.malformed else ExitCode.DONE


@contextmanager
def _started(context: typer.Context, folder: Path | None) -> Iterator["Anonymiser"]:
    """Yield an anonymiser whose child is there: what cannot run here is told before anything is read."""
    from app.services.anonymising.anonymiser import Anonymiser, Pipeline, Trust, pipeline_folder  # noqa: PLC0415  heavy

    if folder is not None:
        print_note("The pipeline that --pipeline names is not checked.")
        pipeline = Pipeline(folder, Trust.TRIAL)
    else:
        pipeline = Pipeline(pipeline_folder(toolbox_of(context).places().models_dir))
    with Anonymiser(pipeline) as worker:
        worker.start()
        yield worker


def _manner(profile: ProfileChoice, known: Path | None) -> "Manner":
    from datetime import UTC, datetime  # noqa: PLC0415

    from app.services.anonymising.known import KnownFileError, make_manner, read_known  # noqa: PLC0415  heavy

    try:
        texts = () if known is None else read_known(known)
    except KnownFileError as error:
        line = f"Line {error.line} of the file that --known names cannot be used ({error.code})."
        raise CommandError(ExitCode.MALFORMED, line) from error
    return make_manner(profile.value, datetime.now(UTC).year, texts)


def bounded(stream: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield lines; of a longer one ``max_bytes`` + 1 bytes, so that its reader refuses it."""
    while line := stream.readline(max_bytes + 1):
        yield line
        while line and not line.endswith(b"\n") and len(line) > max_bytes:
            line = stream.readline(max_bytes + 1)


@contextmanager
def opened_in(source: Path) -> Iterator[tuple[IO[bytes], int | None]]:
    """Yield the bytes of a file, of a ``.gz`` file or of standard input, and their number where it is known."""
    if str(source) == _STANDARD:
        # A reader of our own: a thread may still wait for it when the process ends.
        yield open(0, "rb", closefd=False), None  # noqa: SIM115
    elif source.suffix == ".gz":
        with gzip.open(source, "rb") as packed:
            yield packed, None  # type: ignore[misc]
    else:
        with source.open("rb") as plain:
            yield plain, source.stat().st_size


@contextmanager
def _opened_out(out: Path) -> Iterator[IO[bytes]]:
    """Yield where texts go. A file is written beside its target and gets its name at the end, in one step."""
    if str(out) == _STANDARD:
        with open(1, "wb", closefd=False) as stream:
            yield stream
        return
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".anonymise-")
    signal.signal(signal.SIGTERM, _end)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _end(number: int, _frame: object) -> NoReturn:
    """Leave as Ctrl+C does when the process is told to end, so that no half a file stays behind."""
    sys.exit(_SIGNALLED + number)
