"""The address to listen on and the certificate to show, both made before the walls go up."""

import errno
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.gateway.errors import ListenError, ListenProblem

_BACKLOG: Final = 2_048
_MAX_PORT: Final = 65_535
_BY_ERRNO: Final = {
    errno.EADDRINUSE: ListenProblem.IN_USE,
    errno.EACCES: ListenProblem.NOT_ALLOWED,
    errno.EPERM: ListenProblem.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen. Port 0 lets the system choose one."""

    host: str
    port: int

    @staticmethod
    def parse(text: str) -> "Listen":
        """Return the address in ``HOST:PORT``; an IPv6 host stands in brackets.

        Raises:
            ValueError: not such an address.
        """
        host, colon, port = text.rpartition(":")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            raise ValueError("an IPv6 address stands in brackets")
        if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > _MAX_PORT:
            raise ValueError("not HOST:PORT")
        return Listen(host, int(port))


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files: the certificate with its chain, and its key without a password."""

    chain: Path
    key: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the files lie and where they lead to: renewal replaces them, and often by links."""
        files = (self.chain, self.key)
        return tuple(dict.fromkeys(folder for file in files for folder in (file.parent, file.resolve().parent)))


def bind(listen: Listen) -> socket.socket:
    """Return a socket that is bound and not yet heard.

    Raises:
        ListenError: IN_USE, NOT_ALLOWED, NO_SUCH_ADDRESS.
    """
    try:
        found = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        server = socket.socket(family, kind, protocol)
    except OSError as problem:
        raise ListenError(ListenProblem.NO_SUCH_ADDRESS) from problem
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
        server.listen(_BACKLOG)
    except OSError as problem:
        server.close()
        raise ListenError(_BY_ERRNO.get(problem.errno or 0, ListenProblem.NO_SUCH_ADDRESS)) from problem
    server.setblocking(False)
    return server


def make_context(certificate: Certificate) -> ssl.SSLContext:
    """Return what speaks TLS 1.2 or later with this certificate.

    Raises:
        ListenError: CERTIFICATE: the files cannot be read, do not belong together, or the key wants a password.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    show(context, certificate)
    return context


def show(context: ssl.SSLContext, certificate: Certificate) -> None:
    """Let new connections see this certificate; used again after a renewal.

    Raises:
        ListenError: CERTIFICATE; the one before stays in use.
    """
    try:
        # Tried on a context of its own first: a pair that does not match would spoil the one in use.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.chain, certificate.key, _no_password)
        context.load_cert_chain(certificate.chain, certificate.key, _no_password)
    except (OSError, ValueError) as problem:
        raise ListenError(ListenProblem.CERTIFICATE) from problem


def _no_password() -> str:
    """Answer for a key that wants a password: without this, OpenSSL would ask on the terminal of a service."""
    return ""
