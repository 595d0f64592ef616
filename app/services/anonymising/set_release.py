"""Taking several conversations of a vault along, anonymised: looked at as counts first, then written and recorded.

The way back of each is kept under its own key before anything is written, as it is when one is copied; the log of the
office says who took how many, which ones and by which profile. All methods block.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.anonymise.replacing.profiles import Profile
from app.anonymise.spans import Span
from app.domain.conversation import Party
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.language.texts.errors import NOT_HERE, TextsError, TextsFault
from app.services.anonymising.sets import DEFAULT_K, Candidate, Fate, ReleasedSet, Turn, release
from app.services.anonymising.view import LeavingView, Progress
from app.services.anonymising.view_records import LeavingMessage, LeavingThread
from app.services.channel.facts import may_propose
from app.services.errors import NoSuchConversationError, ServiceError
from app.services.ledger import Ledger
from app.services.ports import AnonymisedText
from app.store.files import make_private_folder, replace_file

LINES_FILE: Final = "conversations.jsonl"
REPORT_FILE: Final = "report.json"
_SIDES: Final = {Party.VISITOR: "user", Party.DESK: "agent", Party.SYSTEM: "agent"}


class StaleSetError(ServiceError):
    """A conversation was written on, erased or walled off since the set was looked at; nothing was written."""

    def __init__(self) -> None:
        super().__init__("anonymised_set_stale")


@dataclass(frozen=True, slots=True)
class SetPreview:
    """A set as it would leave. ``threads`` are those that leave, with their way back, which does not."""

    released: ReleasedSet
    threads: tuple[LeavingThread, ...] = field(repr=False)
    newest: tuple[tuple[ConversationId, int], ...] = field(repr=False)
    """How many messages each had."""


class SetRelease:
    """Anonymised sets of one open vault."""

    def __init__(self, ledger: Ledger, view: LeavingView) -> None:
        self._ledger = ledger
        self._view = view

    def preview(
        self,
        conversation_ids: Sequence[ConversationId],
        profile: Profile,
        k: int = DEFAULT_K,
        *,
        on_progress: Progress = lambda _done, _total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> SetPreview:
        """Return what would leave of these conversations; writes nothing.

        Raises:
            NotYoursError: the role does not release sets.
            NoSuchConversationError: one of them is not here.
            TextsError: nothing can be anonymised on this machine, or CANCELLED.
        """
        self._ledger.require(Right.RELEASE_SETS)
        threads: dict[ConversationId, LeavingThread] = {}
        candidates = []
        for done, cid in enumerate(conversation_ids):
            on_progress(done, len(conversation_ids))
            candidates.append(self._candidate(cid, profile, threads, is_stopped))
        released = release(candidates, profile.value, k)
        leaving = tuple(threads[ConversationId(one.key)] for one in released.leaving)
        newest = tuple((one.conversation_id, len(one.messages)) for one in leaving)
        return SetPreview(released, leaving, newest)

    def write(self, preview: SetPreview, parent: Path) -> Path:
        """Write a set into a new private folder within ``parent``, and return that folder.

        Raises:
            NotYoursError: the role does not release sets.
            StaleSetError: something changed since it was looked at; nothing was written.
            OSError, StoreError: the files are not whole; the log says that they were about to be written.
        """
        self._ledger.require(Right.RELEASE_SETS)
        self._check(preview)
        for thread in preview.threads:
            self._view.keep_mapping(thread)
        released = preview.released
        self._ledger.note(
            EventKind.ANONYMISED_SET_EXPORTED,
            conversations=[one.key for one in released.leaving],
            withheld=len(released.conversations) - len(released.leaving),
            broadened=released.count(Fate.GENERALISED),
            k=released.risk.k,
            profile=released.profile,
        )
        folder = _new_folder(parent, datetime.fromtimestamp(self._ledger.now_ms() / 1000, UTC))
        replace_file(folder / LINES_FILE, b"".join(released.lines()))
        replace_file(folder / REPORT_FILE, json.dumps(released.report(), indent=2).encode())
        return folder

    def _candidate(
        self,
        cid: ConversationId,
        profile: Profile,
        threads: dict[ConversationId, LeavingThread],
        is_stopped: Callable[[], bool],
    ) -> Candidate:
        self._ledger.standing(cid)
        if not may_propose(self._ledger, cid):
            return Candidate(cid, stays=Fate.NO_CONSENT)
        try:
            thread = self._view.show(cid, profile, is_stopped=is_stopped)
        except TextsError as error:
            if error.code in {*NOT_HERE, TextsFault.CANCELLED}:
                raise
            return Candidate(cid, stays=Fate.NOT_ANONYMISED)
        threads[cid] = thread
        return Candidate(cid, tuple(map(_turn, thread.messages)))

    def _check(self, preview: SetPreview) -> None:
        for cid, count in preview.newest:
            try:
                is_same = self._view.count_messages(cid) == count and may_propose(self._ledger, cid)
            except NoSuchConversationError:
                is_same = False
            if not is_same:
                raise StaleSetError


def _turn(message: LeavingMessage) -> Turn:
    spans = tuple(Span(mark.start, mark.end, mark.label, mark.ground, mark.why) for mark in message.marks)
    instead = tuple(mark.instead for mark in message.marks)
    return Turn(_SIDES[message.party], message.text, AnonymisedText(message.leaving, spans, instead))


def _new_folder(parent: Path, now: datetime) -> Path:
    """Make a folder of the day that is not there yet, open to nobody else."""
    number = 1
    while (folder := parent / f"anonymised-set-{now:%Y-%m-%d}-{number}").exists():
        number += 1
    make_private_folder(folder)
    return folder
