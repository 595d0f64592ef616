"""The licence of a professional: taken when it names a kind and a place, and only from a professional. Pure."""

import re

from app.domain.office import Licence, Role
from app.services.errors import ChoiceFault, InvalidChoiceError

_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def check_licence(role: Role, licence: Licence | None) -> Licence | None:
    """Return the licence with its place in capitals; None for who is no professional.

    The place is a country (ISO 3166-1, ``DE``) or a part of one (ISO 3166-2, ``US-CA``): which law of disclosure binds
    a professional hangs on it.

    Raises:
        InvalidChoiceError: a professional without a licence, or a place of another form.
    """
    if role is not Role.PROFESSIONAL:
        return None
    if licence is None:
        raise InvalidChoiceError(ChoiceFault.LICENCE_MISSING)
    place = licence.place.strip().upper()
    if not _PLACE.fullmatch(place):
        raise InvalidChoiceError(ChoiceFault.LICENCE_PLACE)
    return Licence(licence.kind, place)
