"""Whether the desk knows who writes, how, and who confirmed it; with the three ways to confirm."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.conversation import IDENTITY_NOTICE, IdentityMeans, ThreadItem
from app.ui.components import Button, ButtonKind, Card, Text, UntrustedLabel
from app.ui.inbox.ages import clock_words
from app.ui.theme import IconName, Space, TextStyle, active


class IdentityCard(QWidget):
    """Shows identity; emits wishes."""

    #: Confirmed by these ``IdentityMeans``, or None to take it back.
    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = Text("", TextStyle.STRONG)
        self._how = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", max_chars=200)
        self._how.setWordWrap(True)
        self._ways = [self._way(means, words) for means, words in self._words().items()]
        self._take_back = Button(self.tr("Take back"), kind=ButtonKind.PLAIN)
        self._take_back.clicked.connect(lambda: self.wanted.emit(None))
        card = Card("card", Space.M)
        card.body.setSpacing(active().px(Space.XS))
        for part in (self._state, self._how, *self._ways, self._take_back):
            card.body.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.show_identity(None, 0)

    def show_identity(self, notice: ThreadItem | None, now_ms: int) -> None:
        """Show the notice by which identity stands raised, or that it is not."""
        is_raised = notice is not None
        self._state.setText(self.tr("Confirmed") if is_raised else self.tr("Not confirmed"))
        for way in self._ways:
            way.setVisible(not is_raised)
        self._take_back.setVisible(is_raised)
        if notice is None:
            self._how.set_untrusted(
                self.tr("Until you know who writes, requests for anything personal get a fixed reply.")
            )
            return
        means = IdentityMeans(notice.text.removeprefix(IDENTITY_NOTICE))
        words = self.tr("{how} · {who}, {moment}")
        moment = clock_words(notice.wall_ms, now_ms)
        self._how.set_untrusted(words.format(how=self._words()[means], who=notice.author_name, moment=moment))

    def _way(self, means: IdentityMeans, words: str) -> Button:
        button = Button(words, icon=IconName.CHECK)
        button.clicked.connect(lambda: self.wanted.emit(means))
        return button

    def _words(self) -> dict[IdentityMeans, str]:
        return {
            IdentityMeans.CALLED_BACK: self.tr("Called back on a known number"),
            IdentityMeans.PHOTO_ID: self.tr("Photo ID seen"),
            IdentityMeans.KNOWN: self.tr("Known to the office"),
        }
