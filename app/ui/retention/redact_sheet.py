"""Taking selected words out of a message: which ones, why, and what else goes with them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.ids import ConversationId, EventId
from app.ui.components import Button, ButtonKind, Text, UntrustedLabel, readable_line
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle

MAX_CHARS = 500
_SHOWN_CHARS = 160


class RedactSheet(Sheet):
    """Shows the words and asks for a reason, which may be empty."""

    #: Words are to go; arguments: conversation id, event id, span in code points, reason.
    redact_wanted = Signal(object, object, object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._place: tuple[ConversationId, EventId, tuple[int, int]] | None = None
        self._words = UntrustedLabel("", style=TextStyle.LEAD, is_wrapping=True)
        self._about = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._what_goes = self.tr(
            "A mark stays in their place. All drafts and proposals of this conversation go with them, because they may"
            " quote them. A backup made earlier holds the words until the next one replaces it."
        )
        self._file_goes = self.tr(
            "A mark stays in its place. The file, its name and its key go, here and at the gateway; whoever sent or got"
            " it keeps theirs. Drafts and proposals of this conversation go as well, because they may quote it. A"
            " backup made earlier holds it until the next one replaces it."
        )
        name = self.tr("Why (may stay empty)")
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_CHARS)
        self.reason.setAccessibleName(name)
        for widget in (
            self._words,
            self._about,
            Text(name, TextStyle.SMALL_STRONG),
            self.reason,
        ):
            self.body.addWidget(widget)
        self.button = Button(self.tr("Take them out"), kind=ButtonKind.DANGER, icon=IconName.EYE_OFF)
        self.keep = Button(self.tr("Keep them"), key_hint="Esc")
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.keep)
        row.addStretch(1)
        self.body.addLayout(row)
        self.button.clicked.connect(self._on_clicked)
        self.keep.clicked.connect(self.close_sheet)

    def ask(
        self, cid: ConversationId, event_id: EventId, span: tuple[int, int], words: str, *, is_file: bool = False
    ) -> None:
        """Ask about one stretch, or one attachment, with the keyboard on the reason."""
        self._place = cid, event_id, span
        self.title.setText(
            self.tr("Take this attachment out for good?") if is_file else self.tr("Take these words out for good?")
        )
        self.setAccessibleName(self.title.text())
        self._about.setText(self._file_goes if is_file else self._what_goes)
        self.button.setText(self.tr("Take it out") if is_file else self.tr("Take them out"))
        self.keep.setText(self.tr("Keep it") if is_file else self.tr("Keep them"))
        self._words.set_untrusted(readable_line(words, _SHOWN_CHARS))
        self.reason.clear()
        self.open(self.reason)
        self._fit()  # the words are as tall as they need once they are on the screen

    def _on_clicked(self) -> None:
        if self._place is not None:
            self.close_sheet()
            self.redact_wanted.emit(*self._place, self.reason.text())
