"""Looks at the served page once an hour while the gateway is there, on a thread of its own."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from app.channel.link.launch import Dial
from app.channel.link.page_check import check_page
from app.domain.channel import GatewayPlace, PageState, ServedPage

EVERY_S: Final = 3_600.0
AGAIN_S: Final = 300.0
"""After a look that found nothing out."""


class PageWatch:
    """Started by the link's first contact, ended with the link.

    Args:
        place, dial: as the link's.
        expected: of ``page_check.expected_page``; when empty, nobody looks.
        on_change: told, on this object's thread, when a look found something else than the one before.
        every_s: between two looks.
    """

    def __init__(
        self,
        place: GatewayPlace,
        dial: Dial,
        expected: Mapping[str, str],
        on_change: Callable[[], None],
        every_s: float = EVERY_S,
    ) -> None:
        self._place = place
        self._dial = dial
        self._expected = expected
        self._on_change = on_change
        self._every_s = every_s
        self._stop = threading.Event()
        self._is_on = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link-page", daemon=True)
        self.last = ServedPage()

    def gateway_is(self, *, on: bool) -> None:
        """Say whether the gateway can be spoken to; nobody looks while it cannot."""
        if not on:
            self._is_on.clear()
            return
        self._is_on.set()
        if self._expected and self._thread.ident is None and not self._stop.is_set():
            self._thread.start()

    def stop(self) -> None:
        """End the looking; a look under way ends by itself, in seconds."""
        self._stop.set()
        self._is_on.set()

    def _run(self) -> None:
        """Outermost function of the thread."""
        while self._is_on.wait() and not self._stop.is_set():
            before = self.last
            with suppress(Exception):  # whatever it was: nothing was found out
                self.last = self._look()
            if (self.last.state, self.last.differing) != (before.state, before.differing):
                with suppress(Exception):  # a listener's trouble is not ours
                    self._on_change()
            is_known = self.last.state in {PageState.SAME, PageState.DIFFERENT}
            self._stop.wait(self._every_s if is_known else min(AGAIN_S, self._every_s))

    def _look(self) -> ServedPage:
        """Look, and look again before anybody is told that the page is another: an update may be under way."""
        found = check_page(self._place, self._dial, self._expected)
        if found.state is PageState.DIFFERENT:
            found = check_page(self._place, self._dial, self._expected)
        return found
