"""Roster entries: an administrator says which desks speak for the office, and with which key."""

from app.channel.errors import DocumentRefusedError
from app.channel.records import RosterEntry
from app.channel.signing import Signed


def open_roster_entry(
    untrusted: Signed, office: bytes, admin: bytes, *, now_s: int, least_epoch: int = 0
) -> RosterEntry:
    """Return the roster entry that ``admin`` signed for this office (channel.md §2).

    Raises:
        DocumentRefusedError: malformed, office, signature, expired or older.
    """
    try:
        entry = RosterEntry.parse(untrusted.data)
    except ValueError:
        raise DocumentRefusedError("malformed") from None
    if entry.office != office:
        raise DocumentRefusedError("office")
    if not untrusted.holds("roster", admin):
        raise DocumentRefusedError("signature")
    if now_s >= entry.until_s:
        raise DocumentRefusedError("expired")
    if entry.epoch < least_epoch:
        raise DocumentRefusedError("older")
    return entry
