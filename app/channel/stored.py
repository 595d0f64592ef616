"""Sessions as bytes for the store: JSON, one list a record in the order of its fields.

Only our own records, read back from our own vault; a version in front, and nothing that came from outside decides
which class is built.
"""

import json
import types
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

VERSION: Final = 1
_T = TypeVar("_T")


def dump(record: object) -> bytes:
    """Return a frozen record as bytes; binary fields are base64, records and tuples are lists."""
    return json.dumps([VERSION, _plain(record)], separators=(",", ":")).encode()


def load(cls: type[_T], stored: bytes) -> _T:
    """Return the record of this class that was dumped.

    Raises:
        ValueError: these bytes are no such record, or of another version.
    """
    try:
        version, value = json.loads(stored)
        if version != VERSION:
            raise ValueError("another version")
        found: _T = _built(cls, value)
    except (TypeError, AttributeError, RecursionError) as problem:
        raise ValueError("not a stored session") from problem
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return [_plain(getattr(value, name)) for name in _names(value.__class__)]
    return value


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


@cache
def _hints(cls: Any) -> tuple[Any, ...]:
    hints = get_type_hints(cls)
    return tuple(hints[name] for name in _names(cls))


def _built(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        inner = next(one for one in get_args(hint) if one is not type(None))
        return None if value is None else _built(inner, value)
    if origin is tuple:
        return _built_tuple(get_args(hint), value)
    if hint is bytes:
        return b64decode(value, validate=True)
    if is_dataclass(hint):
        return _built_record(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if origin is not None and issubclass(origin, Mapping):
        raise ValueError("content is not stored")
    if type(value) is not hint:
        raise ValueError("a field of another type")
    return value


def _built_tuple(hints: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError("not a list")  # noqa: TRY004  what was stored is malformed
    if len(hints) == 2 and hints[1] is Ellipsis:  # noqa: PLR2004  tuple[X, ...]
        return tuple(_built(hints[0], item) for item in value)
    return tuple(_built(hint, item) for hint, item in zip(hints, value, strict=True))


def _built_record(cls: Any, value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError("not a list")  # noqa: TRY004  what was stored is malformed
    parts = zip(_names(cls), _hints(cls), value, strict=True)
    return cls(**{name: _built(hint, item) for name, hint, item in parts})
