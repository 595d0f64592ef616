"""What the page of people shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.ids import PersonId
from app.domain.office import Licence, Person, Role
from app.services.people.recovery import PaperState
from app.services.people.service import People, PersonAct


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What somebody typed about a person."""

    name: str = field(repr=False)
    role: Role
    licence: Licence | None


@dataclass(frozen=True, slots=True)
class Farewell:
    """Whom to let go, and how many open conversations would be nobody's."""

    person: Person
    conversations: int


@dataclass(frozen=True, slots=True)
class PeopleState:
    """``people`` is None until it was read; ``refusals`` holds the code of what keeps an act from somebody.

    ``no_adding`` is the code of what keeps the person at the desk from letting anybody in, "" when nothing does.
    """

    people: People | None = None
    me: PersonId | None = None
    paper: PaperState = field(default_factory=PaperState)
    refusals: Mapping[tuple[PersonId, PersonAct], str] = field(default_factory=dict)
    no_adding: str = ""
    is_busy: bool = False
    problem: str = ""

    def why_not(self, act: PersonAct, person_id: PersonId) -> str:
        """Return the code of what keeps an act from somebody, "" when nothing does."""
        return self.refusals.get((person_id, act), "")
