"""The alert for a new message: a sound, a mark in the task bar and a word in the tray. Never a name, never a text.

It repeats until the message was read, never takes the keyboard, and is quiet while somebody reads that very
conversation.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.domain.ids import ConversationId
from app.ui.theme import IconName, Role, icon

SHOWN_MS = 10_000
QUIET_MS = 3_000
"""After a call, so long nothing calls again, whoever writes."""


@dataclass(frozen=True, slots=True)
class AlertChoices:
    """``repeat_s`` is 0 for an alert that comes once."""

    has_sound: bool = True
    has_tray: bool = True
    repeat_s: int = 60


class Alerts(QObject):
    """Keeps which conversations nobody has read yet, and says so."""

    def __init__(
        self,
        window: QWidget,
        choices: AlertChoices,
        is_read_now: Callable[[ConversationId], bool],
        beep: Callable[[], None] = QApplication.beep,
    ) -> None:
        """Serve one window; ``is_read_now`` says whether somebody has a conversation in front of them."""
        super().__init__(window)
        self._window = window
        self._choices = choices
        self._is_read_now = is_read_now
        self._beep = beep
        self._waiting: set[ConversationId] = set()
        self._tray: QSystemTrayIcon | None = None
        self._since_call = QElapsedTimer()
        self._again = QTimer(self)
        self._again.timeout.connect(self._call)

    @property
    def choices(self) -> AlertChoices:
        """How it calls."""
        return self._choices

    @property
    def waiting(self) -> frozenset[ConversationId]:
        """The conversations it calls for."""
        return frozenset(self._waiting)

    def use(self, choices: AlertChoices) -> None:
        """Call otherwise from now on."""
        self._choices = choices
        if not choices.has_tray:
            self._put_away()
        self._schedule()

    def arrived(self, conversation_id: ConversationId) -> None:
        """A message came in."""
        if self._is_read_now(conversation_id):
            return
        self._waiting.add(conversation_id)
        if self._since_call.isValid() and self._since_call.elapsed() < QUIET_MS:
            return  # a visitor who writes ten lines at once rings once
        self._call()
        self._schedule()

    def read(self, conversation_id: ConversationId) -> None:
        """Somebody read it."""
        self._waiting.discard(conversation_id)
        if not self._waiting:
            self.hush()

    def hush(self) -> None:
        """Everything is read, or the console locks."""
        self._waiting.clear()
        self._again.stop()
        self._since_call.invalidate()
        self._put_away()

    def words(self) -> str:
        """What the tray says: a number, nothing else."""
        count = len(self._waiting)
        return _tr("Somebody wrote") if count == 1 else _tr("{count} conversations wait to be read").format(count=count)

    def _call(self) -> None:
        if not self._waiting:
            return
        self._since_call.start()
        if self._choices.has_sound:
            self._beep()
        QApplication.alert(self._window, 0)
        if self._choices.has_tray and QSystemTrayIcon.isSystemTrayAvailable():
            tray = self._made_tray()
            tray.setToolTip(self.words())
            tray.show()
            tray.showMessage("Vestibule", self.words(), icon(IconName.INBOX, Role.ACCENT_INK), SHOWN_MS)

    def _schedule(self) -> None:
        if self._waiting and self._choices.repeat_s:
            self._again.start(self._choices.repeat_s * 1_000)
        else:
            self._again.stop()

    def _made_tray(self) -> QSystemTrayIcon:
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon(IconName.VESTIBULE, Role.ACCENT_INK), self)
        return self._tray

    def _put_away(self) -> None:
        if self._tray is not None:
            self._tray.hide()


def _tr(text: str) -> str:
    return QCoreApplication.translate("alerts", text)
