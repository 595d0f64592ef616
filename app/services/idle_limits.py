"""After how long the console locks for each role, as an administrator has set it for the whole office.

A limit only shortens what the settings of a machine say, and nobody's is longer than the compiled-in one of their role
(``app.domain.roles``). It counts from the next sign-in at each desk.
"""

from collections.abc import Mapping

from app.domain.events import EventKind, JsonValue
from app.domain.ids import OFFICE
from app.domain.office import Role
from app.domain.roles import MIN_IDLE_S, Right, idle_lock_s
from app.services.ledger import Ledger
from app.store.audit_query import AuditFilter, read_envelopes

MAX_LIMIT_S = 28_800
"""As long as a setting may be: a working day."""


class IdleLimits:
    """The limits of one office. Safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def limits_s(self) -> dict[Role, int]:
        """Return the limits in seconds by role; a role without one follows the settings of each machine."""
        wanted = AuditFilter(kinds=frozenset({EventKind.IDLE_LIMITS_SET}), conversation_id=OFFICE)
        with self._ledger.reading() as connection:
            newest = read_envelopes(connection, wanted, None, 1)
        limits = self._ledger.log.logged(newest[0]).event.body["limits"] if newest else {}
        assert isinstance(limits, dict)
        known = {role.value: role for role in Role}
        return {known[role]: int(str(limit)) for role, limit in limits.items() if role in known}

    def set(self, limits_s: Mapping[Role, int]) -> None:
        """Put these limits into force, in place of all others.

        Raises:
            NotYoursError: takes an administrator.
            ValueError: a limit is shorter than ``MIN_IDLE_S`` or longer than ``MAX_LIMIT_S``.
        """
        self._ledger.require(Right.SET_IDLE_LIMITS)
        if any(not MIN_IDLE_S <= limit <= MAX_LIMIT_S for limit in limits_s.values()):
            raise ValueError("a limit is out of range")
        limits: dict[str, JsonValue] = {role.value: limit for role, limit in limits_s.items()}
        self._ledger.note(EventKind.IDLE_LIMITS_SET, limits=limits)

    def lock_after_s(self, setting_s: int) -> int:
        """Return after how many seconds the console locks for the person at the desk."""
        return idle_lock_s(self._ledger.person.role, setting_s, self.limits_s())
