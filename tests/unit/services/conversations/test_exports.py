"""An exported conversation says everything that was said, and can be taken in again."""

import json
from pathlib import Path

import pytest

from app.domain.conversation import ComposerTab, InboxView, ItemKind, Origin, Urgency
from app.domain.ids import ProposalId
from app.domain.proposal import Proposal, ProposalAction
from app.services.desk import Desk
from tests.support.desks import TemporaryDesk, all_threads


@pytest.fixture
def full_export(tmp_path: Path) -> dict[str, object]:
    with TemporaryDesk(tmp_path).opened() as desk:
        return _fill_and_export(desk)


def _fill_and_export(desk: Desk) -> dict[str, object]:
    service = desk.conversations
    cid = service.start("Ada Quill", Origin.PHONE, "When do you open?")
    proposal = Proposal(ProposalId("P1"), cid, None, ProposalAction.PROPOSE, "At nine.", (), (), (), "starter", 90, 700)
    service.release_reply(service.hold_reply(cid, "At eight.", proposal).held_id)
    service.add_note(cid, "Called back")
    service.receive(cid, "Thank you")
    service.assign(cid, desk.person.person_id)
    service.set_urgency(cid, Urgency.SOON)
    service.save_text(cid, ComposerTab.REPLY, "unsent words")
    return service.export(cid)


def test_an_export_holds_what_was_said_and_how_it_came_to_be(full_export: dict[str, object]) -> None:
    turns = full_export["turns"]
    assert isinstance(turns, list)
    assert [(turn["who"], turn["text"]) for turn in turns] == [
        ("user", "When do you open?"),
        ("agent", "At eight."),
        ("note", "Called back"),
        ("user", "Thank you"),
    ]
    assert turns[1]["provenance"]["proposal"] == "P1"
    assert turns[1]["provenance"]["changed_percent"] == 50
    assert full_export["contact"] == "Ada Quill"
    assert full_export["urgency"] == "soon"


def test_work_in_progress_is_not_exported(full_export: dict[str, object]) -> None:
    assert "unsent words" not in json.dumps(full_export)


def test_an_export_can_be_taken_in_by_another_desk(full_export: dict[str, object], tmp_path: Path) -> None:
    with TemporaryDesk(tmp_path / "other").opened() as desk:
        report = desk.conversations.import_lines([json.dumps(full_export)])
        assert (report.imported, report.rejected) == (1, ())
        (thread,) = all_threads(desk).values()
        turns = full_export["turns"]
        assert isinstance(turns, list)
        said = [item for item in thread.items if item.kind is not ItemKind.NOTICE]
        assert [item.text for item in said] == [turn["text"] for turn in turns]
        assert [item.wall_ms for item in said] == [turn["written_ms"] for turn in turns]
        row = desk.conversations.inbox(InboxView.MINE)[0]
        assert (row.contact_name, row.origin, row.urgency) == ("Ada Quill", Origin.PHONE, Urgency.SOON)
