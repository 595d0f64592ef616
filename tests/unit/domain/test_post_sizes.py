"""The few lengths a frame may have: the sums of the specification, and nothing beside them."""

import os

import pytest

from app.domain.post_sizes import CHUNK_COUNTS, FRAME_LENGTHS, Envelope, FrameType, read_envelope

_GENERATION, _CHAIN = os.urandom(16), os.urandom(16)


def _frame(type_, number, length):
    head = Envelope(type_, _GENERATION, _CHAIN, number).encode()
    return head + os.urandom(length - len(head))


def test_the_lengths_are_those_of_the_specification():
    assert FRAME_LENGTHS[FrameType.HELLO] == (1158, 4230, 16518)
    assert FRAME_LENGTHS[FrameType.ANSWER] == (1110,)
    assert FRAME_LENGTHS[FrameType.FRAME] == (334, 1102, 4174, 16462)
    assert CHUNK_COUNTS[-1] * 64 * 1024 >= 25 * 1024 * 1024


@pytest.mark.parametrize(("type_", "number"), [(FrameType.HELLO, 0), (FrameType.ANSWER, 1), (FrameType.FRAME, 77)])
def test_every_length_of_a_type_is_read(type_, number):
    for length in FRAME_LENGTHS[type_]:
        assert read_envelope(_frame(type_, number, length)) == Envelope(type_, _GENERATION, _CHAIN, number)


@pytest.mark.parametrize("type_", FrameType)
def test_a_length_beside_the_classes_is_refused(type_):
    for length in FRAME_LENGTHS[type_]:
        for wrong in (length - 1, length + 1):
            with pytest.raises(ValueError):
                read_envelope(_frame(type_, 1, wrong))


def test_a_length_of_another_type_is_refused():
    with pytest.raises(ValueError, match="length"):
        read_envelope(_frame(FrameType.FRAME, 3, FRAME_LENGTHS[FrameType.ANSWER][0]))


@pytest.mark.parametrize(("type_", "number"), [(FrameType.HELLO, 1), (FrameType.ANSWER, 0), (FrameType.ANSWER, 2)])
def test_a_handshake_message_with_another_number_is_refused(type_, number):
    with pytest.raises(ValueError, match="number"):
        read_envelope(_frame(type_, number, FRAME_LENGTHS[type_][0]))


@pytest.mark.parametrize("head", [b"\x00\x03", b"\x02\x03", b"\x01\x00", b"\x01\x04", b"\xff\xff"])
def test_another_version_or_type_is_refused(head):
    good = _frame(FrameType.FRAME, 0, 334)
    with pytest.raises(ValueError):
        read_envelope(head + good[2:])


def test_an_envelope_prints_its_type_only():
    assert repr(Envelope(FrameType.HELLO, _GENERATION, _CHAIN, 0)) == "<Envelope hello>"
