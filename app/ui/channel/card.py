"""What the channel knows of the person who writes: consent, the assistant, when they were here, the safety number."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.channel import ChannelThread
from app.ui.channel.visitor_words import consent_words, seen_words, verified_words
from app.ui.components import Button, ButtonKind, Card, Text, UntrustedLabel
from app.ui.inbox.ages import counted
from app.ui.theme import IconName, Space, TextStyle, active


class ChannelCard(QWidget):
    """Shows one visitor; emits wishes."""

    #: Compare the safety number.
    safety_wanted = Signal()
    #: Look at the attachments.
    files_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = Text("", TextStyle.STRONG, is_wrapping=True)
        self._consent = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._seen = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._verified = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", is_wrapping=True, max_chars=200)
        self.compare = Button(self.tr("Compare by phone…"), icon=IconName.PHONE, key_hint="P")
        self.files = Button("", kind=ButtonKind.PLAIN, icon=IconName.ATTACH, key_hint="O")
        card = Card("card", Space.M)
        card.body.setSpacing(active().px(Space.XS))
        for part in (self._assistant, self._consent, self._seen, self._verified, self.compare, self.files):
            card.body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.compare.clicked.connect(self.safety_wanted)
        self.files.clicked.connect(self.files_wanted)

    def show_channel(self, channel: ChannelThread, now_ms: int) -> None:
        """Show it."""
        peer = channel.peer
        self._assistant.setText(
            self.tr("Assistant allowed") if peer.assistant_allowed else self.tr("Talks without the assistant")
        )
        self._consent.setText(consent_words(peer, now_ms))
        self._seen.setText(seen_words(peer, now_ms))
        self._verified.set_untrusted(verified_words(peer, now_ms))
        self.compare.setText(self.tr("Compare again…") if peer.is_verified else self.tr("Compare by phone…"))
        count = len(channel.files)
        self.files.setVisible(bool(count))
        self.files.setText(counted(count, self.tr("attachment…"), self.tr("attachments…")))

    def words(self) -> str:
        """Everything it says, for tests and the tour."""
        labels = (self._assistant, self._consent, self._seen, self._verified)
        return "\n".join(label.text() for label in labels if label.text())
