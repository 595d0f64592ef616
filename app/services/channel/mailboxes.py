"""Mailboxes that a gateway lost, or was told to forget: made again, so that nobody has to be invited anew.

A page that has come in once uses a token of its own; nobody but the page has it, and the gateway has its hash. With its
holdings it tells the desk that hash. Remembered here, it opens the same mailbox for the same page once more; the hash
lets nobody in, neither the desk nor whoever reads the vault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.channel import InvitationState
from app.domain.events import Event, JsonValue
from app.domain.strict_json import from_base64, to_base64
from app.services.ledger import Ledger
from app.store.channel import files, outbox
from app.store.channel.invitations import Errand, add_errand, invitation_at
from app.store.channel.peers import find_peer
from app.store.channel.secrets import read_setting, write_setting

_SETTING = "mailboxes"
_ADDRESS_BYTES = 16
_HASH_BYTES = 32
_FOR_EVER = 2**53 - 1
"""Until when a page that came in before may come in again: as long as there is the mailbox."""


@dataclass(frozen=True, slots=True)
class _Lock:
    """Whose token opens a mailbox, and until when, when nobody has used it yet."""

    token_hash: bytes
    until_ms: int


class Mailboxes:
    """What the vault knows of the mailboxes at its gateway. Safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __repr__(self) -> str:
        return "<Mailboxes>"

    def compare(self, untrusted: Mapping[str, Any]) -> int:
        """Take the gateway's holdings; have what it lost made again, and return how many mailboxes that are.

        The errands wait for the next round of the courier, and every frame that has not arrived is sent once more.

        Args:
            untrusted: the answer to HOLDINGS, all pages in one; entries that are none are passed over.
        """
        present = _locks(untrusted)
        with self._ledger.lock:
            with self._ledger.reading() as connection:
                known = self._remembered(connection)
                wanted = {
                    address: lock for address, lock in (known | present).items() if self._is_wanted(connection, address)
                }
            lost = {address: lock for address, lock in wanted.items() if address not in present}
            if lost or wanted != known:
                self._ledger.settle(lambda connection, events: self._write(connection, events, wanted, lost))
        return len(lost)

    def _write(
        self,
        connection: Connection,
        _events: tuple[Event, ...],
        wanted: Mapping[bytes, _Lock],
        lost: Mapping[bytes, _Lock],
    ) -> None:
        for address, lock in lost.items():
            add_errand(connection, Errand("open", address, lock.token_hash, lock.until_ms))
        if lost:
            outbox.send_all_again(connection)
            files.upload_again(connection)
        rows: dict[str, JsonValue] = {
            to_base64(address): [to_base64(lock.token_hash), lock.until_ms] for address, lock in wanted.items()
        }
        write_setting(connection, self._ledger.keys, _SETTING, rows)

    def _remembered(self, connection: Connection) -> dict[bytes, _Lock]:
        found = read_setting(connection, self._ledger.keys, _SETTING) or {}
        return {
            from_base64(address): _Lock(from_base64(token_hash), until_ms)
            for address, (token_hash, until_ms) in found.items()
        }

    def _is_wanted(self, connection: Connection, address: bytes) -> bool:
        """Return whether a conversation or an open invitation belongs to a mailbox."""
        if find_peer(connection, address) is not None:
            return True
        invitation = invitation_at(connection, self._ledger.keys, address)
        return invitation is not None and invitation.state is InvitationState.OPEN


def _locks(untrusted: Mapping[str, Any]) -> dict[bytes, _Lock]:
    found: dict[bytes, _Lock] = {}
    for one in untrusted.get("mailboxes", ()):
        try:
            address = from_base64(one["address"], _ADDRESS_BYTES)
            until_ms = _FOR_EVER if one["claimed"] else int(one["until_ms"])
            found[address] = _Lock(from_base64(one["token_hash"], _HASH_BYTES), until_ms)
        except (KeyError, TypeError, ValueError):
            continue
    return found
