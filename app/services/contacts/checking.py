"""The door for what is known of a contact: what is taken, made plain, or refused with a reason. Pure.

A check keeps slips out (a digit too few, a birth date next year); it does not say that a number is in use. Written
differently, the same thing is kept once.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.contact import ContactDetails, ContactField
from app.services.contacts.dates import parse_day
from app.services.contacts.errors import DetailFault, InvalidDetailError

MAX_ENTRIES = 12
"""Of one part; an office that knows more of somebody keeps a file elsewhere."""
MAX_CHARS = 120
MAX_ADDRESS_CHARS = 300
MAX_EMAIL_CHARS = 254
"""RFC 5321, 4.5.3.1.3: 256 with its angle brackets."""
MAX_AGE_YEARS = 130
MIN_NUMBER_CHARS = 3

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_REGIONS = {"gb": "GB", "us": "US", "ca": "CA", "ie": "IE", "es": "ES", "mx": "MX"}
_EXTENSION = " ext. "


@dataclass(frozen=True, slots=True)
class UntrustedDetails:
    """Details as somebody typed them, or as a file says them; each part is a list of entries, blank ones count not."""

    untrusted_parts: Mapping[ContactField, Iterable[str]]


def check_details(untrusted: UntrustedDetails, *, today: date, country: str) -> ContactDetails:
    """Return details that may be stored.

    Args:
        untrusted: any part may be missing.
        today: by the clock of the desk; nobody is born later.
        country: code of ``app.config.country``, whose numbering plan counts for a phone without a country code, and
            which writes 3/4/1984 its own way.

    Raises:
        InvalidDetailError: one entry cannot be taken.
    """
    entries = {which: _entries(untrusted.untrusted_parts.get(which, ()), which) for which in ContactField}

    def each(which: ContactField, check: Callable[[str], str]) -> tuple[str, ...]:
        return _checked(entries[which], which, check)

    born = each(ContactField.BIRTH_DATE, lambda text: _birth_date(text, today, country))
    address = each(ContactField.ADDRESS, _address)
    return ContactDetails(
        other_names=each(ContactField.OTHER_NAMES, _name),
        birth_date=date.fromisoformat(born[0]) if born else None,
        phones=each(ContactField.PHONES, lambda text: _phone(text, country)),
        emails=each(ContactField.EMAILS, _email),
        address=address[0] if address else "",
        record_numbers=each(ContactField.RECORD_NUMBERS, _number),
        relatives=each(ContactField.RELATIVES, _name),
    )


class _RefusedError(Exception):
    def __init__(self, fault: DetailFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def _entries(untrusted_entries: Iterable[str], which: ContactField) -> list[str]:
    entries = [text for text in untrusted_entries if text.strip()]
    most = 1 if which in {ContactField.BIRTH_DATE, ContactField.ADDRESS} else MAX_ENTRIES
    if len(entries) > most:
        raise InvalidDetailError(DetailFault.TOO_MANY, which, most)
    return entries


def _checked(entries: Iterable[str], which: ContactField, check: Callable[[str], str]) -> tuple[str, ...]:
    limit = MAX_ADDRESS_CHARS if which is ContactField.ADDRESS else MAX_EMAIL_CHARS
    kept: dict[str, str] = {}
    for place, entry in enumerate(entries):
        try:
            text = check(_plain(entry, limit))
        except _RefusedError as error:
            raise InvalidDetailError(error.fault, which, place) from None
        kept.setdefault(text.casefold(), text)
    return tuple(kept.values())


def _plain(untrusted_text: str, limit: int) -> str:
    """Return an entry on one line; the parts of an address stay apart by commas."""
    if len(untrusted_text) > limit:
        raise _RefusedError(DetailFault.TOO_LONG)
    lines = [" ".join(line.split()).strip(" ,") for line in untrusted_text.splitlines()]
    text = ", ".join(line for line in lines if line)
    if any(ord(char) < ord(" ") or "\ud800" <= char <= "\udfff" for char in text):
        raise _RefusedError(DetailFault.BROKEN_CHARACTERS)
    return text


def _name(text: str) -> str:
    if len(text) > MAX_CHARS:
        raise _RefusedError(DetailFault.TOO_LONG)
    if not any(char.isalpha() for char in text):
        raise _RefusedError(DetailFault.NO_NAME)
    return text


def _birth_date(text: str, today: date, country: str) -> str:
    day = parse_day(text, is_month_first=country == "us", latest=today)
    if day is None:
        raise _RefusedError(DetailFault.NO_DATE)
    if day > today:
        raise _RefusedError(DetailFault.DATE_AHEAD)
    if day.year < today.year - MAX_AGE_YEARS:
        raise _RefusedError(DetailFault.DATE_TOO_EARLY)
    return day.isoformat()


def _phone(text: str, country: str) -> str:
    """Return the number as it is dialled from abroad, with its extension."""
    import phonenumbers  # noqa: PLC0415  20 MB of plans that nobody needs before a number is written down

    try:
        number = phonenumbers.parse(text, _REGIONS.get(country, country.upper()))
    except phonenumbers.NumberParseException:
        raise _RefusedError(DetailFault.NO_PHONE) from None
    # Possible, not valid: plans change, and what an office dials every day must not be refused by an older list.
    if not phonenumbers.is_possible_number(number):
        raise _RefusedError(DetailFault.NO_PHONE)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return str(written).replace("-", " ").replace(" ext. ", _EXTENSION)


def _email(text: str) -> str:
    name, _at, host = text.partition("@")
    if _EMAIL.fullmatch(text) is None or ".." in name or name.startswith(".") or name.endswith("."):
        raise _RefusedError(DetailFault.NO_EMAIL)
    return f"{name}@{host.lower()}"


def _address(text: str) -> str:
    if sum(char.isalpha() for char in text) < MIN_NUMBER_CHARS:
        raise _RefusedError(DetailFault.NO_ADDRESS)
    return text


def _number(text: str) -> str:
    if len(text) > MAX_CHARS:
        raise _RefusedError(DetailFault.TOO_LONG)
    signs = [char for char in text if char.isalnum()]
    if len(signs) < MIN_NUMBER_CHARS or not any(char.isdigit() for char in signs):
        raise _RefusedError(DetailFault.NO_NUMBER)
    return text
