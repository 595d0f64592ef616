"""Where a toast goes: above the composer while a conversation can be seen, on another page where that page says."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.components import Toast


class Toasts(QObject):
    """One toast at a time, in the place that covers least."""

    #: The person wants back what the toast is about.
    undone = Signal()

    def __init__(self, page: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self._places = [(page, Toast(page)), (window, Toast(window))]
        for _place, toast in self._places:
            toast.undone.connect(self.undone)

    def offer_place(self, place: QWidget) -> None:
        """Float above the bottom of this widget, too, while it can be seen and the places before it cannot."""
        toast = Toast(place)
        toast.undone.connect(self.undone)
        self._places.insert(-1, (place, toast))

    def show_undo(self, words: str, seconds: float) -> None:
        """Say what happened and count down the time in which it can be taken back."""
        self._fresh().show_undo(words, seconds)

    def show_message(self, words: str, seconds: float = 4.0) -> None:
        """Say something that cannot be taken back."""
        self._fresh().show_message(words, seconds)

    def dismiss(self) -> None:
        """Say nothing any more."""
        for _place, toast in self._places:
            toast.dismiss()

    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return next((toast.text() for _place, toast in self._places if not toast.isHidden()), "")

    def _fresh(self) -> Toast:
        self.dismiss()
        return next(toast for place, toast in self._places if place.isVisible() or place is self._places[-1][0])
