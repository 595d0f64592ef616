"""Making a link child: what it may read, and the connection it is promised."""

import importlib.util
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.channel.link.protocol import FROM_CHILD, TO_CHILD
from app.channel.link.trust import SYSTEM_TRUST
from app.domain.channel import GatewayPlace
from app.isolation.child import SupervisedChild
from app.isolation.frames import Shape
from app.isolation.orders import Grants

ENTRY: Final = "app.channel.link.worker"
"""Not imported here: TLS and WebSocket have no business in the console."""
PACKAGES: Final = ("wsproto", "h11")

Dial = Callable[[str, int, bool], socket.socket]
"""(host, port, whether only this machine is allowed) → the end on which the connection arrives; raises DialError."""


def new_child(
    place: GatewayPlace,
    connection: socket.socket,
    entry: str = ENTRY,
    to_child: Sequence[Shape] = TO_CHILD,
    from_child: Sequence[Shape] = FROM_CHILD,
) -> SupervisedChild:
    """Return a child that is not started yet and may read the authorities to trust, wsproto and h11."""
    return SupervisedChild(
        "link",
        entry=entry,
        grants=Grants(files=trust_files(place), packages=locate()),
        to_child=to_child,
        from_child=from_child,
        connection=connection,
    )


def trust_files(place: GatewayPlace) -> tuple[str, ...]:
    """Return the files of authorities that the child may read: exactly one that is set, else the system's."""
    if not place.is_tls:
        return ()
    wanted = SYSTEM_TRUST if place.ca_file is None else (place.ca_file,)
    return tuple(str(file) for file in wanted if file.is_file())


def locate() -> tuple[tuple[str, str], ...]:
    """Return what the child may import, as (name, place), without importing any."""
    specs = ((name, importlib.util.find_spec(name)) for name in PACKAGES)
    return tuple((name, str(Path(spec.origin).parent)) for name, spec in specs if spec is not None and spec.origin)
