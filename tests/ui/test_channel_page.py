"""The page of the patient channel by keyboard: on in three steps, invitations, what the gateway holds, off again."""

import json
from dataclasses import replace
from datetime import date, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.channel import (
    ChannelStatus,
    GatewayPlace,
    HeldBack,
    HoldCause,
    InvitationState,
    LinkPhase,
    NoticeTexts,
    PageState,
    ServedPage,
)
from app.domain.office import Role
from app.domain.office_hours import Hours
from app.domain.roles import Right, why_not
from app.ui.channel.hours_sheet import parse_day, parse_holidays
from app.ui.channel.lists import hours_words
from app.ui.channel.page import ChannelPage
from app.ui.channel.state import ChannelState
from app.ui.channel.turn_on_sheet import parse_address, parse_page
from app.ui.channel.words import explanation, headline, held_back_words, queue_words, status_line_words
from app.ui.shell.pages import PageId
from tests.support.consoles import DemoConsole, now_ms
from tests.support.waiting import PATIENCE_MS
from tests.ui.channel_fake import DAY_MS, FINGERPRINT, LINK, ROOT_CODE, FakeChannel, held_boxes, use_fake

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
PLACE = GatewayPlace("localhost", 8443, "https://localhost:8443/")
NOTICE = NoticeTexts(
    phone="+1 555 0142",
    country="us",
    emergency=("911",),
    keeps_days=3_653,
    who="The reception of Linden Street",
    withdraw="Call us.",
    version=1,
)
ON = ChannelStatus(has_office_keys=True, is_on=True, gateway=PLACE, phase=LinkPhase.ON, fingerprint=FINGERPRINT)


class Office:
    """A console whose channel is kept in memory, on the page of the channel."""

    def __init__(self, tmp_path, qapp, qtbot, channel):
        self.qtbot, self.channel = qtbot, channel
        self.demo = DemoConsole(tmp_path, qapp, model=None, prepare=lambda desk: use_fake(desk, channel))
        self.console = self.demo.start()
        qtbot.waitUntil(self.console.window.isActiveWindow, timeout=PATIENCE_MS)
        self.until(lambda: self.part.presenter.state.is_read)

    @property
    def part(self):
        return self.console.channel

    @property
    def page(self):
        return self.console.channel.page

    def until(self, is_so):
        self.qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def press(self, key, modifiers=NONE):
        QTest.keyClick(QApplication.focusWidget() or self.console.window, key, modifiers)
        QApplication.processEvents()

    def type(self, words):
        QTest.keyClicks(QApplication.focusWidget(), words)
        QApplication.processEvents()

    def go(self):
        self.press(Qt.Key.Key_P, CTRL | SHIFT)
        assert self.console.window.page_id is PageId.CHANNEL

    def toast(self):
        return self.console.window.toast.text()


@pytest.fixture
def make_office(qapp, qtbot, tmp_path):
    made = []

    def make(**state):
        made.append(Office(tmp_path, qapp, qtbot, FakeChannel(**state)))
        return made[-1]

    yield make
    for office in made:
        office.demo.abandon()


@pytest.fixture
def off(make_office):
    return make_office()


@pytest.fixture
def on(make_office):
    return make_office(state=ON, texts=NOTICE)


def test_it_is_off_and_says_so_on_the_page_and_on_the_line(off):
    assert "Nothing has left this office" in off.console.window.status.words()
    off.go()
    assert off.page.headline.text() == "The patient channel is off"
    assert not off.page.invite.isEnabled()
    assert not off.page.office_file.isEnabled()
    assert off.page.switch.hasFocus()
    assert off.console.window.office_tabs.bar.tabText(1) == "Channel"


def prove_root(off):
    """Make the root code and type its groups back, by keyboard."""
    assert off.part.steps.root.isVisible()
    off.press(Qt.Key.Key_Return)  # make it
    off.until(lambda: bool(off.part.steps.root.groups))
    assert "-".join(off.part.steps.root.groups) == ROOT_CODE
    off.part.steps.root.button.setFocus()
    off.press(Qt.Key.Key_Return)  # two copies
    for number, field in off.part.steps.root.fields.items():
        assert field.hasFocus()
        off.type(off.part.steps.root.groups[number - 1].lower())
        off.press(Qt.Key.Key_Tab)
    off.press(Qt.Key.Key_Return)


def test_turning_it_on_by_keyboard_alone_passes_paper_notice_and_address(off):
    off.go()
    off.press(Qt.Key.Key_T)
    prove_root(off)
    notice = off.part.steps.noticing
    off.until(notice.isVisible)
    assert notice.who.text() == "The reception of Linden Street Family Practice"
    assert "911" in notice.emergency.text()
    off.press(Qt.Key.Key_Tab)
    notice.phone.setFocus()
    off.type("+1 555 0142")
    notice.button.setFocus()
    off.press(Qt.Key.Key_Return)
    off.until(lambda: off.channel.texts is not None)
    assert off.channel.texts.phone == "+1 555 0142"
    off.until(off.part.steps.turning_on.isVisible)
    assert off.part.steps.root.groups == ()
    off.type("localhost:8443")
    assert off.part.steps.turning_on.button.text() == "Turn on and contact localhost:8443"
    off.press(Qt.Key.Key_Return)
    off.press(Qt.Key.Key_Return)
    off.until(lambda: off.part.presenter.state.is_on)
    assert [name for name, *_rest in off.channel.calls] == [
        "make_office_keys",
        "confirm_office_keys",
        "set_notice",
        "turn_on",
    ]
    assert off.channel.state.gateway == PLACE
    assert "Patient channel: connected to localhost:8443" in off.console.window.status.words()
    assert "Nothing has left" not in off.console.window.status.words()


def test_the_sheet_says_what_will_happen_before_anything_does(make_office):
    office = make_office(state=replace(ON, is_on=False, gateway=None, phase=LinkPhase.OFF), texts=NOTICE)
    office.go()
    office.press(Qt.Key.Key_T)
    sheet = office.part.steps.turning_on
    assert not sheet.button.isEnabled()
    office.type("localhost")
    for words in ("localhost:443", "no other address", "the link", "cannot open a connection", "internet address"):
        assert words in sheet.facts(), words
    office.press(Qt.Key.Key_Escape)
    assert office.channel.calls == []
    assert office.page.switch.hasFocus()


def test_a_demo_vault_talks_to_this_machine_only(make_office):
    office = make_office(state=replace(ON, is_on=False, gateway=None), texts=NOTICE)
    office.go()
    office.press(Qt.Key.Key_T)
    office.type("gateway.example")
    assert not office.part.steps.turning_on.button.isEnabled()
    assert "demonstration" in office.part.steps.turning_on._problem.text()


def test_wrong_groups_prove_nothing_and_an_unproven_code_can_be_shown_again(off):
    off.channel.texts = NOTICE
    off.part.presenter.look()
    off.until(lambda: off.part.presenter.state.notice is not None)
    off.go()
    off.press(Qt.Key.Key_T)
    off.part.steps.root.button.click()
    off.until(lambda: bool(off.part.steps.root.groups))
    off.part.steps.root.button.click()
    for field in off.part.steps.root.fields.values():
        field.setText("XXXXX")
    off.press(Qt.Key.Key_Return)
    assert "not the groups" in off.part.steps.root.problem.text()
    assert not off.channel.state.has_office_keys
    off.press(Qt.Key.Key_Escape)
    off.press(Qt.Key.Key_T)
    assert "-".join(off.part.steps.root.groups) == ROOT_CODE


def test_the_root_code_goes_into_a_private_pdf_and_leaves_memory_at_the_lock(off, tmp_path):
    off.channel.texts = NOTICE
    off.part.steps.root.ask()
    off.part.steps.root.button.click()
    off.until(lambda: bool(off.part.steps.root.groups))
    file = tmp_path / "root.pdf"
    off.part.steps.save_root(file)
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_mode & 0o777 == 0o600
    assert ROOT_CODE[:5] not in repr(off.part.steps.root_paper())
    off.part.close()
    assert off.part.steps.root.groups == ()


def test_it_is_turned_off_in_words_and_can_be_turned_on_again_as_it_was(on):
    on.channel.state = replace(on.channel.state, undelivered_count=2)
    on.channel.tell("office")
    on.until(lambda: on.part.presenter.state.status.undelivered_count == 2)
    on.go()
    on.press(Qt.Key.Key_T)
    asking = on.part.asking
    assert asking.keep.hasFocus()
    assert "2 messages" in asking.words.text()
    assert "Turn it on again at any time" in asking.words.text()
    on.press(Qt.Key.Key_Return)
    assert on.channel.calls == []
    on.press(Qt.Key.Key_T)
    asking.button.setFocus()
    on.press(Qt.Key.Key_Return)
    on.until(lambda: not on.part.presenter.state.is_on)
    assert "Nothing has left this office" in on.console.window.status.words()
    on.press(Qt.Key.Key_T)
    assert on.part.steps.turning_on.gateway.text() == "localhost:8443"


def test_an_invitation_from_the_inbox_by_one_key(on):
    on.press(Qt.Key.Key_L)
    sheet = on.part.invitations.sheet
    on.press(Qt.Key.Key_Return)
    assert sheet.problem.text() == "Who is it for?"
    on.type("Maria Alvarado")
    on.press(Qt.Key.Key_Tab)
    on.press(Qt.Key.Key_Right)
    sheet.field.setFocus()
    on.press(Qt.Key.Key_Return)
    on.until(lambda: sheet.invite is not None)
    assert on.channel.calls == [("invite", "Maria Alvarado", "es")]
    assert not sheet.code.is_empty()
    assert sheet.copy.hasFocus()
    on.press(Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == LINK
    assert "30 s" in sheet.copy.text()
    on.press(Qt.Key.Key_Escape)
    assert sheet.code.is_empty()
    assert sheet.link.text() == ""
    on.part.invitations.clipboard.take_back()
    assert QGuiApplication.clipboard().text() == ""
    assert LINK not in repr(on.part.presenter.state)


def test_an_invitation_from_the_sheet_for_a_new_conversation_keeps_the_name(on):
    on.press(Qt.Key.Key_C)
    on.type("Jo")
    invite = on.console.window.new_conversation.invite
    assert invite.isVisible()
    invite.setFocus()
    on.press(Qt.Key.Key_Return)
    assert on.part.invitations.sheet.isVisible()
    assert on.part.invitations.sheet.field.text() == "Jo"


def test_while_it_is_off_the_key_says_why_nobody_can_be_invited(off):
    off.press(Qt.Key.Key_L)
    assert off.toast() == "The patient channel is off."
    off.press(Qt.Key.Key_C)
    assert not off.console.window.new_conversation.invite.isVisible()


def test_an_open_invitation_is_shown_again_and_taken_back(on):
    on.channel.invite("Maria Alvarado", "en")
    on.channel.tell("office")
    on.go()
    on.until(lambda: len(on.page.rows.buttons()) == 1)
    on.page.rows.buttons()[0].setFocus()
    on.press(Qt.Key.Key_Return)
    on.until(lambda: on.part.invitations.sheet.isVisible() and on.part.invitations.sheet.invite is not None)
    on.part.invitations.sheet.revoke.setFocus()
    on.press(Qt.Key.Key_Return)
    assert "Maria Alvarado" in on.part.asking.title.text()
    on.part.asking.button.setFocus()
    on.press(Qt.Key.Key_Return)
    on.until(lambda: on.channel.rows[0].state is InvitationState.REVOKED)
    on.until(lambda: not on.page.rows.buttons())


def test_what_the_gateway_holds_is_listed_and_wiped_with_the_count_in_the_button(on):
    on.channel.held = held_boxes(3)
    on.go()
    on.press(Qt.Key.Key_G)
    on.until(lambda: on.part.presenter.state.holdings is not None)
    assert on.page.held.text() == "3 mailboxes with 21 pieces of ciphertext, 806 kB"
    assert on.page.wipe.text() == "Wipe 21 pieces…"
    on.press(Qt.Key.Key_W)
    assert on.part.asking.button.text() == "Wipe 21 pieces"
    on.part.asking.button.setFocus()
    on.press(Qt.Key.Key_Return)
    on.until(lambda: ("wipe",) in on.channel.calls)
    on.until(lambda: on.page.held.text().startswith("0 mailboxes"))


def test_the_office_file_is_written_privately(on, tmp_path):
    file = tmp_path / "office.json"
    on.part.presenter.write_office_file(file)
    on.until(file.exists)
    assert json.loads(file.read_text()) == {"v": 1}
    assert file.stat().st_mode & 0o777 == 0o600
    on.until(lambda: "office.json is written" in on.toast())


def test_hours_holidays_and_words_are_set_by_keyboard(on):
    on.go()
    on.press(Qt.Key.Key_H)
    sheet = on.part.hours
    sheet.days[0].setFocus()
    on.type("8:00-17:30")
    sheet.days[1].setFocus()
    on.type("17-9")
    sheet.holidays.setFocus()
    on.type("2026-12-25 Christmas Day")
    sheet.button.click()
    assert "17-9" in sheet.problem.text()
    assert on.channel.week is None
    sheet.days[1].setText("9-17")
    sheet.acknowledge.setChecked(True)
    sheet.button.click()
    assert "no words" in sheet.problem.text()
    sheet.texts["es"].setPlainText("Está cerrado.")
    sheet.button.click()
    on.until(lambda: on.channel.week is not None)
    assert on.channel.week.week[:3] == ((time(8), time(17, 30)), (time(9), time(17)), None)
    assert on.channel.week.holidays == ((date(2026, 12, 25), "Christmas Day"),)
    assert dict(on.channel.week.away_text) == {"es": "Está cerrado."}


def test_the_paper_is_asked_for_before_its_word_ends(on):
    on.channel.state = replace(on.channel.state, certified_until_ms=now_ms() + 9 * DAY_MS)
    on.channel.tell("office")
    on.go()
    on.until(on.page.vouch.isVisible)
    on.part.steps.vouching.ask()
    on.type("not this one")
    on.part.steps.vouching.button.click()
    on.until(lambda: "not this office's root code" in on.part.steps.vouching.problem.text())
    on.part.steps.vouching.code.setPlainText(ROOT_CODE)
    on.part.steps.vouching.button.click()
    on.until(lambda: not on.part.steps.vouching.isVisible())
    on.until(lambda: not on.page.vouch.isVisible())


def test_sound_tray_and_repetition_are_chosen_and_used_at_once(on):
    on.go()
    on.page.alerts.sound.setFocus()
    on.press(Qt.Key.Key_Space)
    assert not on.part.alerts.choices.has_sound
    on.page.alerts.repeat.setCurrentIndex(0)
    on.page.alerts.repeat.activated.emit(0)
    assert on.part.alerts.choices.repeat_s == 0


def test_a_refusal_is_said_where_the_person_is(on):
    on.channel.refusing = "channel_is_down"
    on.press(Qt.Key.Key_L)
    on.type("Jo")
    on.press(Qt.Key.Key_Return)
    on.until(lambda: "cannot be reached" in on.part.invitations.sheet.problem.text())
    assert on.part.invitations.sheet.field.text() == "Jo"
    on.press(Qt.Key.Key_Escape)
    on.go()
    on.press(Qt.Key.Key_G)
    on.until(lambda: "cannot be reached" in on.page.problem.text())


def test_the_line_follows_the_connection(on):
    for phase, code, words in (
        (LinkPhase.DIALLING, "", "connecting to localhost:8443"),
        (LinkPhase.WAITING, "", "no answer, next try"),
        (LinkPhase.REFUSED, "token", "refused by localhost:8443"),
        (LinkPhase.ON, "", "connected to localhost:8443"),
    ):
        on.channel.state = replace(on.channel.state, phase=phase, code=code, retry_at_ms=now_ms() + 60_000)
        on.channel.tell("office")
        on.until(lambda words=words: words in on.console.window.status.words())


def test_f6_goes_through_the_page_and_comes_back(on):
    on.go()
    seen = []
    for _ in range(9):
        on.press(Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert on.page.invite in seen
    assert on.page.change_hours in seen
    assert on.console.window.office_tabs.bar in seen


def test_somebody_at_the_front_desk_invites_but_turns_nothing_on_or_off(qtbot):
    page = ChannelPage(now_ms)
    qtbot.addWidget(page)
    page.show_state(ChannelState(status=ON, no_managing=why_not(Right.MANAGE_CHANNEL, Role.FRONT_DESK).value))
    assert page.invite.isEnabled()
    for button in (page.switch, page.office_file, page.change_hours, page.change_notice, page.wipe):
        assert not button.isEnabled()
    assert page._reason.text() == "This takes an administrator."
    page.show_state(ChannelState(status=ON, no_inviting=why_not(Right.INVITE, Role.IT).value))
    assert not page.invite.isEnabled()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gateway.example", ("gateway.example", 443)),
        (" gateway.example:8443 ", ("gateway.example", 8443)),
        ("[::1]:443", ("::1", 443)),
        ("https://gateway.example", None),
        ("gateway.example:0", None),
        ("gateway.example:99999", None),
        ("two words", None),
        ("", None),
    ],
)
def test_an_address_is_a_name_and_a_port(typed, found):
    assert parse_address(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://gateway.example", "https://gateway.example/"),
        ("https://gateway.example:8443/", "https://gateway.example:8443/"),
        ("http://localhost:8080", "http://localhost:8080/"),
        ("http://gateway.example", None),
        ("https://gateway.example/path", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_page_is_https_or_on_this_machine(typed, found):
    assert parse_page(typed) == found


def test_hours_are_read_as_people_write_them():
    assert parse_day("8:00 - 17:30") == (time(8), time(17, 30))
    assert parse_day(" 8\u201312 ") == (time(8), time(12))
    assert parse_day("") is None
    for wrong in ("8", "17-8", "8-25", "8:00-", "mornings"):
        with pytest.raises(ValueError, match=wrong.split("-", maxsplit=1)[0]):
            parse_day(wrong)
    assert parse_holidays("2026-12-26\n\n2026-12-25 Christmas Day") == (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), ""),
    )


def test_words_of_hours_name_runs_of_days_and_the_next_holiday():
    week = ((time(8), time(17)),) * 5 + (None, None)
    hours = Hours({"en": "Closed."}, week, ((date(2020, 1, 1), "Past"), (date(2126, 1, 1), "New Year")), True)
    assert hours_words(hours, now_ms()).splitlines() == [
        "Mon\u2013Fri 08:00\u201317:00 · Sat\u2013Sun closed",
        "Next holiday: 1 Jan New Year",
        "Outside these hours visitors get your words, at most once in 15 minutes.",
    ]


def test_another_page_than_the_one_that_ships_is_said_aloud(on):
    on.go()
    assert "Not looked at yet" in on.page.facts.words()
    on.channel.state = replace(on.channel.state, page=ServedPage(PageState.SAME, now_ms()))
    on.channel.tell("office")
    on.until(lambda: "The page that ships with this program" in on.page.facts.words())
    assert not on.page.other_page.isVisible()
    on.channel.state = replace(on.channel.state, page=ServedPage(PageState.DIFFERENT, now_ms(), "", ("/ui/a.mjs",)))
    on.channel.tell("office")
    on.until(on.page.other_page.isVisible)
    assert "/ui/a.mjs" in on.page.facts.words()
    assert "invite nobody" in on.page.other_page.text()


def test_words_of_the_state_say_what_waits_and_what_to_do():
    now = now_ms()
    assert queue_words(ON, now) == "Nothing waits; everything that was sent has arrived"
    waiting = replace(ON, waiting_count=1, undelivered_count=2, oldest_undelivered_ms=now - 3 * 3_600_000)
    assert queue_words(waiting, now) == (
        "1 message here, not sent yet · 2 messages at the gateway, not fetched yet (the oldest for 3 h 00)"
    )
    for code in ("token", "unknown", "expired", "closed", "version", "certificate", "surprise"):
        refused = replace(ON, phase=LinkPhase.REFUSED, code=code)
        assert headline(refused) == "The gateway refused this desk"
        assert len(explanation(refused, now)) > 30
        assert code not in explanation(refused, now) or code in {"certificate", "expired", "closed", "version"}
    assert "refused by localhost:8443" in status_line_words(refused, now)


def test_what_is_held_back_stands_on_the_page_with_its_reason(on):
    on.go()
    assert not on.page.waiting.isVisible()
    held = (HeldBack(HoldCause.FLOOD, now_ms(), now_ms() + 60_000), HeldBack(HoldCause.FAULT, now_ms()))
    on.channel.state = replace(on.channel.state, held_back=held)
    on.channel.tell("office")
    on.until(on.page.waiting.isVisible)
    assert "1 conversation: more came than is taken in an hour" in on.page.waiting.text()
    assert "could not be written down" in on.page.waiting.text()
    walled = held_back_words([HeldBack(HoldCause.WALLED, 0)] * 2, now_ms())
    assert walled.startswith("2 conversations behind a wall")
    on.channel.state = replace(on.channel.state, held_back=())
    on.channel.tell("office")
    on.until(lambda: not on.page.waiting.isVisible())
