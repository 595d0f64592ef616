"""The emergency list on a real desk: raising in the same commit, the script without a model, the signature."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.conversation import InboxView, Origin, Urgency
from app.domain.events import EventKind
from app.domain.office import Role, Sector
from app.domain.proposal import Proposal, ProposalAction, SourceRef
from app.domain.roles import Right
from app.knowledge import PassageIndex, read_article
from app.services.conversations.phrases import load_phrases
from app.services.desk import Desk
from app.services.drafting.drafter import Drafter
from app.services.errors import NotYoursError
from app.services.ports import ProblemCode
from app.services.proposing.service import ProposalService
from tests.support.desks import TemporaryDesk
from tests.support.scripted_model import ScriptedModel

RESOURCES = Path(__file__).parents[4] / "resources"
PAIN = "Where can I park? My chest realy hurts."
WAIT_S = 20


@pytest.fixture
def closed(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(closed: TemporaryDesk) -> Iterator[Desk]:
    with closed.open() as desk:
        yield desk


class Ear:
    def __init__(self) -> None:
        self.end: Proposal | ProblemCode | None = None
        self.done = threading.Event()

    def sources_found(self, sources: Sequence[SourceRef]) -> None: ...

    def words_arrived(self, text_so_far: str) -> None: ...

    def proposal_ready(self, proposal: Proposal) -> None:
        self.end = proposal
        self.done.set()

    def proposal_failed(self, code: ProblemCode) -> None:
        self.end = code
        self.done.set()


def test_a_first_message_pins_its_conversation_and_keeps_the_words(desk: Desk) -> None:
    cid = desk.conversations.start("Anna Quill", Origin.PHONE, PAIN)
    thread = desk.conversations.thread(cid)
    assert thread.urgency is Urgency.EMERGENCY
    assert thread.items[1].text == PAIN
    assert thread.items[-1].text == "interlock:clinic.en.chest_pain.1"
    assert desk.conversations.counts().emergencies == 1


def test_message_and_urgency_are_one_commit(desk: Desk) -> None:
    cid = desk.conversations.start("Anna Quill", Origin.PHONE, "Hello")
    told: list[Urgency] = []
    desk.conversations.on_change(lambda changed: told.append(desk.conversations.thread(changed).urgency))
    desk.conversations.receive(cid, PAIN)
    assert told == [Urgency.EMERGENCY]


def test_nothing_is_lowered_by_a_calm_message_and_a_person_may_lower(desk: Desk) -> None:
    cid = desk.conversations.start("Anna Quill", Origin.PHONE, PAIN)
    desk.conversations.receive(cid, "Never mind, it is not urgent at all.")
    assert desk.conversations.thread(cid).urgency is Urgency.EMERGENCY
    desk.conversations.set_urgency(cid, Urgency.ROUTINE)
    desk.conversations.receive(cid, "Thank you")
    assert desk.conversations.thread(cid).urgency is Urgency.ROUTINE
    desk.conversations.receive(cid, "now I cant breathe")
    assert desk.conversations.thread(cid).urgency is Urgency.EMERGENCY


def test_an_import_raises_what_nobody_has_answered(desk: Desk) -> None:
    pain, thanks = {"who": "user", "text": PAIN}, {"who": "agent", "text": "The ambulance is there."}
    lines = [
        json.dumps({"id": "waits", "turns": [pain]}),
        json.dumps({"id": "answered", "turns": [pain, thanks]}),
        json.dumps({"id": "done", "state": "done", "turns": [pain]}),
    ]
    assert desk.conversations.import_lines(lines).imported == 3
    urgent = {row.contact_name: row.urgency for row in desk.conversations.inbox(InboxView.OPEN)}
    assert urgent == {"waits": Urgency.EMERGENCY, "answered": Urgency.ROUTINE}
    assert desk.conversations.inbox(InboxView.DONE)[0].urgency is Urgency.ROUTINE


def test_projections_built_again_say_the_same(desk: Desk) -> None:
    cid = desk.conversations.start("Anna Quill", Origin.PHONE, PAIN)
    desk.interlock.sign()
    before = desk.conversations.thread(cid)
    desk.conversations.rebuild_projections()
    assert desk.conversations.thread(cid) == before


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(["Parking is free for two hours. [1]"])


@pytest.fixture
def proposals(desk: Desk, model: ScriptedModel) -> Iterator[ProposalService]:
    parking = read_article("parking", "# Parking\n\nPatient parking is free for two hours in the lot.")
    index = PassageIndex([parking], today=lambda: date(2026, 11, 24), meaning=lambda: None)
    service = ProposalService(desk, Drafter(index, model, load_phrases(RESOURCES, Sector.CLINIC)))
    yield service
    service.close()


def test_an_emergency_gets_its_script_and_no_model_is_asked(
    desk: Desk, model: ScriptedModel, proposals: ProposalService
) -> None:
    cid = desk.conversations.start("Anna Quill", Origin.PHONE, PAIN)
    desk.conversations.receive(cid, "And where can I park?")
    ear = Ear()
    proposals.request(cid, ear)
    assert ear.done.wait(WAIT_S)
    assert isinstance(ear.end, Proposal)
    assert ear.end.action is ProposalAction.URGENT
    assert "911" in ear.end.text
    assert desk.conversations.thread(cid).proposal == ear.end
    assert not model.requests


def test_preparing_lays_the_script_beside_an_emergency_and_asks_no_model(
    desk: Desk, model: ScriptedModel, proposals: ProposalService
) -> None:
    cid = desk.conversations.start("Anna Quill", Origin.PHONE, PAIN)
    done = threading.Event()
    proposals.prepare_waiting(lambda _cid: done.set())
    assert done.wait(WAIT_S)
    proposal = desk.conversations.thread(cid).proposal
    assert proposal is not None
    assert proposal.action is ProposalAction.URGENT
    assert not model.requests


def test_the_list_works_unsigned_and_a_signature_outlives_the_desk(closed: TemporaryDesk) -> None:
    with closed.open() as desk:
        assert not desk.interlock.status().is_signed
        assert desk.interlock.check(PAIN)
        signed = desk.interlock.sign()
        assert signed.is_signed
        assert signed.signed_by == desk.person.display_name
        assert desk.interlock.sign() == signed
    with closed.open() as desk:
        assert desk.interlock.status() == signed
        desk.ledger.write("office", EventKind.INTERLOCK_SIGNED, version="0.0+old")  # type: ignore[arg-type]
        assert not desk.interlock.status().is_signed


@pytest.mark.parametrize("role", list(Role))
def test_only_who_answers_for_it_signs_the_list(desk: Desk, role: Role) -> None:
    desk.vault.person = replace(desk.person, role=role)
    may_sign = role in {Role.ADMINISTRATOR, Role.PROFESSIONAL}
    assert desk.interlock.status().may_sign is may_sign
    if may_sign:
        assert desk.interlock.sign().is_signed
        return
    with pytest.raises(NotYoursError) as caught:
        desk.interlock.sign()
    assert caught.value.right is Right.SIGN_EMERGENCY_LIST
    assert not desk.interlock.status().is_signed
