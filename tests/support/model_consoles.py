"""A console over the demo office whose models are real: the shipped starter, imported tiny ones, confined workers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.config import ConsoleSettings, find_places, load_settings, save_setting
from app.domain.office import Office, Sector
from app.services.conversations.phrases import load_phrases
from app.services.desk import Desk
from app.services.models.catalogue import ModelCatalogue
from app.services.models.driving import TestPart, TestQuestion
from app.services.models.driving_questions import built_in_part
from app.services.models.keeper import ModelKeeper, Passport
from app.services.models.opening import CatalogueWorker, running_entry
from app.services.ports import FramedModel
from app.ui.shell.parts import ConsoleParts
from tests.support.command_line import make_places
from tests.support.consoles import DemoConsole
from tests.support.opening_parts import RESOURCES
from tests.support.tiny_gguf import write_tiny_gguf

FEW_QUESTIONS = 4


@dataclass
class ModelConsole(DemoConsole):
    """``start`` unlocks with the model of the settings, as ``bootstrap`` does."""

    settings: ConsoleSettings = field(default_factory=lambda: ConsoleSettings(idle_lock_s=3_600, prepare_drafts=False))
    free_bytes: int | None = 1 << 34
    asked: int = FEW_QUESTIONS
    keeper: ModelKeeper = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        shipped = find_places({}).models_dir
        self.places = replace(make_places(self.folder), models_dir=shipped)
        self.keeper = ModelKeeper(
            ModelCatalogue(self.places.models_dir, self.places.user_models_dir),
            settings=self._settings,
            save_setting=lambda key, value: save_setting(self.places, key, value),
            open_entry=lambda entry: running_entry(entry, threads=1, context_tokens=2_048),
            free_bytes=lambda: self.free_bytes,
        )

    @property
    def parts(self) -> ConsoleParts:
        return replace(super().parts, open_model=self._open_first, models=self.keeper, driving=self._driving)

    def bring_in(self, name: str, seed: int = 1, **how: object) -> Passport:
        """Import a tiny model, measured in a real worker."""
        return self.keeper.import_file(self.write(name, seed, **how), name=name, imported_by="Ada Lind")

    def write(self, name: str, seed: int = 1, **how: object) -> Path:
        """Write a tiny model file that is not here yet."""
        return write_tiny_gguf(self.folder / f"{name}.gguf", seed=seed, **({"answer": None} | how))  # type: ignore[arg-type]

    def _settings(self) -> ConsoleSettings:
        return load_settings(self.places)

    def _open_first(self, _office: Office) -> CatalogueWorker | None:  # type: ignore[override]
        return self.keeper.open_first().worker

    def _driving(self, _desk: Desk) -> Callable[[FramedModel], Sequence[TestPart]]:
        def parts(model: FramedModel) -> Sequence[TestPart]:
            part = built_in_part(RESOURCES, model, load_phrases(RESOURCES, Sector.CLINIC))
            few: tuple[TestQuestion, ...] = part.questions[:: max(1, 40 // self.asked)]
            return (replace(part, questions=few),)

        return parts
