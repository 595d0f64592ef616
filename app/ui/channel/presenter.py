"""The page of the channel without widgets. A thread of its own, because some answers come from the gateway."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.channel import ChannelStatus, GatewayPlace, Holdings, InvitationRow, Invite, NoticeTexts
from app.domain.conversation import Urgency
from app.domain.ids import ConversationId
from app.domain.office_hours import Hours
from app.store.files import replace_file
from app.ui.background import BackgroundRunner
from app.ui.channel.alerts import AlertChoices
from app.ui.channel.ports import ChannelDesk, ChannelSource
from app.ui.channel.state import ChannelState

LOOK_EVERY_MS = 30_000
"""Times of a next try and ages on the page move on, whether or not anything happened."""
_SOON_MS = 80
_GRACE_MS = 300
"""A gateway that does not answer must not hold up the lock: what waits for it fails once the desk closes its line."""


class ChannelPresenter(QObject):
    """Asks the service and tells page, sheets and the status line."""

    #: Something changed; argument: ``ChannelState``.
    state_changed = Signal(object)
    #: The office's keys were made; argument: the root code, which nothing else keeps.
    keys_made = Signal(str)
    #: The office's keys are in force; no argument.
    keys_confirmed = Signal()
    #: An invitation was made, or its link is shown again; argument: ``Invite``.
    invited = Signal(object)
    #: The channel was turned on (True) or off.
    turned = Signal(bool)
    #: The office file was written; argument: its ``Path``.
    file_written = Signal(object)
    #: The gateway forgot everything; argument: how many pieces that were.
    wiped = Signal(int)
    #: Hours and holidays are in force; no argument.
    hours_set = Signal()
    #: An invitation was taken back; no argument.
    revoked = Signal()
    #: Something could not be done; argument: code of the reason.
    failed = Signal(str)
    #: Somebody wrote; argument: the conversation.
    arrived = Signal(str)
    #: What the office says of itself is set; no argument.
    notice_set = Signal()
    _changed = Signal(str)

    def __init__(
        self,
        source: ChannelSource,
        state: ChannelState,
        parent: QObject | None = None,
        *,
        look_every_ms: int = LOOK_EVERY_MS,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._state = state
        self._channel: ChannelDesk | None = None
        self._is_wanted = False
        self._unsubscribe: tuple[Callable[[], None], ...] = ()
        self._work = BackgroundRunner("channel", self)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look)
        self._watch = QTimer(self, interval=look_every_ms)
        self._watch.timeout.connect(self.look)
        self._changed.connect(lambda _stream: self._soon.start())

    @property
    def state(self) -> ChannelState:
        """What was shown last."""
        return self._state

    @property
    def runner(self) -> BackgroundRunner:
        """Where everything of the channel that may wait is done."""
        return self._work

    def begin(self) -> None:
        """Read now and from time to time; an office that never used the channel pays nothing for it."""
        self._watch.start()
        self.look()

    def close(self) -> None:
        """Hear no more changes and end the thread."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for timer in (self._watch, self._soon):
            timer.stop()
        self._work.close(grace_ms=_GRACE_MS)

    def enter(self) -> None:
        """Somebody looks at the page: from now on everything is read, whether or not the channel was ever used."""
        self._is_wanted = True
        self.look()

    def service(self) -> ChannelDesk:
        """On the thread of ``runner``: the service, which begins when it is first asked for."""
        if self._channel is None:
            channel = self._source.open()
            self._unsubscribe = (channel.on_change(self._changed.emit), channel.on_arrival(self._tell_arrival))
            self._channel = channel
        return self._channel

    def look(self) -> None:
        """Read again how the channel stands."""
        self._work.run(self._read, done=self._on_read, failed=self._on_failed, topic="read")

    def make_keys(self) -> None:
        """Make the office's keys; ``keys_made`` follows."""
        self._do(lambda: self.service().make_office_keys(), done=self.keys_made.emit)

    def confirm_keys(self, code: str) -> None:
        """Put the keys in force whose code was typed back; ``keys_confirmed`` or ``failed`` follows."""
        notice = self._state.notice
        self._do(
            lambda: self.service().confirm_office_keys(code, notice), done=lambda _none: self.keys_confirmed.emit()
        )

    def recertify(self, code: str) -> None:
        """Let the root on paper vouch again; ``keys_confirmed`` or ``failed`` follows."""
        self._do(lambda: self.service().recertify(code), done=lambda _none: self.keys_confirmed.emit())

    def turn_on(self, place: GatewayPlace) -> None:
        """Turn the channel on."""
        self._do(lambda: self.service().turn_on(place), done=lambda _none: self.turned.emit(True))

    def retry(self) -> None:
        """Try the gateway again now."""
        self._do(self._dial_again, done=lambda _none: None)

    def turn_off(self) -> None:
        """Turn the channel off."""
        self._set(replace(self._state, holdings=None))
        self._do(lambda: self.service().turn_off(), done=lambda _none: self.turned.emit(False))

    def write_office_file(self, file: Path) -> None:
        """Write what IT gives to the gateway."""
        self._do(
            lambda: replace_file(file, self.service().office_file()), done=lambda _none: self.file_written.emit(file)
        )

    def invite(self, name: str, language: str) -> None:
        """Make an invitation; ``invited`` follows."""
        self._do(lambda: self.service().invite(name, language), done=self._on_invited)

    def show_link(self, row: InvitationRow) -> None:
        """Show the link of an open invitation again; ``invited`` follows."""

        def read() -> Invite:
            link = self.service().link_of(row.invite_id)
            return Invite(row.invite_id, row.contact_name, row.language, link, row.expires_ms)

        self._do(read, done=self._on_invited)

    def revoke(self, invite_id: str) -> None:
        """Take an invitation back."""
        self._do(lambda: self.service().revoke(invite_id), done=lambda _none: self.revoked.emit())

    def ask_gateway(self) -> None:
        """Ask the gateway what it holds."""
        if self._state.is_on and not self._state.is_asking_gateway:
            self._set(replace(self._state, is_asking_gateway=True))
            self._work.run(
                lambda: self.service().holdings(), done=self._on_holdings, failed=self._on_no_holdings, topic="holdings"
            )

    def wipe(self) -> None:
        """Let the gateway forget everything it holds."""
        count = self._state.held_messages
        self._do(lambda: self.service().wipe(), done=lambda _none: self._on_wiped(count))

    def set_notice(self, texts: NoticeTexts) -> None:
        """Say other things of the office before anybody consents."""
        self._do(lambda: self.service().set_notice(texts), done=lambda _none: self.notice_set.emit())

    def set_hours(self, hours: Hours) -> None:
        """Use other hours, holidays and words."""
        self._do(lambda: self.service().set_hours(hours), done=lambda _none: self.hours_set.emit())

    def set_alerts(self, alerts: AlertChoices) -> None:
        """Remember how alerts call; the caller stores it."""
        self._set(replace(self._state, alerts=alerts))

    def _read(self) -> ChannelState:
        """On the thread; what else changed meanwhile is put in by ``_on_read``."""
        if self._channel is None and not self._is_wanted and not self._source.is_used():
            return ChannelState(status=ChannelStatus(), is_read=True)
        channel = self.service()
        if self._state.no_inviting:
            return ChannelState(status=channel.status(), is_read=True)
        return ChannelState(
            channel.status(), channel.invitations(), None, channel.hours(), channel.notice(), is_read=True
        )

    def _dial_again(self) -> None:
        channel = self.service()
        channel.stop()
        channel.start()

    def _tell_arrival(self, conversation_id: ConversationId, _urgency: Urgency) -> None:
        """On whatever thread it became durable."""
        self.arrived.emit(conversation_id)

    def _on_read(self, read: ChannelState) -> None:
        state = replace(self._state, status=read.status, invitations=read.invitations, hours=read.hours)
        self._set(replace(state, notice=read.notice, is_read=True))

    def _do(self, act: Callable[[], object], *, done: Callable[..., object]) -> None:
        self._set(replace(self._state, is_busy=True, problem=""))

        def on_done(result: object) -> None:
            self._set(replace(self._state, is_busy=False))
            done(result)
            self.look()

        self._work.run(act, done=on_done, failed=self._on_failed)

    def _on_invited(self, invite: Invite) -> None:
        self.invited.emit(invite)

    def _on_holdings(self, holdings: Holdings) -> None:
        self._set(replace(self._state, holdings=holdings, is_asking_gateway=False))

    def _on_no_holdings(self, error: Exception) -> None:
        self._set(replace(self._state, is_asking_gateway=False))
        self._on_failed(error)

    def _on_wiped(self, count: int) -> None:
        self._set(replace(self._state, holdings=None))
        self.wiped.emit(count)
        self.ask_gateway()

    def _on_failed(self, error: Exception) -> None:
        code = str(getattr(error, "code", "")) or ("unreadable" if isinstance(error, OSError) else "failed")
        self._set(replace(self._state, is_busy=False, problem=code))
        self.failed.emit(code)

    def _set(self, state: ChannelState) -> None:
        self._state = state
        self.state_changed.emit(state)
