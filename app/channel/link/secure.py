"""TLS without a socket: bytes from the network in, plain bytes out, and the other way round.

Standard library only, so that trust can be read and the context made before the process confines itself.
"""

import ssl
from pathlib import Path
from typing import Final

from app.channel.link.errors import LinkCode, SecureError
from app.channel.link.trust import SYSTEM_TRUST

_MAX_TRUST_BYTES: Final = 4 * 1024 * 1024
_READ_BYTES: Final = 64 * 1024


def trusted_pem(ca_file: Path | None) -> str:
    """Return the authorities to trust, as PEM: of exactly this file, or of the system when it is None.

    Raises:
        SecureError: CERTIFICATE: there is no such file, or it is unreasonably long.
    """
    for file in (ca_file,) if ca_file is not None else SYSTEM_TRUST:
        try:
            with file.open("rb") as source:
                raw = source.read(_MAX_TRUST_BYTES + 1)
        except OSError:
            continue
        if len(raw) <= _MAX_TRUST_BYTES:
            return raw.decode("ascii", errors="ignore")
    raise SecureError(LinkCode.CERTIFICATE)


def client_context(pem: str) -> ssl.SSLContext:
    """Return what speaks TLS 1.2 or later to a host whose name an authority of ``pem`` vouches for.

    Raises:
        SecureError: CERTIFICATE: there is no certificate in ``pem``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks the chain and the name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError) as problem:
        raise SecureError(LinkCode.CERTIFICATE) from problem
    return context


class SecurePipe:
    """The client's end of one TLS connection. Its first bytes to send are there from the beginning."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._is_open = False
        self._early = b""
        self._shake_hands()

    def __repr__(self) -> str:
        return "<SecurePipe>"

    def feed(self, untrusted: bytes) -> tuple[bytes, bool]:
        """Return (plain bytes that came, whether the other side said that these were the last).

        Raises:
            SecureError: CERTIFICATE or TLS; the connection is of no use any more.
        """
        self._incoming.write(untrusted)
        if not self._is_open and not self._shake_hands():
            return b"", False
        plain = bytearray()
        try:
            while piece := self._tls.read(_READ_BYTES):
                plain += piece
        except ssl.SSLWantReadError:
            return bytes(plain), False
        except ssl.SSLZeroReturnError:
            pass
        except ssl.SSLError as problem:
            raise SecureError(LinkCode.TLS) from problem
        return bytes(plain), True

    def write(self, plain: bytes) -> None:
        """Take plain bytes to send; before the handshake is over they wait.

        Raises:
            SecureError: TLS.
        """
        if not self._is_open:
            self._early += plain
            return
        try:
            self._tls.write(plain)
        except ssl.SSLError as problem:
            raise SecureError(LinkCode.TLS) from problem

    def to_send(self) -> bytes:
        """Return what must go to the network now; it is given once."""
        return self._outgoing.read()

    def _shake_hands(self) -> bool:
        """Go on with the handshake; return whether it is over."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLCertVerificationError as problem:
            raise SecureError(LinkCode.CERTIFICATE) from problem
        except (ssl.SSLError, ValueError) as problem:
            raise SecureError(LinkCode.TLS) from problem
        self._is_open = True
        early, self._early = self._early, b""
        if early:
            self.write(early)
        return True
