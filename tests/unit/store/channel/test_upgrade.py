"""A vault of the version before gets the tables of the channel when it is opened, and loses nothing."""

from sqlalchemy import inspect, text

from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.store.channel import tables
from app.store.log import EventLog
from app.store.logged import NewEvent
from tests.support.vaults import TemporaryStore

NAMES = {
    table.name
    for table in (
        *tables.OF_CONVERSATION,
        tables.outbox,
        tables.key,
        tables.document,
        tables.setting,
        tables.errand,
    )
}


LATER = ("contact_details",)
"""What migrations behind the channel's make; they run as well."""


def test_a_vault_without_the_channel_gets_its_tables_and_keeps_its_words(tmp_path):
    store, cid = TemporaryStore(tmp_path), ConversationId("01J")
    with store.open() as vault:
        vault.keyring.add(cid)
        body = {"contact_name": "Ada Quill", "origin": "phone"}
        EventLog.open(vault).append([NewEvent(cid, EventKind.CONVERSATION_OPENED, body)], now_ms=1)
        with vault.connect().begin() as connection:
            for name in (*NAMES, *LATER):
                connection.execute(text(f"DROP TABLE {name}"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with store.open() as vault:
        assert set(inspect(vault.connect()).get_table_names()) >= NAMES
        (event,) = EventLog.open(vault).read(cid)
        assert event.body["contact_name"] == "Ada Quill"
