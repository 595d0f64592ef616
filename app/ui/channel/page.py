"""The page: whether patients can write, by which way, what waits, what the gateway holds, and who was invited."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.channel import ChannelStatus, InvitationRow, LinkPhase, PageState
from app.ui.channel.alert_card import AlertCard
from app.ui.channel.lists import holdings_words, hours_words, invitation_words, mailbox_words, notice_words
from app.ui.channel.measures import contact_words
from app.ui.channel.reasons import problem_words
from app.ui.channel.state import ChannelState
from app.ui.channel.words import (
    card_words,
    explanation,
    gateway_words,
    headline,
    held_back_words,
    page_words,
    phase_words,
    queue_words,
)
from app.ui.components import Banner, Button, ButtonKind, Text, Tone
from app.ui.components.facts import ButtonRow, FactSheet
from app.ui.components.row_list import RowList, RowWords
from app.ui.components.veil import person_line
from app.ui.inbox.ages import short_date
from app.ui.shell.office_page import OfficePage
from app.ui.theme import IconName, Role, TextStyle

_SHOWN = 30
_VOUCH_MS = 30 * 86_400_000
"""So long before the root's word for the card key ends, the page asks for the paper."""
_SHOWN_BOXES = 50


class ChannelPage(OfficePage):
    """Lays out what the presenter says; decides nothing."""

    #: An open invitation is to be shown again, or taken back; argument: ``InvitationRow``.
    row_wanted = Signal(object)

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(IconName.CHANNEL, parent=parent)
        self._now_ms = now_ms
        self._rows: tuple[InvitationRow, ...] = ()
        self.switch = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHANNEL, key_hint="T")
        self.invite = Button(self.tr("Invite somebody…"), icon=IconName.KEY, key_hint="L")
        self.retry = Button(self.tr("Try now"), icon=IconName.REGENERATE, key_hint="R")
        self.office_file = Button(self.tr("Office file for IT…"), icon=IconName.SAVE, key_hint="O")
        self._buttons = ButtonRow(self.switch, self.retry, self.invite, self.office_file)
        self._reason = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)
        self.facts = FactSheet()
        self.rows = RowList(_SHOWN, self.tr("Nobody has been invited yet."), self.tr("Link…"), self._on_row)
        self.held = Text("", TextStyle.BODY, is_wrapping=True)
        self.boxes = RowList(_SHOWN_BOXES, "")
        self.ask_gateway = Button(self.tr("Ask the gateway"), icon=IconName.REGENERATE, key_hint="G")
        self.wipe = Button("", kind=ButtonKind.QUIET, icon=IconName.TRASH, key_hint="W")
        self._held_buttons = ButtonRow(self.ask_gateway, self.wipe)
        self.hours = Text("", TextStyle.BODY, is_wrapping=True)
        self.change_hours = Button(self.tr("Change hours, holidays, words…"), icon=IconName.CLOCK, key_hint="H")
        self.notice = Text("", TextStyle.BODY, is_wrapping=True)
        self.change_notice = Button(self.tr("Change what they read…"), icon=IconName.EDIT, key_hint="N")
        self.alerts = AlertCard()
        self.other_page = Banner(Tone.SIGNAL)
        self.other_page.hide()
        self.waiting = Banner(Tone.CAUTION)
        self.waiting.hide()
        self.vouch = Banner(Tone.CAUTION)
        self.vouch.hide()
        self._lay_out()

    def show_state(self, state: ChannelState) -> None:
        """Show it."""
        status = state.status
        if status is None:
            self.say(self.tr("Reading how the channel stands…"), "", self._problem(state))
            status = ChannelStatus()
        else:
            self.say(headline(status), explanation(status, self._now_ms()), self._problem(state))
        self.icon.set_icon(IconName.CHANNEL, _ink(status))
        self._show_buttons(state)
        self._show_facts(status)
        self._show_served(status)
        self._show_held_back(status)
        self._show_vouch(status, may=not state.no_managing)
        self._show_invitations(state)
        self._show_holdings(state)
        self.hours.setText(hours_words(state.hours, self._now_ms()))
        self.notice.setText(notice_words(state.notice))
        self.alerts.show_choices(state.alerts)

    # -- Page --------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Begin with what is most likely wanted."""
        ready = (button for button in self.stops() if button.isEnabled() and button.isVisible())
        next(ready, self).setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.show_top()

    def stops(self) -> tuple[QWidget, ...]:
        """The buttons, card by card."""
        return (
            self.switch,
            self.retry,
            self.invite,
            self.office_file,
            *self.rows.buttons()[:1],
            self.ask_gateway,
            self.wipe,
            self.change_notice,
            self.change_hours,
            self.alerts.sound,
        )

    # -- private -----------------------------------------------------------------------------------------------

    def _problem(self, state: ChannelState) -> str:
        return problem_words(state.problem) if state.problem else ""

    def _show_buttons(self, state: ChannelState) -> None:
        may, is_free = not state.no_managing, not state.is_busy
        self.switch.setText(self.tr("Turn it off…") if state.is_on else self.tr("Turn it on…"))
        self.switch.set_kind(ButtonKind.QUIET if state.is_on else ButtonKind.PRIMARY)
        self.switch.setEnabled(may and is_free and state.status is not None)
        self.invite.set_kind(ButtonKind.PRIMARY if state.is_on else ButtonKind.QUIET)
        self.invite.setEnabled(state.is_on and is_free and not state.no_inviting)
        self.invite.setToolTip("" if state.is_on else self.tr("Turn the channel on first."))
        is_waiting = state.status is not None and state.status.phase in {LinkPhase.WAITING, LinkPhase.REFUSED}
        self.retry.setVisible(state.is_on and is_waiting)
        self.retry.setEnabled(is_free)
        has_keys = state.status is not None and state.status.has_office_keys
        self.office_file.setEnabled(has_keys and may and is_free)
        self.change_hours.setEnabled(may and is_free and state.is_read)
        self.change_notice.setEnabled(may and is_free and state.is_read)
        self._reason.setText("" if may else problem_words(state.no_managing))
        self._reason.setVisible(not may)
        self._buttons.arrange()

    def _show_facts(self, status: ChannelStatus) -> None:
        now_ms = self._now_ms()
        self._gateway.set_untrusted(gateway_words(status.gateway) or self.tr("None chosen yet"))
        self._page_url.set_untrusted(
            status.gateway.page_url if status.gateway is not None else self.tr("Not chosen yet")
        )
        self._served.set_untrusted(page_words(status.page, now_ms))
        self._phase.set_untrusted(phase_words(status, now_ms))
        self._contact.set_untrusted(contact_words(status.last_contact_ms, now_ms))
        self._queue.set_untrusted(queue_words(status, now_ms))
        self._card.set_untrusted(card_words(status.card_until_ms, now_ms))
        self._fingerprint.set_untrusted(status.fingerprint or self.tr("Made together with the root code"))

    def _show_served(self, status: ChannelStatus) -> None:
        is_other = status.is_on and status.page.state is PageState.DIFFERENT
        self.other_page.setVisible(is_other)
        if is_other:
            self.other_page.show_words(
                Tone.SIGNAL,
                self.tr("The gateway serves another page than this program ships"),
                self.tr(
                    "Patients may be shown something else. Ask IT to install the same version on both; until then"
                    " invite nobody, and do not rely on what comes in."
                ),
            )

    def _show_held_back(self, status: ChannelStatus) -> None:
        self.waiting.setVisible(bool(status.held_back))
        if status.held_back:
            title = self.tr("Something waits at the gateway and is not taken for now")
            self.waiting.show_words(Tone.CAUTION, title, held_back_words(status.held_back, self._now_ms()))

    def _show_vouch(self, status: ChannelStatus, *, may: bool) -> None:
        until_ms = status.certified_until_ms
        is_due = until_ms is not None and until_ms - self._now_ms() < _VOUCH_MS
        self.vouch.setVisible(is_due)
        if until_ms is not None and is_due:
            self.vouch.show_words(
                Tone.CAUTION,
                self.tr("The root code on paper is needed"),
                self.tr(
                    "Until {day} it vouches for the keys of this vault. After that, new patients are refused."
                ).format(day=short_date(until_ms, self._now_ms())),
                self.tr("Type it…") if may else "",
            )

    def _show_invitations(self, state: ChannelState) -> None:
        open_ones = state.open_invitations
        closed = tuple(row for row in state.invitations if row not in open_ones)
        self._rows = (*open_ones, *closed)
        words = [
            RowWords(person_line(row.contact_name, 80), invitation_words(row, self._now_ms())) for row in self._rows
        ]
        self.rows.show_rows(words[:_SHOWN], total=len(self._rows))
        for place, button in enumerate(self.rows.all_buttons()):
            button.setVisible(place < len(open_ones) and not state.no_inviting)

    def _show_holdings(self, state: ChannelState) -> None:
        self._held_card.setVisible(state.is_on)
        holdings = state.holdings
        asking = self.tr("Asking…")
        unknown = self.tr("Not asked yet. The gateway lists sizes and ages; more than that it does not know itself.")
        self.held.setText(
            asking if state.is_asking_gateway else unknown if holdings is None else holdings_words(holdings)
        )
        boxes = holdings.mailboxes if holdings is not None else ()
        rows = [
            RowWords(
                person_line(box.contact_name, 80) if box.contact_name else self.tr("Not used yet"),
                mailbox_words(box, self._now_ms()),
            )
            for box in boxes[:_SHOWN_BOXES]
        ]
        self.boxes.setVisible(bool(rows))
        self.boxes.show_rows(rows, total=len(boxes))
        self.ask_gateway.setEnabled(not state.is_asking_gateway)
        self.wipe.setVisible(holdings is not None and bool(boxes))
        self.wipe.setText(self.tr("Wipe {count} pieces…").format(count=state.held_messages))
        self.wipe.setEnabled(not state.no_managing and not state.is_busy)
        self._held_buttons.arrange()

    def _on_row(self, place: int) -> None:
        self.row_wanted.emit(self._rows[place])

    def _lay_out(self) -> None:
        self.put(self._buttons, self._reason, self.other_page, self.waiting, self.vouch)
        self._gateway = self.facts.add(self.tr("Gateway"))
        self._page_url = self.facts.add(self.tr("Patients open"))
        self._served = self.facts.add(self.tr("They are served"))
        self._phase = self.facts.add(self.tr("State"))
        self._contact = self.facts.add(self.tr("Last contact"))
        self._queue = self.facts.add(self.tr("Queue"))
        self._card = self.facts.add(self.tr("Office card"))
        self._fingerprint = self.facts.add(self.tr("Fingerprint"))
        self.put_card(self.tr("THE CONNECTION"), self.facts)
        self.put_card(self.tr("INVITATIONS"), self.rows)
        self._held_card = self.put_card(self.tr("WHAT THE GATEWAY HOLDS"), self.held, self.boxes, self._held_buttons)
        self.put_card(self.tr("WHAT THEY READ BEFORE THEY WRITE"), self.notice, ButtonRow(self.change_notice))
        self.put_card(self.tr("WHEN NOBODY IS HERE"), self.hours, ButtonRow(self.change_hours))
        self.put_card(self.tr("WHEN SOMEBODY WRITES"), self.alerts)


def _ink(status: ChannelStatus) -> Role:
    if not status.is_on:
        return Role.INK_SOFT
    return Role.ACCENT_INK if status.phase is LinkPhase.ON else Role.CAUTION_INK
