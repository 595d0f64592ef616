"""Passwords: is this one good enough, and the slow step from password to key."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from nacl.exceptions import RuntimeError as _NaclRuntimeError
from nacl.pwhash import argon2id

from app.crypto.errors import KdfDowngradeError, NotEnoughMemoryError
from app.crypto.guessing import GuessKind, estimate

MIN_PASSWORD_CHARS = 15
MIN_CHARS_WITH_SECOND = 8
"""For a password that opens nothing without a second secret of 256 bits (NIST SP 800-63B-4 §3.1.1.2)."""

MAX_PASSWORD_CHARS = 256
SALT_BYTES = argon2id.SALTBYTES
STRETCHED_BYTES = 32
_KIB = 1024

_STRENGTH_STEPS_BITS = (28, 40, 55, 70)
"""Bits at which the strength rises to 1, 2, 3, 4. With 1.3 s a guess on our hardware, 40 bits are 45,000 core years."""

_LEAST_STRENGTH, _LEAST_WITH_SECOND = 2, 1
"""28 bits, 11 core years, are what is left when the second secret is stolen together with the machine."""


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Argon2id version 1.3: ``passes`` (t), ``memory_kib`` (m) and ``lanes`` (p; libsodium knows only 1)."""

    passes: int
    memory_kib: int
    lanes: int = 1


DEFAULT = KdfParameters(passes=4, memory_kib=512 * _KIB)
"""Measured: 1.3 s on two ordinary cores. Source: threat-model.md §5.1; RFC 9106 §4."""

FLOOR = KdfParameters(passes=3, memory_kib=256 * _KIB)
"""Less than this is refused wherever it comes from, so nobody can talk the program into a cheap guess."""

_CEILING = KdfParameters(passes=64, memory_kib=4 * _KIB * _KIB)
"""More than this is refused too: a slot file must not be able to hang or exhaust the machine."""


class PasswordReason(Enum):
    """Why a password was refused; the interface owns the words."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNUSABLE_CHARACTERS = "unusable_characters"
    COMMON = "common"
    REPEATED = "repeated"
    SEQUENCE = "sequence"
    NAMES_THE_OFFICE = "names_the_office"


@dataclass(frozen=True, slots=True)
class PasswordVerdict:
    """``strength`` 0 (guessed at once) to 4 (very strong); ``reason`` is None when the password is accepted."""

    strength: int
    reason: PasswordReason | None

    @property
    def is_accepted(self) -> bool:
        """Say whether the password may be used."""
        return self.reason is None


_REASON_OF_GUESS = {
    GuessKind.WORD: PasswordReason.COMMON,
    GuessKind.REPEAT: PasswordReason.REPEATED,
    GuessKind.SEQUENCE: PasswordReason.SEQUENCE,
    GuessKind.CONTEXT: PasswordReason.NAMES_THE_OFFICE,
    GuessKind.OTHER: PasswordReason.COMMON,
}


def least_chars(*, has_second: bool) -> int:
    """Return how long a password has to be: shorter only where it opens nothing without a second secret."""
    return MIN_CHARS_WITH_SECOND if has_second else MIN_PASSWORD_CHARS


def check_password(text: str, context: Sequence[str] = (), *, has_second: bool = False) -> PasswordVerdict:
    """Say whether ``text`` may protect a vault, and how strong it looks.

    No composition rules: length and a block-list only (NIST SP 800-63B-4 §3.1.1.2). Works offline.

    Args:
        text: what the person typed; measured after NFKC, in code points.
        context: names a guesser would try first, such as the person's and the office's.
        has_second: a second secret enters the key as well. A code that this machine only compares is none.
    """
    normal = normalise(text)
    if _has_unusable_characters(normal):
        return PasswordVerdict(0, PasswordReason.UNUSABLE_CHARACTERS)
    if len(normal) > MAX_PASSWORD_CHARS:
        return PasswordVerdict(0, PasswordReason.TOO_LONG)
    guess = estimate(normal, context)
    strength = sum(guess.bits >= step for step in _STRENGTH_STEPS_BITS)
    if len(normal) < least_chars(has_second=has_second):
        return PasswordVerdict(min(strength, 1), PasswordReason.TOO_SHORT)
    if strength < (_LEAST_WITH_SECOND if has_second else _LEAST_STRENGTH):
        return PasswordVerdict(strength, _REASON_OF_GUESS[guess.weakest])
    return PasswordVerdict(strength, None)


def stretch(password: str, salt: bytes, parameters: KdfParameters) -> bytes:
    """Return 32 bytes that cost a guesser as much as they cost us: Argon2id over the NFKC form in UTF-8.

    Args:
        password: as typed.
        salt: 16 random bytes.
        parameters: how much work it shall be.

    Raises:
        KdfDowngradeError: the parameters are outside floor and ceiling; no work was done.
        NotEnoughMemoryError: the machine cannot spare ``memory_kib`` right now.
        ValueError: the password cannot be encoded or the salt has the wrong length.

    Source: RFC 9106; threat-model.md §5.1.
    """
    require_acceptable(parameters)
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    encoded = normalise(password).encode()
    try:
        return argon2id.kdf(
            STRETCHED_BYTES, encoded, salt, opslimit=parameters.passes, memlimit=parameters.memory_kib * _KIB
        )
    except _NaclRuntimeError:
        raise NotEnoughMemoryError from None


def require_acceptable(parameters: KdfParameters) -> None:
    """Do nothing when the parameters lie between floor and ceiling.

    Raises:
        KdfDowngradeError: in every other case.
    """
    is_acceptable = (
        FLOOR.passes <= parameters.passes <= _CEILING.passes
        and FLOOR.memory_kib <= parameters.memory_kib <= _CEILING.memory_kib
        and parameters.lanes == 1
    )
    if not is_acceptable:
        raise KdfDowngradeError


def normalise(text: str) -> str:
    """Return the NFKC form, so that the same keys pressed on another keyboard give the same password."""
    return unicodedata.normalize("NFKC", text)


def _has_unusable_characters(text: str) -> bool:
    return any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)
