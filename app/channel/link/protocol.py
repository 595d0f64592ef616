"""Messages between the console and the link child.

CONNECT comes first. ON says that the gateway let this desk in; from then on each POST carries one encoded request of
``app.domain.post`` and each ARRIVED one reply, which the child has checked and the console checks again. ALIVE is a
sign of life without a message. ENDED is the last frame: why the connection is over.

Bytes travel as standard base64. The longest reply (512 KiB) makes a frame of 700 kB.
"""

import base64
import binascii
from pathlib import Path
from typing import Any, Final

from app.channel.link.errors import LinkCode
from app.channel.link.records import LinkTimes
from app.domain.channel import GatewayPlace
from app.domain.post import MAX_DOCUMENT_BYTES, MAX_REPLY_BYTES, MAX_REQUEST_BYTES
from app.domain.post_sign_in import OFFICE_BYTES, TOKEN_BYTES, DeskSignIn
from app.isolation.frames import Frame, Shape, flag, one_of, text, whole_number

_MAX_HOST_CHARS: Final = 253
_MAX_PATH_CHARS: Final = 4_096
_MS: Final = whole_number(1, 3_600_000)


def _encoded(max_bytes: int) -> int:
    return 4 * -(-max_bytes // 3)


CONNECT: Final = Shape(
    20,
    "connect",
    {
        "host": text(_MAX_HOST_CHARS),
        "port": whole_number(1, 65_535),
        "is_tls": flag,
        "ca_file": text(_MAX_PATH_CHARS),
        "office": text(_encoded(OFFICE_BYTES)),
        "token": text(_encoded(TOKEN_BYTES)),
        "sign_in_ms": _MS,
        "ping_ms": _MS,
        "silent_ms": _MS,
    },
)
"""``ca_file`` "": what the system trusts."""
POST: Final = Shape(21, "post", {"message": text(_encoded(max(MAX_REQUEST_BYTES, MAX_DOCUMENT_BYTES + 5)))})

ON: Final = Shape(40, "on", {"now_ms": whole_number(0, 2**53 - 1)})
ARRIVED: Final = Shape(41, "arrived", {"message": text(_encoded(MAX_REPLY_BYTES))})
ALIVE: Final = Shape(42, "alive", {})
ENDED: Final = Shape(43, "ended", {"code": one_of(*(code.value for code in LinkCode))})

TO_CHILD: Final = (CONNECT, POST)
FROM_CHILD: Final = (ON, ARRIVED, ALIVE, ENDED)


def connect_order(place: GatewayPlace, who: DeskSignIn, times: LinkTimes) -> Frame:
    """Return the first frame for the child."""
    body: dict[str, Any] = {
        "host": place.host,
        "port": place.port,
        "is_tls": place.is_tls,
        "ca_file": "" if place.ca_file is None else str(place.ca_file),
        "office": encoded(who.office),
        "token": encoded(who.token),
        "sign_in_ms": _ms(times.sign_in_s),
        "ping_ms": _ms(times.ping_s),
        "silent_ms": _ms(times.silent_s),
    }
    return Frame(CONNECT, body)


def place_of(order: Frame) -> GatewayPlace:
    """Return where the child's connection leads."""
    body = order.body
    ca_file = Path(body["ca_file"]) if body["ca_file"] else None
    return GatewayPlace(body["host"], body["port"], "", is_tls=body["is_tls"], ca_file=ca_file)


def who_of(order: Frame) -> DeskSignIn:
    """Return how the child signs in. Raises ValueError: not of the right length."""
    office, token = decoded(order.body["office"]), decoded(order.body["token"])
    if (len(office), len(token)) != (OFFICE_BYTES, TOKEN_BYTES):
        raise ValueError("not a sign-in")
    return DeskSignIn(office, token)


def encoded(raw: bytes) -> str:
    """Return bytes as they travel in a frame."""
    return base64.b64encode(raw).decode("ascii")


def decoded(untrusted_text: str) -> bytes:
    """Return the bytes of a frame's field. Raises ValueError."""
    try:
        return base64.b64decode(untrusted_text, validate=True)
    except binascii.Error as problem:
        raise ValueError("not base64") from problem


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
