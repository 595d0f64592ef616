"""Vectors from a real (tiny) embedding model in a real confined process."""

import math
import os
import signal
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.inference.embedding import Embedder, EmbeddingError, EmbeddingProblem
from app.inference.embedding.protocol import MAX_TEXT_BYTES, packed, unpacked
from tests.support.tiny_gguf import WIDTH, write_tiny_gguf


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Blocks that add nothing: a text's vector is the mean of its bytes' vectors."""
    return write_tiny_gguf(tmp_path_factory.mktemp("embedding") / "tiny.gguf")


@pytest.fixture
def embedder(model_file: Path) -> Iterator[Embedder]:
    with Embedder(model_file) as made:
        yield made


def cosine(one: "array[float]", other: "array[float]") -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_texts_of_the_same_letters_lie_near_and_others_far(embedder: Embedder) -> None:
    parking, again, hours = (embedder.embed(text) for text in ("parking", "parking parking", "we shut 17:30"))
    assert len(parking) == embedder.dims == WIDTH
    assert math.isclose(cosine(parking, parking), 1.0, abs_tol=1e-4)
    assert cosine(parking, again) > 0.95
    assert cosine(parking, hours) < cosine(parking, again) - 0.2
    assert embedder.embed("parking") == parking


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MAX_TEXT_BYTES + 1), "broken \ud800"])
def test_a_text_that_is_none_costs_only_itself(embedder: Embedder, text: str) -> None:
    with pytest.raises(EmbeddingError) as caught:
        embedder.embed(text)
    assert caught.value.code is EmbeddingProblem.TEXT_INVALID
    assert len(embedder.embed("parking")) == WIDTH


def test_a_long_text_loses_its_end(embedder: Embedder) -> None:
    assert cosine(embedder.embed("parking " * 1_500), embedder.embed("parking " * 60)) > 0.99


def test_a_file_that_llama_cpp_refuses_is_refused_for_good(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(64))
    with Embedder(broken) as embedder:
        for _ in range(2):
            with pytest.raises(EmbeddingError) as caught:
                embedder.embed("parking")
            assert caught.value.code is EmbeddingProblem.MODEL_REFUSED


def test_a_process_that_is_killed_ends_it_and_nobody_waits(embedder: Embedder) -> None:
    embedder.embed("parking")
    assert embedder.pid is not None
    os.kill(embedder.pid, signal.SIGKILL)
    with pytest.raises(EmbeddingError) as caught:
        embedder.embed("parking")
    assert caught.value.code is EmbeddingProblem.WORKER_LOST
    assert embedder.problem is EmbeddingProblem.WORKER_LOST


def test_after_close_there_are_no_vectors(model_file: Path) -> None:
    embedder = Embedder(model_file)
    embedder.close()
    with pytest.raises(EmbeddingError):
        embedder.embed("parking")


@pytest.mark.parametrize(
    "untrusted",
    ["", "AAAA", "no base64!", packed(array("f", [0.0] * 8)), packed(array("f", [math.nan] + [1.0] * 7))],
)
def test_a_vector_that_is_none_is_refused(untrusted: str) -> None:
    assert unpacked(untrusted, 8) is None


def test_a_vector_crosses_the_wall_and_gets_length_one() -> None:
    vector = unpacked(packed(array("f", [3.0, 4.0, *([0.0] * 6)])), 8)
    assert vector is not None
    assert list(vector[:2]) == pytest.approx([0.6, 0.8])
