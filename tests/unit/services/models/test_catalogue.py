"""The catalogue of models: what is here, what may come in, what is refused."""

import json
import os
import random
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.prompt import CHATML, Task
from app.services.models import taking_in as model_import
from app.services.models.catalogue import ModelCatalogue, ModelError, ModelFault, Speed, measure_speed, name_from
from app.services.models.findings import Findings, SpeedFinding
from app.services.models.manifests import MANIFEST_NAME, ModelEntry, read_manifest, write_manifest
from app.services.models.taking_in import LOCK_NAME, ImportListener, ImportStep
from tests.support.scripted_model import ScriptedModel
from tests.support.tiny_gguf import write_tiny_gguf


class Heard(ImportListener):
    """Remembers what an import said, and stops it at a step."""

    def __init__(self, stops_at: ImportStep | None = None) -> None:
        self.steps: list[tuple[ImportStep, int, int]] = []
        self.measured: list[str] = []
        self._stops_at = stops_at
        self._is_stopped = stops_at is ImportStep.COPYING

    def progressed(self, step: ImportStep, done: int, total: int) -> None:
        self.steps.append((step, done, total))
        self._is_stopped = self._is_stopped or step is self._stops_at

    def is_stopped(self) -> bool:
        return self._is_stopped

    def measure(self, entry: ModelEntry) -> None:
        assert entry.file.is_file()
        self.measured.append(entry.file.name)


def what_is_in(folder: Path) -> list[str]:
    """Return the names in a folder of models, without the lock of imports."""
    return sorted(place.name for place in folder.iterdir() if place.name not in {LOCK_NAME, ".findings"})


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
    heard = Heard()
    entry = catalogue.import_file(gguf, licence="Apache-2.0", imported_by="Ada Lind", listener=heard)
    assert catalogue.list() == (entry,)
    assert (entry.name, entry.licence, entry.template, entry.is_shipped) == (
        "my-model-q8",
        "Apache-2.0",
        "chatml",
        False,
    )
    assert entry.file.read_bytes() == gguf.read_bytes()
    assert heard.steps[-2] == (ImportStep.COPYING, gguf.stat().st_size, gguf.stat().st_size)
    assert heard.measured == [f"{entry.name}.gguf"]
    assert (entry.imported_by, entry.architecture, entry.title) == ("Ada Lind", "llama", "Tiny test model")
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
    assert not (tmp_path / "data").exists()
    assert catalogue.list() == ()


def test_three_hundred_broken_files_come_in_whole_or_leave_nothing(
    catalogue: ModelCatalogue, gguf: Path, tmp_path: Path
) -> None:
    dice, whole = random.Random(7), gguf.read_bytes()
    header = whole.index(b"output.weight") + 64
    broken = tmp_path / "broken.gguf"
    outcomes: set[ModelFault | None] = set()
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(header)] = dice.randrange(256)
        broken.write_bytes(content[: dice.choice([len(content), len(content), dice.randrange(len(content))])])
        try:
            catalogue.import_file(broken, licence="MIT")
        except ModelError as error:
            outcomes.add(error.code)
            assert what_is_in(tmp_path / "data" / "models") == [] if (tmp_path / "data").exists() else True
        else:
            outcomes.add(None)
            catalogue.remove("broken")
    assert ModelFault.REFUSED in outcomes
    assert outcomes <= {None, ModelFault.REFUSED, ModelFault.DUPLICATE}


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
    assert fault_of(catalogue.remove, "starter")[0] is ModelFault.SHIPPED
    assert fault_of(catalogue.import_file, gguf, name="starter")[0] is ModelFault.EXISTS
    assert fault_of(catalogue.find, "other")[0] is ModelFault.UNKNOWN


def test_without_room_on_the_disk_nothing_is_copied(
    catalogue: ModelCatalogue, gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_import, "SPARE_BYTES", 1 << 62)
    assert fault_of(catalogue.import_file, gguf)[0] is ModelFault.NO_SPACE
    assert what_is_in(tmp_path / "data" / "models") == []


def test_a_stopped_import_leaves_nothing_wherever_it_was(catalogue: ModelCatalogue, gguf: Path, tmp_path: Path) -> None:
    for step in ImportStep:
        assert fault_of(catalogue.import_file, gguf, listener=Heard(stops_at=step))[0] is ModelFault.CANCELLED
        assert what_is_in(tmp_path / "data" / "models") == []

    class Interrupted(Heard):
        def measure(self, entry: ModelEntry) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalogue.import_file(gguf, listener=Interrupted())
    assert what_is_in(tmp_path / "data" / "models") == []


def test_what_a_killed_import_left_behind_is_swept_away_by_the_next(
    catalogue: ModelCatalogue, gguf: Path, tmp_path: Path
) -> None:
    left = tmp_path / "data" / "models" / ".import-x"
    left.mkdir(parents=True)
    (left / "half.gguf").write_bytes(b"GGUF")
    entry = catalogue.import_file(gguf)
    assert what_is_in(tmp_path / "data" / "models") == [entry.name]


def test_two_imports_never_run_at_once(catalogue: ModelCatalogue, gguf: Path) -> None:
    inner: list[ModelFault] = []

    class Nested(Heard):
        def measure(self, entry: ModelEntry) -> None:
            inner.append(fault_of(catalogue.import_file, gguf, name="second")[0])

    catalogue.import_file(gguf, name="first", listener=Nested())
    assert inner == [ModelFault.IMPORTING]


def test_a_file_that_is_here_already_is_told_by_its_name(catalogue: ModelCatalogue, gguf: Path) -> None:
    catalogue.import_file(gguf, name="first")
    assert fault_of(catalogue.import_file, gguf, name="second") == (ModelFault.DUPLICATE, "first")


def test_the_licence_is_the_files_own_word_or_a_persons(catalogue: ModelCatalogue, tmp_path: Path) -> None:
    bare = write_tiny_gguf(tmp_path / "bare.gguf", licence=None)
    assert fault_of(catalogue.import_file, bare)[0] is ModelFault.LICENCE_UNKNOWN
    assert not (tmp_path / "data").exists()
    assert catalogue.import_file(bare, licence="  MIT\n").licence == "MIT"
    named = write_tiny_gguf(tmp_path / "named.gguf", seed=3, answer=None)
    assert catalogue.import_file(named).licence == "apache-2.0"


def test_a_removed_model_takes_its_findings_along(catalogue: ModelCatalogue, gguf: Path, tmp_path: Path) -> None:
    entry = catalogue.import_file(gguf)
    finding = SpeedFinding(Speed(100, 50.0, 10, 5.0, 20), 1, 2)
    catalogue.findings.note_speed(entry.sha256, finding)
    assert catalogue.findings.of(entry.sha256).speed == finding
    catalogue.remove(entry.name)
    assert catalogue.findings.of(entry.sha256) == Findings()
    assert what_is_in(tmp_path / "data" / "models") == []
    assert fault_of(catalogue.remove, entry.name)[0] is ModelFault.UNKNOWN


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
