"""Sessions as bytes: what was stored comes back, and nothing else is taken for a session."""

import json
from base64 import b64encode

import pytest

from app.channel import stored
from app.channel.desk_session import DeskSession
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.channel.patient_state import PatientState
from tests.support.channel import Pair


def busy() -> Pair:
    """A pair with something in every field: holes, owed heights, pending hellos, two generations."""
    pair = Pair.acquainted()
    pair.say(Kind.TEXT, {"text": "kept back"})
    pair.to_desk(pair.say(Kind.TEXT, {"text": "came"}))
    pair.reply(Kind.TEXT, {"text": "kept back"})
    pair.to_patient(pair.reply(Kind.TEXT, {"text": "came"}))
    hello = pair.hello("again")
    pair.answer(hello)
    pair.hello("and again")
    return pair


def test_both_sessions_come_back_as_they_were() -> None:
    pair = busy()
    assert DeskSession.load(pair.desk.dump(), pair.office.desk) == pair.desk
    assert PatientSession.load(pair.patient.dump()) == pair.patient


def test_what_is_stored_names_no_signing_key_of_the_desk() -> None:
    pair = busy()
    assert b64encode(pair.office.desk.signer._secret[:32]) not in pair.desk.dump()
    assert b64encode(pair.patient.state.seed) in pair.patient.dump()  # the control: so a key would be found


def test_other_bytes_are_no_session() -> None:
    pair = busy()
    good = json.loads(pair.desk.dump())
    broken = [
        b"",
        b"{}",
        b"[]",
        b"[1]",
        b"[1,null]",
        b"[1,[]]",
        b"[2," + json.dumps(good[1]).encode() + b"]",
        json.dumps([1, good[1][:-1]]).encode(),
        json.dumps([1, [*good[1], 1]]).encode(),
        json.dumps([1, ["x", *good[1][1:]]]).encode(),
        json.dumps([1, [good[1][0], "%", *good[1][2:]]]).encode(),
        json.dumps([1, [good[1][0], 5, *good[1][2:]]]).encode(),
        b"[" * 100_000,
        pair.patient.dump(),
    ]
    for data in broken:
        with pytest.raises(ValueError):
            DeskSession.load(data, pair.office.desk)


def test_a_truth_value_is_no_number_and_a_role_is_one_of_two() -> None:
    good = json.loads(busy().patient.dump())[1]
    line = good[0]
    assert line[0] == "patient"
    for changed in (["nobody", *line[1:]], [*line[:4], True, *line[5:]]):
        with pytest.raises(ValueError):
            stored.load(PatientState, json.dumps([1, [changed, *good[1:]]]).encode())


def test_a_session_is_small() -> None:
    assert len(Pair.acquainted().desk.dump()) < 2_500
