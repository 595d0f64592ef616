"""Clones, forks and old states are noticed, the message is kept, and a new generation is due."""

from dataclasses import replace

from app.channel.desk_session import DeskSession
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.received import Alarm, Duplicate, Received
from app.domain.post_sizes import read_envelope
from tests.support.channel import FixedRandom, Pair
from tests.vectors.channel_frames import refusal


def cloned(pair: Pair, first: str, second: str) -> tuple[bytes, bytes]:
    """Let the patient's machine be copied while it runs: both go on from the same state."""
    before = pair.patient
    one = pair.say(Kind.TEXT, {"text": first})
    after, pair.patient = pair.patient, before
    pair.random = FixedRandom("the clone")
    two = pair.say(Kind.TEXT, {"text": second})
    pair.patient = after
    return one, two


def test_two_contents_under_one_number_raise_the_clone_alarm_and_both_are_kept() -> None:
    pair = Pair.acquainted()
    one, two = cloned(pair, "from the first", "from its clone")
    assert read_envelope(one) == read_envelope(two)
    assert pair.to_desk(one).alarms == frozenset()
    found = pair.to_desk(two)
    assert isinstance(found, Received)
    assert found.alarms == {Alarm.CLONE}
    assert found.content == {"text": "from its clone"}
    assert pair.desk.renewal_due(pair.now_ms)


def test_both_contents_of_a_clone_are_duplicates_when_they_come_again() -> None:
    pair = Pair.acquainted()
    one, two = cloned(pair, "from the first", "from its clone")
    pair.to_desk(one)
    pair.to_desk(two)
    assert isinstance(pair.to_desk(one), Duplicate)
    assert isinstance(pair.to_desk(two), Duplicate)


def test_a_frame_altered_on_the_way_raises_no_clone_alarm() -> None:
    pair = Pair.acquainted()
    frame = pair.say(Kind.TEXT, {"text": "hi"})
    pair.to_desk(frame)
    for place in range(38, len(frame)):
        assert refusal(pair, frame[:place] + bytes([frame[place] ^ 1]) + frame[place + 1 :]) == "sealed"


def test_an_old_state_that_goes_on_sending_raises_the_fork_alarm() -> None:
    pair = Pair.acquainted()
    pair.to_desk(pair.say(Kind.TEXT, {"text": "one"}))
    backup = pair.patient.dump()
    pair.to_desk(pair.say(Kind.TEXT, {"text": "two"}))
    pair.patient = PatientSession.load(backup).fresh_chain()
    found = pair.to_desk(pair.say(Kind.TEXT, {"text": "three"}))
    assert isinstance(found, Received)
    assert found.alarms == {Alarm.FORK}
    assert found.content == {"text": "three"}
    assert pair.desk.renewal_due(pair.now_ms)


def test_a_fork_is_noticed_in_whatever_order_its_frames_come() -> None:
    pair = Pair.acquainted()
    trunk = pair.say(Kind.TEXT, {"text": "one"})
    backup = pair.patient
    branches = [pair.say(Kind.TEXT, {"text": "two"})]
    pair.patient = backup.fresh_chain()
    branches.append(pair.say(Kind.TEXT, {"text": "three"}))
    alarms = [pair.to_desk(frame).alarms for frame in (*branches, trunk)]
    assert alarms == [frozenset(), {Alarm.FORK}, frozenset()]


def test_a_state_from_before_its_first_frame_forks_too() -> None:
    pair = Pair.strangers()
    answered = pair.answer(pair.hello("Good morning"))
    pair.patient = pair.patient.accept(answered.frame, pair.now_ms)
    start = pair.patient
    pair.to_desk(pair.say(Kind.ACK, {}))
    pair.patient = start
    found = pair.to_desk(pair.say(Kind.ACK, {}))
    assert Alarm.FORK in found.alarms


def test_a_desk_put_back_from_a_backup_is_noticed_by_the_patient() -> None:
    pair = Pair.acquainted()
    pair.to_patient(pair.reply(Kind.TEXT, {"text": "one"}))
    backup = pair.desk.dump()
    pair.to_patient(pair.reply(Kind.TEXT, {"text": "two"}))
    pair.desk = DeskSession.load(backup, pair.office.desk).fresh_chain()
    found = pair.to_patient(pair.reply(Kind.TEXT, {"text": "three"}))
    assert found.alarms == {Alarm.FORK}
    assert pair.patient.renewal_due(pair.now_ms)


def test_a_desk_that_enrolled_anew_forks_nothing() -> None:
    pair = Pair.acquainted()
    pair.to_patient(pair.reply(Kind.TEXT, {"text": "one"}))
    backup = pair.desk.dump()
    colleague = pair.office.colleague()
    content = {"roster": colleague.roster.data, "roster_sig": colleague.roster.signature}
    pair.to_patient(pair.reply(Kind.DESK, content))
    pair.desk = DeskSession.load(backup, colleague.desk, is_introduced=True).fresh_chain()
    found = pair.to_patient(pair.reply(Kind.TEXT, {"text": "three"}))
    assert found.alarms == frozenset()


def test_a_frame_kept_back_shows_as_a_gap_since_it_was_first_missed() -> None:
    pair = Pair.acquainted()
    pair.say(Kind.TEXT, {"text": "kept back"})
    came = pair.say(Kind.TEXT, {"text": "came"})
    assert pair.desk.line.gap_since_ms() is None
    pair.to_desk(came)
    since = pair.now_ms
    pair.now_ms += 60_000
    pair.to_desk(pair.say(Kind.TEXT, {"text": "came later"}))
    assert pair.desk.line.gap_since_ms() == since


def test_an_alarm_ends_with_the_generation() -> None:
    pair = Pair.acquainted()
    one, two = cloned(pair, "a", "b")
    pair.to_desk(one)
    pair.to_desk(two)
    pair.patient, hello = pair.patient.hello(random=FixedRandom("renewal"))
    pair.patient = pair.patient.accept(pair.answer(hello).frame, pair.now_ms)
    pair.to_desk(pair.say(Kind.ACK, {}))
    assert not pair.desk.renewal_due(pair.now_ms)


def test_a_session_that_is_kept_after_a_refusal_is_the_same_as_before() -> None:
    pair = Pair.acquainted()
    assert replace(pair.desk) == pair.desk
    assert DeskSession.load(pair.desk.dump(), pair.office.desk) == pair.desk
