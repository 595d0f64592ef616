"""How the person at the desk signs in: password, a code from the phone, a key stick.

Every change asks for the password of now, and for the code where one is asked for: a console that somebody left open
must not be enough to take over an account. Wrong ones wait and are told as at the door.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from app.crypto.key_sticks import KeyStick
from app.crypto.passwords import DEFAULT, KdfParameters, PasswordVerdict, check_password
from app.crypto.timed_codes import app_link, make_timed_secret, secret_words
from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId
from app.domain.roles import Right
from app.services.errors import SignInFault, SignInRefusedError
from app.services.ledger import Ledger
from app.services.people.door import Door
from app.services.people.key_sticks import Roots, removable_roots, stick_path, write_stick
from app.services.people.seconds import find_second, kept_factors
from app.store.door_codes import DoorCode
from app.store.errors import SecondMissingError, WeakPasswordError
from app.store.slot_attempts import Now, monotonic_now
from app.store.slot_names import initials_of
from app.store.slot_records import SlotKind
from app.store.slot_seconds import Factors, Proof, SecondInput, SecondKind, SecondSource
from app.store.slots import Unlocked


class Factor(Enum):
    """What may go with a password; the word that stands in the log."""

    CODE = "code"
    STICK = "stick"


@dataclass(frozen=True, slots=True)
class Current:
    """What the person at the desk proves to be there with: the password of now, and a code where one is asked for.

    ``has_just_come_in``: this password opened the vault a moment ago, and the code that went with it is spent.
    """

    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    has_just_come_in: bool = False


@dataclass(frozen=True, slots=True)
class SignInState:
    """How somebody signs in now; ``has_password`` is False for who came in with a printed code."""

    has_password: bool
    asks_code: bool
    spare_left: int
    second: SecondKind | None
    is_second_here: bool


@dataclass(frozen=True, slots=True)
class NewCode:
    """A secret for a phone that is not in force yet: as a link for a picture, and as words to type."""

    secret: bytes = field(repr=False)
    link: str = field(repr=False)
    words: str = field(repr=False)


class SignInService:
    """Changes how the person at the desk signs in. Methods block, most for two stretchings; safe from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        kdf: KdfParameters = DEFAULT,
        *,
        now: Now = monotonic_now,
        second_of: SecondSource = find_second,
        roots: Roots = removable_roots,
    ) -> None:
        """Serve the vault of ``ledger``; ``kdf`` is how much work its new passwords cost."""
        self._ledger = ledger
        self._people = ledger.vault.people
        self._kdf = kdf
        self._door = Door(now)
        self._second_of = second_of
        self._roots = roots

    @property
    def _me(self) -> PersonId:
        return self._ledger.person.person_id

    def state(self) -> SignInState:
        """Return how the person at the desk signs in."""
        slot, door = self._people.slot_of(self._me), self._people.unlocked.door
        if slot is None or slot.kind is not SlotKind.PASSWORD:
            return SignInState(False, False, 0, None, False)
        second = slot.second
        return SignInState(
            has_password=True,
            asks_code=slot.asks_code,
            spare_left=0 if door is None else len(door.spare),
            second=None if second is None else second.kind,
            is_second_here=second is not None and self._is_here(second),
        )

    def asks_code(self, person_id: PersonId) -> bool:
        """Say whether somebody's password is asked for together with a code."""
        slot = self._people.slot_of(person_id)
        return slot is not None and slot.asks_code

    def prove(self, person_id: PersonId, password: str, code: str = "") -> Unlocked:
        """Return what somebody holds who is at the desk now: the person who is here, or a second one.

        Raises:
            TooSoonError: too many wrong ones lately; nothing was tried.
            WrongPasswordError, WrongCodeError: counted.
            SecondMissingError: the stick of this person is not here; nothing was tried.
            StoreError: a code could not be spent.
        """
        proof = Proof(code, self._second_of, self._ledger.now_ms())
        directory = self._ledger.vault.directory
        with self._ledger.lock:
            proven = self._door.attempt(directory, person_id, lambda: self._people.prove(person_id, password, proof))
            self._door.tell_of_failures(self._ledger, person_id)
            if proven.has_used_spare and proven.door is not None:
                self._ledger.write(OFFICE, EventKind.SPARE_CODE_USED, left=len(proven.door.spare))
        return proven

    def judge(self, password: str, *, has_second: bool | None = None) -> PasswordVerdict:
        """Say how good a new password is; ``has_second`` as it will be, by default as it is."""
        if has_second is None:
            has_second = self.state().second is not None
        names = (self._ledger.office.name, *(person.display_name for person in self._people.password_holders))
        return check_password(password, names, has_second=has_second)

    def change_password(self, current: Current, new: str) -> None:
        """Give oneself another password; the one of before opens nothing any more, what goes with it stays.

        Raises:
            WeakPasswordError: guessers would try this one first; the old one stays.
            SignInRefusedError: there is none to change.
            StoreError: see ``prove``.
        """
        self._set(current, new, lambda factors: factors)
        self._tell(EventKind.SIGN_IN_CHANGED)

    def new_code(self) -> NewCode:
        """Return a secret for a phone. It is in force when ``set_code`` has seen a code of it."""
        secret = make_timed_secret()
        return NewCode(secret, app_link(secret, initials_of(self._ledger.person.display_name)), secret_words(secret))

    def set_code(self, current: Current, secret: bytes, untrusted_code: str) -> tuple[str, ...]:
        """Ask for a code from now on, and return the printed codes for the day on which the phone is gone.

        Raises:
            SignInRefusedError: the phone does not show a code of this secret; nothing changed.
            StoreError: see ``prove``.
        """
        door = DoorCode(secret).spend(untrusted_code, self._ledger.now_ms())
        if door is None:
            raise SignInRefusedError(SignInFault.CODE_DOES_NOT_FIT)
        door, codes = door.with_new_spare()
        self._set(current, current.password, lambda factors: replace(factors, door=door))
        self._tell(EventKind.SECOND_FACTOR_SET, factor=Factor.CODE.value)
        return codes

    def renew_spare(self, current: Current) -> tuple[str, ...]:
        """Return new printed codes; those of before are worth nothing.

        Raises:
            SignInRefusedError: no code is asked for.
            StoreError: see ``prove``.
        """
        codes: list[str] = []

        def renewed(factors: Factors) -> Factors:
            if factors.door is None:
                raise SignInRefusedError(SignInFault.NO_CODE)
            door, made = factors.door.with_new_spare()
            codes.extend(made)
            return replace(factors, door=door)

        self._set(current, current.password, renewed)
        self._tell(EventKind.SECOND_FACTOR_SET, factor=Factor.CODE.value)
        return tuple(codes)

    def remove_code(self, current: Current) -> None:
        """Ask for no code any more.

        Raises:
            SignInRefusedError: none is asked for.
            StoreError: see ``prove``.
        """
        if not self.asks_code(self._me):
            raise SignInRefusedError(SignInFault.NO_CODE)
        self._set(current, current.password, lambda factors: replace(factors, door=None))
        self._tell(EventKind.SECOND_FACTOR_REMOVED, factor=Factor.CODE.value)

    def disks(self) -> tuple[Path, ...]:
        """Return the removable disks that are plugged in now."""
        return tuple(self._roots())

    def make_stick(self, current: Current, root: Path, new_password: str = "") -> Path:
        """Write a key stick onto a removable disk and need it from now on; the password may be a shorter one then.

        The stick is written before the slot that needs it, and never taken back: should the slot fail half-way, an
        unused file is left on the disk, and not a slot that keeps its owner out.

        Raises:
            SignInRefusedError: the folder is no place for a stick; nothing changed.
            WeakPasswordError: guessers would try this one first; nothing changed.
            StoreError: see ``prove``.
        """
        password = new_password or current.password
        reason = self.judge(password, has_second=True).reason
        if reason is not None:
            raise WeakPasswordError(reason.value)
        stick, vault_dir = KeyStick.generate(), self._ledger.vault.directory

        def with_stick(factors: Factors) -> Factors:
            write_stick(root, stick, vault_dir)
            return Factors(factors.door, SecondInput(SecondKind.STICK, stick.name), stick.secret)

        self._set(current, password, with_stick)
        self._tell(EventKind.SECOND_FACTOR_SET, factor=Factor.STICK.value)
        return stick_path(root, stick.name)

    def remove_second(self, current: Current, new_password: str) -> None:
        """Need no stick any more; the password has to be a long one then.

        Raises:
            SignInRefusedError: none is needed.
            WeakPasswordError: too short to stand alone; nothing changed.
            StoreError: see ``prove``.
        """
        kind = self.state().second
        if kind is None:
            raise SignInRefusedError(SignInFault.NO_SECOND)
        self._set(current, new_password, lambda factors: Factors(factors.door))
        self._tell(EventKind.SECOND_FACTOR_REMOVED, factor=kind.value)

    def _set(self, current: Current, password: str, change: Callable[[Factors], Factors]) -> None:
        """Prove who is here, then seal the way in anew."""
        self._ledger.require(Right.CHANGE_OWN_PASSWORD)
        slot = self._people.slot_of(self._me)
        if slot is None or slot.kind is not SlotKind.PASSWORD:
            raise SignInRefusedError(SignInFault.NO_PASSWORD)
        with self._ledger.lock:
            if not current.has_just_come_in:
                self.prove(self._me, current.password, current.code)
            factors = change(kept_factors(self._people, self._second_of))
            self._people.set_password(self._me, password, kdf=self._kdf, factors=factors)

    def _is_here(self, second: SecondInput) -> bool:
        try:
            self._second_of(second)
        except SecondMissingError:
            return False
        return True

    def _tell(self, kind: EventKind, **body: str) -> None:
        self._ledger.write(OFFICE, kind, **body)
