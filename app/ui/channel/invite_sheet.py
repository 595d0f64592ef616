"""The sheet for an invitation: who and in which language, then the link and its code."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.channel import Invite
from app.domain.conversation import MAX_NAME_CHARS
from app.ui.channel.lending import LENT_S, LentClipboard
from app.ui.channel.measures import language_word
from app.ui.channel.qr import QrView
from app.ui.components import Button, ButtonKind, Text, UntrustedLabel, person_line
from app.ui.context.choice import ChoiceButton
from app.ui.inbox.ages import clock_words
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

_CODE_PX, _LEAST_CODE_PX = 232, 96
LANGUAGES = ("en", "es")


class InviteSheet(ScrollSheet):
    """Asks for a name, then shows the link; the link leaves the sheet when it is closed."""

    #: An invitation is wanted; arguments: name, code of the language.
    invite_wanted = Signal(str, str)
    #: Take it back; argument: the invitation's id.
    revoke_wanted = Signal(str)
    #: Put it on paper.
    print_wanted = Signal()
    #: Show the code on the screen that faces the visitor.
    second_wanted = Signal()

    def __init__(self, window: QWidget, clipboard: LentClipboard) -> None:
        super().__init__(window, "", width_px=640)
        self._clipboard = clipboard
        self._invite: Invite | None = None
        self._language = LANGUAGES[0]
        self._is_copied = False
        self.field = QLineEdit()
        self.field.setMaxLength(MAX_NAME_CHARS)
        self.field.setPlaceholderText(self.tr("Name, or how they want to be called"))
        self.problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self._asking, self._showing = QWidget(), QWidget()
        self.code = QrView(self.tr("The invitation as a code"))
        self.link = UntrustedLabel("", style=TextStyle.SMALL, max_chars=400)
        self._until = Text("", TextStyle.BODY, is_wrapping=True)
        self.button = Button(self.tr("Make the link"), kind=ButtonKind.PRIMARY, icon=IconName.KEY, key_hint="Enter")
        self.copy = Button(self.tr("Copy the link"), kind=ButtonKind.PRIMARY, icon=IconName.COPY)
        self.printing = Button(self.tr("Print"), icon=IconName.PRINTER)
        self.revoke = Button(self.tr("Take it back…"), kind=ButtonKind.PLAIN, icon=IconName.CLOSE)
        self.second = Button(self.tr("Second screen"), icon=IconName.EYE)
        self._lay_out()
        self._connect()

    @property
    def invite(self) -> Invite | None:
        """The invitation that is shown."""
        return self._invite

    def ask(self, name: str = "") -> None:
        """Ask for whom it is."""
        self._forget()
        self.name(self.tr("Invite somebody to write"))
        self.field.setText(name)
        self.button.setEnabled(True)
        self._show_parts(has_link=False)
        self.open(self.field)

    def tell(self, invite: Invite, now_ms: int, *, has_second: bool) -> None:
        """Show an invitation that was just made, or one that is still open."""
        self._invite = invite
        self.name(self.tr("Link for {name}").format(name=person_line(invite.contact_name, 50)))
        self.link.set_untrusted(invite.link)
        self.code.show_text(invite.link)
        self._until.setText(
            self.tr(
                "Opens once, until {moment}, in {language}. Whoever opens it first is believed to be {name}."
            ).format(
                moment=clock_words(invite.expires_ms, now_ms),
                language=language_word(invite.language),
                name=person_line(invite.contact_name, 50),
            )
        )
        self._say_left(0)
        self.second.setVisible(has_second)
        self._show_parts(has_link=True)
        self.second.setVisible(has_second)
        self.open(self.copy)

    def show_problem(self, words: str) -> None:
        """Say why there is no link, keeping what was typed."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self.button.setEnabled(True)
        self.refit()

    def fit_height(self, room_px: int) -> None:
        """In a low window the code becomes smaller: cut in two, no telephone reads it."""
        room = int((self.room_inside(room_px)) / active().px(100) * 100) - Space.M
        self.code.set_side(max(_LEAST_CODE_PX, min(_CODE_PX, room)))
        super().fit_height(room_px)

    def _submit(self) -> None:
        name = self.field.text().strip()
        if not name:
            self.show_problem(self.tr("Who is it for?"))
            self.field.setFocus()
            return
        self.button.setEnabled(False)
        self.problem.hide()
        self.invite_wanted.emit(name, self._language)

    def _on_copy(self) -> None:
        if self._invite is not None:
            self._is_copied = True
            self._clipboard.lend(self._invite.link)

    def _on_revoke(self) -> None:
        if self._invite is not None:
            self.revoke_wanted.emit(self._invite.invite_id)

    def _say_left(self, left_s: int) -> None:
        if left_s > 0:
            self.copy.setText(self.tr("Copied, for {seconds} s").format(seconds=left_s))
        else:
            self.copy.setText(self.tr("Copy again") if self._is_copied else self.tr("Copy the link"))
        self.copy.updateGeometry()

    def _forget(self) -> None:
        self._invite = None
        self._is_copied = False
        self.code.forget()
        self.link.set_untrusted("")
        self.show_problem("")

    def _pick(self, language: str) -> None:
        self._language = language
        self.languages[language].setChecked(True)

    def _show_parts(self, *, has_link: bool) -> None:
        self._asking.setVisible(not has_link)
        self._showing.setVisible(has_link)
        self.button.setVisible(not has_link)
        for button in (self.copy, self.printing, self.second, self.revoke):
            button.setVisible(has_link)

    def _connect(self) -> None:
        self.field.returnPressed.connect(self._submit)
        self.button.clicked.connect(self._submit)
        self.copy.clicked.connect(self._on_copy)
        self.printing.clicked.connect(self.print_wanted)
        self.revoke.clicked.connect(self._on_revoke)
        self.second.clicked.connect(self.second_wanted)
        self._clipboard.ticked.connect(self._say_left)
        self.closed.connect(self._forget)

    def _lay_out(self) -> None:
        look = active()
        asking = QVBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 0, 0)
        caption = Text(self.tr("Who"), TextStyle.SMALL_STRONG)
        caption.setBuddy(self.field)
        self.field.setAccessibleName(self.tr("Who"))
        row = QHBoxLayout()
        group = QButtonGroup(self)
        self.languages: dict[str, ChoiceButton] = {}
        for language in LANGUAGES:
            choice = ChoiceButton(IconName.PERSON, language_word(language))
            choice.clicked.connect(lambda _checked=False, language=language: self._pick(language))
            group.addButton(choice)
            row.addWidget(choice)
            self.languages[language] = choice
        for widget in (caption, self.field, Text(self.tr("Language of the page"), TextStyle.SMALL_STRONG)):
            asking.addWidget(widget)
        asking.addLayout(row)
        asking.addWidget(
            Text(
                self.tr(
                    "You get a link and a code. It works once, for 72 hours. Hand it over in person, or by a way"
                    " that you trust: whoever opens it first is believed to be them."
                ),
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            )
        )
        showing = QHBoxLayout(self._showing)
        showing.setContentsMargins(0, 0, 0, 0)
        showing.setSpacing(look.px(Space.L))
        showing.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        for label in (
            self._until,
            self.link,
            Text(
                self.tr("The copy leaves the clipboard after {seconds} s.").format(seconds=LENT_S),
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            ),
        ):
            words.addWidget(label)
        words.addStretch(1)
        showing.addLayout(words, 1)
        self.put(self._asking, self._showing, self.problem)
        self.put_buttons(self.button, self.copy, self.printing, self.second, self.revoke)
        self._pick(LANGUAGES[0])
