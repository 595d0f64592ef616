"""A sheet that asks before something is done: what will happen in words, and a button that names it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtWidgets import QWidget

from app.ui.components import Button, ButtonKind, Text
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``is_final``: it cannot be undone, and the button says so by its colour as well."""

    title: str = field(repr=False)
    words: str = field(repr=False)
    do_words: str = field(repr=False)
    keep_words: str
    icon: IconName
    is_final: bool = False


class AskingSheet(ScrollSheet):
    """Asks one thing at a time; the keyboard begins on the way out."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self._do: Callable[[], None] | None = None
        self.words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.button = Button("", kind=ButtonKind.PRIMARY)
        self.keep = Button("", kind=ButtonKind.QUIET)
        self.put(self.words)
        self.put_buttons(self.button, self.keep)
        self.button.clicked.connect(self._on_clicked)
        self.keep.clicked.connect(self.close_sheet)

    def ask(self, question: Question, do: Callable[[], None]) -> None:
        """Ask whether to ``do`` it."""
        self._do = do
        self.name(question.title)
        self.words.setText(question.words)
        self.button.setText(question.do_words)
        self.button.set_icon_name(question.icon)
        self.button.set_kind(ButtonKind.DANGER if question.is_final else ButtonKind.PRIMARY)
        self.keep.setText(question.keep_words)
        self.open(self.keep)

    def _on_clicked(self) -> None:
        do, self._do = self._do, None
        self.close_sheet()
        if do is not None:
            do()
