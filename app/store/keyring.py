"""The keyring: one random key per conversation, outside the database, so that dropping a key erases the conversation.

Two copies, ``keyring.a`` and ``keyring.b``, written in turn: a new conversation costs one short append and not the
whole file (``app.store.keyring_records``). The copy with the higher valid generation wins. After ``MAX_RECORDS`` and at
every erasure both copies are written anew, whole.

Order of commits: keyring, then database, then head. A key without a conversation harms nobody.
"""

from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Protocol

from nacl.utils import random as random_bytes

from app.crypto.derive import KEY_BYTES
from app.crypto.sealing import TAG_BYTES
from app.domain.ids import ConversationId, VaultId
from app.store.errors import StoreBugError, UnknownConversationError, VaultDamagedError, VaultRolledBackError
from app.store.files import create_file, overwrite, read_bounded, replace_file
from app.store.keyring_records import (
    FIRST_TAG,
    MAGIC,
    MAX_ID_BYTES,
    RingCopy,
    RingFormat,
    encode_add,
    encode_all,
    encode_drop,
    encode_index_key,
)
from app.store.latch import WriteLatch

KEYRING_NAMES = ("keyring.a", "keyring.b")
MAX_RECORDS = 1_000
"""Reading one record costs about 10 µs, so this keeps the read below 10 ms beyond the keys themselves."""

MAX_KEYRING_BYTES = 256 * 1024 * 1024
"""About 4,000,000 conversations."""


class KeyringWatcher(Protocol):
    """Who is told that the keyring is durable at a generation; the head file."""

    def note_keyring(self, generation: int, *, at_once: bool) -> None:
        """Remember the generation; durably before returning when ``at_once``."""


class Keyring:
    """The keys of one open vault. Safe to share between threads."""

    def __init__(
        self, directory: Path, vault_key: bytes, vault_id: VaultId, watcher: KeyringWatcher, latch: WriteLatch
    ) -> None:
        self._paths = tuple(directory / name for name in KEYRING_NAMES)
        self._format = RingFormat(vault_key, vault_id)
        self._watcher = watcher
        self._latch = latch
        self._lock = RLock()
        self._keys: dict[ConversationId, bytes] = {}
        self._index_key = b""
        self._staged: list[bytes] = []
        self._is_erasing = False
        self._generation = 0
        self._records = 0
        self._last_tag = FIRST_TAG
        self._tails: dict[Path, tuple[int, bytes]] = {}  # path -> bytes on disk, records it lacks
        self._broken: tuple[Path, ...] = ()
        self._has_stale_copy = False

    def __repr__(self) -> str:
        return "<Keyring hidden>"

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def generation(self) -> int:
        """How often the keyring was written."""
        return self._generation

    @property
    def index_key(self) -> bytes:
        """The key of the search index."""
        return self._index_key

    @property
    def broken_copies(self) -> tuple[str, ...]:
        """Names of copies that ``load`` found damaged."""
        return tuple(path.name for path in self._broken)

    def has(self, conversation_id: ConversationId) -> bool:
        """Say whether there is a key, staged or durable."""
        return conversation_id in self._keys

    def key_for(self, conversation_id: ConversationId) -> bytes:
        """Return the 32-byte key of a conversation.

        Raises:
            UnknownConversationError: there is none: never was, or erased.
        """
        try:
            return self._keys[conversation_id]
        except KeyError:
            raise UnknownConversationError from None

    def add(self, conversation_id: ConversationId) -> bytes:
        """Return a fresh key for a conversation. It is staged; ``save`` makes it durable."""
        with self._lock:
            if conversation_id in self._keys or not 0 < len(conversation_id.encode()) <= MAX_ID_BYTES:
                raise StoreBugError("a conversation gets one key, once")
            key = random_bytes(KEY_BYTES)
            self._keys[conversation_id] = key
            self._staged.append(encode_add(conversation_id, key))
            return key

    def add_many(self, conversation_ids: Iterable[ConversationId]) -> dict[ConversationId, bytes]:
        """Return fresh keys for many conversations; one ``save`` then writes them all."""
        return {conversation_id: self.add(conversation_id) for conversation_id in conversation_ids}

    def drop(self, conversation_id: ConversationId) -> None:
        """Forget a key. ``save`` then writes both copies anew, so that the key is in neither.

        Raises:
            UnknownConversationError: there is none.
        """
        with self._lock:
            self.key_for(conversation_id)
            del self._keys[conversation_id]
            self._staged.append(encode_drop(conversation_id))
            self._is_erasing = True

    def rotate_index_key(self, key: bytes | None = None) -> bytes:
        """Return a fresh key for the search index, staged; the old one is gone from both copies after ``save``.

        ``key`` is one that a new file has been written under already.
        """
        with self._lock:
            self._index_key = random_bytes(KEY_BYTES) if key is None else key
            self._staged.append(encode_index_key(self._index_key))
            self._is_erasing = True
            return self._index_key

    def save(self) -> None:
        """Make everything staged durable; does nothing when nothing is.

        Raises:
            DiskFullError: nothing staged is durable; do not commit.
            DiskFailedError: likewise.
        """
        with self._lock:
            if not self._staged:
                return
            is_erasing = self._is_erasing
            with self._latch.guard():
                if is_erasing or self._records >= MAX_RECORDS:
                    self._rewrite()
                else:
                    self._append(b"".join(self._staged))
            self._staged.clear()
            self._is_erasing = False
        self._watcher.note_keyring(self._generation, at_once=is_erasing)

    def create(self) -> None:
        """Write both copies of a new vault: no conversation yet, and a key for the index."""
        self._index_key = random_bytes(KEY_BYTES)
        for path in self._paths:
            create_file(path, b"")
        self._rewrite()

    def rewrapped(
        self, directory: Path, vault_key: bytes, vault_id: VaultId, watcher: KeyringWatcher, latch: WriteLatch
    ) -> "Keyring":
        """Write both copies into another folder under another vault key, and return that keyring.

        The keys of the conversations stay, because what they seal stays; the index gets a fresh one.
        """
        twin = Keyring(directory, vault_key, vault_id, watcher, latch)
        twin._keys, twin._generation = dict(self._keys), self._generation
        twin.create()
        return twin

    def load(self, least_generation: int) -> None:
        """Read both copies, without writing.

        Args:
            least_generation: what the head file remembers; older keyrings were put back.

        Raises:
            VaultDamagedError: neither copy is genuine up to ``least_generation``.
            VaultRolledBackError: genuine, but older than ``least_generation``.
        """
        copies = self._read_both()
        best = max((copy for copy in copies.values() if copy), key=lambda copy: copy.generation, default=None)
        if best is None:
            raise VaultDamagedError("both keyring files")
        if best.generation < least_generation:
            are_whole = all(copy is not None and copy.is_whole for copy in copies.values())
            raise VaultRolledBackError("keyring") if are_whole else VaultDamagedError("keyring")
        self._adopt(best, copies)

    def find_broken(self) -> tuple[str, ...]:
        """Return the names of copies that are not, to the last byte, what was written."""
        with self._lock:
            return tuple(path.name for path in self._paths if not self._is_as_written(path))

    def repair(self) -> None:
        """Write both copies anew when ``load`` found one damaged, or left over from before an erasure."""
        with self._lock:
            if self._broken or self._has_stale_copy:
                self._rewrite()
                self._watcher.note_keyring(self._generation, at_once=True)

    def tidy(self) -> None:
        """Leave both copies equal and short; called when the vault closes."""
        with self._lock:
            if self._records > MAX_RECORDS // 10:
                self._rewrite()
                self._watcher.note_keyring(self._generation, at_once=True)
            for path, (size, missing) in self._tails.items():
                if missing:
                    overwrite(path, missing, size)
                    self._tails[path] = (size + len(missing), b"")

    def _is_as_written(self, path: Path) -> bool:
        copy = self._format.parse(_read_file(path))
        size, missing = self._tails[path]
        is_complete = copy is not None and (copy.generation == self._generation or bool(missing))
        return copy is not None and copy.is_whole and len(copy.data) == size and is_complete

    def _adopt(self, best: RingCopy, copies: dict[Path, RingCopy | None]) -> None:
        self._keys, self._index_key = best.keys, best.index_key
        self._generation, self._records, self._last_tag = best.generation, len(best.ends), best.last_tag
        for path, copy in copies.items():
            if copy is not None and copy.is_whole and best.data.startswith(copy.data):
                self._tails[path] = (len(copy.data), best.data[len(copy.data) :])
        # A process that died between the two halves of a rewrite leaves a sound but older copy: nothing to report.
        self._has_stale_copy = len(self._tails) < len(copies)
        self._broken = tuple(path for path, copy in copies.items() if copy is None or not copy.is_whole)

    def _append(self, changes: bytes) -> None:
        record = self._format.seal_record(self._generation + 1, self._last_tag, changes)
        path, other = sorted(self._tails, key=lambda one: len(self._tails[one][1]), reverse=True)
        size, missing = self._tails[path]
        overwrite(path, missing + record, size)
        self._tails[path] = (size + len(missing) + len(record), b"")
        size, missing = self._tails[other]
        self._tails[other] = (size, missing + record)
        self._settle(self._generation + 1, self._records + 1, record)

    def _rewrite(self) -> None:
        changes = encode_all(self._keys, self._index_key)
        record = self._format.seal_record(self._generation + 1, FIRST_TAG, changes)
        for path in self._paths:
            replace_file(path, MAGIC + record)
            self._tails[path] = (len(MAGIC) + len(record), b"")
        self._settle(self._generation + 1, 1, record)

    def _settle(self, generation: int, records: int, record: bytes) -> None:
        self._generation, self._records, self._last_tag = generation, records, record[-TAG_BYTES:]

    def _read_both(self) -> dict[Path, RingCopy | None]:
        found = sorted(((_read_file(path), path) for path in self._paths), key=lambda one: len(one[0]), reverse=True)
        (longer, longer_path), (shorter, shorter_path) = found
        first = self._format.parse(longer)
        second = (first and first.earlier(shorter)) or self._format.parse(shorter)
        return {longer_path: first, shorter_path: second}


def _read_file(path: Path) -> bytes:
    """Return the bytes of a copy; a missing, unreadable or absurdly long one counts as empty, that is, damaged."""
    try:
        return read_bounded(path, MAX_KEYRING_BYTES)
    except (VaultDamagedError, OSError):
        return b""
