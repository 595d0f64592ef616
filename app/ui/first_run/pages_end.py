"""The last pages: this machine, the first proposal, ready."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.proposal import ProposalAction, ProposalWarning, SourceRef
from app.ui.components import (
    Banner,
    Button,
    ButtonKind,
    Card,
    Chip,
    InitialsAvatar,
    ProgressLine,
    SectionHeader,
    Text,
    Tone,
    UntrustedLabel,
    announce,
)
from app.ui.first_run.machine import Finding, Level
from app.ui.first_run.page import FactRow, Page
from app.ui.first_run.try_out import TryOutState, TryOutView
from app.ui.first_run.words import say_date, say_problem, say_seconds
from app.ui.theme import IconName, Role, Space, TextStyle, active

_LEAD = "This is how every day will look: a question, a proposal, its sources."
_SAMPLE_LEAD = "A sample question to an invented office. Nothing of it is written into your vault."
_QUOTED = "This is the approved answer, word for word. "
_LEVEL_ICONS = {
    Level.GOOD: (IconName.CHECK, Role.ACCENT_INK),
    Level.NOTICE: (IconName.INFO, Role.INK_SOFT),
    Level.CONCERN: (IconName.WARNING, Role.CAUTION_INK),
}


class MachinePage(Page):
    """What was found about this machine."""

    def __init__(self) -> None:
        super().__init__(
            "A look at this machine", "What matters for speed and for secrecy. Nothing of it is stored or sent."
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(active().px(Space.M))
        self.body.addLayout(self._rows)
        self._titles: list[str] = []

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show one row for each finding; concerns first, because they ask for something."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        ordered = sorted(findings, key=lambda finding: finding.level is not Level.CONCERN)
        self._titles = [finding.title for finding in ordered]
        for finding in ordered:
            icon, role = _LEVEL_ICONS[finding.level]
            self._rows.addWidget(FactRow(icon, finding.title, finding.words, role))

    def titles(self) -> list[str]:
        """Return what the rows say first."""
        return list(self._titles)


class TryOutPage(Page):
    """A question, and the proposal as it is written."""

    #: The person wants it written anew.
    again_wanted = Signal()
    #: The person wants it to stop.
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Your first proposal", _LEAD)
        look = active()
        self._who = UntrustedLabel(style=TextStyle.SMALL_STRONG, ink="soft", max_chars=80)
        self._avatar = InitialsAvatar()
        self._question = UntrustedLabel(is_wrapping=True, max_chars=400)
        self._state = Chip("Starting the model", icon=IconName.MODEL)
        self._line = ProgressLine("Writing the proposal")
        self._text = UntrustedLabel(is_wrapping=True, max_chars=2_000)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._text.setMinimumHeight(look.metrics(TextStyle.BODY).lineSpacing() * 4)
        self._sources = QVBoxLayout()
        self._note = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)
        self.again = Button("Once more", icon=IconName.REGENERATE)
        self.stop = Button("Stop", kind=ButtonKind.PLAIN, icon=IconName.STOP)
        self._failure = Banner(Tone.CAUTION)
        self._failure.hide()
        self.body.addLayout(self._question_row())
        self.body.addWidget(self._proposal_card())
        self.body.addWidget(self._failure)
        self.body.addLayout(self._action_row())
        self.again.clicked.connect(self.again_wanted)
        self.stop.clicked.connect(self.stop_wanted)

    def show_view(self, view: TryOutView) -> None:
        """Show how far the proposal is."""
        self.set_head(self.title(), _SAMPLE_LEAD if view.is_sample else _LEAD)
        self._who.set_untrusted(view.contact_name)
        self._avatar.set_name(view.contact_name)
        self._question.set_untrusted(view.question)
        self._text.set_untrusted(view.text)
        self._show_sources(view.sources)
        is_busy = view.state in {TryOutState.STARTING, TryOutState.WRITING}
        self._line.setVisible(is_busy)
        self._line.set_fraction(None if is_busy else 1.0)
        self.stop.setEnabled(is_busy)
        self.again.setEnabled(not is_busy)
        self._failure.setVisible(view.state is TryOutState.FAILED)
        self._note.setText("")
        if view.state is TryOutState.STARTING:
            self._say("Starting the model", Tone.NEUTRAL)
        elif view.state is TryOutState.WRITING:
            self._say("Writing", Tone.ACCENT)
        elif view.state is TryOutState.READY:
            self._show_ready(view)
        else:
            self._show_failure(view)

    def text(self) -> str:
        """Return the words of the proposal so far."""
        return self._text.text()

    def state_words(self) -> str:
        """Return what the mark above the proposal says."""
        return self._state.text()

    def _show_ready(self, view: TryOutView) -> None:
        proposal = view.proposal
        if proposal is None:
            return
        if proposal.action is ProposalAction.PROPOSE:
            count = len(view.sources)
            self._say(
                f"Ready · {len(view.text.split())} words · {count} source{'s' if count != 1 else ''}", Tone.ACCENT
            )
        else:
            self._say("No approved answer covers this; a person takes over", Tone.CAUTION)
        first = f"First word after {say_seconds(proposal.first_token_ms)}. " if proposal.first_token_ms else ""
        quoted = _QUOTED if ProposalWarning.FELL_BACK_TO_ANSWER in proposal.warnings else ""
        self._note.setText(f"{quoted}{first}Whole after {say_seconds(proposal.total_ms)}. Nothing was sent.")
        announce(self, "The proposal is ready.")

    def _show_failure(self, view: TryOutView) -> None:
        self._say("No proposal", Tone.CAUTION)
        words = "Everything else works without it: you write the replies yourself."
        self._failure.show_words(Tone.CAUTION, say_problem(view.problem), words)
        announce(self, "There is no proposal.")

    def _say(self, words: str, tone: Tone) -> None:
        self._state.set_text(words)
        self._state.set_tone(tone)

    def _show_sources(self, sources: Sequence[SourceRef]) -> None:
        while (item := self._sources.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for source in sources:
            approved = f" · approved {say_date(source.approved_on)}" if source.approved_on else ""
            words = f"{source.number}  {source.title}{approved}"
            self._sources.addWidget(UntrustedLabel(words, style=TextStyle.SMALL, ink="accent", max_chars=200))

    def _question_row(self) -> QHBoxLayout:
        look = active()
        words = QVBoxLayout()
        words.setSpacing(look.px(Space.HAIR))
        words.addWidget(self._who)
        words.addWidget(self._question)
        row = QHBoxLayout()
        row.setSpacing(look.px(Space.M))
        seal = QVBoxLayout()
        seal.addWidget(self._avatar)
        seal.addStretch(1)
        row.addLayout(seal)
        row.addLayout(words, 1)
        return row

    def _proposal_card(self) -> Card:
        card = Card("card")
        head = QHBoxLayout()
        head.addWidget(self._state)
        head.addStretch(1)
        card.body.addLayout(head)
        card.body.addWidget(self._line)
        card.body.addSpacing(active().px(Space.XS))
        card.body.addWidget(self._text)
        card.body.addWidget(SectionHeader("Proposed from"))
        card.body.addLayout(self._sources)
        return card

    def _action_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(active().px(Space.S))
        row.addWidget(self.again)
        row.addWidget(self.stop)
        row.addWidget(self._note, 1)
        return row


class DonePage(Page):
    """Says what is where, and how to go on."""

    continue_text = "Open the inbox"

    def __init__(self, vault_dir: Path) -> None:
        super().__init__("The desk is open", "")
        self._vault_dir = vault_dir

    def show_office(self, name: str, *, is_demo: bool) -> None:
        """Say what was made."""
        kind = "a demo with invented people" if is_demo else "an empty vault"
        self.set_head("The desk is open", f"{name}: {kind}, encrypted, on this machine.")
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        rows = (
            FactRow(IconName.VAULT, "Where everything is", f"In {self._vault_dir}, and nowhere else."),
            FactRow(
                IconName.LOCK,
                "Lock when you leave the desk",
                "Ctrl+Shift+O locks at once; after a while it locks by itself. Unfinished replies are kept.",
            ),
            FactRow(
                IconName.KEYBOARD,
                "Everything works from the keyboard",
                "F1 shows the keys, Ctrl+K finds every command.",
            ),
            FactRow(
                IconName.SHIELD_SILENT,
                "Nothing leaves this office",
                "If patients are to write over a link one day, an administrator turns that on under Office, Channel.",
            ),
        )
        for row in rows:
            self.body.addWidget(row)
