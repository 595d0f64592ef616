"""What kind of office this is and who works in it."""

from dataclasses import dataclass
from enum import Enum

from app.domain.ids import PersonId


class Sector(Enum):
    """Chosen once by the first-run wizard; decides wording, demo content and, later, rule packs."""

    CLINIC = "clinic"
    LAW = "law"


class Role(Enum):
    """What a person is in the office; ``app.domain.roles`` says what that lets them do."""

    FRONT_DESK = "front_desk"
    PROFESSIONAL = "professional"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    IT = "it"


class LicenceKind(Enum):
    """What a professional is licensed as; decides which rules of disclosure bind them."""

    PHYSICIAN = "physician"
    NURSE = "nurse"
    DENTIST = "dentist"
    PSYCHOTHERAPIST = "psychotherapist"
    PHARMACIST = "pharmacist"
    ATTORNEY = "attorney"
    NOTARY = "notary"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Licence:
    """A professional's licence: its kind, and the place whose law it is under (ISO 3166: ``US-CA``, ``DE``)."""

    kind: LicenceKind
    place: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a slot in the vault. Only a professional has a licence."""

    person_id: PersonId
    display_name: str
    role: Role
    licence: Licence | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """The office that a vault belongs to."""

    name: str
    sector: Sector
    is_demo: bool
