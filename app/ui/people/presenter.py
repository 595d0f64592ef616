"""The page of people without widgets. One thread of its own, because every new password takes a second."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.ids import PersonId
from app.domain.roles import Right
from app.services.desk import Desk
from app.services.people.service import Added, PersonAct
from app.ui.background import BackgroundRunner
from app.ui.lock.refusals import explain
from app.ui.people.state import Farewell, PeopleState, PersonForm

if TYPE_CHECKING:
    from app.ui.people.papers import VaultOnPaper


class PeoplePresenter(QObject):
    """Asks the service and tells page and sheets."""

    #: Something changed; argument: ``PeopleState``.
    state_changed = Signal(object)
    #: Somebody got a one-time password; argument: ``Added``.
    given = Signal(object)
    #: Somebody was changed; no argument.
    changed = Signal()
    #: Whom somebody thinks of letting go; argument: ``Farewell``.
    looked = Signal(object)
    #: Somebody was let go, and the vault has to close for its new key; no argument.
    let_go = Signal()
    #: Recovery shares were made; argument: their words, a tuple.
    shared = Signal(object)
    #: What somebody typed from paper was tried; argument: ``Refusal`` or None when it opened the vault.
    paper_tried = Signal(object)
    #: The next administrator who signs in gets a new recovery code; no argument.
    renewal_asked = Signal()
    #: Something could not be done; argument: code of the reason.
    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        reason = desk.why_not(Right.MANAGE_PEOPLE)
        self._state = PeopleState(me=desk.person.person_id, no_adding="" if reason is None else reason.value)
        self._work = BackgroundRunner("people", self)

    @property
    def state(self) -> PeopleState:
        """What was shown last."""
        return self._state

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self._work.close()

    def look(self) -> None:
        """Read again who is here."""
        self._work.run(self._read, done=self._set, failed=self._on_failed, topic="read")

    def add(self, form: PersonForm) -> None:
        """Let somebody in; ``given`` or ``failed`` follows."""
        self._begin()
        people = self._desk.membership
        self._work.run(people.add, form.name, form.role, form.licence, done=self._on_given, failed=self._on_failed)

    def change(self, person_id: PersonId, form: PersonForm) -> None:
        """Give somebody another name, role or licence."""
        self._begin()
        people = self._desk.membership
        self._work.run(
            lambda: people.change(person_id, name=form.name, role=form.role, licence=form.licence),
            done=self._on_changed,
            failed=self._on_failed,
        )

    def reset(self, person_id: PersonId) -> None:
        """Give somebody who forgot theirs a one-time password."""
        self._begin()
        self._work.run(self._desk.membership.reset, person_id, done=self._on_given, failed=self._on_failed)

    def look_at(self, person_id: PersonId) -> None:
        """Ask what letting somebody go would mean; ``looked`` follows."""
        self._work.run(self._farewell, person_id, done=self.looked.emit, failed=self._on_failed)

    def disable(self, person_id: PersonId) -> None:
        """Let somebody go."""
        self._begin()
        self._work.run(self._desk.membership.disable, person_id, done=self._on_let_go, failed=self._on_failed)

    def vault_on_paper(self) -> "VaultOnPaper":
        """Return what every sheet of paper of this vault says of it."""
        from app.ui.people.papers import VaultOnPaper  # noqa: PLC0415  loads the printers

        today = datetime.fromtimestamp(self._desk.ledger.now_ms() / 1000).astimezone().date()
        return VaultOnPaper(self._desk.office.name, self._desk.vault.vault_id, today)

    def make_shares(self) -> None:
        """Make recovery shares; those of before open nothing any more."""
        self._begin()
        self._work.run(self._desk.membership.make_shares, done=self._on_shared, failed=self._on_failed)

    def prove(self, untrusted_text: str) -> None:
        """Try what somebody typed from paper; ``paper_tried`` follows."""
        self._work.run(self._desk.recovery.prove, untrusted_text, done=self._on_proven, failed=self._on_not_proven)

    def ask_for_renewal(self) -> None:
        """Have the next administrator who signs in print a new recovery code; ``renewal_asked`` follows."""
        ask = self._desk.recovery.ask_for_renewal
        self._work.run(ask, done=lambda _nothing: self.renewal_asked.emit(), failed=self._on_failed)

    def _read(self) -> PeopleState:
        service = self._desk.membership
        people = service.list()
        ids = [member.person.person_id for member in people.members]
        refusals = {(one, act): service.why_not(act, one) or "" for one in ids for act in PersonAct}
        paper = self._desk.recovery.state()
        return replace(self._state, people=people, paper=paper, refusals=refusals, is_busy=False)

    def _farewell(self, person_id: PersonId) -> Farewell:
        service = self._desk.membership
        person = next(one.person for one in service.list().members if one.person.person_id == person_id)
        return Farewell(person, service.open_conversations_of(person_id))

    def _begin(self) -> None:
        self._set(replace(self._state, is_busy=True, problem=""))

    def _on_given(self, added: Added) -> None:
        self.given.emit(added)
        self.look()

    def _on_changed(self, _person: object) -> None:
        self.changed.emit()
        self.look()

    def _on_let_go(self, _count: int) -> None:
        self.let_go.emit()

    def _on_shared(self, shares: tuple[str, ...]) -> None:
        self.shared.emit(shares)
        self.look()

    def _on_proven(self, _kind: object) -> None:
        self.paper_tried.emit(None)
        self.look()

    def _on_not_proven(self, error: Exception) -> None:
        self.paper_tried.emit(explain(error))

    def _on_failed(self, error: Exception) -> None:
        code = str(getattr(error, "code", "store_failed"))
        self._set(replace(self._state, is_busy=False, problem=code))
        self.failed.emit(code)

    def _set(self, state: PeopleState) -> None:
        self._state = state
        self.state_changed.emit(state)
