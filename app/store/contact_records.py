"""Details of a contact as JSON and back, as events, columns and exports hold them."""

from collections.abc import Mapping
from datetime import date

from app.domain.contact import ContactDetails
from app.domain.events import JsonValue

_LISTS = ("other_names", "phones", "emails", "record_numbers", "relatives")


def details_to_json(details: ContactDetails) -> dict[str, JsonValue]:
    """Return what is known, and nothing for what is not."""
    known: dict[str, JsonValue] = {name: list(getattr(details, name)) for name in _LISTS if getattr(details, name)}
    if details.birth_date is not None:
        known["birth_date"] = details.birth_date.isoformat()
    if details.address:
        known["address"] = details.address
    return known


def details_from_json(stored: Mapping[str, JsonValue]) -> ContactDetails:
    """Return details that ``details_to_json`` wrote; members of a later version are passed over."""
    born = stored.get("birth_date")
    return ContactDetails(
        birth_date=None if born is None else date.fromisoformat(str(born)),
        address=str(stored.get("address", "")),
        **{name: _texts(stored.get(name)) for name in _LISTS},
    )


def _texts(stored: JsonValue) -> tuple[str, ...]:
    return tuple(map(str, stored)) if isinstance(stored, list) else ()
