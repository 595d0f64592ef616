"""An office without the channel pays nothing for it: no module of it is loaded, and no row of it written."""

import subprocess
import sys

from sqlalchemy import func, select

from app.domain.conversation import Origin
from app.store.channel import tables
from tests.support.desks import TemporaryDesk

_LOADED = """
import sys
import app.services.desk, app.services.vaults, app.services.conversations.service
print([name for name in sys.modules if name.startswith(("app.channel", "app.services.channel"))])
"""


def test_opening_a_desk_loads_no_protocol():
    run = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_day_at_the_desk_without_the_channel_writes_nothing_of_it(tmp_path):
    with TemporaryDesk(tmp_path).open() as desk:
        cid = desk.conversations.start("Bo Reed", Origin.PHONE, "Hello")
        desk.conversations.mark_seen(cid)
        desk.conversations.release_reply(desk.conversations.hold_reply(cid, "Good morning", None).held_id)
        assert not desk.has_channel
        assert desk._channel is None
        desk.erasure.erase([cid], "request")
        assert desk._channel is None
        everything = (*tables.OF_CONVERSATION, tables.outbox, tables.key, tables.document, tables.setting)
        with desk.ledger.reading() as connection:
            counts = [connection.execute(select(func.count()).select_from(one)).scalar() for one in everything]
        assert set(counts) == {0}


def test_a_rebuild_of_the_tables_loses_no_state_of_the_channel(practice):
    _patient, cid = practice.meet("Good morning")
    practice.desk.conversations.rebuild_projections()
    assert practice.lines(cid) == ["Good morning"]
    assert practice.desk.channel.peer(cid).is_confirmed
