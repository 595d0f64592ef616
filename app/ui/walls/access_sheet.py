"""Asking for emergency access: whose conversation, why, and a second person who proves to be here."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.ids import PersonId
from app.domain.office import Person
from app.domain.walls import ACCESS_S, MAX_REASON_CHARS, MIN_REASON_CHARS, Cause
from app.services.walls.emergency import Asked, Confirmed
from app.ui.components import Button, ButtonKind, PasswordField, Select, Text, person_line, readable_line
from app.ui.inbox.ages import clock_words
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active
from app.ui.walls.words import cause_word, role_word

MAX_FOUND = 6


class AccessSheet(ScrollSheet):
    """Two steps on one card: the question with the second person's password, then which conversation."""

    #: The second person has typed their password; arguments: ``Asked``, person id, password, code.
    confirm_wanted = Signal(object, object, str, str)
    #: One of what was found is to be opened; arguments: ``Confirmed``, conversation id.
    open_wanted = Signal(object, object)

    def __init__(self, window: QWidget, asks_code: Callable[[PersonId], bool], now_ms: Callable[[], int]) -> None:
        super().__init__(window, "", width_px=560)
        self._asks_code = asks_code
        self._now_ms = now_ms
        self._is_asking = False
        self.name(self.tr("Emergency access"))
        words = self.tr(
            "For a conversation behind a wall. Somebody within confirms it here with their own password. It opens for "
            "{minutes} minutes, stands in the audit log, and an administrator reviews it."
        )
        self._intro = Text(words.format(minutes=ACCESS_S // 60), TextStyle.BODY, ink="soft", is_wrapping=True)
        self._question, self._answer = QWidget(), QWidget()
        self.whose = _line(self.tr("Name of the person it is about"))
        self.cause = Select(self.tr("Why now"))
        for cause in Cause:
            self.cause.addItem(cause_word(cause), cause)
        self.reason = _line(self.tr("Reason, without names: the auditor reads it"), MAX_REASON_CHARS)
        self.second = Select(self.tr("Second person"))
        self.password = PasswordField(self.tr("Their password"))
        self.code = _line(self.tr("Their code"), 16)
        self._code_name = Text(self.code.accessibleName(), TextStyle.SMALL_STRONG)
        self._problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self._button = Button(self.tr("Confirm"), kind=ButtonKind.PRIMARY, icon=IconName.KEY)
        self._lay_out()
        self._connect()

    def ask(self, people: Sequence[Person]) -> None:
        """Begin anew, with these people to confirm."""
        for line in (self.whose, self.reason, self.code):
            line.clear()
        self.password.clear()
        self.second.clear()
        for person in people:
            words = f"{readable_line(person.display_name, 60)} · {role_word(person.role)}"
            self.second.addItem(words, person.person_id)
        self._show_step(is_answer=False)
        self.say("" if people else self.tr("Nobody else here could confirm it."))
        self._follow()
        self.open(self.whose)

    def say(self, problem: str) -> None:
        """Say what was refused; the password has to be typed again."""
        self._is_asking = False
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._follow()
        self.refit()
        if problem and self.isVisible():
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_found(self, confirmed: Confirmed) -> None:
        """Offer what was found; the only one opens at once."""
        self._is_asking = False
        if not self.isVisible():
            return
        if len(confirmed.found) == 1:
            self.close_sheet()
            self.open_wanted.emit(confirmed, confirmed.found[0].conversation_id)
            return
        while (item := self._choices.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        buttons = [self._choice(confirmed, place) for place in range(min(len(confirmed.found), MAX_FOUND))]
        self._show_step(is_answer=True)
        buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choice(self, confirmed: Confirmed, place: int) -> Button:
        found = confirmed.found[place]
        moment = clock_words(found.last_activity_ms, self._now_ms())
        button = Button(f"{person_line(found.contact_name, 40)} · {moment} · …{found.conversation_id[-6:]}")
        button.clicked.connect(lambda: self._open(confirmed, place))
        self._choices.addWidget(button)
        return button

    def _open(self, confirmed: Confirmed, place: int) -> None:
        self.close_sheet()
        self.open_wanted.emit(confirmed, confirmed.found[place].conversation_id)

    def _show_step(self, *, is_answer: bool) -> None:
        self._question.setVisible(not is_answer)
        self._button.setVisible(not is_answer)
        self._answer.setVisible(is_answer)
        self.refit()

    def _is_filled(self) -> bool:
        is_said = bool(self.whose.text().strip()) and len(self.reason.text().strip()) >= MIN_REASON_CHARS
        has_code = not self.code.isVisibleTo(self._question) or bool(self.code.text().strip())
        return is_said and has_code and bool(self.password.peek()) and self.second.currentData() is not None

    def _follow(self) -> None:
        person_id = self.second.currentData()
        needs_code = person_id is not None and self._asks_code(PersonId(person_id))
        for part in (self._code_name, self.code):
            part.setVisible(needs_code)
        self._button.setEnabled(self._is_filled() and not self._is_asking)

    def _on_clicked(self) -> None:
        if self._is_filled() and not self._is_asking:
            self._is_asking = True
            self._problem.hide()
            self._button.setEnabled(False)
            asked = Asked(self.whose.text().strip(), self.cause.currentData(), self.reason.text().strip())
            self.confirm_wanted.emit(asked, self.second.currentData(), self.password.take(), self.code.text().strip())

    def _connect(self) -> None:
        for line in (self.whose, self.reason, self.code):
            line.textChanged.connect(self._follow)
            line.returnPressed.connect(self._on_clicked)
        self.password.edited.connect(self._follow)
        self.password.returnPressed.connect(self._on_clicked)
        self.second.currentIndexChanged.connect(self._follow)
        self._button.clicked.connect(self._on_clicked)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._question)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.XS))
        for field in (self.whose, self.cause, self.reason, self.second, self.password):
            name = field.accessibleName() or self.tr("Their password")
            column.addWidget(Text(name, TextStyle.SMALL_STRONG))
            column.addWidget(field)
        column.addWidget(self._code_name)
        column.addWidget(self.code)
        below = QVBoxLayout(self._answer)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(Text(self.tr("Which conversation?"), TextStyle.SMALL_STRONG))
        self._choices = QVBoxLayout()
        below.addLayout(self._choices)
        self.put(self._intro, self._question, self._answer, self._problem)
        self.put_buttons(self._button)


def _line(name: str, max_chars: int = 120) -> QLineEdit:
    line = QLineEdit()
    line.setMaxLength(max_chars)
    line.setAccessibleName(name)
    return line
