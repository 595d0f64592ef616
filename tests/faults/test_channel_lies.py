"""A gateway that lies, between a real console and real patients: its lies are noticed or do nothing, never harm."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from app.domain.channel import AlarmKind
from app.domain.ids import ConversationId
from app.domain.post import Pushed, Put
from app.domain.post_sizes import read_envelope
from tests.support.channel import Office
from tests.support.channel_consoles import wait_for
from tests.support.channel_patients import Patient, Patients, patients
from tests.support.channel_practice import NOTICE, Practice, practice
from tests.support.lying_gateway import LyingGateway
from tests.support.patient_page import PatientPage

pytestmark = pytest.mark.loopback

GAP_MS = 31_000
COUNT = 6


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    folder = tmp_path_factory.mktemp("practice")
    with practice(folder, desk_wire=LyingGateway, patient_wire=LyingGateway) as made:
        yield made


@pytest.fixture
def office(shared: Practice) -> Iterator[Practice]:
    """Every test begins and ends with an honest gateway."""
    yield shared
    for wire in shared.wires:
        assert isinstance(wire, LyingGateway)
        wire.push, wire.take, wire.document = (lambda pushed: [pushed]), (lambda put: put), None


@pytest.fixture
def house() -> Iterator[Patients]:
    with patients() as made:
        yield made


def meet(office: Practice, house: Patients, name: str) -> tuple[Patient, ConversationId]:
    invite = office.invite(name)
    patient = house.add(invite.link, office.place)
    house.say(patient, "hello")
    cid = office.conversation(invite)
    office.console.until("desk.channel.thread", lambda thread: thread.peer.is_confirmed, cid)
    house.settle()
    return patient, cid


def talk(office: Practice, house: Patients, patient: Patient, cid: ConversationId) -> None:
    for number in range(COUNT):
        house.say(patient, f"p{number}")
        office.reply(cid, f"d{number}")
        time.sleep(0.02)


def said(office: Practice, cid: ConversationId, party: str) -> list[str]:
    return [text for who, text in office.texts(cid) if who == party]


def alarms(office: Practice, cid: ConversationId) -> set[AlarmKind]:
    return {alarm.kind for alarm in office.thread(cid).peer.alarms}


def until_alarm(office: Practice, cid: ConversationId, kind: AlarmKind) -> None:
    wait_for(lambda: alarms(office, cid), lambda found: kind in found, what=f"an alarm {kind}")


def lie(office: Practice, push: Callable[[Pushed], list[Pushed]]) -> None:
    for wire in office.wires:
        assert isinstance(wire, LyingGateway)
        wire.push = push


def test_whatever_is_replayed_is_shown_once(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Ada Quill")
    past: list[Pushed] = []

    def again(pushed: Pushed) -> list[Pushed]:
        past.append(pushed)
        mine = [one for one in past if one.address == pushed.address]
        return [pushed, pushed, *mine[-4:]]

    lie(office, again)
    talk(office, house, patient, cid)
    house.settle()
    assert said(office, cid, "visitor") == patient.said
    wait_for(lambda: list(patient.shown), lambda shown: shown == said(office, cid, "desk"), what="what was shown")
    assert alarms(office, cid) == set()
    assert not patient.alarms


def test_whatever_is_reordered_comes_in_whole_and_is_told_apart(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Ben Tidewell")

    def swapping() -> Callable[[Pushed], list[Pushed]]:
        kept: dict[bytes, Pushed] = {}

        def swapped(pushed: Pushed) -> list[Pushed]:
            before = kept.pop(pushed.address, None)
            if before is not None:
                return [pushed, before]
            kept[pushed.address] = pushed
            return []

        return swapped

    office.desk_side.push = swapping()  # type: ignore[attr-defined]
    office.patient_side.push = swapping()  # type: ignore[attr-defined]
    talk(office, house, patient, cid)
    time.sleep(0.5)
    lie(office, lambda pushed: [pushed])
    for wire in office.wires:
        wire.cut()
    house.settle()
    found = said(office, cid, "visitor")
    assert sorted(found) == sorted(patient.said)
    assert found == patient.said or ("system", "notice", "late") in office.console.ask("all_items")[cid]
    wait_for(lambda: sorted(patient.shown), lambda shown: shown == sorted(said(office, cid, "desk")), what="shown")


def test_what_is_thrown_away_and_called_stored_comes_later_by_itself(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Cora Finch")
    lost: set[bytes] = set()

    def lose_once(put: Put) -> Put | None:
        if put.frame in lost or len(lost) >= 6:
            return put
        lost.add(put.frame)
        return None

    for wire in office.wires:
        assert isinstance(wire, LyingGateway)
        wire.take = lose_once
    talk(office, house, patient, cid)
    for wire in office.wires:
        wire.cut()
    house.settle()
    assert len(lost) >= 4
    assert sorted(said(office, cid, "visitor")) == sorted(patient.said)
    wait_for(lambda: sorted(patient.shown), lambda shown: shown == sorted(said(office, cid, "desk")), what="shown")


def test_what_is_kept_back_for_good_is_an_alarm_at_the_desk(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Dora Lind")
    time.sleep(0.5)  # acknowledgements end; only then is the next new frame the one with the words
    known = {pushed.frame for pushed in office.desk_side.pushed}  # type: ignore[attr-defined]
    numbers: list[int] = []

    def without_first(pushed: Pushed) -> list[Pushed]:
        if pushed.address != patient.invitation.address or pushed.frame in known:
            return [pushed]
        number = read_envelope(pushed.frame).number
        if not numbers:
            numbers.append(number)
        return [] if number == numbers[0] else [pushed]

    office.desk_side.push = without_first  # type: ignore[attr-defined]
    house.say(patient, "kept back")
    wait_for(lambda: numbers, bool, what="the frame that is kept back")
    house.say(patient, "comes through")
    office.console.until("all_items", lambda items: any(text == "comes through" for _, _, text in items[cid]))
    assert alarms(office, cid) == set()
    office.console.ask("move_clock", GAP_MS)
    house.say(patient, "and this")
    until_alarm(office, cid, AlarmKind.GAP)
    assert "kept back" not in said(office, cid, "visitor")
    assert "kept back" not in patient.delivered


def test_a_frame_with_another_byte_is_counted_and_shown_to_nobody(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Emil Roe")
    before = office.console.ask("desk.channel.status").refused_frames

    def bent(pushed: Pushed) -> list[Pushed]:
        frame = bytearray(pushed.frame)
        frame[-20] ^= 1
        return [replace(pushed, frame=bytes(frame)), pushed]

    lie(office, bent)
    talk(office, house, patient, cid)
    house.settle()
    assert said(office, cid, "visitor") == patient.said
    wait_for(lambda: list(patient.shown), lambda shown: shown == said(office, cid, "desk"), what="what was shown")
    assert office.console.ask("desk.channel.status").refused_frames >= before + COUNT
    assert patient.refused.count("sealed") >= COUNT
    assert alarms(office, cid) == set()


def test_a_frame_in_somebody_elses_mailbox_is_shown_to_nobody(office: Practice, house: Patients) -> None:
    one, first = meet(office, house, "Fay Oster")
    other, second = meet(office, house, "Gil Marsh")
    addresses = {one.invitation.address: other.invitation.address, other.invitation.address: one.invitation.address}

    def crossed(pushed: Pushed) -> list[Pushed]:
        return [replace(pushed, address=addresses.get(pushed.address, pushed.address)), pushed]

    office.desk_side.push = crossed  # type: ignore[attr-defined]
    talk(office, house, one, first)
    house.settle()
    assert said(office, first, "visitor") == one.said
    assert said(office, second, "visitor") == other.said == ["hello"]


def test_a_patient_who_exists_twice_is_an_alarm(office: Practice, house: Patients) -> None:
    patient, cid = meet(office, house, "Hana Brook")
    saved = patient.session
    assert saved is not None
    house.say(patient, "one of me")
    house.settle()
    patient.session = saved.fresh_chain()  # a browser profile that was copied, and goes on by itself
    house.say(patient, "the other of me")
    until_alarm(office, cid, AlarmKind.FORK)
    office.console.until("all_items", lambda items: any(text == "the other of me" for _, _, text in items[cid]))


def test_another_offices_document_stops_the_page_before_a_word_is_written(office: Practice, visitors) -> None:
    stranger = Office()
    stranger.renew_card(int(time.time()))
    invite = office.invite("Ines Vale")
    office.patient_side.document = stranger.document_json()  # type: ignore[attr-defined]
    page = PatientPage(visitors(), invite.link)
    page.page.get_by_role("heading", level=1).wait_for()
    page.wait(lambda: page.page.locator("#page").get_attribute("data-stage"), lambda stage: stage == "refused", "stage")
    assert page.page.locator("#writing, button.choice").count() == 0


def test_an_older_card_is_refused_by_a_page_that_has_seen_a_newer_one(office: Practice, visitors) -> None:
    old = office.office_document()
    office.console.ask("desk.channel.set_notice", replace(NOTICE, keeps_days=NOTICE.keeps_days + 1))
    wait_for(office.office_document, lambda document: document != old, what="the newer card at the gateway")
    invite = office.invite("Jon Reed")
    page = PatientPage(visitors(), invite.link)
    page.agree()
    page.say("Under the new card")
    page.until_state("Under the new card", "at_desk")
    office.patient_side.document = old  # type: ignore[attr-defined]
    page.page.reload()
    page.until_shown("Under the new card")
    page.say("After the old card was shown")
    page.until_state("After the old card was shown", "at_desk")
    cid = office.conversation(invite)
    assert said(office, cid, "visitor") == ["Under the new card", "After the old card was shown"]
