"""Runs the first proposal beside the GUI thread and shows it as it grows."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services.desk import Desk
from app.services.drafting.drafter import DraftFailedError
from app.services.ports import FramedModel, ProblemCode
from app.ui.background import BackgroundRunner
from app.ui.first_run.try_out import (
    Question,
    StopWish,
    TryOutState,
    TryOutView,
    ViewListener,
    choose_question,
    draft_sample,
)
from app.ui.lock.ports import OpeningParts

if TYPE_CHECKING:
    from app.services.proposing.runs import ProposalRun
    from app.services.proposing.service import ProposalService


def close_model(model: FramedModel) -> None:
    """End the process of a model that has one."""
    stop = getattr(model, "stop", None)
    if callable(stop):
        stop()


class TryOutRun(QObject):
    """Starts the model once, then writes one proposal as often as it is asked to."""

    #: The view has changed; argument: ``TryOutView``.
    changed = Signal(object)
    _moved = Signal(int, object)

    def __init__(self, parts: OpeningParts, runner: BackgroundRunner, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._runner, self._desk = parts, runner, desk
        self._question: Question | None = None
        self._proposals: ProposalService | None = None
        self._proposal_run: ProposalRun | None = None
        self._stop = StopWish()
        self._round = 0
        self.model: FramedModel | None = None
        """The model when it runs; it goes to the main window afterwards."""
        # Emitted on threads of the drafting side, received on ours.
        self._moved.connect(self._on_moved)

    def begin(self) -> None:
        """Write the proposal (anew); what an earlier round still says is ignored."""
        self.stop()
        self._round += 1
        self.changed.emit(self._first_view())
        self._runner.run(self._prepare, done=self._on_prepared, failed=self._on_failed)

    def stop(self) -> None:
        """Stop writing."""
        self._stop.cancel()
        if self._proposal_run is not None:
            self._proposal_run.cancel()
            self._proposal_run = None

    def end(self) -> FramedModel | None:
        """Stop for good and return the model, which goes on with whoever takes it."""
        self._round += 1
        self.stop()
        if self._proposals is not None:
            self._runner.run(self._proposals.close)
            self._proposals = None
        return self.model

    def _prepare(self) -> Question:
        office = self._desk.office
        if self.model is None:
            self.model = self._parts.open_model(office)
        return self._question or choose_question(self._desk, self._parts.demo_dir(office.sector))

    def _on_prepared(self, question: Question) -> None:
        self._question = question
        view = self._first_view()
        self.changed.emit(view)
        if self.model is None:
            self.changed.emit(replace(view, state=TryOutState.FAILED, problem=ProblemCode.NO_MODEL))
            return
        number = self._round
        listener = ViewListener(view, lambda moved: self._moved.emit(number, moved))
        if question.conversation_id is not None:
            if self._proposals is None:
                self._proposals = self._parts.make_proposals(self._desk, self.model)
            self._proposal_run = self._proposals.request(question.conversation_id, listener)
            return
        self._stop = StopWish()
        self._runner.run(
            draft_sample,
            question,
            self._desk.office.sector,
            self.model,
            listener,
            self._stop,
            done=listener.proposal_ready,
            failed=self._on_failed,
        )

    def _on_failed(self, error: Exception) -> None:
        code = error.code if isinstance(error, DraftFailedError) else None
        self.changed.emit(replace(self._first_view(), state=TryOutState.FAILED, problem=code))

    def _first_view(self) -> TryOutView:
        if self._question is None:
            return TryOutView()
        asked = self._question
        is_sample = asked.conversation_id is None
        return TryOutView(contact_name=asked.contact_name, is_sample=is_sample, question=asked.text)

    @Slot(int, object)
    def _on_moved(self, number: int, view: TryOutView) -> None:
        if number == self._round:
            self.changed.emit(view)
