"""The body of a frame and the items of a hello: strict JSON with a fixed schema."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.channel.digests import ID_BYTES
from app.channel.kinds import EARLY_KINDS, Content, Kind, Role, check_content, plain_content
from app.channel.padding import size_class
from app.channel.schema import Schema, binary, binary_or_empty, check_object, read_object, whole
from app.domain.post_sizes import PLAIN_CLASSES
from app.domain.strict_json import dump_object, from_base64, to_base64

MAX_SEEN: Final = 8
MAX_NUMBER: Final = 4_095
NOTHING_BEFORE: Final = bytes(ID_BYTES)
"""Stands for the frame before a sender's first."""

Told = tuple[tuple[bytes, int], ...]
"""Chains (16 B) and the height that is told of each."""


def _seen(value: object) -> Told:
    if not isinstance(value, dict) or len(value) > MAX_SEEN:
        raise ValueError("not what was seen")
    height = whole(0, MAX_NUMBER)
    return tuple((from_base64(chain, ID_BYTES), height(number)) for chain, number in value.items())


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  what came is malformed; no caller passed a wrong type
    return value


_ITEM: Final[Schema] = {
    "id": binary(ID_BYTES),
    "clock": whole(),
    "at_ms": whole(),
    "kind": Kind,
    "content": _object,
}
_BODY: Final[Schema] = {**_ITEM, "prev": binary_or_empty(ID_BYTES), "seen": _seen}


@dataclass(frozen=True, slots=True)
class Item:
    """One message as its sender wrote it. ``clock`` is Lamport's, ``at_ms`` the sender's wall clock, for display."""

    message_id: bytes
    clock: int
    at_ms: int
    kind: Kind
    content: Content = field(repr=False)

    def plain(self) -> dict[str, object]:
        """Return the object that stands in the JSON."""
        return {
            "id": to_base64(self.message_id),
            "clock": self.clock,
            "at_ms": self.at_ms,
            "kind": self.kind.value,
            "content": plain_content(self.content),
        }


@dataclass(frozen=True, slots=True)
class Body:
    """A message in a frame: with the frame before it and what its sender has seen."""

    item: Item
    prev: bytes
    seen: Told


def check_early_item(untrusted_value: object) -> Item:
    """Return an item of a hello. Raises ValueError when it is none."""
    fields = check_object(untrusted_value, _ITEM)
    if fields["kind"] not in EARLY_KINDS:
        raise ValueError("not in a hello")
    return _item(fields, Role.PATIENT)


def read_body(untrusted_json: bytes, role: Role) -> Body:
    """Return the body that ``role`` wrote. Raises ValueError when it is none (channel.md §6, §7)."""
    fields = read_object(untrusted_json, _BODY, PLAIN_CLASSES[-1])
    return Body(_item(fields, role), fields["prev"] or NOTHING_BEFORE, fields["seen"])


def _item(fields: Mapping[str, Any], role: Role) -> Item:
    content = check_content(role, fields["kind"], fields["content"])
    return Item(fields["id"], fields["clock"], fields["at_ms"], fields["kind"], content)


def write_body(item: Item, prev: bytes, owed: Told, overhead: int) -> tuple[bytes, Told]:
    """Return the JSON of a body, and the part of ``owed`` that stands in it.

    What was seen is told as far as the size class has room for it anyway, so that it does not show in the length; an
    ack tells at least one. ``overhead`` counts the bytes that stand before the body in the plain text.

    Raises:
        ValueError: longer than the largest class.
    """
    fields = item.plain()
    written = {
        "id": fields.pop("id"),
        "prev": "" if prev == NOTHING_BEFORE else to_base64(prev),
        "seen": {},
    } | fields
    bare = overhead + len(dump_object(written))
    told = tuple(_fitting(owed, size_class(bare) - 1 - bare, least=1 if item.kind is Kind.ACK else 0))
    written["seen"] = {to_base64(chain): height for chain, height in told}
    return dump_object(written), told


def _fitting(owed: Told, room: int, least: int) -> Iterable[tuple[bytes, int]]:
    for place, (chain, height) in enumerate(owed[:MAX_SEEN]):
        room -= len(f'"{to_base64(chain)}":{height},')
        if room < 0 and place >= least:
            return
        yield chain, height
