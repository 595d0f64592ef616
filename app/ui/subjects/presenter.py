"""The page of requests without widgets. One thread of its own: finding a person reads every name."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.compliance.subject_requests import Outcome, RequestKind, SubjectRequest
from app.domain.conversation import IdentityMeans
from app.domain.ids import ConversationId, EventId
from app.services.desk import Desk
from app.services.evidence.subjects import Match
from app.ui.background import BackgroundRunner
from app.ui.subjects.paper import write_pdf


@dataclass(frozen=True, slots=True)
class RequestsState:
    """The register, and the names that are still there by conversation."""

    register: tuple[SubjectRequest, ...] = ()
    names: dict[ConversationId, str] = field(default_factory=dict, repr=False)
    today: date = date.min

    def name_of(self, request: SubjectRequest) -> str:
        """Who asked, as long as one of the conversations is there; else empty."""
        return next((self.names[cid] for cid in request.conversation_ids if cid in self.names), "")


class SubjectsPresenter(QObject):
    """Asks the service and tells the page."""

    #: The register was read; argument: ``RequestsState``.
    state_changed = Signal(object)
    #: People of a name were looked for; argument: tuple of ``Match``.
    found = Signal(object)
    #: A request was noted; argument: ``SubjectRequest``.
    taken = Signal(object)
    #: Everything is in a file; argument: ``Path``.
    written = Signal(object)
    #: Conversations were erased; argument: how many.
    erased = Signal(int)
    #: Something could not be done; argument: the exception.
    failed = Signal(object)

    def __init__(self, desk: Desk, family: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._family = family
        self._runner = BackgroundRunner("subjects", self)

    def close(self) -> None:
        """End the thread."""
        self._runner.close()

    def refresh(self) -> None:
        """Read the register."""
        self._runner.run(self._read, done=self.state_changed.emit, failed=self.failed.emit, topic="read")

    def find(self, name: str) -> None:
        """Look for people who are called so."""
        self._runner.run(self._desk.subjects.find, name, done=self._on_found, failed=self.failed.emit, topic="find")

    def take(self, kind: RequestKind, ids: tuple[ConversationId, ...], means: IdentityMeans, country: str) -> None:
        """Note a request."""
        self._run(lambda: self._desk.subjects.take(kind, ids, means, country), self.taken.emit)

    def finish(self, request_id: EventId, outcome: Outcome) -> None:
        """Note how a request ended."""
        self._run(lambda: self._desk.subjects.close(request_id, outcome), lambda _request: None)

    def write(self, ids: tuple[ConversationId, ...], file: Path, *, has_notes: bool) -> None:
        """Put everything about these conversations into a PDF, or into JSON when the file is called so."""
        self._run(lambda: self._write(ids, file, has_notes=has_notes), self.written.emit)

    def erase(self, ids: tuple[ConversationId, ...]) -> None:
        """Erase them for good."""
        self._run(lambda: len(self._desk.erasure.erase(ids, "request").certificate.conversation_ids), self.erased.emit)

    def _run(self, work: object, done: object) -> None:
        def then(result: object) -> None:
            done(result)  # type: ignore[operator]
            self.refresh()

        self._runner.run(work, done=then, failed=self.failed.emit)  # type: ignore[arg-type]

    def _read(self) -> RequestsState:
        register = self._desk.subjects.register()
        wanted = {cid for request in register for cid in request.conversation_ids}
        return RequestsState(register, self._desk.subjects.names_of(wanted), self._desk.subjects.today())

    def _on_found(self, matches: tuple[Match, ...]) -> None:
        self.found.emit(matches)

    def _write(self, ids: tuple[ConversationId, ...], file: Path, *, has_notes: bool) -> Path:
        copied = self._desk.subjects.copy(ids)
        if file.suffix == ".json":
            self._desk.subjects.write_json(copied, file)
        else:
            write_pdf(file, copied, has_notes=has_notes, family=self._family)
        return file
