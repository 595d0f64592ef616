"""Tables of transport: in the transaction of their events, sealed, gone with their conversation, left by a rebuild."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from app.domain.channel import InvitationState
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId, EventId, PersonId
from app.store.channel import files, invitations, outbox, peers, secrets, tables
from app.store.erasing import bury, unmake
from app.store.errors import VaultDamagedError
from app.store.log import EventLog
from app.store.logged import NewEvent
from app.store.upkeep import rebuild_projections, verify_log
from tests.support.vaults import TemporaryStore

CID = ConversationId("01JCHANNEL")
NOW_MS = 1_795_000_000_000
OPENED = NewEvent(CID, EventKind.CONVERSATION_OPENED, {"contact_name": "Ada Quill", "origin": "channel"})
PEER = peers.PeerRow(CID, b"a" * 16, b"s" * 16, b"session of a canary")
FRAME = outbox.OutboxRow(CID, b"a" * 16, b"c" * 16, 0, b"frame", NOW_MS, b"m" * 16)
FILE = files.FileRow(CID, b"b" * 16, EventId("E"), 2, is_ours=False)
INVITATION = invitations.StoredInvitation(
    "ab" * 16, CID, b"a" * 16, NOW_MS, NOW_MS + 1, PersonId("P"), InvitationState.USED, "Ada Quill", "en", b""
)


@pytest.fixture
def vault(tmp_path):
    with TemporaryStore(tmp_path).open() as opened:
        yield opened


@pytest.fixture
def log(vault):
    found = EventLog.open(vault)
    vault.keyring.add(OFFICE)
    vault.keyring.add(CID)
    return found


def fill(connection: Connection, vault) -> None:
    peers.write_peer(connection, vault.keyring, PEER)
    outbox.add_messages(connection, [outbox.MessageRow(CID, b"m" * 16, EventId("E"), is_ours=True, made_ms=NOW_MS)])
    outbox.add_frame(connection, FRAME)
    files.add_file(connection, FILE)
    files.write_chunk(connection, FILE, 0, b"chunk")
    invitations.write_invitation(connection, vault.keyring, INVITATION)


def append(log: EventLog, vault) -> None:
    log.append([OPENED], now_ms=NOW_MS, also=lambda connection, _events: fill(connection, vault))


def count(vault) -> dict[str, int]:
    with vault.connect().connect() as connection:
        return {table.name: len(connection.execute(select(table)).all()) for table in tables.OF_CONVERSATION}


def test_what_rides_along_sees_the_events_and_their_projections(log, vault):
    def look(connection: Connection, events: tuple[Event, ...]) -> None:
        seen.append((events[0].kind, connection.execute(select(tables.peer)).all()))

    seen: list = []
    log.append([OPENED], now_ms=NOW_MS, also=look)
    assert seen == [(EventKind.CONVERSATION_OPENED, [])]


def test_what_rides_along_and_fails_takes_the_events_with_it(log, vault):
    def fail(connection: Connection, _events: tuple[Event, ...]) -> None:
        fill(connection, vault)
        raise OSError

    with pytest.raises(OSError):
        log.append([OPENED], now_ms=NOW_MS, also=fail)
    assert log.tail().seq == 0
    assert set(count(vault).values()) == {0}


def test_transport_alone_moves_no_head(log, vault):
    append(log, vault)
    before = vault.head.expected
    log.append([], now_ms=NOW_MS, also=lambda connection, _events: outbox.send_all_again(connection))
    assert vault.head.expected == before


def test_a_session_comes_back_and_an_older_one_put_in_its_place_does_not_open(log, vault):
    append(log, vault)
    with vault.connect().begin() as connection:
        assert peers.read_peer(connection, vault.keyring, CID).session == PEER.session
        assert peers.find_peer(connection, PEER.address) == CID
        old = connection.execute(select(tables.peer.c.session)).scalar_one()
        found = peers.read_peer(connection, vault.keyring, CID)
        peers.write_peer(connection, vault.keyring, found)
        connection.execute(tables.peer.update().values(session=old))
        with pytest.raises(VaultDamagedError):
            peers.read_peer(connection, vault.keyring, CID)


def test_erasing_a_conversation_takes_everything_that_travelled(log, vault):
    append(log, vault)
    assert set(count(vault).values()) == {1}
    bury(log, [CID], "request", now_ms=NOW_MS)
    assert set(count(vault).values()) == {0}
    unmake(log, vault, [CID], renew_index=lambda: None)


def test_a_rebuild_of_the_projections_loses_nothing_of_it(log, vault):
    append(log, vault)
    rebuild_projections(log, vault, lambda _done, _total: None)
    assert set(count(vault).values()) == {1}
    assert verify_log(log, vault, lambda _done, _total: None).is_sound


def test_a_frame_waits_until_its_chain_is_covered_and_its_message_only_rises(log, vault):
    append(log, vault)
    with vault.connect().begin() as connection:
        (row,) = outbox.unsent(connection, 10)
        outbox.mark_stored(connection, row)
        assert outbox.unsent(connection, 10) == ()
        assert outbox.states_of(connection, CID) == {EventId("E"): outbox.MessageState.STORED}
        outbox.send_all_again(connection)
        assert len(outbox.unsent(connection, 10)) == 1
        assert outbox.take_delivered(connection, CID, b"c" * 16, 0) == (b"m" * 16,)
        outbox.raise_states(connection, CID, [b"m" * 16], outbox.MessageState.READ)
        outbox.raise_states(connection, CID, [b"m" * 16], outbox.MessageState.DELIVERED)
        assert outbox.states_of(connection, CID) == {EventId("E"): outbox.MessageState.READ}
        assert outbox.count_waiting(connection) == outbox.Waiting(0, 0, None)


def test_a_frame_that_went_lends_its_place_to_no_other(log, vault):
    append(log, vault)
    with vault.connect().begin() as connection:
        (gone,) = outbox.unsent(connection, 10)
        outbox.take_delivered(connection, CID, b"c" * 16, 0)
        outbox.add_frame(connection, replace(FRAME, chain=b"d" * 16))
        outbox.mark_stored(connection, gone)
        (left,) = outbox.unsent(connection, 10)
        assert left.row_id != gone.row_id
        outbox.mark_stored(connection, replace(gone, row_id=left.row_id))  # as in a vault whose ids come again
        assert len(outbox.unsent(connection, 10)) == 1
        assert outbox.states_of(connection, CID) == {EventId("E"): outbox.MessageState.UNSEALED}


def test_an_errand_that_was_done_lends_its_place_to_no_other(log, vault):
    append(log, vault)
    with vault.connect().begin() as connection:
        invitations.add_errand(connection, invitations.Errand("open", b"a" * 16))
        (done,) = invitations.due_errands(connection, NOW_MS, 10)
        invitations.remove_errand(connection, done.row_id)
        invitations.add_errand(connection, invitations.Errand("close", b"a" * 16))
        invitations.remove_errand(connection, done.row_id)
        assert len(invitations.due_errands(connection, NOW_MS, 10)) == 1


def test_a_reply_in_parts_has_come_as_far_as_its_last_part(log, vault):
    append(log, vault)
    with vault.connect().begin() as connection:
        row = outbox.MessageRow(CID, b"n" * 16, EventId("E"), is_ours=True, made_ms=NOW_MS, part=1)
        outbox.add_messages(connection, [row])
        outbox.raise_states(connection, CID, [b"m" * 16], outbox.MessageState.DELIVERED)
        assert outbox.states_of(connection, CID) == {EventId("E"): outbox.MessageState.UNSEALED}
        assert outbox.unsealed(connection, CID) == ((b"n" * 16, EventId("E"), 1),)


def test_a_private_key_opens_nowhere_once_its_own_key_is_dropped(log, vault):
    secret = os.urandom(32)
    secrets.stage_secret(vault.keyring, "mailbox:1")
    log.append([], now_ms=NOW_MS, also=lambda c, _e: secrets.add_secret(c, vault.keyring, "mailbox:1", secret, NOW_MS))
    with vault.connect().connect() as connection:
        assert secrets.read_secret(connection, vault.keyring, "mailbox:1") == secret
        secrets.drop_ring_keys(vault.keyring, ("mailbox:1",))
        assert secrets.read_secret(connection, vault.keyring, "mailbox:1") is None


def test_no_name_and_no_secret_stands_in_a_repr(log, vault):
    assert "Ada" not in repr(INVITATION)
    assert "canary" not in repr(PEER)
    assert b"Ada" not in b"".join(path.read_bytes() for path in vault.directory.iterdir() if path.is_file())
