"""Tiny models of the architectures that offices import: the tensors and keys that llama.cpp wants, random weights.

What they write is nonsense that depends on every token of the prompt, so a test can tell a cache that is wrong from one
that is right. Gemma's carry a SentencePiece vocabulary, the others a byte-level one.
"""

import random
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.tiny_gguf import Matrix, Typed, _byte_letters, gguf_bytes

_U32, _F32, _BOOL, _STRING, _ARRAY, _I32 = 4, 6, 7, 8, 9, 5
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
WIDTH, HEADS, HEAD, HIDDEN, BLOCKS, CONTEXT = 64, 4, 16, 96, 2, 2048


@dataclass(frozen=True)
class Family:
    """One architecture: what its attention and its feed-forward part have besides the usual."""

    architecture: str
    name: str
    template: str
    controls: tuple[str, ...]
    has_bias: bool = False
    has_head_norms: bool = False
    has_post_norms: bool = False
    is_fused: bool = False
    is_tied: bool = False
    is_sentencepiece: bool = False
    keys: tuple[tuple[str, int, object], ...] = ()


_CHATML = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
_GEMMA = ("<start_of_turn>", "<end_of_turn>", "<eos>")
_GEMMA_KEYS = (("attention.key_length", _U32, HEAD), ("attention.value_length", _U32, HEAD))
_WINDOW = ("attention.sliding_window", _U32, 32)
FAMILIES: Mapping[str, Family] = {
    "llama 3": Family(
        "llama", "Llama 3.2 Tiny Instruct", "llama3", ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")
    ),
    "mistral": Family("llama", "Mistral Tiny Instruct", "mistral", ("[INST]", "[/INST]", "</s>")),
    "qwen 2.5": Family("qwen2", "Qwen2.5 Tiny Instruct", "qwen", _CHATML, has_bias=True),
    "qwen 3": Family("qwen3", "Qwen3 Tiny", "qwen3", _CHATML, has_head_norms=True, keys=_GEMMA_KEYS),
    "gemma": Family("gemma", "Gemma Tiny It", "gemma", _GEMMA, is_tied=True, is_sentencepiece=True, keys=_GEMMA_KEYS),
    "gemma 2": Family(
        "gemma2",
        "Gemma 2 Tiny It",
        "gemma",
        _GEMMA,
        has_post_norms=True,
        is_tied=True,
        is_sentencepiece=True,
        keys=(*_GEMMA_KEYS, _WINDOW, ("attn_logit_softcapping", _F32, 50.0), ("final_logit_softcapping", _F32, 30.0)),
    ),
    "gemma 3": Family(
        "gemma3",
        "Gemma 3 Tiny It",
        "gemma",
        _GEMMA,
        has_head_norms=True,
        has_post_norms=True,
        is_tied=True,
        is_sentencepiece=True,
        keys=(*_GEMMA_KEYS, _WINDOW, ("rope.freq_base", _F32, 1e6)),
    ),
    "phi 3": Family(
        "phi3",
        "Phi 3 Tiny Instruct",
        "phi3",
        ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
        is_fused=True,
        keys=(("rope.scaling.original_context_length", _U32, CONTEXT),),
    ),
}


def write_family(path: Path, family: Family, *, seed: int = 7) -> Path:
    """Write a model of ``family`` to ``path`` and return it."""
    tokens, kinds = _sentencepiece(family) if family.is_sentencepiece else _byte_level(family)
    path.write_bytes(gguf_bytes(_metadata(family, tokens, kinds), _tensors(family, len(tokens), seed)))
    return path


def _byte_level(family: Family) -> tuple[list[str], list[int]]:
    tokens = [_byte_letters()[byte] for byte in range(256)]
    return [*tokens, *family.controls], [_NORMAL] * 256 + [_CONTROL] * len(family.controls)


def _sentencepiece(family: Family) -> tuple[list[str], list[int]]:
    letters = ["\u2581", *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:?!'-[]$"]
    tokens = ["<pad>", "<unk>", *family.controls, *(f"<0x{byte:02X}>" for byte in range(256)), *letters]
    kinds = [_CONTROL, _UNKNOWN, *[_CONTROL] * len(family.controls), *[_BYTE] * 256, *[_NORMAL] * len(letters)]
    return tokens, kinds


def _metadata(family: Family, tokens: list[str], kinds: list[int]) -> dict[str, Typed]:
    own = {
        "context_length": (_U32, CONTEXT),
        "embedding_length": (_U32, WIDTH),
        "block_count": (_U32, BLOCKS),
        "feed_forward_length": (_U32, HIDDEN),
        "attention.head_count": (_U32, HEADS),
        "attention.head_count_kv": (_U32, HEADS),
        "attention.layer_norm_rms_epsilon": (_F32, 1e-5),
        "rope.dimension_count": (_U32, HEAD),
        **{key: (kind, value) for key, kind, value in family.keys},
    }
    last = len(family.controls) - 1 + (2 if family.is_sentencepiece else 256)
    metadata = {
        "general.architecture": Typed(_STRING, family.architecture),
        "general.name": Typed(_STRING, family.name),
        "general.license": Typed(_STRING, "apache-2.0"),
        **{f"{family.architecture}.{key}": Typed(*value) for key, value in own.items()},
        "tokenizer.ggml.model": Typed(_STRING, "llama" if family.is_sentencepiece else "gpt2"),
        "tokenizer.ggml.tokens": Typed(_ARRAY, Typed(_STRING, tokens)),
        "tokenizer.ggml.token_type": Typed(_ARRAY, Typed(_I32, kinds)),
        "tokenizer.ggml.eos_token_id": Typed(_U32, last),
        "tokenizer.ggml.add_bos_token": Typed(_BOOL, False),
    }
    if family.is_sentencepiece:
        scores = [-float(place) for place in range(len(tokens))]
        return metadata | {
            "tokenizer.ggml.scores": Typed(_ARRAY, Typed(_F32, scores)),
            "tokenizer.ggml.unknown_token_id": Typed(_U32, 1),
        }
    return metadata | {
        "tokenizer.ggml.pre": Typed(_STRING, "gpt-2"),
        "tokenizer.ggml.merges": Typed(_ARRAY, Typed(_STRING, ["Ġ Ġ"])),
    }


def _tensors(family: Family, vocabulary: int, seed: int) -> dict[str, Matrix]:
    generator = random.Random(seed)

    def matrix(columns: int, rows: int) -> Matrix:
        return (columns, rows), array("f", (generator.uniform(-0.4, 0.4) for _ in range(columns * rows)))

    def row(width: int, value: float = 1.0) -> Matrix:
        return (width,), array("f", [value] * width)

    tensors: dict[str, Matrix] = {"token_embd.weight": matrix(WIDTH, vocabulary), "output_norm.weight": row(WIDTH)}
    if not family.is_tied:
        tensors["output.weight"] = matrix(WIDTH, vocabulary)
    whole = HEADS * HEAD
    for block in range(BLOCKS):
        own: dict[str, Matrix] = {
            "attn_norm.weight": row(WIDTH),
            "ffn_norm.weight": row(WIDTH),
            "attn_output.weight": matrix(whole, WIDTH),
            "ffn_down.weight": matrix(HIDDEN, WIDTH),
        }
        if family.is_fused:
            own |= {"attn_qkv.weight": matrix(WIDTH, 3 * whole), "ffn_up.weight": matrix(WIDTH, 2 * HIDDEN)}
        else:
            own |= {f"attn_{part}.weight": matrix(WIDTH, whole) for part in "qkv"}
            own |= {f"ffn_{part}.weight": matrix(WIDTH, HIDDEN) for part in ("gate", "up")}
        if family.has_bias:
            own |= {f"attn_{part}.bias": row(whole, 0.1) for part in "qkv"}
        if family.has_head_norms:
            own |= {f"attn_{part}_norm.weight": row(HEAD) for part in "qk"}
        if family.has_post_norms:
            own |= {"post_attention_norm.weight": row(WIDTH), "post_ffw_norm.weight": row(WIDTH)}
        tensors |= {f"blk.{block}.{name}": tensor for name, tensor in own.items()}
    return tensors
