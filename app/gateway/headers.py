"""The headers of every answer: nothing foreign runs, nothing frames the page, nothing is remembered of the way here."""

import re
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Pairs = tuple[tuple[bytes, bytes], ...]

_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?", re.IGNORECASE)
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'{socket}; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_FIXED: Final[Pairs] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (
        b"permissions-policy",
        (
            b"accelerometer=(), autoplay=(), browsing-topics=(), camera=(), "
            b"display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), "
            b"payment=(), serial=(), usb=(), xr-spatial-tracking=()"
        ),
    ),
)
_STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")


class Hardened:
    """Adds the headers to every HTTP answer of ``app``, and the strict-transport one where the way here was TLS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers_for(scope)]}
            await send(message)

        await self._app(scope, receive, send_hardened if scope["type"] == "http" else send)


def headers_for(scope: Scope) -> Pairs:
    """Return the headers of an answer to this request.

    Older browsers do not take ``connect-src 'self'`` for a WebSocket, so the page's own host is named as well, when the
    request named it plainly.
    """
    is_secure = scope["scheme"] in {"https", "wss"}
    host = header_of(scope["headers"], b"host")
    socket = f" {'wss' if is_secure else 'ws'}://{host}" if host is not None and _HOST.fullmatch(host) else ""
    policy = (b"content-security-policy", _POLICY.format(socket=socket).encode("ascii"))
    return (policy, *_FIXED, *((_STRICT_TRANSPORT,) if is_secure else ()))


def is_own_origin(scope: Scope) -> bool:
    """Return whether a WebSocket is asked for by our own page, or by no page at all (a desk's link sends no Origin)."""
    if not any(name.lower() == b"origin" for name, _ in scope["headers"]):
        return True
    origin, host = header_of(scope["headers"], b"origin"), header_of(scope["headers"], b"host")
    return origin is not None and host is not None and origin.partition("://")[2].lower() == host.lower()


def header_of(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """Return a header's text, None when it is absent, twice, or not ASCII."""
    found = [value for key, value in headers if key.lower() == name]
    return found[0].decode("ascii") if len(found) == 1 and found[0].isascii() else None
