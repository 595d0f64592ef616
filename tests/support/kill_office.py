"""The office that the kill tests work on: made once, copied for each run, and held to its promises afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from app.crypto.passwords import FLOOR
from app.domain.conversation import Origin
from app.domain.ids import ConversationId, PersonId
from app.domain.office import Person, Role
from app.services.backups import RestoreService
from app.services.desk import Desk
from app.services.erasing.plaintext_hunt import HuntPlace
from app.services.errors import NoSuchConversationError
from app.store.cipher import CipherKey, Durability, create_database, make_engine
from app.store.errors import StoreError
from app.store.migrate import MIGRATIONS, upgrade
from app.store.open_vault import OpenVault
from app.store.slots import Unlocked
from app.store.upkeep import rebuild_projections, verify_log
from app.store.vault import VaultFiles
from tests.support.desks import TemporaryDesk
from tests.support.people import desk_of, open_as

NORA = Person(PersonId("nora"), "Nora Beck", Role.FRONT_DESK)
NORAS = "seven herons over a slate roof"
KEPT = ("an otter swims in the copper basin", "the ferry leaves at nine")
GONE = "the pewter heron sleeps beside the kettle"
ERASED_WORD = "heron"


@dataclass(frozen=True)
class KillOffice:
    """A vault with two people, three conversations and one backup, in a folder of its own.

    ``root`` holds ``vault`` and ``disk``; everything else in it was left behind by somebody who died.
    """

    root: Path
    mara: Unlocked
    nora: Unlocked
    kept: tuple[ConversationId, ...]
    gone: ConversationId

    @staticmethod
    def make(root: Path) -> "KillOffice":
        """Make the office; takes a second."""
        place = TemporaryDesk(root)
        (root / "disk").mkdir()
        with place.opened() as desk:
            kept = tuple(desk.conversations.start("Bo Finch", Origin.PHONE, words) for words in KEPT)
            gone = desk.conversations.start("Ada Quill", Origin.PHONE, GONE)
            desk.vault.people.add(NORA, NORAS, kdf=FLOOR, must_change=False)
            desk.conversations.catch_up_index()
            desk.backups.take(root / "disk")
            mara = desk.vault.people.unlocked
        with VaultFiles.open(root / "vault", NORAS, NORA.person_id) as vault:
            nora = vault.people.unlocked
        return KillOffice(root, mara, nora, kept, gone)

    @property
    def vault_dir(self) -> Path:
        """The vault."""
        return self.root / "vault"

    @property
    def disk(self) -> Path:
        """Where backups lie."""
        return self.root / "disk"

    def copy_to(self, root: Path) -> "KillOffice":
        """Return the same office in another folder."""
        shutil.copytree(self.root, root)
        (root / "vault").chmod(0o700)
        return KillOffice(root, self.mara, self.nora, self.kept, self.gone)

    @contextmanager
    def opened(self) -> Iterator[Desk]:
        """Sit down as Mara, without stretching her password, and close again."""
        desk = desk_of(self.vault_dir, self.mara)
        desk.erasure.places = (HuntPlace("vault", self.vault_dir),)
        desk.backups.places = (self.disk,)
        with desk:
            yield desk

    def let_nora_go(self) -> None:
        """Nora's password opens nothing any more, and a rotation is due."""
        with self.opened() as desk:
            desk.vault.people.disable(NORA.person_id)
            desk.vault.abandon()

    def make_old(self) -> None:
        """Take the schema back to the first one: what later migrations made goes."""
        first = _names_of_first_schema(self.root / "first")
        with (
            open_as(self.vault_dir, self.mara.person.person_id, self.mara.seed) as vault,
            vault.connect().begin() as one,
        ):
            for kind, name in _names(one):
                if name not in first:
                    one.execute(text(f"DROP {kind} IF EXISTS {name}"))
            one.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    def may_nora_in(self) -> bool:
        """Say whether Nora's keys open the vault."""
        try:
            open_as(self.vault_dir, NORA.person_id, self.nora.seed).close()
        except StoreError:
            return False
        return True

    def lost(self, desk: Desk) -> list[str]:
        """Return what is missing or unsound in an open vault; nothing when every promise was kept."""
        # As an unlock does: torn frames of a transaction that was never acknowledged go.
        if desk.vault.repairs:
            rebuild_projections(desk.ledger.log, desk.vault, lambda _done, _total: None)
            desk.vault.empty_wals()
        is_found = len(desk.conversations.search("otter")) == 1
        found = [] if is_found else ["lost: a word of the index"]
        found += [f"lost: {words}" for cid, words in zip(self.kept, KEPT, strict=True) if words not in texts(desk, cid)]
        report = verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None)
        found += [f"log: {problem.fault.value} at {problem.seq}" for problem in report.problems]
        found += [f"stale: {report.stale_projections}"] if report.stale_projections else []
        found += [f"{one.file_name}: {one.trouble.value}" for one in desk.vault.verify_files().problems]
        return found

    def restored_texts(self, target: Path, number: int | None = None) -> dict[str, str]:
        """Return what a backup brings back: the words of each conversation by its id."""
        RestoreService().restore(self.disk, target, self.opener, number=number)
        desk = desk_of(target, self.mara)
        with desk:
            return {cid: texts(desk, cid) for cid in (*self.kept, self.gone)}

    def opener(self, folder: Path) -> OpenVault:
        """Open a restored folder as Mara."""
        return open_as(folder, self.mara.person.person_id, self.mara.seed)


def _names_of_first_schema(folder: Path) -> frozenset[str]:
    """Run the first migration alone, in a database that goes again."""
    (folder / "versions").mkdir(parents=True)
    first = next((MIGRATIONS / "versions").glob("0001*.py"))
    shutil.copy(MIGRATIONS / "env.py", folder)
    shutil.copy(first, folder / "versions")
    key = CipherKey(bytes(32))
    create_database(folder / "first.db", key)
    engine = make_engine(folder / "first.db", key, Durability.FULL)
    upgrade(engine, folder)
    with engine.connect() as one:
        names = frozenset(name for _, name in _names(one))
    engine.dispose()
    shutil.rmtree(folder)
    return names


def _names(connection: Connection) -> list[tuple[str, str]]:
    """Return kind and name of all that a migration may have made; indices first, because tables take theirs along."""
    rows = connection.execute(text("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type"))
    return [(str(kind), str(name)) for kind, name in rows]


def texts(desk: Desk, cid: ConversationId) -> str:
    """Return all words of a conversation, none for one that is not there."""
    try:
        return "\n".join(item.text for item in desk.conversations.thread(cid).items)
    except NoSuchConversationError:
        return ""
