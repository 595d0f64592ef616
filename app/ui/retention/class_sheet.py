"""Changing how long one class is kept: the changed rules are signed in the same step."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.compliance.errors import RulesMalformedError
from app.compliance.rules import Duration, RetentionRules, Unit, parse_rules, rules_to_json
from app.ui.components import Button, ButtonKind, Select, Text, readable_line
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle


class ClassSheet(Sheet):
    """A number and a unit."""

    #: Changed rules are to be signed; argument: ``RetentionRules``.
    rules_given = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=480)
        self._rules: RetentionRules | None = None
        self._place = 0
        self._basis = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.number = QLineEdit()
        self.number.setMaxLength(5)
        self.number.setAccessibleName(self.tr("How many"))
        self.unit = Select(self.tr("Days, months or years"))
        for unit, words in (
            (Unit.DAYS, self.tr("days")),
            (Unit.MONTHS, self.tr("months")),
            (Unit.YEARS, self.tr("years")),
        ):
            self.unit.addItem(words, unit)
        self.button = Button(
            self.tr("Change and sign"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint=self.tr("Enter")
        )
        self.body.addWidget(self._basis)
        line = QHBoxLayout()
        line.addWidget(self.number, 1)
        line.addWidget(self.unit, 1)
        self.body.addLayout(line)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.number.textChanged.connect(lambda _text: self.button.setEnabled(self._changed() is not None))
        self.unit.currentIndexChanged.connect(lambda _row: self.button.setEnabled(self._changed() is not None))
        self.number.returnPressed.connect(self.button.click)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, rules: RetentionRules, place: int) -> None:
        """Ask about one class."""
        self._rules, self._place = rules, place
        kept_as = rules.classes[place]
        self.title.setText(self.tr("Keep “{title}” for").format(title=readable_line(kept_as.title, 60)))
        self.setAccessibleName(self.title.text())
        self._basis.setText(readable_line(kept_as.basis, 600))
        self.number.setText(str(kept_as.keep.number))
        self.unit.setCurrentIndex(self.unit.findData(kept_as.keep.unit))
        self.button.setEnabled(True)
        self.open(self.number)
        self.number.selectAll()

    def _changed(self) -> RetentionRules | None:
        """Return the changed rules, or None while what stands there cannot be taken."""
        text = self.number.text().strip()
        if self._rules is None or not text.isdecimal():
            return None
        classes = list(self._rules.classes)
        keep = Duration(int(text), self.unit.currentData())
        classes[self._place] = replace(classes[self._place], keep=keep)
        try:
            return parse_rules(rules_to_json(replace(self._rules, classes=tuple(classes))))
        except RulesMalformedError:
            return None

    def _on_clicked(self) -> None:
        changed = self._changed()
        if changed is not None:
            self.close_sheet()
            self.rules_given.emit(changed)
