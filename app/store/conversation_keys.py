"""The keys of one conversation, newest first, and the boxes that hold them back from everybody but named people.

A conversation begins with one key. Whoever leaves the office, or stands outside of a wall from now on, may have kept
it; so what is written afterwards gets a fresh one. What is there already stays under the key it was sealed with,
because the hash chain covers sealed bodies.

Content of a box, canonical JSON: ``{"keys": [hex, oldest first], "people": [ids]}``, sealed to one person's X25519 key.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from app.crypto.derive import KEY_BYTES
from app.crypto.errors import SealBrokenError
from app.crypto.identities import PUBLIC_KEY_BYTES, Identity, PublicIdentity
from app.domain.ids import PersonId


class ConversationKey(bytes):
    """The key that seals what comes next, 32 bytes. ``earlier``: those of before, newest first, which only open."""

    earlier: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "<ConversationKey hidden>"

    @classmethod
    def of(cls, oldest_first: Sequence[bytes]) -> Self:
        """Return the key that these make together."""
        made = cls(oldest_first[-1])
        made.earlier = tuple(bytes(key) for key in reversed(oldest_first[:-1]))
        return made


def earlier_of(key: bytes) -> tuple[bytes, ...]:
    """Return the keys that may have sealed what ``key`` does not open, newest first."""
    return key.earlier if isinstance(key, ConversationKey) else ()


def oldest_first(key: bytes) -> tuple[bytes, ...]:
    """Return all keys that belong together, in the order in which they came."""
    return (*reversed(earlier_of(key)), bytes(key))


def first_of(key: bytes) -> bytes:
    """Return the key that a conversation began with; what is derived from it never changes."""
    return oldest_first(key)[0]


def followed_by(key: bytes, following: bytes) -> ConversationKey:
    """Return the same keys with a newer one that seals from now on."""
    return ConversationKey.of((*oldest_first(key), following))


@dataclass(frozen=True, slots=True)
class Box:
    """What one person needs: sealed to ``box_key``, which is another one after a reset of their sign-in."""

    box_key: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wall:
    """Who holds the keys of one conversation; nobody else does."""

    boxes: Mapping[PersonId, Box]


@dataclass(frozen=True, slots=True)
class Behind:
    """What somebody finds in their box: the keys, and who else has them."""

    key: bytes
    people: tuple[PersonId, ...]


def build_wall(key: bytes, people: Mapping[PersonId, bytes]) -> Wall:
    """Return the boxes of these people (id: X25519 key); an id with an empty key is named and gets no box."""
    content = json.dumps(
        {"keys": [one.hex() for one in oldest_first(key)], "people": sorted(people)}, sort_keys=True
    ).encode()
    boxes = {
        person_id: Box(box_key, PublicIdentity(box_key, bytes(PUBLIC_KEY_BYTES)).seal_to(content))
        for person_id, box_key in people.items()
        if box_key
    }
    return Wall(boxes)


def open_wall(wall: Wall, person_id: PersonId, identity: Identity) -> Behind | None:
    """Return what a person finds in their box; None when there is none that they can open."""
    box = wall.boxes.get(person_id)
    if box is None:
        return None
    try:
        content = json.loads(identity.open_box(box.sealed))
        keys = [bytes.fromhex(one) for one in content["keys"]]
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            return None
        return Behind(ConversationKey.of(keys), tuple(PersonId(str(one)) for one in content["people"]))
    except (SealBrokenError, ValueError, KeyError, TypeError):
        return None
