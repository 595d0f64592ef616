"""A conversation of the channel by keyboard: delivery words, attachments both ways, consent, the safety number."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.channel import Alarm, AlarmKind, Delivery, FileInfo
from app.domain.conversation import ComposerTab, ItemKind, Origin, Party, Urgency
from app.ui.channel.banner import WayOn, notice_of
from app.ui.channel.conversation import safe_name
from app.ui.inbox.marks import row_sentence
from app.ui.shell.pages import PageId
from app.ui.thread.words import notice_words
from tests.support.consoles import DemoConsole, now_ms
from tests.support.waiting import PATIENCE_MS
from tests.ui.channel_fake import DAY_MS, FakeChannel, peer_of, thread_of, use_fake
from tests.ui.test_channel_page import NOTICE, ON
from tests.ui.test_channel_pieces import encoded, picture

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
PNG = encoded(picture(640, 480), "PNG")


class Desk:
    """A console with one conversation of the channel in front: two received, two sent, one file."""

    def __init__(self, tmp_path, qapp, qtbot):
        self.qtbot = qtbot
        self.channel = FakeChannel(state=ON, texts=NOTICE)
        self.demo = DemoConsole(tmp_path, qapp, model=None, prepare=self.fill)
        self.console = self.demo.start()
        self.show()
        qtbot.waitUntil(self.console.window.isActiveWindow, timeout=PATIENCE_MS)
        self.console.commander.open_conversation(self.cid)
        self.until(lambda: self.console.presenters.conversation.shown is not None)
        self.until(lambda: "Read" in self.page())

    def fill(self, desk):
        """Before the console begins, which takes back what is held and not sent."""
        use_fake(desk, self.channel)
        conversations = desk.conversations
        self.cid = conversations.start("Maria Alvarado", Origin.CHANNEL, "Is the medicine ready on Thursday?")
        self.file = conversations.receive(self.cid, "rash.png")
        for text in ("It is ready from 14:00.", "You may also come on Friday."):
            conversations.release_reply(conversations.hold_reply(self.cid, text, None).held_id)
        items = [item for item in conversations.thread(self.cid).items if item.kind is ItemKind.MESSAGE]
        self.sent = [item.event_id for item in items if item.party is Party.DESK]
        self.first = items[0].event_id
        self.channel.files[self.file] = PNG

    def show(self, delivery=None, early=(), **peer):
        """Let the channel say this from now on."""
        known = {self.sent[0]: Delivery.READ, self.sent[1]: Delivery.STORED} if delivery is None else delivery
        files = {self.file: FileInfo("rash.png", "image/png", len(PNG), True)}
        self.channel.threads[self.cid] = thread_of(known, files, early, **peer)
        self.console.presenters.conversation.refresh_soon()

    def until(self, is_so):
        self.qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def page(self):
        return self.console.window.conversation.page.toPlainText()

    def press(self, key, modifiers=NONE):
        QTest.keyClick(QApplication.focusWidget() or self.console.window, key, modifiers)
        QApplication.processEvents()

    @property
    def composer(self):
        return self.console.window.composer

    @property
    def banner(self):
        return self.console.window.conversation.channel_banner

    @property
    def part(self):
        return self.console.channel.conversation


@pytest.fixture
def desk(qapp, qtbot, tmp_path):
    made = Desk(tmp_path, qapp, qtbot)
    yield made
    made.demo.abandon()


def test_under_each_sent_message_stands_where_it_is(desk):
    assert "Read  ·  Written by" in desk.page()
    assert "At the gateway, not fetched yet  ·  Written by" in desk.page()
    bar = desk.console.window.conversation.page.verticalScrollBar()
    place = bar.value()
    desk.show({desk.sent[0]: Delivery.READ, desk.sent[1]: Delivery.DELIVERED})
    desk.until(lambda: "Delivered to their browser" in desk.page())
    assert bar.value() == place
    desk.show({desk.sent[0]: Delivery.READ, desk.sent[1]: Delivery.WAITING})
    desk.until(lambda: "Waiting here for the gateway" in desk.page())


def test_a_row_of_the_inbox_says_through_which_door_it_came(desk):
    model = desk.console.presenters.inbox.model
    desk.until(lambda: model.row_of(desk.cid) is not None)
    row = model.at(model.row_of(desk.cid))
    assert row.origin is Origin.CHANNEL
    assert "over the channel" in row_sentence(row, now_ms())


def test_what_came_before_the_browser_had_proved_itself_is_marked(desk):
    assert "early" not in desk.page()
    desk.show(early=(desk.first,))
    desk.until(lambda: "early: before their browser had proved itself" in desk.page())


def test_an_attachment_is_looked_at_by_one_key_and_saved_with_the_risk_in_words(desk, tmp_path):
    assert "Attachment, " in desk.page()
    desk.press(Qt.Key.Key_O)
    sheet = desk.part.files
    desk.until(sheet.picture.isVisible)
    assert sheet.state.text() == "640 by 480 pixels"
    assert "can be a trap" in sheet.warning.title()
    assert "outside the vault" in sheet.warning.text()
    target = tmp_path / "out.png"
    desk.part.save(sheet.event_id, target)
    desk.until(target.exists)
    assert target.read_bytes() == PNG
    assert target.stat().st_mode & 0o777 == 0o600
    desk.press(Qt.Key.Key_Escape)
    assert sheet.event_id is None
    assert sheet.picture.pixmap().isNull()


def test_an_attachment_is_taken_out_from_its_sheet_by_keyboard(desk):
    desk.press(Qt.Key.Key_O)
    sheet = desk.part.files
    desk.until(sheet.picture.isVisible)
    assert QApplication.focusWidget() is sheet.save
    desk.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is sheet.remove
    desk.press(Qt.Key.Key_Return)
    asked = desk.console.retention.redacting
    desk.until(asked.isVisible)
    assert "this attachment" in asked.title.text()
    assert "rash.png" in asked._words.text()
    assert "at the gateway" in asked._about.text()


def test_a_click_on_an_attachment_shows_it(desk):
    page = desk.console.window.conversation.page
    placed = page._placed(desk.file)
    top = page._sheet(placed)
    spot = QPoint(int(top.left()) + 20, int(top.center().y()) - page.verticalScrollBar().value())
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    desk.until(lambda: desk.part.files.event_id == desk.file)


def test_what_is_no_image_or_cannot_be_fetched_is_said_in_words(desk):
    desk.channel.files[desk.file] = b"%PDF-1.7"
    desk.press(Qt.Key.Key_O)
    desk.until(lambda: desk.part.files.state.text().startswith("No picture: only"))
    desk.press(Qt.Key.Key_Escape)
    desk.channel.refusing = "channel_is_down"
    desk.press(Qt.Key.Key_O)
    desk.until(lambda: "cannot be reached" in desk.part.files.state.text())
    assert not desk.part.files.save.isEnabled()


def test_a_file_is_attached_after_one_question(desk, tmp_path):
    file = tmp_path / "leaflet.pdf"
    file.write_bytes(b"%PDF" * 300)
    assert desk.composer.attach.isVisible()
    desk.part.ask_attach(file)
    asking = desk.console.channel.asking
    assert "Maria Alvarado" in asking.title.text()
    assert "leaflet.pdf, 1 kB" in asking.words.text()
    assert "hidden inside" in asking.words.text()
    assert asking.keep.hasFocus()
    desk.press(Qt.Key.Key_Tab)
    asking.button.setFocus()
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: ("attach", desk.cid, "leaflet.pdf", 1_200) in desk.channel.calls)


@pytest.mark.parametrize(("size", "words"), [(0, "is empty"), (25 * 1_024 * 1_024 + 1, "larger than 25 MB")])
def test_a_file_that_cannot_go_is_refused_before_it_is_read(desk, tmp_path, size, words):
    file = tmp_path / "file.bin"
    with file.open("wb") as opened:
        opened.truncate(size)
    desk.part.ask_attach(file)
    assert words in desk.console.window.toast.text()
    assert not desk.channel.calls


def test_the_safety_number_is_compared_by_phone_by_keyboard(desk):
    desk.press(Qt.Key.Key_P)
    sheet = desk.part.safety
    assert sheet.number() == "12345 67890 13579 24680 11223 34455 66778 89900"
    assert sheet.no.hasFocus()
    desk.press(Qt.Key.Key_Return)
    assert sheet.warning.isVisible()
    assert not sheet.yes.isEnabled()
    assert not desk.channel.calls
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_P)
    sheet.yes.setFocus()
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: ("verify", desk.cid) in desk.channel.calls)
    desk.until(lambda: "compared by phone: Alex Marin" in desk.console.window.context.channel.words())


def test_the_details_say_consent_assistant_and_when_they_were_here(desk):
    card = desk.console.window.context.channel
    assert "Assistant allowed" in card.words()
    assert "Agreed to version 1" in card.words()
    assert "in English" in card.words()
    desk.show(assistant_allowed=False, consent_version=None, consent_ms=None, is_confirmed=False)
    desk.until(lambda: "Talks without the assistant" in card.words())
    assert "No consent yet" in card.words()
    assert "has not answered yet" in card.words()


def test_without_the_assistant_no_reply_is_proposed_and_the_composer_says_why(desk):
    assert desk.composer.hint() == ""
    desk.show(assistant_allowed=False)
    words = "They talk without the assistant: a person writes this one."
    desk.until(lambda: desk.composer.hint() == words)
    assert not desk.composer._propose.isVisible()
    desk.press(Qt.Key.Key_D)
    assert desk.console.window.toast.text() == words
    assert desk.console.presenters.composer.state.proposal is None
    desk.show(assistant_allowed=True)
    desk.until(lambda: desk.composer.hint() == "")
    assert desk.composer._propose.isVisible()


def test_when_they_ended_it_nothing_is_sent_but_notes_are_kept(desk):
    desk.show(has_ended=True)
    desk.until(desk.banner.isVisible)
    assert desk.banner.title() == "This conversation has ended"
    assert not desk.composer.attach.isVisible()
    desk.press(Qt.Key.Key_R)
    QTest.keyClicks(QApplication.focusWidget(), "one more thing")
    desk.press(Qt.Key.Key_Return, CTRL)
    assert "nothing you send reaches them" in desk.console.window.toast.text()
    assert desk.composer.reply.toPlainText() == "one more thing"
    desk.composer.show_tab(ComposerTab.NOTE, with_focus=True)
    QTest.keyClicks(QApplication.focusWidget(), "called them")
    assert desk.composer._send.isEnabled()
    desk.banner.action_wanted.emit()
    assert desk.console.channel.invitations.sheet.field.text() == "Maria Alvarado"


def test_the_office_ends_it_from_the_palette_after_one_question(desk):
    desk.press(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "end this conversation over")
    desk.press(Qt.Key.Key_Return)
    asking = desk.console.channel.asking
    desk.until(asking.isVisible)
    assert asking.keep.hasFocus()
    asking.button.setFocus()
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: ("end", desk.cid) in desk.channel.calls)
    desk.until(lambda: desk.banner.title() == "This conversation has ended")


def test_a_wish_to_be_erased_leads_to_the_requests(desk):
    desk.show(asked_erasure_ms=now_ms())
    desk.until(lambda: desk.banner.title() == "They ask to have all this erased")
    desk.banner.action_wanted.emit()
    assert desk.console.window.page_id is PageId.REQUESTS


@pytest.mark.parametrize(
    ("kind", "title", "way_on"),
    [
        (AlarmKind.GAP, "A message is missing", WayOn.NONE),
        (AlarmKind.FORK, "Two different messages claimed the same place", WayOn.COMPARE),
        (AlarmKind.CHANGED, "This person's key is not the one of before", WayOn.COMPARE),
        (AlarmKind.LATE, "A message came after others", WayOn.NONE),
        (AlarmKind.UNREADABLE, "Something came that cannot be opened here", WayOn.INVITE),
        (AlarmKind.FLOOD, "More came at once than is taken", WayOn.NONE),
    ],
)
def test_alarms_stand_above_the_conversation_in_words(desk, kind, title, way_on):
    desk.show(alarms=(Alarm(kind, now_ms()),))
    desk.until(lambda: desk.banner.isVisible() and desk.banner.title().startswith(title))
    assert len(desk.banner.text()) > 60
    assert desk.part._notice.way_on is way_on


def test_the_gravest_alarm_comes_first_and_an_alarm_before_a_wish():
    now = now_ms()
    alarms = (Alarm(AlarmKind.GAP, now), Alarm(AlarmKind.FORK, now - DAY_MS), Alarm(AlarmKind.CHANGED, now))
    grave = thread_of(alarms=alarms, asked_erasure_ms=now, has_ended=True)
    assert notice_of(grave, now).title.startswith("Two different")
    assert notice_of(replace(grave, peer=peer_of(asked_erasure_ms=now, has_ended=True)), now).way_on is WayOn.REQUESTS
    assert notice_of(thread_of(), now) is None
    assert notice_of(None, now) is None


def test_a_conversation_through_another_door_shows_nothing_of_the_channel(desk):
    other = desk.demo.desk.conversations.start("Jo", Origin.PHONE, "Please call back.")
    desk.show(has_ended=True)
    desk.until(desk.banner.isVisible)
    desk.console.commander.open_conversation(other)
    desk.until(lambda: not desk.banner.isVisible())
    assert not desk.composer.attach.isVisible()
    assert not desk.console.window.context.channel.isVisibleTo(desk.console.window.context)
    desk.press(Qt.Key.Key_P)
    desk.press(Qt.Key.Key_O)
    assert desk.console.window.toast.text() == "There are no attachments in this conversation."
    desk.press(Qt.Key.Key_O, CTRL)
    assert "did not come over the channel" in desk.console.window.toast.text()
    assert desk.console.commander.open_sheet() is None


def test_the_call_comes_for_another_conversation_and_ends_when_it_is_read(desk):
    rung = []
    desk.console.channel.alerts._beep = lambda: rung.append(1)
    other = desk.demo.desk.conversations.start("Jo", Origin.CHANNEL, "Hello?")
    desk.channel.threads[other] = thread_of()
    desk.channel.arrive(desk.cid, Urgency.ROUTINE)
    desk.channel.arrive(other, Urgency.ROUTINE)
    desk.until(lambda: desk.console.channel.alerts.waiting == {other})
    assert len(rung) == 1
    desk.console.commander.open_conversation(other)
    desk.until(lambda: not desk.console.channel.alerts.waiting)


def test_behind_the_curtain_the_call_comes_for_the_open_conversation_too(desk):
    desk.press(Qt.Key.Key_F12)
    desk.channel.arrive(desk.cid)
    desk.until(lambda: desk.console.channel.alerts.waiting == {desk.cid})


def test_notices_of_the_channel_have_words():
    now = int(datetime(2026, 11, 24, tzinfo=UTC).timestamp() * 1_000)
    for code in (
        "opened:channel",
        "consent_given:2",
        "consent_withdrawn",
        "assistant_on",
        "assistant_off",
        "visitor_ended",
        "flood",
        "file_lost",
        "file_asked",
        "desk_ended",
        "erasure_asked",
        "safety_compared",
        "away_sent",
        "gap",
        "late",
        "unreadable",
        "fork",
        "changed",
    ):
        words = notice_words(code, "Mara Lind", lambda _person: "", now)
        assert code.split(":")[0] not in words
        assert " " in words, code


@pytest.mark.parametrize(
    ("untrusted_name", "name"),
    [
        ("rash on arm.jpg", "rash on arm.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("invoice\u202egpj.exe", "invoice_gpj.exe"),
        ("photo.jpg                                            .exe", "photo.jpg .exe"),
        ("$(reboot).png", "__reboot_.png"),
        (".hidden", "hidden"),
        ("", "attachment"),
        ("...", "attachment"),
    ],
)
def test_a_name_from_outside_cannot_be_more_than_a_name(untrusted_name, name):
    assert safe_name(untrusted_name) == name
