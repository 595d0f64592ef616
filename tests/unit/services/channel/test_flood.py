"""What one visitor, or a gateway in his name, may bring: limits a conversation, said in words; nothing is lost."""

import pytest

from app.channel.kinds import Kind
from app.domain.channel import AlarmKind, HoldCause
from app.domain.ids import ConversationId
from app.services.channel import flood
from app.services.channel.flood import DAY_MS, HOUR_MS, Brought, Flood

ADA, BEN = ConversationId("ada"), ConversationId("ben")


@pytest.fixture
def small(monkeypatch):
    """Limits that a test reaches."""
    monkeypatch.setitem(flood.MOST, Brought.MESSAGE, ((HOUR_MS, 5), (DAY_MS, 12)))
    monkeypatch.setitem(flood.MOST, Brought.REPEAT, ((HOUR_MS, 3),))
    monkeypatch.setitem(flood.MOST, Brought.QUIET, ((HOUR_MS, 40),))


def test_a_conversation_goes_on_when_the_oldest_message_is_an_hour_old_and_no_other_waits(small):
    counted = Flood()
    for at_ms in (0, 10, 20, 30, 40):
        assert counted.until_ms(ADA, at_ms) is None
        counted.add(ADA, Brought.MESSAGE, at_ms)
    assert counted.until_ms(ADA, 50) == HOUR_MS
    assert counted.until_ms(BEN, 50) is None
    assert counted.until_ms(ADA, HOUR_MS) is None


def test_a_day_has_a_limit_of_its_own(small):
    counted = Flood()
    for number in range(12):
        counted.add(ADA, Brought.MESSAGE, number * HOUR_MS // 2)
    assert counted.until_ms(ADA, 8 * HOUR_MS) == DAY_MS


def test_a_flood_of_one_stops_no_other_and_all_of_it_comes_in_order_later(practice, small):
    ada, first = practice.meet("Good morning")
    ben, second = practice.meet("Good evening", name="Ben Reed")
    texts = [f"No. {number}" for number in range(11)]
    for text in texts:
        ada.text(text)
        practice.run()
    ben.text("Is somebody there?")
    practice.run()
    assert practice.lines(first) == ["Good morning", *texts[:5]]
    assert practice.lines(second) == ["Good evening", "Is somebody there?"]
    assert AlarmKind.FLOOD in {one.kind for one in practice.desk.channel.peer(first).alarms}
    (held,) = practice.desk.channel.status().held_back
    assert held.cause is HoldCause.FLOOD
    assert held.until_ms > practice.files.clock()
    assert len(practice.wire.waiting(ada.address, to_desk=True)) == 6
    for _ in range(4):
        practice.files.clock.move(HOUR_MS)
        practice.run()
    assert practice.lines(first) == ["Good morning", *texts]
    practice.files.clock.move(DAY_MS)
    practice.run()
    assert practice.desk.channel.status().held_back == ()
    assert practice.wire.waiting(ada.address, to_desk=True) == []


def test_a_gateway_that_repeats_one_frame_for_ever_does_not_fill_the_outbox(practice, small):
    ada, cid = practice.meet("Good morning")
    frame = ada.sent[0]
    link = practice.wire.links[0]
    for seq in range(50):
        link._frame(ada.address, 1_000_000 + seq, frame)
    with practice.desk.ledger.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM channel_outbox").scalar_one()
    assert kept <= 6
    assert practice.desk.channel.status().held_back[0].cause is HoldCause.FLOOD
    assert practice.lines(cid) == ["Good morning"]


def test_rubbish_in_a_visitors_name_costs_a_look_and_then_not_even_that(practice, small):
    ada, cid = practice.meet("Good morning")
    link = practice.wire.links[0]
    for number in range(90):
        rubbish = bytes([1, 3]) + bytes(36) + number.to_bytes(4) + bytes(334 - 42)
        link._frame(ada.address, 1_000_000 + number, rubbish)
    assert sum(practice.desk.channel._receiving.refused.values()) <= 41
    assert practice.lines(cid) == ["Good morning"]


def test_after_a_new_connection_a_flood_is_still_held_back(practice, small):
    ada, cid = practice.meet("Good morning")
    for number in range(8):
        ada.text(f"No. {number}")
        practice.run()
    before = practice.lines(cid)
    practice.wire.links[0].come_back()
    practice.run()
    assert practice.lines(cid) == before
    assert practice.desk.channel.status().held_back
    practice.files.clock.move(HOUR_MS)
    practice.run()
    assert len(practice.lines(cid)) > len(before)


def test_reading_and_acknowledging_much_is_no_flood(practice, small):
    ada, cid = practice.meet("Good morning")
    for number in range(5):
        practice.reply(cid, f"Answer {number}")
        practice.run()
        ada.listen()
        practice.run()
    ada.say(Kind.READ, {"up_to": ada.heard[-1].message_id})
    practice.run()
    assert practice.desk.channel.status().held_back == ()
