"""The keyring of somebody who never sees a message: one key, of the office's own stream, and nothing to write.

The files of the keyring are sealed under what limited keys do not lead to, so they are not even read.
"""

from pathlib import Path

from app.domain.ids import OFFICE, ConversationId, PersonId, VaultId
from app.store.errors import NotAllowedError
from app.store.head import HeadFile
from app.store.keyring import Keyring
from app.store.latch import WriteLatch


class OfficeKeyring(Keyring):
    """Stands where the keyring stands, and refuses whatever takes a key of a conversation."""

    def __init__(
        self, directory: Path, office_key: bytes, vault_id: VaultId, head: HeadFile, latch: WriteLatch
    ) -> None:
        # The key below is never used: nothing of the files is read, and nothing is written to them.
        super().__init__(directory, bytes(len(office_key)), vault_id, head, latch)
        self._state.keys[OFFICE] = office_key
        self._generation = head.state.keyring_generation

    def __repr__(self) -> str:
        return "<OfficeKeyring hidden>"

    @property
    def index_key(self) -> bytes:
        """The key of the search index is not in this person's box.

        Raises:
            NotAllowedError: always.
        """
        raise NotAllowedError

    def load(self, least_generation: int) -> None:
        """Do nothing: the copies do not open under these keys."""

    def find_broken(self) -> tuple[str, ...]:
        """Return nothing: whether the copies are sound is seen by whoever can open them."""
        return ()

    def open_walls(self, person_id: PersonId, seed: bytes) -> None:
        """Do nothing: no wall has somebody within who never sees a message."""

    def repair(self) -> None:
        """Do nothing, as ``load``."""

    def tidy(self) -> None:
        """Do nothing, as ``load``."""

    def save(self) -> None:
        """Do nothing: nothing can be staged."""

    def add(self, conversation_id: ConversationId) -> bytes:  # noqa: ARG002 - refused whatever it is
        """Refuse a new conversation; raises NotAllowedError."""
        raise NotAllowedError

    def drop(self, conversation_id: ConversationId) -> None:  # noqa: ARG002 - likewise
        """Refuse to forget a key; raises NotAllowedError."""
        raise NotAllowedError

    def rotate_index_key(self, key: bytes | None = None) -> bytes:  # noqa: ARG002 - likewise
        """Refuse a new key for the index; raises NotAllowedError."""
        raise NotAllowedError
