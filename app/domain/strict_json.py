"""JSON from outside, read without mercy: no key twice, no fraction, no lone surrogate; binary as unpadded base64url."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, NoReturn

_MAX_WHOLE: Final = 2**53 - 1
"""The largest whole number that a browser counts without error."""


def load_object(untrusted_json: bytes | str, max_bytes: int) -> dict[str, object]:
    """Return the object that the text holds.

    Values are objects, lists, strings, booleans, null and whole numbers within ±(2^53 - 1); nothing else passes.

    Raises:
        ValueError: longer than ``max_bytes``, not UTF-8, not one JSON object, a key twice, or a number with a fraction.

    Source: threat-model.md §6.4 (strict UTF-8 JSON, duplicate keys refused).
    """
    raw = untrusted_json.encode("utf-8") if isinstance(untrusted_json, str) else untrusted_json
    if len(raw) > max_bytes:
        raise ValueError("too long")
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_float=_refuse,
            parse_constant=_refuse,
            parse_int=_whole,
        )
    except RecursionError as problem:
        raise ValueError("nested too deep") from problem
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  what came is malformed; no caller passed a wrong type
    json.dumps(found, ensure_ascii=False).encode("utf-8")  # a lone surrogate from an escape ends here
    return found


def dump_object(value: dict[str, object]) -> bytes:
    """Return the shortest UTF-8 JSON of ``value``, keys in the order they stand."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def to_base64(raw: bytes) -> str:
    """Return ``raw`` as unpadded base64url."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64(untrusted_text: object, size: int | None = None) -> bytes:
    """Return the bytes of an unpadded base64url string that is written in its one canonical way.

    Args:
        untrusted_text: what stood in the JSON, of whatever type.
        size: how many bytes it must hold; None for any number.

    Raises:
        ValueError: not a string, other letters, padding, stray bits at the end, or another size.
    """
    if not isinstance(untrusted_text, str) or not untrusted_text.isascii():
        raise ValueError("not base64url")
    raw = urlsafe_b64decode(untrusted_text + "=" * (-len(untrusted_text) % 4))
    if to_base64(raw) != untrusted_text or (size is not None and len(raw) != size):
        raise ValueError("not base64url of this size")
    return raw


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > len(str(-_MAX_WHOLE)) or abs(int(digits)) > _MAX_WHOLE:
        raise ValueError("number out of range")
    return int(digits)


def _refuse(_token: str) -> NoReturn:
    raise ValueError("not a whole number")
