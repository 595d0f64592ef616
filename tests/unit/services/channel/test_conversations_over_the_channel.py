"""A patient in a browser and a person at the desk: what one writes the other reads, once, in order."""

import json

from app.channel.kinds import Kind
from app.domain.channel import Delivery, InvitationState
from app.domain.conversation import InboxView, Origin, Urgency
from app.domain.strict_json import from_base64


def test_an_invited_patient_writes_and_the_conversation_bears_the_name(practice):
    _patient, cid = practice.meet("Good morning", "May I come tomorrow?")
    thread = practice.desk.conversations.thread(cid)
    assert (thread.contact_name, thread.origin) == ("Ada Quill", Origin.CHANNEL)
    assert practice.lines(cid) == ["Good morning", "May I come tomorrow?"]
    assert "consent_given:1" in practice.notices(cid)
    (row,) = practice.desk.channel.invitations()
    assert (row.state, row.conversation_id) == (InvitationState.USED, cid)
    early = practice.desk.channel.thread(cid).early
    assert {item.event_id for item in thread.items if item.text in practice.lines(cid)} == early


def test_a_reply_arrives_and_each_step_of_it_is_told(practice):
    patient, cid = practice.meet("Good morning")
    event_id = practice.reply(cid, "Come at nine.")
    delivery = practice.desk.channel.delivery
    assert delivery(cid)[event_id] is Delivery.WAITING
    practice.run()
    assert delivery(cid)[event_id] is Delivery.STORED
    patient.listen()
    practice.run()
    assert delivery(cid)[event_id] is Delivery.DELIVERED
    assert patient.texts() == ["Come at nine."]
    patient.say(Kind.READ, {"up_to": next(one.message_id for one in patient.heard if one.kind is Kind.TEXT)})
    practice.run()
    assert delivery(cid)[event_id] is Delivery.READ


def test_the_consent_goes_back_countersigned(practice):
    patient, _cid = practice.meet("Good morning")
    assert Kind.RECEIPT in patient.kinds()


def test_a_reply_that_is_sent_before_the_browser_has_answered_waits_and_then_leaves(practice):
    patient = practice.invite()
    patient.hello("Good morning")
    practice.run()
    (row,) = practice.desk.conversations.inbox(InboxView.OPEN)
    cid = row.conversation_id
    event_id = practice.reply(cid, "Come at nine.")
    practice.run()
    assert practice.desk.channel.delivery(cid)[event_id] is Delivery.WAITING
    patient.listen()
    practice.run()
    patient.listen()
    assert patient.texts() == ["Come at nine."]


def test_a_long_reply_travels_in_parts_and_has_arrived_when_all_of_it_has(practice):
    patient, cid = practice.meet("Tell me everything")
    text = "\n\n".join(f"Paragraph {n}: " + "all the words there are. " * 40 for n in range(18)).strip()
    event_id = practice.reply(cid, text)
    practice.run()
    patient.listen()
    practice.run()
    assert len(patient.texts()) > 1
    assert "".join("".join(patient.texts()).split()) == "".join(text.split())
    assert practice.desk.channel.delivery(cid)[event_id] is Delivery.DELIVERED


def test_an_emergency_over_the_channel_is_raised_as_from_any_other_door(practice):
    patient, cid = practice.meet("Good morning")
    arrivals = []
    practice.desk.channel.on_arrival(lambda cid, urgency: arrivals.append((cid, urgency)))
    patient.text("I have chest pain and cannot breathe")
    practice.run()
    assert practice.desk.conversations.thread(cid).urgency is Urgency.EMERGENCY
    assert arrivals == [(cid, Urgency.EMERGENCY)]


def test_looking_at_a_message_tells_the_patient_that_it_was_read(practice):
    patient, cid = practice.meet("Good morning")
    message_id = patient.text("Are you there?")
    practice.run()
    practice.desk.conversations.mark_seen(cid)
    practice.run()
    patient.listen()
    read = [one.content["up_to"] for one in patient.heard if one.kind is Kind.READ]
    assert read == [message_id]


def test_everything_waits_while_the_line_is_down_and_leaves_when_it_is_back(practice):
    patient, cid = practice.meet("Good morning")
    practice.wire.is_up = False
    first, second = practice.reply(cid, "One."), practice.reply(cid, "Two.")
    practice.run()
    assert practice.desk.channel.status().waiting_count > 0
    assert {practice.desk.channel.delivery(cid)[one] for one in (first, second)} == {Delivery.WAITING}
    practice.wire.is_up = True
    practice.run()
    patient.listen()
    practice.run()
    assert patient.texts() == ["One.", "Two."]
    assert practice.desk.channel.status().undelivered_count == 0


def test_nothing_that_ever_passed_the_gateway_holds_a_word_or_a_name(practice):
    _patient, cid = practice.meet("canary-from-patient")
    practice.reply(cid, "canary-from-desk")
    practice.run()
    held = b"".join(practice.wire.stored) + practice.wire.document
    assert b"canary" not in held
    assert b"Quill" not in held
    notice = from_base64(json.loads(practice.wire.document)["notice"])
    assert b"Linden Street" in notice  # what is public is found: the search is one
