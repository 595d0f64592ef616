"""The keyring: one random key per conversation, outside the database, so that dropping a key erases the conversation.

Two copies, ``keyring.a`` and ``keyring.b``, written in turn: a new conversation costs one short append and not the
whole file (``app.store.keyring_records``). The copy with the higher valid generation wins. After ``MAX_RECORDS`` and at
every erasure both copies are written anew, whole.

Order of commits: keyring, then database, then head. A key without a conversation harms nobody.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import RLock
from typing import Protocol

from nacl.utils import random as random_bytes

from app.crypto.derive import KEY_BYTES
from app.crypto.identities import Identity
from app.crypto.sealing import TAG_BYTES
from app.domain.ids import ConversationId, PersonId, VaultId
from app.store.conversation_keys import Behind, build_wall, followed_by
from app.store.errors import (
    StoreBugError,
    UnknownConversationError,
    VaultDamagedError,
    VaultRolledBackError,
    WalledOffError,
)
from app.store.files import create_file, overwrite, read_bounded, replace_file
from app.store.keyring_records import (
    FIRST_TAG,
    MAGIC,
    MAX_ID_BYTES,
    RingCopy,
    RingFormat,
    RingState,
    encode_add,
    encode_all,
    encode_drop,
    encode_index_key,
    encode_keys,
    encode_next,
    encode_wall,
)
from app.store.latch import WriteLatch
from app.store.own_walls import OwnWalls

KEYRING_NAMES = ("keyring.a", "keyring.b")
MAX_RECORDS = 1_000
"""Reading one record costs about 10 µs, so this keeps the read below 10 ms beyond the keys themselves."""

MAX_KEYRING_BYTES = 256 * 1024 * 1024
"""About 4,000,000 conversations."""


BoxKeys = Callable[[PersonId], bytes | None]
"""Says to which X25519 key a person is written now, as the slot file vouches for it; None for who is not here."""


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
        self._state = RingState()
        self._walls = OwnWalls()
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
        return len(self._state.keys) + len(self._state.walls)

    @property
    def generation(self) -> int:
        """How often the keyring was written."""
        return self._generation

    @property
    def index_key(self) -> bytes:
        """The key of the search index."""
        return self._state.index_key

    @property
    def broken_copies(self) -> tuple[str, ...]:
        """Names of copies that ``load`` found damaged."""
        return tuple(path.name for path in self._broken)

    def has(self, conversation_id: ConversationId) -> bool:
        """Say whether there is a key that the person at the desk may use, staged or durable."""
        return conversation_id in self._state.keys or self._walls.key_of(conversation_id) is not None

    def holds(self, conversation_id: ConversationId) -> bool:
        """Say whether there is a key at all: the person's own or behind a wall. An erased conversation has none."""
        return self._state.holds(conversation_id)

    def key_for(self, conversation_id: ConversationId) -> bytes:
        """Return the 32-byte key that seals from now on; its ``earlier`` ones open what is there.

        Raises:
            WalledOffError: a wall stands round it, and the person at the desk is not within.
            UnknownConversationError: there is none: never was, or erased.
        """
        found = self._state.keys.get(conversation_id) or self._walls.key_of(conversation_id)
        if found is not None:
            return found
        raise WalledOffError if conversation_id in self._state.walls else UnknownConversationError

    def add(self, conversation_id: ConversationId) -> bytes:
        """Return a fresh key for a conversation. It is staged; ``save`` makes it durable."""
        with self._lock:
            if self._state.holds(conversation_id) or not 0 < len(conversation_id.encode()) <= MAX_ID_BYTES:
                raise StoreBugError("a conversation gets one key, once")
            key = random_bytes(KEY_BYTES)
            self._state.add(conversation_id, key)
            self._staged.append(encode_add(conversation_id, key))
            return key

    def add_many(self, conversation_ids: Iterable[ConversationId]) -> dict[ConversationId, bytes]:
        """Return fresh keys for many conversations; one ``save`` then writes them all."""
        return {conversation_id: self.add(conversation_id) for conversation_id in conversation_ids}

    def drop(self, conversation_id: ConversationId) -> None:
        """Forget a key. ``save`` then writes both copies anew, so that the key is in neither.

        Takes no key: what is behind a wall can be destroyed without being read.

        Raises:
            UnknownConversationError: there is none.
        """
        with self._lock:
            if not self._state.holds(conversation_id):
                raise UnknownConversationError
            self._state.drop(conversation_id)
            self._walls.forget(conversation_id)
            self._staged.append(encode_drop(conversation_id))
            self._is_erasing = True

    # -- fresh keys ---------------------------------------------------------------------------------------------

    def is_stale(self, conversation_id: ConversationId) -> bool:
        """Say whether somebody who has left kept the key of a conversation."""
        return conversation_id in self._state.stale

    def freshen(self, conversation_id: ConversationId, box_keys: BoxKeys) -> None:
        """Give a conversation another key for what is written from now on; staged.

        ``box_keys`` says to which keys the boxes of a wall are sealed; who has none any more gets none.
        """
        with self._lock:
            key, following = self.key_for(conversation_id), random_bytes(KEY_BYTES)
            if conversation_id in self._state.walls:
                people = self.people_behind(conversation_id)
                self._enclose(conversation_id, followed_by(key, following), people, box_keys)
            else:
                self._state.add(conversation_id, followed_by(key, following))
                self._staged.append(encode_next(conversation_id, following))

    # -- walls --------------------------------------------------------------------------------------------------

    def open_walls(self, person_id: PersonId, seed: bytes) -> None:
        """Open what is sealed to the person at the desk; called once, after ``load``."""
        self._walls = OwnWalls(person_id, Identity(seed), self._state.walls)

    @property
    def walled(self) -> frozenset[ConversationId]:
        """Every conversation that a wall stands round."""
        return frozenset(self._state.walls)

    @property
    def walled_off(self) -> frozenset[ConversationId]:
        """What the person at the desk must not learn of: walls that they are not within."""
        return frozenset(cid for cid in self._state.walls if self.is_walled_off(cid))

    def is_walled_off(self, conversation_id: ConversationId) -> bool:
        """Say whether a wall hides a conversation from the person at the desk."""
        return conversation_id in self._state.walls and self._walls.key_of(conversation_id) is None

    def is_lent(self, conversation_id: ConversationId) -> bool:
        """Say whether the person at the desk has a key by emergency access alone."""
        return self._walls.is_lent(conversation_id)

    def people_behind(self, conversation_id: ConversationId) -> tuple[PersonId, ...]:
        """Return who was named when the wall was last set; empty where there is none or one is outside."""
        found = self._walls.behind(conversation_id)
        return () if found is None else found.people

    def box_keys_of(self, conversation_id: ConversationId) -> dict[PersonId, bytes]:
        """Return the keys that the boxes of a wall are sealed to."""
        wall = self._state.walls.get(conversation_id)
        return {} if wall is None else {person_id: box.box_key for person_id, box in wall.boxes.items()}

    def enclose(self, conversation_id: ConversationId, people: Iterable[PersonId], box_keys: BoxKeys) -> None:
        """Hold the keys of a conversation back from everybody but these people, and give it a fresh one; staged.

        Whoever opened the keyring before may have kept the key of what was written until now.

        Raises:
            WalledOffError, UnknownConversationError: nothing changed.
        """
        with self._lock:
            key = followed_by(self.key_for(conversation_id), random_bytes(KEY_BYTES))
            self._enclose(conversation_id, key, tuple(people), box_keys)

    def disclose(self, conversation_id: ConversationId) -> None:
        """Take the wall round a conversation away; staged.

        Raises:
            WalledOffError, UnknownConversationError: nothing changed.
        """
        with self._lock:
            key = self.key_for(conversation_id)
            self._walls.forget(conversation_id)
            self._state.add(conversation_id, key)
            self._staged.append(encode_keys(conversation_id, key))
            self._is_erasing = True

    def find_for(self, person_id: PersonId, seed: bytes) -> dict[ConversationId, Behind]:
        """Return what stands behind walls that somebody is within who has just proved to be there."""
        return OwnWalls(person_id, Identity(seed), self._state.walls).all()

    def lend(self, conversation_id: ConversationId, behind: Behind, until_s: float, now_s: Callable[[], float]) -> None:
        """Let the person at the desk use a key until a moment; it is nowhere but in this process."""
        with self._lock:
            self._walls.lend(conversation_id, behind, until_s, now_s)

    def take_back(self, conversation_id: ConversationId) -> None:
        """Forget a key that was lent."""
        with self._lock:
            self._walls.take_back(conversation_id)

    def _enclose(
        self, conversation_id: ConversationId, key: bytes, people: tuple[PersonId, ...], box_keys: BoxKeys
    ) -> None:
        wall = build_wall(key, {person_id: box_keys(person_id) or b"" for person_id in people})
        self._state.enclose(conversation_id, wall)
        self._walls.set(conversation_id, wall, Behind(key, people))
        self._staged.append(encode_wall(conversation_id, wall))
        self._is_erasing = True

    # -- files --------------------------------------------------------------------------------------------------

    def rotate_index_key(self, key: bytes | None = None) -> bytes:
        """Return a fresh key for the search index, staged; the old one is gone from both copies after ``save``.

        ``key`` is one that a new file has been written under already.
        """
        with self._lock:
            self._state.index_key = random_bytes(KEY_BYTES) if key is None else key
            self._staged.append(encode_index_key(self._state.index_key))
            self._is_erasing = True
            return self._state.index_key

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
        self._state.index_key = random_bytes(KEY_BYTES)
        for path in self._paths:
            create_file(path, b"")
        self._rewrite()

    def rewrapped(
        self,
        directory: Path,
        vault_key: bytes,
        vault_id: VaultId,
        watcher: KeyringWatcher,
        latch: WriteLatch,
        *,
        keeps_key: Callable[[ConversationId], bool] = lambda _cid: False,
        is_here: Callable[[PersonId], bool] = lambda _person_id: True,
    ) -> "Keyring":
        """Write both copies into another folder under another vault key, and return that keyring.

        The keys of the conversations stay, because what they seal stays, and are stale from now on but for those that
        ``keeps_key`` names; boxes of people who are not here any more go. The index gets a fresh key.
        """
        twin = Keyring(directory, vault_key, vault_id, watcher, latch)
        twin._state = self._state.copied(is_here)
        twin._state.age()
        twin._state.stale = {cid for cid in twin._state.stale if not keeps_key(cid)}
        twin._generation = self._generation
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
        self._state = best.state
        self._generation, self._records, self._last_tag = best.generation, len(best.ends), best.last_tag
        for path, copy in copies.items():
            if copy is not None and copy.is_whole and best.data.startswith(copy.data):
                self._tails[path] = (len(copy.data), best.data[len(copy.data) :])
        # A process that died between the two halves of a rewrite leaves a sound but older copy: nothing to report.
        self._has_stale_copy = len(self._tails) < len(copies) or best.is_of_before
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
        changes = encode_all(self._state)
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
