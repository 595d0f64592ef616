"""The screens on the desk's own channel service: a gateway in memory, a real patient's session, a real vault."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.channel.kinds import Kind
from app.domain.channel import Delivery, LinkPhase, NoticeTexts
from app.domain.conversation import Origin
from app.ui.shell.pages import PageId
from tests.support.consoles import DemoConsole, now_ms
from tests.support.waiting import PATIENCE_MS
from tests.support.wire import PLACE, Wire, WirePatient
from tests.ui.test_channel_pieces import encoded, picture

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
NOTICE = NoticeTexts(
    phone="+1 555 0142",
    country="us",
    emergency=("911",),
    keeps_days=3_653,
    who="The reception of Linden Street",
    withdraw="Call us.",
)


class Practice:
    """A console whose channel is on, and a gateway in memory that carries when it is told to."""

    def __init__(self, tmp_path, qapp, qtbot):
        self.qtbot, self.wire = qtbot, Wire()
        self.demo = DemoConsole(tmp_path, qapp, model=None, prepare=self._turn_on)
        self.console = self.demo.start()
        self.until(self.console.window.isActiveWindow)
        self.until(lambda: self.status() is not None and self.status().phase is LinkPhase.ON)

    def _turn_on(self, desk):
        channel = desk.channel
        channel.use_link(self.wire.factory, carries_itself=False)
        channel.confirm_office_keys(channel.make_office_keys(), NOTICE)
        channel.turn_on(PLACE)

    def status(self):
        return self.console.channel.presenter.state.status

    def run(self):
        self.wire.run(self.demo.desk.channel)

    def until(self, is_so):
        self.qtbot.waitUntil(lambda: bool(is_so()), timeout=PATIENCE_MS)

    def press(self, key, modifiers=NONE):
        QTest.keyClick(QApplication.focusWidget() or self.console.window, key, modifiers)
        QApplication.processEvents()

    def type(self, words):
        QTest.keyClicks(QApplication.focusWidget(), words)
        QApplication.processEvents()

    def page(self):
        return self.console.window.conversation.page.toPlainText()

    def meet(self, *texts, **consent):
        """Invite by keyboard; the visitor agrees and writes; the conversation is opened."""
        self.press(Qt.Key.Key_L)
        self.type("Ada Quill")
        self.press(Qt.Key.Key_Return)
        sheet = self.console.channel.invitations.sheet
        self.until(lambda: sheet.invite is not None)
        link = sheet.invite.link
        self.press(Qt.Key.Key_Escape)
        self.run()
        patient = WirePatient.with_link(self.wire, link, now_ms)
        patient.hello(*texts, **consent)
        for _ in range(2):
            self.run()
            patient.listen()
        self.run()
        rows = self.console.presenters.inbox.model
        self.until(lambda: self._place(rows) is not None)
        self.cid = rows.at(self._place(rows)).conversation_id
        self.console.commander.open_conversation(self.cid)
        self.until(lambda: texts[-1] in self.page())
        return patient

    @staticmethod
    def _place(rows):
        places = (place for place in range(rows.rowCount()) if rows.at(place).origin is Origin.CHANNEL)
        return next(places, None)


@pytest.fixture
def practice(qapp, qtbot, tmp_path):
    made = Practice(tmp_path, qapp, qtbot)
    yield made
    made.demo.abandon()


def test_a_visitor_is_invited_writes_is_answered_and_reads(practice):
    assert "Patient channel: connected to 127.0.0.1:8443" in practice.console.window.status.words()
    rung = []
    practice.console.channel.alerts._beep = lambda: rung.append(1)
    patient = practice.meet("Is the medicine ready on Thursday?")
    assert rung
    assert "They agreed to version 1" in practice.page()
    card = practice.console.window.context.channel
    assert "Assistant allowed" in card.words()
    practice.press(Qt.Key.Key_R)
    practice.type("It is, from 14:00.")
    practice.press(Qt.Key.Key_Return, CTRL)
    practice.console.presenters.steps.settle_all()
    practice.until(lambda: "Waiting here for the gateway" in practice.page())
    practice.run()
    practice.until(lambda: "At the gateway, not fetched yet" in practice.page())
    patient.listen()
    assert patient.texts() == ["It is, from 14:00."]
    practice.run()
    practice.until(lambda: "Delivered to their browser" in practice.page())
    answer = next(one for one in patient.heard if one.kind is Kind.TEXT)
    patient.say(Kind.READ, {"up_to": answer.message_id})
    practice.run()
    practice.until(lambda: "Read  ·  Written by" in practice.page())
    known = practice.console.channel.conversation.known
    assert set(known.delivery.values()) == {Delivery.READ}


def test_a_withdrawal_stops_proposals_at_once_and_an_end_stops_replies(practice):
    patient = practice.meet("May I ask something?")
    composer = practice.console.window.composer
    assert composer.hint() == ""
    patient.say(Kind.WITHDRAW, {})
    practice.run()
    practice.until(lambda: composer.hint() == "They talk without the assistant: a person writes this one.")
    practice.until(lambda: "They withdrew" in practice.page())
    practice.press(Qt.Key.Key_D)
    assert practice.console.presenters.composer.state.proposal is None
    patient.say(Kind.END, {})
    practice.run()
    banner = practice.console.window.conversation.channel_banner
    practice.until(lambda: banner.title() == "This conversation has ended")
    assert not composer.can_send


def test_an_attachment_comes_in_is_looked_at_and_one_goes_out(practice, tmp_path):
    patient = practice.meet("Here is a picture.")
    patient.attach("rash.png", "image/png", encoded(picture(320, 200), "PNG"))
    practice.run()
    practice.until(lambda: "rash.png" in practice.page() and "in the vault" in practice.page())
    practice.press(Qt.Key.Key_O)
    sheet = practice.console.channel.conversation.files
    practice.until(sheet.picture.isVisible)
    assert sheet.state.text() == "320 by 200 pixels"
    practice.press(Qt.Key.Key_Escape)
    file = tmp_path / "leaflet.txt"
    file.write_bytes(b"one a day")
    practice.console.channel.conversation.ask_attach(file)
    practice.console.channel.asking.button.click()
    practice.until(lambda: "leaflet.txt" in practice.page())
    practice.run()
    news = [one for one in patient.listen() if one.kind is Kind.FILE]
    assert patient.fetch(news[0]) == b"one a day"


def test_a_wish_to_be_erased_leads_to_the_register(practice):
    patient = practice.meet("I want out.")
    patient.say(Kind.ERASE, {})
    practice.run()
    banner = practice.console.window.conversation.channel_banner
    practice.until(lambda: banner.title() == "They ask to have all this erased")
    banner.action_wanted.emit()
    assert practice.console.window.page_id is PageId.REQUESTS


def test_the_safety_number_is_the_visitors_own_and_is_noted(practice):
    patient = practice.meet("It is me.")
    practice.press(Qt.Key.Key_P)
    sheet = practice.console.channel.conversation.safety
    assert sheet.number() == patient.session.safety_number
    sheet.yes.setFocus()
    practice.press(Qt.Key.Key_Return)
    practice.until(lambda: "compared the safety number by phone" in practice.page())
    practice.until(lambda: "compared by phone:" in practice.console.window.context.channel.words())


def test_what_the_gateway_holds_is_listed_with_names_and_wiped(practice):
    practice.meet("Is somebody there?")
    practice.press(Qt.Key.Key_P, CTRL | SHIFT)
    practice.press(Qt.Key.Key_G)
    practice.until(lambda: practice.console.channel.presenter.state.holdings is not None)
    page = practice.console.channel.page
    assert page.held.text().startswith("1 mailbox with")
    assert practice.console.channel.presenter.state.holdings.mailboxes[0].contact_name == "Ada Quill"
    practice.wire.is_up = False
    practice.press(Qt.Key.Key_G)
    practice.until(lambda: "cannot be reached" in page.problem.text())


def test_a_console_that_locks_and_opens_again_has_the_channel_as_it_was(practice):
    practice.meet("See you tomorrow.")
    practice.console.end(None)
    practice.until(lambda: practice.demo.ended)
    assert not practice.wire.links[0].is_started
