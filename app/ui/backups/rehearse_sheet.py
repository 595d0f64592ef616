"""Asks for the password or the recovery code: a rehearsal opens the copy as somebody would after a fire."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui.components import Button, ButtonKind, PasswordField, Text
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle

_MAX_CODE_CHARS = 16
_HINTS = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText


class RehearseSheet(Sheet):
    """One line, another for a code from the phone, and one button."""

    #: A rehearsal is wanted; arguments: password or recovery code, and the phone's code. Nothing else keeps them.
    rehearsal_wanted = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self.title.setText(self.tr("Would the backup come back?"))
        self.setAccessibleName(self.title.text())
        self.body.addWidget(
            Text(
                self.tr(
                    "The newest backup is restored into a sealed folder, every page and every message is read, and the"
                    " folder is removed. Nothing here changes. Best with the printed recovery code: then you know that"
                    " the paper still opens it."
                ),
                TextStyle.BODY,
                ink="soft",
                is_wrapping=True,
            )
        )
        self.secret = PasswordField(self.tr("Recovery code or your password"))
        self.body.addWidget(Text(self.tr("Recovery code or your password"), TextStyle.SMALL_STRONG))
        self.body.addWidget(self.secret)
        self.code = QLineEdit()
        self.code.setMaxLength(_MAX_CODE_CHARS)
        self.code.setAccessibleName(self.tr("Code from the phone, or a printed one"))
        self.code.setPlaceholderText(self.tr("Six digits, where your password asks for them"))
        self.code.setInputMethodHints(_HINTS)
        self.code.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.body.addWidget(Text(self.tr("Code from the phone, if you have one"), TextStyle.SMALL_STRONG))
        self.body.addWidget(self.code)
        self.button = Button(
            self.tr("Rehearse now"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint=self.tr("Enter")
        )
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.secret.edited.connect(self._on_edited)
        self.secret.returnPressed.connect(self.button.click)
        self.code.returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_clicked)
        self.closed.connect(self._forget)

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet with empty lines."""
        self._forget()
        self._on_edited()
        super().open(first or self.secret)

    def _on_edited(self) -> None:
        self.button.setEnabled(not self.secret.is_empty())

    def _on_clicked(self) -> None:
        secret, code = self.secret.take(), self.code.text()
        self.close_sheet()
        if secret:
            self.rehearsal_wanted.emit(secret, code)

    def _forget(self) -> None:
        self.secret.take()
        self.code.setText("")
