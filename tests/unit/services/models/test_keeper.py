"""Which model is used, what is tried when it cannot be, and what is known of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.config import ConsoleSettings, Places, load_settings, save_setting
from app.inference.generation import ProblemCode
from app.services.models.catalogue import ModelCatalogue
from app.services.models.errors import ModelError, ModelFault
from app.services.models.findings import TestFinding
from app.services.models.keeper import ModelKeeper
from app.services.models.manifests import ModelEntry
from app.services.models.opening import running_entry
from app.services.models.taking_in import ImportListener
from tests.support.command_line import FramedScriptedModel, make_places
from tests.support.scripted_model import Reply
from tests.support.tiny_gguf import write_tiny_gguf

REPLY = "We are open every day of the week."


@dataclass
class House:
    """A keeper over folders of the test's own."""

    folder: Path
    replies: list[Reply] = field(default_factory=lambda: [REPLY])
    problem: str | None = None
    free_bytes: int | None = 1 << 40

    def __post_init__(self) -> None:
        self.places: Places = make_places(self.folder)
        self.keeper = ModelKeeper(
            ModelCatalogue(self.places.models_dir, self.places.user_models_dir),
            settings=self.settings,
            save_setting=lambda key, value: save_setting(self.places, key, value),
            open_entry=self.open_entry,
            free_bytes=lambda: self.free_bytes,
        )

    def settings(self) -> ConsoleSettings:
        return load_settings(self.places)

    @contextmanager
    def open_entry(self, entry: ModelEntry) -> Iterator[FramedScriptedModel]:
        model = FramedScriptedModel(self.replies)
        model.problem = self.problem
        yield model

    def bring_in(self, name: str, seed: int = 1) -> ModelEntry:
        file = write_tiny_gguf(self.folder / f"{name}.gguf", seed=seed, answer=None)
        return self.keeper.import_file(file, name=name).entry

    def pin(self, name: str) -> None:
        self.places.managed_dir.mkdir()
        self.places.managed_settings_file.write_text(f'model = "{name}"\n')


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def fault_of(act: object, *args: object) -> tuple[ModelFault, str]:
    assert callable(act)
    with pytest.raises(ModelError) as caught:
        act(*args)
    return caught.value.code, caught.value.detail


def test_the_one_before_is_remembered_and_one_step_leads_back(house: House) -> None:
    house.bring_in("first", 1)
    house.bring_in("second", 2)
    house.keeper.use("first")
    house.keeper.use("second")
    house.keeper.use("second")  # again: the way back stays
    assert (house.keeper.chosen, house.keeper.previous) == ("second", "first")
    house.keeper.use_previous()
    assert (house.keeper.chosen, house.keeper.previous) == ("first", "second")
    in_use = [(passport.entry.name, passport.is_in_use, passport.is_previous) for passport in house.keeper.passports()]
    assert in_use == [("first", True, False), ("second", False, True)]


def test_a_pinned_model_is_not_changed_here(house: House) -> None:
    house.bring_in("first", 1)
    house.bring_in("second", 2)
    house.pin("first")
    assert house.keeper.is_pinned
    assert fault_of(house.keeper.use, "second")[0] is ModelFault.PINNED
    assert house.keeper.use("first").name == "first"


def test_memory_that_the_running_model_gives_back_counts_as_free(house: House) -> None:
    entry = house.bring_in("first")
    needed = house.keeper.catalogue.need(entry, 2_048).total
    house.free_bytes = needed - 1
    assert fault_of(house.keeper.use, "first") == (ModelFault.NO_MEMORY, f"{needed}/{needed - 1}")
    assert house.keeper.use("first", given_back_bytes=1).name == "first"
    assert house.keeper.passport("first").fits is False
    house.free_bytes = None  # a kernel that does not tell
    assert house.keeper.passport("first").fits


def test_at_start_the_first_sound_model_is_taken_and_the_others_are_named(house: House) -> None:
    entry = house.bring_in("large", 1)
    house.bring_in("before", 2)
    house.keeper.use("before")
    house.keeper.use("large")
    entry.file.write_bytes(entry.file.read_bytes()[:-8])
    assert house.keeper.candidates() == ("large", "before", "starter")
    opened = house.keeper.open_first()
    assert opened.worker is not None
    opened.worker.stop()
    assert (opened.worker.entry.name, opened.worker.name) == ("before", "before")
    assert [name for name, _code in opened.skipped] == ["large"]
    nothing = house.keeper.open_first(["absent"])
    assert (nothing.worker, nothing.skipped) == (None, (("absent", "unknown_model"),))


def test_a_model_that_cannot_run_here_does_not_come_in(house: House) -> None:
    house.replies, house.problem = [ProblemCode.WORKER_UNAVAILABLE], "model_refused"
    file = write_tiny_gguf(house.folder / "bad.gguf")
    assert fault_of(house.keeper.import_file, file) == (ModelFault.CANNOT_RUN, "model_refused")
    assert house.keeper.catalogue.list() == ()
    house.problem = "engine_missing"  # says nothing about the file
    assert house.keeper.import_file(file).findings.speed is None


def test_a_stop_is_heard_while_the_model_is_measured(house: House) -> None:
    class Stopped(ImportListener):
        asked = 0

        def is_stopped(self) -> bool:
            self.asked += 1
            return self.asked > 1

    @contextmanager
    def slow(_entry: ModelEntry) -> Iterator[FramedScriptedModel]:
        model = FramedScriptedModel(["a long reply that is held"])
        model.pause()
        yield model

    house.keeper.open_entry = slow
    file = write_tiny_gguf(house.folder / "slow.gguf")
    with pytest.raises(ModelError) as caught:
        house.keeper.import_file(file, listener=Stopped())
    assert caught.value.code is ModelFault.CANCELLED
    assert house.keeper.catalogue.list() == ()


def test_findings_hold_for_exactly_these_bytes(house: House) -> None:
    entry = house.bring_in("first")
    finding = TestFinding(1, True, 40, 0, 24, 24, 10, 16, 16, 0, 0, 40, 400)
    house.keeper.note_test("first", finding)
    passport = house.keeper.passport("first")
    assert (passport.findings.test, passport.has_passed) == (finding, True)
    assert passport.findings.speed is not None
    assert house.keeper.catalogue.findings.of("0" * 64).test is None
    house.keeper.note_test("first", replace(finding, is_passed=False))
    assert house.keeper.passport("first").has_passed is False
    findings = house.places.user_models_dir / ".findings" / f"{entry.sha256}.json"
    findings.write_text("{broken")
    assert house.keeper.passport("first").findings.test is None


def test_a_removed_model_is_no_way_back_any_more(house: House) -> None:
    house.bring_in("first", 1)
    house.bring_in("second", 2)
    house.keeper.use("first")
    house.keeper.use("second")
    assert fault_of(house.keeper.remove, "second")[0] is ModelFault.IN_USE
    house.keeper.remove("first")
    assert house.keeper.previous == ""
    assert fault_of(house.keeper.use_previous)[0] is ModelFault.NO_PREVIOUS


def test_a_real_worker_is_measured_at_import(house: House) -> None:
    pytest.importorskip("llama_cpp", reason="the engine of the model worker is not installed")
    house.keeper.open_entry = lambda entry: running_entry(entry, threads=1, context_tokens=2_048)
    file = write_tiny_gguf(house.folder / "real.gguf", answer=None)
    finding = house.keeper.import_file(file).findings.speed
    assert finding is not None
    assert finding.speed.prompt_tokens > 100
    assert finding.speed.reads_words_per_s > finding.speed.writes_words_per_s > 0
    assert finding.resident_bytes > 10 << 20


def test_a_header_that_lies_about_its_tensors_is_refused_by_the_real_worker_and_leaves_nothing(house: House) -> None:
    pytest.importorskip("llama_cpp", reason="the engine of the model worker is not installed")
    house.keeper.open_entry = lambda entry: running_entry(entry, threads=1, context_tokens=2_048)
    content = write_tiny_gguf(house.folder / "whole.gguf").read_bytes()
    (house.folder / "odd.gguf").write_bytes(content.replace(b"ffn_gate", b"ffn_xate"))
    assert fault_of(house.keeper.import_file, house.folder / "odd.gguf") == (ModelFault.CANNOT_RUN, "model_refused")
    assert house.keeper.catalogue.list() == ()
