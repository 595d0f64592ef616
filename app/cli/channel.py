"""``channel``: the patient channel without its windows: on and off, invitations, what the gateway holds."""

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import channel_words
from app.cli.desk import unlocked
from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, PasswordOption, VaultOption, toolbox_of
from app.cli.output import print_fields, print_json, print_line, print_note, print_table

if TYPE_CHECKING:  # heavy
    from collections.abc import Iterator

    from app.domain.channel import ChannelStatus
    from app.services.channel.service import ChannelService
    from app.services.desk import Desk

_WAIT_S = 20.0
_RETRY_S = 3.0
_LOOK_S = 0.1

commands = typer.Typer(help="The patient channel: on, off, invitations, what the gateway holds.", no_args_is_help=True)


@commands.command("status")
def status(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show whether it is on and what waits to be sent."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        found = desk.channel.status()
    if as_json:
        print_json(channel_words.status_json(found))
    else:
        print_fields(channel_words.status_fields(found))
    return ExitCode.DONE


@commands.command("on")
def turn_on(
    context: typer.Context,
    gateway: Annotated[str, typer.Option("--gateway", metavar="HOST:PORT", help="Where the gateway is.")],
    page: Annotated[str, typer.Option("--page", metavar="URL", help="The address under which patients open the page.")],
    ca: Annotated[
        Path | None, typer.Option("--ca", metavar="FILE", help="Authority of its certificate, instead of the system's.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Without TLS; for a gateway on this machine only.")] = False,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Turn the channel on.

    From then on, and only then, this console speaks to one gateway, and to nothing else. The office's keys and what
    patients read first are made in the console before that (Office, Channel).
    """
    from app.domain.channel import GatewayPlace  # noqa: PLC0415  heavy rooms are loaded by the command that needs them

    host, port = _host_and_port(gateway)
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        desk.channel.turn_on(GatewayPlace(host, port, page, is_tls=not plain, ca_file=ca))
        found = desk.channel.status()
    if as_json:
        print_json(channel_words.status_json(found))
    else:
        print_line(f"The channel is on. Whenever the console is open, it speaks to {host}:{port}, and to nothing else.")
    return ExitCode.DONE


@commands.command("off")
def turn_off(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Turn it off; what the gateway holds stays there."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        desk.channel.turn_off()
        found = desk.channel.status()
    if as_json:
        print_json(channel_words.status_json(found))
    else:
        print_line("The channel is off. `vestibule channel wipe`, while it is on, also empties the gateway.")
    return ExitCode.DONE


@commands.command("office-file")
def office_file(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes; it must not be there yet.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the file that enrols this office at its gateway.

    It holds no secret; IT starts `vestibule gateway --office FILE` with it.
    """
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        raw = desk.channel.office_file()
    try:
        with out.open("xb") as file:
            file.write(raw)
    except FileExistsError as problem:
        raise CommandError(ExitCode.REFUSED, "There is a file of this name already.") from problem
    if as_json:
        print_json({"file": str(out), "bytes": len(raw)})
    else:
        print_line("Written. Copy it to the gateway's machine.")
    return ExitCode.DONE


@commands.command("invite")
def invite(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom; only this office sees it.")],
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="en or es.")] = "en",
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a link that opens one conversation, once.

    It can be used within 72 hours. Whoever has the link has the invitation.
    """
    with _connected(context, vault, password_file) as (_, channel):
        made = channel.invite(name, language)
        is_sent = _everything_sent(channel)
    if as_json:
        print_json(channel_words.invite_json(made, is_sent=is_sent))
    else:
        print_line(made.link)
        print_note(f"It can be used until {channel_words.moment(made.expires_ms)}.")
        if not is_sent:
            print_note("The gateway did not answer; the link opens as soon as the console has reached it.")
    return ExitCode.DONE


@commands.command("invitations")
def invitations(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the invitations; their links are not shown again."""
    with unlocked(toolbox_of(context), vault, password_file) as desk:
        rows = desk.channel.invitations()
    if as_json:
        print_json([channel_words.invitation_json(row) for row in rows])
    elif rows:
        print_table([channel_words.invitation_row(row) for row in rows], channel_words.INVITATION_HEADINGS)
    else:
        print_line("Nobody was invited yet.")
    return ExitCode.DONE


@commands.command("revoke")
def revoke(
    context: typer.Context,
    invitation: Annotated[str, typer.Argument(metavar="ID", help="As `channel invitations` shows it.")],
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take an invitation back that nobody has used."""
    with _connected(context, vault, password_file) as (_, channel):
        channel.revoke(invitation)
        is_sent = _everything_sent(channel)
    if as_json:
        print_json({"invitation": invitation, "sent": is_sent})
    else:
        print_line(
            "Taken back." if is_sent else "Taken back; the gateway learns of it when the console has reached it."
        )
    return ExitCode.DONE


@commands.command("holdings")
def holdings(
    context: typer.Context,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show sizes and ages of what the gateway holds."""
    with _connected(context, vault, password_file) as (_, channel):
        _require_gateway(channel)
        found = channel.holdings()
    if as_json:
        print_json(channel_words.holdings_json(found))
    else:
        print_fields(channel_words.holdings_fields(found))
        if found.mailboxes:
            print_table([channel_words.held_row(held) for held in found.mailboxes], channel_words.HELD_HEADINGS)
    return ExitCode.DONE


@commands.command("wipe")
def wipe(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this, nothing is wiped.")] = False,
    vault: VaultOption = None,
    password_file: PasswordOption = None,
    as_json: JsonOption = False,
) -> int:
    """Have the gateway forget everything of this office.

    What had not arrived yet comes again from its senders.
    """
    if not yes:
        raise CommandError(ExitCode.USAGE, "This empties the gateway. Say --yes to do it.")
    with _connected(context, vault, password_file) as (_, channel):
        _require_gateway(channel)
        count = channel.wipe()
    if as_json:
        print_json({"mailboxes": count})
    else:
        print_line(f"Wiped; {count} mailboxes were there.")
    return ExitCode.DONE


@contextmanager
def _connected(
    context: typer.Context, vault: Path | None, password_file: Path | None
) -> "Iterator[tuple[Desk, ChannelService]]":
    """Give an unlocked desk whose link has begun to dial."""
    toolbox = toolbox_of(context)
    if toolbox.make_link is None:
        raise CommandError(ExitCode.UNAVAILABLE, "Nothing on this machine can dial a gateway.")
    with unlocked(toolbox, vault, password_file) as desk:
        desk.channel.use_link(toolbox.make_link)
        desk.channel.start()
        yield desk, desk.channel


def _everything_sent(channel: "ChannelService") -> bool:
    """Wait a while until the gateway has everything; return whether it has."""
    from app.domain.channel import LinkPhase  # noqa: PLC0415

    if _wait_for_gateway(channel).phase is not LinkPhase.ON:
        return False
    channel.pump()
    found = channel.status()
    return found.phase is LinkPhase.ON and not found.waiting_count


def _require_gateway(channel: "ChannelService") -> None:
    """Wait a while until the gateway is there.

    Raises:
        CommandError: it is not, and with which code.
    """
    from app.domain.channel import LinkPhase  # noqa: PLC0415

    found = _wait_for_gateway(channel)
    if not found.is_on:
        raise CommandError(ExitCode.REFUSED, "The channel is off. `vestibule channel on` turns it on.")
    if found.phase is not LinkPhase.ON:
        raise CommandError(ExitCode.UNAVAILABLE, f"The gateway was not reached ({found.code or 'no answer'}).")


def _wait_for_gateway(channel: "ChannelService") -> "ChannelStatus":
    """Wait until the gateway is there, said no, did not answer twice, or some seconds have gone by."""
    from app.domain.channel import LinkPhase  # noqa: PLC0415

    began_s = time.monotonic()
    while (found := channel.status()).is_on and found.phase not in {LinkPhase.ON, LinkPhase.REFUSED}:
        limit_s = _RETRY_S if found.phase is LinkPhase.WAITING else _WAIT_S
        if time.monotonic() - began_s > limit_s:
            break
        time.sleep(_LOOK_S)
    return found


def _host_and_port(text: str) -> tuple[str, int]:
    from app.gateway.listening import Listen  # noqa: PLC0415

    try:
        found = Listen.parse(text)
    except ValueError as problem:
        raise typer.BadParameter(f"{text!r} is not HOST:PORT", param_hint="--gateway") from problem
    return found.host, found.port
