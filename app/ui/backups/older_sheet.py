"""After words were taken out: older backups hold them still, and what can be done about it now."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Button, ButtonKind, Text
from app.ui.inbox.ages import counted
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle


class OlderBackupsSheet(ScrollSheet):
    """Two sentences, one button that names the number, one that leaves it."""

    #: A backup is to be taken now, and all older ones are to go.
    renew_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self.name(self.tr("Taken out here, not yet in the backups"))
        self._words = Text("", TextStyle.BODY, is_wrapping=True)
        self.button = Button("", kind=ButtonKind.PRIMARY, icon=IconName.DISK)
        self.later = Button(self.tr("Later"), kind=ButtonKind.PLAIN, key_hint="Esc")
        self.put(self._words)
        self.put_buttons(self.button, self.later)
        self.later.clicked.connect(self.close_sheet)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, said: str, snapshots: int) -> None:
        """Say what was done and how many backups hold the words still."""
        backups = counted(snapshots, self.tr("backup"), self.tr("backups"))
        words = self.tr(
            "The conversation keeps its key, so {backups} of before can still be opened to the words that were taken "
            "out. Back up now and let the older ones go, and they are gone there as well. You can then go back to "
            "nothing older than today. A disk that is not plugged in keeps its own."
        )
        self._words.setText(f"{said} {words.format(backups=backups)}".strip())
        self.button.setText(self.tr("Back up now, let {backups} go").format(backups=backups))
        self.open(self.later)

    def _on_clicked(self) -> None:
        self.close_sheet()
        self.renew_wanted.emit()
