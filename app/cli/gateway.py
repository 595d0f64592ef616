"""``gateway``: the blind post office between patients' browsers and the desk, for any machine that can be reached."""

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.exits import CommandError, ExitCode
from app.cli.options import JsonOption, toolbox_of
from app.cli.output import print_json, print_line, print_note

if TYPE_CHECKING:
    from app.gateway.errors import GatewayError
    from app.gateway.listening import Certificate
    from app.gateway.walls import Walls

_SQLITE = "sqlite:///"
_BROKER = "nats://"
_WORDS = {
    "listen_in_use": "Another program listens on this address. `ss -ltnp` shows which.",
    "listen_not_allowed": "This user may not listen there. Ports below 1024 take CAP_NET_BIND_SERVICE.",
    "listen_no_such_address": "This machine has no such address.",
    "listen_certificate": "The certificate cannot be used: PEM files that belong together, the key without a password.",
    "listen_walls": "This machine cannot lock the gateway in (seccomp is missing), so it was not started.",
    "mailbox_folder": "The folder of the mailbox cannot be made or written.",
    "mailbox_busy": "Another gateway has this mailbox open.",
    "mailbox_damaged": "This file is damaged, or no mailbox. Move it away and start again; senders resend.",
    "mailbox_newer": "This mailbox was written by a newer Vestibule. Nothing was touched.",
    "mailbox_other_office": "This mailbox belongs to another office. Give each office a gateway and a file of its own.",
}
_UNAVAILABLE = frozenset({"listen_walls"})


def gateway(
    context: typer.Context,
    listen: Annotated[
        str,
        typer.Option("--listen", metavar="HOST:PORT", help="Where to listen: 0.0.0.0:443, 127.0.0.1:8470, [::]:443."),
    ],
    mailbox: Annotated[
        str,
        typer.Option(
            "--mailbox", metavar="URL", help="sqlite:///FILE, e.g. sqlite:////var/lib/vestibule-gateway/mailbox."
        ),
    ],
    office: Annotated[
        Path,
        typer.Option("--office", metavar="FILE", help="The office file, written by the console (Office, Channel)."),
    ],
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="FILE", help="Certificate with its chain, PEM.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key, PEM, without a password.")
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option("--proxy", metavar="CIDR", help="A reverse proxy in front, e.g. 127.0.0.1; may be repeated."),
    ] = None,
    page: Annotated[Path | None, typer.Option("--page", metavar="DIR", hidden=True)] = None,
    as_json: JsonOption = False,
) -> int:
    """Serve the patient page and hold sealed messages until the desk or the browser fetches them.

    It runs on any machine that both patients and the practice can reach, and needs no trust: it holds no key, cannot
    read a message, and keeps none longer than 30 days. Losing its mailbox loses time, not messages.

    TLS: give --tls-cert and --tls-key, or put nginx or Caddy in front (examples lie in packaging/gateway) and name its
    address with --proxy; only from there are X-Forwarded-For and X-Forwarded-Proto believed. Without either, browsers
    accept the page on localhost only.

    After it listens it shuts itself in: no new connection, no program, no file but its own. It tries what must not
    work and says what holds, when it starts and at /health.

    Signals: TERM and INT finish what was accepted and end with exit code 0; HUP reads the certificate and the office
    file again. GET /health answers {"ok":true,…}, or 503 when messages cannot be stored (disk full). There is no access
    log, and nothing that it prints names a client or a mailbox.

    Exit codes: 0 ended by a signal, 1 refused, 2 usage, 3 the office file is malformed, 5 not available here.
    """
    from app.gateway.errors import GatewayError, OfficeFileError  # noqa: PLC0415  loads a web server
    from app.gateway.listening import Listen  # noqa: PLC0415
    from app.gateway.server import GatewayPlan, serve  # noqa: PLC0415
    from app.gateway.web import walls_json  # noqa: PLC0415

    mailbox_file = _mailbox_file(mailbox)
    try:
        where = Listen.parse(listen)
    except ValueError as problem:
        raise typer.BadParameter(f"{listen!r} is not HOST:PORT", param_hint="--listen") from problem
    plan = GatewayPlan(
        listen=where,
        mailbox_file=mailbox_file,
        office_file=office,
        page_folder=page or toolbox_of(context).places().resources_dir / "patient",
        certificate=_certificate(tls_cert, tls_key),
        proxies=_proxies(proxy or []),
    )

    def on_ready(host: str, port: int, walls: "Walls") -> None:
        if as_json:
            print_json({"listening": f"{host}:{port}", "tls": plan.certificate is not None, **walls_json(walls)})
        else:
            scheme = "http" if plan.certificate is None else "https"
            shown = f"[{host}]" if ":" in host else host
            print_line(f"Listening on {scheme}://{shown}:{port}. Stop with Ctrl+C.")
        if not as_json or not walls.are_files_fenced:
            print_note(_walls_words(walls))

    try:
        serve(plan, on_ready=on_ready, say=lambda line: print_note(f"gateway: {line}"))
    except OfficeFileError as problem:
        line = f"The office file is not one that this gateway can read ({problem.code}). Write it again in the console."
        raise CommandError(ExitCode.MALFORMED, line) from problem
    except GatewayError as problem:
        raise _explained(problem) from problem
    return ExitCode.DONE


def _walls_words(walls: "Walls") -> str:
    """What holds around the gateway, as it found by trying."""
    if walls.landlock:
        files = f"no file but its own (Landlock {walls.landlock})"
    elif walls.are_files_fenced:
        files = "this kernel has no Landlock, but other files are fenced off by what started it"
    else:
        files = "THE FILES OF THIS USER ARE NOT FENCED OFF: this kernel has no Landlock; use the service file"
    return f"Shut in: no new connection, no program (seccomp); {files}."


def _mailbox_file(url: str) -> Path:
    if url.startswith(_BROKER):
        raise CommandError(ExitCode.UNAVAILABLE, "A message broker is not available here yet. Use sqlite:///FILE.")
    file = url.removeprefix(_SQLITE)
    if file == url or not file or file.endswith("/"):
        raise typer.BadParameter(f"{url!r} is not sqlite:///FILE", param_hint="--mailbox")
    return Path(file)


def _certificate(chain: Path | None, key: Path | None) -> "Certificate | None":
    from app.gateway.listening import Certificate  # noqa: PLC0415

    if (chain is None) != (key is None):
        raise typer.BadParameter("--tls-cert and --tls-key belong together", param_hint="--tls-cert")
    return None if chain is None or key is None else Certificate(chain, key)


def _proxies(networks: list[str]) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(network, strict=False)) for network in networks)
    except ValueError as problem:
        raise typer.BadParameter("not an address or a network such as 10.0.0.0/24", param_hint="--proxy") from problem


def _explained(problem: "GatewayError") -> CommandError:
    from app.gateway.errors import ListenError, MailboxPlaceError, PageFilesError  # noqa: PLC0415

    if isinstance(problem, PageFilesError):
        line = f"The patient page is damaged ({problem.file} is not what its list says). Install Vestibule again."
        return CommandError(ExitCode.REFUSED, line)
    if not isinstance(problem, ListenError | MailboxPlaceError):
        return CommandError(ExitCode.REFUSED, f"The gateway could not go on ({problem}).")
    code = problem.code.value
    exit_code = ExitCode.UNAVAILABLE if code in _UNAVAILABLE else ExitCode.REFUSED
    return CommandError(exit_code, _WORDS.get(code, f"Refused ({code})."))
