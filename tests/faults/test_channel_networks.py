"""Networks as they are: cut, slow, cut off in the middle of a message; and a gateway whose disk is full for a while."""

import random
import resource
import time
from collections.abc import Iterator

import pytest

from app.domain.channel import LinkPhase
from app.domain.post import No, NoCode, decode_reply
from tests.support.channel_consoles import wait_for
from tests.support.channel_patients import Patient, Patients, patients
from tests.support.channel_practice import Practice, practice

pytestmark = pytest.mark.loopback

TURNS = 24
REST_MS = 61_000
"""Longer than a desk waits before it offers a frame again that its gateway had no room for."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    with practice(tmp_path_factory.mktemp("practice")) as made:
        yield made


@pytest.fixture
def house() -> Iterator[Patients]:
    with patients() as made:
        yield made


def meet(office: Practice, house: Patients, name: str) -> tuple[Patient, str]:
    invite = office.invite(name)
    patient = house.add(invite.link, office.place)
    house.say(patient, "hello")
    cid = office.conversation(invite)
    office.console.until("desk.channel.thread", lambda thread: thread.peer.is_confirmed, cid)
    return patient, cid


def talk(office: Practice, house: Patients, patient: Patient, cid: str, turns: int, between) -> None:
    for number in range(turns):
        house.say(patient, f"p{number}")
        office.reply(cid, f"d{number}")
        between()


def check(office: Practice, house: Patients, patient: Patient, cid: str) -> None:
    house.settle()
    texts = office.texts(cid)
    assert [text for party, text in texts if party == "visitor"] == patient.said
    sent = [text for party, text in texts if party == "desk"]
    wait_for(lambda: list(patient.shown), lambda shown: shown == sent, what="what the patient was shown")
    assert not patient.alarms
    assert office.thread(cid).peer.alarms == ()


def test_a_network_that_comes_and_goes_loses_nothing_doubles_nothing_and_keeps_the_order(
    office: Practice, house: Patients
) -> None:
    patient, cid = meet(office, house, "Ada Quill")
    chance = random.Random(7)

    def between() -> None:
        wire = chance.choice(office.wires)
        wire.cut_after = chance.choice((None, 300, 900, 2_000, 5_000))
        wire.delay_s = chance.choice((0.0, 0.0, 0.02))
        if chance.random() < 0.5:
            wire.cut()
        time.sleep(chance.uniform(0, 0.08))

    talk(office, house, patient, cid, TURNS, between)
    cuts = sum(wire.cuts for wire in office.wires)
    for wire in office.wires:
        wire.cut_after, wire.delay_s = None, 0.0
        wire.cut()
    check(office, house, patient, cid)
    assert cuts >= TURNS // 4
    assert patient.connections > 1


def test_a_gateway_that_is_away_is_waited_for_and_said_to_be(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Ben Tidewell")
    house.settle()
    for wire in office.wires:
        wire.go_down()
    try:
        wait_and_talk(office, house, patient, cid)
    finally:
        for wire in office.wires:
            wire.go_down(False)
    check(office, house, patient, cid)
    office.console.until("desk.channel.status", lambda status: status.waiting_count == 0)


def wait_and_talk(office: Practice, house: Patients, patient: Patient, cid: str) -> None:
    away = (LinkPhase.WAITING, LinkPhase.DIALLING)
    office.console.until("desk.channel.status", lambda status: status.phase in away)
    talk(office, house, patient, cid, 4, lambda: None)
    status = office.console.ask("desk.channel.status")
    assert status.waiting_count >= 4
    assert status.undelivered_count >= 4


def test_a_gateway_whose_disk_is_full_refuses_and_later_takes_everything(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Cora Finch")
    house.settle()
    assert office.gateway is not None
    _, hard = resource.prlimit(office.gateway.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(office.gateway.pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        talk(office, house, patient, cid, 4, lambda: None)
        wait_for(lambda: refusals(office), lambda found: NoCode.DISK in found, what="what the gateway answers")
        assert patient.delivered <= {"hello"}
        assert office.health() == 503
        assert office.console.ask("desk.channel.status").waiting_count >= 4
    finally:
        resource.prlimit(office.gateway.pid, resource.RLIMIT_FSIZE, (hard, hard))
    wait_for(office.health, lambda status: status == 200, what="the health of the gateway")
    office.console.ask("move_clock", REST_MS)
    office.reply(cid, "There is room again")
    check(office, house, patient, cid)


def refusals(office: Practice) -> set[NoCode]:
    downs = [message for wire in office.wires for one in wire.carried for message in one.messages()[1]]
    replies = [decode_reply(message) for message in downs if message[:1] not in {b"{", b""}]
    return {reply.code for reply in replies if isinstance(reply, No)}
