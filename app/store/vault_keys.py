"""What stands in a person's box: the vault key, or for those who never see a message only what hangs beside it.

An auditor and somebody from IT open the same vault and hold no key of a conversation, nor one that leads to it::

    vault key ─┬─ database      ids, times, kinds and counts; every word in it is sealed once more
               ├─ head, slots, names
               ├─ ring ── one key per conversation, key of the search index        not in a limited box
    office ────┘ the office's own stream: its name, its answers, what happened to people and keys

So a limited person reads what the office says of itself, proves that the log is whole, and can be kept from a message
by no screen's good manners but by arithmetic. What is derived does not lead back to the vault key.

Layout of a box's content::

    full: vault key 32
    limited: database 32 | head 32 | slots 32 | names 32 | office 32
"""

from dataclasses import dataclass, replace

from app.crypto.derive import KEY_BYTES, derive_key
from app.domain.office import Role
from app.domain.roles import may_read_messages
from app.store.errors import NotAllowedError, StoreBugError

LIMITED_BYTES = 5 * KEY_BYTES


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """The keys of one epoch that one person holds. ``office`` is the key of the office's own stream."""

    database: bytes
    head: bytes
    slots: bytes
    names: bytes
    office: bytes | None = None
    whole: bytes | None = None

    def __repr__(self) -> str:
        return "<VaultKeys hidden>"

    @classmethod
    def under(cls, vault_key: bytes, epoch: int) -> "VaultKeys":
        """Return everything that hangs below a vault key."""
        return cls(
            database=derive_key(vault_key, "db", epoch.to_bytes(8, "big")),
            head=derive_key(vault_key, "head"),
            slots=derive_key(vault_key, "slot file"),
            names=derive_key(vault_key, "slot names"),
            whole=vault_key,
        )

    @classmethod
    def from_box(cls, content: bytes, epoch: int) -> "VaultKeys":
        """Return the keys that stood in a box.

        Raises:
            ValueError: it holds something else.
        """
        if len(content) == KEY_BYTES:
            return cls.under(content, epoch)
        if len(content) != LIMITED_BYTES:
            raise ValueError("neither a vault key nor its limited part")
        return cls(*(content[start : start + KEY_BYTES] for start in range(0, LIMITED_BYTES, KEY_BYTES)))

    @property
    def are_full(self) -> bool:
        """Say whether they lead to the conversations."""
        return self.whole is not None

    @property
    def vault_key(self) -> bytes:
        """The vault key itself.

        Raises:
            NotAllowedError: these keys are limited.
        """
        if self.whole is None:
            raise NotAllowedError("limited keys")
        return self.whole

    def with_office(self, office_key: bytes) -> "VaultKeys":
        """Return the same keys and the one of the office's own stream, so that limited boxes can be made."""
        return replace(self, office=office_key)

    def content_for(self, role: Role) -> bytes:
        """Return what belongs into the box of somebody of a role."""
        if may_read_messages(role):
            return self.vault_key
        if self.office is None:
            raise StoreBugError("a limited box needs the office's key")
        return b"".join((self.database, self.head, self.slots, self.names, self.office))
