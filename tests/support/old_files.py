"""Old files of a vault put back beside newer ones, and what must be true of what is found then."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from app.services.desk import Desk
from app.store.errors import StoreError
from tests.support.kill_office import ERASED_WORD, GONE, NORA, KillOffice, texts
from tests.support.soak_table import Score

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
ALL = tuple(
    parts
    for number in (1, 2)
    for parts in combinations(PARTS, number)
    if not any(set(PARTS[one]) < set(PARTS[other]) for one in parts for other in parts)
)
"""Each part, and each pair; a file and its second copy count as one part too."""

_PAIRED = frozenset({"slots", "keyring", "head", "head.b", "vault"})
CHOSEN = tuple(parts for parts in ALL if len(parts) == 1 or set(parts) <= _PAIRED)
"""Fewer, for the suite."""

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


ACTS: tuple[Callable[[Desk, KillOffice], None], ...] = (write, let_go, erase)


def make_past(act: Callable[[Desk, KillOffice], None], office: KillOffice, folder: Path) -> Past:
    """Have something happen at a desk, and keep its files of before."""
    now = office.copy_to(folder / "now")
    with now.opened() as desk:
        desk.conversations.search("otter")
    before = now.copy_to(folder / "before")
    with now.opened() as desk:
        act(desk, now)
        desk.index.note_end()  # as closing the desk does, which would also change the keys when somebody was let go
        desk.vault.close()
    return Past(act.__name__, now, before)


def put_back(past: Past, choices: Sequence[tuple[str, ...]], score: Score, folder: Path) -> None:
    """Put each choice of old files back in a fresh copy, and look at what is found."""
    began = time.monotonic()
    for parts in choices:
        office = past.with_old(parts, folder / "mixed")
        wrongs = broken(past, office)
        shutil.rmtree(office.root)
        score.runs += 1
        score.lost += any("lost" in wrong for wrong in wrongs)
        score.opened_wrongly += any("lost" not in wrong for wrong in wrongs)
        score.wrongs += [f"{' + '.join(parts)}: {wrong}" for wrong in wrongs]
    score.seconds += time.monotonic() - began


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
