"""A recovery code cut into printed shares: any two of three give it back, one alone says nothing at all (SLIP-39).

Each share is 33 common English words, with a checksum that notices up to three wrong ones. The cutting is done by
``shamir-mnemonic``, the reference implementation. It takes no care to run in constant time, which matters to somebody
who times the machine while shares are made or typed in, and to nobody else.

Importing this reads a word list, and few people ever need it: import it where shares are made or typed.

Source: SatoshiLabs SLIP-0039.
"""

from collections.abc import Sequence
from enum import Enum

from shamir_mnemonic import (  # type: ignore[import-untyped]
    MnemonicError,
    combine_mnemonics,
    generate_mnemonics,
)
from shamir_mnemonic.share import Share  # type: ignore[import-untyped]
from shamir_mnemonic.wordlist import WORD_INDEX_MAP  # type: ignore[import-untyped]

from app.crypto.errors import SharesError
from app.crypto.recovery_code import CODE_BYTES, GROUPS, RecoveryCode

SHARES = 3
THRESHOLD = 2
WORDS = 33
MAX_SHARE_CHARS = 500
"""The longest words make 296 characters; more leaves room for spaces."""

_SHORTEST_WORD = 4
_ITERATION_EXPONENT = 0
"""The secret is random, so stretching it would only cost the person time."""


class SharesFault(Enum):
    """Why shares were not taken; the interface owns the words."""

    WORD_UNKNOWN = "share_word_unknown"
    WRONG_NUMBER_OF_WORDS = "share_wrong_number_of_words"
    MISTYPED = "share_mistyped"
    TOO_FEW = "shares_too_few"
    SAME_TWICE = "share_twice"
    OF_DIFFERENT_SETS = "shares_of_different_sets"


def split_code(code: RecoveryCode) -> tuple[str, ...]:
    """Return ``SHARES`` shares, each a row of words for one sheet of paper."""
    groups = generate_mnemonics(1, [(THRESHOLD, SHARES)], code.secret, iteration_exponent=_ITERATION_EXPONENT)
    return tuple(groups[0])


def check_share(untrusted_text: str) -> str:
    """Return one typed share, tidied, when it is free of typing errors. Case, numbers and line ends do not matter.

    Raises:
        SharesError: with the number of the word that no share has, where one is to blame.
    """
    words = _words(untrusted_text[:MAX_SHARE_CHARS])
    for number, word in enumerate(words, start=1):
        if word not in WORD_INDEX_MAP:
            raise SharesError(SharesFault.WORD_UNKNOWN.value, word=number)
    if len(words) != WORDS:
        raise SharesError(SharesFault.WRONG_NUMBER_OF_WORDS.value)
    text = " ".join(words)
    try:
        Share.from_mnemonic(text)
    except MnemonicError:
        raise SharesError(SharesFault.MISTYPED.value) from None
    return text


def join_shares(untrusted_shares: Sequence[str]) -> RecoveryCode:
    """Return the code that the first ``THRESHOLD`` shares give.

    Raises:
        SharesError: too few, the same one twice, of different sets, or one with a typing error.
    """
    shares = [_checked(number, text) for number, text in enumerate(untrusted_shares, start=1)]
    if len(shares) < THRESHOLD:
        raise SharesError(SharesFault.TOO_FEW.value)
    if len(set(shares)) < len(shares):
        raise SharesError(SharesFault.SAME_TWICE.value)
    try:
        secret = combine_mnemonics(shares[:THRESHOLD])
    except MnemonicError:
        raise SharesError(SharesFault.OF_DIFFERENT_SETS.value) from None
    if len(secret) != CODE_BYTES:
        raise SharesError(SharesFault.OF_DIFFERENT_SETS.value)
    return RecoveryCode(secret)


def shares_in(untrusted_text: str) -> tuple[str, ...]:
    """Return the shares in a text that may hold several, one after another; none where it is a recovery code instead.

    A code has 13 groups, so more long words than that are shares. A rest that is no whole share is one too, with a
    fault that ``join_shares`` names.
    """
    words = _words(untrusted_text[: THRESHOLD * MAX_SHARE_CHARS])
    if sum(len(word) >= _SHORTEST_WORD for word in words) <= GROUPS:
        return ()
    return tuple(" ".join(words[start : start + WORDS]) for start in range(0, len(words), WORDS))


def _checked(number: int, untrusted_text: str) -> str:
    try:
        return check_share(untrusted_text)
    except SharesError as error:
        raise SharesError(error.code, word=error.word, share=number) from None


def _words(untrusted_text: str) -> list[str]:
    text = untrusted_text.lower()
    return "".join(char if char.isalpha() else " " for char in text).split()
