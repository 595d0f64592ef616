"""What an office knows of a person besides the name: numbers, addresses, relatives. Nothing here is required.

Everything stands as the desk wrote it down, made plain where that is safe (see ``app.services.contacts.checking``).
"""

from dataclasses import dataclass, field, fields
from datetime import date
from enum import Enum


class ContactField(Enum):
    """The parts of ``ContactDetails``, in the order in which screens and files show them."""

    OTHER_NAMES = "other_names"
    BIRTH_DATE = "birth_date"
    PHONES = "phones"
    EMAILS = "emails"
    ADDRESS = "address"
    RECORD_NUMBERS = "record_numbers"
    RELATIVES = "relatives"


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What is known of one contact; no member shows in a ``repr``.

    ``phones`` are written internationally ("+1 860 555 0142"). ``record_numbers`` are whatever the office files a
    person under: chart, matter, policy. ``relatives`` are names of people around the contact.
    """

    other_names: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    address: str = field(default="", repr=False)
    record_numbers: tuple[str, ...] = field(default=(), repr=False)
    relatives: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not any(getattr(self, one.name) for one in fields(self))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every single thing that is known, as it is written; the birth date as 1984-03-03."""
        born = () if self.birth_date is None else (self.birth_date.isoformat(),)
        lists = (*self.other_names, *born, *self.phones, *self.emails, self.address)
        return tuple(text for text in (*lists, *self.record_numbers, *self.relatives) if text)

    def get(self, which: ContactField) -> tuple[str, ...]:
        """Return one part as texts."""
        value = getattr(self, which.value)
        if isinstance(value, tuple):
            return value
        return (str(value),) if value else ()


NOTHING_KNOWN = ContactDetails()
"""Of a contact of whom only the name stands."""
