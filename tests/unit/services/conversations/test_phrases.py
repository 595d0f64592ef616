"""The fixed replies that ship with the product."""

import json
from pathlib import Path

import pytest

from app.domain.office import Sector
from app.services.conversations.phrases import PhrasesError, load_phrases

RESOURCES = Path(__file__).resolve().parents[4] / "resources"


@pytest.mark.parametrize("sector", list(Sector))
def test_every_kind_of_office_has_a_holding_reply_without_a_promise_of_time(sector: Sector) -> None:
    reply = load_phrases(RESOURCES, sector).holding_reply
    assert reply
    assert not any(char.isdigit() for char in reply)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"version": 2, "holding_reply": "x"}',
        '{"version": 1, "holding_reply": " "}',
        '{"version": 1, "holding_reply": 5}',
        json.dumps({"version": 1, "holding_reply": "x" * 1001}),
    ],
)
def test_damaged_phrases_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "law.json").write_text(content)
    with pytest.raises(PhrasesError):
        load_phrases(tmp_path, Sector.LAW)
