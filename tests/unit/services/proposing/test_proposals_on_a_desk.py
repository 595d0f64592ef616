"""The proposal service on a real desk: an encrypted vault, its listeners, its threads."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.domain.conversation import IdentityMeans, InboxView, Origin
from app.domain.ids import ConversationId
from app.domain.office import Sector
from app.domain.proposal import Proposal, ProposalAction, SourceRef
from app.knowledge import PassageIndex, read_article
from app.services.conversations.phrases import Phrases, load_phrases
from app.services.desk import Desk
from app.services.drafting.drafter import Drafter
from app.services.ports import ProblemCode
from app.services.proposing.service import ProposalService
from tests.support.desks import TemporaryDesk
from tests.support.scripted_model import ScriptedModel

ROOT = Path(__file__).resolve().parents[4]
WAIT_S = 20
PARKING = read_article("parking", "# Parking\n\nPatient parking is free for two hours in the lot behind our building.")


class Ear:
    """Waits for the one end of a run."""

    def __init__(self) -> None:
        self._end: Proposal | ProblemCode | None = None
        self._done = threading.Event()

    def sources_found(self, sources: Sequence[SourceRef]) -> None: ...

    def words_arrived(self, text_so_far: str) -> None: ...

    def proposal_ready(self, proposal: Proposal) -> None:
        self._end = proposal
        self._done.set()

    def proposal_failed(self, code: ProblemCode) -> None:
        self._end = code
        self._done.set()

    def end(self) -> Proposal | ProblemCode | None:
        assert self._done.wait(WAIT_S)
        return self._end


@dataclass
class Bench:
    """An open desk with a proposal service."""

    desk: Desk
    model: ScriptedModel
    service: ProposalService

    def ask(self, text: str) -> ConversationId:
        return self.desk.conversations.start("Anna Quill", Origin.PHONE, text)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    model = ScriptedModel(["Parking is free for two hours. [1]"])
    with TemporaryDesk(tmp_path).open() as desk:
        desk.conversations.approve_article(PARKING)
        index = PassageIndex(desk.conversations.articles(), today=lambda: date(2026, 11, 24), meaning=lambda: None)
        service = ProposalService(desk, Drafter(index, model, Phrases("Somebody will come back to you.")))
        yield Bench(desk, model, service)
        model.go_on()
        service.close()


def test_a_proposal_is_in_the_vault_when_its_listener_hears_of_it(bench: Bench) -> None:
    conversation = bench.ask("Where can I park?")
    ear = Ear()
    bench.service.request(conversation, ear)
    proposal = ear.end()
    assert isinstance(proposal, Proposal)
    assert bench.desk.conversations.thread(conversation).proposal == proposal


def test_a_message_received_meanwhile_sets_the_draft_aside_at_once(bench: Bench) -> None:
    conversation = bench.ask("Where can I park?")
    bench.model.pause()
    ear = Ear()
    bench.service.request(conversation, ear)
    assert bench.model.asked.wait(WAIT_S)
    bench.desk.conversations.receive(conversation, "And how long?")
    assert ear.end() is ProblemCode.STALE
    assert bench.desk.conversations.thread(conversation).proposal is None


def test_an_answer_approved_meanwhile_is_known_to_the_next_draft(bench: Bench) -> None:
    conversation = bench.ask("Do you repair bicycles?")
    bench.desk.conversations.approve_article(read_article("bikes", "# Bicycles\n\nWe repair bicycles on Mondays."))
    bench.model.replies = ["We repair bicycles on Mondays. [1]"]
    ear = Ear()
    bench.service.request(conversation, ear)
    proposal = ear.end()
    assert isinstance(proposal, Proposal)
    assert (proposal.action, proposal.text) == (ProposalAction.PROPOSE, "We repair bicycles on Mondays.")


def test_waiting_conversations_are_prepared_oldest_first(bench: Bench) -> None:
    asked = [bench.ask(f"Where can I park? It is about visit {number}.") for number in range(3)]
    prepared: list[ConversationId] = []
    done = threading.Event()

    def note(conversation: ConversationId) -> None:
        prepared.append(conversation)
        if len(prepared) == len(asked):
            done.set()

    bench.service.prepare_waiting(note)
    assert done.wait(WAIT_S)
    assert prepared == asked
    assert all(row.has_proposal for row in bench.desk.conversations.inbox(InboxView.OPEN))


def test_what_needs_identity_is_refused_until_a_person_raises_it(tmp_path: Path) -> None:
    phrases = load_phrases(ROOT / "resources", Sector.CLINIC)
    with TemporaryDesk(tmp_path).opened() as desk:
        model = ScriptedModel([])
        service = ProposalService(desk, Drafter(PassageIndex([PARKING]), model, phrases))
        try:
            cid = desk.conversations.start("Anna Quill", Origin.PASTED, "What did my blood test results say?")
            assert _asked(service, cid).action is ProposalAction.REFUSE
            desk.conversations.raise_identity(cid, IdentityMeans.CALLED_BACK)
            assert _asked(service, cid).action is ProposalAction.HAND_OVER
            desk.conversations.raise_identity(cid, None)
            assert _asked(service, cid).action is ProposalAction.REFUSE
        finally:
            service.close()


def _asked(service: ProposalService, cid: ConversationId) -> Proposal:
    ear = Ear()
    service.request(cid, ear)
    end = ear.end()
    assert isinstance(end, Proposal)
    return end
