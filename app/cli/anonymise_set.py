"""``anonymise --set``: a set of conversations, compared with one another before it leaves. No vault."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.exits import CommandError, ExitCode
from app.cli.output import print_json, print_line, print_note, progress

if TYPE_CHECKING:  # heavy
    from contextlib import AbstractContextManager

    from app.services.anonymising.anonymiser import Anonymiser, Manner
    from app.services.anonymising.lines import LineProblem
    from app.services.anonymising.set_lines import SetConversation
    from app.services.anonymising.sets import ReleasedSet

_MAX_NOTES = 50
"""Problems told line by line; the rest is counted."""


def anonymise_set(
    started: "Callable[[], AbstractContextManager[Anonymiser]]",
    source: Path,
    out: Path,
    manner: "Manner",
    k: int,
    *,
    as_json: bool,
) -> int:
    """Read a set, write a folder, and tell what became of it."""
    from app.services.anonymising import set_lines, sets  # noqa: PLC0415  heavy

    if out.exists():
        raise CommandError(ExitCode.REFUSED, "With --set, --out names a new folder; this one exists.")
    conversations, problems = _read(source)
    with started() as worker, progress("Anonymising", is_quiet=as_json) as show:
        candidates = set_lines.anonymise_set(worker, conversations, manner, lambda done: show(done, len(conversations)))
    released = sets.release(candidates, manner.profile.value, k)
    _write(released, out)
    return _tell(released, problems, as_json=as_json)


def _read(source: Path) -> "tuple[tuple[SetConversation, ...], tuple[LineProblem, ...]]":
    from app.services.anonymising.set_lines import SetTooLargeError, read_set  # noqa: PLC0415  heavy

    try:
        return read_set(_lines(source))
    except SetTooLargeError as error:
        raise CommandError(ExitCode.REFUSED, "This set is too large to be compared at once. Part it.") from error


def _lines(source: Path) -> Iterator[bytes]:
    from app.cli.anonymise import bounded, opened_in  # noqa: PLC0415  it imports this module when it is needed
    from app.services.anonymising.lines import MAX_LINE_BYTES  # noqa: PLC0415
    from app.services.anonymising.set_lines import files_of  # noqa: PLC0415

    for file in files_of(source):
        with opened_in(file) as (stream, _total):
            yield from bounded(stream, MAX_LINE_BYTES)


def _write(released: "ReleasedSet", out: Path) -> None:
    from app.services.anonymising.set_release import LINES_FILE, REPORT_FILE  # noqa: PLC0415  heavy
    from app.store.files import make_private_folder, replace_file  # noqa: PLC0415

    make_private_folder(out)
    replace_file(out / LINES_FILE, b"".join(released.lines()))
    replace_file(out / REPORT_FILE, json.dumps(released.report(), indent=2).encode())


def _tell(released: "ReleasedSet", problems: "tuple[LineProblem, ...]", *, as_json: bool) -> int:
    from app.services.anonymising.sets import Fate  # noqa: PLC0415  heavy

    for problem in problems[:_MAX_NOTES]:
        print_note(f"Line {problem.line} is in no conversation ({problem.code}).")
    if len(problems) > _MAX_NOTES:
        print_note(f"{len(problems) - _MAX_NOTES} more lines are in no conversation.")
    if as_json:
        rejected = [{"line": problem.line, "code": problem.code} for problem in problems]
        print_json({**released.report(), "rejected": rejected})
    else:
        kept = {fate: released.count(fate) for fate in Fate if not fate.is_leaving and released.count(fate)}
        why = ", ".join(
            f"{count} {fate.value.removeprefix('withheld_').replace('_', ' ')}" for fate, count in kept.items()
        )
        print_line(
            f"{len(released.conversations)} conversations: {len(released.leaving)} written, "
            f"{released.count(Fate.GENERALISED)} of them in broader words, {sum(kept.values())} stay"
            f"{f' ({why})' if why else ''}."
        )
    if released.count(Fate.NOT_ANONYMISED):
        return ExitCode.REFUSED
    return ExitCode.MALFORMED if problems else ExitCode.DONE
