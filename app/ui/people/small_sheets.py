"""Sheets that tell or ask one thing: a one-time password, a farewell, recovery shares."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.ids import PersonId
from app.services.people.service import Added
from app.ui.components import Button, ButtonKind, Text, readable_line
from app.ui.people.papers import SharePaper, VaultOnPaper
from app.ui.people.state import Farewell
from app.ui.people.words import farewell_title, farewell_words, given_words
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle

_WORDS_IN_LINE = 5


class GivenSheet(Sheet):
    """Shows a one-time password, once."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self.password = Text("", TextStyle.CODE, is_wrapping=True)
        self.password.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.button = Button(self.tr("It is handed over"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.body.addWidget(self.password)
        self.body.addWidget(self._words)
        self.body.addLayout(_row(self.button))
        self.button.clicked.connect(self.close_sheet)
        self.closed.connect(lambda: self.password.setText(""))

    def tell(self, added: Added) -> None:
        """Show what was given to whom."""
        name = readable_line(added.person.display_name, 60)
        self.title.setText(self.tr("Password for the first sign-in of {name}").format(name=name))
        self.setAccessibleName(self.title.text())
        self.password.setText(added.one_time_password)
        self.password.setAccessibleName(self.tr("Password: {password}").format(password=added.one_time_password))
        self._words.setText(readable_line(given_words(added.person), 300))
        self.open(self.button)


class ResetSheet(Sheet):
    """Asks before the password of somebody stops to open anything."""

    #: A new password is wanted; argument: the person's id.
    reset_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._person_id: PersonId | None = None
        words = self.tr(
            "The password of before opens nothing any more, and neither phone nor key stick is asked for. You get a"
            " password for a single sign-in, to hand over."
        )
        self.body.addWidget(Text(words, TextStyle.BODY, ink="soft", is_wrapping=True))
        self.button = Button(self.tr("Make a new password"), kind=ButtonKind.PRIMARY, icon=IconName.KEY)
        self.body.addLayout(_row(self.button))
        self.button.clicked.connect(self._on_clicked)

    def ask(self, person_id: PersonId, name: str) -> None:
        """Ask about one person."""
        self._person_id = person_id
        self.title.setText(self.tr("A new password for {name}?").format(name=readable_line(name, 60)))
        self.setAccessibleName(self.title.text())
        self.open(self.button)

    def _on_clicked(self) -> None:
        self.close_sheet()
        if self._person_id is not None:
            self.reset_wanted.emit(self._person_id)


class FarewellSheet(Sheet):
    """Asks before somebody is let go, and names what hangs on it."""

    #: Somebody is to go; argument: the person's id.
    farewell_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=520)
        self._person_id: PersonId | None = None
        self.words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.keep = Button(self.tr("Keep them"), kind=ButtonKind.QUIET)
        self.button = Button("", kind=ButtonKind.DANGER, icon=IconName.LOCK)
        self.body.addWidget(self.words)
        self.body.addLayout(_row(self.button, self.keep))
        self.keep.clicked.connect(self.close_sheet)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, farewell: Farewell) -> None:
        """Ask about one person."""
        self._person_id = farewell.person.person_id
        self.title.setText(readable_line(farewell_title(farewell.person), 80))
        self.setAccessibleName(self.title.text())
        self.words.setText(farewell_words(farewell))
        name = readable_line(farewell.person.display_name, 40)
        self.button.setText(self.tr("Let {name} go and lock").format(name=name))
        self.open(self.keep)

    def _on_clicked(self) -> None:
        self.close_sheet()
        if self._person_id is not None:
            self.farewell_wanted.emit(self._person_id)


class SharesSheet(ScrollSheet):
    """Makes recovery shares and shows them, once and one after another: each belongs on a sheet of its own."""

    #: Shares are to be made.
    make_wanted = Signal()
    #: The share that is shown is to be printed; argument: ``SharePaper``.
    print_wanted = Signal(object)
    #: The share that is shown is to be written into a PDF; argument: ``SharePaper``.
    save_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=640)
        self._left: list[SharePaper] = []
        self._paper: SharePaper | None = None
        self.words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.share = Text("", TextStyle.STRONG, is_wrapping=True)
        self.share.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.outcome = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.button = Button("", kind=ButtonKind.PRIMARY, icon=IconName.KEY)
        self.printing = Button(self.tr("Print"), icon=IconName.PRINTER)
        self.saving = Button(self.tr("Save as PDF…"), icon=IconName.SAVE)
        self.put(self.words, self.share, self.outcome)
        self.put_buttons(self.button, self.printing, self.saving)
        self.button.clicked.connect(self._on_clicked)
        self.printing.clicked.connect(lambda: self.print_wanted.emit(self._paper))
        self.saving.clicked.connect(lambda: self.save_wanted.emit(self._paper))
        self.closed.connect(self._forget)

    def ask(self) -> None:
        """Say what shares are."""
        self._forget()
        self.name(self.tr("Recovery in three printed shares"))
        self.words.setText(
            self.tr(
                "Any two of three sheets open the vault when nobody knows a password; one alone says nothing at all."
                " Give them to three people or put them in three places. Shares made before open nothing afterwards."
            )
        )
        self.button.setText(self.tr("Make three shares"))
        self.open(self.button)

    def tell(self, shares: tuple[str, ...], vault: VaultOnPaper) -> None:
        """Show the words of each share, beginning with the first."""
        total = len(shares)
        self._left = [
            SharePaper(vault, number, total, tuple(share.split())) for number, share in enumerate(shares, start=1)
        ]
        self._show_next()

    def say(self, words: str) -> None:
        """Say what became of printing or saving."""
        self.outcome.setText(words)
        self.outcome.setVisible(bool(words))
        self.refit()

    def _show_next(self) -> None:
        self._paper = paper = self._left.pop(0)
        self.name(self.tr("Share {number} of {total}").format(number=paper.number, total=paper.total))
        self.words.setText(
            self.tr(
                "Print it, or write the 33 words on a sheet of their own, in this order. They are shown only now. A PDF"
                " belongs on a stick of whoever keeps this share, and never beside another one."
            )
        )
        self.share.setText(_numbered(paper.words))
        self._show_paper(is_shown=True)
        self.button.setText(self.tr("It is on paper: next") if self._left else self.tr("All are on paper"))
        self.button.setEnabled(True)
        self.say("")
        self.open(self.button)

    def _show_paper(self, *, is_shown: bool) -> None:
        for widget in (self.share, self.printing, self.saving):
            widget.setVisible(is_shown)

    def _on_clicked(self) -> None:
        if self._left:
            self._show_next()
        elif self.share.text():
            self.close_sheet()
        else:
            self.button.setEnabled(False)
            self.make_wanted.emit()

    def _forget(self) -> None:
        self._left.clear()
        self._paper = None
        self.share.setText("")
        self._show_paper(is_shown=False)
        self.say("")
        self.button.setEnabled(True)


def _numbered(share: tuple[str, ...]) -> str:
    """Return the words in lines, each behind its number and not parted from it by a line's end."""
    words = [f"{number}\u00a0{word}" for number, word in enumerate(share, start=1)]
    return "\n".join(
        "   ".join(words[start : start + _WORDS_IN_LINE]) for start in range(0, len(words), _WORDS_IN_LINE)
    )


def _row(*buttons: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
