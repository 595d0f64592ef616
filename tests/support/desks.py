"""Real desks for tests: a real vault, a clock that the test moves, and a way to look at everything twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.conversation import Thread
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId
from app.domain.office import Office, Sector
from app.services.desk import Desk
from app.services.erasing.plaintext_hunt import HuntPlace
from app.services.ledger import Ledger
from app.store import tables
from app.store.log import EventLog
from app.store.records import office_to_json
from tests.support.vaults import TemporaryStore

START_MS = 1_795_000_000_000
OFFICE_NAME = "Linden Street Family Practice"


@dataclass
class MovingClock:
    """A clock that goes one millisecond further at every look, and further when it is told to."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        self.now_ms += 1
        return self.now_ms

    def move(self, ms: int) -> None:
        self.now_ms += ms


@dataclass
class TemporaryDesk:
    """A vault in a folder of the test's own, with an office in it; ``open`` as often as needed."""

    parent: Path
    is_demo: bool = False
    clock: MovingClock = field(default_factory=MovingClock)

    def __post_init__(self) -> None:
        self.store = TemporaryStore(self.parent)
        vault = self.store.open()
        vault.keyring.add(OFFICE)
        office = Office(OFFICE_NAME, Sector.CLINIC, is_demo=self.is_demo)
        Ledger(vault, EventLog.open(vault), self.clock).write(
            OFFICE, EventKind.OFFICE_NAMED, **office_to_json(office, ())
        )
        vault.close()

    def open(self) -> Desk:
        """Unlock without stretching a password, otherwise as ``VaultService.unlock`` does."""
        desk = Desk.over(self.store.open(), self.clock)
        # The real temporary folder holds whatever other tests leave there.
        desk.erasure.places = (HuntPlace("vault", self.store.directory),)
        desk.conversations.recover_at_unlock()
        return desk

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        with self.open() as desk:
            yield desk


def all_threads(desk: Desk) -> dict[str, Thread]:
    """Every thread by id."""
    with desk.vault.connect().connect() as connection:
        ids = connection.execute(tables.conversation.select()).scalars().all()
    return {cid: desk.conversations.thread(ConversationId(cid)) for cid in ids}


def plain_rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every projection, row by row, without the sealed columns (their nonces differ each time)."""
    found = {}
    with desk.vault.connect().connect() as connection:
        for table in tables.PROJECTIONS:
            columns = [column for column in table.columns if column.type.python_type is not bytes]
            rows = connection.execute(table.select().with_only_columns(*columns))
            found[table.name] = sorted((tuple(row) for row in rows if row_counts(table.name, row)), key=repr)
    return found


def row_counts(table: str, row: tuple[object, ...]) -> bool:
    """A cell of the table of counts that fell to zero is as good as none."""
    return table != "tally" or row[-1] != 0
