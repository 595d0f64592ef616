"""The catalogue of models: what is here, what may come in, what is refused."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.prompt import CHATML, Task
from app.services import models as models_module
from app.services.manifests import MANIFEST_NAME, read_manifest, write_manifest
from app.services.models import ModelCatalogue, ModelError, ModelFault, measure_speed, name_from
from tests.support.scripted_model import ScriptedModel
from tests.support.tiny_gguf import write_tiny_gguf


@pytest.fixture
def catalogue(tmp_path: Path) -> ModelCatalogue:
    return ModelCatalogue(tmp_path / "shipped", tmp_path / "data" / "models")


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    return write_tiny_gguf(tmp_path / "My Model (Q8).gguf")


def fault_of(act: object, *args: object, **kwargs: object) -> tuple[ModelFault, str]:
    assert callable(act)
    with pytest.raises(ModelError) as caught:
        act(*args, **kwargs)
    return caught.value.code, caught.value.detail


def test_an_imported_model_is_listed_checked_and_private(catalogue: ModelCatalogue, gguf: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    entry = catalogue.import_file(gguf, licence="Apache-2.0", progress=lambda done, total: seen.append((done, total)))
    assert catalogue.list() == (entry,)
    assert (entry.name, entry.licence, entry.template, entry.is_shipped) == (
        "my-model-q8",
        "Apache-2.0",
        "chatml",
        False,
    )
    assert entry.file.read_bytes() == gguf.read_bytes()
    assert seen[-1] == (gguf.stat().st_size, gguf.stat().st_size)
    assert catalogue.check(entry.name).sha256 == entry.sha256
    assert stat.S_IMODE((tmp_path / "data" / "models").stat().st_mode) == 0o700


def test_a_model_that_was_changed_on_disk_is_noticed(catalogue: ModelCatalogue, gguf: Path) -> None:
    entry = catalogue.import_file(gguf)
    content = bytearray(entry.file.read_bytes())
    content[-1] ^= 1
    entry.file.write_bytes(content)
    assert fault_of(catalogue.check, entry.name) == (ModelFault.CHANGED, "")


def test_what_is_no_model_is_refused_and_leaves_nothing(catalogue: ModelCatalogue, tmp_path: Path, gguf: Path) -> None:
    (tmp_path / "text.gguf").write_text("hello")
    (tmp_path / "cut.gguf").write_bytes(gguf.read_bytes()[:-100])
    os.mkfifo(tmp_path / "pipe.gguf")
    assert fault_of(catalogue.import_file, tmp_path / "text.gguf") == (ModelFault.REFUSED, "not_gguf")
    assert fault_of(catalogue.import_file, tmp_path / "cut.gguf")[0] is ModelFault.REFUSED
    assert fault_of(catalogue.import_file, tmp_path / "pipe.gguf")[0] is ModelFault.NOT_A_FILE
    assert fault_of(catalogue.import_file, tmp_path / "absent.gguf")[0] is ModelFault.NOT_A_FILE
    assert fault_of(catalogue.import_file, tmp_path)[0] in {ModelFault.NOT_A_FILE, ModelFault.BAD_NAME}
    assert list((tmp_path / "data" / "models").iterdir()) == []
    assert catalogue.list() == ()


def test_names_and_templates_are_checked_before_anything_is_copied(
    catalogue: ModelCatalogue, gguf: Path, tmp_path: Path
) -> None:
    assert fault_of(catalogue.import_file, gguf, name="../up")[0] is ModelFault.BAD_NAME
    assert fault_of(catalogue.import_file, gguf, name="Upper")[0] is ModelFault.BAD_NAME
    assert fault_of(catalogue.import_file, gguf, template="jinja")[0] is ModelFault.UNKNOWN_TEMPLATE
    assert not (tmp_path / "data").exists()


def test_a_name_is_taken_once_and_a_shipped_one_is_never_replaced(
    catalogue: ModelCatalogue, gguf: Path, tmp_path: Path
) -> None:
    entry = catalogue.import_file(gguf, name="starter")
    assert fault_of(catalogue.import_file, gguf, name="starter")[0] is ModelFault.EXISTS
    shipped = tmp_path / "shipped" / "starter"
    shipped.parent.mkdir()
    entry.file.parent.rename(shipped)
    assert catalogue.find("starter").is_shipped
    assert fault_of(catalogue.import_file, gguf, name="starter")[0] is ModelFault.EXISTS
    assert fault_of(catalogue.find, "other")[0] is ModelFault.UNKNOWN


def test_without_room_on_the_disk_nothing_is_copied(
    catalogue: ModelCatalogue, gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models_module, "SPARE_BYTES", 1 << 62)
    assert fault_of(catalogue.import_file, gguf)[0] is ModelFault.NO_SPACE
    assert list((tmp_path / "data" / "models").iterdir()) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 2),
        ("name", "../x"),
        ("file", "../x.gguf"),
        ("file", "/etc/x.gguf"),
        ("sha256", "zz"),
        ("template", "jinja"),
        ("licence", "a\nb"),
        ("size_bytes", -1),
        ("parameters", True),
        ("tasks", "reply"),
        ("tasks", [1]),
        ("title", "a\nb"),
        ("imported_ms", -1),
    ],
)
def test_a_manifest_that_breaks_one_rule_is_not_listed(
    catalogue: ModelCatalogue, gguf: Path, key: str, value: object
) -> None:
    entry = catalogue.import_file(gguf)
    manifest = entry.file.parent / MANIFEST_NAME
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {key: value}))
    assert catalogue.list() == ()


def test_a_model_is_asked_only_for_what_it_was_taught(catalogue: ModelCatalogue, gguf: Path) -> None:
    entry = catalogue.import_file(gguf)
    assert entry.tasks == {Task.REPLY}  # small, and nothing is said
    manifest = entry.file.parent / MANIFEST_NAME
    raw = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(raw | {"parameters": 500_000_000}))
    assert catalogue.find(entry.name).tasks == set(Task)
    manifest.write_text(json.dumps(raw | {"parameters": 9_000_000_000, "tasks": ["reply", "shorter", "sing"]}))
    taught = catalogue.find(entry.name)
    assert taught.supports(Task.SHORTER)
    assert not taught.supports(Task.SUMMARY)
    assert taught.tasks == {Task.REPLY, Task.SHORTER}


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path, catalogue: ModelCatalogue, gguf: Path) -> None:
    plain = catalogue.import_file(gguf)
    for entry in (plain, replace(plain, taught=frozenset({Task.SUMMARY}), imported_ms=5, imported_by="Ada", title="T")):
        write_manifest(entry.file.parent, entry)
        assert read_manifest(entry.file.parent, is_shipped=False) == entry


def test_names_are_made_from_file_names() -> None:
    assert name_from(Path("/x/Llama-3.2 1B (Q4_K_M).gguf")) == "llama-3.2-1b-q4_k_m"


def test_speed_is_measured_on_a_prompt_that_no_cache_can_know() -> None:
    model = ScriptedModel(["We are open every day. " * 4])
    speeds = [measure_speed(model, CHATML) for _ in range(2)]
    assert model.requests[0].prompt != model.requests[1].prompt
    assert all(speed.prompt_tokens_per_s > 0 and speed.generated_tokens > 0 for speed in speeds)
