"""What becomes of proposals when the office changes its answers: nothing outdated is offered."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import ArticleId, ConversationId
from app.domain.proposal import Article, Proposal, ProposalAction
from app.knowledge import PassageIndex
from app.services.answers.form import AnswerForm
from app.services.conversations.phrases import Phrases
from app.services.desk import Desk
from app.services.drafting.drafter import Drafter
from app.services.proposing.service import ProposalService
from app.services.proposing.standing import still_stands
from tests.support.desks import TemporaryDesk
from tests.support.opening_parts import quote_first_source
from tests.support.scripted_model import ScriptedModel

WAIT_S = 20
PARKING = AnswerForm(ArticleId("parking"), "Parking", "You can park free for two hours behind our building.")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with TemporaryDesk(tmp_path).open() as desk:
        desk.answers.save(PARKING)
        yield desk


@pytest.fixture
def service(desk: Desk) -> Iterator[ProposalService]:
    index = PassageIndex(desk.conversations.articles(), meaning=lambda: None)
    made = ProposalService(
        desk, Drafter(index, ScriptedModel([quote_first_source] * 9), Phrases("Somebody will call."))
    )
    yield made
    made.close()


def prepared(service: ProposalService, desk: Desk, cid: ConversationId) -> Proposal | None:
    """Prepare what waits; return the proposal that then stands."""
    done = threading.Event()
    service.prepare_waiting(lambda _cid: done.set())
    service.prepare_waiting(None)
    done.wait(WAIT_S)
    return desk.conversations.thread(cid).proposal


def test_a_prepared_proposal_is_made_again_when_its_answer_changed(desk: Desk, service: ProposalService) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Where can I park?")
    first = prepared(service, desk, cid)
    assert first is not None
    assert "two hours" in first.text
    desk.answers.save(replace(PARKING, body="You can park free for three hours behind our building."))
    second = prepared(service, desk, cid)
    assert second is not None
    assert "three hours" in second.text


def test_a_withdrawn_answer_is_no_longer_proposed(desk: Desk, service: ProposalService) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Where can I park?")
    assert prepared(service, desk, cid) is not None
    desk.answers.withdraw(PARKING.article_id)
    left = prepared(service, desk, cid)
    assert left is not None
    assert left.action is ProposalAction.HAND_OVER
    assert left.sources == ()


def test_an_answer_outside_its_days_is_not_proposed(desk: Desk, service: ProposalService) -> None:
    today = datetime.now().astimezone().date()
    desk.answers.save(replace(PARKING, valid_from=(today + timedelta(days=1)).isoformat()))
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Where can I park?")
    left = prepared(service, desk, cid)
    assert left is not None
    assert left.action is ProposalAction.HAND_OVER


def test_a_proposal_stands_only_on_answers_as_they_are_today(desk: Desk, service: ProposalService) -> None:
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Where can I park?")
    proposal = prepared(service, desk, cid)
    assert proposal is not None
    article = desk.answers.get(PARKING.article_id).article
    today = datetime.now().astimezone().date()

    def stands(*articles: Article) -> bool:
        return still_stands(proposal, {one.article_id: one for one in articles}, today)

    assert stands(article)
    assert stands(replace(article, review_on=today, short_code="park"))
    assert not stands()
    assert not stands(replace(article, body="Other words now, and many of them, about something else."))
    assert not stands(replace(article, valid_until=today - timedelta(days=1)))
    assert not stands(replace(article, is_internal=True))
    assert still_stands(replace(proposal, sources=()), {}, today)
