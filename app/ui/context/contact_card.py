"""What is known of the contact besides the name, line by line, with the way to write it down."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.contact import NOTHING_KNOWN, ContactDetails
from app.ui.components import Button, Card, Text, UntrustedLabel, veil
from app.ui.context.contact_words import field_words, shown
from app.ui.theme import IconName, Space, TextStyle, active

MAX_LINE_CHARS = 400


class ContactCard(QWidget):
    """Shows details; emits a wish. In counter mode it says only how many lines there are."""

    #: The details are to be written down or changed.
    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = NOTHING_KNOWN
        self._nothing = Text(
            self.tr("Only the name. What you write down here is found and taken out before anything leaves."),
            TextStyle.SMALL,
            ink="soft",
            is_wrapping=True,
        )
        self._veiled = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._rows = {which: self._row(words) for which, words in field_words().items()}
        self.edit = Button(self.tr("Write details down"), icon=IconName.EDIT, key_hint="Shift+C")
        self.edit.clicked.connect(self.edit_wanted)
        card = Card("card", Space.M)
        card.body.setSpacing(0)
        for part in (self._nothing, self._veiled):
            card.body.addWidget(part)
        for name, words in self._rows.values():
            card.body.addWidget(name)
            card.body.addWidget(words)
        card.body.addSpacing(active().px(Space.XS))
        card.body.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        veil().changed.connect(self._show)
        self._show()

    def show_details(self, details: ContactDetails) -> None:
        """Show what is known."""
        self._details = details
        self._show()

    def words(self) -> str:
        """Return what is shown, for tests and screen readers."""
        lines = (f"{name.text()}: {words.text()}" for name, words in self._rows.values() if not words.isHidden())
        return "\n".join(lines)

    def _row(self, name: str) -> tuple[Text, UntrustedLabel]:
        words = UntrustedLabel("", style=TextStyle.SMALL, max_chars=MAX_LINE_CHARS, is_wrapping=True)
        words.setAccessibleName(name)
        label = Text(name, TextStyle.SMALL, ink="faint")
        label.setContentsMargins(0, active().px(Space.XS), 0, 0)
        return label, words

    def _show(self) -> None:
        is_veiled, is_empty = veil().is_drawn, self._details.is_empty
        count = 0
        for which, (name, words) in self._rows.items():
            line = shown(self._details, which)
            count += bool(line)
            words.set_untrusted("" if is_veiled else line)
            for part in (name, words):
                part.setVisible(bool(line) and not is_veiled)
        self._nothing.setVisible(is_empty)
        self._veiled.setVisible(is_veiled and not is_empty)
        self._veiled.setText(self.tr("{count} of 7 are written down; hidden in counter mode.").format(count=count))
        self.edit.setText(self.tr("Write details down") if is_empty else self.tr("Change the details"))
