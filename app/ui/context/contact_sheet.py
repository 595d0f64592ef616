"""The sheet for what is known of a contact: seven fields, none of them required, each checked with a clear word."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.contact import ContactDetails, ContactField
from app.domain.ids import ConversationId
from app.services.contacts.errors import InvalidDetailError
from app.ui.components import Button, ButtonKind, Text, VeilOver, announce, person_line
from app.ui.context.contact_words import fault_words, field_words, hint_words, typed
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle

MAX_FIELD_CHARS = 1200


class ContactSheet(ScrollSheet):
    """Keeps what was typed until it is stored."""

    #: Store it; arguments: conversation id, the text of each field by ``ContactField``.
    details_given = Signal(object, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self._cid: ConversationId | None = None
        words = self.tr(
            "Nothing is required. Everything here is found in the messages and taken out before they leave."
        )
        self.put(Text(words, TextStyle.SMALL, ink="soft", is_wrapping=True))
        self.fields: dict[ContactField, QLineEdit] = {}
        self._problems: dict[ContactField, Text] = {}
        hints = hint_words()
        for which, name in field_words().items():
            self._add(which, name, hints[which])
        self.button = Button(
            self.tr("Keep it"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint=self.tr("Enter")
        )
        self.button.clicked.connect(self._on_clicked)
        self.put_buttons(self.button)

    def ask(self, cid: ConversationId, contact_name: str, details: ContactDetails) -> None:
        """Ask about one contact, with what is known so far."""
        self._cid = cid
        self.name(self.tr("What is known of {name}").format(name=person_line(contact_name, 60)))
        for which, field in self.fields.items():
            field.setText(typed(details, which))
            field.setCursorPosition(0)
            self._say(which, "")
        self.open(self.fields[ContactField.OTHER_NAMES])

    def show_problem(self, error: InvalidDetailError) -> None:
        """Say at its field what cannot be taken; everything typed stays."""
        self._say(error.which, fault_words(error.fault))
        field = self.fields[error.which]
        field.setFocus()
        field.selectAll()
        announce(field, f"{field.accessibleName()}. {self._problems[error.which].text()}")
        self.refit()

    def _add(self, which: ContactField, name: str, hint: str) -> None:
        field = QLineEdit()
        field.setMaxLength(MAX_FIELD_CHARS)
        field.setAccessibleName(name)
        field.setAccessibleDescription(hint)
        field.setPlaceholderText(hint)
        field.returnPressed.connect(self._on_clicked)
        VeilOver(field)
        caption = Text(name, TextStyle.SMALL_STRONG)
        caption.setBuddy(field)
        problem = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        field.textEdited.connect(lambda _text: self._say(which, ""))
        self.fields[which], self._problems[which] = field, problem
        self.put(caption, field, problem)

    def _say(self, which: ContactField, words: str) -> None:
        problem, field = self._problems[which], self.fields[which]
        problem.setText(words)
        problem.setVisible(bool(words))
        field.setProperty("isWrong", bool(words))
        field.style().unpolish(field)
        field.style().polish(field)

    def _on_clicked(self) -> None:
        if self._cid is not None:
            self.details_given.emit(self._cid, {which: field.text() for which, field in self.fields.items()})
