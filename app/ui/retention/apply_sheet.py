"""The second step of retention: the number is typed, and the day when the clock is in doubt."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.services.retention.service import RetentionPreview
from app.ui.components import Button, ButtonKind, Text
from app.ui.retention.words import conversations, doubt_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle


class ApplySheet(Sheet):
    """One or two lines and a button that names the count."""

    #: A person has confirmed; arguments: digest, number, and the day or None.
    confirmed = Signal(str, int, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._preview: RetentionPreview | None = None
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._count_name = Text("", TextStyle.SMALL_STRONG)
        self.count = QLineEdit()
        self._day_name = Text("", TextStyle.SMALL_STRONG, is_wrapping=True)
        self.day = QLineEdit()
        self.button = Button("", kind=ButtonKind.DANGER, icon=IconName.TRASH)
        self.keep = Button(self.tr("Keep them"), key_hint="Esc")
        for widget in (self._words, self._count_name, self.count, self._day_name, self.day):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.keep)
        row.addStretch(1)
        self.body.addLayout(row)
        self.count.textChanged.connect(self._on_edited)
        self.day.textChanged.connect(self._on_edited)
        self.count.returnPressed.connect(self.button.click)
        self.day.returnPressed.connect(self.button.click)
        self.keep.clicked.connect(self.close_sheet)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, preview: RetentionPreview) -> None:
        """Ask about what a preview has shown."""
        self._preview = preview
        going = conversations(len(preview.plan.due))
        self.title.setText(self.tr("Let {conversations} go for good?").format(conversations=going))
        self.setAccessibleName(self.title.text())
        words = self.tr(
            "Their messages, notes and drafts, their keys, and what the search knows of them go. Nothing brings them"
            " back, no backup either. A signed certificate stays."
        )
        if preview.is_many:
            words += " " + self.tr("This is more than one in twenty of all conversations within a day.")
        self._words.setText(words)
        self._count_name.setText(self.tr("Type {count} to go on").format(count=len(preview.plan.due)))
        self.count.setAccessibleName(self._count_name.text())
        has_doubt = preview.doubt is not None
        self._day_name.setText(
            f"{doubt_words(preview.doubt)} " + self.tr("Which day is it today? Write it as 2027-01-31.")
        )
        self.day.setAccessibleName(self._day_name.text())
        self._day_name.setVisible(has_doubt)
        self.day.setVisible(has_doubt)
        self.button.setText(self.tr("Erase {conversations}").format(conversations=going))
        self.count.clear()
        self.day.clear()
        self._on_edited()
        self.open(self.count)

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.day.text().strip())
        except ValueError:
            return None

    def _on_edited(self) -> None:
        if self._preview is not None:
            is_counted = self.count.text().strip() == str(len(self._preview.plan.due))
            is_dated = self._preview.doubt is None or self._day() is not None
            self.button.setEnabled(is_counted and is_dated)

    def _on_clicked(self) -> None:
        if self._preview is not None:
            self.close_sheet()
            self.confirmed.emit(self._preview.digest, len(self._preview.plan.due), self._day())
