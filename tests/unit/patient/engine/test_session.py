"""The browser's patient and Python's desk, against each other: every frame crosses between two implementations."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from app.channel.desk_session import DeskSession
from app.channel.errors import FrameRefusedError, HandshakeRefusedError
from app.channel.kinds import Kind
from app.channel.received import Duplicate, Received
from tests.unit.patient.engine.conftest import Page
from tests.unit.patient.engine.offices import INVITATION, NOW_MS, OFFICE_ID, Office

pytestmark = pytest.mark.loopback


@dataclass
class Patient:
    """The browser's session: its sealed state travels through here, so that tests may put an old one back."""

    page: Page
    office: Office = field(default_factory=Office)
    now_ms: int = NOW_MS
    state: bytes = b""
    verify: bytes = b""

    def begin(self) -> None:
        made = self.page.call(
            "begin",
            document=self.office.document,
            address=INVITATION.address,
            psk=INVITATION.psk(OFFICE_ID),
            now_ms=self.now_ms,
        )
        self.state, self.verify = made["state"], made["verify"]

    def act(self, name: str, **given: Any) -> Any:
        result = self.page.call(name, state=self.state, document=self.office.document, now_ms=self.now_ms, **given)
        if isinstance(result, dict) and "state" in result:
            self.state = result["state"]
        return result

    def hello(self, *texts: str, receipt: Any = None) -> bytes:
        items = [
            {"id": f"{i:022}"[:-1] + "A", "clock": i + 1, "at_ms": NOW_MS, "kind": "text", "content": {"text": text}}
            for i, text in enumerate(texts)
        ]
        return self.act("hello", receipt=receipt, items=items)["frame"]

    def send(self, kind: str, content: dict[str, Any]) -> bytes:
        return self.act("send", kind=kind, content=content)["frame"]


@pytest.fixture
def patient(page: Page) -> Patient:
    made = Patient(page)
    made.begin()
    return made


@pytest.fixture
def both(patient: Patient) -> tuple[Patient, DeskSession]:
    """A conversation that stands: hello, answer, first ack."""
    desk, answer, _ = patient.office.answer(patient.hello("first words"), NOW_MS)
    patient.act("answer", frame=answer)
    desk, found = desk.receive(patient.send("ack", {}), NOW_MS)
    assert isinstance(found, Received)
    return patient, desk


def test_early_texts_arrive_in_the_hello(patient: Patient) -> None:
    _, _, payload = patient.office.answer(patient.hello("primero", "segundo"), NOW_MS)
    assert [item.content for item in payload.items] == [{"text": "primero"}, {"text": "segundo"}]
    assert payload.verify == patient.verify


def test_texts_go_both_ways(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    for n in range(3):
        desk, found = desk.receive(patient.send("text", {"text": f"¿Hay cita? {n} 🩺"}), NOW_MS)
        assert isinstance(found, Received)
        assert found.content == {"text": f"¿Hay cita? {n} 🩺"}
        desk, sealed = desk.send(Kind.TEXT, {"text": f"Sí, a las {n}"}, NOW_MS)
        taken = patient.act("receive", frame=sealed.frame)["taken"]
        assert (taken["type"], taken["body"]["content"]) == ("received", {"text": f"Sí, a las {n}"})
        assert taken["alarm"] is None
    desk, sealed = desk.send(Kind.ACK, {"desks": 1}, NOW_MS)
    assert patient.act("receive", frame=sealed.frame)["taken"]["body"]["seen"], "an ack tells what the desk holds"


def test_every_kind_of_the_desk_is_read(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    sent = [
        (Kind.ACK, {"desks": 2}),
        (Kind.AWAY, {"text": "closed until eight"}),
        (Kind.READ, {"up_to": b"m" * 16}),
        (Kind.RECEIPT, {"receipt": b"r" * 32, "sig": b"s" * 64}),
        (Kind.RENEW, {}),
        (Kind.ERASED, {}),
        (Kind.END, {}),
    ]
    for kind, content in sent:
        desk, sealed = desk.send(kind, content, NOW_MS)
        body = patient.act("receive", frame=sealed.frame)["taken"]["body"]
        assert (body["kind"], body["content"]) == (kind.value, content)
    assert patient.act("due") is True


def test_a_frame_that_comes_twice_is_told_as_a_duplicate(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    desk, sealed = desk.send(Kind.TEXT, {"text": "once"}, NOW_MS)
    patient.act("receive", frame=sealed.frame)
    assert patient.act("receive", frame=sealed.frame)["taken"]["type"] == "duplicate"
    frame = patient.send("text", {"text": "once"})
    desk, _ = desk.receive(frame, NOW_MS)
    _, again = desk.receive(frame, NOW_MS)
    assert isinstance(again, Duplicate)


def test_every_byte_of_a_frame_of_the_desk_counts(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    desk, sealed = desk.send(Kind.TEXT, {"text": "exact"}, NOW_MS)
    before = patient.state
    flips = [_flipped(sealed.frame, place) for place in range(len(sealed.frame))]
    given = {"state": before, "document": patient.office.document, "now_ms": NOW_MS}
    results = patient.page.call_all([("receive", {**given, "frame": frame}) for frame in flips])
    assert [place for place, result in enumerate(results) if "refused" not in result] == []
    assert {result["refused"] for result in results} <= {"header", "generation", "sealed", "jump"}
    for wrong in (sealed.frame[:-1], sealed.frame + b"\0", b""):
        assert patient.act("receive", frame=wrong) == {"refused": "header"}
    assert patient.state == before
    assert patient.act("receive", frame=sealed.frame)["taken"]["type"] == "received"


def test_every_byte_of_a_frame_of_the_patient_counts(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    frame = patient.send("text", {"text": "exact"})
    for place in range(len(frame)):
        with pytest.raises(FrameRefusedError):
            desk.receive(_flipped(frame, place), NOW_MS)


def test_every_byte_of_hello_and_answer_counts(patient: Patient) -> None:
    hello = patient.hello("exact")
    for place in range(0, len(hello), 7):
        with pytest.raises(HandshakeRefusedError):
            patient.office.answer(_flipped(hello, place), NOW_MS)
    _, answer, _ = patient.office.answer(hello, NOW_MS)
    given = {"state": patient.state, "document": patient.office.document, "now_ms": NOW_MS}
    flips = [("answer", {**given, "frame": _flipped(answer, place)}) for place in range(len(answer))]
    results = patient.page.call_all(flips)
    assert [place for place, result in enumerate(results) if "refused" not in result] == []
    assert "chain" in patient.act("answer", frame=answer)
    assert patient.act("answer", frame=answer) == {"refused": "unknown"}, "one answer, then the keys are gone"


def _storm(patient: Patient, desk: DeskSession, count: int, seeds: range) -> None:
    """Altered frames and answers against a patient that waits for both: all are refused, and nothing changes."""
    patient.office = patient.office.with_next_card()
    answered = desk.answer_hello(patient.hello(), patient.office.secrets, NOW_MS)
    frames, session = [answered.frame], desk
    for size in (1, 500, 3_000, 9_000):
        session, sealed = session.send(Kind.TEXT, {"text": "x" * size}, NOW_MS)
        frames.append(sealed.frame)
    for seed in seeds:
        result = patient.act("storm", frames=frames, count=count, seed=seed)
        assert result["unchanged"] is True
        assert "taken" not in result["codes"]
        assert sum(result["codes"].values()) > count * 0.95, "the others were no different from the good ones"
        assert result["codes"].keys() >= {"header", "generation", "sealed", "jump", "unknown", "noise"}


def test_a_storm_of_altered_frames_and_answers_changes_nothing(both: tuple[Patient, DeskSession]) -> None:
    _storm(*both, count=8_000, seeds=range(1, 2))


@pytest.mark.soak
def test_a_million_altered_frames_and_answers_change_nothing(both: tuple[Patient, DeskSession]) -> None:
    _storm(*both, count=105_000, seeds=range(2, 12))


def test_a_lost_frame_is_a_gap_until_it_comes(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    desk, first = desk.send(Kind.TEXT, {"text": "first"}, NOW_MS)
    desk, second = desk.send(Kind.TEXT, {"text": "second"}, NOW_MS)
    assert patient.act("receive", frame=second.frame)["gap"] == NOW_MS
    assert patient.act("receive", frame=first.frame)["gap"] is None


def test_a_desk_that_was_put_back_and_goes_on_is_a_fork(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    _, mine = desk.send(Kind.TEXT, {"text": "mine"}, NOW_MS)
    _, clone = desk.fresh_chain().send(Kind.TEXT, {"text": "the clone's"}, NOW_MS)
    assert patient.act("receive", frame=mine.frame)["taken"]["alarm"] is None
    assert patient.act("receive", frame=clone.frame)["taken"]["alarm"] == "fork"
    assert patient.act("due") is True


def test_two_contents_under_one_number_are_a_clone(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    desk, _ = desk.send(Kind.ACK, {"desks": 1}, NOW_MS)
    _, mine = desk.send(Kind.TEXT, {"text": "mine"}, NOW_MS)
    _, other = desk.send(Kind.TEXT, {"text": "other"}, NOW_MS)
    patient.act("receive", frame=mine.frame)
    taken = patient.act("receive", frame=other.frame)["taken"]
    assert (taken["alarm"], taken["body"]["content"]) == ("clone", {"text": "other"})
    assert patient.act("receive", frame=other.frame)["taken"]["type"] == "duplicate"


def test_a_page_that_starts_again_sends_in_a_new_chain_that_the_desk_takes(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    first = patient.act("send", kind="text", content={"text": "before"})
    patient.act("fresh")
    second = patient.act("send", kind="text", content={"text": "after"})
    assert first["chain"] != second["chain"]
    assert second["number"] == 0
    for frame in (first["frame"], second["frame"]):
        desk, found = desk.receive(frame, NOW_MS)
        assert isinstance(found, Received)
        assert not found.alarms
    assert desk.line.gap_since_ms() is None


def test_a_new_generation_follows_a_new_card_and_the_old_one_is_still_read(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    desk, late = desk.send(Kind.TEXT, {"text": "under the old keys"}, NOW_MS)
    assert patient.act("due") is False
    patient.office = patient.office.with_next_card()
    assert patient.act("due") is True
    answered = desk.answer_hello(patient.hello(), patient.office.secrets, NOW_MS)
    assert patient.act("due") is False, "asked already"
    before = patient.send("text", {"text": "between"})
    patient.act("answer", frame=answered.frame)
    assert patient.act("receive", frame=late.frame)["taken"]["body"]["content"] == {"text": "under the old keys"}
    desk, found = answered.session.receive(before, NOW_MS)
    desk, found = desk.receive(patient.send("text", {"text": "new"}), NOW_MS)
    assert isinstance(found, Received)
    assert found.is_first
    desk, sealed = desk.send(Kind.TEXT, {"text": "new too"}, NOW_MS)
    assert patient.act("receive", frame=sealed.frame)["taken"]["type"] == "received"


def test_a_desk_that_knows_only_an_old_generation_can_still_ask_for_a_new_one(
    both: tuple[Patient, DeskSession],
) -> None:
    patient, backup = both
    patient.now_ms += 86_400_000
    answered = backup.answer_hello(patient.hello(), patient.office.secrets, patient.now_ms)
    patient.act("answer", frame=answered.frame)
    patient.send("ack", {})
    assert patient.act("due") is False
    _, asked = backup.send(Kind.RENEW, {}, patient.now_ms)
    patient.act("receive", frame=asked.frame)
    assert patient.act("due") is True


def test_a_desk_that_was_off_for_long_is_greeted_again_under_each_new_card(patient: Patient) -> None:
    for _ in range(3):
        for n in range(8):
            frame = patient.hello(f"text {n}")
        assert patient.act("hello", receipt=None, items=[]) == {"refused": "too_many"}
        patient.office = patient.office.with_next_card()
    frame = patient.hello("the desk is back")
    _, answer, _ = patient.office.answer(frame, NOW_MS)
    assert "chain" in patient.act("answer", frame=answer)


def test_after_seven_days_an_old_generation_is_gone(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    desk, late = desk.send(Kind.TEXT, {"text": "too late"}, NOW_MS)
    patient.now_ms += 86_400_000
    assert patient.act("due") is True
    answered = desk.answer_hello(patient.hello(), patient.office.secrets, patient.now_ms)
    patient.act("answer", frame=answered.frame)
    patient.now_ms += 7 * 86_400_000 + 1
    assert patient.act("receive", frame=late.frame) == {"refused": "generation"}


def test_both_ends_read_the_same_safety_number(both: tuple[Patient, DeskSession]) -> None:
    patient, desk = both
    number = patient.page.call(
        "safety",
        root=desk.state.root,
        patientStatic=desk.state.static,
        patientVerify=desk.state.verify,
        address=INVITATION.address,
    )
    assert number == desk.safety_number


def _flipped(frame: bytes, place: int) -> bytes:
    return frame[:place] + bytes((frame[place] ^ 1,)) + frame[place + 1 :]
