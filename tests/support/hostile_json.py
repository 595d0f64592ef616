"""JSON texts altered at random: still near enough to JSON to reach the deeper checks."""

import random

PIECES = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"-1",
    b"1.0",
    b"1e9",
    b"NaN",
    b"9007199254740992",
    b"9" * 400,
    b'"\\ud800"',
    b'"\\u0000"',
    b'"' + b"A" * 300 + b'"',
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'"id":"AAAAAAAAAAAAAAAAAAAAAA",',
    b'"more":1,',
    b"[" * 2_000,
    b'{"a":' * 500,
)
MARKS = b'{}[]":,0123456789\\'


def mangled(chance: random.Random, text: bytes) -> bytes:
    """Return the text with one to three alterations."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        text = chance.choice((_insert, _replace, _delete, _swap, _repeat, _mark))(chance, text)
    return text


def _place(chance: random.Random, text: bytes) -> int:
    """Mostly beside a mark of structure."""
    marks = [place for place, byte in enumerate(text) if byte in MARKS]
    return chance.choice(marks) if marks and chance.random() < 0.7 else chance.randrange(len(text) + 1)


def _insert(chance: random.Random, text: bytes) -> bytes:
    at = _place(chance, text)
    return text[:at] + chance.choice(PIECES) + text[at:]


def _replace(chance: random.Random, text: bytes) -> bytes:
    at, end = sorted((_place(chance, text), _place(chance, text)))
    return text[:at] + chance.choice(PIECES) + text[end:]


def _delete(chance: random.Random, text: bytes) -> bytes:
    at = _place(chance, text)
    return text[:at] + text[at + chance.choice([1, 1, 2, 10]) :]


def _swap(chance: random.Random, text: bytes) -> bytes:
    parts = text.split(b",")
    chance.shuffle(parts)
    return b",".join(parts)


def _repeat(chance: random.Random, text: bytes) -> bytes:
    at, end = sorted((_place(chance, text), _place(chance, text)))
    return text[:end] + text[at:end] + text[end:]


def _mark(chance: random.Random, text: bytes) -> bytes:
    if not text:
        return text
    at = chance.randrange(len(text))
    return text[:at] + bytes([chance.choice(MARKS)]) + text[at + 1 :]
