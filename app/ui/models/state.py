"""What the page shows, as frozen records."""

from dataclasses import dataclass

from app.services.models.findings import TestFinding
from app.services.models.keeper import Passport


@dataclass(frozen=True, slots=True)
class TestRun:
    """A driving test under way; ``so_far`` is None before the first answer."""

    __test__ = False

    name: str
    done: int = 0
    total: int = 0
    so_far: TestFinding | None = None


@dataclass(frozen=True, slots=True)
class ModelsState:
    """All models, and what is going on with them.

    ``running`` is the name of the model that proposes now: another than the chosen one when that could not be loaded,
    then ``could_not`` says why; empty while none runs.
    """

    passports: tuple[Passport, ...] = ()
    running: str = ""
    chosen: str = ""
    previous: str = ""
    could_not: str = ""
    is_pinned: bool = False
    is_switching: bool = False
    test: TestRun | None = None
    measuring: str = ""
    """The model whose speed is being measured; empty when none is."""

    def find(self, name: str) -> Passport | None:
        """Return the passport of one model."""
        return next((passport for passport in self.passports if passport.entry.name == name), None)
