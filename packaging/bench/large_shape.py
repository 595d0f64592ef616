"""A GGUF file with the shape of a 1 B model and random weights: enough to measure speed, of no use for anything else.

Sixteen layers of width 2,048 and hidden 8,192, 32 heads in 8 groups, 32,000 byte-level tokens: 1.10 billion parameters
in Q8_0. Every third token holds a digit or begins with a capital, so a writer of random tokens meets the boundaries of
source-bound decoding far more often than any real model.
"""

import random
import string
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

NUMBERS_BELOW = 900
"""Tokens among which numbers are; there are a thousand of them at most."""
LAYERS, WIDTH, HIDDEN, HEADS, KV_HEADS, VOCABULARY, CONTEXT = 16, 2048, 8192, 32, 8, 32_000, 4096
_ALIGNMENT = 32
_U32, _F32, _BOOL, _STRING, _ARRAY, _I32 = 4, 6, 7, 8, 9, 5
_TYPE_F32, _TYPE_Q8_0 = 0, 8
_BLOCK = 32
_NORMAL, _CONTROL = 1, 3


def write_large_shape(path: Path) -> Path:
    """Write the file (1.2 GB) and return its path."""
    tensors = _tensors()
    with path.open("wb") as stream:
        stream.write(_head(tensors))
        rng = np.random.default_rng(1)
        for _, dimensions, kind in tensors:
            _write_tensor(stream, rng, dimensions, kind)
    return path


def _tensors() -> list[tuple[str, tuple[int, ...], int]]:
    kv = WIDTH // HEADS * KV_HEADS
    named: list[tuple[str, tuple[int, ...], int]] = [("token_embd.weight", (WIDTH, VOCABULARY), _TYPE_Q8_0)]
    for layer in range(LAYERS):
        for part, dimensions in (
            ("attn_q", (WIDTH, WIDTH)),
            ("attn_k", (WIDTH, kv)),
            ("attn_v", (WIDTH, kv)),
            ("attn_output", (WIDTH, WIDTH)),
            ("ffn_gate", (WIDTH, HIDDEN)),
            ("ffn_up", (WIDTH, HIDDEN)),
            ("ffn_down", (HIDDEN, WIDTH)),
        ):
            named.append((f"blk.{layer}.{part}.weight", dimensions, _TYPE_Q8_0))
        named += [(f"blk.{layer}.{part}_norm.weight", (WIDTH,), _TYPE_F32) for part in ("attn", "ffn")]
    return [*named, ("output_norm.weight", (WIDTH,), _TYPE_F32), ("output.weight", (WIDTH, VOCABULARY), _TYPE_Q8_0)]


def _write_tensor(stream: BinaryIO, rng: np.random.Generator, dimensions: tuple[int, ...], kind: int) -> None:
    count = int(np.prod(dimensions))
    if kind == _TYPE_F32:
        raw = np.ones(count, np.float32).tobytes()
    else:
        blocks = np.zeros(count // _BLOCK, np.dtype([("scale", "<f2"), ("weights", "i1", _BLOCK)]))
        blocks["scale"] = 0.02 / 127
        some = rng.integers(-127, 128, (min(len(blocks), 65_536), _BLOCK), np.int8)
        blocks["weights"] = np.resize(some, (len(blocks), _BLOCK))
        raw = blocks.tobytes()
    stream.write(raw + bytes(-len(raw) % _ALIGNMENT))


def _head(tensors: list[tuple[str, tuple[int, ...], int]]) -> bytes:
    metadata = _metadata()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)) + b"".join(metadata)
    offset = 0
    for name, dimensions, kind in tensors:
        count = int(np.prod(dimensions))
        size = 4 * count if kind == _TYPE_F32 else count // _BLOCK * (_BLOCK + 2)
        head += _text(name) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, kind, offset)
        offset += size + -size % _ALIGNMENT
    return head + bytes(-len(head) % _ALIGNMENT)


def _metadata() -> list[bytes]:
    tokens, kinds = _tokens()
    numbers = {
        "general.alignment": _ALIGNMENT,
        "llama.context_length": CONTEXT,
        "llama.embedding_length": WIDTH,
        "llama.block_count": LAYERS,
        "llama.feed_forward_length": HIDDEN,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": KV_HEADS,
        "llama.rope.dimension_count": WIDTH // HEADS,
        "tokenizer.ggml.eos_token_id": VOCABULARY - 1,
    }
    texts = {
        "general.architecture": "llama",
        "general.name": "random weights in the shape of 1 B",
        "general.license": "CC0-1.0",
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
    }
    return [
        *(_text(key) + struct.pack("<I", _STRING) + _text(value) for key, value in texts.items()),
        *(_text(key) + struct.pack("<II", _U32, value) for key, value in numbers.items()),
        _text("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", _F32, 1e-5),
        _text("tokenizer.ggml.add_bos_token") + struct.pack("<I?", _BOOL, False),
        _text("tokenizer.ggml.tokens") + _array(_STRING, [_text(token) for token in tokens]),
        _text("tokenizer.ggml.token_type") + _array(_I32, [struct.pack("<i", kind) for kind in kinds]),
        _text("tokenizer.ggml.merges") + _array(_STRING, [_text("Ġ Ġ")]),
    ]


def _tokens() -> tuple[list[str], list[int]]:
    """Bytes, then invented words: one in three with a digit or a capital; the last one ends the turn."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    letters = [chr(byte) for byte in plain] + [chr(256 + spare) for spare in range(256 - len(plain))]
    rng = random.Random(1)  # noqa: S311 - invented words, no secret
    tokens = dict.fromkeys(letters)
    while len(tokens) < VOCABULARY - 1:
        word = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(1, 5)))
        roll = rng.random()
        word = (
            word.capitalize()
            if roll < 1 / 6
            else str(rng.randint(0, 999))
            if roll < 1 / 3 and len(tokens) < NUMBERS_BELOW
            else word
        )
        tokens[rng.choice(("", "Ġ")) + word] = None
    return [*tokens, "<|end|>"], [_NORMAL] * (VOCABULARY - 1) + [_CONTROL]


def _array(kind: int, items: list[bytes]) -> bytes:
    return struct.pack("<IIQ", _ARRAY, kind, len(items)) + b"".join(items)


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw
