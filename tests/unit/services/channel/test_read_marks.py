"""Read is said of what was read, and of nothing that never arrived."""

from app.channel.kinds import Kind
from app.domain.channel import Delivery


def test_a_reply_that_was_read_before_it_was_acknowledged_is_read(practice):
    patient, cid = practice.meet("Good morning")
    event_id = practice.reply(cid, "Good morning to you.")
    practice.run()
    (reply,) = patient.listen(acknowledges=False)
    patient.session, sealed = patient.session.send(Kind.READ, {"up_to": reply.message_id}, patient.now_ms())
    patient.wire.put(patient.address, sealed.frame, to_desk=True)
    practice.run()
    assert practice.desk.channel.thread(cid).delivery[event_id] is Delivery.READ


def test_a_reply_that_never_arrived_is_not_read_with_a_later_one(practice):
    patient, cid = practice.meet("Good morning")
    lost = practice.reply(cid, "Kept back on the way.")
    practice.run()
    patient.wire.mailboxes[patient.address].frames.clear()
    read = practice.reply(cid, "And this one came.")
    practice.run()
    (came,) = (one for one in patient.listen() if one.kind is Kind.TEXT)
    patient.say(Kind.READ, {"up_to": came.message_id})
    practice.run()
    delivery = practice.desk.channel.thread(cid).delivery
    assert delivery[read] is Delivery.READ
    assert delivery[lost] is Delivery.STORED
