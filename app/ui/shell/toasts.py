"""Where a toast goes: above the composer while a conversation can be seen, else above the bottom of the window."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Toast


class Toasts(QObject):
    """One toast at a time, in the place that covers least."""

    #: The person wants back what the toast is about.
    undone = Signal()

    def __init__(self, page: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self._page = page
        self._places = (Toast(page), Toast(window))
        for toast in self._places:
            toast.undone.connect(self.undone)

    def show_undo(self, words: str, seconds: float) -> None:
        """Say what happened and count down the time in which it can be taken back."""
        self._fresh().show_undo(words, seconds)

    def show_message(self, words: str, seconds: float = 4.0) -> None:
        """Say something that cannot be taken back."""
        self._fresh().show_message(words, seconds)

    def dismiss(self) -> None:
        """Say nothing any more."""
        for toast in self._places:
            toast.dismiss()

    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return next((toast.text() for toast in self._places if not toast.isHidden()), "")

    def _fresh(self) -> Toast:
        self.dismiss()
        return self._places[0 if self._page.isVisible() else 1]
