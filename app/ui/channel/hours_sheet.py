"""The sheet for office hours, holidays and the words that come back when nobody is there."""

from collections.abc import Mapping
from datetime import date, time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from app.domain.office_hours import Hours
from app.ui.channel.invite_sheet import LANGUAGES
from app.ui.channel.measures import TO, language_word
from app.ui.components import Button, ButtonKind, CheckBox, Text
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

MAX_AWAY_CHARS = 600
_TEXT_PX = 72
_HOLIDAYS_PX = 110
_DAYS = 7


class HoursSheet(ScrollSheet):
    """Keeps nothing: what is typed is parsed when it is saved, and a line that cannot be read is named."""

    #: Other hours are wanted; argument: ``Hours``.
    hours_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=640)
        self.name(self.tr("When somebody is here"))
        self.acknowledge = CheckBox(self.tr("Outside these hours, answer once with the words below"))
        self.days: list[QLineEdit] = []
        self.texts: dict[str, QPlainTextEdit] = {}
        self.holidays = QPlainTextEdit()
        self.problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self.button = Button(self.tr("Use these hours"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.button.clicked.connect(self._submit)
        self._lay_out()

    def ask(self, hours: Hours | None) -> None:
        """Show what is in force, or an empty week."""
        hours = hours or Hours({}, (None,) * _DAYS)
        self.acknowledge.setChecked(hours.is_acknowledging)
        for field, day in zip(self.days, hours.week, strict=True):
            field.setText("" if day is None else f"{day[0]:%H:%M}{TO}{day[1]:%H:%M}")
        for language, field_ in self.texts.items():
            field_.setPlainText(hours.away_text.get(language, ""))
        self.holidays.setPlainText("\n".join(f"{day.isoformat()} {name}".strip() for day, name in hours.holidays))
        self.problem.hide()
        self.open(self.acknowledge)

    def _submit(self) -> None:
        try:
            hours = Hours(
                self._words(), self._week(), parse_holidays(self.holidays.toPlainText()), self.acknowledge.isChecked()
            )
        except ValueError as error:
            self.problem.setText(
                self.tr("This cannot be read: {words}. Nothing was changed.").format(words=error.args[0])
            )
            self.problem.show()
            self.refit()
            return
        self.close_sheet()
        self.hours_wanted.emit(hours)

    def _words(self) -> Mapping[str, str]:
        typed = {language: field.toPlainText().strip()[:MAX_AWAY_CHARS] for language, field in self.texts.items()}
        words = {language: text for language, text in typed.items() if text}
        if self.acknowledge.isChecked() and not words:
            raise ValueError(self.tr("there are no words to answer with"))
        return words

    def _week(self) -> tuple[tuple[time, time] | None, ...]:
        return tuple(parse_day(field.text()) for field in self.days)

    def _lay_out(self) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(active().px(Space.S))
        for place, word in enumerate(self._day_words()):
            field = QLineEdit()
            field.setPlaceholderText(self.tr("closed"))
            field.setAccessibleName(word)
            grid.addWidget(Text(word, TextStyle.SMALL_STRONG), 2 * (place // 4), place % 4)
            grid.addWidget(field, 2 * (place // 4) + 1, place % 4)
            self.days.append(field)
        self.put(
            Text(self.tr("Hours, such as 08:00 - 17:30; an empty day is closed"), TextStyle.SMALL, ink="soft"), holder
        )
        self.put(Text(self.tr("Holidays, one a line: 2026-12-25 Christmas Day"), TextStyle.SMALL_STRONG), self.holidays)
        self.holidays.setAccessibleName(self.tr("Holidays"))
        self.holidays.setTabChangesFocus(True)
        self.holidays.setFixedHeight(active().px(_HOLIDAYS_PX))
        self.put(self.acknowledge)
        for language in LANGUAGES:
            field_ = QPlainTextEdit()
            field_.setTabChangesFocus(True)
            field_.setFixedHeight(active().px(_TEXT_PX))
            field_.setAccessibleName(self.tr("Words in {language}").format(language=language_word(language)))
            self.put(Text(language_word(language), TextStyle.SMALL_STRONG), field_)
            self.texts[language] = field_
        self.put(
            Text(
                self.tr(
                    "Goes out at most once in 15 minutes to each visitor, and never in an emergency: there the script"
                    " of the emergency list says what to do."
                ),
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            ),
            self.problem,
        )
        self.put_buttons(self.button)

    def _day_words(self) -> tuple[str, ...]:
        return (
            self.tr("Monday"),
            self.tr("Tuesday"),
            self.tr("Wednesday"),
            self.tr("Thursday"),
            self.tr("Friday"),
            self.tr("Saturday"),
            self.tr("Sunday"),
        )


def parse_day(untrusted_text: str) -> tuple[time, time] | None:
    """Return when a day opens and closes ("8:00-17:30"), None for an empty line.

    Raises:
        ValueError: holding the line that cannot be read.
    """
    text = untrusted_text.strip()
    if not text:
        return None
    try:
        opens, closes = (_time(part) for part in text.replace(TO, "-").split("-"))
    except ValueError as error:
        raise ValueError(text) from error
    if opens >= closes:
        raise ValueError(text)
    return opens, closes


def parse_holidays(untrusted_text: str) -> tuple[tuple[date, str], ...]:
    """Return the days and their names, in their order.

    Raises:
        ValueError: holding the line that cannot be read.
    """
    found: dict[date, str] = {}
    for line in untrusted_text.splitlines():
        words = line.split(maxsplit=1)
        if not words:
            continue
        try:
            found[date.fromisoformat(words[0])] = words[1].strip() if len(words) > 1 else ""
        except ValueError as error:
            raise ValueError(line.strip()) from error
    return tuple(sorted(found.items()))


def _time(text: str) -> time:
    hour, _colon, minute = text.strip().partition(":")
    return time(int(hour), int(minute or 0))
