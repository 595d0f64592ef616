"""Generations follow one another, and old ones end."""

from base64 import b64encode

import pytest

from app.channel.errors import FrameRefusedError, HandshakeRefusedError
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.received import Received
from app.domain.post_sizes import read_envelope
from tests.support.channel import NOW_S, FixedRandom, Pair

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def renew(pair: Pair, name: str = "renewal", *, confirm: bool = True) -> None:
    pair.patient, hello = pair.patient.hello(random=FixedRandom(name))
    answered = pair.answer(hello)
    assert answered.payload.is_renewal
    pair.patient = pair.patient.accept(answered.frame, pair.now_ms)
    if confirm:
        pair.to_desk(pair.say(Kind.ACK, {}))


def generation_of(frame: bytes) -> bytes:
    return read_envelope(frame).generation


def test_a_new_generation_is_due_after_a_day_and_not_before() -> None:
    pair = Pair.acquainted()
    for end in (pair.patient, pair.desk):
        assert not end.renewal_due(pair.now_ms + DAY_MS - 1)
        assert end.renewal_due(pair.now_ms + DAY_MS)


def test_a_new_generation_is_due_after_two_hundred_messages_of_both_sides() -> None:
    pair = Pair.acquainted()
    for _ in range(99):
        pair.to_desk(pair.say(Kind.TEXT, {"text": "a"}))
        pair.to_patient(pair.reply(Kind.TEXT, {"text": "b"}))
        pair.to_patient(pair.reply(Kind.ACK, {"desks": 1}))
    assert not pair.patient.renewal_due(pair.now_ms)
    pair.to_desk(pair.say(Kind.TEXT, {"text": "a"}))
    pair.to_patient(pair.reply(Kind.TEXT, {"text": "b"}))
    assert pair.patient.renewal_due(pair.now_ms)
    assert pair.desk.renewal_due(pair.now_ms)


def test_a_new_generation_is_due_when_the_card_changes() -> None:
    pair = Pair.acquainted()
    pair.office.renew_card()
    document = pair.office.document()
    assert pair.desk.renewal_due(pair.now_ms, document.card_name)
    assert pair.patient.with_document(document).renewal_due(pair.now_ms)
    pair.patient = pair.patient.with_document(document)
    renew(pair)
    assert not pair.desk.renewal_due(pair.now_ms, document.card_name)
    assert not pair.patient.renewal_due(pair.now_ms)


def test_a_patient_that_has_begun_many_chains_asks_before_they_are_refused() -> None:
    pair = Pair.acquainted()
    for _ in range(47):
        pair.patient = pair.patient.fresh_chain()
        pair.to_desk(pair.say(Kind.ACK, {}))
    assert pair.patient.renewal_due(pair.now_ms)


def test_while_a_hello_waits_no_other_is_due() -> None:
    pair = Pair.acquainted()
    pair.now_ms += DAY_MS
    pair.patient, _ = pair.patient.hello()
    assert not pair.patient.renewal_due(pair.now_ms)


@pytest.mark.parametrize("open_door", [False, True])
def test_after_a_renewal_both_send_in_the_new_generation_with_the_same_safety_number(open_door: bool) -> None:
    pair = Pair.acquainted(open_door=open_door)
    before, number = generation_of(pair.say(Kind.ACK, {})), pair.desk.safety_number
    renew(pair)
    assert generation_of(pair.say(Kind.ACK, {})) != before
    assert generation_of(pair.reply(Kind.ACK, {"desks": 1})) != before
    assert pair.desk.safety_number == pair.patient.safety_number == number


def test_the_desk_stays_in_the_old_generation_until_the_patient_speaks_in_the_new_one() -> None:
    pair = Pair.acquainted()
    before = generation_of(pair.reply(Kind.ACK, {"desks": 1}))
    renew(pair, confirm=False)
    frame = pair.reply(Kind.TEXT, {"text": "on the way"})
    assert generation_of(frame) == before
    assert isinstance(pair.to_patient(frame), Received)
    pair.to_desk(pair.say(Kind.ACK, {}))
    assert generation_of(pair.reply(Kind.ACK, {"desks": 1})) != before


def test_frames_of_the_old_generation_are_read_for_a_week_and_not_longer() -> None:
    pair = Pair.acquainted()
    late, too_late = pair.say(Kind.TEXT, {"text": "late"}), pair.say(Kind.TEXT, {"text": "too late"})
    renew(pair)
    pair.now_ms += 7 * DAY_MS
    assert isinstance(pair.to_desk(late), Received)
    pair.now_ms += 1
    with pytest.raises(FrameRefusedError, match="generation"):
        pair.to_desk(too_late)


def test_roots_that_are_over_are_erased_also_when_nothing_comes() -> None:
    pair = Pair.acquainted()
    old = pair.desk.line.current.root
    psk = pair.patient.state.psk
    renew(pair)
    for end in (pair.desk, pair.patient):
        assert old in {one.root for one in end.tidied(pair.now_ms + 7 * DAY_MS).line.generations}
        assert old not in {one.root for one in end.tidied(pair.now_ms + 7 * DAY_MS + 1).line.generations}
    tidied = pair.desk.tidied(pair.now_ms + 7 * DAY_MS + 1)
    assert tidied.state.first is None
    for secret in (old, psk):
        assert b64encode(secret) in pair.desk.dump()
        assert b64encode(secret) not in tidied.dump()


def test_the_current_generation_is_kept_however_long_nobody_writes() -> None:
    pair = Pair.acquainted()
    pair.now_ms += 400 * DAY_MS
    pair.desk = pair.desk.tidied(pair.now_ms)
    assert isinstance(pair.to_desk(pair.say(Kind.TEXT, {"text": "long time"})), Received)


def test_a_resumed_hello_is_refused_once_its_generation_is_gone() -> None:
    pair = Pair.acquainted()
    old = pair.patient
    renew(pair)
    pair.now_ms += 8 * DAY_MS
    pair.desk = pair.desk.tidied(pair.now_ms)
    _, hello = old.hello(random=FixedRandom("from an old state"))
    with pytest.raises(HandshakeRefusedError, match="psk"):
        pair.answer(hello)


def test_a_patient_that_never_saw_the_answer_renews_from_the_generation_before() -> None:
    pair = Pair.acquainted()
    old = pair.patient
    renew(pair, confirm=False)
    pair.patient = old
    renew(pair, "once more")
    assert isinstance(pair.to_patient(pair.reply(Kind.TEXT, {"text": "found you"})), Received)


def test_an_invitation_is_no_way_in_for_a_renewal_after_a_week() -> None:
    pair = Pair.strangers()
    start = pair.patient
    pair.meet()
    pair.now_ms += 7 * DAY_MS + 1
    _, hello = start.hello(random=FixedRandom("late first hello"))
    with pytest.raises(HandshakeRefusedError, match="psk"):
        pair.answer(hello)


def test_old_generations_are_at_most_eight() -> None:
    pair = Pair.acquainted()
    for number in range(12):
        renew(pair, f"renewal {number}")
    assert len(pair.desk.line.generations) == 9
    assert len(pair.patient.line.generations) == 9


def test_a_stolen_psk_without_the_static_key_does_not_resume() -> None:
    pair = Pair.acquainted()
    psk = pair.patient.line.current.resume_psk
    thief = PatientSession.begin(pair.office.document(), pair.invitation.address, psk, random=FixedRandom("thief"))
    _, hello = thief.hello(random=FixedRandom("thief's hello"))
    with pytest.raises(HandshakeRefusedError, match="patient"):
        pair.answer(hello)


def test_a_new_generation_shares_no_key_with_the_one_before() -> None:
    pair = Pair.acquainted()
    renew(pair)
    before, after = pair.desk.line.generations
    assert before.root != after.root
    assert before.resume_psk != after.resume_psk
    assert before.hash != after.hash
    assert after.card == pair.office.document(NOW_S).card_name


def test_a_desk_asks_once_and_the_patient_then_says_hello() -> None:
    pair = Pair.acquainted()
    pair.now_ms += DAY_MS
    assert pair.desk.renewal_due(pair.now_ms)
    asked = pair.reply(Kind.RENEW, {})
    assert not pair.desk.renewal_due(pair.now_ms)
    fresh = Pair.acquainted()  # a patient whose own clock stands still
    fresh.patient, found = fresh.patient.receive(asked, NOW_S * 1_000)
    assert isinstance(found, Received)
    assert fresh.patient.renewal_due(NOW_S * 1_000)
    pair.patient = fresh.patient
    renew(pair)
    assert not pair.desk.renewal_due(pair.now_ms)
    assert not pair.patient.renewal_due(pair.now_ms)
