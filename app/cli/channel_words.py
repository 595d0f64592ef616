"""How the commands of the patient channel put things: fields, rows and JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.channel import ChannelStatus, Held, Holdings, InvitationRow, Invite, PageState, Pile

INVITATION_HEADINGS: Final = ("Invitation", "Whom", "State", "Until", "Conversation")
HELD_HEADINGS: Final = ("Whom", "To the desk", "To the patient", "Files", "Oldest")
_KILO: Final = 1_000
_PAGE_WORDS: Final = {
    PageState.NOT_LOOKED: "not looked at",
    PageState.SAME: "the one that ships with this program",
    PageState.DIFFERENT: "ANOTHER THAN THIS PROGRAM SHIPS; install the same version on both",
    PageState.UNKNOWN: "could not be looked at",
}


def moment(at_ms: int | None) -> str:
    """Return a time of this machine's clock, to the minute; a dash for none."""
    if not at_ms:
        return "-"
    return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Return a number of bytes for people."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < _KILO:
            break
        value, unit = value / _KILO, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def status_fields(found: ChannelStatus) -> Mapping[str, str]:
    """Return the state of the channel as names and values."""
    place = found.gateway
    return {
        "Channel": "on" if found.is_on else "off",
        "Office keys": "made" if found.has_office_keys else "not made yet (console: Office, Channel)",
        "Fingerprint": found.fingerprint or "-",
        "Gateway": "-" if place is None else f"{place.host}:{place.port}{'' if place.is_tls else ' (without TLS)'}",
        "Page": "-" if place is None else place.page_url,
        "Open door": "open" if found.is_open_door else "closed",
        "Not sent yet": str(found.waiting_count),
        "Not delivered": str(found.undelivered_count),
        "Last contact": moment(found.last_contact_ms),
        "Served page": _PAGE_WORDS[found.page.state],
        "Card holds until": moment(found.card_until_ms),
    }


def status_json(found: ChannelStatus) -> dict[str, object]:
    """Return the state of the channel for programs."""
    place = found.gateway
    return {
        "on": found.is_on,
        "office_keys": found.has_office_keys,
        "fingerprint": found.fingerprint,
        "gateway": None if place is None else f"{place.host}:{place.port}",
        "tls": None if place is None else place.is_tls,
        "page": None if place is None else place.page_url,
        "phase": found.phase.value,
        "code": found.code,
        "open_door": found.is_open_door,
        "waiting": found.waiting_count,
        "undelivered": found.undelivered_count,
        "last_contact_ms": found.last_contact_ms,
        "served_page": found.page.state.value,
        "served_page_differs": list(found.page.differing),
        "card_until_ms": found.card_until_ms,
    }


def invite_json(made: Invite, *, is_sent: bool) -> dict[str, object]:
    """Return a fresh invitation for programs."""
    return {"invitation": made.invite_id, "link": made.link, "expires_ms": made.expires_ms, "sent": is_sent}


def invitation_row(row: InvitationRow) -> tuple[str, ...]:
    """Return one line of the list of invitations."""
    return (row.invite_id, row.contact_name, row.state.value, moment(row.expires_ms), row.conversation_id or "-")


def invitation_json(row: InvitationRow) -> dict[str, object]:
    """Return one invitation for programs."""
    return {
        "invitation": row.invite_id,
        "name": row.contact_name,
        "language": row.language,
        "state": row.state.value,
        "made_ms": row.made_ms,
        "expires_ms": row.expires_ms,
        "conversation": row.conversation_id,
    }


def holdings_fields(found: Holdings) -> Mapping[str, str]:
    """Return the sums of what the gateway holds."""
    piles = [pile for held in found.mailboxes for pile in (held.to_desk, held.to_patient, held.files)]
    return {
        "Mailboxes": str(len(found.mailboxes)),
        "Sealed things": str(sum(pile.count for pile in piles)),
        "Together": size(sum(pile.size for pile in piles)),
        "Its file": size(found.disk_bytes),
        "Closed mailboxes": str(found.closed),
    }


def held_row(held: Held) -> tuple[str, ...]:
    """Return one mailbox as a line."""
    piles = (held.to_desk, held.to_patient, held.files)
    oldest = [pile.oldest_ms for pile in piles if pile.oldest_ms]
    return (held.contact_name or "-", *map(_pile, piles), moment(min(oldest)) if oldest else "-")


def holdings_json(found: Holdings) -> dict[str, object]:
    """Return what the gateway holds for programs."""
    return {
        "read_ms": found.read_ms,
        "disk_bytes": found.disk_bytes,
        "closed": found.closed,
        "mailboxes": [
            {
                "name": held.contact_name,
                "conversation": held.conversation_id,
                "to_desk": _pile_json(held.to_desk),
                "to_patient": _pile_json(held.to_patient),
                "files": _pile_json(held.files),
            }
            for held in found.mailboxes
        ],
    }


def _pile(pile: Pile) -> str:
    return f"{pile.count} ({size(pile.size)})" if pile.count else "-"


def _pile_json(pile: Pile) -> dict[str, int | None]:
    return {"count": pile.count, "bytes": pile.size, "oldest_ms": pile.oldest_ms}
