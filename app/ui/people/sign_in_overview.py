"""One's own sign-in at a glance, and the sheet with printed codes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.people.sign_in import SignInState
from app.ui.components import Button, ButtonKind, Divider, Text
from app.ui.components.facts import ButtonRow
from app.ui.people.sign_in_words import Wish, password_words, phone_words, stick_words
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active


class SignInSheet(ScrollSheet):
    """Password, phone and stick: how each stands, and what can be done about it."""

    #: Something is wanted; argument: ``Wish``.
    wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=600)
        self.name(self.tr("How you sign in"))
        words = {
            Wish.CHANGE_PASSWORD: self.tr("Change…"),
            Wish.SET_PHONE: self.tr("Set up…"),
            Wish.NEW_SPARE: self.tr("New printed codes…"),
            Wish.REMOVE_PHONE: self.tr("Take away…"),
            Wish.MAKE_STICK: self.tr("Make one…"),
            Wish.REMOVE_STICK: self.tr("Take away…"),
        }
        self.buttons = {wish: Button(text) for wish, text in words.items()}
        for wish, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, wish=wish: self.wanted.emit(wish))
        self._rows: list[ButtonRow] = []
        self.password, self.phone, self.stick = (Text("", TextStyle.BODY, ink="soft", is_wrapping=True) for _ in "123")
        self._put(self.tr("Password"), self.password, Wish.CHANGE_PASSWORD)
        self.put(Divider())
        self._put(self.tr("Code from the phone"), self.phone, Wish.SET_PHONE, Wish.NEW_SPARE, Wish.REMOVE_PHONE)
        self.put(Divider())
        self._put(self.tr("Key stick"), self.stick, Wish.MAKE_STICK, Wish.REMOVE_STICK)

    def show_state(self, state: SignInState) -> None:
        """Show it."""
        self.password.setText(password_words(state))
        self.phone.setText(phone_words(state))
        self.stick.setText(stick_words(state))
        self.buttons[Wish.SET_PHONE].setText(self.tr("Another phone…") if state.asks_code else self.tr("Set up…"))
        self.buttons[Wish.MAKE_STICK].setText(self.tr("Another stick…") if state.second else self.tr("Make one…"))
        for wish in (Wish.NEW_SPARE, Wish.REMOVE_PHONE):
            self.buttons[wish].setVisible(state.asks_code)
        self.buttons[Wish.REMOVE_STICK].setVisible(state.second is not None)
        for button in self.buttons.values():
            button.setEnabled(state.has_password)
        for row in self._rows:
            row.arrange()
        self.refit()

    def ask(self) -> None:
        """Open at the password."""
        self.open(self.buttons[Wish.CHANGE_PASSWORD])

    def _put(self, title: str, words: Text, *wishes: Wish) -> None:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, active().px(Space.XS), 0, active().px(Space.XS))
        column.setSpacing(active().px(Space.XS))
        column.addWidget(Text(title, TextStyle.STRONG))
        column.addWidget(words)
        row = ButtonRow(*(self.buttons[wish] for wish in wishes))
        self._rows.append(row)
        column.addWidget(row)
        self.put(block)


class SpareSheet(ScrollSheet):
    """Shows printed codes, once."""

    #: The codes are to be printed; argument: a tuple of them.
    print_wanted = Signal(object)
    #: The codes are to be written into a PDF; argument: likewise.
    save_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self.name(self.tr("Codes for the day on which the phone is gone"))
        self._codes: tuple[str, ...] = ()
        self.codes = Text("", TextStyle.CODE, is_wrapping=True)
        self.codes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.outcome = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.button = Button(self.tr("They are on paper"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.printing = Button(self.tr("Print"), icon=IconName.PRINTER)
        self.saving = Button(self.tr("Save as PDF…"), icon=IconName.SAVE)
        words = self.tr(
            "Each works once in place of a code from the phone. Print them or write them down: they are shown only now."
        )
        self.put(Text(words, TextStyle.BODY, ink="soft", is_wrapping=True), self.codes, self.outcome)
        self.put_buttons(self.button, self.printing, self.saving)
        self.button.clicked.connect(self.close_sheet)
        self.printing.clicked.connect(lambda: self.print_wanted.emit(self._codes))
        self.saving.clicked.connect(lambda: self.save_wanted.emit(self._codes))
        self.closed.connect(self._forget)

    def tell(self, codes: tuple[str, ...]) -> None:
        """Show codes that were just made."""
        self._codes = codes
        half = -(-len(codes) // 2)
        self.codes.setText("\n".join("     ".join(codes[place::half]) for place in range(half)))
        self.say("")
        self.open(self.printing)

    def say(self, words: str) -> None:
        """Say what became of printing or saving."""
        self.outcome.setText(words)
        self.outcome.setVisible(bool(words))
        self.refit()

    def _forget(self) -> None:
        self._codes = ()
        self.codes.setText("")
