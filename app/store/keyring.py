"""The keyring: one random key per conversation, outside the database, so that dropping a key erases the conversation.

Two copies, ``keyring.a`` and ``keyring.b``, written in turn. A copy is a row of sealed records; the first holds every
key, each later one what changed, so that a new conversation costs one short append and not the whole file::

    magic "VSTRING1" 8 | record | record | …
    record = length of the rest, 4 | generation n, 8 | sealed changes        (big-endian)

A record is sealed under K(vault key, "ring", n) and bound to the vault, to n and to the tag of the record before it, so
records cannot be left out, reordered or taken from another copy's past. The copy with the higher valid generation wins.
After ``MAX_RECORDS`` and at every erasure both copies are written anew, whole.

Order of commits: keyring, then database, then head. A key without a conversation harms nobody.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from threading import RLock
from typing import Protocol

from nacl.utils import random as random_bytes

from app.crypto.derive import KEY_BYTES, derive_key
from app.crypto.errors import SealBrokenError
from app.crypto.sealing import SEAL_OVERHEAD_BYTES, TAG_BYTES, open_sealed, seal
from app.domain.ids import ConversationId, VaultId
from app.store.errors import StoreBugError, UnknownConversationError, VaultDamagedError, VaultRolledBackError
from app.store.files import create_file, overwrite, read_bounded, replace_file
from app.store.latch import WriteLatch

KEYRING_NAMES = ("keyring.a", "keyring.b")
MAX_RECORDS = 1_000
"""Reading one record costs about 10 µs, so this keeps the read below 10 ms beyond the keys themselves."""

MAX_KEYRING_BYTES = 256 * 1024 * 1024
"""About 4,000,000 conversations."""

_MAGIC = b"VSTRING1"
_RECORD = struct.Struct(">IQ")
_MAX_ID_BYTES = 255


class _Change(IntEnum):
    ADD = 1  # length of id 1 | id | key 32
    DROP = 2  # length of id 1 | id
    INDEX_KEY = 3  # key 32


@dataclass(frozen=True, slots=True)
class _Copy:
    """What one copy says.

    ``data`` ends after the last genuine record, ``is_whole`` when the file does too; ``ends`` maps the end of each
    record to its generation.
    """

    keys: dict[ConversationId, bytes]
    index_key: bytes
    generation: int
    last_tag: bytes
    data: bytes
    ends: dict[int, int]
    is_whole: bool

    def earlier(self, data: bytes) -> "_Copy | None":
        """Return the copy with these bytes when this one merely went on from there; saves reading it again."""
        generation = self.ends.get(len(data))
        if generation is None or not self.data.startswith(data):
            return None
        return replace(self, generation=generation, data=data, is_whole=True)


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
        self._vault_key = vault_key
        self._vault_id = vault_id
        self._watcher = watcher
        self._latch = latch
        self._lock = RLock()
        self._keys: dict[ConversationId, bytes] = {}
        self._index_key = b""
        self._staged: list[bytes] = []
        self._is_erasing = False
        self._generation = 0
        self._records = 0
        self._last_tag = bytes(TAG_BYTES)
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
        name = conversation_id.encode()
        with self._lock:
            if conversation_id in self._keys or not 0 < len(name) <= _MAX_ID_BYTES:
                raise StoreBugError("a conversation gets one key, once")
            key = random_bytes(KEY_BYTES)
            self._keys[conversation_id] = key
            self._staged.append(_encode_add(name, key))
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
            name = conversation_id.encode()
            self._staged.append(bytes((_Change.DROP, len(name))) + name)
            self._is_erasing = True

    def rotate_index_key(self) -> bytes:
        """Return a fresh key for the search index, staged; the old one is gone from both copies after ``save``."""
        with self._lock:
            self._index_key = random_bytes(KEY_BYTES)
            self._staged.append(bytes((_Change.INDEX_KEY,)) + self._index_key)
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
        copy = self._parse(_read_file(path))
        size, missing = self._tails[path]
        is_complete = copy is not None and (copy.generation == self._generation or bool(missing))
        return copy is not None and copy.is_whole and len(copy.data) == size and is_complete

    def _adopt(self, best: _Copy, copies: dict[Path, _Copy | None]) -> None:
        self._keys, self._index_key = best.keys, best.index_key
        self._generation, self._records, self._last_tag = best.generation, len(best.ends), best.last_tag
        for path, copy in copies.items():
            if copy is not None and copy.is_whole and best.data.startswith(copy.data):
                self._tails[path] = (len(copy.data), best.data[len(copy.data) :])
        # A process that died between the two halves of a rewrite leaves a sound but older copy: nothing to report.
        self._has_stale_copy = len(self._tails) < len(copies)
        self._broken = tuple(path for path, copy in copies.items() if copy is None or not copy.is_whole)

    def _append(self, changes: bytes) -> None:
        record = self._seal_record(self._generation + 1, self._last_tag, changes)
        path, other = sorted(self._tails, key=lambda one: len(self._tails[one][1]), reverse=True)
        size, missing = self._tails[path]
        overwrite(path, missing + record, size)
        self._tails[path] = (size + len(missing) + len(record), b"")
        size, missing = self._tails[other]
        self._tails[other] = (size, missing + record)
        self._settle(self._generation + 1, self._records + 1, record)

    def _rewrite(self) -> None:
        changes = [_encode_add(name.encode(), key) for name, key in self._keys.items()]
        changes.append(bytes((_Change.INDEX_KEY,)) + self._index_key)
        record = self._seal_record(self._generation + 1, bytes(TAG_BYTES), b"".join(changes))
        for path in self._paths:
            replace_file(path, _MAGIC + record)
            self._tails[path] = (len(_MAGIC) + len(record), b"")
        self._settle(self._generation + 1, 1, record)

    def _settle(self, generation: int, records: int, record: bytes) -> None:
        self._generation, self._records, self._last_tag = generation, records, record[-TAG_BYTES:]

    def _seal_record(self, generation: int, last_tag: bytes, changes: bytes) -> bytes:
        sealed = seal(self._ring_key(generation), changes, self._context(generation, last_tag))
        return _RECORD.pack(len(sealed), generation) + sealed

    def _ring_key(self, generation: int) -> bytes:
        return derive_key(self._vault_key, "ring", generation.to_bytes(8, "big"))

    def _context(self, generation: int, last_tag: bytes) -> bytes:
        return b"|".join((_MAGIC, self._vault_id.encode(), generation.to_bytes(8, "big"), last_tag))

    def _read_both(self) -> dict[Path, _Copy | None]:
        found = sorted(((_read_file(path), path) for path in self._paths), key=lambda one: len(one[0]), reverse=True)
        (longer, longer_path), (shorter, shorter_path) = found
        first = self._parse(longer)
        second = (first and first.earlier(shorter)) or self._parse(shorter)
        return {longer_path: first, shorter_path: second}

    def _parse(self, data: bytes) -> _Copy | None:
        """Return what a copy says as far as it is genuine, or None when not even its first record is."""
        if not data.startswith(_MAGIC):
            return None
        keys: dict[ConversationId, bytes] = {}
        ends: dict[int, int] = {}
        index_key, generation, last_tag, position = b"", 0, bytes(TAG_BYTES), len(_MAGIC)
        while (record := self._open_record(data, position, generation, last_tag)) is not None:
            generation, changes, position, last_tag = record
            index_key = _apply(changes, keys) or index_key
            ends[position] = generation
        if not ends:
            return None
        return _Copy(keys, index_key, generation, last_tag, data[:position], ends, position == len(data))

    def _open_record(
        self, data: bytes, position: int, last_generation: int, last_tag: bytes
    ) -> tuple[int, bytes, int, bytes] | None:
        """Return generation, changes, end and tag of the record at ``position``; None when there is no genuine one."""
        if position + _RECORD.size > len(data):
            return None
        length, generation = _RECORD.unpack_from(data, position)
        start = position + _RECORD.size
        end = start + length
        if length < SEAL_OVERHEAD_BYTES or end > len(data) or (last_generation and generation != last_generation + 1):
            return None
        try:
            changes = open_sealed(self._ring_key(generation), data[start:end], self._context(generation, last_tag))
        except SealBrokenError:
            return None
        return generation, changes, end, data[end - TAG_BYTES : end]


def _read_file(path: Path) -> bytes:
    """Return the bytes of a copy; a missing, unreadable or absurdly long one counts as empty, that is, damaged."""
    try:
        return read_bounded(path, MAX_KEYRING_BYTES)
    except (VaultDamagedError, OSError):
        return b""


def _encode_add(name: bytes, key: bytes) -> bytes:
    return bytes((_Change.ADD, len(name))) + name + key


def _apply(changes: bytes, keys: dict[ConversationId, bytes]) -> bytes:
    """Carry genuine changes out on ``keys``; return the new key of the index, or nothing."""
    index_key, position = b"", 0
    while position < len(changes):
        kind, position = changes[position], position + 1
        if kind == _Change.INDEX_KEY:
            index_key, position = changes[position : position + KEY_BYTES], position + KEY_BYTES
            continue
        end = position + 1 + changes[position]
        name = ConversationId(changes[position + 1 : end].decode())
        if kind == _Change.ADD:
            keys[name], position = changes[end : end + KEY_BYTES], end + KEY_BYTES
        else:
            keys.pop(name, None)
            position = end
    return index_key
