"""A desk that dies at a named point while it erases, and what must be true at the next opening.

The child opens the vault with the key that the password once yielded, as ``tests.support.fire`` does.
"""

import os
import signal
from multiprocessing import get_context
from pathlib import Path

from app.domain.conversation import Origin
from app.domain.ids import ConversationId
from app.services.desk import Desk
from app.store import keyring
from app.store.erasing import EraseStep, bury, unfinished, unmake
from app.store.search import entry_of
from app.store.upkeep import verify_log
from tests.support.desks import TemporaryDesk
from tests.support.vaults import TemporaryStore

WORDS = "the pewter heron sleeps beside the kettle"
OTHER_WORDS = "an otter swims in the copper basin"
_DEADLINE_S = 30


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def erase_until(store: TemporaryStore, cid: ConversationId, point: str) -> None:
    """Run in the child: erase, and die at ``point``: behind a step, or between the two copies of the keyring."""
    desk = Desk.over(store.open())
    log, vault = desk.ledger.log, desk.vault
    bury(log, [cid], "request", now_ms=desk.ledger.now_ms())
    if point == EraseStep.TOMBSTONE.value:
        die()
    if point == "half_keyring":
        _die_at_second_copy()
    if point == "half_index":
        vault.renew_index = lambda: (vault.keyring.rotate_index_key(), vault.keyring.save(), die())  # type: ignore[assignment]
    if point.startswith("staged"):
        _erase_with_staged_index(desk, cid, point)
    unmake(log, vault, [cid], renew_index=vault.renew_index, at=lambda step: die() if step.value == point else None)


POINTS = (*(step.value for step in EraseStep), "half_keyring", "half_index", "staged", "staged_key", "staged_half")
"""The last three: with a new index beside the old one, its key not yet, already, and the old file already gone."""


def _erase_with_staged_index(desk: Desk, cid: ConversationId, point: str) -> None:
    log, vault = desk.ledger.log, desk.vault
    entries = [entry for entry in map(entry_of, log.read_logged(cid)) if entry is not None]
    key = desk.index.stage_without(entries)
    assert key is not None
    if point == "staged":
        die()
    if point == "staged_half":
        vault._make_index_engine = die  # type: ignore[method-assign, assignment]
        vault._remove_index()
    at = {"staged_key": EraseStep.KEY}.get(point)
    unmake(
        log,
        vault,
        [cid],
        renew_index=vault.adopt_index,
        next_index_key=key,
        at=lambda step: die() if step is at else None,
    )


def _die_at_second_copy() -> None:
    whole = keyring.replace_file
    copies: list[Path] = []

    def replace_once(path: Path, data: bytes) -> None:
        if copies:
            die()
        copies.append(path)
        whole(path, data)

    keyring.replace_file = replace_once  # type: ignore[assignment]


class ErasingSiege:
    """One vault, erased from again and again by children that die."""

    def __init__(self, parent: Path) -> None:
        self.desk = TemporaryDesk(parent)
        with self.desk.opened() as desk:
            self.kept = desk.conversations.start("Bo Finch", Origin.PHONE, OTHER_WORDS)
            desk.conversations.catch_up_index()
        self.erased: list[ConversationId] = []

    def kill_at(self, point: str) -> ConversationId:
        """Start a conversation, let a child die while it erases it, and return its id."""
        with self.desk.opened() as desk:
            cid = desk.conversations.start("Ada Quill", Origin.PHONE, f"{WORDS} {len(self.erased)}")
            desk.conversations.catch_up_index()
        child = get_context("spawn").Process(target=erase_until, args=(self.desk.store, cid, point))
        child.start()
        child.join(_DEADLINE_S)
        assert child.exitcode == -signal.SIGKILL, f"the child did not die at {point}: {child.exitcode}"
        self.erased.append(cid)
        return cid

    def check(self, cid: ConversationId) -> None:
        """Open again: the erasure is whole, everything else is there, and every check agrees."""
        with self.desk.opened() as desk:
            assert unfinished(desk.vault) == ()
            assert not desk.vault.keyring.has(cid)
            bodies = [entry for entry in desk.ledger.log.walk_from(0) if entry.conversation_id == cid]
            assert [one.kind for one in bodies if not one.is_shed] == ["erased"]
            assert desk.conversations.search("heron") == ()
            assert [hit.conversation_id for hit in desk.conversations.search("otter")] == [self.kept]
            report = verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None)
            assert report.is_sound, report
            assert not desk.vault.verify_files().problems
            assert desk.conversations.thread(self.kept).items[-1].text == OTHER_WORDS
