"""The head file: what was last acknowledged, outside the database, so that losing or undoing it is noticed.

SQLCipher's WAL drops committed transactions without a word when one bit of it flips, and an old database file put back
passes every page check (threat-model.md §8, measured). The head remembers how far the vault had come.

Two copies, ``head.a`` and ``head.b``. One is known to be on the disk; the other is written in place, and becomes the
one that is known to be there once the disk has said so. A torn write therefore spoils one copy and leaves the other.

``advance`` hands the state to the operating system, where it survives any end of the process, and a thread waits for
the disk (``app.store.background_sync``): waiting here as well would double the time of every append, while the events
themselves are on the disk already. A power cut can thus leave a head that lags some hundredths of a second behind,
which opening accepts after walking the chain of the events that it does not know yet.

Layout, 512 bytes, big-endian::

    magic "VSTHEAD1" 8 | generation 8 | event count 8 | head hash 32 | keyring generation 8 | slot file generation 8
    | highest time seen, ms 8 | MAC 32 | zeros

The MAC is K(K(vault key, "head"), "mac", vault id, everything before it); the inner K is ``VaultKeys.head``.
"""

import hmac
import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from app.crypto.derive import derive_key
from app.domain.ids import VaultId
from app.store.background_sync import BackgroundSync
from app.store.errors import StoreBugError, StoreError, VaultDamagedError
from app.store.files import PRIVATE_FILE_MODE, create_file, read_bounded, replace_file, write_all
from app.store.latch import WriteLatch

HEAD_NAMES = ("head.a", "head.b")
HASH_BYTES = 32
_FILE_BYTES = 512
_MAGIC = b"VSTHEAD1"
_BODY = struct.Struct(">8sQQ32sQQQ")
_MAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class HeadState:
    """How far the vault had come. ``highest_ms`` is the latest wall time that was ever acknowledged."""

    generation: int = 0
    event_count: int = 0
    head_hash: bytes = bytes(HASH_BYTES)
    keyring_generation: int = 0
    slots_generation: int = 0
    highest_ms: int = 0


class HeadFile:
    """The two copies of the head. Safe to share between threads."""

    def __init__(self, directory: Path, head_key: bytes, vault_id: VaultId, latch: WriteLatch) -> None:
        self._paths = tuple(directory / name for name in HEAD_NAMES)
        self._key = head_key
        self._vault_id = vault_id
        self._state = HeadState()
        self._highest_at_opening_ms = 0
        self._is_dirty = False  # something is only in memory
        self._is_on_disk = True  # what was written has reached the disk
        self._working = 0  # which copy is written next; the other one is known to be on the disk
        self._descriptors: dict[Path, int] = {}
        self._sync = BackgroundSync("vestibule-head", self._sync_quietly)
        self._broken: tuple[Path, ...] = ()
        self._latch = latch
        self._lock = Lock()

    def __repr__(self) -> str:
        return "<HeadFile hidden>"

    @property
    def state(self) -> HeadState:
        """What was last written, or is about to be."""
        return self._state

    @property
    def expected(self) -> tuple[int, bytes]:
        """The event count and head hash that an honest database has at least reached."""
        return self._state.event_count, self._state.head_hash

    @property
    def highest_at_opening_ms(self) -> int:
        """The latest wall time that was acknowledged before this opening, Unix milliseconds; 0 for a new vault."""
        return self._highest_at_opening_ms

    @property
    def broken_copies(self) -> tuple[str, ...]:
        """Names of copies that ``load`` could not use."""
        return tuple(path.name for path in self._broken)

    def encoded(self, state: HeadState) -> bytes:
        """Return the bytes of a head file of this vault at ``state``, for a backup."""
        return self._encode(state)

    def mac(self, label: str, data: bytes) -> bytes:
        """Return 32 bytes that only a holder of this vault's keys can make of ``data``."""
        return derive_key(self._key, label, self._vault_id.encode(), data)

    def is_mac(self, label: str, data: bytes, mac: bytes) -> bool:
        """Say whether ``mac`` is what ``mac`` makes of ``data``."""
        return hmac.compare_digest(self.mac(label, data), mac)

    def create(self, state: HeadState) -> None:
        """Write both copies of a new vault."""
        for path in self._paths:
            create_file(path, self._encode(state))
        self._state = state

    def load(self) -> None:
        """Read both copies, without writing; the valid one with the higher generation counts.

        Raises:
            VaultDamagedError: neither copy is genuine.
        """
        states = {path: self._read(path) for path in self._paths}
        valid = [(state.generation, number) for number, state in enumerate(states.values()) if state is not None]
        if not valid:
            raise VaultDamagedError("both head files")
        _, newest = max(valid)
        self._working = 1 - newest
        self._state = states[self._paths[newest]] or self._state
        self._highest_at_opening_ms = self._state.highest_ms
        self._broken = tuple(path for path, state in states.items() if state is None)

    def find_broken(self) -> tuple[str, ...]:
        """Return the names of copies that are not genuine on the disk now."""
        with self._lock:
            return tuple(path.name for path in self._paths if self._read(path) is None)

    def repair(self) -> None:
        """Write copies anew that ``load`` found broken."""
        for path in self._broken:
            replace_file(path, self._encode(self._state))

    def advance(self, event_count: int, head_hash: bytes, now_ms: int = 0) -> None:
        """Remember that the database has come this far. Call it after the commit.

        Raises:
            StoreBugError: the count would go backwards.
            DiskFullError, DiskFailedError: now or earlier; nothing may be acknowledged.
        """
        with self._lock:
            if event_count < self._state.event_count or len(head_hash) != HASH_BYTES:
                raise StoreBugError("the head only goes forward")
            highest_ms = max(now_ms, self._state.highest_ms)
            self._write(replace(self._state, event_count=event_count, head_hash=head_hash, highest_ms=highest_ms))
            self._sync.request()

    def note_keyring(self, generation: int, *, at_once: bool) -> None:
        """Remember the keyring's generation: with the next ``advance``, or durably now (after an erasure)."""
        with self._lock:
            self._state = replace(self._state, keyring_generation=max(generation, self._state.keyring_generation))
            self._is_dirty = True
            if at_once:
                self._write_both(self._state)

    def note_slots(self, generation: int) -> None:
        """Remember, durably, the generation of the slot file when it is newer."""
        with self._lock:
            if generation > self._state.slots_generation:
                self._write_both(replace(self._state, slots_generation=generation))

    def settle(self) -> None:
        """Write what is still only in memory, and wait until everything is on the disk."""
        with self._lock:
            if self._is_dirty:
                self._write(self._state)
            self._wait_for_disk()

    def close(self) -> None:
        """End the thread and let go of the files. Safe to call twice."""
        self._sync.stop()
        with self._lock:
            for descriptor in self._descriptors.values():
                os.close(descriptor)
            self._descriptors.clear()

    def _write(self, state: HeadState) -> None:
        state = replace(state, generation=state.generation + 1)
        with self._latch.guard():
            write_all(self._descriptor(), self._encode(state), 0)
        self._state, self._is_dirty, self._is_on_disk = state, False, False

    def _write_both(self, state: HeadState) -> None:
        """Write both copies, durably: beside an old file, one old copy that is put back meets one that knows better."""
        self._write(state)
        self._wait_for_disk()
        self._write(self._state)
        self._wait_for_disk()

    def _wait_for_disk(self) -> None:
        if not self._is_on_disk:
            with self._latch.guard():
                os.fdatasync(self._descriptor())
            self._change_copies()

    def _change_copies(self) -> None:
        self._working, self._is_on_disk = 1 - self._working, True

    def _sync_quietly(self) -> bool:
        """Wait for the disk without holding anybody up; on failure the latch refuses the next write."""
        with self._lock:
            if self._is_on_disk:
                return True
            written, descriptor = self._state.generation, self._descriptor()
        try:
            with self._latch.guard():
                os.fdatasync(descriptor)
        except (StoreError, OSError):
            return True
        with self._lock:
            # When something was written meanwhile, that needs a wait of its own before the copies change places.
            if written == self._state.generation and not self._is_on_disk:
                self._change_copies()
            return self._is_on_disk

    def _descriptor(self) -> int:
        path = self._paths[self._working]
        if path not in self._descriptors:
            flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            self._descriptors[path] = os.open(path, flags, PRIVATE_FILE_MODE)
        return self._descriptors[path]

    def _read(self, path: Path) -> HeadState | None:
        try:
            data = read_bounded(path, _FILE_BYTES)
        except (VaultDamagedError, OSError):
            return None
        if len(data) != _FILE_BYTES or data[: len(_MAGIC)] != _MAGIC:
            return None
        state = HeadState(*_BODY.unpack_from(data)[1:])
        return state if hmac.compare_digest(self._encode(state), data) else None

    def _encode(self, state: HeadState) -> bytes:
        body = _BODY.pack(
            _MAGIC,
            state.generation,
            state.event_count,
            state.head_hash,
            state.keyring_generation,
            state.slots_generation,
            state.highest_ms,
        )
        mac = derive_key(self._key, "mac", self._vault_id.encode(), body)
        return (body + mac).ljust(_FILE_BYTES, b"\0")
