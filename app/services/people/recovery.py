"""The printed ways in: whether the paper was ever proved, proving it, and a new code in place of one nobody has.

The code and the shares are stored nowhere, so what was not proved cannot be shown again: a new one takes its place.

Beside the vault's files an empty mark stands from the making of a vault until its paper was proved. It tells who
unlocks next that the first run was left half-way. Whoever can write the folder may set or remove it; all that it does
is to ask an administrator to print a new code, and what was proved stands in the log.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from app.crypto.recovery_code import RecoveryCode
from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId, make_ulid
from app.domain.office import Person, Role
from app.domain.roles import Right
from app.services.ledger import Ledger
from app.store.audit_query import AuditFilter, read_envelopes
from app.store.files import create_file
from app.store.slot_records import SlotKind
from app.store.vault import RECOVERY_NAME

UNPROVEN_NAME = "unproven"
_ULID_RANDOM_BYTES = 10
_KINDS = frozenset({EventKind.RECOVERY_PROVEN, EventKind.RECOVERY_RENEWED, EventKind.RECOVERY_SHARED})
_NEWEST = 200


@dataclass(frozen=True, slots=True)
class PaperState:
    """When the paper in force was last proved to open the vault, Unix milliseconds; None when it never was."""

    code_proven_ms: int | None = None
    shares_proven_ms: int | None = None


def mark_unproven(directory: Path) -> None:
    """Remember that nobody has proved the paper of a vault."""
    if not is_unproven(directory):
        create_file(directory / UNPROVEN_NAME, b"")


def is_unproven(directory: Path) -> bool:
    """Say whether the first run of a vault was left before the paper was proved."""
    return (directory / UNPROVEN_NAME).exists()


class RecoveryService:
    """Looks after the printed ways into the vault of ``ledger``. All methods block; safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._people = ledger.vault.people

    def state(self) -> PaperState:
        """Return when which paper was proved."""
        self._ledger.require(Right.SEE_PEOPLE)
        with self._ledger.reading() as connection:
            stored = read_envelopes(connection, AuditFilter(kinds=_KINDS), None, _NEWEST)
        code = shares = None
        for event in (self._ledger.log.logged(one).event for one in reversed(stored)):
            if event.kind is EventKind.RECOVERY_RENEWED:
                code = None
            elif event.kind is EventKind.RECOVERY_SHARED:
                shares = None
            elif event.body.get("way") == SlotKind.SHARES.value:
                shares = event.wall_ms
            else:
                code = event.wall_ms
        return PaperState(code, shares)

    def renew_code(self) -> str:
        """Return a new recovery code to print; it is shown once, and the one of before opens nothing any more.

        Raises:
            NotYoursError: not an administrator.
            StoreError: nothing changed.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        code = RecoveryCode.generate()
        rescuer_id = PersonId(make_ulid(self._ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES)))
        with self._ledger.lock:
            self._people.set_recovery_code(Person(rescuer_id, RECOVERY_NAME, Role.ADMINISTRATOR), code)
            self._ledger.write(OFFICE, EventKind.RECOVERY_RENEWED)
        return str(code)

    def ask_for_renewal(self) -> None:
        """Have the next administrator who signs in print a new code; until then the one of before opens the vault.

        Raises:
            NotYoursError: not an administrator.
        """
        self._ledger.require(Right.MANAGE_PEOPLE)
        mark_unproven(self._ledger.vault.directory)

    def prove(self, untrusted_text: str) -> SlotKind:
        """Really open a slot with what somebody typed from paper, a code or two shares, and remember that it worked.

        Raises:
            NotYoursError: not an administrator.
            RecoveryCodeError, SharesError: a typing error; says where.
            WrongRecoveryCodeError: of another vault, or older than the paper in force.
        """
        from app.crypto.shares import join_shares, shares_in  # noqa: PLC0415  reads a word list

        self._ledger.require(Right.MANAGE_PEOPLE)
        shares = shares_in(untrusted_text)
        kind = SlotKind.SHARES if shares else SlotKind.RECOVERY
        code = join_shares(shares) if shares else RecoveryCode.parse(untrusted_text)
        with self._ledger.lock:
            self._people.check_printed(code, kind)
            self._ledger.write(OFFICE, EventKind.RECOVERY_PROVEN, way=kind.value)
        if kind is SlotKind.RECOVERY:
            (self._ledger.vault.directory / UNPROVEN_NAME).unlink(missing_ok=True)
        return kind
