"""What would leave, without widgets: asks for it on a thread of its own, and turns corrections into rules.

The worker may take long; a newer wish ends an older one, and the window never waits. Rules are written on the store's
thread, in the order in which they were wanted.
"""

import threading
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.domain.ids import ConversationId
from app.services.anonymising.rule_records import RuleDraft, RuleKind
from app.services.anonymising.rules import Correction, Stretch
from app.services.anonymising.view import LeavingView
from app.services.anonymising.view_records import LeavingThread
from app.ui.anonymise.state import Chosen, LeavingState, Phase, Selected
from app.ui.background import BackgroundRunner
from app.ui.components.untrusted import readable_line
from app.ui.shell.steps import Step, StepKeeper

MAX_NAMED_CHARS = 40
REST_MS = 120_000
"""After the page was left, before the worker's memory is freed; opening it again takes two seconds then."""


class LeavingPresenter(QObject):
    """Asks the services and tells the views."""

    #: Something changed; argument: ``LeavingState``.
    state_changed = Signal(object)
    #: How many messages of how many are done. Emitted on the working thread.
    progressed = Signal(int, int)
    #: A correction is stored; argument: ``Correction``.
    corrected = Signal(object)
    #: A correction or a rule could not be stored; argument: the exception.
    refused = Signal(object)
    #: The way back is stored, and this text may be taken along; argument: the text.
    copy_ready = Signal(str)
    #: Who a stand-in is; arguments: the stand-in, what it stands for or "".
    identified = Signal(str, str)

    def __init__(
        self, view: LeavingView, store_runner: BackgroundRunner, steps: StepKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._store = store_runner
        self._steps = steps
        self._runner: BackgroundRunner | None = None
        self._stop = threading.Event()
        self._state = LeavingState()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._free)

    @property
    def state(self) -> LeavingState:
        """What is known now."""
        return self._state

    def close(self) -> None:
        """Stop what runs, and end the thread."""
        self._stop.set()
        if self._runner is not None:
            self._runner.close()

    # -- showing ------------------------------------------------------------------------------------------------

    def show(self, conversation_id: ConversationId | None) -> None:
        """Show a conversation, worked out anew; None shows that none is open."""
        self._rest.stop()
        if conversation_id is None:
            self._stop.set()
            self._set(LeavingState(profile=self._state.profile))
            return
        same = self._state.thread if conversation_id == self._state.conversation_id else None
        self._set(replace(self._state, conversation_id=conversation_id, thread=same))
        self._work()

    def use_profile(self, profile: Profile) -> None:
        """Show by another profile."""
        if profile is not self._state.profile:
            self._set(replace(self._state, profile=profile))
            if self._state.conversation_id is not None:
                self._work()

    def again(self) -> None:
        """Work it out once more."""
        self.show(self._state.conversation_id)

    def leave(self) -> None:
        """Nobody looks any more: stop, and free the worker's memory after a while."""
        self.stop()
        self._rest.start()

    def stop(self) -> bool:
        """Stop what is being worked out; False when nothing is."""
        if self._state.phase is not Phase.WORKING:
            return False
        self._stop.set()
        self._set(replace(self._state, phase=Phase.STOPPED))
        return True

    def _work(self) -> None:
        self._stop.set()
        stop = self._stop = threading.Event()
        cid, profile = self._state.conversation_id, self._state.profile
        assert cid is not None
        self._set(replace(self._state, phase=Phase.WORKING, problem=None))
        self._own_runner().run(
            lambda: self._view.show(cid, profile, on_progress=self.progressed.emit, is_stopped=stop.is_set),
            done=lambda thread: self._on_shown(stop, thread),
            failed=lambda error: self._on_failed(stop, error),
            topic="leaving",
        )

    def _on_shown(self, stop: threading.Event, thread: LeavingThread) -> None:
        if not stop.is_set():
            self._set(replace(self._state, phase=Phase.SHOWN, thread=thread))

    def _on_failed(self, stop: threading.Event, error: Exception) -> None:
        if not stop.is_set():
            self._set(replace(self._state, phase=Phase.FAILED, thread=None, problem=error))

    # -- correcting ---------------------------------------------------------------------------------------------

    def mark_miss(self, selected: Selected, label: Label) -> None:
        """Find these words from now on."""
        self._learn(
            RuleDraft(RuleKind.FIND, selected.said, label),
            Stretch(self._cid, selected.message.event_id, selected.start, selected.end),
            _tr("{said} is found from now on, in every conversation"),
        )

    def lift(self, chosen: Chosen, *, is_confirmed: bool = False) -> None:
        """Let these words through from now on."""
        everywhere = _tr("{said} is let through from now on")
        self._learn(
            RuleDraft(RuleKind.LIFT, chosen.said, chosen.mark.label),
            Stretch(self._cid, chosen.message.event_id, chosen.mark.start, chosen.mark.end),
            _tr("{said} is let through in this conversation") if is_confirmed else everywhere,
            is_confirmed=is_confirmed,
        )

    def _learn(self, draft: RuleDraft, where: Stretch, words: str, *, is_confirmed: bool = False) -> None:
        named = words.format(said=f"\u201c{readable_line(draft.text, MAX_NAMED_CHARS)}\u201d")
        self._store.run(
            lambda: self._view.rules.learn(draft, where, is_confirmed=is_confirmed),
            done=lambda made: self._on_learnt(made, named),
            failed=self.refused.emit,
        )

    def _on_learnt(self, made: Correction, words: str) -> None:
        self._steps.take(Step(words, lambda: self._take_back(made)))
        self.corrected.emit(made)
        self.again()

    def _take_back(self, made: Correction) -> None:
        self._store.run(self._view.rules.take_back, made, done=lambda _none: self.again(), failed=self.refused.emit)

    # -- taking along ------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Store the way back, then offer the text; what leaves without a way back could not be traced any more."""
        thread = self._state.thread
        if thread is not None and self._state.phase is Phase.SHOWN:
            self._store.run(
                self._view.keep_mapping,
                thread,
                done=lambda _none: self.copy_ready.emit(thread.leaving_text),
                failed=self.refused.emit,
            )

    def identify(self, stand_in: str) -> None:
        """Look who a stand-in of a text that left is: here first, then in what was kept."""
        thread = self._state.thread
        if thread is None or not stand_in:
            return
        said = thread.mapping.get(stand_in)
        if said is not None:
            self.identified.emit(stand_in, said)
            return
        self._store.run(
            self._view.who_is,
            thread.conversation_id,
            stand_in,
            done=lambda kept: self.identified.emit(stand_in, kept or ""),
            failed=self.refused.emit,
        )

    def _free(self) -> None:
        if self._runner is not None:
            self._runner.run(self._view.rest)

    # -- private ------------------------------------------------------------------------------------------------

    @property
    def _cid(self) -> ConversationId:
        assert self._state.conversation_id is not None, "corrections are made in a conversation"
        return self._state.conversation_id

    def _own_runner(self) -> BackgroundRunner:
        if self._runner is None:
            self._runner = BackgroundRunner("anonymiser", self)
        return self._runner

    def _set(self, state: LeavingState) -> None:
        self._state = state
        self.state_changed.emit(state)


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
