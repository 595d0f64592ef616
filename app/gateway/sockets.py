"""uvicorn's two protocols with the patience of a public door: who sends or takes too slowly is cut off.

uvicorn itself waits for ever for a request that never ends, and closes a stalled WebSocket only when its buffer drains,
which the other side decides. Neither class reads or logs anything of the traffic.
"""

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from app.gateway.limits import Limits


class Door(H11Protocol):
    """A new connection: a request must come whole in time, and only so many may stand here."""

    limits: ClassVar[Limits] = Limits()
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the parent
        """Count it in or cut it off."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            transport.abort()
            return
        self._deadline = self.loop.call_later(self.limits.request_s, self._end_of_patience)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The request came whole; from here on the WebSocket's own limits count."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().handle_websocket_upgrade(event)

    def _end_of_patience(self) -> None:
        self.transport.abort()


class Socket(WSProtocol):
    """A WebSocket: a client whose full buffer does not move is cut off."""

    limits: ClassVar[Limits] = Limits()
    _deadline: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The client takes too little: start to count."""
        super().pause_writing()
        self._forget_deadline()
        self._deadline = self.loop.call_later(self.limits.stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It took some."""
        self._forget_deadline()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._forget_deadline()
        super().connection_lost(exc)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def protocols_with(limits: Limits) -> tuple[type[Door], type[Socket]]:
    """Return the two classes with these limits."""
    return type("LimitedDoor", (Door,), {"limits": limits}), type("LimitedSocket", (Socket,), {"limits": limits})
