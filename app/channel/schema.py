"""Fixed schemas over strict JSON: every key there, no other key, every value of its kind and size."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.strict_json import from_base64, load_object

MAX_WHOLE: Final = 2**53 - 1

Check = Callable[[object], Any]
Schema = Mapping[str, Check]


def read_object(untrusted_json: bytes, schema: Schema, max_bytes: int) -> dict[str, Any]:
    """Return the object with its values checked and, where binary, decoded.

    Raises:
        ValueError: not strict JSON, a key missing or unknown, or a value that is not what its key wants.
    """
    try:
        return check_object(load_object(untrusted_json, max_bytes), schema)
    except RecursionError as problem:
        raise ValueError("nested too deep") from problem


def check_object(untrusted_value: object, schema: Schema) -> dict[str, Any]:
    """Do the same for an object that was parsed already."""
    if not isinstance(untrusted_value, dict) or untrusted_value.keys() != schema.keys():
        raise ValueError("other keys")
    return {key: check(untrusted_value[key]) for key, check in schema.items()}


def whole(least: int = 0, most: int = MAX_WHOLE) -> Check:
    """Return a check for a whole number in this closed range."""

    def check(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError("not a number in range")
        return value

    return check


def text(least: int, most: int) -> Check:
    """Return a check for a string without U+0000 of so many UTF-8 bytes."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not least <= len(value.encode()) <= most or "\0" in value:
            raise ValueError("not a text of this length")
        return value

    return check


def matching(pattern: str, most: int) -> Check:
    """Return a check for a string that is wholly ``pattern`` and at most so many bytes long."""
    expression, sized = re.compile(pattern, re.ASCII), text(1, most)

    def check(value: object) -> str:
        found: str = sized(value)
        if expression.fullmatch(found) is None:
            raise ValueError("not of this form")
        return found

    return check


def binary(size: int) -> Check:
    """Return a check that decodes base64url of exactly ``size`` bytes."""
    return lambda value: from_base64(value, size)


def binary_up_to(most: int) -> Check:
    """Return a check that decodes base64url of 1 to ``most`` bytes."""

    def check(value: object) -> bytes:
        found = from_base64(value)
        if not 1 <= len(found) <= most:
            raise ValueError("not of this size")
        return found

    return check


def binary_or_empty(size: int) -> Check:
    """Return a check that decodes base64url of ``size`` bytes, or the empty string."""
    return lambda value: b"" if value == "" else from_base64(value, size)


def many(item: Check, least: int, most: int) -> Check:
    """Return a check for a list of so many items."""

    def check(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise ValueError("not a list of this length")
        return tuple(item(one) for one in value)

    return check


def flag(value: object) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise ValueError("not a truth value")  # noqa: TRY004  what came is malformed; no caller passed a wrong type
    return value
