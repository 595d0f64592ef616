"""Properties over anything: what arrives is what was sent, once, in whatever order; and nothing altered is taken."""

from base64 import b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.channel.bodies import Item, read_body, write_body
from app.channel.chains import key_at
from app.channel.desk_session import DeskSession
from app.channel.errors import ChannelError, FrameRefusedError, HandshakeRefusedError
from app.channel.frames import PREFIX_BYTES
from app.channel.kinds import Kind, Role
from app.channel.padding import pad, unpad
from app.channel.patient_session import PatientSession
from app.channel.received import Duplicate, Received
from app.domain.post_sizes import PLAIN_CLASSES, read_envelope
from tests.support.channel import NOW_MS, FixedRandom, Pair

FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=200)


@pytest.fixture(scope="module")
def acquainted() -> Pair:
    return Pair.acquainted()


def again(pair: Pair) -> Pair:
    """Sessions are frozen, so one meeting serves many examples."""
    return Pair(pair.office, pair.invitation, pair.patient, pair.desk, random=FixedRandom("again"))


@FAST
@given(texts=st.lists(TEXT, min_size=1, max_size=12), data=st.data())
def test_whatever_the_order_and_the_repetitions_each_text_arrives_once(
    acquainted: Pair, texts: list[str], data: st.DataObject
) -> None:
    pair = again(acquainted)
    frames = [pair.say(Kind.TEXT, {"text": text}) for text in texts]
    order = data.draw(st.permutations(frames + data.draw(st.lists(st.sampled_from(frames), max_size=6))))
    found = [pair.to_desk(frame) for frame in order]
    received = [one for one in found if isinstance(one, Received)]
    assert sorted(one.content["text"] for one in received) == sorted(texts)
    assert all(not one.alarms for one in received)
    assert sum(isinstance(one, Duplicate) for one in found) == len(order) - len(frames)
    assert pair.desk.line.gap_since_ms() is None
    last = read_envelope(frames[-1])
    assert dict(pair.desk.line.owed)[last.chain] == last.number


@FAST
@given(texts=st.lists(TEXT, min_size=2, max_size=12), data=st.data())
def test_a_frame_that_never_comes_always_leaves_a_gap_unless_it_was_the_last(
    acquainted: Pair, texts: list[str], data: st.DataObject
) -> None:
    pair = again(acquainted)
    frames = [pair.say(Kind.TEXT, {"text": text}) for text in texts]
    lost = data.draw(st.integers(0, len(frames) - 2))
    for frame in data.draw(st.permutations(frames[:lost] + frames[lost + 1 :])):
        pair.to_desk(frame)
    assert pair.desk.line.gap_since_ms() is not None


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_frame_with_any_bits_changed_is_refused_and_changes_nothing(acquainted: Pair, data: st.DataObject) -> None:
    pair = again(acquainted)
    frame = pair.say(Kind.TEXT, {"text": "invented"})
    places = data.draw(st.lists(st.integers(0, len(frame) * 8 - 1), min_size=1, max_size=4, unique=True))
    altered = bytearray(frame)
    for place in places:
        altered[place // 8] ^= 1 << place % 8
    before = pair.desk.dump()
    with pytest.raises(FrameRefusedError):
        pair.desk.receive(bytes(altered), NOW_MS)
    assert pair.desk.dump() == before
    assert isinstance(pair.to_desk(frame), Received)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.ACK])
def test_a_frame_with_any_one_byte_changed_is_refused(acquainted: Pair, kind: Kind) -> None:
    pair = again(acquainted)
    frame = pair.reply(kind, {"text": "invented"} if kind is Kind.TEXT else {"desks": 1})
    before = pair.patient
    for place in range(len(frame)):
        with pytest.raises(FrameRefusedError):
            pair.to_patient(frame[:place] + bytes([frame[place] ^ 0x40]) + frame[place + 1 :])
    assert pair.patient is before
    assert isinstance(pair.to_patient(frame), Received)


def test_a_hello_and_an_answer_with_any_byte_changed_are_refused() -> None:
    pair = Pair.strangers()
    hello = pair.hello("hi")
    for place in range(0, len(hello), 3):
        flip = 0x01 if place == 69 else 0x40  # the highest bits of e are not read by X25519, but name the chain
        with pytest.raises(HandshakeRefusedError):
            pair.answer(hello[:place] + bytes([hello[place] ^ flip]) + hello[place + 1 :])
    assert pair.desk is None
    answer = pair.answer(hello).frame
    before = pair.patient
    for place in range(0, len(answer), 3):
        with pytest.raises(HandshakeRefusedError):
            pair.patient.accept(answer[:place] + bytes([answer[place] ^ 0x40]) + answer[place + 1 :], NOW_MS)
    assert pair.patient is before


@settings(max_examples=300, deadline=None)
@given(junk=st.binary(max_size=2_000), size=st.sampled_from([0, 1, 38, 334, 1_102, 1_110, 1_158, 4_174, 16_462]))
def test_bytes_of_anybody_are_refused_and_never_crash(acquainted: Pair, junk: bytes, size: int) -> None:
    untrusted = junk.ljust(size, b"\1")[: size or None]
    for act in (
        lambda: acquainted.desk.receive(untrusted, NOW_MS),
        lambda: acquainted.patient.receive(untrusted, NOW_MS),
        lambda: acquainted.desk.answer_hello(untrusted, acquainted.office.secrets, NOW_MS),
        lambda: acquainted.patient.accept(untrusted, NOW_MS),
    ):
        with pytest.raises(ChannelError):
            act()


@FAST
@given(TEXT, st.integers(0, 2**53 - 1), st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.integers(0, 4_095))))
def test_a_body_is_read_as_it_was_written_and_tells_no_more_than_fits(
    text: str, clock: int, owed: list[tuple[bytes, int]]
) -> None:
    unique = tuple(dict(owed).items())
    item = Item(bytes(16), clock, NOW_MS, Kind.TEXT, {"text": text})
    bare, _ = write_body(item, bytes(16), (), PREFIX_BYTES)
    data, told = write_body(item, bytes(16), unique, PREFIX_BYTES)
    body = read_body(data, Role.PATIENT)
    assert body.item == item
    assert body.seen == told == unique[: len(told)]
    assert len(pad(bytes(PREFIX_BYTES) + data)) == len(pad(bytes(PREFIX_BYTES) + bare))


@FAST
@given(st.binary(max_size=16_383))
def test_padding_gives_back_what_was_padded(plain: bytes) -> None:
    padded = pad(plain)
    assert len(padded) in PLAIN_CLASSES
    assert unpad(padded) == plain


@FAST
@given(st.lists(st.sampled_from(["patient", "desk", "restart patient", "restart desk"]), max_size=30))
def test_two_who_write_and_restart_at_will_understand_each_other(acquainted: Pair, acts: list[str]) -> None:
    pair = again(acquainted)
    for act in acts:
        if act == "patient":
            found = pair.to_desk(pair.say(Kind.TEXT, {"text": "a"}))
            assert isinstance(found, Received)
            assert not found.alarms
        elif act == "desk":
            found = pair.to_patient(pair.reply(Kind.TEXT, {"text": "b"}))
            assert isinstance(found, Received)
            assert not found.alarms
        elif act == "restart patient":
            pair.patient = PatientSession.load(pair.patient.dump()).fresh_chain()
        else:
            pair.desk = DeskSession.load(pair.desk.dump(), pair.office.desk).fresh_chain()
    assert pair.desk.line.gap_since_ms() is None
    assert pair.patient.line.gap_since_ms() is None


@FAST
@given(st.lists(st.booleans(), min_size=1, max_size=25))
def test_no_key_and_no_nonce_is_used_twice(acquainted: Pair, sides: list[bool]) -> None:
    pair = again(acquainted)
    frames = [pair.say(Kind.ACK, {}) if is_patient else pair.reply(Kind.ACK, {"desks": 1}) for is_patient in sides]
    names = [(read_envelope(frame).chain, read_envelope(frame).number) for frame in frames]
    assert len(set(names)) == len(frames)
    assert len({frame[38:62] for frame in frames}) == len(frames)


def test_a_spent_chain_key_is_not_in_the_state() -> None:
    pair = Pair.acquainted()
    sending = pair.patient.line.current.sending
    frame = pair.say(Kind.TEXT, {"text": "hi"})
    pair.to_desk(frame)
    for end in (pair.patient, pair.desk):
        stored = end.dump()
        assert b64encode(key_at(sending.key, 1)) in stored
        assert b64encode(sending.key) not in stored
