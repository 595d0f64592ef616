"""The second look before something that is proven or known may leave: why it was found, and what follows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.anonymise.state import Chosen
from app.ui.anonymise.why import proof_words
from app.ui.components import Banner, Button, ButtonKind, Text, Tone, UntrustedLabel, readable_line
from app.ui.components.facts import ButtonRow
from app.ui.shell.sheet import Sheet
from app.ui.theme import TextStyle

MAX_NAMED_CHARS = 40


class LiftSheet(Sheet):
    """Asks once more, in words."""

    #: The person means it; argument: ``Chosen``.
    confirmed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self.title.setText(self.tr("This identifies somebody"))
        self.setAccessibleName(self.title.text())
        self._chosen: Chosen | None = None
        self._said = UntrustedLabel("", style=TextStyle.STRONG, is_wrapping=True, max_chars=200)
        self.reason = Banner(Tone.CAUTION)
        self.keep = Button(self.tr("Keep it covered"), kind=ButtonKind.PRIMARY)
        self.go = Button("", kind=ButtonKind.DANGER)
        self.keep.clicked.connect(self.close_sheet)
        self.go.clicked.connect(self._confirm)
        self.body.addWidget(self._said)
        self.body.addWidget(self.reason)
        self.body.addWidget(
            Text(
                self.tr(
                    "If you let it through, it leaves as it stands, in this conversation only. The rule carries your "
                    "name and can be taken back."
                ),
                TextStyle.SMALL,
                ink="soft",
                is_wrapping=True,
            )
        )
        self._row = ButtonRow(self.keep, self.go)
        self.body.addWidget(self._row)

    def ask(self, chosen: Chosen) -> None:
        """Open on a mark that is proven or known."""
        self._chosen = chosen
        self._said.set_untrusted(f"\u201c{chosen.said}\u201d")
        self.reason.show_words(
            Tone.CAUTION,
            proof_words(chosen.mark.why, chosen.mark.ground),
            self.tr("It is not a false hit unless you know better than the office's own data."),
        )
        words = self.tr("Let {said} leave").format(said=f"\u201c{readable_line(chosen.said, MAX_NAMED_CHARS)}\u201d")
        self.go.setText(words)
        self._row.arrange()
        self.open(self.keep)
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self) -> None:
        chosen, self._chosen = self._chosen, None
        self.close_sheet()
        if chosen is not None:
            self.confirmed.emit(chosen)
