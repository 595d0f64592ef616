"""Demo content goes into demo vaults, whole, and nowhere else."""

from pathlib import Path

import pytest

from app.domain.conversation import InboxView, Urgency
from app.services.demo import load_demo
from app.services.errors import DemoMixError
from tests.support.desks import TemporaryDesk

DEMO = Path(__file__).resolve().parents[3] / "resources" / "demo"


@pytest.mark.parametrize("sector", ["clinic", "law"])
def test_a_demo_vault_holds_the_whole_office(tmp_path: Path, sector: str) -> None:
    with TemporaryDesk(tmp_path, is_demo=True).opened() as desk:
        report = load_demo(desk, DEMO / sector)
        assert (report.imported, report.rejected) == (60, ())
        assert len(desk.conversations.articles()) == 40
        assert desk.office.is_demo
        assert len(desk.people) > 5
        waiting = [row for row in desk.conversations.inbox(InboxView.OPEN) if row.oldest_unanswered_ms]
        assert len(waiting) == 24
        assert [row.urgency for row in waiting[:2]] == [Urgency.EMERGENCY] * 2
        assigned = {row.assigned_to for row in desk.conversations.inbox(InboxView.OPEN)} - {None}
        assert assigned <= {person.person_id for person in desk.people}
        assert assigned


def test_demo_content_is_kept_away_from_real_conversations(tmp_path: Path) -> None:
    with TemporaryDesk(tmp_path).opened() as desk:
        before = desk.ledger.log.tail()
        with pytest.raises(DemoMixError):
            load_demo(desk, DEMO / "clinic")
        assert desk.ledger.log.tail() == before
