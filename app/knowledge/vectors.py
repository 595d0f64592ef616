"""A table of word vectors: which texts mean nearly the same although they share no word.

The table is trained by ``models/recipes/retrieval`` and shipped in ``models/retrieval``. A text's vector is the sum of
its words' vectors, scaled to length one; how much a word matters is the length of its own vector, learnt too. A word
that the table does not hold (a slip of the finger, a name) gets the mean of its letter groups' vectors.

Layout of the file (little-endian)::

    magic 8 B | version u32 | dims u32 | word count u32 | group count u32 | bytes of word list u32
    word list, UTF-8, one a line | zeros up to a multiple of 64
    scale float32 for every row | row int8 x dims: words first, then letter groups

The file is mapped, not read: several processes share its pages.
"""

import hashlib
import json
import re
import struct
import unicodedata
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from app.knowledge.errors import VectorsError, VectorsFault

Floats = npt.NDArray[np.float32]

MAGIC: Final = b"VSTBWVEC"
VERSION: Final = 1
HEADER: Final = struct.Struct("<8s5I")
ALIGNMENT: Final = 64
MANIFEST_NAME: Final = "manifest.json"
MAX_FILE_BYTES: Final = 16 * 1024 * 1024
MAX_WORDS: Final = 400
"""Words of one text that are encoded; a passage has at most 90, a message is cut long before."""
CACHED_WORDS: Final = 4_096

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_DIGIT = re.compile(r"\d")


def words_for_vectors(text: str) -> list[str]:
    """Return the words of ``text`` as the table spells them: lower case, no accents, every digit a ``0``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = _WORD.findall(_DIGIT.sub("0", plain.replace("\u2019", "'")))
    return [word.removesuffix("'s") for word in words[:MAX_WORDS]]


def letter_groups(word: str, group_count: int) -> list[int]:
    """Return the rows (0 to ``group_count`` - 1) of the groups of three to five letters of ``word``, edges marked."""
    marked = f"<{word}>"
    groups = [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)]
    return [zlib.crc32(group.encode()) % group_count for group in groups or [marked]]


class WordVectors:
    """The mapped table. Immutable and safe to use from several threads."""

    def __init__(self, words: list[str], scales: Floats, rows: npt.NDArray[np.int8]) -> None:
        """Take ``words`` and, for words and then letter groups, one scale and one int8 row each."""
        self._row_of = {word: row for row, word in enumerate(words)}
        self._scales, self._rows = scales, rows
        self._group_count = len(rows) - len(words)
        self.dims = int(rows.shape[1])
        self._vector = lru_cache(maxsize=CACHED_WORDS)(self._make_vector)

    def split(self, text: str) -> list[str]:
        """Return the words of ``text`` as the table spells them."""
        return words_for_vectors(text)

    def known_words(self, text: str) -> list[str]:
        """Return the words of ``text`` that have vectors of their own."""
        return [word for word in words_for_vectors(text) if word in self._row_of]

    def stack(self, words: Sequence[str]) -> Floats:
        """Return one row per word: shape (words, dims); the length of a row is the word's weight."""
        return np.stack([self._vector(word) for word in words]) if words else np.zeros((0, self.dims), np.float32)

    def words(self, text: str) -> Floats:
        """Return one row per word of ``text``: shape (words, dims)."""
        return self.stack(words_for_vectors(text))

    def encode(self, text: str) -> Floats:
        """Return the vector of ``text``: shape (dims,), length one, or all zeros for a text without words."""
        return unit(np.asarray(self.words(text).sum(axis=0), np.float32))

    def _make_vector(self, word: str) -> Floats:
        row = self._row_of.get(word)
        if row is not None:
            own: Floats = self._rows[row].astype(np.float32) * self._scales[row]
            return own
        rows = [len(self._row_of) + group for group in letter_groups(word, self._group_count)]
        mean: Floats = (self._rows[rows].astype(np.float32) * self._scales[rows, None]).mean(axis=0)
        return mean


def unit(vectors: Floats) -> Floats:
    """Return ``vectors`` (last axis = dims) scaled to length one; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = vectors / np.maximum(lengths, 1e-9)
    return scaled.astype(np.float32, copy=False)


def load_vectors(folder: Path) -> WordVectors:
    """Map the table that ``manifest.json`` in ``folder`` names.

    Raises:
        VectorsError: manifest or table is missing, is not what it should be, or its SHA-256 is another.
    """
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_bytes())
        name, expected = str(manifest["file"]), str(manifest["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VectorsError(VectorsFault.NO_MANIFEST) from error
    return parse_vectors(read_checked(folder, name, expected))


def read_checked(folder: Path, name: str, sha256: str) -> npt.NDArray[np.uint8]:
    """Map the file ``name`` in ``folder`` whose SHA-256 must be ``sha256``; raise VectorsError for any other."""
    if Path(name).name != name:
        raise VectorsError(VectorsFault.NO_MANIFEST)
    try:
        if (folder / name).stat().st_size > MAX_FILE_BYTES:
            raise VectorsError(VectorsFault.MALFORMED)
        content = np.memmap(folder / name, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise VectorsError(VectorsFault.UNREADABLE) from error
    if hashlib.sha256(content.data).hexdigest() != sha256:
        raise VectorsError(VectorsFault.CHANGED)
    return content


def pack_vectors(words: list[str], vectors: Floats, group_count: int) -> bytes:
    """Return the file for ``vectors`` (words first, then ``group_count`` letter groups), each row rounded to int8."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype("<f4") / np.float32(127)
    rows = np.rint(vectors / scales[:, None]).astype(np.int8)
    word_list = "\n".join(words).encode()
    head = HEADER.pack(MAGIC, VERSION, vectors.shape[1], len(words), group_count, len(word_list)) + word_list
    return b"".join((head, bytes(-len(head) % ALIGNMENT), scales.tobytes(), rows.tobytes()))


def parse_vectors(table: npt.NDArray[np.uint8]) -> WordVectors:
    """Return the table that lies in ``table``, uncopied; raise VectorsError where the layout is not kept."""
    if table.size < HEADER.size:
        raise VectorsError(VectorsFault.MALFORMED)
    magic, version, dims, word_count, group_count, list_bytes = HEADER.unpack(table[: HEADER.size].tobytes())
    row_count, list_end = word_count + group_count, HEADER.size + list_bytes
    scales_at = list_end + -list_end % ALIGNMENT
    rows_at = scales_at + 4 * row_count
    if magic != MAGIC or version != VERSION or group_count == 0 or table.size != rows_at + row_count * dims:
        raise VectorsError(VectorsFault.MALFORMED)
    try:
        words = table[HEADER.size : list_end].tobytes().decode().split("\n")
    except UnicodeDecodeError as error:
        raise VectorsError(VectorsFault.MALFORMED) from error
    if len(words) != word_count:
        raise VectorsError(VectorsFault.MALFORMED)
    scales = table[scales_at:rows_at].view("<f4")
    rows = table[rows_at:].view(np.int8).reshape(row_count, dims)
    return WordVectors(words, np.asarray(scales), rows)
