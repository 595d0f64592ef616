"""Below the form: where the answer was used, and what became of it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.answers.history import AnswerVersion
from app.services.answers.uses import AnswerUse, SentUse
from app.ui.answers.words import change_words, moment_words
from app.ui.components import Button, ButtonKind, SectionHeader, Text, UntrustedLabel, person_line
from app.ui.inbox.ages import counted
from app.ui.theme import IconName, Space, TextStyle, active

MAX_USES = 5
MAX_VERSIONS = 6


class BackgroundPane(QWidget):
    """Two columns that only tell; entries can be opened."""

    #: A conversation is to be opened; argument: its id.
    conversation_wanted = Signal(str)
    #: An earlier version is to be put into the form; argument: ``AnswerVersion``.
    version_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = active()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(Space.XL))
        self._uses, self._use_words = QVBoxLayout(), Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._versions = QVBoxLayout()
        for words, top, entries in (
            (self.tr("USED"), self._use_words, self._uses),
            (self.tr("HISTORY"), None, self._versions),
        ):
            column = QVBoxLayout()
            column.setSpacing(look.px(Space.XS))
            column.addWidget(SectionHeader(words))
            if top is not None:
                column.addWidget(top)
            column.addLayout(entries)
            column.addStretch(1)
            row.addLayout(column, 1)
        self.clear()

    def clear(self) -> None:
        """Say nothing yet."""
        self._use_words.setText(self.tr("Looking…"))
        _empty(self._uses)
        _empty(self._versions)

    def show_uses(self, use: AnswerUse) -> None:
        """Show how often, and the newest replies."""
        self._use_words.setText(self._count_words(use))
        _empty(self._uses)
        for one in use.newest[:MAX_USES]:
            self._uses.addWidget(self._use_button(one), 0, Qt.AlignmentFlag.AlignLeft)

    def show_history(self, versions: tuple[AnswerVersion, ...]) -> None:
        """Show the newest steps."""
        _empty(self._versions)
        for place, version in enumerate(versions[:MAX_VERSIONS]):
            self._versions.addWidget(self._version_line(version, is_now=place == 0))
        if len(versions) > MAX_VERSIONS:
            more = self.tr("and {count} earlier").format(count=len(versions) - MAX_VERSIONS)
            self._versions.addWidget(Text(more, TextStyle.SMALL, ink="faint"))

    def _count_words(self, use: AnswerUse) -> str:
        if not use.is_complete:
            return self.tr("Used in {count} replies so far, still looking…").format(count=use.sent_count)
        if not use.sent_count:
            words = self.tr("In no reply yet")
        elif use.sent_count == 1:
            words = self.tr("Used in 1 reply")
        else:
            words = self.tr("Used in {count} replies").format(count=use.sent_count)
        proposals = counted(use.proposed_count, self.tr("proposal"), self.tr("proposals"))
        return f"{words} · " + self.tr("in {proposals}").format(proposals=proposals)

    def _use_button(self, use: SentUse) -> Button:
        name = person_line(use.contact_name, 32)
        button = Button(f"{name} · {moment_words(use.at_ms)}", kind=ButtonKind.PLAIN, icon=IconName.REPLY)
        button.setToolTip(self.tr("Open the conversation with {name}").format(name=name))
        button.clicked.connect(partial(self.conversation_wanted.emit, use.conversation_id))
        return button

    def _version_line(self, version: AnswerVersion, *, is_now: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = f"{moment_words(version.at_ms)} · {version.by} · {change_words(version.changes)}"
        row.addWidget(UntrustedLabel(words, style=TextStyle.SMALL, ink="soft", max_chars=160), 1)
        if not is_now:
            button = Button(self.tr("Use"), kind=ButtonKind.PLAIN)
            button.setAccessibleName(self.tr("Use the text of {when} again").format(when=moment_words(version.at_ms)))
            button.setToolTip(button.accessibleName())
            button.clicked.connect(lambda _checked=False: self.version_wanted.emit(version))
            row.addWidget(button)
        return holder


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
