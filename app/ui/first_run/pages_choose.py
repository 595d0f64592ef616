"""The first pages: what this is, what kind of office, demo or empty, what the office is called."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.conversation import MAX_NAME_CHARS
from app.domain.office import Sector
from app.ui.components import ChoiceCard, Text
from app.ui.first_run.page import FactRow, Page, labelled
from app.ui.first_run.steps import Start
from app.ui.theme import IconName, Space, TextStyle, active


class WelcomePage(Page):
    """Says what the console does and what it never does."""

    continue_text = "Begin"

    def __init__(self, vault_dir: Path) -> None:
        super().__init__(
            "Welcome to Vestibule",
            "Somebody writes to your front desk. Vestibule proposes a reply from the answers your office has approved; "
            "a person reads it, corrects it and sends it.",
        )
        self.body.setSpacing(active().px(Space.XL))
        self.body.addWidget(
            FactRow(
                IconName.SHIELD_SILENT,
                "Nothing leaves this machine",
                "No account, no cloud, no statistics, no update check. The kernel refuses this program every internet "
                "connection.",
            )
        )
        self.body.addWidget(
            FactRow(
                IconName.VAULT,
                "Everything is kept in an encrypted vault",
                f"Messages, notes and drafts lie in {_short(vault_dir)}. Without a password or the recovery code "
                "nobody can read them.",
            )
        )
        self.body.addWidget(
            FactRow(
                IconName.PERSON,
                "People send, the model only proposes",
                "A small language model runs on this machine. It learns nothing from what is written here.",
            )
        )
        self.body.addWidget(
            Text(
                "Setting up takes about three minutes. A printer or a sheet of paper helps.",
                TextStyle.SMALL,
                ink="faint",
            )
        )


def _short(path: Path) -> str:
    """Return a path the way people read it, with ``~`` for their own folder."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


class SectorPage(Page):
    """Clinic or law firm."""

    #: A kind of office was chosen; argument: ``Sector``.
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "What kind of office is it?",
            "It decides the words the console uses and the rules it keeps. You choose once, for this vault.",
        )
        self._cards = {
            Sector.CLINIC: ChoiceCard(
                IconName.CLINIC, "A clinic", "Patients write about appointments, prescriptions, results and bills."
            ),
            Sector.LAW: ChoiceCard(
                IconName.LAW, "A law firm", "Clients write about matters, appointments, documents and fees."
            ),
        }
        for sector, card in self._cards.items():
            self.body.addWidget(card)
            card.toggled.connect(lambda is_on, chosen=sector: self._on_toggled(chosen, is_on=is_on))

    def card(self, sector: Sector) -> ChoiceCard:
        """Return the card of one sector."""
        return self._cards[sector]

    def problem(self) -> str:
        """Return what is missing."""
        return "" if any(card.isChecked() for card in self._cards.values()) else "Choose one of the two."

    def first_focus(self) -> QWidget:
        """Return the chosen card, or the first."""
        return next((card for card in self._cards.values() if card.isChecked()), self._cards[Sector.CLINIC])

    def _on_toggled(self, sector: Sector, *, is_on: bool) -> None:
        if is_on:
            self.chosen.emit(sector)
            self.answered.emit()


class StartPage(Page):
    """Demo or empty vault."""

    #: A start was chosen; argument: ``Start``.
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "How would you like to begin?",
            "A vault is one or the other, for good: invented and real conversations never lie in the same place.",
        )
        self._cards = {
            Start.DEMO: ChoiceCard(
                IconName.INBOX,
                "Look around in a demo",
                "An invented office with conversations and approved answers. Every window says that it is a demo.",
            ),
            Start.EMPTY: ChoiceCard(
                IconName.VAULT,
                "Start with an empty vault",
                "For real work. You bring your own approved answers and your own conversations.",
            ),
        }
        for start, card in self._cards.items():
            self.body.addWidget(card)
            card.toggled.connect(lambda is_on, chosen=start: self._on_toggled(chosen, is_on=is_on))

    def card(self, start: Start) -> ChoiceCard:
        """Return the card of one start."""
        return self._cards[start]

    def problem(self) -> str:
        """Return what is missing."""
        return "" if any(card.isChecked() for card in self._cards.values()) else "Choose one of the two."

    def first_focus(self) -> QWidget:
        """Return the chosen card, or the first."""
        return next((card for card in self._cards.values() if card.isChecked()), self._cards[Start.DEMO])

    def _on_toggled(self, start: Start, *, is_on: bool) -> None:
        if is_on:
            self.chosen.emit(start)
            self.answered.emit()


class OfficePage(Page):
    """The name of the office."""

    #: The name has changed; argument: the name.
    named = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            "What is the office called?",
            "The name stands at the top of the window and on the recovery sheet. It is kept inside the vault.",
        )
        self.field = QLineEdit()
        self.field.setMaxLength(MAX_NAME_CHARS)
        self.field.setAccessibleName("Name of the office")
        self.field.textChanged.connect(self._on_changed)
        self.body.addLayout(labelled("Name of the office", self.field))

    def problem(self) -> str:
        """Return what is missing."""
        return "" if self.field.text().strip() else "Write the name of the office."

    def first_focus(self) -> QWidget:
        """Return the field."""
        return self.field

    def _on_changed(self, name: str) -> None:
        self.named.emit(name)
        self.answered.emit()
