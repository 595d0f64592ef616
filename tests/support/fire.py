"""A desk under fire: a child process works at a real vault as fast as it can and is killed with SIGKILL at any moment.

The child says through a pipe what it was told is done, *after* the service has returned. Every piece of text is a token
of its own, and the child only ever moves composer text: what it writes next contains what stood there before. So after
any number of kills each acknowledged token must be in exactly one place: among the messages, among the sent replies, or
in the composer. The parent counts.

The child opens the vault with the key that the password once yielded (as ``TemporaryStore`` does), because stretching a
password 1,000 times would only heat the room; the ordinary way in has a kill test of its own.
"""

import os
import random
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from app.domain.conversation import ComposerTab, InboxView, Origin, Party
from app.domain.ids import ConversationId, EventId
from app.services.desk import Desk
from app.store.upkeep import verify_log
from tests.support.desks import TemporaryDesk
from tests.support.vaults import TemporaryStore

MAX_ACKS_BEFORE_KILL = 25
_MAX_CONVERSATIONS = 4
_DEADLINE_S = 20
_TOKEN = re.compile(r"k\d+x\d+")


def work_until_killed(store: TemporaryStore, acks: Connection, number: int) -> None:
    """Run in the child: unlock, recover, then receive, note, draft, hold, recall and release without end."""
    desk = Desk.over(store.open())
    desk.conversations.recover_at_unlock()
    _Worker(desk, acks, number).run()


class _Worker:
    def __init__(self, desk: Desk, acks: Connection, number: int) -> None:
        self._service = desk.conversations
        self._acks = acks
        self._number = number
        self._count = 0
        self._random = random.Random(number)

    def run(self) -> None:
        ids = [row.conversation_id for row in self._service.inbox(InboxView.OPEN)]
        while True:
            if len(ids) < _MAX_CONVERSATIONS:
                token = self._token()
                ids.append(self._service.start("Ada Quill", Origin.PHONE, token))
                self._acks.send(("message", token))
            self._random.choice((self._receive, self._note, self._draft, self._draft, self._reply))(
                self._random.choice(ids)
            )

    def _token(self) -> str:
        self._count += 1
        return f"k{self._number}x{self._count}"

    def _receive(self, cid: ConversationId) -> None:
        token = self._token()
        self._service.receive(cid, token)
        self._acks.send(("message", token))

    def _note(self, cid: ConversationId) -> None:
        token = self._token()
        self._service.add_note(cid, token)
        self._acks.send(("message", token))

    def _draft(self, cid: ConversationId) -> None:
        token = self._token()
        before = self._service.thread(cid).unsent_reply
        self._service.save_text(cid, ComposerTab.REPLY, f"{before} {token}")
        self._acks.send(("composer", token))

    def _reply(self, cid: ConversationId) -> None:
        token = self._token()
        held = self._service.hold_reply(cid, f"{self._service.thread(cid).unsent_reply} {token}", None)
        self._acks.send(("composer", token))
        if self._random.random() < 0.3:
            self._service.recall_reply(held.held_id)
            self._acks.send(("recalled", held.held_id))
        elif self._random.random() < 0.8:
            self._service.release_reply(held.held_id)
            self._acks.send(("sent", held.held_id))
        # else: it stays held, and the next hold, the next child or the parent finds it


@dataclass
class Siege:
    """Kills children over one vault and keeps the account of what they were promised."""

    parent: Path
    seed: int
    kills: int = 0
    promised: dict[str, set[str]] = field(default_factory=lambda: {"message": set(), "composer": set()})
    sent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._house = TemporaryDesk(self.parent)
        self._random = random.Random(self.seed)
        # A server process that has imported everything forks each child: real processes, started in milliseconds.
        self._processes = get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.support.fire"])

    def kill_one(self) -> None:
        """Start a child, let it work for a random while, kill it, and take down what it had been promised."""
        self.kills += 1
        ours, theirs = self._processes.Pipe(duplex=False)
        child = self._processes.Process(target=work_until_killed, args=(self._house.store, theirs, self.kills))
        child.start()
        theirs.close()
        self._listen(ours, self._random.randint(0, MAX_ACKS_BEFORE_KILL))
        time.sleep(self._random.uniform(0, 0.004))  # into the middle of the next write; no condition waits for this
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join(_DEADLINE_S)
        assert child.exitcode == -signal.SIGKILL, f"child {self.kills} ended by itself: {child.exitcode}"
        self._drain(ours)
        ours.close()

    def check(self) -> None:
        """Open the vault as after a crash and hold it to every promise."""
        with self._house.open() as desk:
            report = verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None)
            assert report.is_sound, report
            found = _tokens(desk)
            for kind, tokens in self.promised.items():
                lost = {token for token in tokens if not found[kind][token]}
                assert not lost, f"kill {self.kills}: {kind} lost {sorted(lost)[:5]}"
            for kind, counter in found.items():
                doubled = {token for token, times in counter.items() if times > 1}
                assert not doubled, f"kill {self.kills}: {kind} doubled {sorted(doubled)[:5]}"
            for held_id in self.sent:
                # Releasing again answers with the one message that went out.
                assert desk.conversations.release_reply(EventId(held_id))

    def check_search_and_rebuild(self) -> None:
        """Find some promised tokens, and build everything again to the same threads."""
        with self._house.open() as desk:
            promised = sorted(self.promised["message"])
            for token in self._random.sample(promised, min(10, len(promised))):
                assert len(desk.conversations.search(f"{token} ")) == 1, token
            before = _tokens(desk)
            desk.conversations.rebuild_projections()
            assert _tokens(desk) == before

    def _listen(self, acks: Connection, number: int) -> None:
        for _ in range(number):
            assert acks.poll(_DEADLINE_S), "the child says nothing"
            self._take(acks.recv())

    def _drain(self, acks: Connection) -> None:
        """Take what was acknowledged before the kill and not read yet; a torn last line was never acknowledged."""
        try:
            while acks.poll():
                self._take(acks.recv())
        except (EOFError, OSError):
            return

    def _take(self, ack: tuple[str, str]) -> None:
        kind, value = ack
        if kind == "sent":
            self.sent.add(value)
        elif kind in self.promised:
            self.promised[kind].add(value)


def _tokens(desk: Desk) -> dict[str, Counter[str]]:
    """Where every token is: ``message`` for what came in and notes, ``composer`` for unsent, held and sent replies."""
    found: dict[str, Counter[str]] = {"message": Counter(), "composer": Counter()}
    for row in desk.conversations.inbox(InboxView.OPEN):
        thread = desk.conversations.thread(row.conversation_id)
        assert thread.held is None, "a held reply was left behind"
        found["composer"].update(_TOKEN.findall(thread.unsent_reply))
        for item in thread.items:
            is_reply = item.party is Party.DESK and item.provenance is not None
            found["composer" if is_reply else "message"].update(_TOKEN.findall(item.text))
    return found


__all__ = ["Siege"]
