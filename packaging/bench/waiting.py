"""A desk with ten who wait: how long from a message to its proposal, when nobody and when somebody asks.

A real vault, the starter model in its confined worker, questions of the demo clinic. No window: the stall of the event
loop meanwhile is measured by ``interface``.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.config import find_places  # noqa: E402  the checkout is put on the path first
from app.crypto.passwords import FLOOR  # noqa: E402
from app.domain.conversation import Origin  # noqa: E402
from app.domain.ids import ConversationId  # noqa: E402
from app.domain.office import Office, Sector  # noqa: E402
from app.domain.proposal import Proposal, SourceRef  # noqa: E402
from app.knowledge import read_folder  # noqa: E402
from app.services.conversations.phrases import load_phrases  # noqa: E402
from app.services.desk import Desk  # noqa: E402
from app.services.drafting.making import make_drafter  # noqa: E402
from app.services.models.catalogue import ModelCatalogue  # noqa: E402
from app.services.models.opening import running_entry  # noqa: E402
from app.services.ports import ProblemCode  # noqa: E402
from app.services.proposing.service import ProposalService  # noqa: E402
from app.services.vaults import VaultService  # noqa: E402

Row = dict[str, object]

ROUNDS = 5
PASSWORD = "copper lantern under quiet stairs"  # noqa: S105 - of a vault that lives for seconds
QUESTIONS = (
    "What are your opening hours on Friday?",
    "Where can I park?",
    "How do I cancel an appointment?",
    "Do you take Cedarline Health Plan?",
    "How do I get a copy of my records, what does it cost?",
    "Can I bring my child to my appointment?",
    "Do I have to fast before a blood draw?",
    "Where do I send a complaint?",
    "How do I ask for a refill?",
    "What should I bring to my first appointment?",
)
PERSON = "Is there an interpreter, and what does it cost me?"


class _Ear:
    """Waits for the one end of a run."""

    def __init__(self) -> None:
        self.is_over = threading.Event()

    def sources_found(self, sources: tuple[SourceRef, ...]) -> None: ...

    def words_arrived(self, text_so_far: str) -> None: ...

    def proposal_ready(self, proposal: Proposal) -> None:  # noqa: ARG002 - any end will do
        self.is_over.set()

    def proposal_failed(self, code: ProblemCode) -> None:  # noqa: ARG002
        self.is_over.set()


def measure() -> list[Row]:
    """Return the rows of the table."""
    places = find_places(os.environ)
    entry = ModelCatalogue(places.models_dir, places.user_models_dir).find("starter")
    articles = read_folder(ROOT / "resources" / "demo" / "clinic" / "answers").articles
    prepared, asked = [], []
    with tempfile.TemporaryDirectory() as folder, running_entry(entry, threads=2, context_tokens=2048) as worker:
        office = Office("Bench", Sector.CLINIC, is_demo=True)
        made = VaultService().create(
            Path(folder) / "vault", password=PASSWORD, person_name="Bench", office=office, kdf=FLOOR
        )
        drafter = make_drafter(articles, worker, load_phrases(ROOT / "resources", Sector.CLINIC))
        service = ProposalService(made.desk, drafter)
        for number in range(ROUNDS + 1):
            times_s = _round(made.desk, service, number)
            if number:  # the first round loads the model
                prepared.append(times_s[0])
                asked.append(times_s[1])
        service.close()
        made.desk.close()
    return [
        _row("ten messages at once: until the last proposal is ready, median", statistics.median(prepared), "≤ 2,000"),
        _row("a person asks while ten wait: click to proposal, median", statistics.median(asked), "≤ 1,000"),
        _row("the same, worst", max(asked)),
    ]


def _round(desk: Desk, service: ProposalService, number: int) -> tuple[float, float]:
    cids = [desk.conversations.start(f"Person {number}", Origin.PASTED, f"{text} ({number})") for text in QUESTIONS]
    mine = desk.conversations.start("Person", Origin.PASTED, f"{PERSON} ({number})")
    left, ready = set(cids), threading.Event()

    def on_prepared(cid: ConversationId) -> None:
        left.discard(cid)
        if not left:
            ready.set()

    began_s = time.perf_counter()
    service.prepare_waiting(on_prepared)
    ear = _Ear()
    service.request(mine, ear)
    ear.is_over.wait(60)
    asked_s = time.perf_counter() - began_s
    ready.wait(60)
    prepared_s = time.perf_counter() - began_s
    for cid in (*cids, mine):
        desk.conversations.mark_done(cid)
    return prepared_s, asked_s


def _row(what: str, value_s: float, budget: str = "") -> Row:
    row: Row = {"what": what, "value": round(1000 * value_s, 1), "unit": "ms"}
    return row | ({"budget": budget} if budget else {})
