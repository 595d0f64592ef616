"""What can go wrong in this room.

::

    CryptoError
    ├── SealBrokenError          a tag did not match: wrong key, wrong context or altered bytes
    ├── SignatureBrokenError     a signature did not match
    ├── KdfDowngradeError        stretching parameters below the compiled-in floor (or absurdly high)
    ├── NotEnoughMemoryError     the machine cannot spare what the stretching needs
    ├── RecoveryCodeError        a typed recovery code cannot be right; says which group
    └── SharesError              typed recovery shares cannot be right; ``code`` says how
"""


class CryptoError(Exception):
    """Root of this room's errors. Messages name no content, only what kind of thing failed."""

    code = "crypto_failed"


class SealBrokenError(CryptoError):
    """The authentication tag does not match; nothing was decrypted."""

    code = "seal_broken"

    def __init__(self) -> None:
        super().__init__("the seal does not match")


class SignatureBrokenError(CryptoError):
    """The signature was not made by the named key over these bytes."""

    code = "signature_broken"

    def __init__(self) -> None:
        super().__init__("the signature does not match")


class KdfDowngradeError(CryptoError):
    """Somebody names stretching parameters outside what this program accepts."""

    code = "kdf_downgrade"

    def __init__(self) -> None:
        super().__init__("the password stretching parameters are outside the accepted range")


class NotEnoughMemoryError(CryptoError):
    """The machine cannot spare the memory that the stretching needs right now."""

    code = "not_enough_memory"

    def __init__(self) -> None:
        super().__init__("not enough memory to stretch a password")


class RecoveryCodeError(CryptoError):
    """The typed code cannot be a recovery code.

    ``group`` counts from 1 and names the group with the typo; None when the number of groups is wrong.
    """

    code = "recovery_code_malformed"

    def __init__(self, group: int | None) -> None:
        super().__init__("the number of groups is wrong" if group is None else f"group {group} holds a typo")
        self.group = group


class SharesError(CryptoError):
    """Typed shares cannot give a recovery code.

    ``code`` is one of ``app.crypto.shares.SharesFault``; ``share`` and ``word`` count from 1, None where none is to
    blame.
    """

    def __init__(self, code: str, *, word: int | None = None, share: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.word = word
        self.share = share
