"""A walled conversation over the channel, while nobody within is at the desk: what comes waits, and nothing is lost."""

import math

from app.crypto.identities import Identity, make_user_seed
from app.domain.conversation import InboxView
from app.domain.ids import PersonId

WITHIN = PersonId("somebody-within")


def test_a_message_for_a_walled_conversation_waits_at_the_gateway_for_somebody_within(practice):
    ada, first = practice.meet("Good morning")
    ben, second = practice.meet("Good evening", name="Ben Reed")
    keys, seed = practice.desk.ledger.keys, make_user_seed()
    keys.enclose(first, [WITHIN], lambda _person_id: Identity(seed).public.box_key)
    keys.save()
    ada.text("For somebody within.")
    ben.text("For anybody.")
    before = practice.desk.ledger.log.seqs_of(first)
    practice.run()
    assert practice.lines(second) == ["Good evening", "For anybody."]
    assert len(practice.wire.waiting(ada.address, to_desk=True)) == 1
    assert practice.desk.ledger.log.seqs_of(first) == before
    rows = practice.desk.conversations.inbox(InboxView.OPEN)
    assert [row.conversation_id for row in rows] == [second]
    keys.lend(first, keys.find_for(WITHIN, seed)[first], math.inf, lambda: 0.0)
    practice.wire.links[0].come_back()
    practice.run()
    assert practice.lines(first) == ["Good morning", "For somebody within."]
    assert practice.wire.waiting(ada.address, to_desk=True) == []
