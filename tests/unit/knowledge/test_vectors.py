"""The table of word vectors: its file, its refusals, and what it makes of texts."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from app.knowledge.errors import VectorsError, VectorsFault
from app.knowledge.vectors import (
    HEADER,
    MANIFEST_NAME,
    MAX_WORDS,
    WordVectors,
    letter_groups,
    load_vectors,
    pack_vectors,
    parse_vectors,
    unit,
    words_for_vectors,
)

WORDS = ["jab", "vaccination", "parking", "the"]
GROUPS = 64
DIMS = 16


def made_vectors() -> np.ndarray:
    rng = np.random.default_rng(7)
    vectors = rng.standard_normal((len(WORDS) + GROUPS, DIMS)).astype(np.float32)
    vectors[1] = vectors[0] + 0.1 * vectors[1]
    vectors[3] *= 0.01
    return vectors


def made_table() -> WordVectors:
    return parse_vectors(np.frombuffer(pack_vectors(WORDS, made_vectors(), GROUPS), np.uint8))


def write_table(folder: Path, content: bytes, *, sha256: str | None = None, name: str = "vectors.bin") -> None:
    (folder / "vectors.bin").write_bytes(content)
    manifest = {"file": name, "sha256": sha256 or hashlib.sha256(content).hexdigest()}
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")


def packed() -> bytes:
    return pack_vectors(WORDS, made_vectors(), GROUPS)


def test_a_table_that_was_packed_comes_back_nearly_as_it_was(tmp_path: Path) -> None:
    write_table(tmp_path, packed())
    table = load_vectors(tmp_path)
    for row, word in enumerate(WORDS):
        wanted = made_vectors()[row]
        assert np.abs(table.stack([word])[0] - wanted).max() <= np.abs(wanted).max() / 127


def test_the_table_is_mapped_and_not_read_into_memory(tmp_path: Path) -> None:
    write_table(tmp_path, packed())
    table = load_vectors(tmp_path)
    base = table._rows
    while base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", VectorsFault.UNREADABLE),
        (b"short", VectorsFault.MALFORMED),
        (packed()[:-1], VectorsFault.MALFORMED),
        (packed() + b"\0", VectorsFault.MALFORMED),
        (b"X" + packed()[1:], VectorsFault.MALFORMED),
        (HEADER.pack(b"VSTBWVEC", 2, DIMS, 4, GROUPS, 1) + packed()[HEADER.size :], VectorsFault.MALFORMED),
        (HEADER.pack(b"VSTBWVEC", 1, DIMS, 0xFFFFFFFF, GROUPS, 1) + packed()[HEADER.size :], VectorsFault.MALFORMED),
    ],
    ids=["empty", "short", "cut", "longer", "magic", "version", "counts"],
)
def test_a_malformed_table_is_refused_with_a_code(tmp_path: Path, content: bytes, fault: VectorsFault) -> None:
    write_table(tmp_path, content)
    with pytest.raises(VectorsError) as caught:
        load_vectors(tmp_path)
    assert caught.value.code is fault


def test_a_word_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed())
    content[HEADER.size] = 0xFF
    write_table(tmp_path, bytes(content))
    with pytest.raises(VectorsError) as caught:
        load_vectors(tmp_path)
    assert caught.value.code is VectorsFault.MALFORMED


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    content = bytearray(packed())
    content[-1] ^= 1
    write_table(tmp_path, bytes(content), sha256=hashlib.sha256(packed()).hexdigest())
    with pytest.raises(VectorsError) as caught:
        load_vectors(tmp_path)
    assert caught.value.code is VectorsFault.CHANGED


@pytest.mark.parametrize("name", ["../vectors.bin", "/etc/hostname", "other.bin"])
def test_a_manifest_names_a_file_beside_it_or_is_refused(tmp_path: Path, name: str) -> None:
    write_table(tmp_path, packed(), name=name)
    with pytest.raises(VectorsError):
        load_vectors(tmp_path)


def test_without_a_manifest_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(VectorsError) as caught:
        load_vectors(tmp_path)
    assert caught.value.code is VectorsFault.NO_MANIFEST


def test_words_are_spelt_without_case_accents_and_digits() -> None:
    assert words_for_vectors("Mamá's INGLÉS at 9:30, $45!") == ["mama", "ingles", "at", "0", "00", "00"]


def test_a_flood_of_words_is_cut() -> None:
    assert len(words_for_vectors("word " * 10_000)) == MAX_WORDS


def test_a_text_is_a_vector_of_length_one_and_nothing_is_zero() -> None:
    table = made_table()
    assert float(np.linalg.norm(table.encode("parking for the jab"))) == pytest.approx(1.0, abs=1e-5)
    assert not table.encode("").any()
    assert not table.encode("?!").any()


def test_a_weighty_word_decides_and_a_small_one_does_not() -> None:
    table = made_table()
    assert float(table.encode("the jab") @ table.encode("jab")) > 0.99
    assert float(table.encode("jab") @ table.encode("vaccination")) > 0.9


def test_an_unknown_word_gets_the_mean_of_its_letter_groups() -> None:
    table = made_table()
    rows = [len(WORDS) + group for group in letter_groups("jabb", GROUPS)]
    mean = made_vectors()[rows].mean(axis=0)
    assert float(unit(mean) @ table.encode("jabb")) > 0.99


def test_letter_groups_know_where_a_word_begins_and_ends() -> None:
    assert len(letter_groups("jab", 1 << 20)) == 3 + 2 + 1
    assert letter_groups("a", 1 << 20) != letter_groups("b", 1 << 20)
