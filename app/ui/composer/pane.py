"""The composer: two tabs on different paper, the proposal above the reply, one button that says what it will do."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.domain.conversation import ComposerTab
from app.domain.facts import FactMark
from app.ui.components import (
    Button,
    ButtonKind,
    IconButton,
    Text,
    UntrustedLabel,
    VeilOver,
    person_line,
    readable_line,
    veil,
)
from app.ui.composer.editor import MAX_LINES, MIN_LINES, SHORT_LINES, SLIM_LINES, ComposerEditor, Paper
from app.ui.composer.presenter import ComposerText
from app.ui.composer.proposal_frame import ProposalFrame
from app.ui.composer.state import Phase, ProposalState
from app.ui.composer.words import headline
from app.ui.theme import IconName, Size, Space, TextStyle, active, icon


class ComposerPane(QWidget):
    """Emits what a person wrote and wished."""

    #: A text was edited; arguments: ``ComposerTab``, the whole text.
    edited = Signal(object, str)
    #: Send the reply or save the note, whichever tab is in front.
    send_wanted = Signal()
    #: Propose a reply.
    propose_wanted = Signal()
    #: The composer wants to be seen in full (a tab was picked, an editor was filled); only matters in short windows.
    room_wanted = Signal()
    #: A file is to go along.
    attach_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_filling = False
        self._has_proposal = False
        self._has_room = True
        self._is_folded = False
        self._is_short = False
        self._is_emergency = False
        self._has_ended = False
        self._no_proposal = ""
        self._unheld = ""
        self._wants_editor = False
        self._papers = QWidget()
        self._folded_words = Text("", TextStyle.SMALL_STRONG, ink="accent")
        self._folded_words.hide()
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.proposal = ProposalFrame()
        self.reply = ComposerEditor(self.tr("Reply"))
        self.note = ComposerEditor(self.tr("Note for colleagues"))
        self._tabs = self._build_tabs()
        self._send = Button("", kind=ButtonKind.PRIMARY, icon=IconName.SEND, key_hint="Ctrl+Enter")
        self._propose = Button(self.tr("Propose a reply"), icon=IconName.DRAFT, key_hint="D")
        self.attach = IconButton(IconName.ATTACH, self.tr("Attach a file"), key_hint="Ctrl+O")
        self.attach.clicked.connect(self.attach_wanted)
        self.attach.hide()
        self._hint = UntrustedLabel("", style=TextStyle.SMALL, ink="faint", max_chars=120)
        self._send.clicked.connect(self.send_wanted)
        self._propose.clicked.connect(self.propose_wanted)
        self.reply.textChanged.connect(lambda: self._on_edited(ComposerTab.REPLY, self.reply))
        self.note.textChanged.connect(lambda: self._on_edited(ComposerTab.NOTE, self.note))
        self._lay_out()
        self._client = ""
        self._veils = tuple(VeilOver(field) for field in (self.reply, self.note, self.proposal.text))
        veil().changed.connect(self._on_veil_changed)
        self.show_tab(ComposerTab.REPLY)

    @property
    def tab(self) -> ComposerTab:
        """The tab in front."""
        return ComposerTab.NOTE if self._stack.currentIndex() else ComposerTab.REPLY

    def show_tab(self, tab: ComposerTab, *, with_focus: bool = False) -> None:
        """Bring a tab to the front."""
        is_note = tab is ComposerTab.NOTE
        self._stack.setCurrentIndex(1 if is_note else 0)
        (self._note_tab if is_note else self._reply_tab).setChecked(True)
        self._dress()
        if with_focus:
            self._wants_editor = True
            self.room_wanted.emit()
            self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def editor(self) -> ComposerEditor:
        """The editor in front."""
        return self.note if self.tab is ComposerTab.NOTE else self.reply

    def set_folded(self, is_folded: bool) -> None:
        """In a short window: only the tabs and one line of words, so that the thread can be read."""
        self._is_folded = is_folded
        self._wants_editor = self._wants_editor and not is_folded
        self._folded_words.setVisible(is_folded)
        self._dress()

    def set_room(self, *, has_room: bool, is_short: bool) -> None:
        """Whether proposal and editor fit over each other in full; in a short window only one of them is shown."""
        self._has_room, self._is_short = has_room, is_short
        self.proposal.set_short(is_short=is_short)
        for editor in (self.reply, self.note):
            editor.set_most_lines(SHORT_LINES if is_short else MAX_LINES)
        self._dress()

    def show_in_full(self) -> None:
        """Ask for room (only matters in short windows)."""
        self.room_wanted.emit()

    def focus_main(self) -> None:
        """Bring the keyboard to what matters: the proposal's first action, or the editor."""
        self.room_wanted.emit()
        if self._has_proposal and self.tab is ComposerTab.REPLY and not self.reply.toPlainText().strip():
            self.proposal.focus_first()
        else:
            self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_name(self, untrusted_name: str) -> None:
        """Say to whom the reply goes."""
        self._client = untrusted_name
        name = person_line(untrusted_name, 40)
        self.reply.setPlaceholderText(self.tr("Write a reply to {name}").format(name=name))
        self.note.setPlaceholderText(self.tr("A note for colleagues. {name} never sees it.").format(name=name))

    def _on_veil_changed(self) -> None:
        self.show_name(self._client)

    def show_texts(self, texts: ComposerText) -> None:
        """Fill the editors without calling it an edit."""
        self._is_filling = True
        self.reply.replace_text(texts.reply)
        self.note.replace_text(texts.note)
        self._is_filling = False
        self._dress()

    def show_proposal(self, state: ProposalState) -> None:
        """Show one moment of the proposal."""
        self._has_proposal = state.phase is not Phase.NONE
        self.proposal.show_state(state)
        self._folded_words.setText(headline(state))
        if state.phase is Phase.PREPARING:
            self._wants_editor = False
            self.room_wanted.emit()
        self._dress()

    def show_unheld(self, text: str, facts: tuple[FactMark, ...]) -> None:
        """Mark what the person typed and no source holds, and say it in one quiet line."""
        self.reply.show_unheld(text, facts)
        said = (readable_line(text[fact.start : fact.end], 24) for fact in facts[:3])
        words = str(len(facts)) if veil().is_drawn else ", ".join(said)
        self._unheld = self.tr("In no source: {words}").format(words=words) if facts else ""
        self._dress()

    def show_emergency(self, is_emergency: bool) -> None:
        """In an emergency no draft is offered; the words say why."""
        self._is_emergency = is_emergency
        self._unheld = ""
        self._dress()

    def show_channel(self, *, is_channel: bool, has_ended: bool, no_proposal: str) -> None:
        """Offer what the patient channel can; ``no_proposal`` says why no reply is proposed, "" where one may be."""
        self._has_ended, self._no_proposal = has_ended, no_proposal
        self.attach.setVisible(is_channel and not has_ended)
        self._dress()

    @property
    def no_proposal(self) -> str:
        """Why the visitor's own choice keeps a model out; empty where one may propose."""
        return self._no_proposal

    @property
    def can_send(self) -> bool:
        """Whether a reply would reach anybody."""
        return not self._has_ended

    def hint(self) -> str:
        """The quiet line beside the buttons."""
        return self._hint.text()

    def _hint_words(self) -> str:
        if self._is_emergency:
            return self.tr("An emergency: drafting is left to people.")
        if self.tab is ComposerTab.NOTE:
            return ""
        if self._has_ended:
            return self.tr("This conversation has ended: nothing you send reaches them.")
        return self._unheld or self._no_proposal

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress_tabs()

    def _on_edited(self, tab: ComposerTab, editor: ComposerEditor) -> None:
        if not self._is_filling:
            self.edited.emit(tab, editor.toPlainText())
            self._dress()

    def _dress(self) -> None:
        is_note = self.tab is ComposerTab.NOTE
        has_text = bool(self.editor.toPlainText().strip())
        is_second = self._has_proposal and not is_note and not has_text
        for editor in (self.reply, self.note):
            editor.set_least_lines(SLIM_LINES if self._has_proposal and not is_note else MIN_LINES)
        self._send.setText(self.tr("Save note") if is_note else self.tr("Send"))
        self._send.set_icon_name(IconName.NOTE if is_note else IconName.SEND)
        self._send.setEnabled(has_text and (is_note or not self._has_ended))
        self._hint.setText(self._hint_words())
        self.proposal.setVisible(self._shows_proposal)
        self._papers.setVisible(not self._is_folded and not (self._is_short and self._shows_proposal))
        self._foot.setVisible(not is_second and not self._is_folded)
        has_reply = bool(self.reply.toPlainText().strip())
        self.proposal.set_aside(is_aside=has_reply, has_room=self._has_room)
        self._propose.setVisible(not is_note and not self._has_proposal and not self._is_left_to_people)

    @property
    def _is_left_to_people(self) -> bool:
        return self._is_emergency or bool(self._no_proposal) or self._has_ended

    @property
    def _shows_proposal(self) -> bool:
        is_wanted = self._has_proposal and self.tab is ComposerTab.REPLY and not self._is_folded
        is_writing = self._wants_editor or bool(self.reply.toPlainText().strip())
        return is_wanted and not (self._is_short and is_writing)

    def _build_tabs(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(active().px(Space.XS))
        group = QButtonGroup(holder)
        self._reply_tab = QToolButton()
        self._reply_tab.setText(self.tr("Reply"))
        self._note_tab = QToolButton()
        self._note_tab.setText(self.tr("Note"))
        for tab, button, key in ((ComposerTab.REPLY, self._reply_tab, "R"), (ComposerTab.NOTE, self._note_tab, "N")):
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setToolTip(f"{button.text()} · {key} · Ctrl+I")
            button.clicked.connect(lambda _checked, tab=tab: self.show_tab(tab, with_focus=True))
            group.addButton(button)
            row.addWidget(button)
        row.addSpacing(active().px(Space.M))
        row.addWidget(self._folded_words)
        row.addStretch(1)
        self._dress_tabs()
        return holder

    def _dress_tabs(self) -> None:
        side = active().px(Size.ICON_S)
        for tab in (self._reply_tab, self._note_tab):
            tab.setIconSize(QSize(side, side))
        self._reply_tab.setIcon(icon(IconName.REPLY))
        self._note_tab.setIcon(icon(IconName.NOTE))

    def _lay_out(self) -> None:
        look = active()
        papers = self._papers
        self._stack = QStackedLayout(papers)
        self._stack.addWidget(Paper(ComposerTab.REPLY, self.reply))
        self._stack.addWidget(Paper(ComposerTab.NOTE, self.note))
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(look.px(Space.S))
        foot.addWidget(self._send)
        foot.addWidget(self._propose)
        foot.addWidget(self.attach)
        foot.addSpacing(look.px(Space.S))
        foot.addWidget(self._hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(28), look.px(Space.S), look.px(28), look.px(Space.M))
        column.setSpacing(look.px(Space.S))
        column.addWidget(self._tabs)
        column.addWidget(self.proposal)
        column.addWidget(papers)
        column.addWidget(self._foot)
