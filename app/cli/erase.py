"""``erase``: one conversation, for good, with a certificate."""

import json
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_json, print_line, progress

if TYPE_CHECKING:  # heavy
    from app.services.desk import Desk
    from app.services.erasing.certificate import Certificate
    from app.services.erasing.plaintext_hunt import Hit
    from app.services.erasing.service import ErasePreview

MAX_CERTIFICATE_BYTES = 4 * 1024 * 1024


class ReasonChoice(Enum):
    """Why somebody erases, as the command line spells it."""

    REQUEST = "request"
    MISTAKE = "mistake"


def erase(
    context: typer.Context,
    conversation: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="As `conversations search` shows it.")
    ] = None,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    message: Annotated[
        str | None,
        typer.Option(
            metavar="EVENT", help="Only this message, note or attachment, as `conversations search --json` shows it."
        ),
    ] = None,
    span: Annotated[
        str | None, typer.Option(metavar="FROM:TO", help="Only this stretch of the message, in characters, from 0.")
    ] = None,
    reason: Annotated[ReasonChoice, typer.Option(help="What the certificate says.")] = ReasonChoice.REQUEST,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; needed where nobody can answer.")] = False,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Save the certificate here; the vault keeps it as well.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Erase nothing; say whether a saved certificate is genuine.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Erase one conversation for good, or words or a file in it; for an erased one, show its certificate again."""
    if check is not None:
        return _check(check, as_json=as_json)
    if conversation is None:
        raise CommandError(ExitCode.USAGE, "Name the conversation.")
    from app.domain.ids import ConversationId  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    cid = ConversationId(conversation)
    if message is not None:
        with unlocked(toolbox_of(context), vault, password_file) as desk:
            return _redact(desk, cid, message, span, is_sure=yes, as_json=as_json)
    if span is not None:
        raise CommandError(ExitCode.USAGE, "--span belongs to --message.")
    hits: tuple[Hit, ...] = ()
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = desk.erasure.certificate_of(cid)
        if found is None:
            _confirm(desk.erasure.look(cid), is_asked=password_file is None and not as_json, is_sure=yes)
            found, hits = _erase(desk, cid, reason.value, is_quiet=as_json)
    if certificate is not None:
        _save(certificate, found.as_text())
    if as_json:
        print_json(found.json)
    else:
        _print(found, hits)
    return ExitCode.DONE if found.is_clean is not False else ExitCode.REFUSED


def _erase(desk: "Desk", cid: str, reason: str, *, is_quiet: bool) -> "tuple[Certificate, tuple[Hit, ...]]":
    from app.domain.ids import ConversationId  # noqa: PLC0415

    with progress("Erasing", is_quiet=is_quiet) as show:
        done = desk.erasure.erase([ConversationId(cid)], reason, progress=show)
    return done.certificate, done.hits


def _redact(desk: "Desk", cid: str, message: str, span: str | None, *, is_sure: bool, as_json: bool) -> int:
    from app.domain.ids import ConversationId, EventId  # noqa: PLC0415

    place = None if span is None else _span(span)
    if not is_sure:
        raise CommandError(ExitCode.USAGE, "These words go for good; say --yes to take them out.")
    done = desk.redaction.redact(ConversationId(cid), EventId(message), place)
    if as_json:
        print_json({"message": message, "bodies": done.bodies, "quotes": done.quotes})
    else:
        print_line(f"Taken out. Other messages of the conversation that hold the same words: {done.quotes}.")
    return ExitCode.DONE


def _span(text: str) -> tuple[int, int]:
    start, colon, end = text.partition(":")
    if not colon or not start.isdecimal() or not end.isdecimal():
        raise CommandError(ExitCode.USAGE, "Write the stretch as 17:29.")
    return int(start), int(end)


def _confirm(found: "ErasePreview", *, is_asked: bool, is_sure: bool) -> None:
    """Go on when a person has confirmed what goes, by the number of messages.

    Raises:
        CommandError: held, not confirmed, or nobody is there to be asked.
    """
    from app.services.errors import HeldByLawError  # noqa: PLC0415

    if found.is_held:
        raise HeldByLawError((found.conversation_id,))
    if is_sure:
        return
    if not is_asked or not sys.stdin.isatty():
        raise CommandError(ExitCode.USAGE, "Nobody can be asked here; say --yes to erase it.")
    print_line(
        f"This erases the conversation with {found.contact_name} for good: {_count(found.messages, 'message')}, "
        f"{_count(found.notes, 'note')}, {_count(found.drafts, 'draft')}. Nothing brings it back."
    )
    if typer.prompt(f"Type {found.messages} to erase it", default="", show_default=False).strip() != str(
        found.messages
    ):
        raise CommandError(ExitCode.REFUSED, "Nothing was erased.")


def _print(found: "Certificate", hits: "tuple[Hit, ...]") -> None:
    if found.is_clean is None:
        print_line("Erased. The work was interrupted, so its words could not be looked for afterwards.")
    elif found.is_clean:
        files = sum(place["files"] for place in found.json["hunt"]["places"])
        print_line(f"Erased. Its words and keys were looked for in {files} files and not found.")
    else:
        print_line(
            "Erased. But its words still stand in files that Vestibule does not own, or could not be looked for:"
        )
        for hit in hits:
            print_line(f"  {hit.path}")
    if not found.json["logs_emptied"]:
        print_line("A log is emptied when the vault closes; somebody was still reading.")


def _check(file: Path, *, as_json: bool) -> int:
    from app.services.erasing.certificate import is_genuine  # noqa: PLC0415

    with file.open("rb") as stream:
        raw = stream.read(MAX_CERTIFICATE_BYTES + 1)
    if len(raw) > MAX_CERTIFICATE_BYTES:
        raise CommandError(ExitCode.MALFORMED, "This file is too long for a certificate.")
    try:
        genuine = is_genuine(json.loads(raw))
    except ValueError as error:
        raise CommandError(ExitCode.MALFORMED, "This is not a certificate.") from error
    if as_json:
        print_json({"genuine": genuine})
    else:
        print_line("The certificate is what its signer signed." if genuine else "The certificate is NOT genuine.")
    return ExitCode.DONE if genuine else ExitCode.REFUSED


def _save(file: Path, text: str) -> None:
    from app.store.files import create_file  # noqa: PLC0415

    create_file(file, text.encode())


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
