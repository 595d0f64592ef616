"""Who asks to come in: strict JSON, one way to write it, and codes instead of sentences."""

import json
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.derive import derive_key
from app.domain.post_sign_in import (
    DeskSignIn,
    PatientSignIn,
    SignedIn,
    SignInCode,
    SignInRefused,
    decode_sign_in,
    decode_welcome,
    encode_sign_in,
    encode_welcome,
    token_hash,
)
from app.domain.strict_json import to_base64

_ADDRESS, _TOKEN, _CLAIM, _OFFICE = bytes(range(16)), bytes(range(32)), bytes(32), bytes(range(1, 33))
_PATIENT = {"v": 1, "as": "patient", "address": to_base64(_ADDRESS), "token": to_base64(_TOKEN)}
_DESK = {"v": 1, "as": "desk", "office": to_base64(_OFFICE), "token": to_base64(_TOKEN)}


@pytest.mark.parametrize(
    "message",
    [
        PatientSignIn(_ADDRESS, _TOKEN),
        PatientSignIn(_ADDRESS, _TOKEN, claim=_CLAIM),
        PatientSignIn(_ADDRESS, _TOKEN, is_open_door=True),
        PatientSignIn(_ADDRESS, _TOKEN, claim=_CLAIM, is_open_door=True),
        PatientSignIn(_ADDRESS, _TOKEN, is_peek=True),
        DeskSignIn(_OFFICE, _TOKEN),
    ],
)
def test_a_sign_in_is_read_back_as_it_was_written(message):
    assert decode_sign_in(encode_sign_in(message)) == message


@pytest.mark.parametrize("answer", [SignedIn(1_800_000_000_000), *(SignInRefused(code) for code in SignInCode)])
def test_an_answer_is_read_back_as_it_was_written(answer):
    assert decode_welcome(encode_welcome(answer)) == answer


@pytest.mark.parametrize(
    "fields",
    [
        {**_PATIENT, "more": 1},
        {**_PATIENT, "open": False},
        {**_PATIENT, "open": 1},
        {**_PATIENT, "peek": False},
        {**_PATIENT, "peek": True, "open": True},
        {**_PATIENT, "peek": True, "claim": to_base64(_CLAIM)},
        {**_PATIENT, "claim": None},
        {**_PATIENT, "claim": to_base64(bytes(31))},
        {**_PATIENT, "address": to_base64(bytes(17))},
        {**_PATIENT, "address": _ADDRESS.hex()},
        {**_PATIENT, "token": to_base64(_TOKEN) + "="},
        {**_PATIENT, "token": 5},
        {**_PATIENT, "as": "office"},
        {**_DESK, "claim": to_base64(_CLAIM)},
        {key: value for key, value in _PATIENT.items() if key != "token"},
        {"v": 1},
    ],
)
def test_one_mutation_from_a_good_sign_in_is_refused(fields):
    assert decode_sign_in(json.dumps(fields)) == SignInRefused(SignInCode.UNKNOWN)


@pytest.mark.parametrize(
    "text", ["", "1", "[]", "null", "{", '{"v":1,"v":1}', '{"v":NaN}', "\ud800", " " * 2000, "[" * 1000]
)
def test_what_is_no_object_is_refused(text):
    assert decode_sign_in(text) == SignInRefused(SignInCode.UNKNOWN)


@pytest.mark.parametrize("version", [0, 2, "1", True, None])
def test_another_version_is_told_so_whatever_else_it_says(version):
    assert decode_sign_in(json.dumps({"v": version, "later": "field"})) == SignInRefused(SignInCode.VERSION)


def test_two_ways_to_write_one_token_do_not_exist():
    stray_bits = to_base64(_ADDRESS)[:-1] + "x"
    assert decode_sign_in(json.dumps({**_PATIENT, "address": stray_bits})) == SignInRefused(SignInCode.UNKNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"v":1,"ok":true}',
        '{"v":1,"ok":false,"code":"other"}',
        '{"v":1,"ok":true,"now_ms":1.5}',
        '{"v":2,"ok":true,"now_ms":1}',
    ],
)
def test_a_malformed_answer_is_refused(text):
    with pytest.raises(ValueError):
        decode_welcome(text)


@given(st.text(max_size=300))
def test_any_text_gets_a_code_and_no_exception(text):
    assert isinstance(decode_sign_in(text), SignInRefused)


def test_the_hash_of_a_token_is_fixed_and_differs_from_every_key_made_of_it():
    row = b"\0\0\0\x0bvestibule/1\0\0\0\x05token\0\0\0\x20" + _TOKEN
    assert token_hash(_TOKEN) == blake2b(row, digest_size=32).digest()
    assert token_hash(_TOKEN) != token_hash(_CLAIM)
    assert token_hash(_TOKEN) != derive_key(_TOKEN, "token", _TOKEN)


def test_no_repr_shows_a_token():
    for message in (PatientSignIn(_ADDRESS, _TOKEN, _CLAIM), DeskSignIn(_OFFICE, _TOKEN)):
        assert repr(message) in {"<PatientSignIn>", "<DeskSignIn>"}
