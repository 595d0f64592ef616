"""The sheet on which an office reads and signs its emergency list: what is said first, and which words lead to it."""

from itertools import groupby
from operator import attrgetter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextEdit, QWidget

from app.config.country import COUNTRIES
from app.services.interlock.lists import ListedPhrase, PhraseBook
from app.ui.components import Button, ButtonKind, Select, Text, readable_line
from app.ui.emergency.presenter import EmergencyList
from app.ui.emergency.words import country_word, kind_word, language_word, readable_pattern
from app.ui.inbox.ages import clock_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Role, Space, TextStyle, active

_ROOMY_PX = 420


class EmergencySheet(Sheet):
    """Groups in English and Spanish, the scripts with their numbers, one button that signs."""

    #: The person has read the list and signs it.
    sign_wanted = Signal()
    #: Other emergency numbers; argument: the country's code.
    country_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=860, is_tall=True)
        self.title.setText(self.tr("The emergency list"))
        self.setAccessibleName(self.title.text())
        words = self.tr(
            "A message with one of these phrases is raised to an emergency at once, misspellings included. No model "
            "takes part, and nothing here ever lowers an urgency. Read it once, then sign it for the office."
        )
        self._intro = Text(words, TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._country = Select(self.tr("Whose emergency numbers"))
        for code in COUNTRIES:
            self._country.addItem(country_word(code), code)
        self._country.activated.connect(lambda place: self.country_wanted.emit(COUNTRIES[place]))
        self.page = QTextEdit()
        self.page.setReadOnly(True)
        self.page.setUndoRedoEnabled(False)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setAccessibleName(self.tr("Phrases and scripts"))
        self.page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._state = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._sign = Button(self.tr("I have read this list: sign"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self._later = Button(self.tr("Later"), kind=ButtonKind.PLAIN, key_hint="Esc")
        self._sign.clicked.connect(self.sign_wanted)
        self._later.clicked.connect(self.close_sheet)
        self._lay_out()

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet with the keyboard on the list, where it scrolls."""
        super().open(first or self.page)

    def show_list(self, read: EmergencyList, now_ms: int) -> None:
        """Show list and signature as they are now."""
        status = read.status
        if read.country in COUNTRIES:
            self._country.setCurrentIndex(COUNTRIES.index(read.country))
        self._write(read.books)
        self._country.setEnabled(status.may_sign)
        self._sign.setVisible(not status.is_signed and status.may_sign)
        self._later.setText(self.tr("Later") if self._sign.isVisibleTo(self) else self.tr("Close"))
        version = status.version.partition("+")[0]
        if status.is_signed and status.signed_ms is not None:
            self._state.setText(
                self.tr("Version {version}, {count} phrases. Signed by {name}, {moment}.").format(
                    version=version,
                    count=status.phrase_count,
                    name=readable_line(status.signed_by or "", 60),
                    moment=clock_words(status.signed_ms, now_ms),
                )
            )
        else:
            words = self.tr(
                "Version {version}, {count} phrases. Nobody has signed this version yet; it works all the same."
            )
            if not status.may_sign:
                words += " " + self.tr("It takes an administrator or a professional to sign it.")
            self._state.setText(words.format(version=version, count=status.phrase_count))

    def fit_height(self, room_px: int) -> None:
        """The list is what has to be read: the words above it go first where there is little room."""
        self._intro.setVisible(room_px > active().px(_ROOMY_PX))

    def state(self) -> str:
        """What the sheet says of the signature."""
        return self._state.text()

    def _write(self, books: tuple[PhraseBook, ...]) -> None:
        self.page.clear()
        cursor = QTextCursor(self.page.document())
        cursor.beginEditBlock()
        for book in books:
            self._line(cursor, language_word(book.language), TextStyle.HEADING, Role.INK, top_px=Space.M)
            self._line(cursor, self.tr("What is said first"), TextStyle.CAPTION, Role.INK_FAINT, top_px=Space.S)
            for kind, script in book.scripts.items():
                self._line(cursor, kind_word(kind), TextStyle.SMALL_STRONG, Role.SIGNAL_INK, top_px=Space.XS)
                self._line(cursor, script, TextStyle.SMALL, Role.INK)
            self._line(cursor, self.tr("Phrases that lead to it"), TextStyle.CAPTION, Role.INK_FAINT, top_px=Space.M)
            for kind, group in groupby(sorted(book.phrases, key=_kind), key=_kind):
                self._write_group(cursor, kind, list(group))
        cursor.endEditBlock()
        self.page.verticalScrollBar().setValue(0)

    def _write_group(self, cursor: QTextCursor, kind: str, group: list[ListedPhrase]) -> None:
        title = f"{kind_word(kind)} · {len(group)}"
        self._line(cursor, title, TextStyle.SMALL_STRONG, Role.INK, top_px=Space.S)
        for listed in group:
            self._line(cursor, f"· {readable_pattern(listed.wording)}", TextStyle.SMALL, Role.INK_SOFT)

    def _line(self, cursor: QTextCursor, words: str, style: TextStyle, ink: Role, *, top_px: int = 0) -> None:
        look, block, form = active(), QTextBlockFormat(), QTextCharFormat()
        block.setTopMargin(look.px(top_px))
        block.setLineHeight(124, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setFont(look.font(style))
        form.setForeground(look.colour(ink))
        if cursor.position() == 0:
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)
        cursor.insertText(words, form)

    def _lay_out(self) -> None:
        look = active()
        numbers = QHBoxLayout()
        numbers.setSpacing(look.px(Space.S))
        numbers.addWidget(Text(self.tr("Emergency numbers of"), TextStyle.SMALL_STRONG))
        numbers.addWidget(self._country)
        numbers.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(look.px(Space.S))
        row.addWidget(self._sign)
        row.addWidget(self._later)
        row.addStretch(1)
        self.body.addWidget(self._intro)
        self.body.addLayout(numbers)
        self.body.addWidget(self.page, 1)
        self.body.addWidget(self._state)
        self.body.addLayout(row)


_kind = attrgetter("phrase.kind")
