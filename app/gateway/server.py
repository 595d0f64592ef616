"""Runs one gateway from binding to the last commit. The order: bind, open the mailbox's folder, walls, then clients."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvicorn

from app.domain.post import MAX_REQUEST_BYTES
from app.gateway.connection import GOING_AWAY
from app.gateway.errors import GatewayError, MailboxPlaceError, PlaceProblem, RefusedError
from app.gateway.limits import Limits
from app.gateway.listening import Certificate, Listen, bind, make_context, show
from app.gateway.mailbox import Mailbox
from app.gateway.office_file import OfficeFile, read_office_file
from app.gateway.page import PageFile, load_page
from app.gateway.post_office import PostOffice
from app.gateway.sockets import protocols_with
from app.gateway.sqlite_mailbox import SqliteMailbox
from app.gateway.walls import Walls, raise_file_limit, raise_walls
from app.gateway.web import make_web

SWEEP_EVERY_S: Final = 600.0
_SWEEP_UNWELL_S: Final = 20.0
"""While the disk is full: what was taken meanwhile is given back to it."""
_GRACE_S: Final = 5
_MAX_HEADER_BYTES: Final = 16 * 1024
_SILENT: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio")
_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILES_MASK: Final = 0o077

Say = Callable[[str], None]
"""Prints one line for the operator. No line ever names a client or a mailbox."""


@dataclass(frozen=True)
class GatewayPlan:
    """Everything that the command line decided."""

    listen: Listen
    mailbox_file: Path
    office_file: Path
    page_folder: Path
    certificate: Certificate | None = None
    proxies: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


def serve(plan: GatewayPlan, *, on_ready: Callable[[str, int, Walls], None], say: Say) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP reads the certificate and the office file again.

    Args:
        plan: what to serve and where.
        on_ready: called once clients can come, with host, port, and what holds around this process.
        say: see :data:`Say`.

    Raises:
        GatewayError: it cannot start; nobody was served.
    """
    os.umask(_PRIVATE_FILES_MASK)
    silence_others()
    raise_file_limit()
    office_file = read_office_file(plan.office_file.read_bytes())
    page = load_page(plan.page_folder)
    context = None if plan.certificate is None else make_context(plan.certificate)
    try:
        plan.mailbox_file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as problem:
        raise MailboxPlaceError(PlaceProblem.FOLDER) from problem
    with bind(plan.listen) as server:
        certificate_folders = plan.certificate.folders if plan.certificate else ()
        walls = raise_walls(writable=plan.mailbox_file.parent, readable=(plan.office_file.parent, *certificate_folders))
        gateway = Gateway(plan, office_file, page, SqliteMailbox(plan.mailbox_file), context, say, walls)
        host, port = server.getsockname()[:2]
        asyncio.run(gateway.run(server, lambda: on_ready(host, port, walls)))


class Gateway:
    """The parts of a running gateway and their order of starting and stopping."""

    def __init__(
        self,
        plan: GatewayPlan,
        office_file: OfficeFile,
        page: Sequence[PageFile],
        mailbox: Mailbox,
        context: ssl.SSLContext | None,
        say: Say,
        walls: Walls | None = None,
    ) -> None:
        self._plan, self._context, self._say = plan, context, say
        self._mailbox = mailbox
        self._office = PostOffice(office_file, mailbox, plan.limits, say=say)
        door, web_socket = protocols_with(plan.limits)
        config = uvicorn.Config(
            make_web(self._office, page, walls),
            loop="asyncio",
            http=door,
            ws=web_socket,
            ws_max_size=MAX_REQUEST_BYTES,
            ws_ping_interval=plan.limits.ping_s,
            ws_ping_timeout=plan.limits.ping_s,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(plan.proxies),
            forwarded_allow_ips=list(plan.proxies),
            h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
            timeout_graceful_shutdown=_GRACE_S,
            ssl_context_factory=None if context is None else lambda _config, _default: context,
        )
        self._server = _Server(config, self._office)

    async def run(self, server: socket.socket, on_ready: Callable[[], None]) -> None:
        """Serve on a bound socket until a signal.

        Raises:
            MailboxPlaceError: the mailbox cannot be opened.
        """
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: self._say(_kind_of(context)))
        await self._office.start()
        sweeping = asyncio.create_task(self._sweep())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(self._read_again()))
        loop.call_soon(on_ready)
        try:
            await self._server.serve(sockets=[server])
        finally:
            sweeping.cancel()
            await self._mailbox.stop()

    def stop(self) -> None:
        """Begin to end, as a signal does."""
        self._server.stop()

    async def _sweep(self) -> None:
        while True:
            with contextlib.suppress(RefusedError):
                await self._mailbox.sweep(self._office.now_ms())
            await asyncio.sleep(SWEEP_EVERY_S if self._mailbox.is_well else _SWEEP_UNWELL_S)

    async def _read_again(self) -> None:
        try:
            if self._context is not None and self._plan.certificate is not None:
                show(self._context, self._plan.certificate)
            await self._office.enrol(read_office_file(self._plan.office_file.read_bytes()))
        except (GatewayError, OSError) as problem:
            self._say(f"not read again, as before: {problem if isinstance(problem, GatewayError) else 'no such file'}")
        else:
            self._say("certificate and office file read again")


class _Server(uvicorn.Server):
    """uvicorn's server, ended in our order: no newcomer, the last answers, then the close that says 'going away'."""

    def __init__(self, config: uvicorn.Config, office: PostOffice) -> None:
        super().__init__(config)
        self._office = office

    def stop(self) -> None:
        """Begin to end."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to :class:`Gateway`: uvicorn would raise them again at the end, and exit with them."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        for server in self.servers:
            server.close()
        await self._office.members.end_all(GOING_AWAY)
        await super().shutdown(sockets)


def silence_others() -> None:
    """Let no library log: their lines carry the addresses of clients."""
    for name in _SILENT:
        logger = logging.getLogger(name)
        logger.disabled, logger.propagate = True, False
        logger.setLevel(logging.CRITICAL + 1)


def _kind_of(context: dict[str, object]) -> str:
    problem = context.get("exception")
    return f"a connection failed: {type(problem).__name__ if problem else 'unknown'}"
