"""Fetching the patient page as a browser would, without socket, thread or clock: bytes in, digests out.

Only digests leave: what a gateway serves is compared, never shown and never run.
"""

import hashlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import h11

from app.channel.link.errors import LinkCode, SecureError
from app.channel.link.secure import SecurePipe

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
_FOUND: Final = 200
_POLICY: Final = b"content-security-policy"
_NEEDED: Final = frozenset({b"default-src 'none'", b"script-src 'self' 'wasm-unsafe-eval'", b"base-uri 'none'"})
_FORBIDDEN: Final = (b"unsafe-inline", b"'unsafe-eval'", b"unsafe-hashes", b"nonce-", b"sha256-")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file as it was served. ``digest``: SHA-256; ``is_strict``: its policy lets nothing foreign run."""

    number: int
    status: int
    digest: bytes
    is_strict: bool


@dataclass(frozen=True, slots=True)
class FetchEnded:
    """Over: all files came (None), or why not."""

    code: LinkCode | None


FetchEvent = Fetched | FetchEnded


class PageFetch:
    """One connection that asks for ``paths``, one after another."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, paths: Sequence[str]) -> None:
        self._authority = f"{f'[{host}]' if ':' in host else host}:{port}"
        self._pipe = None if context is None else SecurePipe(context, host)
        self._plain_out = bytearray()
        self._paths = paths
        self._number = 0
        self._web = h11.Connection(h11.CLIENT)
        self._status = 0
        self._is_strict = False
        self._digest = hashlib.sha256()
        self._bytes = 0
        self._is_over = False
        self._ask()

    def receive(self, untrusted: bytes) -> list[FetchEvent]:
        """Return what the bytes of the network mean; ``b""`` says that the network ended. Never raises."""
        events: list[FetchEvent] = []
        if self._is_over:
            return events
        try:
            plain, is_last = (untrusted, not untrusted) if self._pipe is None else self._pipe.feed(untrusted)
            if plain:
                self._web.receive_data(plain)
                self._understand(events)
            if (is_last or not untrusted) and not self._is_over:
                events.append(self._end(LinkCode.CLOSED))
        except SecureError as problem:
            events.append(self._end(problem.code))
        except h11.ProtocolError:
            events.append(self._end(LinkCode.NOT_A_GATEWAY))
        return events

    def to_send(self) -> bytes:
        """Return what must go to the network now; it is given once."""
        if self._pipe is not None:
            return self._pipe.to_send()
        plain, self._plain_out = bytes(self._plain_out), bytearray()
        return plain

    def _understand(self, events: list[FetchEvent]) -> None:
        while not self._is_over:
            event = self._web.next_event()
            if isinstance(event, h11.Response):
                self._begin(event)
            elif isinstance(event, h11.Data):
                self._bytes += len(event.data)
                self._digest.update(event.data)
                if self._bytes > MAX_FILE_BYTES:
                    events.append(self._end(LinkCode.TOO_LARGE))
            elif isinstance(event, h11.EndOfMessage):
                events.append(Fetched(self._number, self._status, self._digest.digest(), self._is_strict))
                self._next(events)
            elif event is h11.NEED_DATA or event is h11.PAUSED:
                return
            elif isinstance(event, h11.ConnectionClosed):
                events.append(self._end(LinkCode.CLOSED))

    def _begin(self, response: h11.Response) -> None:
        policies = [value for name, value in response.headers if name == _POLICY]
        self._status, self._digest, self._bytes = response.status_code, hashlib.sha256(), 0
        self._is_strict = len(policies) == 1 and _is_strict(policies[0])

    def _next(self, events: list[FetchEvent]) -> None:
        self._number += 1
        if self._number == len(self._paths):
            self._is_over = True
            events.append(FetchEnded(None))
        elif self._web.our_state is h11.DONE and self._web.their_state is h11.DONE:
            self._web.start_next_cycle()
            self._ask()
        else:
            events.append(self._end(LinkCode.CLOSED))

    def _ask(self) -> None:
        headers = [("Host", self._authority), ("Accept-Encoding", "identity"), ("User-Agent", "Mozilla/5.0")]
        request = h11.Request(method="GET", target=self._paths[self._number], headers=headers)
        raw = (self._web.send(request) or b"") + (self._web.send(h11.EndOfMessage()) or b"")
        if self._pipe is None:
            self._plain_out += raw
        else:
            self._pipe.write(raw)

    def _end(self, code: LinkCode) -> FetchEnded:
        self._is_over = True
        return FetchEnded(code)


def _is_strict(policy: bytes) -> bool:
    parts = {part.strip() for part in policy.split(b";")}
    return parts >= _NEEDED and not any(word in policy for word in _FORBIDDEN)
