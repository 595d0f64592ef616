"""Making, unlocking and checking vaults."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.crypto.passwords import DEFAULT, KdfParameters
from app.crypto.recovery_code import RecoveryCode
from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId, VaultId
from app.domain.office import Office
from app.services.clock import Clock, system_clock
from app.services.conversations.texts import check_name
from app.services.desk import Desk
from app.services.errors import PasswordMustChangeError
from app.services.ledger import Ledger
from app.services.people.door import Door, Face, faces_of, only_holder
from app.services.people.seconds import find_second, kept_factors
from app.store.cipher import refuse_plain_file
from app.store.errors import SecondMissingError, SlotFileDamagedError, SlotFileMissingError, StoreError
from app.store.files import create_file
from app.store.inspection import FileReport
from app.store.log import EventLog
from app.store.open_vault import OpenVault
from app.store.records import office_to_json
from app.store.slot_attempts import ANYBODY, Now, monotonic_now
from app.store.slot_records import SlotKind
from app.store.slot_seconds import PASSWORD_ALONE, Proof, SecondInput, SecondSource
from app.store.slots import read_slot_file
from app.store.upkeep import LogReport, Progress, rebuild_projections, verify_log
from app.store.vault import SLOTS_NAME, VAULT_NAME, VaultFiles

_CUT_LOG = f"{VAULT_NAME}-wal"
"""Named among the repairs when its end was unreadable: no acknowledged event is missing, but the tables that screens
read may have lost what was written beside them, and are built again."""

_RECOVERY = SlotKind.RECOVERY.value
_SHARES = SlotKind.SHARES.value

DEMO_MARK_NAME = "demo"
"""An empty file that lets the lock screen say "demo" before anybody has unlocked; inside, the log says it again."""


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """What can be said about a folder without a password."""

    exists: bool
    is_encrypted: bool
    vault_id: VaultId | None
    size_bytes: int
    created_ms: int | None
    is_demo_marked: bool
    problem: str | None
    """Code of what keeps the vault from being opened, as far as one can see from outside."""


@dataclass(frozen=True, slots=True)
class CreatedVault:
    """A new vault, open, and the recovery code to print; the code is stored nowhere."""

    desk: Desk
    recovery_code: str

    def __repr__(self) -> str:
        return "<CreatedVault hidden>"


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of a whole vault found; ``repaired_files`` names what opening found broken and made good."""

    log: LogReport
    files: FileReport
    repaired_files: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.log.is_sound and not self.files.problems


class VaultService:
    """The ways to get a ``Desk``."""

    def __init__(
        self, clock: Clock = system_clock, now: Now = monotonic_now, second_of: SecondSource = find_second
    ) -> None:
        """Serve vaults; ``now`` is what waiting is measured by, ``second_of`` finds key sticks."""
        self._clock = clock
        self._second_of = second_of
        self._door = Door(now)

    def status(self, directory: Path) -> VaultStatus:
        """Say what lies in a folder, without a password and without touching anything."""
        slots, database = directory / SLOTS_NAME, directory / VAULT_NAME
        exists = slots.exists() or database.exists()
        problem = None if not exists else _first_problem(slots, database)
        vault_id = None
        if exists and problem not in {SlotFileMissingError.code, SlotFileDamagedError.code}:
            vault_id = read_slot_file(slots).vault_id
        return VaultStatus(
            exists=exists,
            is_encrypted=exists and _is_encrypted(database),
            vault_id=vault_id,
            size_bytes=sum(path.stat().st_size for path in directory.iterdir() if path.is_file()) if exists else 0,
            created_ms=None if vault_id is None else ulid_ms(vault_id),
            is_demo_marked=exists and (directory / DEMO_MARK_NAME).exists(),
            problem=problem,
        )

    def create(
        self, directory: Path, *, password: str, person_name: str, office: Office, kdf: KdfParameters = DEFAULT
    ) -> CreatedVault:
        """Make a vault for an office, and return its desk and its recovery code.

        Raises:
            InvalidTextError: a name cannot be taken; nothing was made.
            StoreError: see ``VaultFiles.create``.
        """
        person_name, office_name = check_name(person_name), check_name(office.name)
        vault, code = VaultFiles.create(
            directory, password=password, person_name=person_name, now_ms=self._clock(), kdf=kdf
        )
        try:
            if office.is_demo:
                create_file(directory / DEMO_MARK_NAME, b"")
            vault.keyring.add(OFFICE)
            ledger = Ledger(vault, EventLog.open(vault), self._clock)
            body = office_to_json(Office(office_name, office.sector, is_demo=office.is_demo), ())
            ledger.write(OFFICE, EventKind.OFFICE_NAMED, **body)
            return CreatedVault(Desk(ledger), str(code))
        except BaseException:
            vault.close()
            raise

    def check_recovery_code(self, directory: Path, code: str) -> None:
        """Really open the recovery slot with a typed code; also while the vault is open.

        Raises:
            RecoveryCodeError: the code has a typo; says in which group.
            WrongRecoveryCodeError: it is well formed and of another vault.
        """
        VaultFiles.check_recovery_code(directory, RecoveryCode.parse(code))

    def faces(self, directory: Path) -> tuple[Face, ...]:
        """Return who opens this vault with a password, as far as one may know before unlocking.

        Raises:
            SlotFileMissingError, SlotFileDamagedError: there is no telling.
        """
        return faces_of(directory)

    def is_second_here(self, second: SecondInput) -> bool:
        """Say whether a key stick is plugged in; also before anybody has unlocked."""
        try:
            self._second_of(second)
        except SecondMissingError:
            return False
        return True

    def unlock(
        self,
        directory: Path,
        password: str,
        person_id: PersonId | None = None,
        *,
        code: str = "",
        to_choose_another: bool = False,
    ) -> Desk:
        """Open a vault with a password; replies that a crash left held are unsent text again.

        Args:
            directory: the vault's folder.
            password: as typed.
            person_id: whose it is; None tries everybody's, which takes as long as all of them.
            code: from the person's phone, or a printed one in its place, where the door asks for one.
            to_choose_another: the caller goes straight on to ``change_password``; without this a password that somebody
                else gave opens nothing.

        Raises:
            TooSoonError: too many wrong ones lately; nothing was tried.
            WrongCodeError: password and code do not open it together.
            SecondMissingError: the key stick is not here; nothing was tried.
            PasswordMustChangeError: right, and somebody else knows it.
            StoreError: one class for each cause; nothing was changed.
        """
        who = person_id or only_holder(directory)
        proof = Proof(code, self._second_of, self._clock())
        open_it = partial(VaultFiles.open, directory, password, who, proof)
        vault = self._door.attempt(directory, who or ANYBODY, open_it)
        if vault.people.unlocked.must_change and not to_choose_another:
            vault.close()
            raise PasswordMustChangeError
        return self._to_desk(vault)

    def unlock_with_recovery_code(self, directory: Path, code: str) -> Desk:
        """Open a vault with its printed code.

        Raises:
            RecoveryCodeError, TooSoonError, StoreError: as ``check_recovery_code`` and ``unlock``.
        """
        parsed = RecoveryCode.parse(code)
        return self._to_desk(
            self._door.attempt(directory, _RECOVERY, lambda: VaultFiles.open_with_recovery(directory, parsed))
        )

    def unlock_with_shares(self, directory: Path, untrusted_shares: Sequence[str]) -> Desk:
        """Open a vault with enough of its printed shares.

        Raises:
            SharesError, TooSoonError, StoreError: what is wrong with a share, or as ``unlock``.
        """
        from app.crypto.shares import join_shares  # noqa: PLC0415  reads a word list

        code = join_shares(untrusted_shares)
        open_vault = partial(VaultFiles.open_with_recovery, directory, code, SlotKind.SHARES)
        return self._to_desk(self._door.attempt(directory, _SHARES, open_vault))

    def change_password(
        self, desk: Desk, new_password: str, *, person_id: PersonId | None = None, kdf: KdfParameters = DEFAULT
    ) -> None:
        """Give somebody a new password, durably: oneself, or as an administrator ``person_id``.

        After unlocking with the recovery code of a vault with one password, that password is meant. What is asked
        beside one's own stays; beside somebody else's nothing is asked any more.

        Raises:
            WeakPasswordError, NotAllowedError: see ``VaultPeople.set_password``; the old password stays.
            DiskFullError, DiskFailedError: likewise.
        """
        own_id = desk.person.person_id
        holders = [person.person_id for person in desk.vault.password_holders]
        if own_id not in holders and len(holders) == 1:
            own_id = holders[0]
        changed = person_id or own_id
        factors = PASSWORD_ALONE
        if changed == desk.person.person_id:
            factors = kept_factors(desk.vault.people, self._second_of)
        desk.vault.people.set_password(changed, new_password, kdf=kdf, factors=factors)
        if changed == desk.person.person_id:
            desk.ledger.write(OFFICE, EventKind.SIGN_IN_CHANGED)
        else:
            desk.ledger.write(OFFICE, EventKind.SIGN_IN_RESET, person_id=changed)

    def verify(self, desk: Desk, progress: Progress = lambda _done, _total: None) -> VerifyReport:
        """Check every event of the log, every page and every copy of the files."""
        log = verify_log(desk.ledger.log, desk.vault, progress)
        repaired = tuple(repair.file_name for repair in desk.vault.repairs)
        return VerifyReport(log, desk.vault.verify_files(), repaired)

    def _to_desk(self, vault: OpenVault) -> Desk:
        try:
            desk = Desk.over(vault, self._clock)
            self._door.tell_of_failures(desk.ledger)
            unlocked = vault.people.unlocked
            if unlocked.has_used_spare and unlocked.door is not None:
                desk.ledger.write(OFFICE, EventKind.SPARE_CODE_USED, left=len(unlocked.door.spare))
            if vault.may_read_messages and any(repair.file_name == _CUT_LOG for repair in vault.repairs):
                rebuild_projections(desk.ledger.log, vault, lambda _done, _total: None)
                # Torn frames of a killed write would stay behind the new ones, and a check call them damage.
                vault.empty_wals()
            desk.conversations.recover_at_unlock()
        except BaseException:
            vault.close()
            raise
        return desk


def ulid_ms(ulid: str) -> int | None:
    """Return the time in a ULID in milliseconds, None for another text."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    if len(ulid) != 26 or any(char not in alphabet for char in ulid):  # noqa: PLR2004 - a ULID has 26 characters
        return None
    number = 0
    for char in ulid[:10]:
        number = number << 5 | alphabet.index(char)
    return number


def _first_problem(slots: Path, database: Path) -> str | None:
    try:
        read_slot_file(slots)
        refuse_plain_file(database)
    except StoreError as error:
        return error.code
    return None


def _is_encrypted(database: Path) -> bool:
    try:
        refuse_plain_file(database)
    except StoreError:
        return False
    return True
