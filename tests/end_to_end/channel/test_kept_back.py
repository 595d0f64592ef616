"""A gateway that keeps back, repeats or swaps what it carries: the patient's page says so in plain words, and stops.

The gateway in between lies (``tests/support/lying_gateway.py``), everything else is real. The page's clock is moved,
so that half a minute passes at once.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from app.channel.invitation import Invitation
from app.domain.ids import ConversationId
from app.domain.post import Pushed
from tests.browser.axe import assert_accessible
from tests.support.channel import Office
from tests.support.channel_practice import NOTICE, Practice, practice
from tests.support.lying_gateway import LyingGateway
from tests.support.patient_page import PatientPage

pytestmark = pytest.mark.loopback

MINUTE_MS = 60_000
LONG_FRAME_BYTES = 1_000
"""No acknowledgement is so long; a text of ``long`` is longer."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A practice behind a gateway that does what a test wants."""
    folder = tmp_path_factory.mktemp("kept-back")
    with practice(folder, desk_wire=LyingGateway, patient_wire=LyingGateway) as made:
        yield made


@pytest.fixture(autouse=True)
def honest_again(office: Practice) -> Iterator[None]:
    yield
    for wire in office.wires:
        wire.push = LyingGateway.push
    office.patient_side.document = None


@dataclass
class KeepsBack:
    """Keeps the first long frame that is pushed into a mailbox, until it is told to ``relent``."""

    address: bytes
    kept: list[Pushed] = field(default_factory=list)

    def __call__(self, pushed: Pushed) -> list[Pushed]:
        is_long = pushed.address == self.address and len(pushed.frame) > LONG_FRAME_BYTES
        if is_long and not self.kept:
            self.kept.append(pushed)
        return [] if pushed in self.kept else [pushed]

    def relent(self, pushed: Pushed) -> list[Pushed]:
        """Let what was kept back go before the next frame for the same mailbox."""
        kept = self.kept if pushed.address == self.address else []
        self.kept = [] if kept else self.kept
        return [*kept, pushed]


def long(text: str) -> str:
    """Return a text whose frame is longer than that of any acknowledgement."""
    return f"{text} {'word after word ' * 20}".strip()


def test_a_message_of_the_desk_that_is_kept_back_is_missed_and_no_longer_when_it_comes(office, visitors) -> None:
    page, cid = meet(office, visitors, "Ada Quill")
    lie = office.patient_side.push = KeepsBack(address_of(page))
    office.reply(cid, long("kept back"))
    page.wait(lambda: lie.kept, bool, "the frame that is kept back")
    office.reply(cid, "comes through")
    page.until_shown("comes through")
    assert page.alarm() is None, "a frame that is late for a moment is nobody's business"
    page.page.clock.run_for(MINUTE_MS)
    until_told(page, "gap")
    office.patient_side.push = lie.relent
    office.reply(cid, "one more")
    page.until_shown("kept back")
    page.until_alarm(None)
    page.until_said_aloud("alarm.gap.over")
    assert [text.split(" word")[0] for who, text, _ in page.rows() if who == "desk"] == [
        "kept back",
        "comes through",
        "one more",
    ]


def test_a_message_that_never_reaches_a_desk_that_speaks_is_told(office, visitors) -> None:
    page, cid = meet(office, visitors, "Ben Tidewell")
    lie = office.desk_side.push = KeepsBack(address_of(page))
    page.say(long("to the desk"))
    page.wait(lambda: lie.kept, bool, "the frame that is kept back")
    page.until_state(long("to the desk"), "sent")
    page.page.clock.run_for(MINUTE_MS)
    assert page.alarm() is None, "a desk that is silent may be closed"
    office.reply(cid, "do you still want to come")
    page.until_shown("do you still want to come")
    page.page.clock.run_for(MINUTE_MS)
    until_told(page, "withheld")
    office.desk_side.push = lie.relent
    page.say("one more")
    page.until_state(long("to the desk"), "at_desk")
    page.until_alarm(None)
    page.until_said_aloud("alarm.withheld.over")


def test_what_is_sent_again_and_again_is_shown_once_and_alarms_nobody(office, visitors) -> None:
    page, cid = meet(office, visitors, "Cora Finch")
    past: list[Pushed] = []

    def again(pushed: Pushed) -> list[Pushed]:
        past.append(pushed)
        return [pushed, *[one for one in past if one.address == pushed.address][-4:], pushed]

    office.patient_side.push = again
    said = [f"answer {number}" for number in range(4)]
    for text in said:
        office.reply(cid, text)
        page.until_shown(text)
    page.say("thank you")
    page.until_state("thank you", "at_desk")
    page.page.clock.run_for(MINUTE_MS)
    assert [text for who, text, _ in page.rows() if who == "desk"] == said
    assert page.alarm() is None


def test_papers_of_another_office_hold_everything_back_until_the_right_ones_are_there(office, visitors) -> None:
    page, _ = meet(office, visitors, "Dora Lind")
    stranger = Office()
    stranger.renew_card(int(time.time()))
    office.patient_side.document = stranger.document_json()
    page.page.reload()
    page.page.locator("#writing").wait_for()
    until_told(page, "changed")
    page.say("to whom?")
    page.page.clock.run_for(MINUTE_MS)
    assert ("me", "to whom?", "waiting") in page.rows()
    office.patient_side.document = None
    page.page.clock.run_for(MINUTE_MS)
    page.until_alarm(None)
    page.until_state("to whom?", "at_desk")


def meet(office: Practice, visitors, name: str) -> tuple[PatientPage, ConversationId]:
    """Let somebody in whose clock can be moved, and exchange first words."""
    visitor = visitors(viewport={"width": 360, "height": 640})
    visitor.excuse("WebSocket connection")
    visitor.page.clock.install()
    invite = office.invite(name)
    page = PatientPage(visitor, invite.link)
    page.invite = invite
    page.agree()
    page.say("hello")
    page.until_state("hello", "at_desk")
    return page, office.conversation(invite)


def address_of(page: PatientPage) -> bytes:
    """Return the mailbox of this person."""
    return Invitation.parse(page.invite.link).address


def until_told(page: PatientPage, kind: str) -> None:
    """Wait until the page says what is wrong, and read what it says: what happened, what comes, whom to call."""
    page.until_alarm(kind)
    page.until_said_aloud(f"alarm.{kind}.title")
    assert_accessible(page.page, f"a conversation with the alarm {kind}")
    page.button("alarm.what").click()
    sheet = page.page.locator(".sheet")
    told = sheet.inner_text()
    for key in ("title", "what", "then", "do"):
        assert page.t(f"alarm.{kind}.{key}") in told
    assert sheet.locator("a.button").get_attribute("href") == f"tel:{NOTICE.phone.replace(' ', '')}"
    assert_accessible(page.page, f"what the alarm {kind} means")
    page.button("sheet.good").click()
    page.until_alarm(kind)
