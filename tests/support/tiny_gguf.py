"""Real model files in miniature: llama.cpp loads and runs them in milliseconds, without a trained model at hand.

Two kinds. A *chain* always writes the same words: its blocks add nothing, each token's embedding points at the next
token of the answer, so llama.cpp computes a text that the test knows. A *random* model has random weights everywhere:
what it writes depends on every token of the prompt, for tests of the cache. Both speak ChatML over a byte-level
vocabulary.
"""

import itertools
import random
import struct
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH = 64
HEADS = 4
ALIGNMENT = 32
CONTEXT_TOKENS = 2048
CONTROL_TOKENS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
DEFAULT_ANSWER = "Our office opens at nine and closes at five. [1]"

_U32, _F32, _BOOL, _STRING, _ARRAY, _I32 = 4, 6, 7, 8, 9, 5
_NORMAL, _CONTROL = 1, 3
_NEWLINE = 10

Matrix = tuple[tuple[int, ...], array]
"""Dimensions as GGUF has them (columns first) and the values row by row."""


@dataclass(frozen=True)
class Typed:
    """A metadata value with its GGUF type; for lists the type of the items."""

    kind: int
    value: object


def write_tiny_gguf(
    path: Path,
    *,
    answer: str | None = DEFAULT_ANSWER,
    endless: bool = False,
    seed: int = 1,
    blocks: int = 1,
    licence: str | None = "apache-2.0",
    pooling: int | None = None,
) -> Path:
    """Write a model to ``path`` and return it.

    Args:
        answer: what a chain model writes after a prompt that ends in a line break; None makes a random model.
        endless: the chain begins again instead of ending, for tests that stop it.
        seed: of the random weights.
        blocks: transformer blocks; more make it slower.
        licence: what the file says of it; None says nothing.
        pooling: llama.cpp's number; with one it is a model that makes vectors of texts (1: their mean).
    """
    pieces = _pieces_of(answer) if answer is not None else []
    tokens = [_byte_letters()[byte] for byte in range(256)]
    first_piece = len(tokens)
    tokens += ["".join(_byte_letters()[byte] for byte in piece.encode()) for piece in pieces]
    first_control = len(tokens)
    tokens += CONTROL_TOKENS
    types = [_NORMAL] * first_control + [_CONTROL] * len(CONTROL_TOKENS)
    end_token = first_control + 1
    chain = None
    if answer is not None:
        row = [_NEWLINE, *range(first_piece, first_control), first_piece if endless else end_token]
        chain = dict(itertools.pairwise(row))
    tensors = _tensors(len(tokens), chain, seed, blocks)
    metadata = _metadata(tokens, types, end_token, blocks)
    if pooling is not None:
        metadata["llama.pooling_type"] = Typed(_U32, pooling)
    if licence is None:
        del metadata["general.license"]
    else:
        metadata["general.license"] = Typed(_STRING, licence)
    path.write_bytes(gguf_bytes(metadata, tensors))
    return path


def gguf_bytes(metadata: Mapping[str, Typed], tensors: Mapping[str, Matrix]) -> bytes:
    """Return a whole version 3 file: magic, version, counts, metadata, tensor table, padding, data (F32)."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, typed in metadata.items():
        head += _string(key) + _value(typed)
    offset, table, data = 0, b"", b""
    for name, (dimensions, values) in tensors.items():
        table += _string(name) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, 0, offset)
        raw = values.tobytes()
        padded = raw + bytes(-len(raw) % ALIGNMENT)
        data += padded
        offset += len(padded)
    head += table
    return head + bytes(-len(head) % ALIGNMENT) + data


def _metadata(tokens: Sequence[str], types: Sequence[int], end_token: int, blocks: int) -> dict[str, Typed]:
    return {
        "general.architecture": Typed(_STRING, "llama"),
        "general.name": Typed(_STRING, "Tiny test model"),
        "general.license": Typed(_STRING, "apache-2.0"),
        "general.alignment": Typed(_U32, ALIGNMENT),
        "llama.context_length": Typed(_U32, CONTEXT_TOKENS),
        "llama.embedding_length": Typed(_U32, WIDTH),
        "llama.block_count": Typed(_U32, blocks),
        "llama.feed_forward_length": Typed(_U32, WIDTH),
        "llama.attention.head_count": Typed(_U32, HEADS),
        "llama.attention.head_count_kv": Typed(_U32, HEADS),
        "llama.attention.layer_norm_rms_epsilon": Typed(_F32, 1e-5),
        "llama.rope.dimension_count": Typed(_U32, WIDTH // HEADS),
        "tokenizer.ggml.model": Typed(_STRING, "gpt2"),
        "tokenizer.ggml.pre": Typed(_STRING, "gpt-2"),
        "tokenizer.ggml.tokens": Typed(_ARRAY, Typed(_STRING, tokens)),
        "tokenizer.ggml.token_type": Typed(_ARRAY, Typed(_I32, types)),
        "tokenizer.ggml.merges": Typed(_ARRAY, Typed(_STRING, ["Ġ Ġ"])),
        "tokenizer.ggml.eos_token_id": Typed(_U32, end_token),
        "tokenizer.ggml.add_bos_token": Typed(_BOOL, False),
        "tokenizer.chat_template": Typed(_STRING, "{{ raise_exception('templates of model files are never run') }}"),
    }


def _tensors(vocabulary: int, chain: Mapping[int, int] | None, seed: int, blocks: int) -> dict[str, Matrix]:
    generator = random.Random(seed)

    def matrix(rows: int, scale: float) -> Matrix:
        values = array("f", (generator.uniform(-scale, scale) for _ in range(WIDTH * rows)))
        return (WIDTH, rows), values

    ones: Matrix = ((WIDTH,), array("f", [1.0] * WIDTH))
    added = 0.0 if chain is not None else 0.4
    signs = array("f", generator.choices((-1.0, 1.0), k=WIDTH * vocabulary))
    tensors: dict[str, Matrix] = {"token_embd.weight": ((WIDTH, vocabulary), signs)}
    for block in range(blocks):
        tensors |= {f"blk.{block}.{part}_norm.weight": ones for part in ("attn", "ffn")}
        tensors |= {f"blk.{block}.attn_{part}.weight": matrix(WIDTH, 0.4) for part in ("q", "k", "v")}
        tensors |= {f"blk.{block}.ffn_{part}.weight": matrix(WIDTH, 0.4) for part in ("gate", "up")}
        tensors[f"blk.{block}.attn_output.weight"] = matrix(WIDTH, added)
        tensors[f"blk.{block}.ffn_down.weight"] = matrix(WIDTH, added)
    tensors["output_norm.weight"] = ones
    tensors["output.weight"] = matrix(vocabulary, 0.4)
    if chain is not None:
        tensors["output.weight"] = _pointing_at_next(tensors["token_embd.weight"], vocabulary, chain)
    return tensors


def _pointing_at_next(embeddings: Matrix, vocabulary: int, chain: Mapping[int, int]) -> Matrix:
    """Return an output matrix whose row ``next`` is the sum of the embeddings of the tokens that it follows."""
    dimensions, values = embeddings
    output = array("f", bytes(4 * WIDTH * vocabulary))
    for token, following in chain.items():
        for column in range(WIDTH):
            output[following * WIDTH + column] += values[token * WIDTH + column]
    return dimensions, output


def _pieces_of(answer: str) -> list[str]:
    """Split into word tokens, each occurring once and none a single byte, so that each has exactly one successor."""
    words = [word if place == 0 else f" {word}" for place, word in enumerate(answer.split(" "))]
    pieces: list[str] = []
    open_piece = ""
    for word in words:
        open_piece += word
        if len(open_piece.encode()) > 1 and open_piece not in pieces:
            pieces.append(open_piece)
            open_piece = ""
    if open_piece:
        pieces[-1:] = [pieces[-1] + open_piece] if pieces else [open_piece + " "]
    return pieces


def _byte_letters() -> list[str]:
    """Return the letter that byte-level BPE writes for each byte (GPT-2's table)."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    letters, spare = [], 256
    for byte in range(256):
        if byte in plain:
            letters.append(chr(byte))
        else:
            letters.append(chr(spare))
            spare += 1
    return letters


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(typed: Typed) -> bytes:
    return struct.pack("<I", typed.kind) + _payload(typed)


def _payload(typed: Typed) -> bytes:
    value = typed.value
    if typed.kind == _ARRAY:
        assert isinstance(value, Typed)
        items = list(value.value)
        body = b"".join(_payload(Typed(value.kind, item)) for item in items)
        return struct.pack("<IQ", value.kind, len(items)) + body
    if typed.kind == _STRING:
        return _string(str(value))
    return struct.pack({_U32: "<I", _I32: "<i", _F32: "<f", _BOOL: "<?"}[typed.kind], value)
