"""The page of retention and the sheet that erases, without widgets. One thread of its own: a run may take minutes."""

from dataclasses import dataclass, field, replace
from datetime import date

from PySide6.QtCore import QObject, Signal

from app.compliance.holds import Hold
from app.compliance.rules import RetentionRules
from app.domain.ids import ConversationId, EventId
from app.domain.roles import Right
from app.services.desk import Desk
from app.services.erasing.service import Erasure
from app.services.retention.service import RetentionPreview
from app.ui.background import BackgroundRunner
from app.ui.retention.state import SHOWN, RetentionState, Work


@dataclass(frozen=True, slots=True)
class _Read:
    preview: RetentionPreview
    holds: tuple[Hold, ...]
    names: dict[ConversationId, str] = field(repr=False)


class RetentionPresenter(QObject):
    """Asks the services and tells the page and the sheets."""

    #: Something changed; argument: ``RetentionState``.
    state_changed = Signal(object)
    #: What erasing one conversation would take; argument: ``ErasePreview``.
    looked = Signal(object)
    #: Conversations are gone; argument: ``Erasure``.
    erased = Signal(object)
    #: A hold was placed or released; argument: ``Hold``.
    held = Signal(object)
    #: Words were taken out of a message; argument: ``Redaction``.
    redacted = Signal(object)
    #: How a conversation is kept; arguments: conversation id, ``RetentionRules``, class id.
    class_looked = Signal(object, object, str)
    #: A conversation is kept otherwise now; arguments: conversation id, class id before, class id.
    classed = Signal(object, str, str)
    #: What may belong to a matter; arguments: conversation id, its contact's name, matches, ids that are held.
    matter_looked = Signal(object, str, object, object)
    #: Something could not be done; argument: code of the reason.
    failed = Signal(str)
    _progressed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        may_change = desk.why_not(Right.ERASE) is None
        self._state = RetentionState(may_change=may_change)
        self._work = BackgroundRunner("retention", self)
        self._progressed.connect(self._on_progressed)

    @property
    def state(self) -> RetentionState:
        """What was shown last."""
        return self._state

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self._work.close()

    def begin(self) -> None:
        """Make up for the certificate of an erasure that was interrupted, if there is one."""
        self._work.run(self._desk.erasure.finish_left, failed=self._on_failed)

    def look(self) -> None:
        """Read again what is due and what is held."""
        if self._state.work is Work.ERASING:
            return
        self._set(replace(self._state, work=Work.READING))
        self._work.run(self._read, done=self._on_read, failed=self._on_failed, topic="read")

    def look_at(self, cid: ConversationId) -> None:
        """Ask what erasing one conversation would take."""
        self._work.run(self._desk.erasure.look, cid, done=self.looked.emit, failed=self._on_failed)

    def sign(self, rules: RetentionRules) -> None:
        """Put the name of the person at the desk under ``rules``."""
        self._work.run(self._desk.retention.book.sign, rules, done=lambda _: self.look(), failed=self._on_failed)

    def sign_shown(self) -> None:
        """Put it under the rules that are shown, when nobody has yet."""
        preview = self._state.preview
        if preview is not None and not preview.in_force.is_signed:
            self.sign(preview.in_force.rules)

    def apply(self, digest: str, count: int, day: date | None) -> None:
        """Let go what was shown, by the number and the day that a person typed."""
        self._begin()
        self._work.run(
            lambda: self._desk.retention.apply(digest, confirmed_count=count, confirmed_day=day, progress=self._tell),
            done=self._on_erased,
            failed=self._on_failed,
        )

    def erase(self, cid: ConversationId) -> None:
        """Erase one conversation on request."""
        self._begin()
        self._work.run(
            lambda: self._desk.erasure.erase([cid], "request", progress=self._tell),
            done=self._on_erased,
            failed=self._on_failed,
        )

    def erase_all(self, ids: tuple[ConversationId, ...]) -> None:
        """Erase what belongs to one matter, with one certificate."""
        self._begin()
        self._work.run(
            lambda: self._desk.erasure.erase(ids, "request", progress=self._tell),
            done=self._on_erased,
            failed=self._on_failed,
        )

    def look_at_class(self, cid: ConversationId) -> None:
        """Ask how a conversation is kept; ``class_looked`` follows."""
        retention = self._desk.retention
        self._work.run(
            lambda: (retention.book.in_force().rules, retention.class_of(cid)),
            done=lambda found: self.class_looked.emit(cid, *found),
            failed=self._on_failed,
        )

    def classify(self, cid: ConversationId, before: str, class_id: str) -> None:
        """Keep a conversation as another class; ``classed`` follows."""
        self._work.run(
            self._desk.retention.classify,
            cid,
            class_id,
            done=lambda _none: self.classed.emit(cid, before, class_id),
            failed=self._on_failed,
        )

    def look_at_matter(self, cid: ConversationId, contact_name: str) -> None:
        """Ask what else bears the name; ``matter_looked`` follows."""
        desk = self._desk
        self._work.run(
            lambda: (desk.subjects.find(contact_name), desk.holds.held_ids()),
            done=lambda found: self.matter_looked.emit(cid, contact_name, *found),
            failed=self._on_failed,
        )

    def hold(self, cid: ConversationId, owner: str, reason: str, review_on: date) -> None:
        """Place a legal hold."""
        self._work.run(
            lambda: self._desk.holds.add(cid, owner=owner, reason=reason, review_on=review_on),
            done=self._on_held,
            failed=self._on_failed,
        )

    def redact(self, cid: ConversationId, event_id: EventId, span: tuple[int, int], reason: str) -> None:
        """Take words out of a message or note."""
        self._work.run(
            lambda: self._desk.redaction.redact(cid, event_id, span, reason=reason),
            done=self.redacted.emit,
            failed=self._on_failed,
        )

    def release(self, hold_id: EventId, reason: str) -> None:
        """Release a legal hold."""
        self._work.run(self._desk.holds.release, hold_id, reason, done=self._on_held, failed=self._on_failed)

    def _read(self) -> _Read:
        preview, holds = self._desk.retention.preview(), self._desk.holds.all()
        shown = [line.conversation_id for line in preview.plan.due[:SHOWN]]
        shown += [hold.conversation_id for hold in holds[:SHOWN]]
        names = self._desk.retention.names_of(shown) if self._desk.why_not(Right.READ_MESSAGES) is None else {}
        return _Read(preview, holds, names)

    def _on_read(self, read: _Read) -> None:
        self._set(replace(self._state, work=Work.NONE, preview=read.preview, holds=read.holds, names=read.names))

    def _begin(self) -> None:
        self._set(replace(self._state, work=Work.ERASING, fraction=None, problem=""))

    def _tell(self, done: int, total: int) -> None:
        self._progressed.emit(done / total if total else None)

    def _on_progressed(self, fraction: float | None) -> None:
        if self._state.work is Work.ERASING:
            self._set(replace(self._state, fraction=fraction))

    def _on_erased(self, erasure: Erasure) -> None:
        self._set(replace(self._state, work=Work.NONE, erased=erasure, problem=""))
        self.erased.emit(erasure)
        self.look()

    def _on_held(self, hold: Hold) -> None:
        self._set(replace(self._state, problem=""))
        self.held.emit(hold)
        self.look()

    def _on_failed(self, error: Exception) -> None:
        code = str(getattr(error, "code", "")) or type(error).__name__
        self._set(replace(self._state, work=Work.NONE, problem=code))
        self.failed.emit(code)

    def _set(self, state: RetentionState) -> None:
        self._state = state
        self.state_changed.emit(state)
