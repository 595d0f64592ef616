"""Invitations: made at the desk, one use, 72 hours; named, because the office knows whom it invites.

Name and secret are sealed under the key of the conversation that comes of it. What is revoked or used loses its secret
at once. The gateway lets nobody in after 72 hours, but what somebody wrote in time may be fetched later, after a long
weekend: the secret of what ran out goes with the whole row, a month on.
"""

import os
from dataclasses import replace

from sqlalchemy import Connection

from app.channel.digests import token_hash
from app.channel.invitation import Invitation
from app.domain.channel import INVITATION_MS, InvitationRow, InvitationState, Invite
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId, make_ulid
from app.domain.roles import Right
from app.services.channel.office_keys import OfficeKeys
from app.services.conversations.texts import check_name
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.ledger import Ledger
from app.store.channel.invitations import (
    Errand,
    StoredInvitation,
    add_errand,
    find_invitation,
    read_invitations,
    remove_invitations,
    write_invitation,
)
from app.store.logged import NewEvent

KEEP_MS = 30 * 86_400_000
"""So long an invitation that came to nothing stays in the list."""
_ULID_RANDOM_BYTES = 10


class InvitationBook:
    """The invitations of one office. Safe from any thread."""

    def __init__(self, ledger: Ledger, keys: OfficeKeys) -> None:
        self._ledger = ledger
        self._keys = keys

    def make(self, untrusted_name: str, language: str, page_url: str) -> Invite:
        """Invite somebody; the gateway hears of it as soon as it can be reached.

        Raises:
            NotYoursError, InvalidTextError, ChannelRefusedError: nothing was made.
        """
        self._ledger.require(Right.INVITE)
        name = check_name(untrusted_name)
        texts = self._keys.notice()
        if texts is None:
            raise ChannelRefusedError(ChannelFault.NO_NOTICE)
        language = language if language in texts.languages else texts.languages[0]
        made = Invitation.make(self._keys.office_id)
        with self._ledger.lock:
            now_ms = self._ledger.now_ms()
            one = StoredInvitation(
                made.invite_id.hex(),
                ConversationId(make_ulid(now_ms, os.urandom(_ULID_RANDOM_BYTES))),
                made.address,
                now_ms,
                now_ms + INVITATION_MS,
                self._ledger.person.person_id,
                InvitationState.OPEN,
                name,
                language,
                made.secret,
            )
            self._ledger.keys.add(one.conversation_id)
            self._write(one, made)
        return Invite(one.invite_id, name, language, made.link(page_url), one.expires_ms)

    def link_of(self, invite_id: str, page_url: str) -> str:
        """Return the link of an invitation that is still open.

        Raises:
            NotYoursError, ChannelRefusedError: it is not there, or not open any more.
        """
        self._ledger.require(Right.INVITE)
        one = self._find(invite_id)
        office = self._keys.office_id
        return Invitation(bytes.fromhex(one.invite_id), one.secret, office[:20]).link(page_url)

    def rows(self) -> tuple[InvitationRow, ...]:
        """Return every invitation, the newest first."""
        self._ledger.require(Right.INVITE)
        now_ms = self._ledger.now_ms()
        with self._ledger.reading() as connection:
            found = read_invitations(connection, self._ledger.keys)
        return tuple(_row(one, now_ms) for one in found)

    def revoke(self, invite_id: str) -> None:
        """Take an open invitation back; from here on its link opens nothing, here or at the gateway.

        Raises:
            NotYoursError, ChannelRefusedError: it is not there, or was used.
        """
        self._ledger.require(Right.INVITE)
        with self._ledger.lock:
            self._write(replace(self._find(invite_id), state=InvitationState.REVOKED, secret=b""), None)

    def tidy(self) -> None:
        """Forget what came to nothing a month ago, with its key."""
        with self._ledger.lock:
            now_ms = self._ledger.now_ms()
            with self._ledger.reading() as connection:
                found = read_invitations(connection, self._ledger.keys)
            unused = [one for one in found if one.state is not InvitationState.USED]
            gone = [one for one in unused if now_ms - one.expires_ms > KEEP_MS]
            if not gone:
                return
            ids = tuple(one.invite_id for one in gone)
            self._ledger.settle(lambda connection, _events: remove_invitations(connection, ids))
            for one in gone:
                self._ledger.keys.drop(one.conversation_id)
            self._ledger.keys.save()

    def _find(self, invite_id: str) -> StoredInvitation:
        with self._ledger.reading() as connection:
            one = find_invitation(connection, self._ledger.keys, invite_id)
        if one is None or _row(one, self._ledger.now_ms()).state is not InvitationState.OPEN:
            raise ChannelRefusedError(ChannelFault.NO_SUCH_INVITATION)
        return one

    def _write(self, one: StoredInvitation, made: Invitation | None) -> None:
        """Write an invitation that was made, or taken back when ``made`` is None."""
        if made is None:
            kind, errand = EventKind.INVITATION_REVOKED, Errand("close", one.address)
        else:
            kind = EventKind.INVITATION_MADE
            errand = Errand("open", one.address, token_hash(made.token), one.expires_ms)

        def also(connection: Connection, _events: tuple[Event, ...]) -> None:
            write_invitation(connection, self._ledger.keys, one)
            add_errand(connection, errand)

        self._ledger.write_all((NewEvent(OFFICE, kind, {"invite_id": one.invite_id}),), OFFICE, also)


def _row(one: StoredInvitation, now_ms: int) -> InvitationRow:
    is_over = one.state is InvitationState.OPEN and now_ms >= one.expires_ms
    state = InvitationState.EXPIRED if is_over else one.state
    cid = one.conversation_id if state is InvitationState.USED else None
    return InvitationRow(
        one.invite_id, one.contact_name, one.language, one.made_ms, one.expires_ms, state, one.made_by, cid
    )
