"""Words about what is known of a contact, and what people type turned into entries."""

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from app.domain.contact import ContactDetails, ContactField
from app.services.contacts.checking import UntrustedDetails
from app.services.contacts.errors import DetailFault

BETWEEN = ";"
"""What parts several entries of one field; a comma stands inside of names and addresses."""


def field_words() -> dict[ContactField, str]:
    """Return what each part is called."""
    return {
        ContactField.OTHER_NAMES: _tr("Other names"),
        ContactField.BIRTH_DATE: _tr("Birth date"),
        ContactField.PHONES: _tr("Phones"),
        ContactField.EMAILS: _tr("E-mail"),
        ContactField.ADDRESS: _tr("Address"),
        ContactField.RECORD_NUMBERS: _tr("Record numbers"),
        ContactField.RELATIVES: _tr("People around them"),
    }


def hint_words() -> dict[ContactField, str]:
    """Return what stands in an empty field."""
    return {
        ContactField.OTHER_NAMES: _tr("A name at birth, a nickname; several with ;"),
        ContactField.BIRTH_DATE: _tr("As on paper: 3 March 1984"),
        ContactField.PHONES: _tr("With area code; several with ;"),
        ContactField.EMAILS: _tr("Several with ;"),
        ContactField.ADDRESS: _tr("Street, town, postal code"),
        ContactField.RECORD_NUMBERS: _tr("Chart, matter, policy; several with ;"),
        ContactField.RELATIVES: _tr("A partner, a parent, a carer; several with ;"),
    }


def shown(details: ContactDetails, which: ContactField) -> str:
    """Return one part as a person reads it."""
    if which is ContactField.BIRTH_DATE and details.birth_date is not None:
        born = details.birth_date
        return QLocale().toString(QDate(born.year, born.month, born.day), "d MMMM yyyy")
    return " · ".join(details.get(which))


def typed(details: ContactDetails, which: ContactField) -> str:
    """Return one part as it stands in its field."""
    return f"{BETWEEN} ".join(details.get(which))


def untrusted_of(fields: dict[ContactField, str]) -> UntrustedDetails:
    """Return what stands in the fields as entries."""
    single = {ContactField.ADDRESS, ContactField.BIRTH_DATE}
    return UntrustedDetails(
        {which: (text,) if which in single else tuple(text.split(BETWEEN)) for which, text in fields.items()}
    )


def fault_words(fault: DetailFault) -> str:
    """Return why an entry cannot be taken, and what would do."""
    return {
        DetailFault.TOO_LONG: _tr("This is too long."),
        DetailFault.TOO_MANY: _tr("These are too many."),
        DetailFault.BROKEN_CHARACTERS: _tr("This holds signs that cannot be stored."),
        DetailFault.NO_NAME: _tr("A name has letters."),
        DetailFault.NO_DATE: _tr("This is no day: write it as 3 March 1984."),
        DetailFault.DATE_AHEAD: _tr("This day lies ahead."),
        DetailFault.DATE_TOO_EARLY: _tr("Nobody is as old as that."),
        DetailFault.NO_PHONE: _tr("No phone has such a number: a digit may be missing, or the area code."),
        DetailFault.NO_EMAIL: _tr("This is no e-mail address."),
        DetailFault.NO_NUMBER: _tr("A record number has a digit, and three signs at least."),
        DetailFault.NO_ADDRESS: _tr("An address has a street or a town."),
    }[fault]


def _tr(text: str) -> str:
    return QCoreApplication.translate("contact", text)
