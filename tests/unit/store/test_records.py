"""Domain records survive the way through JSON, field by field."""

import json
from dataclasses import replace
from datetime import date

import pytest

from app.domain.conversation import Provenance
from app.domain.facts import FactKind, FactMark
from app.domain.ids import ArticleId, ConversationId, EventId, PersonId, ProposalId
from app.domain.office import Office, Person, Role, Sector
from app.domain.prompt import Task
from app.domain.proposal import Article, Proposal, ProposalAction, ProposalWarning, Sentence, SourceRef
from app.store import records

SOURCES = (
    SourceRef(1, ArticleId("hours"), "Opening hours", "We open at eight.", date(2026, 11, 3)),
    SourceRef(2, ArticleId("slots"), "Slots", "Ask Lucia.", None, is_internal=True),
)
PROPOSALS = [
    Proposal(
        ProposalId("P"),
        ConversationId("C"),
        EventId("E"),
        action,
        "We open at eight. Ünïcode ✓",
        (Sentence(0, 17, (1, 2)), Sentence(18, 27, ())),
        SOURCES,
        tuple(ProposalWarning),
        "starter",
        95,
        700,
        (FactMark(11, 16, FactKind.TIME, 1, 11, 16), FactMark(18, 25, FactKind.NAME, None)),
        Task.INSTRUCTED,
        "in two sentences",
    )
    for action in ProposalAction
] + [Proposal(ProposalId("P"), None, None, ProposalAction.HAND_OVER, "", (), (), (), "m", None, 0)]
ARTICLES = [
    Article(ArticleId("hours"), "Opening hours", "We open\n\nat eight.", date(2026, 11, 3), date(2027, 1, 4)),
    Article(ArticleId("slots"), "Slots", "Ask Lucia.", None, is_internal=True),
    Article(
        ArticleId("fees"),
        "Fees",
        "A letter costs {amount}.",
        None,
        valid_from=date(2026, 1, 1),
        review_on=date(2027, 1, 1),
        short_code="fees",
        origin="fees.docx",
    ),
]
PROVENANCES = [
    Provenance(ProposalId("P"), "starter", SOURCES, 12),
    Provenance(proposal_id=None, model_name=None, sources=(), changed_percent=0),
]


@pytest.mark.parametrize("proposal", PROPOSALS)
def test_proposals(proposal: Proposal) -> None:
    assert records.proposal_from_json(json.loads(json.dumps(records.proposal_to_json(proposal)))) == proposal


@pytest.mark.parametrize("article", ARTICLES)
def test_articles(article: Article) -> None:
    assert records.article_from_json(json.loads(json.dumps(records.article_to_json(article)))) == article


def test_answers_and_proposals_of_the_first_release_are_read() -> None:
    article, proposal = records.article_to_json(ARTICLES[0]), records.proposal_to_json(PROPOSALS[0])
    for later in ("valid_from", "review_on", "short_code", "origin"):
        del article[later]
    for later in ("facts", "task", "instruction"):
        del proposal[later]
    assert records.article_from_json(article) == ARTICLES[0]
    assert records.proposal_from_json(proposal) == replace(PROPOSALS[0], facts=(), task=Task.REPLY, instruction="")


@pytest.mark.parametrize("provenance", PROVENANCES)
def test_provenances(provenance: Provenance) -> None:
    assert records.provenance_from_json(json.loads(json.dumps(records.provenance_to_json(provenance)))) == provenance


@pytest.mark.parametrize("role", Role)
def test_offices_with_their_staff(role: Role) -> None:
    office, staff = Office("Harrow & Quill", Sector.LAW, is_demo=True), (Person(PersonId("S"), "Bo Nib", role),)
    assert records.office_from_json(json.loads(json.dumps(records.office_to_json(office, staff)))) == (office, staff)
