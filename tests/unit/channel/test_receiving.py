"""What a desk takes and what it refuses, frame by frame; a refusal leaves the session as it was."""

import pytest

from app.channel.desk_session import DeskSession
from app.channel.errors import FrameRefusedError, NotNowError
from app.channel.kinds import Kind
from app.channel.line import receive
from app.channel.received import Duplicate, Received
from app.domain.post_sizes import read_envelope
from tests.support.channel import FixedRandom, Pair
from tests.vectors.channel_frames import Forge, refusal

WEEK_MS = 7 * 86_400_000


def texts(pair: Pair, count: int) -> list[bytes]:
    return [pair.say(Kind.TEXT, {"text": f"number {number}"}) for number in range(count)]


def text_of(found: Received | Duplicate) -> str:
    assert isinstance(found, Received)
    text: str = found.content["text"]
    return text


def desk_height(pair: Pair, chain: bytes) -> int:
    return dict(pair.desk.line.owed)[chain]


def test_frames_in_order_are_taken_and_owed_as_one_height() -> None:
    pair = Pair.acquainted()
    frames = texts(pair, 5)
    assert [text_of(pair.to_desk(frame)) for frame in frames] == [f"number {number}" for number in range(5)]
    assert desk_height(pair, read_envelope(frames[-1]).chain) == read_envelope(frames[-1]).number


def test_frames_in_any_order_are_taken_and_the_height_waits_for_the_hole() -> None:
    pair = Pair.acquainted()
    first, second, third, fourth = texts(pair, 4)
    chain, start = read_envelope(first).chain, read_envelope(first).number
    pair.to_desk(third)
    assert desk_height(pair, chain) == start - 1
    assert pair.desk.line.gap_since_ms() == pair.now_ms
    found = pair.to_desk(first)
    assert isinstance(found, Received)
    assert found.is_late
    assert desk_height(pair, chain) == start
    assert text_of(pair.to_desk(second)) == "number 1"
    assert desk_height(pair, chain) == start + 2
    assert pair.desk.line.gap_since_ms() is None
    found = pair.to_desk(fourth)
    assert isinstance(found, Received)
    assert not found.is_late
    assert not found.alarms


def test_a_frame_that_comes_after_one_of_a_later_start_is_late_too() -> None:
    pair = Pair.acquainted()
    kept_back = pair.say(Kind.TEXT, {"text": "written first"})
    pair.patient = pair.patient.fresh_chain()
    assert not pair.to_desk(pair.say(Kind.TEXT, {"text": "written second, in a chain of its own"})).is_late
    assert pair.to_desk(kept_back).is_late


def test_a_frame_that_comes_again_is_a_duplicate_and_asks_for_its_ack_again() -> None:
    pair = Pair.acquainted()
    frames = texts(pair, 3)
    for frame in frames:
        pair.to_desk(frame)
    pair.to_patient(pair.reply(Kind.ACK, {"desks": 1}))
    assert not pair.desk.line.owes_ack
    assert pair.to_desk(frames[0]) == Duplicate(read_envelope(frames[0]).chain, read_envelope(frames[0]).number)
    assert pair.desk.line.owes_ack
    told = pair.to_patient(pair.reply(Kind.ACK, {"desks": 1}))
    assert isinstance(told, Received)
    last = read_envelope(frames[-1])
    assert (last.chain, last.number) in told.delivered
    assert not pair.desk.line.owes_ack


def test_an_ack_asks_for_no_ack() -> None:
    pair = Pair.acquainted()
    pair.to_desk(texts(pair, 1)[0])
    pair.to_patient(pair.reply(Kind.ACK, {"desks": 1}))
    assert not pair.patient.line.owes_ack
    pair.to_desk(pair.say(Kind.READ, {"up_to": bytes(16)}))
    assert not pair.desk.line.owes_ack


@pytest.mark.parametrize(("skipped", "code"), [(256, "ok"), (257, "jump")])
def test_a_jump_of_256_is_taken_and_one_more_is_not(skipped: int, code: str) -> None:
    pair = Pair.acquainted()
    frames = texts(pair, skipped + 1)
    assert refusal(pair, frames[-1]) == code


def test_no_more_than_256_numbers_may_be_missing_until_one_comes() -> None:
    pair = Pair.acquainted()
    frames = texts(pair, 300)
    pair.to_desk(frames[200])
    assert refusal(pair, frames[257]) == "ok"  # 200 and 56 missing
    assert refusal(pair, frames[258]) == "missing"
    assert refusal(pair, frames[0]) == "ok"
    pair.to_desk(frames[0])
    assert refusal(pair, frames[258]) == "ok"


def test_a_missing_frame_is_taken_for_a_week_and_not_longer() -> None:
    pair = Pair.acquainted()
    missed, came = texts(pair, 2)
    pair.to_desk(came)
    pair.now_ms += WEEK_MS
    assert refusal(pair, missed) == "ok"
    pair.now_ms += 1
    assert refusal(pair, missed) == "late"
    assert pair.desk.line.gap_since_ms() is not None


def test_sixty_four_chains_are_taken_and_no_more() -> None:
    pair = Pair.acquainted()
    for _ in range(63):  # the first was begun when they met
        pair.patient = pair.patient.fresh_chain()
        pair.to_desk(texts(pair, 1)[0])
    pair.patient = pair.patient.fresh_chain()
    assert refusal(pair, texts(pair, 1)[0]) == "chains"


def test_a_frame_that_does_not_hold_takes_no_place_among_the_chains() -> None:
    pair = Pair.acquainted()
    before = pair.desk
    frame = bytearray(texts(pair, 1)[0])
    for number in range(100):
        frame[18] = number
        assert refusal(pair, bytes(frame)) == "sealed"
    assert pair.desk is before


def test_a_start_of_its_own_has_a_chain_of_its_own_under_the_same_thread() -> None:
    pair = Pair.acquainted()
    one = texts(pair, 1)[0]
    pair.patient = pair.patient.fresh_chain()
    two = texts(pair, 1)[0]
    assert read_envelope(one).chain != read_envelope(two).chain
    assert read_envelope(two).number == 0
    found = pair.to_desk(two)
    assert isinstance(found, Received)
    assert pair.desk.line.gap_since_ms() is not None  # the one before it is named and has not come
    pair.to_desk(one)
    assert pair.desk.line.gap_since_ms() is None
    assert not found.alarms


def test_a_chain_that_is_full_is_followed_by_another() -> None:
    pair = Pair.acquainted()
    generation = pair.patient.line.current
    assert generation is not None
    frames = [pair.say(Kind.ACK, {}) for _ in range(4_096)]
    numbers = [read_envelope(frame).number for frame in frames]
    assert numbers.count(4_095) == 1
    assert numbers[-1] == 0
    for frame in frames:
        assert isinstance(pair.to_desk(frame), Received)


def test_a_chain_belongs_to_its_first_signer() -> None:
    pair = Pair.acquainted()
    frame = texts(pair, 1)[0]
    forge = Forge(pair, read_envelope(frame))
    keys = {pair.patient.line.me: pair.patient.signer.public, bytes(16): pair.office.root.public}
    stolen = forge.sealed(forge.body(frame), sender=bytes(16), signer=pair.office.root)
    with pytest.raises(FrameRefusedError, match="owner"):
        receive(pair.desk.line, stolen, keys.get, pair.now_ms)


def test_a_patient_refuses_a_desk_it_does_not_know() -> None:
    pair = Pair.acquainted()
    pair.desk = type(pair.desk).load(pair.desk.dump(), pair.office.colleague().desk, is_introduced=True)
    before = pair.patient
    with pytest.raises(FrameRefusedError, match="sender"):
        pair.to_patient(pair.reply(Kind.TEXT, {"text": "hi"}))
    assert pair.patient is before


def test_a_desk_is_introduced_by_one_that_is_known() -> None:
    pair = Pair.acquainted()
    colleague = pair.office.colleague()
    pair.to_patient(pair.reply(Kind.DESK, {"roster": colleague.roster.data, "roster_sig": colleague.roster.signature}))
    pair.desk = type(pair.desk).load(pair.desk.dump(), colleague.desk, is_introduced=True)
    found = pair.to_patient(pair.reply(Kind.TEXT, {"text": "hi"}))
    assert isinstance(found, Received)
    assert found.sender == colleague.desk_id
    assert not found.alarms


def test_a_desk_whom_nobody_introduced_reads_and_speaks_in_the_next_generation() -> None:
    pair = Pair.acquainted()
    pair.office = pair.office.colleague(epoch=2)
    pair.desk = DeskSession.load(pair.desk.dump(), pair.office.desk)
    pair.desk = DeskSession.load(pair.desk.dump(), pair.office.desk).fresh_chain()
    assert isinstance(pair.to_desk(pair.say(Kind.TEXT, {"text": "Still there?"})), Received)
    with pytest.raises(NotNowError, match="not_confirmed"):
        pair.reply(Kind.TEXT, {"text": "too early"})
    pair.patient, hello = pair.patient.hello(random=FixedRandom("renewal"))
    pair.patient = pair.patient.accept(pair.answer(hello).frame, pair.now_ms)
    pair.to_desk(pair.say(Kind.ACK, {}))
    found = pair.to_patient(pair.reply(Kind.ACK, {"desks": 1}))
    assert isinstance(found, Received)
    assert not found.alarms
    assert found.delivered, "what came before is acknowledged now"


def test_a_desk_of_an_older_roster_speaks_no_more() -> None:
    pair = Pair.acquainted()
    dismissed = pair.desk
    colleague = pair.office.colleague(epoch=2)
    pair.to_patient(pair.reply(Kind.DESK, {"roster": colleague.roster.data, "roster_sig": colleague.roster.signature}))
    pair.desk = dismissed
    with pytest.raises(FrameRefusedError, match="sender"):
        pair.to_patient(pair.reply(Kind.TEXT, {"text": "hi"}))


def test_an_introduction_that_no_administrator_signed_is_refused() -> None:
    pair = Pair.acquainted()
    before = pair.patient
    colleague = pair.office.colleague()
    content = {"roster": colleague.roster.data, "roster_sig": bytes(64)}
    with pytest.raises(FrameRefusedError, match="roster"):
        pair.to_patient(pair.reply(Kind.DESK, content))
    assert pair.patient is before
