"""The gateway's protocol: what is written is read back, and nothing else is read at all."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.post import (
    MAX_REPLY_BYTES,
    MAX_REQUEST_BYTES,
    BlobDrop,
    BlobGet,
    BlobPut,
    Card,
    Close,
    Holdings,
    MalformedPostError,
    No,
    NoCode,
    Ok,
    Open,
    Pushed,
    Put,
    Taken,
    Wipe,
    chunk_of,
    decode_reply,
    decode_request,
    encode,
    seq_of,
)
from app.domain.post_sizes import CHUNK_BYTES, MAX_FRAME_BYTES

_ADDRESS, _BLOB = bytes(range(16)), bytes(range(16, 32))
_FRAME, _CHUNK = os.urandom(334), os.urandom(CHUNK_BYTES)

_REQUESTS = (
    Put(7, _ADDRESS, _FRAME),
    Put(2**32 - 1, _ADDRESS, os.urandom(MAX_FRAME_BYTES)),
    Taken(8, _ADDRESS, 2**53 - 1),
    BlobPut(9, _ADDRESS, _BLOB, 399, 400, _CHUNK),
    BlobGet(10, _ADDRESS, _BLOB, 0),
    BlobDrop(11, _ADDRESS, _BLOB),
    Open(12, _ADDRESS, bytes(32), 1_800_000_000_000),
    Close(13, _ADDRESS),
    Card(14, b'{"v":1}'),
    Holdings(15, _ADDRESS),
    Wipe(0),
)
_REPLIES = (Ok(7), Ok(7, bytes(8)), Ok(1, bytes(MAX_REPLY_BYTES - 5)), No(8, NoCode.DISK), Pushed(_ADDRESS, 5, _FRAME))


@pytest.mark.parametrize("request_", _REQUESTS, ids=lambda found: type(found).__name__)
def test_a_request_is_read_back_as_it_was_written(request_):
    raw = encode(request_)
    assert decode_request(raw) == request_
    assert len(raw) <= MAX_REQUEST_BYTES


@pytest.mark.parametrize("reply", _REPLIES, ids=lambda found: type(found).__name__)
def test_a_reply_is_read_back_as_it_was_written(reply):
    assert decode_reply(encode(reply)) == reply


def test_the_bytes_stand_where_the_table_says():
    assert encode(Put(1, _ADDRESS, _FRAME)) == b"\x01\x00\x00\x00\x01" + _ADDRESS + _FRAME
    assert encode(Taken(1, _ADDRESS, 2)) == b"\x02\x00\x00\x00\x01" + _ADDRESS + bytes(7) + b"\x02"
    head = b"\x03\x00\x00\x00\x01" + _ADDRESS + _BLOB
    assert encode(BlobPut(1, _ADDRESS, _BLOB, 2, 4, _CHUNK)) == head + b"\0\0\0\x02\0\0\0\x04" + _CHUNK
    assert encode(No(1, NoCode.TOO_FAST)) == b"\x82\x00\x00\x00\x01\x07"
    assert encode(Pushed(_ADDRESS, 3, _FRAME)) == b"\x83" + _ADDRESS + bytes(7) + b"\x03" + _FRAME


@pytest.mark.parametrize("message", [*_REQUESTS, *_REPLIES], ids=lambda found: type(found).__name__)
def test_one_byte_less_or_more_is_refused_where_the_length_is_fixed(message):
    raw = encode(message)
    decode = decode_request if message in _REQUESTS else decode_reply
    has_open_end = isinstance(message, Put | Card | Ok | Pushed)
    for wrong in (raw[:4], raw[:1], *([] if has_open_end else [raw[:-1], raw + b"\0"])):
        with pytest.raises(MalformedPostError):
            decode(wrong)


@pytest.mark.parametrize("op", [0, 11, 42, 128, 129, 130, 131, 132, 255])
def test_no_client_may_send_another_op(op):
    with pytest.raises(MalformedPostError):
        decode_request(bytes((op,)) + bytes(40))


@pytest.mark.parametrize(
    "message",
    [
        Put(1, _ADDRESS, b"short"),
        Put(1, _ADDRESS, bytes(MAX_FRAME_BYTES + 1)),
        Put(2**32, _ADDRESS, _FRAME),
        Put(1, _ADDRESS[:15], _FRAME),
        Put(1, _ADDRESS + b"x", _FRAME),
        Taken(1, _ADDRESS, 2**53),
        BlobPut(1, _ADDRESS, _BLOB, 0, 3, _CHUNK),
        BlobPut(1, _ADDRESS, _BLOB, 2, 2, _CHUNK),
        BlobPut(1, _ADDRESS, _BLOB, 0, 1, _CHUNK[:-1]),
        BlobGet(1, _ADDRESS, _BLOB, 400),
        Open(1, _ADDRESS, bytes(31), 1),
        Open(1, _ADDRESS, bytes(32), 2**53),
        Card(1, b""),
        Ok(1, bytes(MAX_REPLY_BYTES)),
    ],
    ids=lambda found: type(found).__name__,
)
def test_what_does_not_fit_is_never_written(message):
    with pytest.raises(ValueError, match="does not fit"):
        encode(message)


def test_a_malformed_request_still_says_which_one_it_was():
    with pytest.raises(MalformedPostError) as caught:
        decode_request(b"\x02\x00\x00\x00\x09rest")
    assert caught.value.req == 9
    with pytest.raises(MalformedPostError) as caught:
        decode_request(b"\x02\x00")
    assert caught.value.req is None


@pytest.mark.parametrize("code", [0, 9, 255])
def test_an_unknown_code_of_refusal_is_malformed(code):
    with pytest.raises(MalformedPostError):
        decode_reply(b"\x82\x00\x00\x00\x01" + bytes((code,)))


def test_the_payload_of_an_ok_is_read_strictly():
    assert seq_of(Ok(1, (5).to_bytes(8, "big"))) == 5
    assert chunk_of(Ok(1, (4).to_bytes(4, "big") + _CHUNK)) == (4, _CHUNK)
    for payload in (b"", bytes(7), bytes(9), b"\xff" * 8):
        with pytest.raises(MalformedPostError):
            seq_of(Ok(1, payload))
    for payload in (b"", (3).to_bytes(4, "big") + _CHUNK, (4).to_bytes(4, "big") + _CHUNK[:-1]):
        with pytest.raises(MalformedPostError):
            chunk_of(Ok(1, payload))


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_and_what_is_read_is_written_the_same(raw):
    for decode in (decode_request, decode_reply):
        try:
            found = decode(raw)
        except MalformedPostError:
            continue
        assert encode(found) == raw


def test_a_record_never_prints_what_it_carries():
    for message in (*_REQUESTS, *_REPLIES):
        if not isinstance(message, No):
            assert _ADDRESS.hex() not in repr(message)
            assert repr(_ADDRESS) not in repr(message)
