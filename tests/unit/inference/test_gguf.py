"""Headers of model files: the good one is read, every bad one is refused with its code, none is believed."""

import ctypes
import hashlib
import os
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.inference.errors import GgufError, GgufProblem
from app.inference.gguf import check_file, read_header, sha256_of
from app.inference.gguf_header import MAX_SHOWN_CHARACTERS
from app.inference.gguf_reader import MAX_ITEMS, MAX_TENSORS, MAX_VALUES
from app.inference.gguf_types import TENSOR_LAYOUTS
from app.inference.native import load_interface
from tests.support.tiny_gguf import write_tiny_gguf

SMALL = b"".join(
    [
        b"GGUF",
        struct.pack("<IQQ", 3, 1, 2),
        struct.pack("<Q", 20) + b"general.architecture" + struct.pack("<IQ", 8, 5) + b"llama",
        struct.pack("<Q", 12) + b"general.name" + struct.pack("<IQ", 8, 4) + b"Tiny",
        struct.pack("<Q", 6) + b"weight" + struct.pack("<IQQIQ", 2, 4, 2, 0, 0),
    ]
)
SMALL += bytes(-len(SMALL) % 32) + bytes(32)
"""One tensor of 4 by 2 F32 behind two texts: small enough to break at every place."""

NAME_KEY = struct.pack("<Q", 12) + b"general.name"
NAME = NAME_KEY + struct.pack("<IQ", 8, 4) + b"Tiny"
TENSOR = struct.pack("<IQQIQ", 2, 4, 2, 0, 0)


def problem_of(path: Path, raw: bytes) -> GgufProblem:
    path.write_bytes(raw)
    with pytest.raises(GgufError) as caught:
        read_header(path)
    return caught.value.code


def with_value(value: bytes) -> bytes:
    """Return the small file with another value under general.name."""
    return repadded(SMALL.replace(NAME, NAME_KEY + value))


def with_tensor(tensor: bytes) -> bytes:
    return repadded(SMALL.replace(TENSOR, tensor))


def repadded(raw: bytes) -> bytes:
    head = raw[: raw.find(b"weight") + 6 + len(TENSOR)]
    return head + bytes(-len(head) % 32) + bytes(32)


def test_the_header_of_a_real_file_is_read(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "tiny.gguf")
    header = read_header(path)
    assert (header.architecture, header.name, header.licence) == ("llama", "Tiny test model", "apache-2.0")
    assert (header.context_tokens, header.blocks, header.tensors) == (2048, 1, 12)
    assert header.vocabulary == 268
    assert header.has_chat_template
    assert header.size_bytes == path.stat().st_size
    assert header.parameters * 4 <= header.size_bytes - header.header_bytes < header.parameters * 4 + 12 * 32


def test_the_small_file_of_this_test_is_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "small.gguf"
    path.write_bytes(SMALL)
    assert (read_header(path).name, read_header(path).parameters) == ("Tiny", 8)


BAD: list[tuple[str, Callable[[], bytes], GgufProblem]] = [
    ("empty", lambda: b"", GgufProblem.NOT_GGUF),
    ("another format", lambda: b"PK\x03\x04" + bytes(100), GgufProblem.NOT_GGUF),
    ("old ggml", lambda: b"lmgg" + bytes(100), GgufProblem.NOT_GGUF),
    ("version 1", lambda: b"GGUF\1\0\0\0" + SMALL[8:], GgufProblem.UNSUPPORTED_VERSION),
    ("big-endian", lambda: b"GGUF\0\0\0\3" + SMALL[8:], GgufProblem.UNSUPPORTED_VERSION),
    ("many tensors", lambda: SMALL[:8] + struct.pack("<Q", MAX_TENSORS + 1) + SMALL[16:], GgufProblem.TOO_LARGE),
    ("2^64 - 1 tensors", lambda: SMALL[:8] + b"\xff" * 8 + SMALL[16:], GgufProblem.TOO_LARGE),
    ("many values", lambda: SMALL[:16] + struct.pack("<Q", MAX_VALUES + 1) + SMALL[24:], GgufProblem.TOO_LARGE),
    ("huge key", lambda: SMALL[:24] + b"\xff" * 8 + SMALL[32:], GgufProblem.BAD_STRING),
    ("empty key", lambda: SMALL.replace(NAME_KEY, bytes(8)), GgufProblem.BAD_STRING),
    (
        "key twice",
        lambda: SMALL.replace(NAME_KEY, struct.pack("<Q", 20) + b"general.architecture"),
        GgufProblem.DUPLICATE_KEY,
    ),
    ("text not UTF-8", lambda: SMALL.replace(b"Tiny", b"\xff\xfe\xfd\xfc"), GgufProblem.BAD_STRING),
    ("huge text", lambda: with_value(struct.pack("<IQ", 8, 1 << 62)), GgufProblem.BAD_STRING),
    ("unknown type", lambda: with_value(struct.pack("<I", 13)), GgufProblem.BAD_TYPE),
    ("bool of 2", lambda: with_value(struct.pack("<IB", 7, 2)), GgufProblem.BAD_VALUE),
    ("array of arrays", lambda: with_value(struct.pack("<IIQ", 9, 9, 1)), GgufProblem.BAD_TYPE),
    ("endless array", lambda: with_value(struct.pack("<IIQ", 9, 0, 1 << 60)), GgufProblem.TOO_LARGE),
    ("array past the end", lambda: with_value(struct.pack("<IIQ", 9, 12, 100_000)), GgufProblem.TRUNCATED),
    ("array of texts past the end", lambda: with_value(struct.pack("<IIQQ", 9, 8, 5, 1 << 19)), GgufProblem.TRUNCATED),
    ("no tensors", lambda: SMALL[:8] + bytes(8) + SMALL[16:], GgufProblem.BAD_TENSOR),
    ("key that ends early", lambda: SMALL.replace(b"general.name", b"general\0name"), GgufProblem.BAD_STRING),
    ("key with a bell", lambda: SMALL.replace(b"general.name", b"general\7name"), GgufProblem.BAD_STRING),
    ("key not ASCII", lambda: SMALL.replace(b"general.name", "generál.nam".encode()), GgufProblem.BAD_STRING),
    ("key turned round", lambda: SMALL.replace(b"general.name", "gener\u202ename".encode()), GgufProblem.BAD_STRING),
    ("tensor that ends early", lambda: SMALL.replace(b"weight", b"wei\0ht"), GgufProblem.BAD_STRING),
    ("tensor turned round", lambda: SMALL.replace(b"weight", "wei\u202e".encode()), GgufProblem.BAD_STRING),
    ("architecture that ends early", lambda: SMALL.replace(b"llama", b"lla\0a"), GgufProblem.BAD_STRING),
    ("architecture not ASCII", lambda: SMALL.replace(b"llama", "llám".encode()), GgufProblem.BAD_STRING),
    (
        "no architecture",
        lambda: SMALL.replace(b"general.architecture", b"general.architectura"),
        GgufProblem.MISSING_KEY,
    ),
    ("no tensor name", lambda: SMALL.replace(struct.pack("<Q", 6) + b"weight", bytes(8)), GgufProblem.BAD_STRING),
    (
        "long tensor name",
        lambda: SMALL.replace(struct.pack("<Q", 6) + b"weight", struct.pack("<Q", 64) + b"w" * 64),
        GgufProblem.BAD_STRING,
    ),
    ("no dimensions", lambda: with_tensor(struct.pack("<IIQ", 0, 0, 0)), GgufProblem.BAD_TENSOR),
    ("five dimensions", lambda: with_tensor(struct.pack("<I5QIQ", 5, 1, 1, 1, 1, 1, 0, 0)), GgufProblem.BAD_TENSOR),
    ("dimension of 0", lambda: with_tensor(struct.pack("<IQQIQ", 2, 0, 2, 0, 0)), GgufProblem.BAD_TENSOR),
    (
        "product wraps to 0",
        lambda: with_tensor(struct.pack("<I3QIQ", 3, 1 << 32, 1 << 32, 4, 0, 0)),
        GgufProblem.BAD_TENSOR,
    ),
    ("unknown weights", lambda: with_tensor(struct.pack("<IQQIQ", 2, 4, 2, 31, 0)), GgufProblem.BAD_TENSOR),
    ("half a block", lambda: with_tensor(struct.pack("<IQQIQ", 2, 48, 1, 8, 0)), GgufProblem.BAD_TENSOR),
    ("off the alignment", lambda: with_tensor(struct.pack("<IQQIQ", 2, 4, 2, 0, 8)), GgufProblem.BAD_ALIGNMENT),
    (
        "beyond the file",
        lambda: with_tensor(struct.pack("<IQQIQ", 2, 4, 2, 0, 1 << 40)),
        GgufProblem.TENSOR_OUT_OF_FILE,
    ),
    ("longer than the file", lambda: with_tensor(struct.pack("<IQQIQ", 2, 4, 3, 0, 0)), GgufProblem.TENSOR_OUT_OF_FILE),
]


@pytest.mark.parametrize(("raw", "problem"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_header_is_refused_with_its_code(tmp_path: Path, raw: Callable[[], bytes], problem: GgufProblem) -> None:
    assert raw() != SMALL
    assert problem_of(tmp_path / "bad.gguf", raw()) is problem


@pytest.mark.parametrize("alignment", [0, 1, 3, 24, 1 << 17, 1 << 31])
def test_an_alignment_that_is_none_is_refused(tmp_path: Path, alignment: int) -> None:
    key = struct.pack("<Q", 17) + b"general.alignment"
    raw = repadded(SMALL.replace(NAME, key + struct.pack("<II", 4, alignment)))
    assert problem_of(tmp_path / "bad.gguf", raw) is GgufProblem.BAD_ALIGNMENT


def two_tensors(first_offset: int, second_offset: int, second_name: bytes = b"second") -> bytes:
    def tensor(name: bytes, offset: int) -> bytes:
        return struct.pack("<Q", 6) + name + struct.pack("<IQQIQ", 2, 4, 2, 0, offset)

    head = SMALL[: SMALL.find(struct.pack("<Q", 6) + b"weight")].replace(
        struct.pack("<IQQ", 3, 1, 2), struct.pack("<IQQ", 3, 2, 2)
    )
    head += tensor(b"weight", first_offset) + tensor(second_name, second_offset)
    return head + bytes(-len(head) % 32) + bytes(64)


def test_tensors_may_not_share_bytes_or_names(tmp_path: Path) -> None:
    path = tmp_path / "two.gguf"
    path.write_bytes(two_tensors(32, 0))
    assert read_header(path).tensors == 2
    assert problem_of(path, two_tensors(0, 0)) is GgufProblem.TENSORS_OVERLAP
    assert problem_of(path, two_tensors(0, 32, b"weight")) is GgufProblem.DUPLICATE_TENSOR


@pytest.mark.parametrize("length", range(4, len(SMALL)))
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    assert problem_of(tmp_path / "cut.gguf", SMALL[:length]) in (GgufProblem.TRUNCATED, GgufProblem.TENSOR_OUT_OF_FILE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.data())
def test_whatever_is_changed_in_a_header_it_is_read_or_refused_and_never_more(
    tmp_path: Path, data: st.DataObject
) -> None:
    raw = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(4, len(raw) - 1))
        raw[place] = data.draw(st.sampled_from([0, 1, 2, 8, 9, 0x7F, 0x80, 0xFF]))
    path = tmp_path / "changed.gguf"
    path.write_bytes(raw)
    try:
        header = read_header(path)
    except GgufError:
        return
    assert header.header_bytes <= header.size_bytes == len(raw)
    assert header.parameters * 4 <= len(raw) * 256


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_behind_the_magic_are_read_or_refused(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "noise.gguf"
    path.write_bytes(b"GGUF\3\0\0\0" + tail)
    try:
        header = read_header(path)
    except GgufError:
        return
    assert header.size_bytes == len(tail) + 8


def test_the_words_of_a_file_are_cleaned_and_shortened(tmp_path: Path) -> None:
    path = tmp_path / "loud.gguf"
    loud = ("\x1b[31m" + "A\u202e\n" * 200).encode()
    path.write_bytes(with_value(struct.pack("<IQ", 8, len(loud)) + loud))
    name = read_header(path).name
    assert re.fullmatch(r"\[31mA+", name)
    assert len(name) <= MAX_SHOWN_CHARACTERS


def with_arrays(*counts: int) -> bytes:
    """Return a file with arrays of bytes, so many items each."""
    count = len(counts) + 2
    arrays = b"".join(
        struct.pack("<Q", 2) + b"k%d" % place + struct.pack("<IIQ", 9, 0, items) + bytes(items)
        for place, items in enumerate(counts)
    )
    start = SMALL.find(struct.pack("<Q", 6) + b"weight")
    head = SMALL[:16] + struct.pack("<Q", count) + SMALL[24:start] + arrays + SMALL[start : start + 14 + len(TENSOR)]
    return head + bytes(-len(head) % 32) + bytes(32)


def test_arrays_may_not_be_endless_together_either(tmp_path: Path) -> None:
    path, half = tmp_path / "arrays.gguf", MAX_ITEMS // 4
    path.write_bytes(with_arrays(half, half, half, half))
    assert read_header(path).tensors == 1
    assert problem_of(path, with_arrays(half, half, half, half, 1)) is GgufProblem.TOO_LARGE


def test_what_is_no_file_is_unreadable_and_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    places = [tmp_path / "absent.gguf", tmp_path, tmp_path / "pipe.gguf", Path("/dev/zero"), Path("no\0path")]
    for path in places:
        with pytest.raises(GgufError) as caught:
            read_header(path)
        assert caught.value.code is GgufProblem.UNREADABLE
        with pytest.raises(GgufError) as caught:
            sha256_of(path)
        assert caught.value.code is GgufProblem.UNREADABLE


def test_a_checked_file_comes_with_its_digest(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "tiny.gguf")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    checked = check_file(path, expected_sha256=digest.upper())
    assert checked.sha256 == digest
    assert replace(checked.header) == read_header(path)
    with pytest.raises(GgufError) as caught:
        check_file(path, expected_sha256="0" * 64)
    assert caught.value.code is GgufProblem.DIGEST_MISMATCH


def test_the_layouts_are_those_of_the_library() -> None:
    """ggml itself is asked for the size of every type in our table."""
    library = load_interface()._lib
    size, block = library.ggml_type_size, library.ggml_blck_size
    size.restype, block.restype = ctypes.c_size_t, ctypes.c_int64
    real = {kind: (block(kind), size(kind)) for kind in TENSOR_LAYOUTS}
    assert real == {kind: (layout.block, layout.block_bytes) for kind, layout in TENSOR_LAYOUTS.items()}
