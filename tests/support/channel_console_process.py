"""A console without windows, in a process of its own: ``python -m tests.support.channel_console_process FD FOLDER``.

It starts as the real one does (a dialler first, then the wall, then third-party code), opens the vault of a
``TemporaryDesk``, lets the channel start, and does what its parent asks through the inherited descriptor.
"""
# ruff: noqa: PLC0415  nothing that is not Python's own is imported before the wall is up

import os
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.isolation.dialler import start_dialler
from app.isolation.wall import raise_egress_wall

if TYPE_CHECKING:
    from app.domain.proposal import Proposal
    from app.services.desk import Desk
    from app.services.proposing.service import ProposalService
    from tests.support.vaults import TemporaryStore


@dataclass
class ShiftedClock:
    """The real clock, moved."""

    shift_ms: int = 0

    def __call__(self) -> int:
        return int(time.time() * 1_000) + self.shift_ms


class Waiting:
    """Fits ``ProposalListener``: keeps what came."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.proposal: Proposal | None = None
        self.problem: object = None

    def proposal_ready(self, proposal: "Proposal") -> None:
        self.proposal = proposal
        self.done.set()

    def proposal_failed(self, problem: object) -> None:
        self.problem = problem
        self.done.set()

    def text_grew(self, *_: object) -> None:
        pass

    def __getattr__(self, _name: str) -> Any:
        return lambda *_given, **_named: None


class Office:
    """What the parent may ask for besides the services themselves."""

    def __init__(self, desk: "Desk", clock: ShiftedClock) -> None:
        self.desk = desk
        self.clock = clock
        self._proposals: ProposalService | None = None
        self._worker: Any = None

    def move_clock(self, ms: int) -> None:
        self.clock.shift_ms += ms

    def office_id(self) -> bytes:
        return self._keys.office_id

    def secrets(self) -> dict[str, bytes]:
        """The private keys of the office as the vault holds them, for a search that must not find them elsewhere."""
        standing = self._keys.standing
        boxes = {f"mailbox {number}": box.secret for number, box in enumerate(standing.secrets.boxes)}
        return {"desk": _seed(standing.identity.signer), "card": _seed(self._keys._card_key()), **boxes}

    @property
    def _keys(self) -> Any:
        return self.desk.channel._keys

    def all_items(self) -> dict[str, list[tuple[str, str, str]]]:
        """Every thread of the desk: conversation → (party, kind, text)."""
        from tests.support.desks import all_threads

        return {
            cid: [(item.party.value, item.kind.value, item.text) for item in thread.items]
            for cid, thread in all_threads(self.desk).items()
        }

    def reply(self, cid: Any, text: str) -> str:
        """Hold and release, as the screen does after its pause; return the event's id."""
        held = self.desk.conversations.hold_reply(cid, text, None)
        return str(self.desk.conversations.release_reply(held.held_id))

    def propose(self, cid: Any) -> "Proposal":
        """Let the shipped model propose, and wait for it."""
        from app import bootstrap

        if self._proposals is None:
            self._worker = bootstrap.models().open_first().worker
            assert self._worker is not None, "no model on this machine"
            self._proposals = bootstrap.make_proposals(self.desk, self._worker)
        waiting = Waiting()
        self._proposals.request(cid, waiting)
        assert waiting.done.wait(60), "no proposal in a minute"
        if waiting.proposal is None:
            raise RuntimeError(f"proposal: {waiting.problem}")
        return waiting.proposal

    def approve(self, cid: Any, proposal: "Proposal") -> str:
        """Send a proposal as it stands."""
        held = self.desk.conversations.hold_reply(cid, proposal.text, proposal)
        return str(self.desk.conversations.release_reply(held.held_id))

    def close(self) -> None:
        if self._proposals is not None:
            self._proposals.close()
            self._worker.stop()
        self.desk.close()


def _seed(signer: Any) -> bytes:
    return bytes(signer._secret[:32])


def main(descriptor: int, _folder: Path) -> int:
    """Serve until the parent says close or is gone."""
    pipe = Connection(descriptor)
    dialler = start_dialler()
    raise_egress_wall()
    store: TemporaryStore
    store, shift_ms = pipe.recv()
    clock = ShiftedClock(shift_ms)
    desk = open_desk(store, clock, dialler)
    office = Office(desk, clock)
    pipe.send(("done", None))
    while True:
        try:
            path, given, named = pipe.recv()
        except EOFError:
            return 0
        if path == "close":
            office.close()
            pipe.send(("done", None))
            return 0
        pipe.send(answer(office, path, given, named))


def open_desk(store: "TemporaryStore", clock: ShiftedClock, dialler: Any) -> "Desk":
    """Unlock without stretching a password, and start the channel as ``bootstrap`` does."""
    from app import bootstrap
    from app.services.desk import Desk

    bootstrap._door = dialler
    desk = Desk.over(store.open(), clock)
    desk.conversations.recover_at_unlock()
    desk.channel.use_link(bootstrap.make_link)
    desk.channel.start()
    return desk


def answer(office: Office, path: str, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, Any]:
    """Call ``office.x`` or ``desk.x.y`` and return what came, or which error."""
    try:
        target: Any = office
        for name in path.split("."):
            target = getattr(target, name)
        return "done", target(*given, **named)
    except Exception as error:  # noqa: BLE001  the parent decides what an error means
        return "error", (type(error).__name__, getattr(error, "code", ""), str(error))


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
