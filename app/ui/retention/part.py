"""What retention brings to the console: a page, its keys, and the sheets that hold and erase a conversation."""

import os
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.config.country import country_of_law
from app.domain.conversation import ThreadItem
from app.domain.roles import Right
from app.services.erasing.certificate import Certificate
from app.services.erasing.redaction import Redaction
from app.store.errors import StoreError
from app.ui.retention.presenter import RetentionPresenter
from app.ui.retention.words import outcome_words, problem_words
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.steps import Step
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.compliance.rules import RetentionRules
    from app.domain.ids import ConversationId
    from app.services.erasing.service import ErasePreview, Erasure
    from app.services.evidence.subjects import Match
    from app.ui.retention.apply_sheet import ApplySheet
    from app.ui.retention.class_sheet import ClassSheet
    from app.ui.retention.erase_sheet import EraseSheet
    from app.ui.retention.hold_sheet import HoldSheet, ReleaseSheet
    from app.ui.retention.kept_sheet import KeptSheet
    from app.ui.retention.matter_sheet import MatterSheet
    from app.ui.retention.page import RetentionPage
    from app.ui.retention.redact_sheet import RedactSheet

SAY_SECONDS = 8.0
REVIEW_DAYS = 180
"""The day of review that is proposed for a new hold."""


class RetentionPart(QObject):
    """Owns what belongs to retention in one window."""

    #: Words were taken out, and backups of before hold them; argument: what was done, in words.
    outdated = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        keymap: KeyMap,
        commander: Commander,
        country: str,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._now_ms = now_ms
        self._is_undoing_class = False
        desk.desk.retention.book.use_country(country_of_law(country, os.environ))
        self.presenter = RetentionPresenter(desk.desk, self)
        self.presenter.erased.connect(self._on_erased)
        self.presenter.held.connect(lambda _hold: self._say(self.tr("Done.")))
        self.presenter.failed.connect(self._on_failed)
        self.presenter.looked.connect(self._on_looked)
        commander.offer_page(PageId.RETENTION, lambda: self.page)
        keymap.bind(CommandId.RETENTION_APPLY, self.ask)
        keymap.bind(CommandId.RETENTION_SIGN, self.presenter.sign_shown)
        keymap.bind(CommandId.RETENTION_LOOK, self.presenter.look)
        keymap.bind(CommandId.HOLD, self.ask_hold)
        keymap.bind(CommandId.ERASE, self.ask_erase)
        keymap.bind(CommandId.ERASE_MATTER, self.ask_matter)
        keymap.bind(CommandId.KEPT_AS, self.ask_kept)
        self.presenter.class_looked.connect(self._on_class_looked)
        self.presenter.classed.connect(self._on_classed)
        self.presenter.matter_looked.connect(self._on_matter_looked)
        keymap.bind(CommandId.REDACT, self.ask_redact)
        window.conversation.redact_wanted.connect(self._on_redact_wanted)
        self.presenter.redacted.connect(self._on_redacted)

    def close(self) -> None:
        """End the thread, once what was begun is done."""
        self.presenter.close()

    @cached_property
    def page(self) -> "RetentionPage":
        """The page, made now if it was not."""
        from app.ui.retention.page import RetentionPage  # noqa: PLC0415  needed when it is first shown

        page = RetentionPage(self._now_ms)
        page.entered.connect(self.presenter.look)
        page.go.clicked.connect(self.ask)
        page.sign.clicked.connect(self.presenter.sign_shown)
        page.again.clicked.connect(self.presenter.look)
        page.save.clicked.connect(self.save_certificate)
        page.release_wanted.connect(self._ask_release)
        page.change_wanted.connect(self._ask_class)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self.presenter.state)
        return page

    @cached_property
    def applying(self) -> "ApplySheet":
        """The second step."""
        from app.ui.retention.apply_sheet import ApplySheet  # noqa: PLC0415  needed when it is opened

        sheet = ApplySheet(self._window.root)
        sheet.confirmed.connect(self.presenter.apply)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def erasing(self) -> "EraseSheet":
        """Asks about one conversation."""
        from app.ui.retention.erase_sheet import EraseSheet  # noqa: PLC0415

        sheet = EraseSheet(self._window.root)
        sheet.erase_wanted.connect(self._erase)
        sheet.save_wanted.connect(self.save_certificate)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def keeping(self) -> "KeptSheet":
        """Asks how long one conversation is kept."""
        from app.ui.retention.kept_sheet import KeptSheet  # noqa: PLC0415

        sheet = KeptSheet(self._window.root)
        sheet.class_wanted.connect(self.presenter.classify)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def clearing(self) -> "MatterSheet":
        """Asks which conversations of a matter go."""
        from app.ui.retention.matter_sheet import MatterSheet  # noqa: PLC0415

        sheet = MatterSheet(self._window.root)
        sheet.erase_wanted.connect(self._erase_all)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def redacting(self) -> "RedactSheet":
        """Asks about selected words."""
        from app.ui.retention.redact_sheet import RedactSheet  # noqa: PLC0415

        sheet = RedactSheet(self._window.root)
        sheet.redact_wanted.connect(self.presenter.redact)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def holding(self) -> "HoldSheet":
        """Asks for owner, reason and day."""
        from app.ui.retention.hold_sheet import HoldSheet  # noqa: PLC0415

        sheet = HoldSheet(self._window.root)
        sheet.hold_wanted.connect(self.presenter.hold)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def releasing(self) -> "ReleaseSheet":
        """Asks why a hold may go."""
        from app.ui.retention.hold_sheet import ReleaseSheet  # noqa: PLC0415

        sheet = ReleaseSheet(self._window.root)
        sheet.release_wanted.connect(self.presenter.release)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def changing(self) -> "ClassSheet":
        """Asks for another duration."""
        from app.ui.retention.class_sheet import ClassSheet  # noqa: PLC0415

        sheet = ClassSheet(self._window.root)
        sheet.rules_given.connect(self.presenter.sign)
        self._commander.add_sheet(sheet)
        return sheet

    def ask(self) -> None:
        """Ask about what the page shows, when it may go."""
        if self.presenter.state.can_be_applied and self.presenter.state.preview is not None:
            self.applying.ask(self.presenter.state.preview)

    def ask_erase(self) -> None:
        """Ask about the open conversation, or say why it cannot be erased here."""
        cid = self._desk.conversation.open_id
        if self._may(Right.ERASE) and cid is not None:
            self.presenter.look_at(cid)

    def ask_matter(self) -> None:
        """Ask about everything that may belong to the open conversation, or say why it cannot be erased here."""
        shown = self._desk.conversation.shown
        if self._may(Right.ERASE) and shown is not None:
            self.presenter.look_at_matter(shown.thread.conversation_id, shown.thread.contact_name)

    def ask_kept(self) -> None:
        """Ask how long the open conversation is kept, or say who decides it."""
        cid = self._desk.conversation.open_id
        if self._may(Right.SET_RETENTION) and cid is not None:
            self.presenter.look_at_class(cid)

    def ask_redact(self) -> None:
        """Ask about the words that are selected in the thread."""
        selected = self._window.conversation.page.selected_words()
        if selected is None:
            self._say(self.tr("Select words of one message or note first."))
        else:
            self._on_redact_wanted(*selected)

    def ask_hold(self) -> None:
        """Ask for a hold on the open conversation."""
        shown = self._desk.conversation.shown
        if self._may(Right.PLACE_HOLD) and shown is not None:
            holds = self._desk.desk.holds
            review_on = holds.today() + timedelta(days=REVIEW_DAYS)
            owner = self._desk.desk.person.display_name
            self.holding.ask(shown.thread.conversation_id, shown.thread.contact_name, owner, review_on)

    def save_certificate(self) -> None:
        """Ask where the last certificate goes. The dialog is ours, not the desktop's, which would remember the file."""
        erased = self.presenter.state.erased
        if erased is None:
            return
        name, _filter = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Save the certificate"),
            str(Path.home() / "vestibule-erasure.json"),
            "JSON (*.json)",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if name:
            self.write_certificate(erased.certificate, Path(name))

    def write_certificate(self, certificate: Certificate, file: Path) -> None:
        """Write a certificate in place of what was there."""
        from app.store.files import replace_file  # noqa: PLC0415

        try:
            replace_file(file, certificate.as_text().encode())
        except (OSError, StoreError):
            self._say(problem_words("file"))
        else:
            self._say(self.tr("The certificate is saved."))

    def _may(self, right: Right) -> bool:
        reason = self._desk.desk.why_not(right)
        if reason is not None:
            self._say(problem_words(reason.value))
        return reason is None

    def _erase(self, cid: "ConversationId") -> None:
        """Leave the conversation first: what is typed in it must not be saved into nothing."""
        if self._desk.conversation.open_id == cid:
            self._desk.composer.flush()
            self._desk.conversation.close()
        self._desk.runner.run(lambda: None, done=lambda _none: self.presenter.erase(cid))

    def _erase_all(self, ids: "tuple[ConversationId, ...]") -> None:
        if self._desk.conversation.open_id in ids:
            self._desk.composer.flush()
            self._desk.conversation.close()
        self._say(self.tr("Erasing… You may go on working."))
        self._desk.runner.run(lambda: None, done=lambda _none: self.presenter.erase_all(ids))

    def _on_matter_looked(
        self, cid: "ConversationId", contact_name: str, matches: "tuple[Match, ...]", held: "frozenset[ConversationId]"
    ) -> None:
        self.clearing.ask(contact_name, matches, held, cid, self._now_ms())

    def _on_class_looked(self, cid: "ConversationId", rules: "RetentionRules", class_id: str) -> None:
        shown = self._desk.conversation.shown
        if shown is not None and shown.thread.conversation_id == cid:
            self.keeping.ask(cid, shown.thread.contact_name, rules, class_id)

    def _on_classed(self, cid: "ConversationId", before: str, class_id: str) -> None:
        """Say it, and offer the way back; the way back is no step of its own."""
        rules = self._desk.desk.retention.book.in_force().rules
        words = self.tr("Kept as: {title}").format(title=rules.class_of(class_id).title)
        presenter = self.presenter
        if self._is_undoing_class:
            self._is_undoing_class = False
            self._say(words)
            return

        def undo() -> None:
            self._is_undoing_class = True
            presenter.classify(cid, class_id, before)

        self._desk.steps.take(Step(words, undo))

    def _on_looked(self, preview: "ErasePreview") -> None:
        self.erasing.ask(preview)

    def _on_redact_wanted(self, item: ThreadItem, words: str) -> None:
        cid = self._desk.conversation.open_id
        if cid is not None and self._may(Right.REDACT_MESSAGES):
            shown = self._desk.conversation.shown
            is_file = shown is not None and shown.channel is not None and item.event_id in shown.channel.files
            words = item.text if is_file else words
            start = item.text.index(words)
            self.redacting.ask(cid, item.event_id, (start, start + len(words)), words, is_file=is_file)

    def _on_redacted(self, done: Redaction) -> None:
        words = self.tr("Taken out for good.")
        if done.quotes:
            words += " " + self.tr("Other messages here hold the same words: {count}.").format(count=done.quotes)
        self._say(words)
        self.outdated.emit(words)

    def _ask_release(self, place: int) -> None:
        state = self.presenter.state
        if place < len(state.holds):
            hold = state.holds[place]
            self.releasing.ask(hold, state.name_of(hold.conversation_id), self._desk.desk.holds.today())

    def _ask_class(self, place: int) -> None:
        preview = self.presenter.state.preview
        if preview is not None:
            self.changing.ask(preview.in_force.rules, place)

    def _on_erased(self, erasure: "Erasure") -> None:
        if "erasing" in self.__dict__ and self.erasing.isVisible():
            self.erasing.show_outcome(erasure)
        else:
            self._say(outcome_words(erasure))

    def _on_failed(self, code: str) -> None:
        if "erasing" in self.__dict__ and self.erasing.isVisible():
            self.erasing.show_failure(code)
        else:
            self._say(problem_words(code))

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
