"""One thread that changes the file: many changes, one commit, one fsync.

While a commit waits for the disk, further changes gather and travel in the next one. That is what carries two hundred
durable frames a second on a disk that syncs fifty times a second.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from app.domain.post import NoCode
from app.gateway.errors import GatewayError, RefusedError

MAX_GROUP: Final = 256
_REOPEN_PAUSE_S: Final = 1.0
_STOP: Final = None

T = TypeVar("T")
Step = Callable[[sqlite3.Connection], T]
"""Decides and changes inside an open transaction. It refuses before it changes anything."""


@dataclass(frozen=True, slots=True)
class _Job:
    step: Step[Any]
    future: "asyncio.Future[Any]"
    after: Callable[[Any], None] | None
    is_outside: bool = False
    """A checkpoint cannot run inside a transaction."""


_Outcome = tuple[_Job, object, BaseException | None]


class GroupWriter:
    """Runs steps in their order and answers each after the commit that holds it.

    Args:
        connect: opens the file; called again after the disk reported an error, to look at what is really there.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="mailbox-writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._db: sqlite3.Connection | None = None
        self._reopen_at_s = 0.0
        self.is_well = True

    def start(self) -> None:
        """Open the file and begin; call it on the running loop that will be answered.

        Raises:
            MailboxPlaceError: the file cannot be opened.
        """
        self._loop = asyncio.get_running_loop()
        self._db = self._connect()
        self._thread.start()

    async def run(self, step: Step[T], after: Callable[[T], None] | None = None) -> T:
        """Return what ``step`` returned, once it is durable.

        ``after`` is called on the loop with the same result, also when nobody waits any more.

        Raises:
            RefusedError: the step's own refusal, or DISK.
        """
        assert self._loop is not None
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(step, future, after))
        return await future

    async def tidy(self, step: Step[None]) -> None:
        """Run ``step`` between transactions; it may fail, and then it is for the next time."""
        assert self._loop is not None
        future: asyncio.Future[None] = self._loop.create_future()
        self._jobs.put(_Job(step, future, None, is_outside=True))
        with contextlib.suppress(RefusedError):
            await future

    async def stop(self) -> None:
        """Finish every step that was accepted, then close the file."""
        if self._thread.is_alive():
            self._jobs.put(_STOP)
            await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        is_over = False
        while not is_over:
            jobs, is_over = self._take()
            outcomes = [outcome for group in _apart(jobs) for outcome in self._commit(group)]
            if self._loop is not None and outcomes:
                self._loop.call_soon_threadsafe(_settle, outcomes)
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._db.close()

    def _take(self) -> tuple[list[_Job], bool]:
        """Wait for one job and return it with those that wait behind it; and whether this is the end."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MAX_GROUP or self._jobs.empty():
                return jobs, False
            job = self._jobs.get()
        return jobs, True

    def _commit(self, jobs: list[_Job]) -> list[_Outcome]:
        """Run all in one transaction; where that fails, each in one of its own, so that one cannot spoil the others."""
        outcomes: list[_Outcome] | None = self._try(jobs) if jobs else []
        if outcomes is not None:
            return outcomes
        if self._db is None or len(jobs) == 1:
            return [(job, None, RefusedError(NoCode.DISK)) for job in jobs]
        return [outcome for job in jobs for outcome in self._commit([job])]

    def _try(self, jobs: list[_Job]) -> list[_Outcome] | None:
        """Return the outcomes of one durable transaction, None when it was undone."""
        if self._db is None and not self._reopen():
            return None
        assert self._db is not None
        if jobs[0].is_outside:
            with contextlib.suppress(sqlite3.Error):
                jobs[0].step(self._db)
            return [(jobs[0], None, None)]
        try:
            self._db.execute("BEGIN IMMEDIATE")
            outcomes = [_run(job, self._db) for job in jobs]
            self._db.execute("COMMIT")
        except sqlite3.Error as problem:
            self._undo(problem)
            return None
        except Exception as bug:  # noqa: BLE001  the outermost of the thread's work on a group
            self._undo(None)
            return [(job, None, bug) for job in jobs] if len(jobs) == 1 else None
        self.is_well = True
        return outcomes

    def _undo(self, problem: sqlite3.Error | None) -> None:
        """Undo the transaction. After any fault but a full disk, trust nothing in memory: close, and open anew."""
        assert self._db is not None
        with contextlib.suppress(sqlite3.Error):
            self._db.execute("ROLLBACK")
        if problem is None:
            return
        self.is_well = False
        if getattr(problem, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL or self._db.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _reopen(self) -> bool:
        """Look at what is really on the disk, at most once a second: every look reads the whole file."""
        if time.monotonic() < self._reopen_at_s:
            return False
        self._reopen_at_s = time.monotonic() + _REOPEN_PAUSE_S
        try:
            self._db = self._connect()
        except (GatewayError, sqlite3.Error):
            return False
        return True


def _apart(jobs: list[_Job]) -> list[list[_Job]]:
    """Return the jobs in groups: each that runs outside transactions alone, all others together, in their order."""
    groups: list[list[_Job]] = []
    for job in jobs:
        if groups and not job.is_outside and not groups[-1][-1].is_outside:
            groups[-1].append(job)
        else:
            groups.append([job])
    return groups


def _run(job: _Job, db: sqlite3.Connection) -> _Outcome:
    try:
        return job, job.step(db), None
    except RefusedError as refusal:
        return job, None, refusal


def _settle(outcomes: list[_Outcome]) -> None:
    for job, result, problem in outcomes:
        if problem is None and job.after is not None:
            job.after(result)
        if job.future.done():
            continue
        if problem is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(problem)
