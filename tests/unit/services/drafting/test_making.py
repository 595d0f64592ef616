"""Console, ``vestibule draft`` and the driving test draft alike: the same question, the same proposal."""

import json
from datetime import date
from pathlib import Path

import pytest

from app import bootstrap
from app.domain.conversation import Origin
from app.domain.ids import ArticleId
from app.domain.office import Sector
from app.domain.prompt import Speaker, Task, Turn
from app.domain.proposal import Article, Proposal
from app.services.conversations.phrases import load_phrases
from app.services.drafting.making import make_drafter
from app.services.drafting.trial import as_line
from app.services.models.driving import TestPart, drive, read_questions
from tests.support.command_line import CommandLine, FramedScriptedModel, make_places
from tests.support.desks import TemporaryDesk
from tests.support.opening_parts import RESOURCES, quote_first_source

ARTICLE = Article(ArticleId("parking"), "Parking", "You can park behind the house for 90 minutes.", date(2026, 1, 1))
QUESTIONS = (
    "Where can I park, and for how long?",
    "Do you sell gift vouchers?",
    "What time is my neighbor's appointment tomorrow?",
    "I cannot breathe and my chest hurts",
)


def told(line: dict[str, object]) -> dict[str, object]:
    """Leave out what differs from run to run."""
    return {key: value for key, value in line.items() if not key.endswith("_ms") and key not in {"id", "model"}}


@pytest.fixture
def from_console(tmp_path: Path) -> list[dict[str, object]]:
    """The proposals of the service that ``bootstrap`` builds for a window."""
    model = FramedScriptedModel([quote_first_source])
    with TemporaryDesk(tmp_path / "vault").opened() as desk:
        desk.conversations.approve_article(ARTICLE)
        service = bootstrap.make_proposals(desk, model)
        try:
            return [told(as_line("x", _proposed(desk, service, question))) for question in QUESTIONS]
        finally:
            service.close()


def _proposed(desk: object, service: object, question: str) -> Proposal:
    import threading  # noqa: PLC0415

    found: list[Proposal] = []
    done = threading.Event()

    class Listener:
        def sources_found(self, sources: object) -> None: ...

        def words_arrived(self, text_so_far: str) -> None: ...

        def proposal_ready(self, proposal: Proposal) -> None:
            found.append(proposal)
            done.set()

        def proposal_failed(self, code: object) -> None:
            done.set()

    cid = desk.conversations.start("Ada", Origin.PHONE, question)  # type: ignore[attr-defined]
    service.request(cid, Listener())  # type: ignore[attr-defined]
    assert done.wait(30)
    return found[0]


def test_the_command_line_drafts_as_the_console_does(
    from_console: list[dict[str, object]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = CommandLine(capsys, make_places(tmp_path / "home"), replies=[quote_first_source])
    folder, threads, out = tmp_path / "answers", tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    folder.mkdir()
    (folder / "parking.md").write_text(f"# {ARTICLE.title}\n\n{ARTICLE.body}\n\nApproved: 2026-01-01\n")
    asked = [{"id": number, "turns": [{"who": "user", "text": text}]} for number, text in enumerate(QUESTIONS)]
    threads.write_text("".join(json.dumps(one) + "\n" for one in asked))
    from tests.support.tiny_gguf import write_tiny_gguf  # noqa: PLC0415

    model = write_tiny_gguf(tmp_path / "tiny.gguf")
    assert line.run("draft", "--knowledge", folder, "--in", threads, "--out", out, "--model", model).code == 0
    drafted = [told(json.loads(one)) for one in out.read_text().splitlines()]
    assert drafted == from_console
    assert [one["action"] for one in drafted] == ["propose", "hand_over", "refuse", "urgent"]


def test_the_driving_test_asks_as_the_console_does(from_console: list[dict[str, object]]) -> None:
    drafter = make_drafter([ARTICLE], FramedScriptedModel([quote_first_source]), load_phrases(RESOURCES, Sector.CLINIC))
    questions = read_questions(json.dumps({"question": text}) for text in QUESTIONS)
    outcomes = drive([TestPart(drafter, questions)], now_ms=1)
    assert [told(as_line("x", item.proposal)) for item in outcomes if item.proposal] == from_console


def test_a_model_of_the_catalogue_is_asked_only_for_what_it_was_taught() -> None:
    class Taught(FramedScriptedModel):
        def supports(self, task: Task) -> bool:
            return task is Task.SHORTER

    drafter = make_drafter([ARTICLE], Taught([quote_first_source]), load_phrases(RESOURCES, Sector.CLINIC))
    assert drafter.supports(Task.SHORTER)
    assert not drafter.supports(Task.WARMER)
    assert drafter.draft([Turn(Speaker.VISITOR, QUESTIONS[0])]).text
