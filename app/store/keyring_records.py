"""How one copy of the keyring is written and read: pure, sees bytes and opens no file.

A copy is a row of sealed records; the first holds every key, each later one what changed::

    magic "VSTRING1" 8 | record | record | …
    record = length of the rest, 4 | generation n, 8 | sealed changes        (big-endian)

A record is sealed under K(vault key, "ring", n) and bound to the vault, to n and to the tag of the record before it, so
records cannot be left out, reordered or taken from another copy's past.

Source: threat-model.md §5.7.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from app.crypto.derive import KEY_BYTES, derive_key
from app.crypto.errors import SealBrokenError
from app.crypto.sealing import SEAL_OVERHEAD_BYTES, TAG_BYTES, open_sealed, seal
from app.domain.ids import ConversationId, VaultId

MAGIC = b"VSTRING1"
FIRST_TAG = bytes(TAG_BYTES)
"""Stands in for the tag of the record before the first one."""

MAX_ID_BYTES = 255
_RECORD = struct.Struct(">IQ")


class _Change(IntEnum):
    ADD = 1  # length of id 1 | id | key 32
    DROP = 2  # length of id 1 | id
    INDEX_KEY = 3  # key 32


@dataclass(frozen=True, slots=True)
class RingCopy:
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

    def earlier(self, data: bytes) -> "RingCopy | None":
        """Return the copy with these bytes when this one merely went on from there; saves reading it again."""
        generation = self.ends.get(len(data))
        if generation is None or not self.data.startswith(data):
            return None
        return replace(self, generation=generation, data=data, is_whole=True)


class RingFormat:
    """Seals and opens the records of one vault's keyring."""

    __slots__ = ("_vault_id", "_vault_key")

    def __init__(self, vault_key: bytes, vault_id: VaultId) -> None:
        self._vault_key = vault_key
        self._vault_id = vault_id

    def __repr__(self) -> str:
        return "<RingFormat hidden>"

    def seal_record(self, generation: int, last_tag: bytes, changes: bytes) -> bytes:
        """Return the record of one generation, to stand behind the one that ends in ``last_tag``."""
        sealed = seal(self._ring_key(generation), changes, self._context(generation, last_tag))
        return _RECORD.pack(len(sealed), generation) + sealed

    def _ring_key(self, generation: int) -> bytes:
        return derive_key(self._vault_key, "ring", generation.to_bytes(8, "big"))

    def _context(self, generation: int, last_tag: bytes) -> bytes:
        return b"|".join((MAGIC, self._vault_id.encode(), generation.to_bytes(8, "big"), last_tag))

    def parse(self, data: bytes) -> RingCopy | None:
        """Return what a copy says as far as it is genuine, or None when not even its first record is."""
        if not data.startswith(MAGIC):
            return None
        keys: dict[ConversationId, bytes] = {}
        ends: dict[int, int] = {}
        index_key, generation, last_tag, position = b"", 0, FIRST_TAG, len(MAGIC)
        while (record := self._open_record(data, position, generation, last_tag)) is not None:
            generation, changes, position, last_tag = record
            index_key = _apply(changes, keys) or index_key
            ends[position] = generation
        if not ends:
            return None
        return RingCopy(keys, index_key, generation, last_tag, data[:position], ends, position == len(data))

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


def encode_add(conversation_id: ConversationId, key: bytes) -> bytes:
    """Return the change that gives a conversation its key."""
    name = conversation_id.encode()
    return bytes((_Change.ADD, len(name))) + name + key


def encode_drop(conversation_id: ConversationId) -> bytes:
    """Return the change that takes a conversation's key away."""
    name = conversation_id.encode()
    return bytes((_Change.DROP, len(name))) + name


def encode_index_key(key: bytes) -> bytes:
    """Return the change that gives the search index its key."""
    return bytes((_Change.INDEX_KEY,)) + key


def encode_all(keys: Mapping[ConversationId, bytes], index_key: bytes) -> bytes:
    """Return the changes that lead from nothing to these keys."""
    return b"".join([*(encode_add(*one) for one in keys.items()), encode_index_key(index_key)])


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
