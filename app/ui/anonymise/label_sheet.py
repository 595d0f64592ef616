"""What a miss is: one list of labels, chosen with arrows and Enter, or by its first letter."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.anonymise.labels import Label
from app.ui.anonymise.groups import group_of, mark_of
from app.ui.anonymise.state import LABELS_TO_CHOOSE, Selected
from app.ui.anonymise.words import label_word
from app.ui.components import Button, Text, UntrustedLabel
from app.ui.components.facts import ButtonRow
from app.ui.shell.sheet import Sheet
from app.ui.theme import TextStyle

_BESIDE = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class LabelSheet(Sheet):
    """Asks what the selected words are."""

    #: A label was picked; arguments: ``Selected``, ``Label``.
    picked = Signal(object, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=620)
        self.title.setText(self.tr("What was missed?"))
        self.setAccessibleName(self.title.text())
        self._selected: Selected | None = None
        self._said = UntrustedLabel("", style=TextStyle.STRONG, is_wrapping=True, max_chars=200)
        self.buttons: dict[Label, Button] = {}
        for label in LABELS_TO_CHOOSE:
            button = self.buttons[label] = Button(label_word(label))
            button.setProperty("tone", mark_of(group_of(label)).tone.value)
            button.clicked.connect(lambda _checked=False, label=label: self._pick(label))
        self.body.addWidget(self._said)
        self.body.addWidget(
            Text(
                self.tr(
                    "These words become a rule of this office: they are found in every conversation from now on, also "
                    "misspelt. The place becomes a case of the office's own test set."
                ),
                TextStyle.SMALL,
                ink="soft",
                is_wrapping=True,
            )
        )
        self.body.addWidget(ButtonRow(*self.buttons.values()))

    def ask(self, selected: Selected) -> None:
        """Open on words that were missed."""
        self._selected = selected
        self._said.set_untrusted(f"\u201c{selected.said}\u201d")
        self.open(next(iter(self.buttons.values())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from label to label, a letter to the next label that begins with it."""
        step = _BESIDE.get(Qt.Key(event.key()))
        buttons = list(self.buttons.values())
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), 0)
        if step is not None:
            buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
            return
        letter = event.text().casefold()
        turned = buttons[here + 1 :] + buttons[: here + 1]
        found = [one for one in turned if letter and one.text().casefold().startswith(letter)]
        if found:
            found[0].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def _pick(self, label: Label) -> None:
        selected, self._selected = self._selected, None
        self.close_sheet()
        if selected is not None:
            self.picked.emit(selected, label)
