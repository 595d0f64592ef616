"""Printing and saving what belongs on paper, and what to say of it."""

from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.ui.components.paper import ask_for_pdf, print_page, save_pdf


class Paper(Protocol):
    """One page."""

    @property
    def title(self) -> str:
        """Names the print job and the document; holds no secret."""

    def draw(self, painter: QPainter, width: float) -> None:
        """Draw the page; ``width`` in dots."""


def print_paper(parent: QWidget, paper: Paper) -> str:
    """Ask for a printer and print; return what to say."""
    if not print_page(parent, paper.title, paper.draw):
        return ""
    return _tr("Sent to the printer. Take the sheet before you go on.")


def save_paper(parent: QWidget, paper: Paper, name: str) -> str:
    """Ask where the PDF goes and write it there and nowhere else; return what to say."""
    target = ask_for_pdf(parent, paper.title, name)
    if target is None:
        return ""
    try:
        save_pdf(target, paper.title, paper.draw)
    except OSError:
        return _tr("The file could not be written there. Choose another place.")
    return _tr("Saved. Move it to a stick that is locked away, and delete it here.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("people", text)
