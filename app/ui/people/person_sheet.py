"""Asks who comes in, or what somebody is from now on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.conversation import MAX_NAME_CHARS
from app.domain.office import Licence, Person, Role
from app.ui.components import Button, ButtonKind, Select, Text, readable_line
from app.ui.people.state import PersonForm
from app.ui.people.words import LICENCES, MEANINGS, ROLES, problem_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle


class PersonSheet(Sheet):
    """A name, a role and, for a professional, a licence."""

    #: Somebody is to come in; argument: ``PersonForm``.
    add_wanted = Signal(object)
    #: Somebody is to be changed; arguments: the person's id, ``PersonForm``.
    change_wanted = Signal(str, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._person: Person | None = None
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME_CHARS)
        self.name.setAccessibleName(self.tr("Name"))
        self.role = Select(self.tr("Role"))
        for role, words in ROLES.items():
            self.role.addItem(words, role)
        self._meaning = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.licence = Select(self.tr("Licence"))
        for kind, words in LICENCES.items():
            self.licence.addItem(words, kind)
        self.place = QLineEdit()
        self.place.setMaxLength(6)
        self.place.setPlaceholderText("US-CA")
        self.place.setAccessibleName(self.tr("Place of the licence, as a code"))
        self._licence_label = Text(self.tr("Licence, and whose law it is under"), TextStyle.SMALL_STRONG)
        self._problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self.button = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint=self.tr("Enter"))
        self._lay_out()
        self._connect()

    def ask(self, person: Person | None = None) -> None:
        """Ask about somebody new, or about ``person``."""
        self._person = person
        self.title.setText(
            self.tr("Add a person")
            if person is None
            else self.tr("Change {name}").format(name=readable_line(person.display_name, 60))
        )
        self.setAccessibleName(self.title.text())
        self.button.setText(self.tr("Let them in") if person is None else self.tr("Change"))
        self.name.setText("" if person is None else person.display_name)
        role = Role.FRONT_DESK if person is None else person.role
        self.role.setCurrentIndex(self.role.findData(role))
        licence = None if person is None else person.licence
        self.licence.setCurrentIndex(0 if licence is None else self.licence.findData(licence.kind))
        self.place.setText("" if licence is None else licence.place)
        self.show_problem("")
        self._on_role()
        self.open(self.name)

    def show_problem(self, code: str) -> None:
        """Say why it was not taken."""
        self._problem.setText(problem_words(code) if code else "")
        self._problem.setVisible(bool(code))
        self._fit()

    def _form(self) -> PersonForm:
        role = self.role.currentData()
        licence = Licence(self.licence.currentData(), self.place.text()) if role is Role.PROFESSIONAL else None
        return PersonForm(self.name.text(), role, licence)

    def _lay_out(self) -> None:
        named: tuple[QWidget, ...] = (Text(self.tr("Name"), TextStyle.SMALL_STRONG), self.name)
        for widget in (*named, Text(self.tr("Role"), TextStyle.SMALL_STRONG), self.role, self._meaning):
            self.body.addWidget(widget)
        self.body.addWidget(self._licence_label)
        line = QHBoxLayout()
        line.addWidget(self.licence, 2)
        line.addWidget(self.place, 1)
        self.body.addLayout(line)
        self.body.addWidget(self._problem)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)

    def _connect(self) -> None:
        self.role.currentIndexChanged.connect(lambda _row: self._on_role())
        self.name.textChanged.connect(lambda _text: self._on_edited())
        for line in (self.name, self.place):
            line.returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_clicked)

    def _on_edited(self) -> None:
        self.button.setEnabled(bool(self.name.text().strip()))

    def _on_role(self) -> None:
        role = self.role.currentData()
        self._meaning.setText(MEANINGS[role])
        for widget in (self._licence_label, self.licence, self.place):
            widget.setVisible(role is Role.PROFESSIONAL)
        self._on_edited()
        if self.isVisible():
            self._fit()

    def _on_clicked(self) -> None:
        if self._person is None:
            self.add_wanted.emit(self._form())
        else:
            self.change_wanted.emit(self._person.person_id, self._form())
