"""What cannot be taken as a detail of a contact.

::

    ServiceError
    └── InvalidDetailError     one entry of one part cannot be taken; ``code`` says why, ``which`` and ``place`` where

The entry itself is in no message.
"""

from enum import Enum

from app.domain.contact import ContactField
from app.services.errors import ServiceError


class DetailFault(Enum):
    """Why an entry was refused."""

    TOO_LONG = "contact_too_long"
    TOO_MANY = "contact_too_many"
    BROKEN_CHARACTERS = "contact_broken_characters"
    NO_NAME = "contact_no_name"
    """A name holds a letter."""
    NO_DATE = "contact_no_date"
    DATE_AHEAD = "contact_date_ahead"
    DATE_TOO_EARLY = "contact_date_too_early"
    NO_PHONE = "contact_no_phone"
    """No numbering plan has such a number."""
    NO_EMAIL = "contact_no_email"
    NO_NUMBER = "contact_no_number"
    """A record number holds a digit or a letter, and at least three of them."""
    NO_ADDRESS = "contact_no_address"


class InvalidDetailError(ServiceError):
    """The details were not taken; nothing changed. ``place`` counts the entries of a part from 0."""

    def __init__(self, fault: DetailFault, which: ContactField, place: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.which = which
        self.place = place
