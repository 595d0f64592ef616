"""Unsent text of the open conversation, stored a moment after every edit and at once when the person turns away."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.conversation import ComposerTab
from app.domain.ids import ConversationId
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService

SAVE_MS = 500
"""From the last edit to the durable save."""


class UnsentTexts(QObject):
    """Both tabs of one conversation at a time."""

    #: A text could not be stored; argument: the exception.
    failed = Signal(object)

    def __init__(
        self, conversations: "ConversationService", runner: BackgroundRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self._conversation_id: ConversationId | None = None
        self._texts: dict[ComposerTab, str] = {}
        self._unsaved: set[ComposerTab] = set()
        self._save = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._save.timeout.connect(self.flush)

    def follow(self, conversation_id: ConversationId | None, reply: str = "", note: str = "") -> None:
        """Store what is unsaved of the conversation before, and hold these texts now."""
        self.flush()
        self._conversation_id = conversation_id
        self._texts = {ComposerTab.REPLY: reply, ComposerTab.NOTE: note}

    def __getitem__(self, tab: ComposerTab) -> str:
        return self._texts.get(tab, "")

    def edited(self, tab: ComposerTab, text: str) -> None:
        """Hold this text and store it soon."""
        self._texts[tab] = text
        self._unsaved.add(tab)
        self._save.start()

    def hold(self, tab: ComposerTab, text: str) -> None:
        """Hold a text that the store knows already."""
        self._texts[tab] = text
        self._unsaved.discard(tab)

    def store(self, tab: ComposerTab, text: str) -> None:
        """Hold this text and store it now."""
        self.hold(tab, text)
        if self._conversation_id is not None:
            self._runner.run(self._conversations.save_text, self._conversation_id, tab, text, failed=self.failed.emit)

    def flush(self) -> None:
        """Store what is unsaved now."""
        self._save.stop()
        unsaved, self._unsaved = self._unsaved, set()
        for tab in unsaved:
            self.store(tab, self[tab])
