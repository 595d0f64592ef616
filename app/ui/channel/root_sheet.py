"""The sheet with the office's root code: shown once, put on paper twice, and proven by typing part of it."""

from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.ui.components import Button, ButtonKind, Text
from app.ui.first_run.code_check import choose_groups, split_groups, with_typed
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active

_COLUMNS = 5
_MAX_GROUP_CHARS = 12


class _Step(Enum):
    EXPLAIN = "explain"
    SHOW = "show"
    PROVE = "prove"


class RootSheet(ScrollSheet):
    """Explains, shows, asks back. The code leaves the sheet when it is proven or the console locks."""

    #: Make the keys of the office.
    make_wanted = Signal()
    #: Put the code on paper.
    print_wanted = Signal()
    #: Put the code into a PDF.
    save_wanted = Signal()
    #: The groups that were asked for were typed from the paper; argument: the whole code with them in it.
    proven = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=680)
        self._code = ""
        self._step = _Step.EXPLAIN
        self.words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._grid_holder = QWidget()
        self._grid = QGridLayout(self._grid_holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self.fields: dict[int, QLineEdit] = {}
        self.button = Button("", kind=ButtonKind.PRIMARY, icon=IconName.KEY)
        self.printing = Button(self.tr("Print"), icon=IconName.PRINTER)
        self.saving = Button(self.tr("Save as PDF…"), icon=IconName.SAVE)
        self.back = Button(self.tr("Show it again"), kind=ButtonKind.PLAIN)
        self.put(self.words, self._grid_holder, self.problem)
        self.put_buttons(self.button, self.printing, self.saving, self.back)
        self._connect()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of the code while it has to be proven; empty before and after."""
        return split_groups(self._code) if self._code else ()

    def ask(self) -> None:
        """Say what the code is, or go on where it still has to be proven."""
        self._go(_Step.SHOW if self._code else _Step.EXPLAIN)
        self.open(self.button)

    def tell(self, code: str) -> None:
        """Show a code that was just made."""
        self._code = code
        self._go(_Step.SHOW)
        self.open(self.printing)

    def say(self, words: str) -> None:
        """Say what became of making, printing or saving."""
        self.problem.setText(words)
        self.button.setEnabled(True)
        self.refit()

    def typed(self) -> Mapping[int, str]:
        """What was typed, by number of the group."""
        return {number: field.text() for number, field in self.fields.items()}

    def forget(self) -> None:
        """Take the code off the screen and out of memory."""
        self._code = ""
        self._clear_grid()

    def _on_clicked(self) -> None:
        if self._step is _Step.EXPLAIN:
            self.button.setEnabled(False)
            self.make_wanted.emit()
        elif self._step is _Step.SHOW:
            self._go(_Step.PROVE)
            next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._prove()

    def _prove(self) -> None:
        typed = {number: text.upper() for number, text in self.typed().items()}
        code = with_typed(self.groups, typed)
        if code != self._code:
            self.say(self.tr("These are not the groups on the paper. Compare letter by letter, or show it again."))
            return
        self.button.setEnabled(False)
        self.proven.emit(code)

    def finish(self) -> None:
        """The keys are in force: forget the code."""
        self.forget()
        self.close_sheet()

    def _go(self, step: _Step) -> None:
        self._step = step
        self._clear_grid()
        self.problem.setText("")
        self.button.setEnabled(True)
        {_Step.EXPLAIN: self._explain, _Step.SHOW: self._show, _Step.PROVE: self._ask_back}[step]()
        for button in (self.printing, self.saving):
            button.setVisible(step is _Step.SHOW)
        self.back.setVisible(step is _Step.PROVE)
        self._grid_holder.setVisible(step is not _Step.EXPLAIN)
        self.refit()
        QTimer.singleShot(0, self, self.refit)  # hidden cells give their room back after they are gone

    def _explain(self) -> None:
        self.name(self.tr("The office's own key comes first"))
        self.words.setText(
            self.tr(
                "Patients must be able to tell this office from somebody who only says so. For that the office gets a"
                " root key. It is made here, written into a code for paper, and then forgotten by this machine: only"
                " the paper can say later, on a new machine or after a theft, that it is still this office.\n\n"
                "Have a printer ready, or a pen. Two copies, in two places. Whoever holds one can pretend to be the"
                " office, but can read nothing with it."
            )
        )
        self.button.setText(self.tr("Make the root code"))

    def _show(self) -> None:
        self.name(self.tr("The office's root code"))
        self.words.setText(
            self.tr("Print it twice, or write it down twice. It is shown now and never again; nothing here keeps it.")
        )
        look = active()
        self._grid.setHorizontalSpacing(look.px(Space.L))
        self._grid.setVerticalSpacing(look.px(Space.S))
        for place, group in enumerate(self.groups):
            number = Text(str(place + 1), TextStyle.CAPTION, ink="faint")
            words = Text(group, TextStyle.CODE)
            words.setAccessibleName(self.tr("Group {number}: {signs}").format(number=place + 1, signs=" ".join(group)))
            self._grid.addWidget(number, 2 * (place // _COLUMNS), place % _COLUMNS)
            self._grid.addWidget(words, 2 * (place // _COLUMNS) + 1, place % _COLUMNS)
        self.button.setText(self.tr("I have two copies"))

    def _ask_back(self) -> None:
        self.name(self.tr("Does the paper say the same?"))
        self.words.setText(self.tr("Type these groups from one of the two sheets."))
        for place, number in enumerate(choose_groups(len(self.groups))):
            field = QLineEdit()
            field.setMaxLength(_MAX_GROUP_CHARS)
            field.setProperty("textStyle", TextStyle.CODE.value)
            field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
            field.setAccessibleName(self.tr("Group {number}").format(number=number))
            field.returnPressed.connect(self.button.click)
            caption = Text(self.tr("Group {number}").format(number=number), TextStyle.SMALL_STRONG)
            self._grid.addWidget(caption, 0, place)
            self._grid.addWidget(field, 1, place)
            field.show()  # at once, so that it can have the keyboard
            self.fields[number] = field
        self.button.setText(self.tr("It is the same"))

    def _clear_grid(self) -> None:
        self.fields.clear()
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _connect(self) -> None:
        self.button.clicked.connect(self._on_clicked)
        self.printing.clicked.connect(self.print_wanted)
        self.saving.clicked.connect(self.save_wanted)
        self.back.clicked.connect(lambda: self._go(_Step.SHOW))
