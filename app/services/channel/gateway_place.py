"""Where the gateway of this office is, and whether the channel is on: kept beside the events that say who decided."""

from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from app.domain.channel import LOOPBACK_HOSTS, GatewayPlace
from app.domain.events import EventKind, JsonValue
from app.domain.ids import OFFICE
from app.domain.roles import Right
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.ledger import Ledger
from app.store.channel import secrets
from app.store.logged import Also, NewEvent

MAX_PORT = 65_535
_NAME = "gateway"


class PlaceBook:
    """Reads and changes the place of one office's gateway."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def read(self) -> tuple[GatewayPlace | None, bool]:
        """Return the place, None before there was one, and whether the channel is on."""
        with self._ledger.reading() as connection:
            return self.read_with(connection)

    def read_with(self, connection: Connection) -> tuple[GatewayPlace | None, bool]:
        """Return the same within a reading."""
        kept = secrets.read_setting(connection, self._ledger.keys, _NAME)
        if kept is None:
            return None, False
        ca_file = None if kept["ca_file"] is None else Path(kept["ca_file"])
        place = GatewayPlace(kept["host"], kept["port"], kept["page_url"], kept["is_tls"], ca_file)
        return place, bool(kept["is_on"])

    def turn_on(self, place: GatewayPlace) -> None:
        """Use a gateway from now on.

        Raises:
            NotYoursError: not an administrator.
            ChannelRefusedError: an address that is none, one in clear, or a demo vault and not this machine.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        self._check(place)
        body: dict[str, JsonValue] = {
            "host": place.host,
            "port": place.port,
            "is_tls": place.is_tls,
            "page_url": place.page_url,
        }
        kept = body | {"ca_file": None if place.ca_file is None else str(place.ca_file), "is_on": True}
        self._ledger.write_all((NewEvent(OFFICE, EventKind.CHANNEL_TURNED_ON, body),), OFFICE, self._keeping(kept))

    def turn_off(self) -> None:
        """Use none from now on; the place stays known.

        Raises:
            NotYoursError: not an administrator.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        with self._ledger.reading() as connection:
            kept = secrets.read_setting(connection, self._ledger.keys, _NAME)
        if kept is not None and kept["is_on"]:
            event = NewEvent(OFFICE, EventKind.CHANNEL_TURNED_OFF, {})
            self._ledger.write_all((event,), OFFICE, self._keeping(kept | {"is_on": False}))

    def page_url(self) -> str:
        """Return where patients open the page.

        Raises:
            ChannelRefusedError: nobody has said.
        """
        place, _is_on = self.read()
        if place is None:
            raise ChannelRefusedError(ChannelFault.IS_OFF)
        return place.page_url

    def _check(self, place: GatewayPlace) -> None:
        if not place.host or not 0 < place.port <= MAX_PORT or not is_page_url(place.page_url):
            raise ChannelRefusedError(ChannelFault.PLACE)
        is_loopback = place.host in LOOPBACK_HOSTS
        if self._ledger.office.is_demo and not is_loopback:
            raise ChannelRefusedError(ChannelFault.DEMO)
        if not place.is_tls and not is_loopback:
            raise ChannelRefusedError(ChannelFault.PLACE)

    def _keeping(self, kept: JsonValue) -> Also:
        return lambda connection, _events: secrets.write_setting(connection, self._ledger.keys, _NAME, kept)


def is_page_url(text: str) -> bool:
    """Return whether invitations can be made of this: scheme and host of the page, and nothing else.

    Whoever stands between could serve any page over plain ``http``, so that is for this machine only. The page lies at
    the root of its host, and a link adds its own path and fragment.
    """
    try:
        found = urlsplit(text)
        is_safe = found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK_HOSTS)
        is_bare = found.path in {"", "/"} and not (found.query or found.fragment or "@" in found.netloc)
        return is_safe and is_bare and bool(found.hostname) and (found.port is None or found.port > 0)
    except ValueError:
        return False
