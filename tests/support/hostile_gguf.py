"""Broken and hostile model files from a seed: cut, flipped, counts blown up, numbers changed, weights broken."""

import random
import re
import struct
from collections.abc import Callable
from pathlib import Path

from app.inference.gguf import read_header
from tests.support.tiny_families import FAMILIES, write_family
from tests.support.tiny_gguf import write_tiny_gguf
from tests.support.worker_siege import starter_file

ABSURD = (0, 1, 2, 3, 7, 31, 255, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 40, (1 << 63) - 1, (1 << 64) - 1)
STRANGE_WEIGHTS = (b"\x00\x00\xc0\x7f", b"\x00\x00\x80\x7f", b"\x00\x00\x80\xff", b"\xff\xff\x7f\x7f")
"""Not a number, the infinities, the largest number."""
STRANGE_LETTERS = (
    b"\0",
    b"\0weight",
    "\u202e".encode(),
    "\u200b".encode(),
    "\u0430".encode(),
    b"\xff",
    b"\n",
    b"",
    b"w" * 300,
)
"""An end for C, right to left, nothing to see, a Cyrillic a, no UTF-8, another line, nothing, too much."""
Mutation = Callable[[bytearray, int, random.Random], None]
"""Changes a file in place, given the length of its header."""


def base_files(folder: Path) -> list[tuple[bytes, int]]:
    """Return good files of every architecture and the one that ships, each with the length of its header."""
    paths = [starter_file()]
    paths += [write_tiny_gguf(folder / "chain.gguf"), write_tiny_gguf(folder / "random.gguf", answer=None)]
    paths += [write_family(folder / f"{place}.gguf", family) for place, family in enumerate(FAMILIES.values())]
    return [(path.read_bytes(), read_header(path).header_bytes) for path in paths]


def hostile(bases: list[tuple[bytes, int]], seed: int) -> bytes:
    """Return hostile file number ``seed``: one to three changes to one of the good ones."""
    chance = random.Random(seed)
    good, header_bytes = chance.choice(bases)
    raw = bytearray(good)
    for _ in range(chance.choice((1, 1, 2, 3))):
        chance.choice(MUTATIONS)(raw, min(header_bytes, len(raw)), chance)
    return bytes(raw)


def _cut(raw: bytearray, header: int, chance: random.Random) -> None:
    del raw[chance.randrange(chance.choice((header, len(raw))) + 1) :]


def _flip(raw: bytearray, header: int, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        if header:
            raw[chance.randrange(header)] ^= 1 << chance.randrange(8)


def _blow_up_counts(raw: bytearray, _header: int, chance: random.Random) -> None:
    at = chance.choice((4, 8, 16))
    raw[at : at + 8] = struct.pack("<Q", chance.choice(ABSURD))


def _blow_up_anything(raw: bytearray, header: int, chance: random.Random) -> None:
    at = chance.randrange(max(header - 8, 1))
    size = chance.choice((4, 8))
    raw[at : at + size] = chance.choice(ABSURD).to_bytes(8, "little")[:size]


def _change_number_of_model(raw: bytearray, header: int, chance: random.Random) -> None:
    """Heads, widths, windows, ids of tokens: what the header check lets pass and llama.cpp computes with."""
    keys = [found.end() for found in re.finditer(rb"[a-z0-9_.]{6,60}\x04\x00\x00\x00", raw[:header])]
    if keys:
        at = chance.choice(keys)
        raw[at : at + 4] = chance.choice(ABSURD).to_bytes(8, "little")[:4]


def _swap_dimensions(raw: bytearray, header: int, chance: random.Random) -> None:
    names = [found.end() for found in re.finditer(rb"[a-z0-9_.]+\.weight\x02\x00\x00\x00", raw[:header])]
    if names:
        at = chance.choice(names)
        raw[at : at + 16] = raw[at + 8 : at + 16] + raw[at : at + 8]


def _change_type(raw: bytearray, header: int, chance: random.Random) -> None:
    names = [found.end() for found in re.finditer(rb"[a-z0-9_.]+\.weight\x02\x00\x00\x00", raw[:header])]
    if names:
        at = chance.choice(names) + 16
        raw[at : at + 4] = struct.pack("<I", chance.randrange(45))


def _rename_tensor(raw: bytearray, header: int, chance: random.Random) -> None:
    names = [found.start() for found in re.finditer(rb"(?:attn|ffn|output|token_embd)[a-z0-9_.]*", raw[:header])]
    if names:
        raw[chance.choice(names)] = ord("x")


def _name_twice(raw: bytearray, header: int, chance: random.Random) -> None:
    """One key or tensor gets the name of another."""
    places = _names(raw, header)
    if len(places) > 1:
        (start, end), (other_start, other_end) = chance.sample(places, 2)
        _rename(raw, start, end, bytes(raw[other_start:other_end]))


def _strange_name(raw: bytearray, header: int, chance: random.Random) -> None:
    """A name that ends early for C, is read from right to left, is empty, long, or looks like another."""
    places = _names(raw, header)
    if places:
        start, end = chance.choice(places)
        at = chance.randrange(end - start)
        _rename(raw, start, end, bytes(raw[start : start + at]) + chance.choice(STRANGE_LETTERS))


def _nested_arrays(raw: bytearray, _header: int, chance: random.Random) -> None:
    """Arrays of arrays, as deep as a parser that calls itself has stack."""
    depth = chance.choice((1, 2, 50, 5_000))
    _add_value(raw, struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * depth + struct.pack("<IQB", 0, 1, 7))


def _endless_array(raw: bytearray, _header: int, chance: random.Random) -> None:
    """An array that says it is endless, or one of some hundred thousand texts that are really there."""
    if chance.random() < 0.5:
        _add_value(raw, struct.pack("<IIQ", 9, chance.randrange(13), chance.choice(ABSURD)))
    else:
        count = chance.choice((1_000, 300_000))
        _add_value(raw, struct.pack("<IIQ", 9, 8, count) + struct.pack("<QB", 1, 65) * count)


def _names(raw: bytearray, header: int) -> list[tuple[int, int]]:
    """Return where keys and names of tensors stand: behind their own length, with a dot inside."""
    found = [name.span() for name in re.finditer(rb"[a-z][a-z0-9_]*\.[a-z0-9_.]+", raw[:header])]
    return [(start, end) for start, end in found if raw[start - 8 : start] == struct.pack("<Q", end - start)]


def _rename(raw: bytearray, start: int, end: int, name: bytes) -> None:
    raw[start - 8 : end] = struct.pack("<Q", len(name)) + name


def _add_value(raw: bytearray, value: bytes) -> None:
    """Put one more value in front of the others; a text behind it keeps the weights on their alignment."""
    if len(raw) < 24:
        return
    added = struct.pack("<Q", 10) + b"strange.in" + value
    filler_head = struct.pack("<Q", 10) + b"strange.by" + struct.pack("<I", 8)
    filler = bytes(-(len(added) + len(filler_head) + 8) % 32)
    raw[24:24] = added + filler_head + struct.pack("<Q", len(filler)) + filler
    count = int.from_bytes(raw[16:24], "little")
    raw[16:24] = struct.pack("<Q", (count + 2) % (1 << 64))


def _strange_weights(raw: bytearray, header: int, chance: random.Random) -> None:
    first, count = header + 32, (len(raw) - header - 64) // 4
    if count > 0:
        strange = chance.choice(STRANGE_WEIGHTS)
        for _ in range(chance.choice((1, 100, 2_000))):
            at = first // 32 * 32 + 4 * chance.randrange(count)
            raw[at : at + 4] = strange


def _noise(raw: bytearray, header: int, chance: random.Random) -> None:
    if len(raw) > header:
        at = chance.randrange(header, len(raw))
        noise = chance.randbytes(min(len(raw) - at, 4_096))
        raw[at : at + len(noise)] = noise


MUTATIONS: tuple[Mutation, ...] = (
    _cut, _flip, _blow_up_counts, _blow_up_anything, _change_number_of_model, _swap_dimensions, _change_type,
    _rename_tensor, _name_twice, _strange_name, _nested_arrays, _endless_array, _strange_weights, _noise,
)  # fmt: skip
