"""How one copy of the keyring is written and read: pure, sees bytes and opens no file.

A copy is a row of sealed records; the first holds every key, each later one what changed::

    magic "VSTRING2" 8 | record | record | …
    record = length of the rest, 4 | generation n, 8 | sealed changes        (big-endian)

A record is sealed under K(vault key, "ring", n) and bound to the vault, to n and to the tag of the record before it, so
records cannot be left out, reordered or taken from another copy's past. Copies of before begin with "VSTRING1" and hold
one key for each conversation; they are read, and written anew.

Source: threat-model.md §5.7.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum

from app.crypto.derive import KEY_BYTES, derive_key
from app.crypto.errors import SealBrokenError
from app.crypto.identities import PUBLIC_KEY_BYTES
from app.crypto.sealing import SEAL_OVERHEAD_BYTES, TAG_BYTES, open_sealed, seal
from app.domain.ids import ConversationId, PersonId, VaultId
from app.store.conversation_keys import Box, Wall, followed_by, oldest_first

MAGIC = b"VSTRING2"
EARLIER_MAGIC = b"VSTRING1"
FIRST_TAG = bytes(TAG_BYTES)
"""Stands in for the tag of the record before the first one."""

MAX_ID_BYTES = 255
_RECORD = struct.Struct(">IQ")
_SHORT = struct.Struct(">H")


class _Change(IntEnum):
    ADD = 1  # id | key 32: a conversation with one key; a wall round it falls
    DROP = 2  # id: its keys and its wall are gone
    INDEX_KEY = 3  # key 32
    NEXT = 4  # id | key 32: seals what comes next; earlier ones open what is there
    STALE = 5  # nothing: every conversation so far gets a fresh key before it is written to again
    WALL = 6  # id | number of boxes 2 | boxes: its keys stand in them alone


_ADD = int(_Change.ADD)


@dataclass(slots=True)
class RingState:
    """What the keyring holds. ``stale``: conversations whose key somebody kept who is not here any more."""

    keys: dict[ConversationId, bytes] = field(default_factory=dict)
    walls: dict[ConversationId, Wall] = field(default_factory=dict)
    stale: set[ConversationId] = field(default_factory=set)
    index_key: bytes = b""

    def __repr__(self) -> str:
        return "<RingState hidden>"

    def holds(self, conversation_id: ConversationId) -> bool:
        """Say whether there is a key, open or behind a wall."""
        return conversation_id in self.keys or conversation_id in self.walls

    def add(self, conversation_id: ConversationId, key: bytes) -> None:
        """Give a conversation its keys, for everybody who opens the keyring."""
        self.walls.pop(conversation_id, None)
        self.stale.discard(conversation_id)
        self.keys[conversation_id] = key

    def drop(self, conversation_id: ConversationId) -> None:
        """Forget the keys of a conversation and its wall."""
        self.keys.pop(conversation_id, None)
        self.walls.pop(conversation_id, None)
        self.stale.discard(conversation_id)

    def enclose(self, conversation_id: ConversationId, wall: Wall) -> None:
        """Keep the keys of a conversation in the boxes of a wall alone."""
        self.drop(conversation_id)
        self.walls[conversation_id] = wall

    def copied(self, is_here: Callable[[PersonId], bool]) -> "RingState":
        """Return the same without the boxes of people who are not here any more."""
        walls = {
            cid: Wall({person_id: box for person_id, box in wall.boxes.items() if is_here(person_id)})
            for cid, wall in self.walls.items()
        }
        return RingState(dict(self.keys), walls, set(self.stale), self.index_key)

    def age(self) -> None:
        """Have every conversation get a fresh key before it is written to again."""
        self.stale |= {*self.keys, *self.walls}


@dataclass(frozen=True, slots=True)
class RingCopy:
    """What one copy says.

    ``data`` ends after the last genuine record, ``is_whole`` when the file does too; ``ends`` maps the end of each
    record to its generation.
    """

    state: RingState
    generation: int
    last_tag: bytes
    data: bytes
    ends: dict[int, int]
    is_whole: bool

    @property
    def is_of_before(self) -> bool:
        """Whether an earlier program wrote it."""
        return self.data.startswith(EARLIER_MAGIC)

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
        sealed = seal(self._ring_key(generation), changes, self._context(MAGIC, generation, last_tag))
        return _RECORD.pack(len(sealed), generation) + sealed

    def _ring_key(self, generation: int) -> bytes:
        return derive_key(self._vault_key, "ring", generation.to_bytes(8, "big"))

    def _context(self, magic: bytes, generation: int, last_tag: bytes) -> bytes:
        return b"|".join((magic, self._vault_id.encode(), generation.to_bytes(8, "big"), last_tag))

    def parse(self, data: bytes) -> RingCopy | None:
        """Return what a copy says as far as it is genuine, or None when not even its first record is."""
        if not data.startswith((MAGIC, EARLIER_MAGIC)):
            return None
        state = RingState()
        ends: dict[int, int] = {}
        generation, last_tag, position = 0, FIRST_TAG, len(MAGIC)
        while (record := self._open_record(data, position, generation, last_tag)) is not None:
            generation, changes, position, last_tag = record
            _apply(changes, state)
            ends[position] = generation
        if not ends:
            return None
        return RingCopy(state, generation, last_tag, data[:position], ends, position == len(data))

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
        context = self._context(data[: len(MAGIC)], generation, last_tag)
        try:
            changes = open_sealed(self._ring_key(generation), data[start:end], context)
        except SealBrokenError:
            return None
        return generation, changes, end, data[end - TAG_BYTES : end]


def encode_add(conversation_id: ConversationId, key: bytes) -> bytes:
    """Return the change that gives a conversation its first key."""
    return _named(_Change.ADD, conversation_id) + key


def encode_next(conversation_id: ConversationId, key: bytes) -> bytes:
    """Return the change that gives a conversation another key for what comes next."""
    return _named(_Change.NEXT, conversation_id) + key


def encode_keys(conversation_id: ConversationId, key: bytes) -> bytes:
    """Return the changes that give a conversation all of its keys."""
    first, *others = oldest_first(key)
    return b"".join((encode_add(conversation_id, first), *(encode_next(conversation_id, one) for one in others)))


def encode_drop(conversation_id: ConversationId) -> bytes:
    """Return the change that takes the keys of a conversation away."""
    return _named(_Change.DROP, conversation_id)


def encode_index_key(key: bytes) -> bytes:
    """Return the change that gives the search index its key."""
    return bytes((_Change.INDEX_KEY,)) + key


def encode_wall(conversation_id: ConversationId, wall: Wall) -> bytes:
    """Return the change that leaves the keys of a conversation in these boxes alone.

    A box: length of the person's id 1 | id | X25519 key 32 | length 2 | sealed.
    """
    boxes = (
        bytes((len(person_id.encode()),)) + person_id.encode() + box.box_key + _SHORT.pack(len(box.sealed)) + box.sealed
        for person_id, box in wall.boxes.items()
    )
    return b"".join((_named(_Change.WALL, conversation_id), _SHORT.pack(len(wall.boxes)), *boxes))


def encode_all(state: RingState) -> bytes:
    """Return the changes that lead from nothing to this state; what is stale stands before the mark."""
    aged = [*_encode_some(state, state.stale), *((bytes((_Change.STALE,)),) if state.stale else ())]
    fresh = _encode_some(state, [*state.keys.keys() - state.stale, *state.walls.keys() - state.stale])
    return b"".join([*aged, *fresh, encode_index_key(state.index_key)])


def _encode_some(state: RingState, ids: Iterable[ConversationId]) -> list[bytes]:
    return [
        encode_wall(cid, state.walls[cid]) if cid in state.walls else encode_keys(cid, state.keys[cid])
        for cid in sorted(ids)
    ]


def _named(change: _Change, conversation_id: ConversationId) -> bytes:
    name = conversation_id.encode()
    return bytes((change, len(name))) + name


def _apply(changes: bytes, state: RingState) -> None:
    """Carry genuine changes out on ``state``. A run of new conversations, which is nearly all, goes by itself."""
    reader = _Reader(changes, _apply_adds(changes, 0, state))
    while not reader.is_at_end:
        kind = reader.take(1)[0]
        if kind == _Change.ADD:
            reader.position = _apply_adds(changes, reader.position - 1, state)
        elif kind == _Change.INDEX_KEY:
            state.index_key = reader.take(KEY_BYTES)
        elif kind == _Change.STALE:
            state.age()
        else:
            _apply_to_conversation(kind, ConversationId(reader.take_text()), reader, state)


def _apply_adds(changes: bytes, position: int, state: RingState) -> int:
    """Take every ``ADD`` from ``position`` on; return where something else begins."""
    while position < len(changes) and changes[position] == _ADD:
        end = position + 2 + changes[position + 1]
        state.add(ConversationId(changes[position + 2 : end].decode()), changes[end : end + KEY_BYTES])
        position = end + KEY_BYTES
    return position


def _apply_to_conversation(kind: int, cid: ConversationId, reader: "_Reader", state: RingState) -> None:
    match kind:
        case _Change.NEXT:
            state.add(cid, followed_by(state.keys[cid], reader.take(KEY_BYTES)))
        case _Change.WALL:
            (count,) = _SHORT.unpack(reader.take(_SHORT.size))
            state.enclose(cid, Wall(dict(_read_box(reader) for _ in range(count))))
        case _:
            state.drop(cid)


def _read_box(reader: "_Reader") -> tuple[PersonId, Box]:
    person_id, box_key = PersonId(reader.take_text()), reader.take(PUBLIC_KEY_BYTES)
    (length,) = _SHORT.unpack(reader.take(_SHORT.size))
    return person_id, Box(box_key, reader.take(length))


class _Reader:
    """Takes bytes of genuine changes from the front."""

    __slots__ = ("_data", "position")

    def __init__(self, data: bytes, position: int) -> None:
        self._data = data
        self.position = position

    @property
    def is_at_end(self) -> bool:
        return self.position >= len(self._data)

    def take(self, number: int) -> bytes:
        start = self.position
        self.position += number
        return self._data[start : self.position]

    def take_text(self) -> str:
        return self.take(self.take(1)[0]).decode()
