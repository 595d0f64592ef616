"""What fails for one mailbox stops that one alone; what fails for the whole vault stops all, and nothing is lost."""

import logging

import pytest
from sqlalchemy import update

from app.domain.ids import ConversationId
from app.services.channel.settling import Settling
from app.store.channel.tables import peer


def damage(practice, cid: ConversationId) -> bytes:
    """Put something else in the place of a session; return what stood there."""
    mine = peer.c.conversation_id == cid
    with practice.desk.vault.connect().begin() as connection:
        before = connection.execute(peer.select().where(mine)).one().session
        connection.execute(update(peer).where(mine).values(session=bytes(len(before))))
    return bytes(before)


def test_a_damaged_conversation_stops_no_other_and_goes_on_when_it_is_mended(practice, caplog):
    ada, first = practice.meet("Good morning")
    ben, second = practice.meet("Good evening", name="Ben Reed")
    before = damage(practice, first)
    ada.text("Into the damaged one.")
    ada.text("And behind it.")
    ben.text("Into the sound one.")
    with caplog.at_level(logging.CRITICAL):
        practice.run()
    assert practice.lines(second) == ["Good evening", "Into the sound one."]
    assert len(practice.wire.waiting(ada.address, to_desk=True)) == 2
    with practice.desk.vault.connect().begin() as connection:
        connection.execute(update(peer).where(peer.c.conversation_id == first).values(session=before))
    practice.wire.links[0].come_back()
    practice.run()
    assert practice.lines(first) == ["Good morning", "Into the damaged one.", "And behind it."]


@pytest.mark.parametrize("fault", [KeyError("text"), ValueError("not a stored session")])
def test_a_bug_that_one_patient_can_reach_stops_that_patient_alone(practice, monkeypatch, fault):
    ada, first = practice.meet("Good morning")
    ben, second = practice.meet("Good evening", name="Ben Reed")
    prepare = Settling.prepare

    def fails_for_ada(self, held, *rest):
        if held.cid == first:
            raise fault
        return prepare(self, held, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(Settling, "prepare", fails_for_ada)
        ada.text("Something odd.")
        ben.text("Something plain.")
        practice.run()
    assert practice.lines(second) == ["Good evening", "Something plain."]
    assert practice.lines(first) == ["Good morning"]
    practice.wire.links[0].come_back()
    practice.run()
    assert practice.lines(first) == ["Good morning", "Something odd."]
