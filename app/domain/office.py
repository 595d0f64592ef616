"""What kind of office this is and who works in it."""

from dataclasses import dataclass
from enum import Enum

from app.domain.ids import PersonId


class Sector(Enum):
    """Chosen once by the first-run wizard; decides wording, demo content and, later, rule packs."""

    CLINIC = "clinic"
    LAW = "law"


class Role(Enum):
    """What a person may do; enforced by the vault issue, recorded from the first day."""

    FRONT_DESK = "front_desk"
    PROFESSIONAL = "professional"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    IT = "it"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a slot in the vault."""

    person_id: PersonId
    display_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Office:
    """The office that a vault belongs to."""

    name: str
    sector: Sector
    is_demo: bool
