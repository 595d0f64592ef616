"""What would leave of a conversation, the way back, and the office's own test set. All methods block.

The way back is an event of the conversation, sealed under its key like every other: with the key it is gone. So is the
secret that decides stand-ins and the shift of dates, because it is made from that key.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.anonymise.replacing.profiles import Profile
from app.crypto.derive import derive_key
from app.domain.conversation import ItemKind, Thread, ThreadItem
from app.domain.events import EventKind, JsonValue
from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.services.anonymising.rule_records import AnonymisingCase
from app.services.anonymising.rules import AnonymiseRules
from app.services.anonymising.view_records import LeavingMessage, LeavingThread, marks_of
from app.services.channel.facts import may_propose
from app.services.errors import ChannelFault, ChannelRefusedError, NoSuchConversationError
from app.services.ledger import Ledger
from app.services.ports import AnonymisedText, AnonymisingJob, ThreadAnonymiser
from app.store.conversation_keys import first_of
from app.store.logged import NewEvent
from app.store.thread_query import read_thread

Progress = Callable[[int, int], None]

_SECRET_BYTES = 32
_SECRET_LABEL = "anonymising secret"  # noqa: S105 - the label of a key, not a key


@dataclass(frozen=True, slots=True)
class FailedCase:
    """A case that does not hold any more: the stretch, and whose conversation it stands in."""

    case: AnonymisingCase
    said: str = field(repr=False)
    contact_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What became of the office's test set."""

    total: int
    failed: tuple[FailedCase, ...]

    @property
    def held(self) -> int:
        """How many cases hold."""
        return self.total - len(self.failed)


class LeavingView:
    """Shows what would leave, of the conversations of one open vault."""

    def __init__(self, ledger: Ledger, rules: AnonymiseRules, anonymiser: ThreadAnonymiser) -> None:
        self._ledger = ledger
        self._anonymiser = anonymiser
        self.rules = rules

    def show(
        self,
        conversation_id: ConversationId,
        profile: Profile,
        *,
        on_progress: Progress = lambda _done, _total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> LeavingThread:
        """Return every message of a conversation, and as what it would leave. Notes and notices stay here.

        Raises:
            NoSuchConversationError: there is none of this id.
            Exception: what the anonymiser raises, see ``ThreadAnonymiser``.
        """
        thread = self._thread(conversation_id)
        messages = [item for item in thread.items if item.kind is ItemKind.MESSAGE]
        job = self._job(conversation_id, messages, profile)
        done = self._anonymiser.anonymise(job, on_progress=on_progress, is_stopped=is_stopped)
        shown = (
            LeavingMessage(item.event_id, item.party, item.wall_ms, item.text, one.text, tuple(marks_of(one)))
            for item, one in zip(messages, done.texts, strict=True)
        )
        return LeavingThread(conversation_id, thread.contact_name, profile, tuple(shown), dict(done.mapping))

    def count_messages(self, conversation_id: ConversationId) -> int:
        """Return how many messages a conversation has, to tell whether what was shown still stands.

        Raises:
            NoSuchConversationError: there is none of this id.
        """
        return sum(item.kind is ItemKind.MESSAGE for item in self._thread(conversation_id).items)

    def try_text(self, text: str) -> AnonymisedText:
        """Return what would be found in any text by the rules of the office, whoever wrote it."""
        year = datetime.fromtimestamp(self._ledger.now_ms() / 1000, UTC).year
        job = AnonymisingJob(
            (text,), Profile.LABELS, os.urandom(_SECRET_BYTES), year, self.rules.for_conversation(None)
        )
        return self._anonymiser.anonymise(job).texts[0]

    def rest(self) -> None:
        """Free what the anonymiser holds until somebody looks again."""
        self._anonymiser.rest()

    # -- the way back -------------------------------------------------------------------------------------------

    def keep_mapping(self, thread: LeavingThread) -> None:
        """Write the way back down, because a text leaves; the same once more writes nothing.

        Raises:
            NotYoursError: the role does not answer clients.
            ChannelRefusedError: the patient has not agreed to that anything but people reads it.
        """
        self._ledger.require(Right.ANSWER_CLIENTS)
        if not may_propose(self._ledger, thread.conversation_id):
            raise ChannelRefusedError(ChannelFault.NO_CONSENT)
        with self._ledger.lock:
            if self._mappings(thread.conversation_id)[-1:] != [(thread.profile.value, thread.mapping)]:
                body: dict[str, JsonValue] = {"profile": thread.profile.value, "mapping": {**thread.mapping}}
                event = NewEvent(thread.conversation_id, EventKind.ANONYMISED_MAPPED, body)
                self._ledger.log.append((event,), now_ms=self._ledger.now_ms())

    def who_is(self, conversation_id: ConversationId, stand_in: str) -> str | None:
        """Return what a stand-in of a text that left stands for, by the latest way back that knows it.

        None when none does: none was kept, or the conversation was erased.

        Raises:
            UnknownConversationError: the conversation's key is gone, and with it every way back.
        """
        mappings = reversed(self._mappings(conversation_id))
        return next((mapping[stand_in] for _profile, mapping in mappings if stand_in in mapping), None)

    # -- the office's own test set ------------------------------------------------------------------------------

    def check_cases(
        self,
        *,
        on_progress: Progress = lambda _done, _total: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> CaseReport:
        """Run every case of the office again, conversation by conversation.

        Raises:
            Exception: what the anonymiser raises, see ``ThreadAnonymiser``.
        """
        by_conversation: dict[ConversationId, list[AnonymisingCase]] = defaultdict(list)
        for case in self.rules.cases():
            by_conversation[case.conversation_id].append(case)
        total, failed, done = 0, list[FailedCase](), 0
        for conversation_id, cases in by_conversation.items():
            report = self._check(conversation_id, cases, is_stopped)
            total, failed, done = total + report.total, [*failed, *report.failed], done + 1
            on_progress(done, len(by_conversation))
        return CaseReport(total, tuple(failed))

    # -- private ------------------------------------------------------------------------------------------------

    def _check(
        self, conversation_id: ConversationId, cases: Sequence[AnonymisingCase], is_stopped: Callable[[], bool]
    ) -> CaseReport:
        thread = self._thread(conversation_id)
        items = {item.event_id: item for item in thread.items if item.kind is ItemKind.MESSAGE}
        here = [case for case in cases if case.event_id in items and case.end <= len(items[case.event_id].text)]
        wanted = [items[event_id] for event_id in dict.fromkeys(case.event_id for case in here)]
        job = self._job(conversation_id, wanted, Profile.LABELS)
        done = self._anonymiser.anonymise(job, is_stopped=is_stopped)
        texts = {item.event_id: one for item, one in zip(wanted, done.texts, strict=True)}
        failed = (
            FailedCase(case, items[case.event_id].text[case.start : case.end], thread.contact_name)
            for case in here
            if not _holds(case, texts[case.event_id])
        )
        return CaseReport(len(here), tuple(failed))

    def _job(self, cid: ConversationId, items: Sequence[ThreadItem], profile: Profile) -> AnonymisingJob:
        secret = derive_key(first_of(self._ledger.keys.key_for(cid)), _SECRET_LABEL)
        written_ms = items[0].wall_ms if items else self._ledger.now_ms()
        year = datetime.fromtimestamp(written_ms / 1000, UTC).year
        texts = tuple(item.text for item in items)
        return AnonymisingJob(texts, profile, secret, year, self.rules.for_conversation(cid))

    def _thread(self, conversation_id: ConversationId) -> Thread:
        self._ledger.require(Right.READ_MESSAGES)
        self._ledger.standing(conversation_id)
        with self._ledger.reading() as connection:
            thread = read_thread(connection, self._ledger.keys, conversation_id, self._ledger.names)
        if thread is None:
            raise NoSuchConversationError
        return thread

    def _mappings(self, conversation_id: ConversationId) -> list[tuple[str, Mapping[str, str]]]:
        found: list[tuple[str, Mapping[str, str]]] = []
        for event in self._ledger.log.read(conversation_id):
            mapping = event.body.get("mapping")
            if event.kind is EventKind.ANONYMISED_MAPPED and isinstance(mapping, dict):
                found.append((str(event.body["profile"]), {key: str(said) for key, said in mapping.items()}))
        return found


def _holds(case: AnonymisingCase, found: AnonymisedText) -> bool:
    """What must be found is covered, under whatever label; what must be let through is touched by nothing."""
    covered = [False] * (case.end - case.start)
    for span in found.spans:
        for place in range(max(span.start, case.start), min(span.end, case.end)):
            covered[place - case.start] = True
    return all(covered) if case.must_find else not any(covered)
