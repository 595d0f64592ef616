"""What a model file says about itself, picked out of its checked metadata."""

from dataclasses import dataclass
from typing import Final

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf_reader import Contents, Value
from app.inference.gguf_tensors import MAX_ELEMENTS

MAX_SHOWN_CHARACTERS: Final = 120
_POOLINGS: Final = frozenset({1, 2, 3})
"""Mean, first token, last token; 0 is none and 4 ranks."""
_READERS: Final = frozenset({"bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "modern-bert", "gemma-embedding"})


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a model file says about itself. The texts are the file's own words: cleaned, shortened, not vouched for."""

    architecture: str
    name: str
    licence: str
    parameters: int
    """Weights, counted from the tensor table."""
    context_tokens: int
    """What it was trained for; 0 when it does not say."""
    vocabulary: int
    blocks: int
    tensors: int
    file_type: int
    """llama.cpp's number for the quantisation, -1 when it does not say."""
    has_chat_template: bool
    """Whether a template is embedded; it is never used."""
    header_bytes: int
    size_bytes: int
    embedding: int = 0
    """Width of the stream between blocks."""
    feed_forward: int = 0
    kv_heads: int = 0
    """Heads whose keys and values are cached; all heads when the file does not tell, or tells one number per block."""
    key_length: int = 0
    value_length: int = 0
    pooling: int = -1
    """llama.cpp's number for the way in which the vectors of tokens become one of the text; -1 when it does not say."""

    @property
    def makes_vectors(self) -> bool:
        """Whether this is a model that makes vectors of texts, and none that writes."""
        return self.pooling in _POOLINGS or self.architecture in _READERS


def header_of(contents: Contents) -> GgufHeader:
    """Return what a file says about itself. Raises GgufError: MISSING_KEY, it names no architecture; BAD_STRING."""
    architecture = contents.values.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise GgufError(GgufProblem.MISSING_KEY)
    if not architecture.isascii() or not architecture.isprintable():  # it is a part of keys
        raise GgufError(GgufProblem.BAD_STRING)

    def number(key: str, otherwise: int = 0) -> int:
        return _count(contents.values.get(f"{architecture}.{key}"), otherwise)

    heads = number("attention.head_count")
    head_width = number("embedding_length") // max(heads, 1)
    return GgufHeader(
        architecture=_shown(architecture),
        name=_shown(contents.values.get("general.name")),
        licence=_shown(contents.values.get("general.license")),
        parameters=sum(tensor.elements for tensor in contents.tensors),
        context_tokens=number("context_length"),
        vocabulary=contents.lengths.get("tokenizer.ggml.tokens", 0),
        blocks=number("block_count"),
        tensors=len(contents.tensors),
        file_type=_count(contents.values.get("general.file_type"), -1),
        has_chat_template="tokenizer.chat_template" in contents.values,
        header_bytes=contents.header_bytes,
        size_bytes=contents.size_bytes,
        embedding=number("embedding_length"),
        feed_forward=number("feed_forward_length"),
        kv_heads=number("attention.head_count_kv", heads),
        key_length=number("attention.key_length", head_width),
        value_length=number("attention.value_length", head_width),
        pooling=number("pooling_type", -1),
    )


def _shown(value: Value) -> str:
    """Return a text fit for a label: printable characters only, and not many."""
    text = value if isinstance(value, str) else ""
    return "".join(c for c in text if c.isprintable())[:MAX_SHOWN_CHARACTERS].strip()


def _count(value: Value, otherwise: int) -> int:
    """Return a number that the file calls a count; what is none, or absurd, is ``otherwise``."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_ELEMENTS
    return value if is_count else otherwise  # type: ignore[return-value]
