"""One open desk on the screen: presenters, window, keys, model, idle watch; from the unlock to the lock."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.config.country import country_of, country_of_law
from app.domain.office import Role
from app.ui.anonymise.part import LeavingPart
from app.ui.answers.part import AnswersPart
from app.ui.audit.part import AuditPart
from app.ui.background import BackgroundRunner
from app.ui.backups.part import BackupsPart
from app.ui.channel.part import ChannelPart
from app.ui.channel.ports import ChannelSource
from app.ui.components import Tone, announce, veil
from app.ui.composer.state import Phase, ProposalState
from app.ui.context.contact_part import ContactPart
from app.ui.inbox.ages import counted
from app.ui.lock import LockReason
from app.ui.models.part import ModelsPart
from app.ui.people.part import PeoplePart
from app.ui.retention.part import RetentionPart
from app.ui.shell.commander import Commander
from app.ui.shell.desk_part import DeskPart
from app.ui.shell.idle import IdleWatch
from app.ui.shell.keymap import KeyMap, ShortcutGuard
from app.ui.shell.model_link import ModelLink
from app.ui.shell.pages import PageId
from app.ui.shell.parts import ConsoleParts
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow, Pane
from app.ui.shell.wiring import (
    connect_banner,
    connect_composer,
    connect_inbox,
    connect_new_conversation,
    connect_search,
    connect_steps,
    connect_thread,
    show_problem,
    tell_repairs,
)
from app.ui.subjects.part import SubjectsPart
from app.ui.theme import Scheme, SchemeChoice, Theme, active
from app.ui.walls.part import WallsPart

if TYPE_CHECKING:
    from app.inference.supervisor import ModelWorker
    from app.services.channel.service import ChannelService
    from app.services.desk import Desk
    from app.services.proposing.service import ProposalService

SCALE_STEP_PERCENT = 25
FLUSH_LIMIT_MS = 4_000
ROTATION_LIMIT_MS = 15 * 60_000


class Console(QObject):
    """Builds the desk's window and ends it."""

    #: Everything is stored and closed; argument: why it locks (``LockReason``), or None when the person left.
    ended = Signal(object)

    def __init__(
        self,
        parts: ConsoleParts,
        desk: "Desk",
        theme: Theme,
        runner: BackgroundRunner,
        now_ms: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._desk = desk
        self._theme = theme
        self._runner = runner
        self._is_ending = False
        settings = parts.settings
        self.presenters = DeskPresenters(
            desk,
            runner,
            now_ms,
            undo_ms=settings.undo_send_s * 1000,
            prepares_drafts=settings.prepare_drafts,
            parent=self,
        )
        veil().draw(settings.counter_mode)
        self.window = MainWindow(desk.office, desk.person, self.presenters.inbox.model, now_ms, self.presenters.name_of)
        self.keymap = KeyMap(self.window)
        self.keymap.use_single_keys(settings.single_letter_keys)
        self.guard = ShortcutGuard(self.keymap, self.window)
        self.commander = Commander(self.window, self.presenters, self.keymap)
        self.answers = AnswersPart(self.window, self.presenters, self.keymap, self.commander)
        self.desk_part = DeskPart(
            self.window,
            self.presenters,
            self.keymap,
            self.commander,
            country_of(settings.country, os.environ),
            lambda country: self._save("country", country),
        )
        self.contacts = ContactPart(
            self.window, self.presenters, self.keymap, self.commander, country_of_law(settings.country, os.environ)
        )
        self.model = ModelLink(parts.open_model, self, keeper=parts.models)
        self.models = self._make_models()
        self.leaving = self._make_leaving()
        self.people = PeoplePart(self.window, desk, self.keymap, self.commander)
        self.subjects = SubjectsPart(
            self.window,
            self.presenters,
            self.keymap,
            self.commander,
            country_of(settings.country, os.environ),
        )
        self.audit = AuditPart(self.window, desk, runner, self.keymap, self.commander, now_ms)
        self.backups = BackupsPart(
            self.window,
            desk,
            self.keymap,
            self.commander,
            settings,
            now_ms,
            lambda folder: self._save("backup_dir", folder),
        )
        self.retention = RetentionPart(
            self.window, self.presenters, self.keymap, self.commander, settings.country, now_ms
        )
        self.retention.outdated.connect(self.backups.tell_of_older)
        self.walls = WallsPart(self.window, self.presenters, self.keymap, self.commander, now_ms)
        self.channel = self._make_channel()
        self.idle = IdleWatch(desk.idle_limits.lock_after_s(settings.idle_lock_s) * 1000, now_ms, self)
        self.proposals: ProposalService | None = None
        self._connect()

    def begin(self, worker: "ModelWorker | None" = None) -> None:
        """Show the window, read the inbox, start the model."""
        self.window.show()
        self.window.focus_pane(Pane.LIST)
        handle = self.window.windowHandle()
        if handle is not None:
            self.idle.watch(handle)
        if not self._desk.vault.may_read_messages:
            self._begin_without_messages()
            self._tell_repairs()
            return
        self._tell_repairs()
        self.presenters.begin()
        self.model.begin(self._desk.office, worker)
        self._runner.run(self._desk.conversations.recover_held, done=self._on_recovered)
        self.desk_part.emergency.refresh()
        self.backups.begin()
        self.retention.presenter.begin()
        self.channel.begin()

    def _begin_without_messages(self) -> None:
        """Open on what the role is for; no conversation is asked for, because none of them would open."""
        self.window.show_page(PageId.BACKUPS if self._desk.person.role is Role.IT else PageId.AUDIT)
        self.backups.begin()
        self.channel.begin()

    def _tell_repairs(self) -> None:
        """A log whose torn end was dropped is what any crash leaves; it alarms nobody."""
        names = [repair.file_name for repair in self._desk.vault.repairs]
        tell_repairs(self.window, [name for name in names if not name.endswith("-wal")])

    def end(self, reason: LockReason | None) -> None:
        """Store what is unsaved, let held replies go, close the vault; then ``ended``."""
        if self._is_ending:
            return
        self._is_ending = True
        is_rotation_due = self._desk.is_rotation_due
        self.window.curtain.draw(self.tr("The vault gets a new key. This may take a while.") if is_rotation_due else "")
        self.idle.stop()
        for page in self.window.pages:
            page.settle()
        self.answers.close()
        self.backups.close()
        self.audit.close()
        self.subjects.close()
        self.walls.close()
        self.people.close()
        self.retention.close()
        self.channel.close()
        if self.leaving is not None:
            self.leaving.close()
        self.presenters.settle()
        if self.models is not None:
            self.models.close()
        self.presenters.detach()
        if self.proposals is not None:
            self._runner.run(self.proposals.close)
        self._runner.run(
            self._desk.close,
            done=lambda _none: self._on_closed(reason),
            failed=lambda _error: self._on_closed(reason),
        )
        # A disk that hangs must not keep the screen unlocked. A new key takes one writing of the whole vault; the
        # curtain is held meanwhile, and whatever ends it too soon leaves the old vault.
        limit_ms = ROTATION_LIMIT_MS if is_rotation_due else FLUSH_LIMIT_MS
        QTimer.singleShot(limit_ms, self, lambda: self._on_closed(reason))

    def dispose(self) -> None:
        """Take the window off the screen and destroy it now, while everything that it refers to still lives."""
        self.idle.stop()
        self.window.allow_close()
        self.window.hide()
        self.window.deleteLater()

    def _on_closed(self, reason: LockReason | None) -> None:
        if self._is_ending:
            self._is_ending = False
            self.model.close()
            self.ended.emit(reason)

    def _connect(self) -> None:
        window, desk = self.window, self.presenters
        connect_inbox(window, desk)
        connect_thread(window, desk)
        connect_composer(window, desk)
        connect_steps(window, desk.steps)
        connect_search(window, desk)
        connect_new_conversation(window, desk)
        connect_banner(window)
        self._runner.went_wrong.connect(lambda error: show_problem(window, error))
        self._connect_model()
        self._connect_console()
        self._connect_idle()
        window.status.show_office(f"{self._desk.office.name} · {self._desk.person.display_name}")

    def _make_models(self) -> ModelsPart | None:
        if self._parts.models is None or self._parts.driving is None:
            return None
        return ModelsPart(
            self.window,
            self.presenters,
            self.keymap,
            self.commander,
            self.model,
            self._parts.models,
            self._parts.driving(self._desk),
        )

    def _make_leaving(self) -> LeavingPart | None:
        if self._parts.open_anonymiser is None or not self._desk.vault.may_read_messages:
            return None
        return LeavingPart(self.window, self.presenters, self.keymap, self.commander, self._parts.open_anonymiser)

    def _make_channel(self) -> ChannelPart:
        source = ChannelSource(self._open_channel, lambda: self._desk.has_channel)
        return ChannelPart(
            self.window, self.presenters, source, self.keymap, self.commander, self._parts.settings, self._save
        )

    def _open_channel(self) -> "ChannelService":
        """Off the GUI thread: the service of the channel, begun where this process has a way to a gateway."""
        channel = self._desk.channel
        if self._parts.make_link is not None:
            channel.use_link(self._parts.make_link)
            channel.start()
        return channel

    def _connect_model(self) -> None:
        self.model.state_changed.connect(lambda words, is_well: self.window.status.show_model(words, is_well=is_well))
        self.model.available.connect(self._on_model)
        self.model.leaving.connect(self._on_model_leaving)
        self.model.retry_offered.connect(self.window.status.offer_retry)
        self.window.status.retry_wanted.connect(self.model.retry)
        self.presenters.composer.asking.connect(self.model.retry)
        self.presenters.composer.model_missing.connect(self._on_model_missing)

    def _connect_console(self) -> None:
        self.people.lock_wanted.connect(lambda: self.end(LockReason.BY_PERSON))
        self.window.close_requested.connect(lambda: self.end(None))
        self.commander.sign_out_wanted.connect(lambda: self.end(LockReason.BY_PERSON))
        self.commander.scheme_wanted.connect(self._toggle_scheme)
        self.commander.scale_wanted.connect(self._change_scale)
        self.commander.counter_mode_changed.connect(self._on_counter_mode)
        self.commander.single_keys_changed.connect(lambda is_on: self._save("single_letter_keys", is_on))
        self.window.composer.edited.connect(lambda _tab, _text: self.window.status.show_saved(self.tr("Saving…")))
        self._runner.load_changed.connect(self._on_load_changed)

    def _connect_idle(self) -> None:
        self.idle.ticked.connect(self._show_lock_time)
        self.idle.expired.connect(lambda: self.end(LockReason.IDLE))
        self.idle.warned.connect(
            lambda: self.window.toast.show_message(self.tr("Locking in 30 seconds. Press any key to stay."), 30.0)
        )
        self.idle.calmed.connect(self.window.toast.dismiss)

    def _on_model(self, worker: "ModelWorker") -> None:
        self._runner.run(self._parts.make_proposals, self._desk, worker, done=self._on_proposals)

    def _on_model_leaving(self) -> None:
        """Another model was chosen: what this one writes is set aside."""
        self.presenters.drafting.stop_all()
        self.presenters.use_proposals(None)
        proposals, self.proposals = self.proposals, None
        if proposals is not None:
            self._runner.run(proposals.close)

    def _on_proposals(self, proposals: "ProposalService") -> None:
        self.proposals = proposals
        self.presenters.use_proposals(proposals)

    def _on_model_missing(self) -> None:
        state = ProposalState(Phase.FAILED, problem="no_model")
        self.window.composer.show_proposal(state)

    def _on_recovered(self, held: tuple[object, ...]) -> None:
        if held:
            banner = self.window.conversation.banner
            banner.show_words(
                Tone.NEUTRAL,
                self.tr("{count} not sent, kept as a draft").format(
                    count=counted(len(held), self.tr("reply"), self.tr("replies"))
                ),
                self.tr(
                    "The console ended while a reply could still be taken back. Its text is in the composer again."
                ),
                self.tr("Understood"),
            )
            self.window.toast.show_message(banner.title())

    def _on_load_changed(self, waiting: int) -> None:
        if waiting == 0 and self.window.status.is_saving():
            self.window.status.show_saved(self.tr("Saved, encrypted"))

    def _show_lock_time(self, left_ms: int) -> None:
        minutes = left_ms // 60_000
        words = (
            self.tr("Locks in {minutes} min").format(minutes=minutes)
            if minutes
            else self.tr("Locks in {seconds} s").format(seconds=left_ms // 1000)
        )
        self.window.status.show_lock(words)

    def _on_counter_mode(self, is_on: bool) -> None:
        """Remember it for this machine: the counter stays where it is, whoever sits down at it."""
        self._save("counter_mode", is_on)
        self.window.refresh_page()
        words = (
            self.tr("Counter mode: names are initials, words show where you point or go. F11 ends it.")
            if is_on
            else self.tr("Counter mode is off: names and words are to be seen.")
        )
        self.window.toast.show_message(words)
        announce(self.window.status, words)

    def _toggle_scheme(self) -> None:
        choice = SchemeChoice.LIGHT if active().scheme is Scheme.DARK else SchemeChoice.DARK
        self._theme.set_choice(choice)
        self._save("scheme", choice.value)

    def _change_scale(self, step: int) -> None:
        percent = round(active().scale * 100) + step * SCALE_STEP_PERCENT
        self._theme.set_scale(percent / 100)
        self._save("scale_percent", round(active().scale * 100))

    def _save(self, key: str, value: object) -> None:
        if self._parts.save_setting is not None:
            self._runner.run(self._parts.save_setting, key, value)
