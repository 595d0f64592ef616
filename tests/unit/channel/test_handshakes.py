"""Hellos and answers: who may come in, once, and what an early message is."""

from dataclasses import replace

import pytest

from app.channel.answering import Door
from app.channel.desk_session import Answered, AnsweredBefore, answer_hello
from app.channel.errors import HandshakeRefusedError, NotNowError
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.receipts import Receipt
from app.channel.received import Received
from app.channel.signing import Signed
from app.domain.post_sizes import read_envelope
from tests.support.channel import NOW_MS, FixedRandom, Office, Pair, fixed

DAY_MS = 86_400_000


def refused_by_desk(pair: Pair, frame: bytes) -> str:
    before = pair.desk
    with pytest.raises(HandshakeRefusedError) as found:
        pair.answer(frame)
    assert pair.desk is before
    return found.value.code


def second_patient(pair: Pair) -> Pair:
    stranger = PatientSession.begin(
        pair.office.document(), pair.invitation.address, pair.patient.state.psk, random=FixedRandom("a stranger")
    )
    return Pair(pair.office, pair.invitation, stranger, random=FixedRandom("a stranger's"))


@pytest.mark.parametrize("open_door", [False, True])
def test_both_ends_meet_in_one_generation_with_one_safety_number(open_door: bool) -> None:
    pair = Pair.acquainted(open_door=open_door)
    assert pair.desk.line.current.root == pair.patient.line.current.root
    assert pair.desk.safety_number == pair.patient.safety_number
    assert isinstance(pair.to_patient(pair.reply(Kind.TEXT, {"text": "welcome"})), Received)


def test_a_hello_brings_its_texts_and_the_signed_consent() -> None:
    pair = Pair.strangers()
    payload = pair.answer(pair.hello("one", "two")).payload
    assert [item.content["text"] for item in payload.items] == ["one", "two"]
    assert payload.receipt == Receipt.open(
        pair.receipt(), pair.patient.signer.public, office=pair.office.id, address=pair.invitation.address
    )
    assert payload.receipt.assistant
    assert not payload.is_renewal


def test_a_desk_sends_nothing_before_the_patient_has_confirmed() -> None:
    pair = Pair.strangers()
    answered = pair.answer(pair.hello("hi"))
    with pytest.raises(NotNowError, match="not_confirmed"):
        answered.session.send(Kind.TEXT, {"text": "secret"}, NOW_MS)
    pair.patient = pair.patient.accept(answered.frame, NOW_MS)
    found = pair.to_desk(pair.say(Kind.ACK, {}))
    assert isinstance(found, Received)
    assert found.is_first
    assert pair.desk.is_confirmed


def test_the_same_hello_again_is_answered_with_the_same_bytes_and_brings_nothing() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    answered = pair.answer(hello)
    again = pair.desk.answer_hello(hello, pair.office.secrets, NOW_MS)
    assert isinstance(again, AnsweredBefore)
    assert again.frame == answered.frame
    assert again.session.line.generations == pair.desk.line.generations


def test_after_the_patient_has_confirmed_the_same_hello_brings_no_answer_either() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    pair.patient = pair.patient.accept(pair.answer(hello).frame, NOW_MS)
    pair.to_desk(pair.say(Kind.ACK, {}))
    again = pair.desk.answer_hello(hello, pair.office.secrets, NOW_MS)
    assert isinstance(again, AnsweredBefore)
    assert again.frame == b""


def test_other_bytes_under_a_known_ephemeral_key_are_refused() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    pair.answer(hello)
    assert refused_by_desk(pair, hello[:-1] + bytes([hello[-1] ^ 1])) == "duplicate"


def test_texts_written_while_nobody_answers_travel_in_hellos_of_their_own() -> None:
    pair = Pair.strangers()
    hellos = [pair.hello(f"number {number}") for number in range(8)]
    assert len({read_envelope(hello).chain for hello in hellos}) == 8
    with pytest.raises(NotNowError, match="too_many"):
        pair.hello("one too many")
    answers = [pair.answer(hello) for hello in hellos]
    assert [one.payload.items[0].content["text"] for one in answers] == [f"number {n}" for n in range(8)]
    assert len({one.payload.items[0].message_id for one in answers}) == 8


def test_a_desk_takes_eight_hellos_under_one_psk_and_no_more() -> None:
    pair = Pair.strangers()
    start = pair.patient
    for _ in range(8):
        pair.answer(pair.hello("hi"))
    pair.patient = start
    assert refused_by_desk(pair, pair.hello("again")) == "too_many"


def test_the_patient_takes_the_first_good_answer_to_any_of_its_hellos_and_then_none() -> None:
    pair = Pair.strangers()
    one, two = pair.hello("one"), pair.hello("two")
    first, second = pair.answer(one).frame, pair.answer(two).frame
    pair.patient = pair.patient.accept(second, NOW_MS)
    assert pair.patient.state.pending == ()
    with pytest.raises(HandshakeRefusedError, match="unknown"):
        pair.patient.accept(first, NOW_MS)
    found = pair.to_desk(pair.say(Kind.TEXT, {"text": "three"}))
    assert isinstance(found, Received)
    assert found.is_first
    told = pair.to_patient(pair.reply(Kind.ACK, {"desks": 1}))
    assert isinstance(told, Received)
    pair.to_desk(pair.say(Kind.ACK, {}))
    more = pair.to_patient(pair.reply(Kind.TEXT, {"text": "long enough for all that was seen" * 9}))
    assert isinstance(more, Received)
    told_chains = {chain for chain, _ in (*told.delivered, *more.delivered)}
    assert {read_envelope(one).chain, read_envelope(two).chain} <= told_chains


def test_a_second_patient_with_the_same_invitation_is_refused() -> None:
    pair = Pair.strangers()
    other = second_patient(pair)
    pair.answer(pair.hello("mine"))
    assert refused_by_desk(pair, other.hello("mine too")) == "patient"
    pair.meet()
    assert refused_by_desk(pair, other.hello("still mine")) == "patient"


def test_a_hello_with_another_invitation_office_or_address_opens_nowhere() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    secrets, desk = pair.office.secrets, pair.office.desk
    for door in (
        Door(pair.door.address, fixed("another psk")),
        Door(bytes(16), pair.door.psk),
        Door(pair.door.address, None),
    ):
        with pytest.raises(HandshakeRefusedError, match="psk"):
            answer_hello(hello, door, secrets, desk, NOW_MS)
    other = Office(root=type(pair.office.root)(fixed("another root")))
    with pytest.raises(HandshakeRefusedError, match="card"):
        answer_hello(hello, pair.door, other.secrets, desk, NOW_MS)
    lying = replace(secrets, root=other.root.public)
    with pytest.raises(HandshakeRefusedError, match="psk"):
        answer_hello(hello, pair.door, lying, desk, NOW_MS)


def test_a_hello_to_an_older_card_is_answered_while_its_key_is_kept() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    pair.office.renew_card()
    assert isinstance(pair.answer(hello), Answered)


def test_a_hello_to_a_card_whose_key_is_gone_is_refused_and_said_again_to_the_new_one() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    pair.office.renew_card()
    del pair.office.cards[0]
    assert refused_by_desk(pair, hello) == "card"
    pair.patient = pair.patient.with_document(pair.office.document())
    answered = pair.answer(pair.hello("hi again"))
    pair.patient = pair.patient.accept(answered.frame, NOW_MS)
    assert isinstance(pair.to_desk(pair.say(Kind.ACK, {})), Received)


def test_a_consent_for_another_mailbox_or_by_another_hand_is_refused() -> None:
    pair = Pair.strangers()
    good = pair.receipt()
    data = Receipt.open(good, pair.patient.signer.public, office=pair.office.id, address=pair.invitation.address)
    for receipt in (
        replace(data, address=bytes(16)).sign(pair.patient.signer),
        replace(data, office=bytes(32)).sign(pair.patient.signer),
        data.sign(pair.office.root),
        Signed(good.data, bytes(64)),
        Signed(b"{}", good.signature),
    ):
        _, hello = pair.patient.hello(receipt=receipt, random=FixedRandom("hello"))
        assert refused_by_desk(pair, hello) == "receipt"


def test_a_hello_without_a_consent_says_so() -> None:
    pair = Pair.strangers()
    pair.patient, hello = pair.patient.hello(random=pair.random)
    assert pair.answer(hello).payload.receipt is None


def test_an_answer_from_a_desk_that_is_not_on_the_roster_is_refused() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    impostor = replace(pair.office.desk, roster=Signed(pair.office.roster.data, bytes(64)))
    answered = answer_hello(hello, pair.door, pair.office.secrets, impostor, NOW_MS)
    before = pair.patient
    with pytest.raises(HandshakeRefusedError, match="roster"):
        pair.patient.accept(answered.frame, NOW_MS)
    other_key = replace(pair.office.desk, signer=pair.office.root)
    answered = answer_hello(hello, pair.door, pair.office.secrets, other_key, NOW_MS)
    with pytest.raises(HandshakeRefusedError, match="signature"):
        pair.patient.accept(answered.frame, NOW_MS)
    other_id = replace(pair.office.desk, desk=bytes(16))
    answered = answer_hello(hello, pair.door, pair.office.secrets, other_id, NOW_MS)
    with pytest.raises(HandshakeRefusedError, match="roster"):
        pair.patient.accept(answered.frame, NOW_MS)
    assert pair.patient is before


def test_an_answer_with_a_roster_entry_that_is_over_is_refused() -> None:
    pair = Pair.strangers()
    answered = pair.answer(pair.hello("hi"))
    with pytest.raises(HandshakeRefusedError, match="roster"):
        pair.patient.accept(answered.frame, NOW_MS + 61 * DAY_MS)


def test_a_hello_that_would_not_fit_is_not_made() -> None:
    pair = Pair.strangers()
    with pytest.raises(NotNowError, match="too_large"):
        pair.hello("a" * 12_000, "b" * 12_000)
    assert len(pair.hello("a" * 12_000)) == 16_518
    assert len(pair.hello("hi")) == 1_158


def test_a_hello_that_waits_survives_a_restart_of_the_browser() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    pair.patient = PatientSession.load(pair.patient.dump())
    pair.patient = pair.patient.accept(pair.answer(hello).frame, NOW_MS)
    assert isinstance(pair.to_desk(pair.say(Kind.ACK, {})), Received)


def test_a_clock_far_ahead_in_a_hello_is_refused() -> None:
    pair = Pair.strangers()
    pair.patient, item = pair.patient.compose(Kind.TEXT, {"text": "hi"}, NOW_MS)
    pair.patient, hello = pair.patient.hello(items=(replace(item, clock=65_537),), random=pair.random)
    assert refused_by_desk(pair, hello) == "clock"


def test_after_a_change_of_card_a_patient_that_was_never_answered_may_say_hello_again() -> None:
    pair = Pair.strangers()
    for number in range(8):
        pair.hello(f"number {number}")
    pair.office.renew_card()
    del pair.office.cards[0]
    pair.patient = pair.patient.with_document(pair.office.document())
    answered = pair.answer(pair.hello("all of them again"))
    pair.patient = pair.patient.accept(answered.frame, NOW_MS)
    assert isinstance(pair.to_desk(pair.say(Kind.ACK, {})), Received)
