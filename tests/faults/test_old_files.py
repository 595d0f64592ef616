"""Old files put back, singly and in pairs, a file and its second copy counting as one too.

Nothing that was acknowledged may be missing without a word, nothing that was erased may come back, and nobody who was
let go may come in. Where a vault opens, what was old was one of two copies, or was made anew.
"""

import shutil
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from app.services.desk import Desk
from app.store.errors import StoreError
from tests.support.kill_office import ERASED_WORD, GONE, NORA, KillOffice, texts

PARTS = {
    "slots": ("slots.json",),
    "keyring.a": ("keyring.a",),
    "keyring.b": ("keyring.b",),
    "keyring": ("keyring.a", "keyring.b"),
    "head.a": ("head.a",),
    "head.b": ("head.b",),
    "head": ("head.a", "head.b"),
    "vault": ("vault.db",),
    "index": ("index.db",),
}
CHOICES = [*combinations(PARTS, 1), *combinations(PARTS, 2)]
NEWEST = "the newest lantern"
REFUSALS = {"vault_rolled_back", "vault_damaged"}


def write(desk: Desk, office: KillOffice) -> None:
    """Messages only."""
    desk.conversations.receive(office.kept[0], NEWEST)


def let_go(desk: Desk, office: KillOffice) -> None:
    """Somebody goes, and the vault keeps its key until it is locked."""
    write(desk, office)
    desk.vault.people.disable(NORA.person_id)


def erase(desk: Desk, office: KillOffice) -> None:
    """A conversation is erased."""
    write(desk, office)
    desk.erasure.erase([office.gone], "request")


@dataclass
class Past:
    """An office now, and its files as they were before something happened."""

    name: str
    now: KillOffice
    before: KillOffice

    def with_old(self, parts: tuple[str, ...], root: Path) -> KillOffice:
        office = self.now.copy_to(root)
        for part in parts:
            for name in PARTS[part]:
                shutil.copy(self.before.vault_dir / name, office.vault_dir / name)
        return office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> KillOffice:
    return KillOffice.make(tmp_path_factory.mktemp("office"))


@pytest.fixture(params=[write, let_go, erase], ids=lambda act: act.__name__)
def past(request: pytest.FixtureRequest, office: KillOffice, tmp_path: Path) -> Past:
    now = office.copy_to(tmp_path / "now")
    with now.opened() as desk:
        desk.conversations.search("otter")
    before = now.copy_to(tmp_path / "before")
    with now.opened() as desk:
        request.param(desk, now)
        desk.index.note_end()  # as closing the desk does, which would also change the keys when somebody was let go
        desk.vault.close()
    return Past(request.param.__name__, now, before)


def broken(past: Past, office: KillOffice) -> list[str]:
    """Return which promises are broken by a vault some of whose files are old."""
    is_let_go, is_erased = past.name == "let_go", past.name == "erase"
    wrongs = ["somebody who was let go came in"] if is_let_go and office.may_nora_in() else []
    try:
        with office.opened() as desk:
            wrongs += office.lost(desk)
            if NEWEST not in texts(desk, office.kept[0]):
                wrongs.append("lost without a word")
            if is_erased and (GONE in texts(desk, office.gone) or desk.vault.keyring.has(office.gone)):
                wrongs.append("what was erased is there")
            if is_erased and desk.conversations.search(ERASED_WORD):
                wrongs.append("the index holds what was erased")
            desk.vault.close()
    except StoreError as error:
        if error.code not in REFUSALS:
            wrongs.append(f"refused as {error.code}")
    return wrongs


def test_without_old_files_all_is_well(past: Past) -> None:
    assert broken(past, past.now) == []


def test_old_files_singly_and_in_pairs_bring_nothing_back(past: Past, tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    for parts in CHOICES:
        office = past.with_old(parts, tmp_path / "mixed")
        wrongs = broken(past, office)
        if wrongs:
            found[" + ".join(parts)] = wrongs
        shutil.rmtree(office.root)
    assert found == {}
