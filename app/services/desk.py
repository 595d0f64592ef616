"""A desk: one unlocked vault with everything a person does at it."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.config import find_places
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId
from app.domain.office import Office, Person
from app.domain.roles import Right, WhyNot, may, why_not
from app.services.answers.service import AnswerService
from app.services.backups import BackupService
from app.services.clock import Clock, system_clock
from app.services.contacts.service import ContactService
from app.services.conversations.service import ConversationService
from app.services.erasing.redaction import RedactionService
from app.services.erasing.service import ErasureService
from app.services.erasing.words import hunted_of_log
from app.services.evidence.audit_log import AuditLog
from app.services.evidence.subjects import SubjectService, load_clocks
from app.services.idle_limits import IdleLimits
from app.services.interlock.signing import InterlockSigning
from app.services.ledger import Ledger
from app.services.people.recovery import RecoveryService
from app.services.people.service import PeopleService
from app.services.people.sign_in import SignInService
from app.services.retention.holds import HoldService
from app.services.retention.rules import RetentionBook
from app.services.retention.service import RetentionService
from app.services.walls.emergency import EmergencyService
from app.services.walls.service import WallService
from app.store.channel.peers import address_of
from app.store.channel.secrets import has_setting
from app.store.erasing import resume_erasures, unfinished
from app.store.errors import StoreError
from app.store.log import EventLog
from app.store.logged import Also
from app.store.open_vault import OpenVault
from app.store.rotation import RotationPoint, rotate
from app.store.search import SearchIndex

if TYPE_CHECKING:
    from app.services.channel.service import ChannelService

TOLD_KINDS = frozenset(
    {
        EventKind.MESSAGE_SENT,
        EventKind.FILE_SENT,
        EventKind.FILE_KEPT,
        EventKind.FILE_LOST,
        EventKind.MESSAGE_REDACTED,
        EventKind.AWAY_SENT,
        EventKind.CONSENT_GIVEN,
        EventKind.DESK_ENDED,
        EventKind.SEEN,
    }
)
"""Events of a conversation over the channel that its patient is told of, or that take a file away."""

_log = logging.getLogger(__name__)


class Desk:
    """Owns the open vault; close it, or use it as a context manager."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.vault = ledger.vault
        self.index = SearchIndex(self.vault, ledger.log)
        self.interlock = InterlockSigning(ledger, lambda: ledger.office.sector)
        self.membership = PeopleService(ledger)
        self.sign_in = SignInService(ledger)
        self.recovery = RecoveryService(ledger)
        self.answers = AnswerService(ledger, lambda person: may(Right.WRITE_ANSWERS, person.role))
        self.audit = AuditLog(ledger)
        self.subjects = SubjectService(ledger, lambda: load_clocks(find_places({}).resources_dir))
        self.backups = BackupService(ledger)
        self.conversations = ConversationService(ledger, self.index, self.interlock.check)
        self.contacts = ContactService(ledger)
        self.holds = HoldService(ledger)
        self.walls = WallService(ledger, self.index, self.backups.renew_keyrings)
        self.emergency = EmergencyService(ledger, self.sign_in.prove)
        self.idle_limits = IdleLimits(ledger)
        self.erasure = ErasureService(ledger, self.index, self.holds, lambda: self.backups.places)
        self.redaction = RedactionService(ledger, self.index, self.holds)
        book = RetentionBook(ledger, lambda: ledger.office.sector)
        self.retention = RetentionService(ledger, book, self.holds, self.erasure)
        self.erasure.on_keyring_rewritten(self.backups.renew_keyrings)
        self._channel: ChannelService | None = None
        ledger.ride(self._carry)
        self.erasure.farewell = self._farewell

    @classmethod
    def over(cls, vault: OpenVault, clock: Clock = system_clock) -> "Desk":
        """Return the desk of an open vault whose log agrees with its head file.

        Raises:
            VaultRolledBackError, VaultDamagedError: see ``EventLog.open``; the caller closes the vault.
        """
        log, hunted = EventLog.open(vault), None
        if vault.may_read_messages:
            SearchIndex(vault, log).require_log_not_older()
            hunted = hunted_of_log(log, vault.keyring, unfinished(vault))
            resume_erasures(log, vault)
        desk = cls(Ledger(vault, log, clock))
        desk.erasure.left_to_hunt = hunted
        return desk

    def __repr__(self) -> str:
        return "<Desk hidden>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def person(self) -> Person:
        """Who unlocked the vault."""
        return self.ledger.person

    def why_not(self, right: Right) -> WhyNot | None:
        """Return why the person at the desk may not do something, None when they may."""
        return why_not(right, self.person.role)

    @property
    def office(self) -> Office:
        """The office that the vault belongs to; ``is_demo`` is shown on every window."""
        return self.ledger.office

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who can be assigned a conversation, the person at the desk first; see ``Ledger.people``."""
        return self.ledger.people

    @property
    def channel(self) -> "ChannelService":
        """The patient channel, built when somebody first asks: an office without it pays nothing."""
        if self._channel is None:
            from app.services.channel.service import ChannelService  # noqa: PLC0415  see above

            with self.ledger.lock:
                if self._channel is None:
                    self._channel = ChannelService(
                        self.ledger,
                        self.interlock.check,
                        self.subjects.asked_by_visitor,
                        self.backups.renew_keyrings,
                    )
        return self._channel

    @property
    def has_channel(self) -> bool:
        """Say whether the channel was ever turned on in this vault, without building it."""
        with self.ledger.reading() as connection:
            return has_setting(connection, "gateway")

    @property
    def may_renew_recovery(self) -> bool:
        """Say whether the person at the desk came in with a password and may print a new recovery code."""
        return self.why_not(Right.MANAGE_PEOPLE) is None and self.sign_in.state().has_password

    @property
    def is_rotation_due(self) -> bool:
        """Say whether closing this desk gives the vault another key."""
        return self.vault.people.is_rotation_due and self.vault.people.may_rotate

    def close(self) -> None:
        """Close the vault. Held replies stay held, and come back as unsent text at the next unlocking.

        A vault that is due for another key gets it when an administrator closes it; where that fails, it stays due.
        """
        self._stop_channel()
        if self.is_rotation_due and not (self.vault.is_closed or self.vault.is_stopped):
            try:
                self.rotate_and_close()
            except StoreError as error:
                _log.warning("the vault keeps its key for now: %s", error.code)
        self._note_end()
        self.vault.close()

    def _note_end(self) -> None:
        """Let the index know how far the log has come, so that an older log put back is noticed (decision 0028)."""
        if self.vault.may_read_messages and not (self.vault.is_closed or self.vault.is_stopped):
            with suppress(StoreError, SQLAlchemyError):  # a witness; nothing hangs on it
                self.index.note_end()

    def _stop_channel(self) -> None:
        """Let go of the gateway before the vault goes: what comes meanwhile is not taken, and comes again."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _carry(self, connection: Connection, events: tuple[Event, ...]) -> None:
        """Have the channel seal what its patients are to be told of these events."""
        told = (event for event in events if event.kind in TOLD_KINDS and event.conversation_id != OFFICE)
        for cid in dict.fromkeys(event.conversation_id for event in told):
            if address_of(connection, cid) is not None:
                self.channel.carry(connection, cid, events)

    def _farewell(self, conversation_ids: Sequence[ConversationId]) -> Also | None:
        with self.ledger.reading() as connection:
            theirs = tuple(cid for cid in conversation_ids if address_of(connection, cid) is not None)
        return self.channel.farewell(theirs) if theirs else None

    def rotate_and_close(self, reached: Callable[[RotationPoint], None] = lambda _point: None) -> None:
        """Close the vault and give it a new key; nobody else may be using the desk any more.

        Raises:
            NotAllowedError: not an administrator.
            StoreError: see ``app.store.rotation.rotate``; the vault is closed as it was.
        """
        self._stop_channel()
        rotate(self.vault, self.ledger.now_ms(), reached)
