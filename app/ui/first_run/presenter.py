"""Decides what the wizard does; knows no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from app.crypto.passwords import PasswordVerdict, check_password
from app.domain.office import Sector
from app.services.desk import Desk
from app.ui.background import BackgroundRunner
from app.ui.first_run.code_check import choose_groups, split_groups, with_typed
from app.ui.first_run.creation import Creation, Stage, create_vault, prove_code, remove_new_vault, renew_code
from app.ui.first_run.machine import MachineFacts, inspect, judge
from app.ui.first_run.steps import Answers, Start, Step, step_after, step_before
from app.ui.first_run.try_out_run import TryOutRun, close_model
from app.ui.lock.ports import Opened, OpeningParts
from app.ui.lock.refusals import Refusal, explain


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What became of the typed groups; without a refusal the recovery slot was opened with them."""

    refusal: Refusal | None


class FirstRunPresenter(QObject):
    """The wizard's mind: which page, which answers, and the work between them."""

    #: Another page is wanted; argument: ``Step``.
    step_changed = Signal(object)
    #: Making the vault goes on; argument: ``Stage``.
    creation_moved = Signal(object)
    #: The vault could not be made; argument: ``Refusal``. The person is back on the page before.
    creation_refused = Signal(object)
    #: The typed groups were tried; argument: ``CodeCheck``.
    code_checked = Signal(object)
    #: The machine was inspected; argument: a tuple of ``Finding``.
    machine_inspected = Signal(object)
    #: The first proposal has changed; argument: ``TryOutView``.
    try_out_changed = Signal(object)
    #: The person is done; argument: ``Opened``.
    opened = Signal(object)
    _told = Signal(object)

    def __init__(self, parts: OpeningParts, runner: BackgroundRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._runner = runner
        self._step = Step.WELCOME
        self._answers = Answers()
        self._desk: Desk | None = None
        self._groups: tuple[str, ...] = ()
        self._asked: tuple[int, ...] = ()
        self._is_code_proven = False
        self._is_resumed = False
        self._try_out: TryOutRun | None = None
        # Emitted on the store thread, received on ours.
        self._told.connect(self._on_told)

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return self._step

    @property
    def answers(self) -> Answers:
        """What the person has said so far."""
        return self._answers

    @property
    def desk(self) -> Desk | None:
        """The open desk, once the vault is made."""
        return self._desk

    @property
    def recovery_groups(self) -> tuple[str, ...]:
        """The recovery code in its groups; empty before the vault is made and after the wizard has ended."""
        return self._groups

    @property
    def asked_groups(self) -> tuple[int, ...]:
        """The numbers (from 1) of the groups to be typed from the paper."""
        return self._asked

    @property
    def is_code_proven(self) -> bool:
        """True when the recovery slot was opened with what the person typed."""
        return self._is_code_proven

    @property
    def is_resumed(self) -> bool:
        """True when an earlier run was left before the paper was proved, and only that is still to be done."""
        return self._is_resumed

    def resume(self, desk: Desk) -> None:
        """Go on with a vault whose paper was not proved: it gets another code; ``step_changed`` or ``opened`` follows.

        Where no code can be made (a full disk), the desk is opened all the same: it was unlocked.
        """
        self._is_resumed, self._desk = True, desk
        self._runner.run(renew_code, desk, done=self._on_created, failed=lambda _error: self.finish())

    def choose_sector(self, sector: Sector) -> None:
        """Remember the kind of office."""
        self._answers = replace(self._answers, sector=sector)

    def choose_start(self, start: Start) -> None:
        """Remember what the vault holds at first."""
        self._answers = replace(self._answers, start=start)

    def name_office(self, name: str) -> None:
        """Remember the name of the office."""
        self._answers = replace(self._answers, office_name=" ".join(name.split()))

    def judge_password(self, password: str, person_name: str) -> PasswordVerdict:
        """Say how good a password is; the names of person and office count as easy to guess."""
        context = [name for name in (person_name, self._answers.office_name) if name]
        return check_password(password, context)

    def go_on(self) -> None:
        """Show the next page; where only the paper was still to be proved, that was the last one."""
        if self._is_resumed and self._step is Step.CODE_CHECK:
            self.finish()
        else:
            self._show(step_after(self._step, self._answers))

    def can_go_back(self) -> bool:
        """Return True where the page before can be shown again."""
        return step_before(self._step, self._answers) is not None

    def go_back(self) -> None:
        """Show the page before; nothing that was answered is lost."""
        before = step_before(self._step, self._answers)
        if before is not None:
            self._show(before)

    def create(self, person_name: str, password: str) -> None:
        """Make the vault; ends on the recovery code, or back on the page before with ``creation_refused``."""
        self._answers = replace(self._answers, person_name=" ".join(person_name.split()))
        self._show(Step.CREATING)
        self._runner.run(
            create_vault,
            self._parts,
            self._answers,
            password,
            self._told.emit,
            done=self._on_created,
            failed=self._on_creation_failed,
        )

    def start_over(self) -> None:
        """Delete the vault that was just made and ask again; only before anybody worked with it."""
        if self._desk is None or self._step is not Step.CODE or self._is_resumed:
            return
        desk, self._desk = self._desk, None
        self._groups = ()
        self._show(Step.PERSON)
        self._runner.run(remove_new_vault, desk, self._parts.vault_dir)

    def check_code(self, untrusted_typed: Mapping[int, str]) -> None:
        """Open the recovery slot with the code in which the typed groups stand in their places."""
        if self._desk is None:
            return
        code = with_typed(self._groups, untrusted_typed)
        self._runner.run(prove_code, self._desk, code, done=self._on_code_opened, failed=self._on_code_refused)

    def try_again(self) -> None:
        """Write the first proposal anew."""
        self._begin_try_out()

    def stop_try_out(self) -> None:
        """Stop writing; the words so far stay."""
        if self._try_out is not None:
            self._try_out.stop()

    def finish(self) -> None:
        """Hand the open desk over; the recovery code is forgotten."""
        if self._desk is None:
            return
        self._groups = ()
        model = self._try_out.end() if self._try_out is not None else None
        desk, self._desk = self._desk, None
        self.opened.emit(Opened(desk, model))

    def abandon(self) -> None:
        """Close what is open; the vault stays as it is and asks for its password next time."""
        desk, self._desk = self._desk, None
        self._groups = ()
        model = self._try_out.end() if self._try_out is not None else None
        if model is not None:
            self._runner.run(close_model, model)
        if desk is not None:
            self._runner.run(desk.close)

    def _show(self, step: Step) -> None:
        self._step = step
        self.step_changed.emit(step)
        if step is Step.MACHINE:
            self._runner.run(inspect, self._parts.vault_dir, done=self._on_inspected)
        if step is Step.TRY_OUT and self._try_out is None:
            self._begin_try_out()

    def _begin_try_out(self) -> None:
        if self._desk is None:
            return
        if self._try_out is None:
            self._try_out = TryOutRun(self._parts, self._runner, self._desk, self)
            self._try_out.changed.connect(self.try_out_changed)
        self._try_out.begin()

    @Slot(object)
    def _on_told(self, stage: Stage) -> None:
        self.creation_moved.emit(stage)

    def _on_created(self, creation: Creation) -> None:
        self._desk = creation.desk
        self._groups = split_groups(creation.recovery_code)
        self._asked = choose_groups(len(self._groups))
        self._is_code_proven = False
        self._show(Step.CODE)

    def _on_creation_failed(self, error: Exception) -> None:
        self._show(Step.PERSON)
        self.creation_refused.emit(explain(error))

    def _on_code_opened(self, _nothing: object) -> None:
        self._is_code_proven = True
        self.code_checked.emit(CodeCheck(None))

    def _on_code_refused(self, error: Exception) -> None:
        self.code_checked.emit(CodeCheck(explain(error)))

    def _on_inspected(self, facts: MachineFacts) -> None:
        self.machine_inspected.emit(judge(facts))
