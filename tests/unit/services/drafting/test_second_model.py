"""An embedding model of the office: weighed on the demonstration offices in its confined process."""

from pathlib import Path

import pytest

from app.inference.embedding import Embedder, EmbeddingError
from app.knowledge.encoded import WEIGHTS
from app.knowledge.meaning import shipped_meaning
from app.services.drafting.second_model import EmbedderEncoder, OfficeSecondModel, second_model
from app.services.models.errors import ModelError, ModelFault
from tests.support.tiny_gguf import write_tiny_gguf

RESOURCES = Path(__file__).resolve().parents[4] / "resources"

pytestmark = pytest.mark.skipif(shipped_meaning() is None, reason="no table of meaning is installed")


def test_a_model_that_sees_letters_only_is_weighed_and_counts_little(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with Embedder(write_tiny_gguf(tmp_path / "letters.gguf")) as embedder:
        second = second_model(embedder, RESOURCES, lambda done, total: told.append((done, total)))
        assert second.weight in WEIGHTS[:3]
        assert second.encoder.encode("parking") is not None
    assert told[-1][0] == told[-1][1] > 0
    assert second.encoder.encode("parking") is None, "its process has ended"


def test_a_file_that_makes_no_vectors_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(64))
    with Embedder(broken) as embedder:
        with pytest.raises(EmbeddingError):
            second_model(embedder, RESOURCES, lambda _done, _total: None)
        assert EmbedderEncoder(embedder).encode("parking") is None


def test_an_imported_model_starts_when_it_is_needed_and_is_weighed_once(tmp_path: Path) -> None:
    made: list[Embedder] = []

    def make() -> Embedder:
        made.append(Embedder(write_tiny_gguf(tmp_path / f"{len(made)}.gguf")))
        return made[-1]

    office = OfficeSecondModel(make, RESOURCES)
    assert office.encode("parking") is None
    assert made == []
    assert office.prepare() == office.prepare()
    assert len(made) == 1
    assert office.encode("parking") is not None
    office.close()
    assert office.encode("parking") is None


def test_a_file_that_changed_counts_nothing() -> None:
    def make() -> Embedder:
        raise ModelError(ModelFault.CHANGED)

    assert OfficeSecondModel(make, RESOURCES).prepare() == 0.0
