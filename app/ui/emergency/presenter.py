"""The emergency list at one desk: read on the store thread, signed there, its country kept in the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.services.interlock.lists import PhraseBook
    from app.services.interlock.signing import InterlockSigning, InterlockStatus


@dataclass(frozen=True, slots=True)
class EmergencyList:
    """What the sheet shows."""

    books: "tuple[PhraseBook, ...]"
    status: "InterlockStatus"
    country: str


class EmergencyPresenter(QObject):
    """Knows whether the list in use is signed."""

    #: The list was read; argument: ``EmergencyList``.
    read = Signal(object)
    #: Something could not be read or signed; argument: the exception.
    failed = Signal(object)

    def __init__(
        self,
        signing: "InterlockSigning",
        runner: BackgroundRunner,
        country: str,
        save_country: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._signing = signing
        self._runner = runner
        self._country = country
        self._save_country = save_country
        signing.use_country(country)

    def refresh(self) -> None:
        """Read list and signature."""
        self._runner.run(self._read, done=self.read.emit, failed=self.failed.emit)

    def sign(self) -> None:
        """Put the name of the person at the desk under the list that is shown."""
        self._runner.run(self._signing.sign, failed=self.failed.emit)
        self.refresh()

    def use_country(self, country: str) -> None:
        """Name other emergency numbers, here and from now on."""
        if country != self._country:
            self._country = country
            self._signing.use_country(country)
            self._save_country(country)
            self.refresh()

    def _read(self) -> EmergencyList:
        return EmergencyList(self._signing.interlock.books, self._signing.status(), self._country)
