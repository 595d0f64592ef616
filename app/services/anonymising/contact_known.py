"""What an office knows of a contact, as the finder takes it. Pure."""

from collections.abc import Iterator

from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.domain.contact import ContactDetails, ContactField

_LABELS = {
    ContactField.OTHER_NAMES: Label.PERSON,
    ContactField.BIRTH_DATE: Label.DATE,
    ContactField.PHONES: Label.PHONE,
    ContactField.EMAILS: Label.EMAIL,
    ContactField.ADDRESS: Label.ADDRESS,
    ContactField.RECORD_NUMBERS: Label.ID,
    ContactField.RELATIVES: Label.PERSON,
}


def known_of_contact(name: str, details: ContactDetails) -> Iterator[KnownText]:
    """Yield what to find of one contact: the name first, so that it counts where a relative has the same."""
    yield KnownText(name, Label.PERSON, "office.contact")
    for which, label in _LABELS.items():
        for text in details.get(which):
            yield KnownText(text, label, f"office.contact_{which.value}")
