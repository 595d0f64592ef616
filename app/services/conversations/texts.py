"""The door for text: what is taken into the log, and what is refused with a reason. Pure."""

from app.domain.conversation import MAX_MESSAGE_CHARS, MAX_NAME_CHARS
from app.services.errors import InvalidTextError, TextFault


def check_text(untrusted_text: str, *, may_be_empty: bool = False) -> str:
    """Return a message or note exactly as it was written.

    Raises:
        InvalidTextError: blank, longer than ``MAX_MESSAGE_CHARS``, or holding what UTF-8 or SQL cannot carry.
    """
    if len(untrusted_text) > MAX_MESSAGE_CHARS:
        raise InvalidTextError(TextFault.TOO_LONG)
    if not may_be_empty and not untrusted_text.strip():
        raise InvalidTextError(TextFault.EMPTY)
    _refuse_broken_characters(untrusted_text)
    return untrusted_text


def check_name(untrusted_name: str) -> str:
    """Return a contact name on one line, without spaces around it.

    Raises:
        InvalidTextError: blank, longer than ``MAX_NAME_CHARS``, or holding broken characters.
    """
    if len(untrusted_name) > MAX_NAME_CHARS:
        raise InvalidTextError(TextFault.NAME_TOO_LONG)
    _refuse_broken_characters(untrusted_name)
    name = " ".join(untrusted_name.split())
    if not name:
        raise InvalidTextError(TextFault.NAME_EMPTY)
    return name


def _refuse_broken_characters(text: str) -> None:
    if "\0" in text:
        raise InvalidTextError(TextFault.HAS_NUL)
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidTextError(TextFault.HAS_SURROGATE)
