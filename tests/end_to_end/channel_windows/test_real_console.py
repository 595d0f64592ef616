"""A patient's words on the way through everything, with windows: gateway, link, vault, inbox, model, and a keyboard.

The console is ``python -m app open`` as a person starts it, offscreen: wall, dialler, link, workers and windows are the
product's own. Only the hands are a robot's.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.domain.channel import GatewayPlace, NoticeTexts
from app.domain.ids import ArticleId
from app.domain.proposal import Article
from tests.support.channel_consoles import wait_for
from tests.support.channel_patients import Patient, patients
from tests.support.desks import TemporaryDesk
from tests.support.gateways import RunningGateway, start_gateway_of
from tests.support.real_consoles import RealConsole
from tests.support.vaults import PASSWORD

pytestmark = pytest.mark.loopback

NOTICE = NoticeTexts(
    phone="+34 900 123 123",
    country="ES",
    emergency=("112",),
    keeps_days=90,
    who="The reception of Linden Street Family Practice",
    withdraw="Call the reception, or hand in a note there.",
)
HOURS = Article(
    ArticleId("opening-hours"),
    "Opening hours",
    "The practice is open from 8:00 to 18:00, Monday to Friday.",
    date(2026, 1, 5),
)
NAME, ASKED = "Ottoline Pewter", "What are your opening hours, please?"


@dataclass
class Office:
    """A closed vault whose channel is on, the gateway, and a link for one patient."""

    vault: Path
    gateway: RunningGateway
    link: str


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = TemporaryDesk(tmp_path, clock=lambda: time.time_ns() // 1_000_000)  # type: ignore[arg-type]
    file = tmp_path / "office.json"
    with made.opened() as desk:
        desk.conversations.approve_article(HOURS)
        desk.channel.confirm_office_keys(desk.channel.make_office_keys(), NOTICE)
        file.write_bytes(desk.channel.office_file())
    gateway = start_gateway_of(tmp_path, file)
    with made.opened() as desk:
        page = f"http://127.0.0.1:{gateway.port}"
        desk.channel.turn_on(GatewayPlace("127.0.0.1", gateway.port, page, is_tls=False))
        link = desk.channel.invite(NAME, "en").link
    yield Office(made.store.directory, gateway, link)
    gateway.stop()


def shown(patient: Patient) -> list[str]:
    return list(patient.shown)


def test_a_message_comes_into_the_inbox_and_its_proposal_is_approved_by_keyboard(office: Office, tmp_path) -> None:
    with RealConsole(office.vault, tmp_path / "home") as console, patients() as house:
        console.ask("unlock", PASSWORD)
        console.wait_until("is_channel_on")
        patient = house.add(office.link, office.gateway.address)
        house.say(patient, ASKED)
        console.wait_until("has_row", NAME)
        console.ask("press", "Esc")  # the emergency list, which an office is asked to read first
        console.ask("press", "J")
        console.wait_until("thread_says", ASKED)
        console.wait_until("has_proposal")
        console.ask("press", "Ctrl+Shift+Return")
        answers = wait_for(lambda: shown(patient), bool, what="the approved reply")
        assert "8:00" in answers[0]
        assert "18:00" in answers[0]
        console.wait_until("thread_says", "Delivered to their browser")
        house.settle()


def test_after_a_lock_what_came_meanwhile_is_in_the_inbox_once(office: Office, tmp_path) -> None:
    with RealConsole(office.vault, tmp_path / "home") as console, patients() as house:
        console.ask("unlock", PASSWORD)
        console.wait_until("is_channel_on")
        patient = house.add(office.link, office.gateway.address)
        house.say(patient, ASKED)
        console.wait_until("has_row", NAME)
        console.ask("press", "Ctrl+L")
        console.wait_for_window()
        house.say(patient, "And on Saturday?")
        console.ask("unlock", PASSWORD)
        console.wait_until("has_row", NAME)
        console.ask("press", "Esc")  # the emergency list, which an office is asked to read first
        console.ask("press", "J")
        console.wait_until("thread_says", "And on Saturday?")
        house.settle()
        assert console.ask("count_in_thread", ASKED) == console.ask("count_in_thread", "And on Saturday?") == 1
