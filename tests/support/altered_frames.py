"""Frames as a hostile gateway may alter them, without any key."""

import random

from app.domain.post_sizes import FRAME_LENGTHS

LENGTHS = sorted({length for lengths in FRAME_LENGTHS.values() for length in lengths})


def _flip(chance: random.Random, frame: bytearray, _two: bytes) -> bytes:
    for _ in range(chance.choice([1, 1, 1, 2, 8])):
        frame[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)
    return bytes(frame)


def _flip_head(chance: random.Random, frame: bytearray, _two: bytes) -> bytes:
    frame[chance.randrange(min(70, len(frame)))] ^= 1 << chance.randrange(8)
    return bytes(frame)


def _cut(chance: random.Random, frame: bytearray, _two: bytes) -> bytes:
    return bytes(frame[: chance.randrange(len(frame))])


def _stretch(chance: random.Random, frame: bytearray, _two: bytes) -> bytes:
    return bytes(frame).ljust(chance.choice(LENGTHS), b"\0")[: chance.choice(LENGTHS)]


def _splice(chance: random.Random, frame: bytearray, two: bytes) -> bytes:
    at = chance.choice([1, 2, 18, 34, 38, 62, 70, chance.randrange(len(frame))])
    return (bytes(frame[:at]) + two[at:]).ljust(len(frame), b"\0")[: len(frame)]


def _renumber(chance: random.Random, frame: bytearray, _two: bytes) -> bytes:
    frame[34:38] = chance.choice([0, 1, 2, 255, 256, 4_095, 4_096, 2**32 - 1]).to_bytes(4, "big")
    return bytes(frame)


def _zero(chance: random.Random, frame: bytearray, _two: bytes) -> bytes:
    at = chance.randrange(len(frame))
    end = min(len(frame), at + chance.choice([1, 16, 32, 64]))
    frame[at:end] = bytes(end - at)
    return bytes(frame)


ALTERATIONS = (_flip, _flip, _flip_head, _flip_head, _cut, _stretch, _splice, _renumber, _zero)
