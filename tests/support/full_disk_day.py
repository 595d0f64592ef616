"""A day at a desk whose disk is full from its nth write on, and what must be true when there is room again."""

import errno
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from app.domain.conversation import ComposerTab, Origin
from app.domain.ids import ArticleId, ConversationId, ProposalId
from app.domain.proposal import Proposal, ProposalAction
from app.services.answers.form import AnswerForm
from app.services.desk import Desk
from app.store.errors import StoreError
from tests.support.call_filter import FileCall, mark
from tests.support.kill_office import KillOffice, texts
from tests.support.soak_table import Score
from tests.support.watched_child import GO, Ending, run_watched

ROOM_AGAIN = "room again"
SECRET_SPAN = "walnut staircase"
_WRITES = frozenset({"write", "mkdir", "fallocate"})
_KNOWN_CODES = frozenset({"disk_full", "disk_failed"})
"""What a person is told; ``disk_failed`` where SQLite does not say why the system refused a write."""


class Fullness(Enum):
    """Whether the disk stays full until somebody frees space, or one write fails and the next would not."""

    STAYS = "stays"
    ONCE = "once"


class Day:
    """What is done, step by step; each step acknowledges what the person was told."""

    def __init__(self, office: KillOffice, acknowledge: Callable[[Any], None]) -> None:
        self._office = office
        self._acknowledge = acknowledge

    def live(self) -> None:
        """From opening to a second opening; more messages until evening."""
        with self._office.opened() as desk:
            self._acknowledge(("open", ""))
            cid = self._write(desk)
            self._approve(desk, cid)
            self._edit(desk)
            self._redact(desk, cid)
            desk.erasure.erase([self._office.gone], "request")
            self._acknowledge(("erased", self._office.gone))
            self._acknowledge(("backup", desk.backups.take(self._office.disk).snapshot.number))
            self._write(desk)
        self._acknowledge(("locked", ""))
        with self._office.opened() as desk:
            assert desk.conversations.search("otter")
            for _ in range(3):
                self._approve(desk, self._write(desk))
        self._acknowledge(("locked", ""))

    def _write(self, desk: Desk) -> ConversationId:
        cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Is there a ramp?")
        self._acknowledge((cid, "Is there a ramp?"))
        for number in range(3):
            desk.conversations.receive(cid, f"I am waiting, {number}.")
            self._acknowledge((cid, f"I am waiting, {number}."))
        desk.conversations.add_note(cid, "Prefers mornings.")
        self._acknowledge((cid, "Prefers mornings."))
        return cid

    def _approve(self, desk: Desk, cid: ConversationId) -> None:
        words = "Yes, at the side door."
        desk.conversations.save_text(cid, ComposerTab.REPLY, words)
        action = ProposalAction.PROPOSE
        proposal = Proposal(ProposalId("P1"), cid, None, action, words, (), (), (), "starter", 90, 700)
        desk.conversations.record_proposal(cid, proposal)
        desk.conversations.release_reply(desk.conversations.hold_reply(cid, words, proposal).held_id)
        self._acknowledge((cid, words))

    def _edit(self, desk: Desk) -> None:
        form = AnswerForm(ArticleId("ramp"), "Ramp", "The ramp is at the side door.", "ramp")
        desk.answers.save(form)
        self._acknowledge(("answer", "ramp"))

    def _redact(self, desk: Desk, cid: ConversationId) -> None:
        event_id = desk.conversations.receive(cid, f"My code is {SECRET_SPAN}.")
        text = f"My code is {SECRET_SPAN}."
        start = text.index(SECRET_SPAN)
        desk.redaction.redact(cid, event_id, (start, start + len(SECRET_SPAN)))
        self._acknowledge(("redacted", cid))


def live(acknowledge: Callable[[Any], None], office: KillOffice) -> str:
    """Run in the child: live the day; say which code the disk's refusal had, "" when there was none."""
    code = ""
    try:
        Day(office, acknowledge).live()
    except StoreError as error:
        code = error.code
    mark(ROOM_AGAIN)
    with office.opened() as desk:  # reopening works, in the same process too
        desk.conversations.start("Nora Beck", Origin.PHONE, "And in the evening?")
    return code


@dataclass
class FullDisk:
    """Lets ``first`` writes through, then refuses: for good, until there is room again, or once."""

    root: Path
    first: int
    fullness: Fullness
    writes: int = 0
    refused: int = 0
    _has_room: bool = False

    def __call__(self, call: FileCall) -> int:
        self._has_room = self._has_room or call.mark == ROOM_AGAIN
        if self._has_room or not (call.kind in _WRITES or (call.kind == "create" and call.is_new)):
            return GO
        self.writes += 1
        is_full = self.writes > self.first and (self.fullness is Fullness.STAYS or self.writes == self.first + 1)
        self.refused += is_full
        return errno.ENOSPC if is_full else GO


class FullDiskSiege:
    """The same day again and again, each time with less or more room."""

    def __init__(self, office: KillOffice, folder: Path) -> None:
        self._office = office
        self._folder = folder

    def writes_of_a_day(self) -> int:
        """Return how many writes the day makes when there is room for all."""
        disk, ending, wrongs = self._run(1 << 30, Fullness.STAYS)
        assert (ending.error, ending.returned, wrongs) == (None, "", [])
        return disk.writes

    def live_with(self, first: int, fullness: Fullness, score: Score) -> None:
        """Live the day with room for ``first`` writes, and hold what is left to every promise."""
        began = time.monotonic()
        disk, ending, wrongs = self._run(first, fullness)
        if not disk.refused:
            wrongs.append("lost: the disk never was full")
        if ending.error is not None:
            wrongs.append(f"lost: no words for {ending.error}")
        elif ending.returned not in {*_KNOWN_CODES, ""}:
            wrongs.append(f"lost: told {ending.returned}")
        elif ending.returned == "" and fullness is Fullness.STAYS:
            wrongs.append("lost: nobody was told")
        score.runs += 1
        score.lost += any(not wrong.startswith("wrong") for wrong in wrongs)
        score.opened_wrongly += any(wrong.startswith("wrong") for wrong in wrongs)
        score.wrongs += [f"after {first} writes, {fullness.value}: {wrong}" for wrong in wrongs]
        score.seconds += time.monotonic() - began

    def _run(self, first: int, fullness: Fullness) -> tuple[FullDisk, Ending, list[str]]:
        disk = FullDisk(self._folder / "day", first, fullness)
        office = self._office.copy_to(disk.root)
        try:
            ending = run_watched(disk.root, disk, live, office)
            try:
                wrongs = _broken(office, ending.acknowledged)
            except Exception as error:  # noqa: BLE001  an office that does not open has lost everything
                wrongs = [f"lost everything: {error!r}"]
            return disk, ending, wrongs
        finally:
            shutil.rmtree(disk.root)


def _broken(office: KillOffice, acknowledged: list[tuple[str, str]]) -> list[str]:
    """Return which promises of a day were broken."""
    done = dict(acknowledged)
    with office.opened() as desk:
        wrongs = office.lost(desk)
        for what, value in acknowledged:
            if what.startswith("01") and value not in texts(desk, ConversationId(what)):
                wrongs.append(f"lost: a message of {what}")
        if "answer" in done and not desk.conversations.articles():
            wrongs.append("lost: the answer")
        if "redacted" in done and SECRET_SPAN in texts(desk, ConversationId(done["redacted"])):
            wrongs.append("wrong: what was redacted is there")
        if "erased" in done and desk.vault.keyring.has(office.gone):
            wrongs.append("wrong: what was erased is there")
        if "redacted" in done and desk.conversations.search("walnut"):
            wrongs.append("wrong: the index holds what was redacted")
    brought = office.restored_texts(office.root / "again", done.get("backup"))
    wrongs += [f"lost: {cid} in the backup" for cid in office.kept if not brought[cid]]
    if "erased" in done and brought[office.gone]:
        wrongs.append("wrong: the backup brings back what was erased")
    return wrongs
