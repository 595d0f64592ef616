"""Walls and emergency access without widgets. One thread of its own, because a second password takes a second."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.ids import ConversationId, EventId, PersonId
from app.domain.office import Role
from app.domain.roles import Right
from app.domain.walls import Finding
from app.services.desk import Desk
from app.services.walls.emergency import Asked, Confirmed
from app.ui.background import BackgroundRunner
from app.ui.walls.state import AccessState

LOOK_MS = 2_000
"""How soon the screen notices that an access is over; the key is gone at its moment, whoever looks."""


class WallsPresenter(QObject):
    """Asks the services and tells page and sheets."""

    #: Something changed; argument: ``AccessState``.
    state_changed = Signal(object)
    #: The wall round a conversation was read; argument: ``WallView`` or None.
    looked = Signal(object)
    #: A wall was set or lowered; arguments: conversation id, whether the person at the desk still sees it.
    moved = Signal(object, bool)
    #: A second person has proved to be here; argument: ``Confirmed``.
    confirmed = Signal(object)
    #: Somebody got in; argument: ``Access``.
    opened = Signal(object)
    #: Access is over; argument: conversation ids.
    over = Signal(object)
    #: An access was judged; no argument.
    reviewed = Signal()
    #: Something was refused; argument: the exception.
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        may = {right: desk.why_not(right) is None for right in Right}
        self._state = AccessState(
            may_see=may[Right.READ_AUDIT_LOG],
            may_ask=may[Right.ASK_EMERGENCY_ACCESS],
            may_review=may[Right.REVIEW_EMERGENCY_ACCESS],
            may_set_limits=may[Right.SET_IDLE_LIMITS],
        )
        self._work = BackgroundRunner("access", self)
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self.look_for_end)

    @property
    def state(self) -> AccessState:
        """What was shown last."""
        return self._state

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self._clock.stop()
        self._work.close()

    def refresh(self) -> None:
        """Read again who got in, and the limits."""
        self._work.run(self._read, done=self._set, failed=self.failed.emit, topic="read")

    def look(self, cid: ConversationId) -> None:
        """Read the wall round a conversation; ``looked`` follows."""
        self._work.run(self._desk.walls.of, cid, done=self.looked.emit, failed=self.failed.emit)

    def set_wall(self, cid: ConversationId, people: Sequence[PersonId]) -> None:
        """Set or move a wall; ``moved`` follows."""
        is_within = self._desk.person.person_id in people
        self._work.run(
            self._desk.walls.set,
            cid,
            people,
            done=lambda _view: self.moved.emit(cid, is_within),
            failed=self.failed.emit,
        )

    def lower_wall(self, cid: ConversationId) -> None:
        """Take a wall away; ``moved`` follows."""
        self._work.run(
            self._desk.walls.lower, cid, done=lambda _none: self.moved.emit(cid, True), failed=self.failed.emit
        )

    def confirm(self, asked: Asked, person_id: PersonId, password: str, code: str) -> None:
        """Let the second person prove to be here; ``confirmed`` or ``failed`` follows."""
        emergency = self._desk.emergency
        self._work.run(
            lambda: emergency.confirm(asked, person_id, password, code),
            done=self.confirmed.emit,
            failed=self.failed.emit,
        )

    def open(self, confirmed: Confirmed, cid: ConversationId) -> None:
        """Let the person at the desk in; ``opened`` follows."""
        self._work.run(self._desk.emergency.open, confirmed, cid, done=self._on_opened, failed=self.failed.emit)

    def end(self) -> None:
        """Close every door that stands open at this desk."""
        self._work.run(self._end_all, done=self._on_over, failed=self.failed.emit)

    def review(self, access_id: EventId, finding: Finding, note: str) -> None:
        """Judge an access; ``reviewed`` follows."""
        self._work.run(
            self._desk.emergency.review,
            access_id,
            finding,
            note,
            done=lambda _access: self._on_reviewed(),
            failed=self.failed.emit,
        )

    def set_limits(self, limits_s: Mapping[Role, int]) -> None:
        """Put these limits into force."""
        self._work.run(
            self._desk.idle_limits.set, dict(limits_s), done=lambda _none: self.refresh(), failed=self.failed.emit
        )

    def look_for_end(self) -> None:
        """See whether an access is over."""
        over = self._desk.emergency.sweep()
        if over:
            self._on_over(over)

    def _end_all(self) -> tuple[ConversationId, ...]:
        running = self._desk.emergency.running
        for access in running:
            self._desk.emergency.end(access.access_id)
        return tuple(access.conversation_id for access in running)

    def _read(self) -> AccessState:
        desk = self._desk
        return replace(
            self._state,
            accesses=desk.emergency.accesses() if self._state.may_see else (),
            names=desk.ledger.names,
            limits_s=desk.idle_limits.limits_s(),
            is_loaded=True,
        )

    def _on_opened(self, access: object) -> None:
        self._clock.start()
        self.opened.emit(access)
        self.refresh()

    def _on_over(self, ids: tuple[ConversationId, ...]) -> None:
        if not self._desk.emergency.running:
            self._clock.stop()
        self.over.emit(ids)
        self.refresh()

    def _on_reviewed(self) -> None:
        self.reviewed.emit()
        self.refresh()

    def _set(self, state: AccessState) -> None:
        self._state = state
        self.state_changed.emit(state)
