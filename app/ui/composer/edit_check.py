"""Facts that a person typed and no source holds, marked lightly after a pause; looked up off the GUI thread.

Never in the way of a person's own words: only a text that began as a proposal is looked at, and a mark blocks nothing.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.conversation import ComposerTab, ItemKind, Thread
from app.domain.facts import FactMark
from app.domain.proposal import ProposalAction, SourceRef
from app.ui.background import BackgroundRunner
from app.ui.composer.presenter import ComposerPresenter

PAUSE_MS = 300
"""From the last key to the look-up."""


class EditCheck(QObject):
    """Follows the reply of one composer."""

    #: The marks of the text in the editor; arguments: the text they belong to, tuple of ``FactMark`` without a source.
    marked = Signal(str, object)

    def __init__(self, composer: ComposerPresenter, runner: BackgroundRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composer = composer
        self._runner = runner
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        composer.text_replaced.connect(lambda _texts: self.touched())

    def touched(self) -> None:
        """The text changed: take the marks away and look again when the hand rests."""
        self.marked.emit("", ())
        self._pause.start()

    def _look_up(self) -> None:
        base, thread = self._composer.base, self._composer.followed
        text = self._composer.text(ComposerTab.REPLY)
        if base is None or base.action is not ProposalAction.PROPOSE or thread is None or not text.strip():
            return
        self._runner.run(
            _unheld, text, base.sources, _said(thread), done=lambda marks: self._tell(text, marks), topic="edit"
        )

    def _tell(self, text: str, marks: tuple[FactMark, ...]) -> None:
        if text == self._composer.text(ComposerTab.REPLY):
            self.marked.emit(text, marks)


def _unheld(text: str, sources: tuple[SourceRef, ...], thread: tuple[str, ...]) -> tuple[FactMark, ...]:
    from app.services.drafting.fact_marks import check_edit  # noqa: PLC0415  not before the inbox is painted

    return tuple(fact for fact in check_edit(text, sources, thread) if not fact.is_supported)


def _said(thread: Thread) -> tuple[str, ...]:
    """What was said in the conversation, and who it is with: "Dear Ms Alvarado" needs no source when she writes."""
    return (thread.contact_name, *(item.text for item in thread.items if item.kind is ItemKind.MESSAGE))
