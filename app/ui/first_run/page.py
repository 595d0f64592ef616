"""What every page of the wizard is: a title, a sentence, one question."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.components import IconLabel, Text
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active


class Page(QWidget):
    """One page. Views only: pages ask nothing of any service."""

    #: What was answered has changed, so that ``problem`` may say something else.
    answered = Signal()
    #: The page itself wants to go on, for instance because Enter was pressed in its last field.
    continue_wanted = Signal()

    continue_text = "Continue"

    def __init__(self, title: str, lead: str = "") -> None:
        super().__init__()
        look = active()
        self.setProperty("isScrollBody", True)
        self._title = Text(title, TextStyle.DISPLAY, is_wrapping=True)
        self._lead = Text(lead, TextStyle.LEAD, ink="soft", is_wrapping=True)
        self._lead.setVisible(bool(lead))
        self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(look.px(Space.L))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, look.px(Space.S), 0)
        column.setSpacing(look.px(Space.M))
        column.addWidget(self._title)
        column.addWidget(self._lead)
        column.addSpacing(look.px(Space.L))
        column.addLayout(self.body)
        column.addStretch(1)

    def title(self) -> str:
        """Return the question of the page."""
        return self._title.text()

    def set_head(self, title: str, lead: str) -> None:
        """Say something else at the top."""
        self._title.setText(title)
        self._lead.setText(lead)
        self._lead.setVisible(bool(lead))
        self.setAccessibleName(title)

    def problem(self) -> str:
        """Return what is still missing, "" when the page is answered."""
        return ""

    def first_focus(self) -> QWidget | None:
        """Return the widget that gets the focus, None for the button that goes on."""
        return None


class FactRow(QWidget):
    """A drawing, a short claim and the sentence that explains it."""

    def __init__(self, icon: IconName, title: str, words: str, role: Role = Role.ACCENT_INK) -> None:
        super().__init__()
        look = active()
        text = QVBoxLayout()
        text.setSpacing(look.px(Space.HAIR))
        text.addWidget(Text(title, TextStyle.STRONG, is_wrapping=True))
        text.addWidget(Text(words, TextStyle.BODY, ink="soft", is_wrapping=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(Space.L))
        drawing = QVBoxLayout()
        drawing.addWidget(IconLabel(icon, role, Size.ICON + 2))
        drawing.addStretch(1)
        row.addLayout(drawing)
        row.addLayout(text, 1)


def labelled(label: str, field: QWidget, hint: QWidget | None = None) -> QVBoxLayout:
    """Return a column with a label above its field and an optional hint below it."""
    look = active()
    words = Text(label, TextStyle.SMALL_STRONG, ink="soft")
    words.setBuddy(field)
    column = QVBoxLayout()
    column.setSpacing(look.px(Space.XS))
    column.addWidget(words)
    column.addWidget(field)
    if hint is not None:
        column.addWidget(hint)
    return column
