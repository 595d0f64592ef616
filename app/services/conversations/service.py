"""Everything a desk does with its conversations.

Each method that changes something is one durable commit: when it returns, the change is on the disk. All methods block,
and all are safe from any thread; the console calls them from its store thread, and the proposal service from its own.
"""

import os
from collections.abc import Callable, Iterable
from datetime import datetime

from app.domain.conversation import (
    ComposerTab,
    ConversationState,
    HeldReply,
    IdentityMeans,
    InboxCounts,
    InboxRow,
    InboxView,
    Origin,
    SearchHit,
    Thread,
    Urgency,
)
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ArticleId, ConversationId, EventId, PersonId, ProposalId, make_ulid
from app.domain.proposal import Article, Proposal
from app.domain.roles import Right, may_read_messages
from app.services.conversations.exports import export_thread
from app.services.conversations.finding import Finder
from app.services.conversations.imports import Importer, ImportReport
from app.services.conversations.replies import Replies
from app.services.conversations.texts import check_name, check_text
from app.services.errors import (
    ChannelFault,
    ChannelRefusedError,
    ChoiceFault,
    InvalidChoiceError,
    NoSuchConversationError,
)
from app.services.evidence.audit_trail import AuditTrail
from app.services.interlock.signing import EmergencyCheck, raised
from app.services.ledger import Ledger, Listener
from app.store.inbox_query import read_counts, read_due, read_inbox
from app.store.logged import NewEvent
from app.store.records import article_to_json, proposal_to_json
from app.store.search import SearchIndex
from app.store.thread_query import read_articles, read_thread, read_unsent
from app.store.upkeep import Progress, rebuild_projections

_ULID_RANDOM_BYTES = 10


class ConversationService:
    """The conversations of one open vault."""

    def __init__(self, ledger: Ledger, index: SearchIndex, check_emergency: EmergencyCheck) -> None:
        self._check_emergency = check_emergency
        self._ledger = ledger
        self._index = index
        self._replies = Replies(ledger)
        self._finder = Finder(ledger, index)
        self._trail = AuditTrail(ledger)

    # -- reading ------------------------------------------------------------------------------------------------

    def inbox(self, view: InboxView, limit: int = 200, offset: int = 0) -> tuple[InboxRow, ...]:
        """Return rows of one view: most urgent first, then whoever waits longest, then the newest activity."""
        self._ledger.require(Right.READ_MESSAGES)
        self.wake_snoozed()
        ledger = self._ledger
        with ledger.reading() as connection:
            person_id, hidden = ledger.person.person_id, ledger.hidden
            return read_inbox(connection, ledger.keys, view, person_id, limit=limit, offset=offset, hidden=hidden)

    def counts(self) -> InboxCounts:
        """Return the numbers of the rail."""
        self._ledger.require(Right.READ_MESSAGES)
        self.wake_snoozed()
        with self._ledger.reading() as connection:
            return read_counts(connection, self._ledger.person.person_id, self._ledger.hidden)

    def thread(self, cid: ConversationId) -> Thread:
        """Return one thread with everything around it.

        Raises:
            NoSuchConversationError: there is none of this id.
            NotYoursError: the role of the person at the desk never sees a message; so for every reading below.
        """
        self._ledger.require(Right.READ_MESSAGES)
        with self._ledger.reading() as connection:
            found = None
            if self._ledger.keys.has(cid):
                found = read_thread(connection, self._ledger.keys, cid, self._ledger.names)
        if found is None:
            raise NoSuchConversationError
        return found

    def search(self, text: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Return what matches all words, contacts of that name first; whatever is typed, it never raises for syntax."""
        self._ledger.require(Right.READ_MESSAGES)
        return self._finder.search(text, limit)

    def export(self, cid: ConversationId) -> dict[str, object]:
        """Return one conversation as plain JSON values, in the format that ``import_lines`` reads."""
        self._ledger.require(Right.EXPORT_CONVERSATIONS)
        exported = export_thread(self.thread(cid), self._ledger.names)
        self._trail.exported(cid)
        return exported

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with the conversation after every commit; ``OFFICE`` means that anything may have changed.

        It is called on the thread that wrote. The returned function ends it.
        """
        return self._ledger.on_change(listener)

    # -- what comes in ------------------------------------------------------------------------------------------

    def start(self, contact_name: str, origin: Origin, first_text: str) -> ConversationId:
        """Open a conversation with its first message.

        Raises:
            InvalidTextError: name or text cannot be taken; nothing was written.
        """
        name, text = check_name(contact_name), check_text(first_text)
        now_ms = self._ledger.now_ms()
        cid = ConversationId(make_ulid(now_ms, os.urandom(_ULID_RANDOM_BYTES)))
        self._ledger.keys.add(cid)
        opened = NewEvent(cid, EventKind.CONVERSATION_OPENED, {"contact_name": name, "origin": origin.value})
        message = NewEvent(cid, EventKind.MESSAGE_RECEIVED, {"text": text, "written_ms": now_ms})
        self._ledger.write_all((opened, message, *raised(cid, self._check_emergency(text))), cid)
        return cid

    def receive(self, cid: ConversationId, text: str) -> EventId:
        """Take a message of the visitor; a conversation that was snoozed or done comes back.

        One that holds a phrase of the emergency list is raised in the same commit.
        """
        text = check_text(text)
        hits = self._check_emergency(text)
        with self._ledger.lock:
            is_raised = self._ledger.standing(cid).urgency is Urgency.EMERGENCY
            message = NewEvent(cid, EventKind.MESSAGE_RECEIVED, {"text": text, "written_ms": self._ledger.now_ms()})
            return self._ledger.write_all((message, *raised(cid, () if is_raised else hits)), cid)[0].event_id

    def import_lines(self, lines: Iterable[str], progress: Callable[[int], None] = lambda _lines: None) -> ImportReport:
        """Take conversations from JSON lines; a malformed line is reported by number and code, the rest goes on.

        ``progress`` is called with the number of lines that are done, after each commit.
        """

        def after_commit(lines_done: int) -> None:
            self._index.catch_up()
            progress(lines_done)

        return Importer(self._ledger, self._check_emergency).run(lines, after_commit)

    # -- what people decide -------------------------------------------------------------------------------------

    def add_note(self, cid: ConversationId, text: str) -> EventId:
        """Add an internal note, and empty the composer's note sheet in the same commit."""
        text = check_text(text)
        with self._ledger.lock:
            self._ledger.standing(cid)
            events = [NewEvent(cid, EventKind.NOTE_ADDED, {"text": text, "author": None})]
            if self._unsent(cid, ComposerTab.NOTE):
                events.append(_saved(cid, ComposerTab.NOTE, ""))
            return self._ledger.write_all(tuple(events), cid)[0].event_id

    def save_text(self, cid: ConversationId, tab: ComposerTab, text: str) -> None:
        """Keep unsent text; "" clears it. What is there already is not written again."""
        text = check_text(text, may_be_empty=True)
        with self._ledger.lock:
            self._ledger.standing(cid)
            if self._unsent(cid, tab) != text:
                self._ledger.write_all((_saved(cid, tab, text),), cid)

    def assign(self, cid: ConversationId, person_id: PersonId | None) -> None:
        """Give a conversation to somebody of the office, or to nobody."""
        if person_id is not None and not self._ledger.is_person(person_id):
            raise InvalidChoiceError(ChoiceFault.UNKNOWN_PERSON)
        if self._ledger.standing(cid).assigned_to != person_id:
            self._ledger.write(cid, EventKind.ASSIGNED, person_id=person_id)

    def set_urgency(self, cid: ConversationId, urgency: Urgency) -> None:
        """Set how urgent a conversation is."""
        if self._ledger.standing(cid).urgency is not urgency:
            self._ledger.write(cid, EventKind.URGENCY_SET, urgency=urgency.value)

    def raise_identity(self, cid: ConversationId, means: IdentityMeans | None) -> None:
        """Record how the desk knows who writes; None takes it back."""
        self._ledger.standing(cid)
        self._ledger.write(cid, EventKind.IDENTITY_RAISED, means="" if means is None else means.value)

    def snooze(self, cid: ConversationId, until_ms: int) -> None:
        """Put a conversation away until a time, or until the visitor writes again."""
        if until_ms <= self._ledger.now_ms():
            raise InvalidChoiceError(ChoiceFault.TIME_HAS_PASSED)
        self._ledger.standing(cid)
        self._ledger.write(cid, EventKind.SNOOZED, until_ms=until_ms)

    def mark_done(self, cid: ConversationId) -> None:
        """Put a conversation away for good, or until the visitor writes again."""
        if self._ledger.standing(cid).state is not ConversationState.DONE:
            self._ledger.write(cid, EventKind.MARKED_DONE)

    def reopen(self, cid: ConversationId) -> None:
        """Take a conversation back into the working list."""
        if self._ledger.standing(cid).state is not ConversationState.OPEN:
            self._ledger.write(cid, EventKind.REOPENED)

    def mark_seen(self, cid: ConversationId) -> None:
        """Note that a person has looked at everything that is there, also where nothing was new."""
        standing = self._ledger.standing(cid)
        self._trail.looked_at(cid)
        if standing.unread_count and standing.newest_received is not None:
            self._ledger.write(cid, EventKind.SEEN, up_to=standing.newest_received)

    def wake_snoozed(self) -> tuple[ConversationId, ...]:
        """Take back what was snoozed until now; ``inbox`` and ``counts`` do this first."""
        now_ms = self._ledger.now_ms()
        with self._ledger.lock:
            with self._ledger.reading() as connection:
                due = tuple(cid for cid in read_due(connection, now_ms) if not self._ledger.keys.is_walled_off(cid))
            self._ledger.write_each(tuple(NewEvent(cid, EventKind.REOPENED, {}) for cid in due))
        return due

    # -- proposals and replies ----------------------------------------------------------------------------------

    def record_proposal(self, cid: ConversationId, proposal: Proposal) -> None:
        """Keep a proposal as the one that this conversation offers.

        Raises:
            ChannelRefusedError: its patient has not agreed to the assistant, or does not any more.
        """
        if proposal.conversation_id not in {None, cid}:
            raise InvalidChoiceError(ChoiceFault.FOREIGN_PROPOSAL)
        with self._ledger.lock:
            self._ledger.standing(cid)
            if not self.may_propose(cid):
                raise ChannelRefusedError(ChannelFault.NO_CONSENT)
            self._ledger.write(cid, EventKind.DRAFT_PROPOSED, proposal=proposal_to_json(proposal))

    def may_propose(self, cid: ConversationId) -> bool:
        """Say whether a model may be given this conversation; see ``app.services.channel.facts``."""
        from app.services.channel.facts import may_propose  # noqa: PLC0415  not before the inbox is painted

        return may_propose(self._ledger, cid)

    def discard_proposal(self, cid: ConversationId, proposal_id: ProposalId, reason: str) -> None:
        """Put a proposal aside, with the reason that a person gave (may be "")."""
        reason = check_text(reason, may_be_empty=True)
        self._ledger.standing(cid)
        self._ledger.write(cid, EventKind.DRAFT_DISCARDED, proposal_id=proposal_id, reason=reason)

    def hold_reply(self, cid: ConversationId, text: str, proposal: Proposal | None) -> HeldReply:
        """Write a reply down; see ``Replies.hold``."""
        return self._replies.hold(cid, text, proposal)

    def recall_reply(self, held_id: EventId) -> str:
        """Take a held reply back; see ``Replies.recall``."""
        return self._replies.recall(held_id)

    def release_reply(self, held_id: EventId) -> EventId:
        """Send a held reply, once; see ``Replies.release``."""
        return self._replies.release(held_id)

    def recover_held(self) -> tuple[HeldReply, ...]:
        """Return the replies that a crash left unsent, each once; their text is back in the composer."""
        return self._replies.recover() if self._holds_keys else ()

    def recover_at_unlock(self) -> None:
        """Do the recovering right after unlocking; ``recover_held`` then tells."""
        if self._holds_keys:  # else it waits for somebody who does
            self._replies.recover_at_unlock()

    # -- approved answers ---------------------------------------------------------------------------------------

    def articles(self) -> tuple[Article, ...]:
        """Return the approved answers, by id."""
        with self._ledger.reading() as connection:
            return read_articles(connection, self._ledger.keys)

    def proposal_stands(self, proposal: Proposal) -> bool:
        """Return whether what a proposal rests on is still approved, valid today, and says what was quoted."""
        from app.services.proposing.standing import still_stands  # noqa: PLC0415  not before the inbox is painted

        today = datetime.fromtimestamp(self._ledger.now_ms() / 1000).astimezone().date()
        return still_stands(proposal, {article.article_id: article for article in self.articles()}, today)

    def approve_article(self, article: Article) -> None:
        """Take an approved answer, in place of an earlier one of the same id."""
        self._ledger.write(OFFICE, EventKind.ARTICLE_APPROVED, article=article_to_json(article))

    def approve_articles(self, articles: Iterable[Article]) -> None:
        """Take many approved answers in one commit."""
        events = tuple(
            NewEvent(OFFICE, EventKind.ARTICLE_APPROVED, {"article": article_to_json(article)}) for article in articles
        )
        if events:
            self._ledger.write_all(events, OFFICE)

    def withdraw_article(self, article_id: ArticleId) -> None:
        """Take an approved answer out of use."""
        self._ledger.write(OFFICE, EventKind.ARTICLE_WITHDRAWN, article_id=article_id)

    # -- upkeep -------------------------------------------------------------------------------------------------

    def rebuild_projections(self, progress: Progress = lambda _done, _total: None) -> None:
        """Build every table that screens read, and the search index, again from the log."""
        with self._ledger.lock:
            rebuild_projections(self._ledger.log, self._ledger.vault, progress)
        self._index.rebuild()
        self._ledger.tell(OFFICE)

    def catch_up_index(self, progress: Progress = lambda _done, _total: None) -> int:
        """Bring the search index up to date ahead of the next search; return how many events it had missed."""
        return self._index.catch_up(progress) if self._holds_keys else 0

    @property
    def _holds_keys(self) -> bool:
        return may_read_messages(self._ledger.person.role)

    def _unsent(self, cid: ConversationId, tab: ComposerTab) -> str:
        with self._ledger.reading() as connection:
            return read_unsent(connection, self._ledger.keys, cid, tab)


def _saved(cid: ConversationId, tab: ComposerTab, text: str) -> NewEvent:
    return NewEvent(cid, EventKind.TEXT_SAVED, {"tab": tab.value, "text": text})
