"""The gateway's machine is lost, or its mailbox wiped: the conversation goes on, with nothing missing, on both sides.

Real console, real gateway, a patient who behaves as the page does. What was on its way is sent again by who sent it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.channel_consoles import wait_for
from tests.support.channel_patients import Patient, patients
from tests.support.channel_practice import Practice, practice

pytestmark = pytest.mark.loopback


def lose_the_machine(made: Practice) -> None:
    made.stop_gateway()
    for file in made.mailbox.parent.iterdir():
        file.unlink()
    made.start_gateway()


def wipe(made: Practice) -> None:
    assert made.console.ask("desk.channel.wipe") == 1


def remembers_the_mailbox(made: Practice) -> None:
    """Have the desk look at the gateway's holdings once after the patient came in, as each new connection does."""
    made.stop_gateway()
    made.start_gateway()
    made.until_on()
    made.console.ask("desk.channel.pump")


@pytest.mark.parametrize("lose", [lose_the_machine, wipe])
def test_a_lost_mailbox_loses_time_and_no_message(tmp_path: Path, lose: Callable[[Practice], None]) -> None:
    with practice(tmp_path / "practice") as made, patients() as house:
        invite = made.invite()
        patient = house.add(invite.link, made.place)
        house.say(patient, "Good morning")
        house.settle()
        cid = made.conversation(invite)
        made.reply(cid, "Good morning to you.")
        until_shown(patient, "Good morning to you.")
        remembers_the_mailbox(made)

        patient.is_out = True
        made.reply(cid, "Come at nine.")
        made.console.until("desk.channel.status", lambda status: status.waiting_count == 0)
        lose(made)
        house.say(patient, "Are you still there?")
        patient.is_out = False
        house.settle()
        until_shown(patient, "Good morning to you.", "Come at nine.")
        made.until_said(cid, "Good morning", "Are you still there?")
        made.reply(cid, "Always.")
        until_shown(patient, "Good morning to you.", "Come at nine.", "Always.")


def until_shown(patient: Patient, *texts: str) -> None:
    wait_for(lambda: patient.shown, lambda shown: shown == list(texts), what="what the patient was shown")
