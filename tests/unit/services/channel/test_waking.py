"""The courier is woken when there is something to see: after the commit, never within it."""

from app.services.channel.courier import Courier
from app.store.channel import outbox


def test_a_reply_is_visible_to_the_courier_when_it_is_woken(practice, monkeypatch):
    _patient, cid = practice.meet("Good morning")
    seen = []

    def look(_courier: Courier) -> None:
        with practice.desk.ledger.reading() as connection:
            seen.append(len(outbox.unsent(connection, 8)))

    monkeypatch.setattr(Courier, "wake", look)
    practice.reply(cid, "Good morning to you.")
    assert seen
    assert seen[-1] == 1
