"""What a gateway says it holds: pages of sizes and ages, gathered into one answer. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from app.domain.post import MAX_REPLY_BYTES
from app.domain.post_sign_in import ADDRESS_BYTES, OFFICE_BYTES
from app.domain.strict_json import from_base64, load_object

MAX_PAGES: Final = 1_000
_PILE: Final = frozenset({"count", "bytes", "oldest_ms"})
_MAILBOX: Final = frozenset({"address", "token_hash", "claimed", "until_ms", "to_desk", "to_patient", "blobs"})
_PAGE: Final = frozenset({"v", "now_ms", "more", "closed", "disk_bytes", "mailboxes"})
_MAX_WHOLE: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class HoldingsPage:
    """One page, checked. ``last`` is the address to go on behind, None when there is no more."""

    fields: dict[str, Any]
    last: bytes | None


def read_page(untrusted: bytes, after: bytes) -> HoldingsPage:
    """Return one page of holdings.

    Args:
        untrusted: the payload of OK.
        after: the last address of the page before; addresses rise, so that a page cannot come for ever.

    Raises:
        ValueError: it is not one.
    """
    fields = load_object(untrusted.decode("utf-8"), MAX_REPLY_BYTES)
    mailboxes = fields.get("mailboxes")
    if (
        fields.keys() != _PAGE
        or fields["v"] != 1
        or not isinstance(mailboxes, list)
        or type(fields["more"]) is not bool
    ):
        raise ValueError("not a page of holdings")
    for name in ("now_ms", "closed", "disk_bytes"):
        _whole(fields[name])
    last = after
    for mailbox in mailboxes:
        address = _mailbox(mailbox)
        if address <= last:
            raise ValueError("addresses do not rise")
        last = address
    if fields["more"] and not mailboxes:
        raise ValueError("more, and nothing here")
    return HoldingsPage(fields, last if fields["more"] else None)


def merged(pages: list[HoldingsPage]) -> dict[str, Any]:
    """Return one answer: ``now_ms``, ``closed``, ``disk_bytes`` of the last page and all ``mailboxes``."""
    newest = pages[-1].fields
    mailboxes = [mailbox for page in pages for mailbox in page.fields["mailboxes"]]
    return {**{name: newest[name] for name in ("now_ms", "closed", "disk_bytes")}, "mailboxes": mailboxes}


def _mailbox(untrusted: object) -> bytes:
    """Check one mailbox and return its address."""
    if not isinstance(untrusted, dict) or untrusted.keys() != _MAILBOX or type(untrusted["claimed"]) is not bool:
        raise ValueError("not a mailbox")
    from_base64(untrusted["token_hash"], OFFICE_BYTES)
    _whole(untrusted["until_ms"])
    for name in ("to_desk", "to_patient", "blobs"):
        pile = untrusted[name]
        if not isinstance(pile, dict) or pile.keys() != _PILE:
            raise ValueError("not a pile")
        for value in pile.values():
            _whole(value)
    return from_base64(untrusted["address"], ADDRESS_BYTES)


def _whole(value: object) -> None:
    if type(value) is not int or not 0 <= value <= _MAX_WHOLE:
        raise ValueError("not a whole number")
