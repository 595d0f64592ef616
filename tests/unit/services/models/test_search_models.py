"""An embedding model comes in as any model does, and finds answers instead of writing them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.inference.gguf import read_header
from app.services.models.errors import ModelError, ModelFault
from app.services.models.keeper import ModelKeeper
from app.services.models.manifests import ModelEntry, read_manifest
from tests.support.tiny_gguf import write_tiny_gguf
from tests.unit.services.models.test_keeper import House

MEAN, RANKING = 1, 4


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def bring_in(house: House, name: str, *, seed: int = 1, pooling: int | None = MEAN) -> ModelEntry:
    file = write_tiny_gguf(house.folder / f"{name}.gguf", seed=seed, pooling=pooling)
    return house.keeper.import_file(file, name=name).entry


@pytest.mark.parametrize(("pooling", "makes_vectors"), [(None, False), (0, False), (MEAN, True), (RANKING, False)])
def test_the_header_tells_what_makes_vectors(tmp_path: Path, pooling: int | None, *, makes_vectors: bool) -> None:
    assert read_header(write_tiny_gguf(tmp_path / "x.gguf", pooling=pooling)).makes_vectors is makes_vectors


def test_an_embedding_model_is_tried_in_its_process_and_is_in_use_at_once(house: House) -> None:
    bring_in(house, "writer", seed=2, pooling=None)
    entry = bring_in(house, "finder")
    assert entry.is_for_search
    assert entry.tasks == frozenset()
    assert read_manifest(entry.file.parent, is_shipped=False).is_for_search
    found = house.keeper.catalogue.search_model()
    assert found is not None
    assert found.name == "finder"
    passport = house.keeper.passport("finder")
    assert passport.is_in_use
    assert passport.findings.speed is None
    assert not house.keeper.passport("writer").entry.is_for_search


def test_the_one_imported_last_helps_and_after_its_removal_the_one_before(house: House) -> None:
    bring_in(house, "first")
    bring_in(house, "second", seed=2)
    assert (search_name(house.keeper), house.keeper.passport("first").is_in_use) == ("second", False)
    house.keeper.remove("second")
    assert search_name(house.keeper) == "first"
    house.keeper.remove("first")
    assert search_name(house.keeper) is None


@pytest.mark.parametrize("wish", [lambda keeper: keeper.use("finder"), lambda keeper: keeper.measure("finder")])
def test_it_neither_proposes_nor_is_measured(house: House, wish: Callable[[ModelKeeper], object]) -> None:
    bring_in(house, "finder")
    with pytest.raises(ModelError) as caught:
        wish(house.keeper)
    assert caught.value.code is ModelFault.SEARCH_ONLY
    assert house.keeper.chosen != "finder"


def test_at_start_it_is_passed_over_as_a_model_that_proposes(house: House) -> None:
    bring_in(house, "finder")
    opened = house.keeper.open_first(["finder"])
    assert opened.worker is None
    assert opened.skipped == (("finder", "model_for_search"),)


def search_name(keeper: ModelKeeper) -> str | None:
    entry = keeper.catalogue.search_model()
    return None if entry is None else entry.name
