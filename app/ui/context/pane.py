"""The right pane, in its fixed order: identity, contact, urgency, who looks after it, sources, history."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.channel import ChannelThread
from app.domain.conversation import ItemKind, Party, Thread, Urgency
from app.domain.facts import FactMark
from app.domain.ids import PersonId
from app.domain.proposal import SourceRef, cited_sources
from app.ui.channel.card import ChannelCard
from app.ui.components import Button, ButtonKind, IconButton, SectionHeader, Text, UntrustedLabel
from app.ui.composer.state import Phase, ProposalState
from app.ui.context.choice import ChoiceButton
from app.ui.context.contact_card import ContactCard
from app.ui.context.identity import IdentityCard
from app.ui.context.sources import SourceList
from app.ui.inbox.ages import clock_words, counted
from app.ui.theme import IconName, Role, Space, TextStyle, active
from app.ui.thread.pane import urgency_word


class ContextPane(QScrollArea):
    """Shows what stands around a conversation; emits wishes."""

    #: Another urgency; argument: ``Urgency``.
    urgency_wanted = Signal(object)
    #: How the desk knows who writes; argument: ``IdentityMeans``, or None to take it back.
    identity_wanted = Signal(object)
    #: Give the conversation to this person, or to nobody; argument: PersonId or None.
    assign_wanted = Signal(object)
    #: Close the drawer.
    close_wanted = Signal()
    #: Open a source; argument: ``SourceRef``.
    source_opened = Signal(object)

    def __init__(
        self,
        me: PersonId,
        name_of: Callable[[PersonId | None], str | None],
        now_ms: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._me = me
        self._name_of = name_of
        self._now_ms = now_ms
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Details"))
        self.sources = SourceList()
        self.sources.source_opened.connect(self.source_opened)
        body = QWidget()
        body.setProperty("surface", "surface")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(body)
        look = active()
        self._column.setContentsMargins(look.px(Space.L), look.px(Space.L), look.px(Space.L), look.px(Space.L))
        self._column.setSpacing(look.px(Space.S))
        self._head = self._build_head()
        for build in (
            self._build_channel,
            self._build_identity,
            self._build_contact,
            self._build_urgency,
            self._build_assignment,
            self._build_sources,
            self._build_history,
        ):
            build()
            if build != self._build_channel:
                self._column.addSpacing(look.px(Space.M))
        self._column.addStretch(1)
        self.setWidget(body)

    def show_thread(self, thread: Thread) -> None:
        """Show one conversation."""
        for urgency, button in self._urgencies.items():
            button.setChecked(urgency is thread.urgency)
        self._identity.show_identity(thread.identity, self._now_ms())
        self.contact.show_details(thread.details)
        name = self._name_of(thread.assigned_to)
        self._assignee.set_untrusted(name or self.tr("Nobody yet"))
        is_mine = thread.assigned_to == self._me
        self._take.setVisible(not is_mine)
        self._give_back.setVisible(thread.assigned_to is not None)
        self._history.setText(self._history_words(thread))

    def show_channel(self, channel: ChannelThread | None) -> None:
        """Show what the channel knows of the visitor; nothing for a conversation through another door."""
        for part in (self._channel_head, self.channel):
            part.setVisible(channel is not None)
        if channel is not None:
            self.channel.show_channel(channel, self._now_ms())

    def show_proposal(self, state: ProposalState) -> None:
        """Show the sources of the proposal in the composer."""
        cited = cited_sources(state.proposal.sentences) if state.proposal else frozenset()
        self.sources.show_sources(state.sources, cited)
        self._source_words.setText(self._words_about(state, state.sources))
        self._source_words.setVisible(bool(self._source_words.text()))
        self.sources.setVisible(bool(state.sources))

    def show_fact(self, fact: FactMark | None) -> None:
        """Mark the words of a fact in its source, while the eye is on it."""
        button = self.sources.show_fact(fact)
        if button is not None and self.isVisible():
            self.ensureWidgetVisible(button)

    def show_as_drawer(self, is_drawer: bool) -> None:
        """As a drawer it says what it is, can be closed, and has an edge."""
        self._head.setVisible(is_drawer)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(
            f"QScrollArea {{ border-left: 1px solid {active().hex(Role.LINE_STRONG)}; }}" if is_drawer else ""
        )

    def focus_first(self) -> None:
        """Bring the keyboard here: to the sources when there are any."""
        target = self.sources.first() or next(button for button in self._urgencies.values() if button.isChecked())
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(target)

    def focus_next_source(self) -> None:
        """Bring the keyboard to the next source."""
        target = self.sources.focus_next()
        if target is not None:
            self.ensureWidgetVisible(target)

    def _build_head(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Text(self.tr("Details"), TextStyle.HEADING), 1)
        close = IconButton(IconName.CLOSE, self.tr("Close"), key_hint="I")
        close.clicked.connect(self.close_wanted)
        row.addWidget(close)
        self._column.addWidget(holder)
        return holder

    def _build_channel(self) -> None:
        self._channel_head = SectionHeader(self.tr("OVER THE CHANNEL"))
        self.channel = ChannelCard()
        for part in (self._channel_head, self.channel):
            self._column.addWidget(part)
            part.hide()

    def _build_identity(self) -> None:
        self._column.addWidget(SectionHeader(self.tr("IDENTITY")))
        self._identity = IdentityCard()
        self._identity.wanted.connect(self.identity_wanted)
        self._column.addWidget(self._identity)

    def _build_contact(self) -> None:
        self._column.addWidget(SectionHeader(self.tr("CONTACT")))
        self.contact = ContactCard()
        self._column.addWidget(self.contact)

    def _build_urgency(self) -> None:
        self._column.addWidget(SectionHeader(self.tr("URGENCY")))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(active().px(Space.XS))
        group = QButtonGroup(holder)
        icons = (IconName.CHECK, IconName.CLOCK, IconName.FLAG, IconName.EMERGENCY)
        self._urgencies: dict[Urgency, ChoiceButton] = {}
        for place, (urgency, drawing) in enumerate(zip(Urgency, icons, strict=True)):
            button = ChoiceButton(drawing, urgency_word(self, urgency), is_alarming=urgency is Urgency.EMERGENCY)
            button.clicked.connect(lambda _checked=False, urgency=urgency: self.urgency_wanted.emit(urgency))
            group.addButton(button)
            grid.addWidget(button, place // 2, place % 2)
            self._urgencies[urgency] = button
        self._column.addWidget(holder)
        self._column.addWidget(
            Text(
                self.tr("Ctrl+Shift+1 raises an emergency from anywhere."),
                TextStyle.SMALL,
                ink="faint",
                is_wrapping=True,
            )
        )

    def _build_assignment(self) -> None:
        self._column.addWidget(SectionHeader(self.tr("LOOKED AFTER BY")))
        self._assignee = UntrustedLabel("", style=TextStyle.STRONG, max_chars=80)
        self._column.addWidget(self._assignee)
        self._take = Button(self.tr("Take it"), kind=ButtonKind.QUIET, icon=IconName.ASSIGN, key_hint="Shift+A")
        self._take.clicked.connect(lambda: self.assign_wanted.emit(self._me))
        self._give_back = Button(self.tr("Give it back"), kind=ButtonKind.PLAIN)
        self._give_back.clicked.connect(lambda: self.assign_wanted.emit(None))
        for button in (self._take, self._give_back):
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_sources(self) -> None:
        self._column.addWidget(SectionHeader(self.tr("SOURCES OF THE PROPOSAL")))
        self._source_words = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._column.addWidget(self._source_words)
        self._column.addWidget(self.sources)

    def _build_history(self) -> None:
        self._column.addWidget(SectionHeader(self.tr("HISTORY")))
        self._history = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._column.addWidget(self._history)

    def _words_about(self, state: ProposalState, sources: tuple[SourceRef, ...]) -> str:
        if sources:
            return (
                ""
                if state.phase is Phase.READY
                else self.tr("Found; what is used is marked when the text is finished.")
            )
        if state.phase is Phase.NONE:
            return self.tr("No proposal in front of you. Press D to get one.")
        if state.phase is Phase.PREPARING:
            return self.tr("Looking through the approved answers…")
        return self.tr("No approved answer was found for this.")

    def _history_words(self, thread: Thread) -> str:
        received = sum(item.kind is ItemKind.MESSAGE and item.party is Party.VISITOR for item in thread.items)
        sent = sum(item.kind is ItemKind.MESSAGE and item.party is Party.DESK for item in thread.items)
        notes = sum(item.kind is ItemKind.NOTE for item in thread.items)
        lines = [
            self.tr("{received} received, {sent} sent, {notes}").format(
                received=received, sent=sent, notes=counted(notes, self.tr("note"), self.tr("notes"))
            )
        ]
        if thread.items:
            began = clock_words(thread.items[0].wall_ms, self._now_ms())
            lines.insert(0, self.tr("Began {moment}").format(moment=began))
        return "\n".join(lines)
