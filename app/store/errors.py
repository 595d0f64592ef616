"""What can go wrong in this room.

::

    StoreError
    ├── UnknownConversationError     no key, so no such conversation (never was, or erased)
    │   └── WalledOffError           its key is sealed to people among whom this one is not
    ├── WorldFailedError             the world failed: shown calmly, often retried
    │   ├── VaultMissingError        there is no vault in this folder
    │   ├── VaultExistsError         there is something in this folder already
    │   ├── WeakPasswordError        the password for a new vault is one that guessers try first
    │   ├── TooSoonError             too many wrong passwords; says how long to wait
    │   ├── SecondMissingError       the key stick that a sign-in needs is not here
    │   ├── VaultBusyError           another console holds this vault
    │   ├── VaultExposedError        the folder is open to other users of the machine
    │   ├── SlotFileMissingError     the database is here, its slot file is not
    │   ├── NotEnoughMemoryError     the machine cannot spare what the stretching of a password needs
    │   ├── DiskFullError            no space left; nothing is acknowledged any more
    │   ├── DiskFailedError          the disk reported an error; nothing is acknowledged any more
    │   ├── BackupPlaceError         the folder for backups is not there or cannot be written
    │   ├── BackupMissingError       there is no backup in this folder
    │   ├── BackupStoppedError       somebody stopped a backup; the earlier ones are as they were
    │   └── NewerSchemaError         written by a newer program; nothing was touched
    ├── RefusedError                 somebody lied or something broke: refused, never retried blindly
    │   ├── WrongPasswordError
    │   │   ├── WrongRecoveryCodeError
    │   │   └── WrongCodeError       the code from the phone, or the password with it
    │   ├── NotAllowedError          this person may not do that
    │   ├── SlotFileDamagedError     the slot file is not what was written
    │   ├── KdfDowngradeError        a slot asks for less work than the floor
    │   ├── NotEncryptedError        a plain SQLite file stands where an encrypted one must be
    │   ├── BackupDamagedError       a backup is not what was written
    │   ├── VaultDamagedError        bytes on disk are not what was written
    │   └── VaultRolledBackError     the files are genuine but older than what was last acknowledged
    └── StoreBugError                we have a bug: loud, stops the operation
        └── EventFormatError         a body does not fit its kind of event

Every class has a ``code``; the interface owns the words. No message names content.
"""


class StoreError(Exception):
    """Root of this room's errors."""

    code = "store_failed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)


class WorldFailedError(StoreError):
    """Nobody's fault; may pass."""


class VaultMissingError(WorldFailedError):
    """There is no vault in this folder."""

    code = "vault_missing"


class VaultExistsError(WorldFailedError):
    """The folder is not empty; a vault is never created over something."""

    code = "vault_exists"


class WeakPasswordError(WorldFailedError):
    """The password for a new vault was not accepted; ``detail`` is the code of ``app.crypto.passwords``."""

    code = "weak_password"


class TooSoonError(WorldFailedError):
    """Too many wrong passwords lately; ``left_ms`` is how long the next try has to wait."""

    code = "too_soon"

    def __init__(self, left_ms: int) -> None:
        super().__init__()
        self.left_ms = left_ms


class SecondMissingError(WorldFailedError):
    """The key stick that this sign-in needs is not here; ``kind`` says which kind of thing. Nothing was tried."""

    code = "second_missing"

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


class VaultBusyError(WorldFailedError):
    """Another console holds the lock of this vault."""

    code = "vault_busy"


class VaultExposedError(WorldFailedError):
    """The folder belongs to somebody else or lets others in (must be 0700)."""

    code = "vault_exposed"


class SlotFileMissingError(WorldFailedError):
    """The slot file is not there, so no password can open this vault; restore it from a backup."""

    code = "slot_file_missing"


class NotEnoughMemoryError(WorldFailedError):
    """The machine cannot spare the memory for the password right now; closing other programs helps."""

    code = "not_enough_memory"


class DiskFullError(WorldFailedError):
    """No space left. What was acknowledged before is safe; nothing more is acknowledged until the vault is reopened."""

    code = "disk_full"


class DiskFailedError(WorldFailedError):
    """The disk reported an error. A later success would prove nothing (fsync), so the vault must be reopened."""

    code = "disk_failed"


class BackupPlaceError(WorldFailedError):
    """The folder for backups is not there (a disk that was unplugged), or cannot be written."""

    code = "backup_place"


class BackupMissingError(WorldFailedError):
    """There is no backup in this folder, or more than one and nobody said which."""

    code = "backup_missing"


class BackupStoppedError(WorldFailedError):
    """A person stopped the backup. Earlier ones are as they were."""

    code = "backup_stopped"


class UnknownConversationError(StoreError):
    """The keyring holds no key for this conversation."""

    code = "unknown_conversation"


class WalledOffError(UnknownConversationError):
    """A wall stands round this conversation; outside of it there is no telling it from one that never was."""

    code = "unknown_conversation"


class NewerSchemaError(WorldFailedError):
    """A newer program wrote this vault. It was left as it is."""

    code = "newer_schema"


class RefusedError(StoreError):
    """Somebody lied, or something broke."""


class WrongPasswordError(RefusedError):
    """No slot opens with this password."""

    code = "wrong_password"


class WrongRecoveryCodeError(WrongPasswordError):
    """The code is well formed and not the one of this vault."""

    code = "wrong_recovery_code"


class WrongCodeError(WrongPasswordError):
    """Password and code do not open the vault together. Nobody at the door is told which of them was wrong.

    ``knew_password`` is for the log: somebody knows the password and has not the phone.
    """

    code = "wrong_code"

    def __init__(self, *, knew_password: bool) -> None:
        super().__init__()
        self.knew_password = knew_password


class NotAllowedError(RefusedError):
    """This takes an administrator, or a person who is there."""

    code = "not_allowed"


class LastAdministratorError(NotAllowedError):
    """An office needs somebody with a password who can let people in."""

    code = "last_administrator"


class NotYourselfError(NotAllowedError):
    """Nobody locks themselves out, or makes themselves something else; another administrator does."""

    code = "not_yourself"


class SlotFileDamagedError(RefusedError):
    """The slot file is not what was written."""

    code = "slot_file_damaged"


class KdfDowngradeError(RefusedError):
    """A slot names stretching parameters below the compiled-in floor (or absurdly high ones)."""

    code = "kdf_downgrade"


class NotEncryptedError(RefusedError):
    """A plain SQLite file stands in place of an encrypted one."""

    code = "not_encrypted"


class BackupDamagedError(RefusedError):
    """A backup is not what was written; nothing was restored from it."""

    code = "backup_damaged"


class VaultDamagedError(RefusedError):
    """Bytes on disk are not what was written. ``detail`` names the file and what about it."""

    code = "vault_damaged"


class VaultRolledBackError(RefusedError):
    """Genuine files, older than what was last acknowledged: a lost WAL tail or an old copy put back."""

    code = "vault_rolled_back"


class StoreBugError(StoreError):
    """The program asked for something impossible."""

    code = "store_bug"


class EventFormatError(StoreBugError):
    """A body does not fit its kind of event."""

    code = "event_format"
