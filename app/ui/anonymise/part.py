"""What this brings to the console: a page for the open conversation, its keys, and two sheets.

Page and sheets are made when they are first needed.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.domain.conversation import ItemKind
from app.ui.anonymise.set_part import SetPart
from app.ui.anonymise.state import Phase, Selected
from app.ui.components import announce, readable_line
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow
from app.ui.thread.presenter import OpenThread

if TYPE_CHECKING:
    from app.services.anonymising.view import CaseReport, LeavingView
    from app.services.ports import ThreadAnonymiser
    from app.ui.anonymise.label_sheet import LabelSheet
    from app.ui.anonymise.lift_sheet import LiftSheet
    from app.ui.anonymise.page import LeavingPage
    from app.ui.anonymise.presenter import LeavingPresenter
    from app.ui.anonymise.rules_pane import RulesPane
    from app.ui.anonymise.rules_presenter import RulesPresenter

SAY_SECONDS = 8.0
MAX_SAID_CHARS = 60
_PROFILE_KEYS = {
    CommandId.LEAVING_SAFE_HARBOR: Profile.SAFE_HARBOR,
    CommandId.LEAVING_LIMITED: Profile.LIMITED,
    CommandId.LEAVING_STAND_INS: Profile.PSEUDONYMS,
    CommandId.LEAVING_LABELS: Profile.LABELS,
}


class LeavingPart(QObject):
    """Owns what belongs to the page in one window."""

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        keymap: KeyMap,
        commander: Commander,
        open_anonymiser: Callable[[], "ThreadAnonymiser"],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._open_anonymiser = open_anonymiser
        self.sets = SetPart(window, desk, keymap, commander, lambda: self.view)
        commander.offer_page(PageId.LEAVING, lambda: self.page)
        self._bind_keys(keymap)

    @cached_property
    def anonymiser(self) -> "ThreadAnonymiser":
        """What finds and replaces, opened now if it was not."""
        return self._open_anonymiser()

    @cached_property
    def view(self) -> "LeavingView":
        """What would leave, as the services know it."""
        from app.services.anonymising.rules import AnonymiseRules  # noqa: PLC0415  loads the finder
        from app.services.anonymising.view import LeavingView  # noqa: PLC0415

        ledger = self._desk.desk.ledger
        return LeavingView(ledger, AnonymiseRules(ledger), self.anonymiser)

    @cached_property
    def presenter(self) -> "LeavingPresenter":
        """Of the conversation."""
        from app.ui.anonymise.presenter import LeavingPresenter  # noqa: PLC0415  loads the finder

        presenter = LeavingPresenter(self.view, self._desk.runner, self._desk.steps, self)
        presenter.refused.connect(self._on_refused)
        presenter.copy_ready.connect(self._on_copy)
        presenter.identified.connect(self._on_identified)
        return presenter

    @cached_property
    def rules(self) -> "RulesPresenter":
        """Of the rules and the test set."""
        from app.ui.anonymise.rules_presenter import RulesPresenter  # noqa: PLC0415  loads the finder

        rules = RulesPresenter(self.view, self._desk.runner, self._desk.steps, self)
        rules.changed.connect(self._on_rules_changed)
        rules.checked.connect(self._on_checked)
        return rules

    def close(self) -> None:
        """Stop what runs, and end the threads and the worker."""
        for name in ("presenter", "rules"):
            if name in self.__dict__:
                self.__dict__[name].stop()
        if "anonymiser" in self.__dict__:
            self._desk.runner.run(self.anonymiser.close)
        self.sets.close()
        for name in ("presenter", "rules"):
            if name in self.__dict__:
                self.__dict__[name].close()

    @cached_property
    def page(self) -> "LeavingPage":
        """The page, made now if it was not."""
        from app.ui.anonymise.page import LeavingPage  # noqa: PLC0415  needed when it is first shown

        page, presenter = LeavingPage(self._desk.now_ms), self.presenter
        page.entered.connect(lambda: presenter.show(self._desk.conversation.open_id))
        page.left.connect(presenter.leave)
        page.profile_wanted.connect(presenter.use_profile)
        page.stop_wanted.connect(presenter.stop)
        page.again_wanted.connect(presenter.again)
        page.copy_wanted.connect(presenter.copy)
        page.rules_wanted.connect(self.open_rules)
        page.set_wanted.connect(self.sets.ask)
        page.foot.several.setVisible(self.sets.is_offered)
        page.back_wanted.connect(lambda: self._window.show_page(PageId.INBOX))
        page.inspector.lift_wanted.connect(self.lift)
        page.inspector.miss_wanted.connect(self.mark_miss)
        page.inspector.who_wanted.connect(presenter.identify)
        page.sides.who_wanted.connect(lambda chosen: presenter.identify(chosen.mark.instead))
        presenter.state_changed.connect(page.show_state)
        presenter.progressed.connect(page.show_progress)
        presenter.identified.connect(page.inspector.show_who)
        self._connect_rules(page.rules_pane)
        self._desk.conversation.thread_ready.connect(self._on_thread)
        return page

    @cached_property
    def labels(self) -> "LabelSheet":
        """The sheet that asks what a miss is."""
        from app.ui.anonymise.label_sheet import LabelSheet  # noqa: PLC0415  needed when it is opened

        sheet = LabelSheet(self._window.root)
        sheet.picked.connect(self._on_label)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def confirming(self) -> "LiftSheet":
        """The second look before something known may leave."""
        from app.ui.anonymise.lift_sheet import LiftSheet  # noqa: PLC0415  needed when it is opened

        sheet = LiftSheet(self._window.root)
        sheet.confirmed.connect(lambda chosen: self.presenter.lift(chosen, is_confirmed=True))
        self._commander.add_sheet(sheet)
        return sheet

    def use_profile(self, profile: Profile) -> None:
        """Show by another profile."""
        if not self.page.is_showing_rules:
            self.presenter.use_profile(profile)

    def copy(self) -> None:
        """Take along what would leave."""
        self.presenter.copy()

    def open_rules(self) -> None:
        """Show the rules as they stand."""
        self.rules.read()
        self.page.show_rules()

    def check(self) -> None:
        """Run the test set, with the rules beside it."""
        self.open_rules()
        self.page.rules_pane.cases.run()

    def lift(self) -> None:
        """Let the chosen words through; what is proven or known asks once more. Among rules, remove the chosen one."""
        if self.page.is_showing_rules:
            self.page.rules_pane.remove_chosen()
            return
        chosen = self.page.sides.chosen
        if chosen is None or self.presenter.state.phase is not Phase.SHOWN:
            return
        if chosen.mark.needs_confirmation:
            self.confirming.ask(chosen)
        else:
            self.presenter.lift(chosen)

    def mark_miss(self) -> None:
        """Ask what the selected words are."""
        if self.presenter.state.phase is not Phase.SHOWN or self.page.is_showing_rules:
            return
        selected = self.page.sides.selected()
        if selected is None:
            self._say(self.tr("Select the words that were missed, at the left, then press M."))
        else:
            self.labels.ask(selected)

    # -- private ------------------------------------------------------------------------------------------------

    def _bind_keys(self, keymap: KeyMap) -> None:
        bind = keymap.bind
        bind(CommandId.LEAVING_NEXT, lambda: self.page.step(1))
        bind(CommandId.LEAVING_PREVIOUS, lambda: self.page.step(-1))
        bind(CommandId.LEAVING_LIFT, self.lift)
        bind(CommandId.LEAVING_MISS, self.mark_miss)
        bind(CommandId.LEAVING_COPY, self.copy)
        bind(CommandId.LEAVING_RULES, self.open_rules)
        bind(CommandId.LEAVING_CHECK, self.check)
        for command_id, profile in _PROFILE_KEYS.items():
            bind(command_id, partial(self.use_profile, profile))

    def _connect_rules(self, pane: "RulesPane") -> None:
        rules = self.rules
        pane.put_wanted.connect(rules.put)
        pane.remove_wanted.connect(rules.remove)
        pane.form.words_tried.connect(rules.try_words)
        pane.cases.check_wanted.connect(rules.check)
        pane.cases.stop_wanted.connect(rules.stop)
        pane.cases.conversation_wanted.connect(self._commander.open_conversation)
        rules.rules_read.connect(pane.show_rules)
        rules.tried.connect(pane.form.show_tried)
        rules.progressed.connect(pane.cases.show_progress)
        rules.checked.connect(pane.cases.show_report)
        rules.refused.connect(pane.show_refusal)
        rules.failed.connect(pane.show_failure)

    def _on_thread(self, opened: OpenThread) -> None:
        """A message came in or went out while somebody looks: what would leave is another text now."""
        known = self.presenter.state.thread
        if known is None or self._window.page_id is not PageId.LEAVING:
            return
        number = sum(item.kind is ItemKind.MESSAGE for item in opened.thread.items)
        if opened.thread.conversation_id == known.conversation_id and number != len(known.messages):
            self.presenter.again()

    def _on_label(self, selected: Selected, label: Label) -> None:
        self.presenter.mark_miss(selected, label)

    def _on_copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._say(self.tr("Copied as it would leave. The way back is kept in this conversation."))

    def _on_identified(self, stand_in: str, said: str) -> None:
        if said and not self.page.is_wide:
            self._say(f"{readable_line(stand_in, MAX_SAID_CHARS)} = {readable_line(said, MAX_SAID_CHARS)}")
        if said:
            words = self.tr("{stand_in} is {said}").format(stand_in=readable_line(stand_in), said=readable_line(said))
            announce(self._window, words)

    def _on_rules_changed(self) -> None:
        if self._window.page_id is PageId.LEAVING:
            self.presenter.again()

    def _on_checked(self, report: "CaseReport") -> None:
        words = self.tr("{held} of {total} cases hold").format(held=report.held, total=report.total)
        announce(self._window, words)

    def _on_refused(self, error: Exception) -> None:
        from app.ui.anonymise.problems import problem_words  # noqa: PLC0415  loads the reader of texts

        title, text = problem_words(error)
        self._say(f"{title}. {text}")

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
