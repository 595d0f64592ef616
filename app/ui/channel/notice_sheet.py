"""The sheet for what patients read before they consent: who answers, where to call, how long it is kept."""

import json
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.domain.channel import NoticeTexts
from app.ui.channel.measures import days_words
from app.ui.components import Button, ButtonKind, CheckBox, Select, Text
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle, active
from app.ui.theme.places import resources_dir

MAX_LINE_CHARS = 160
MAX_BLOCK_CHARS = 500
MAX_NUMBERS = 8
_WITHDRAW_PX = 66
_OFFERED_DAYS = (90, 365, 1_096, 2_192, 3_653, 10_958)
"""A quarter, then one, three, six, ten and thirty years."""
_YEARS_10 = 3_653


def emergency_numbers(country: str) -> tuple[str, ...]:
    """The numbers of a country that the sheet begins with; the office reads and changes them."""
    file = resources_dir() / "phrases" / "emergency" / "numbers.json"
    known = json.loads(file.read_text(encoding="utf-8"))["countries"]
    return tuple(dict.fromkeys(known.get(country, known["eu"]).values()))


class NoticeSheet(ScrollSheet):
    """Six answers in plain words; the page that patients see words the rest."""

    #: These are to stand there; argument: ``NoticeTexts``.
    notice_wanted = Signal(object)

    def __init__(self, window: QWidget, country: str, office_name: str) -> None:
        super().__init__(window, "", width_px=640)
        self.name(self.tr("What they read before they write"))
        self._begin = (country, office_name)
        self.who, self.phone, self.emergency = QLineEdit(), QLineEdit(), QLineEdit()
        self.country = Select(self.tr("Country"))
        self.keeps_days = Select(self.tr("Kept for"))
        self.withdraw = QPlainTextEdit()
        self.assistant = CheckBox(self.tr("Offer the assistant: a model here may propose, a person sends"))
        self.problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self.button = Button(self.tr("Let them read this"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.button.clicked.connect(self._submit)
        self._languages: tuple[str, ...] = ("en", "es")
        self._is_open_door = False
        self._lay_out()

    def ask(self, notice: NoticeTexts | None) -> None:
        """Show what stands there, or a beginning."""
        texts = notice or self._beginning()
        self._languages, self._is_open_door = texts.languages, texts.is_open_door
        self.who.setText(texts.who)
        self.phone.setText(texts.phone)
        self.emergency.setText(", ".join(texts.emergency))
        self.country.setCurrentIndex(max(0, self.country.findData(texts.country)))
        self._show_days(texts.keeps_days)
        self.withdraw.setPlainText(texts.withdraw)
        self.assistant.setChecked(texts.is_assistant_offered)
        self.problem.hide()
        self.open(self.who if notice is None or not texts.phone else self.phone)

    def _show_days(self, days: int) -> None:
        if self.keeps_days.findData(days) < 0:
            self.keeps_days.addItem(days_words(days), days)
        self.keeps_days.setCurrentIndex(self.keeps_days.findData(days))

    def _submit(self) -> None:
        numbers = tuple(part.strip() for part in self.emergency.text().split(",") if part.strip())[:MAX_NUMBERS]
        texts = NoticeTexts(
            phone=self.phone.text().strip(),
            country=str(self.country.currentData()),
            emergency=numbers,
            keeps_days=int(self.keeps_days.currentData()),
            who=self.who.text().strip(),
            withdraw=self.withdraw.toPlainText().strip()[:MAX_BLOCK_CHARS],
            languages=self._languages,
            is_assistant_offered=self.assistant.isChecked(),
            is_open_door=self._is_open_door,
        )
        missing = self._missing(texts)
        if missing:
            self.problem.setText(missing)
            self.problem.show()
            self.refit()
            return
        self.close_sheet()
        self.notice_wanted.emit(texts)

    def _missing(self, texts: NoticeTexts) -> str:
        if not texts.who:
            return self.tr("Say who answers: whoever writes must know it before they do.")
        if not texts.phone:
            return self.tr("A telephone number is missing: not everybody can or wants to write.")
        if not texts.emergency:
            return self.tr("An emergency number is missing. It stands on the page at all times.")
        if not texts.withdraw:
            return self.tr("Say how to withdraw by telephone or on paper; the page has its own button.")
        return ""

    def _beginning(self) -> NoticeTexts:
        country, office_name = self._begin
        return NoticeTexts(
            phone="",
            country=country,
            emergency=emergency_numbers(country),
            keeps_days=_YEARS_10,
            who=self.tr("The reception of {office}").format(office=office_name),
            withdraw=self.tr("Call us or tell us at the desk. You can also ask us to erase what you wrote."),
        )

    def _lay_out(self) -> None:
        for code, words in self._country_words().items():
            self.country.addItem(words, code)
        for days in _OFFERED_DAYS:
            self.keeps_days.addItem(days_words(days), days)
        self.withdraw.setTabChangesFocus(True)
        self.withdraw.setFixedHeight(active().px(_WITHDRAW_PX))
        for words, field in (
            (self.tr("Who answers"), self.who),
            (self.tr("Telephone of the office"), self.phone),
            (self.tr("Emergency numbers, with commas"), self.emergency),
            (self.tr("Country whose law applies"), self.country),
            (self.tr("Kept for"), self.keeps_days),
            (self.tr("How to withdraw without the page"), self.withdraw),
        ):
            if isinstance(field, QLineEdit):
                field.setMaxLength(MAX_LINE_CHARS)
            caption = Text(words, TextStyle.SMALL_STRONG)
            caption.setBuddy(field)
            field.setAccessibleName(words)
            self.put(caption, field)
        self.put(
            self.assistant,
            Text(
                self.tr(
                    "Consent is given to this version. When you change it, everybody is asked again at the next visit."
                ),
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            ),
            self.problem,
        )
        self.put_buttons(self.button)

    def _country_words(self) -> Mapping[str, str]:
        return {
            "us": self.tr("United States"),
            "ca": self.tr("Canada"),
            "gb": self.tr("United Kingdom"),
            "ie": self.tr("Ireland"),
            "es": self.tr("Spain"),
            "mx": self.tr("Mexico"),
            "eu": self.tr("Another country of the European Union"),
        }
