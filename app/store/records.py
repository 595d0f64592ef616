"""Domain records as JSON values and back, for the bodies of events and the sealed parts of projections.

Pure. What is read here was written by us and authenticated, so a wrong shape is a bug or a damaged vault: the caller
sees ``EventFormatError`` from ``app.store.codec``. Members that came later are read with the value they had before.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.conversation import Provenance
from app.domain.events import JsonValue
from app.domain.facts import FactKind, FactMark
from app.domain.ids import ArticleId, ConversationId, EventId, PersonId, ProposalId
from app.domain.office import Office, Person, Role, Sector
from app.domain.prompt import Task
from app.domain.proposal import Article, Proposal, ProposalAction, ProposalWarning, Sentence, SourceRef

Json = dict[str, JsonValue]


def proposal_to_json(proposal: Proposal) -> Json:
    """Return a proposal as one JSON object."""
    return {
        "proposal_id": proposal.proposal_id,
        "conversation_id": proposal.conversation_id,
        "based_on": proposal.based_on,
        "action": proposal.action.value,
        "text": proposal.text,
        "sentences": [[s.start, s.end, list(s.source_numbers)] for s in proposal.sentences],
        "sources": [_source_to_json(source) for source in proposal.sources],
        "warnings": [warning.value for warning in proposal.warnings],
        "model_name": proposal.model_name,
        "first_token_ms": proposal.first_token_ms,
        "total_ms": proposal.total_ms,
        "facts": [[f.start, f.end, f.kind.value, f.source_number, f.quote_start, f.quote_end] for f in proposal.facts],
        "task": proposal.task.value,
        "instruction": proposal.instruction,
    }


def proposal_from_json(json: Mapping[str, Any]) -> Proposal:
    """Return the proposal that ``proposal_to_json`` wrote."""
    conversation_id, based_on = json["conversation_id"], json["based_on"]
    return Proposal(
        proposal_id=ProposalId(json["proposal_id"]),
        conversation_id=None if conversation_id is None else ConversationId(conversation_id),
        based_on=None if based_on is None else EventId(based_on),
        action=ProposalAction(json["action"]),
        text=json["text"],
        sentences=tuple(Sentence(start, end, tuple(numbers)) for start, end, numbers in json["sentences"]),
        sources=tuple(_source_from_json(source) for source in json["sources"]),
        warnings=tuple(ProposalWarning(code) for code in json["warnings"]),
        model_name=json["model_name"],
        first_token_ms=json["first_token_ms"],
        total_ms=json["total_ms"],
        facts=tuple(
            FactMark(start, end, FactKind(kind), number, quote_start, quote_end)
            for start, end, kind, number, quote_start, quote_end in json.get("facts", ())
        ),
        task=Task(json.get("task", Task.REPLY.value)),
        instruction=json.get("instruction", ""),
    )


def provenance_to_json(provenance: Provenance) -> Json:
    """Return a provenance as one JSON object."""
    return {
        "proposal_id": provenance.proposal_id,
        "model_name": provenance.model_name,
        "sources": [_source_to_json(source) for source in provenance.sources],
        "changed_percent": provenance.changed_percent,
    }


def provenance_from_json(json: Mapping[str, Any]) -> Provenance:
    """Return the provenance that ``provenance_to_json`` wrote."""
    proposal_id = json["proposal_id"]
    return Provenance(
        proposal_id=None if proposal_id is None else ProposalId(proposal_id),
        model_name=json["model_name"],
        sources=tuple(_source_from_json(source) for source in json["sources"]),
        changed_percent=json["changed_percent"],
    )


def article_to_json(article: Article) -> Json:
    """Return an approved answer as one JSON object."""
    return {
        "article_id": article.article_id,
        "title": article.title,
        "body": article.body,
        "approved_on": _date_to_json(article.approved_on),
        "valid_until": _date_to_json(article.valid_until),
        "is_internal": article.is_internal,
        "valid_from": _date_to_json(article.valid_from),
        "review_on": _date_to_json(article.review_on),
        "short_code": article.short_code,
        "origin": article.origin,
    }


def article_from_json(json: Mapping[str, Any]) -> Article:
    """Return the approved answer that ``article_to_json`` wrote."""
    return Article(
        article_id=ArticleId(json["article_id"]),
        title=json["title"],
        body=json["body"],
        approved_on=_date_from_json(json["approved_on"]),
        valid_until=_date_from_json(json["valid_until"]),
        is_internal=json["is_internal"],
        valid_from=_date_from_json(json.get("valid_from")),
        review_on=_date_from_json(json.get("review_on")),
        short_code=json.get("short_code", ""),
        origin=json.get("origin", ""),
    )


def office_to_json(office: Office, staff: tuple[Person, ...]) -> Json:
    """Return the office, and who else works in it, as one JSON object."""
    people: list[JsonValue] = [
        {"person_id": person.person_id, "display_name": person.display_name, "role": person.role.value}
        for person in staff
    ]
    return {"name": office.name, "sector": office.sector.value, "is_demo": office.is_demo, "staff": people}


def office_from_json(json: Mapping[str, Any]) -> tuple[Office, tuple[Person, ...]]:
    """Return what ``office_to_json`` wrote."""
    staff = tuple(Person(PersonId(one["person_id"]), one["display_name"], Role(one["role"])) for one in json["staff"])
    return Office(json["name"], Sector(json["sector"]), is_demo=json["is_demo"]), staff


def _source_to_json(source: SourceRef) -> Json:
    return {
        "number": source.number,
        "article_id": source.article_id,
        "title": source.title,
        "quote": source.quote,
        "approved_on": _date_to_json(source.approved_on),
        "is_internal": source.is_internal,
    }


def _source_from_json(json: Mapping[str, Any]) -> SourceRef:
    return SourceRef(
        number=json["number"],
        article_id=ArticleId(json["article_id"]),
        title=json["title"],
        quote=json["quote"],
        approved_on=_date_from_json(json["approved_on"]),
        is_internal=json["is_internal"],
    )


def _date_to_json(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date_from_json(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
