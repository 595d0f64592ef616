"""Who gets in: the first browser with the link, and nobody else, and not for ever."""

import pytest

from app.domain.channel import InvitationState
from tests.browser.waiting import let_pass
from tests.support.channel_patients import patients
from tests.support.channel_practice import Practice
from tests.support.patient_page import PatientPage

pytestmark = pytest.mark.loopback

SECRET = "the otter lives at Harbour Lane 7"
INVITATION_MS = 72 * 3_600_000


def test_a_second_browser_with_the_same_link_gets_nothing(office: Practice, visitors, welcome) -> None:
    page = welcome("Ada Quill")
    page.say(SECRET)
    page.until_state(SECRET, "at_desk")
    count = len(office.patient_side.carried)
    other = PatientPage(visitors(), page.invite.link)
    other.heading("problem.used.title")
    assert SECRET not in other.page.content()
    for one in office.patient_side.carried[count:]:
        _, down = one.messages()
        assert all(message.startswith(b"{") for message in down), "a stranger was sent a frame"
    page.say("Still mine")
    page.until_state("Still mine", "at_desk")


def test_a_stranger_without_a_link_gets_the_number_to_call_and_nothing_else(office: Practice, visitors) -> None:
    base = f"http://127.0.0.1:{office.patient_side.port}"
    for address in (f"{base}/", f"{base}/c", f"{base}/c#1.broken.link"):
        page = PatientPage(visitors(), address)
        page.page.get_by_role("heading", level=1).wait_for()
        assert page.page.locator("#writing").count() == 0


def test_a_link_of_another_office_is_refused(office: Practice, visitors) -> None:
    link = office.invite("Ben Tidewell").link
    head, _, fingerprint = link.rpartition(".")
    other = fingerprint[:-2] + ("AA" if not fingerprint.endswith("AA") else "BA")
    page = PatientPage(visitors(), f"{head}.{other}")
    page.heading("problem.refused.title")
    assert page.page.locator("#writing, button.choice").count() == 0


def test_a_revoked_invitation_opens_nothing_and_says_so(office: Practice, visitors) -> None:
    invite = office.invite("Cora Finch")
    office.console.ask("desk.channel.revoke", invite.invite_id)
    office.console.until("desk.channel.status", lambda status: status.waiting_count == 0)
    page = PatientPage(visitors(), invite.link)
    page.heading("problem.revoked.title")
    states = {row.invite_id: row.state for row in office.console.ask("desk.channel.invitations")}
    assert states[invite.invite_id] is InvitationState.REVOKED


def test_what_a_guesser_sends_reaches_no_desk(office: Practice) -> None:
    before = office.console.ask("all_items")
    link = office.invite("Dora Lind").link
    head, _, rest = link.partition("#")
    parts = rest.split(".")
    parts[2] = parts[2][:-4] + "AAAA"
    with patients() as house:
        stranger = house.add(f"{head}#{'.'.join(parts)}", office.place)
        house.say(stranger, "let me in")
        office.console.until("desk.channel.status", lambda _: stranger.sign_in_code is not None)
        assert stranger.sign_in_code.value == "unknown"
    assert office.console.ask("all_items") == before


def test_an_expired_invitation_opens_nothing_and_says_so(office: Practice, visitors) -> None:
    office.console.ask("move_clock", -INVITATION_MS + 3_000)
    try:
        invite = office.invite("Emil Roe")
    finally:
        office.console.ask("move_clock", INVITATION_MS - 3_000)
    page = PatientPage(visitors(), invite.link)
    page.wait(lambda: reload_heading(page), lambda text: text == page.t("problem.expired.title"), "it expires")


def reload_heading(page: PatientPage) -> str:
    let_pass(page.page, 500)
    page.page.reload()
    heading = page.page.get_by_role("heading", level=1)
    heading.wait_for()
    return heading.inner_text()
