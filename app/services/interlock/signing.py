"""The emergency list at an open desk: raising what it finds, and the office's signature under its version.

The list works from the first message on, signed or not; the console reminds until the version in use is signed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.config import find_places
from app.domain.conversation import Urgency
from app.domain.events import EventKind, JsonValue
from app.domain.ids import OFFICE, ConversationId
from app.domain.interlock import InterlockHit
from app.domain.office import Sector
from app.domain.roles import Right, may
from app.services.interlock.lists import Interlock, load_interlock
from app.services.ledger import Ledger
from app.store.logged import NewEvent

EmergencyCheck = Callable[[str], Sequence[InterlockHit]]
"""Returns the phrases of the emergency list that stand in a message."""


@dataclass(frozen=True, slots=True)
class InterlockStatus:
    """Which list is in use, and which one somebody signed last. Times are Unix milliseconds.

    ``may_sign``: whether the person at the desk may sign it, and choose whose numbers it names.
    """

    version: str
    phrase_count: int
    signed_version: str | None
    signed_by: str | None
    signed_ms: int | None
    may_sign: bool = True

    @property
    def is_signed(self) -> bool:
        """Whether the list in use is the one that was signed."""
        return self.signed_version == self.version


class InterlockSigning:
    """The emergency list of one office. Safe from any thread."""

    def __init__(self, ledger: Ledger, sector: Callable[[], Sector]) -> None:
        """Serve the office of ``ledger``; the books are read at the first message, not at unlocking."""
        self._ledger = ledger
        self._sector = sector
        self._country: str | None = None
        self._loaded: Interlock | None = None

    @property
    def interlock(self) -> Interlock:
        """The list itself, with its phrases as the office reads them."""
        loaded = self._loaded
        if loaded is None:
            loaded = self._loaded = load_interlock(find_places({}).resources_dir, self._sector(), self._country)
        return loaded

    @property
    def country(self) -> str | None:
        """Whose emergency numbers the scripts name; None is the default of the books."""
        return self._country

    def use_country(self, country: str) -> None:
        """Name the emergency numbers of another country; its list is another version, to be signed again."""
        if country != self._country:
            self._country, self._loaded = country, None

    def script_for(self, texts: Iterable[str]) -> str | None:
        """Return the script for the first hit in messages, with the numbers of the country in force."""
        return self.interlock.script_for(texts)

    def check(self, text: str) -> tuple[InterlockHit, ...]:
        """Return the phrases that stand in a message."""
        return self.interlock.check(text)

    def status(self) -> InterlockStatus:
        """Return which list is in use and which one was signed."""
        signed = [e for e in self._ledger.log.read(OFFICE) if e.kind is EventKind.INTERLOCK_SIGNED]
        newest = signed[-1] if signed else None
        return InterlockStatus(
            version=str(self.interlock.version),
            phrase_count=sum(len(book.phrases) for book in self.interlock.books),
            signed_version=None if newest is None else str(newest.body["version"]),
            signed_by=None if newest is None else self._ledger.names.get(newest.actor),
            signed_ms=None if newest is None else newest.wall_ms,
            may_sign=may(Right.SIGN_EMERGENCY_LIST, self._ledger.person.role),
        )

    def sign(self) -> InterlockStatus:
        """Put the name of the person at the desk under the list in use; twice does nothing more.

        Raises:
            NotYoursError: it takes an administrator or a professional, who answer for what is said in an emergency.
        """
        self._ledger.require(Right.SIGN_EMERGENCY_LIST)
        with self._ledger.lock:
            if not self.status().is_signed:
                self._ledger.write(OFFICE, EventKind.INTERLOCK_SIGNED, version=str(self.interlock.version))
        return self.status()


def raised(cid: ConversationId, hits: Sequence[InterlockHit], wall_ms: int | None = None) -> list[NewEvent]:
    """Return the event that raises a conversation when there is a hit; nothing here ever lowers one."""
    if not hits:
        return []
    body: dict[str, JsonValue] = {"urgency": Urgency.EMERGENCY.value, "reason": hits[0].phrase_id}
    return [NewEvent(cid, EventKind.URGENCY_SET, body, wall_ms)]
