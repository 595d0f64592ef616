"""The sheet for a phone call, a walk-in or a pasted text: three fields and one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from app.domain.conversation import MAX_MESSAGE_CHARS, MAX_NAME_CHARS, Origin
from app.ui.components import Banner, Button, ButtonKind, Text, Tone, person_line
from app.ui.context.choice import ChoiceButton
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active


class NewConversationSheet(Sheet):
    """Keeps what was typed until it is stored; a closed sheet opens again with it."""

    #: Start it; arguments: name, ``Origin``, first text.
    start_wanted = Signal(str, object, str)
    #: Add to the open conversation what the visitor said next; argument: the text.
    more_wanted = Signal(str)
    #: Invite them to write over the patient channel instead; argument: the name as far as it is typed.
    invite_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=600)
        self.title.setText(self.tr("New conversation"))
        self.setAccessibleName(self.title.text())
        self._is_more = False
        self._problem = Banner(Tone.CAUTION)
        self._problem.hide()
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME_CHARS)
        self.name.setPlaceholderText(self.tr("Name, or how they want to be called"))
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setMinimumHeight(active().px(150))
        self.start = Button(
            self.tr("Put it in the inbox"), kind=ButtonKind.PRIMARY, icon=IconName.INBOX, key_hint="Ctrl+Enter"
        )
        self.invite = Button(self.tr("Let them write…"), kind=ButtonKind.PLAIN, icon=IconName.CHANNEL)
        self.invite.hide()
        self._offers_invite = False
        self.start.clicked.connect(self.submit)
        self.invite.clicked.connect(self._on_invite)
        self.name.returnPressed.connect(self.words.setFocus)
        self._lay_out()
        self._on_origin(Origin.PHONE)

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet, ready to type the name."""
        self._continue_with("")
        super().open(first or self.name)

    def offer_invite(self, is_offered: bool) -> None:
        """Offer the patient channel beside the other doors, while it is on."""
        self._offers_invite = is_offered
        self.invite.setVisible(is_offered and not self._is_more)

    def _on_invite(self) -> None:
        name = self.name.text().strip()
        self.close_sheet()
        self.invite_wanted.emit(name)

    def open_for(self, untrusted_name: str) -> None:
        """Show the sheet for what somebody said next; only the words are asked for."""
        self._continue_with(person_line(untrusted_name, 50))
        super().open(self.words)

    def _continue_with(self, name: str) -> None:
        self._is_more = bool(name)
        self.invite.setVisible(self._offers_invite and not name)
        self._problem.hide()
        self.title.setText(self.tr("What {name} said next").format(name=name) if name else self.tr("New conversation"))
        self.setAccessibleName(self.title.text())
        self.start.setText(self.tr("Add it") if name else self.tr("Put it in the inbox"))
        for widget in (self.name, *self._origins.values()):
            widget.setVisible(not name)

    def fit_height(self, room_px: int) -> None:
        """In a short window the captions go, the fields still say what they are for."""
        look = active()
        is_short = room_px < look.px(480)
        for caption in self._captions:
            caption.setVisible(not is_short and not self._is_more)
        self.words.setMinimumHeight(look.px(64 if is_short else 150))

    def submit(self) -> None:
        """Ask for the conversation, or say what is missing."""
        name, words = self.name.text().strip(), self.words.toPlainText().strip()
        if (not name and not self._is_more) or not words:
            is_nameless = not name and not self._is_more
            missing = self.tr("Who is it?") if is_nameless else self.tr("What did they say or write?")
            self.show_problem(missing, self.tr("Nothing is stored yet."))
            (self.name if is_nameless else self.words).setFocus()
            return
        if len(words) > MAX_MESSAGE_CHARS:
            self.show_problem(self.tr("This is too long for one message"), self.tr("Please split it. Nothing is lost."))
            return
        if self._is_more:
            self.more_wanted.emit(words)
        else:
            self.start_wanted.emit(name, self._origin, words)

    def show_problem(self, title: str, text: str) -> None:
        """Say what is wrong, keeping everything that was typed."""
        self._problem.show_words(Tone.CAUTION, title, text)
        self._problem.show()
        self._fit()

    def stored(self) -> None:
        """It is in the inbox: empty the sheet and close it."""
        self.name.clear()
        self.words.clear()
        self.close_sheet()

    def _on_origin(self, origin: Origin) -> None:
        self._origin = origin
        self._origins[origin].setChecked(True)
        self.words.setPlaceholderText(
            {
                Origin.PHONE: self.tr("What was said, as close to their own words as you can"),
                Origin.WALK_IN: self.tr("What they asked for"),
                Origin.PASTED: self.tr("Paste the message here"),
            }[origin]
        )

    def _lay_out(self) -> None:
        look = active()
        self._captions: list[Text] = []
        row = QHBoxLayout()
        row.setSpacing(look.px(Space.S))
        group = QButtonGroup(self)
        self._origins: dict[Origin, ChoiceButton] = {}
        for origin, drawing, word in (
            (Origin.PHONE, IconName.PHONE, self.tr("Phone call")),
            (Origin.WALK_IN, IconName.WALK_IN, self.tr("Walk-in")),
            (Origin.PASTED, IconName.PASTE, self.tr("Pasted text")),
        ):
            button = ChoiceButton(drawing, word)
            button.clicked.connect(lambda _checked=False, origin=origin: self._on_origin(origin))
            group.addButton(button)
            row.addWidget(button)
            self._origins[origin] = button
        self.body.addWidget(self._problem)
        self.body.addLayout(row)
        for label, field in ((self.tr("Who"), self.name), (self.tr("What"), self.words)):
            caption = Text(label, TextStyle.SMALL_STRONG)
            caption.setBuddy(field)
            self._captions.append(caption)
            field.setAccessibleName(label)
            self.body.addWidget(caption)
            self.body.addWidget(field, 1 if field is self.words else 0)
        foot = QHBoxLayout()
        foot.addWidget(self.start)
        foot.addWidget(self.invite)
        foot.addStretch(1)
        foot.addWidget(Text(self.tr("Stored encrypted, on this machine only."), TextStyle.SMALL, ink="faint"))
        self.body.addLayout(foot)
        self.card.setTabOrder(self.name, self.words)
        self.words.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
