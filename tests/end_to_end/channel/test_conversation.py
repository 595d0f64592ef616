"""A patient in a real browser and a desk in a real console, a real gateway between them: both see every state."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.channel import Delivery, InvitationState
from app.domain.ids import EventId
from app.domain.post import Put, decode_request
from app.domain.post_sizes import FrameType, read_envelope
from tests.support.channel_practice import Practice
from tests.support.patient_page import PatientPage

pytestmark = pytest.mark.loopback

QUESTION = "When are you open on Mondays?"
PDF = b"%PDF-1.4\n" + b"a scan of an invented letter " * 6_000 + b"\n%%EOF\n"


def until_delivery(office: Practice, cid, event: str, state: Delivery) -> None:
    office.console.until("desk.channel.thread", lambda thread: thread.delivery.get(EventId(event)) is state, cid)


def test_an_invitation_becomes_a_question_a_proposal_an_approved_reply_and_is_read(office: Practice, visitors) -> None:
    invite = office.invite("Ada Quill")
    page = PatientPage(visitors(), invite.link)
    page.heading("notice.title")
    assert "#" not in page.page.url
    page.agree(assistant=True)
    page.say(QUESTION)
    cid = office.conversation(invite)
    page.until_state(QUESTION, "at_desk")
    assert office.texts(cid) == [("visitor", QUESTION)]
    peer = office.thread(cid).peer
    assert (peer.assistant_allowed, peer.consent_version, peer.language) == (True, 1, "en")
    office.console.until("desk.channel.may_propose", lambda may: may is True, cid)
    office.console.ask("desk.conversations.mark_seen", cid)
    page.until_state(QUESTION, "read")
    proposal = office.console.ask("propose", cid)
    assert "8:00" in proposal.text
    event = office.console.ask("approve", cid, proposal)
    page.until_shown(proposal.text)
    until_delivery(office, cid, event, Delivery.READ)
    assert page.rows() == [("me", QUESTION, "read"), ("desk", proposal.text, "")]
    states = {row.invite_id: row.state for row in office.console.ask("desk.channel.invitations")}
    assert states[invite.invite_id] is InvitationState.USED


def test_the_safety_number_is_the_same_on_both_ends(office: Practice, welcome) -> None:
    page = welcome("Ben Tidewell")
    page.say("Good morning")
    cid = office.conversation(page.invite)
    page.until_state("Good morning", "at_desk")
    number = page.safety_number()
    assert len(number.replace(" ", "")) == 40
    assert office.thread(cid).peer.safety_number == number
    office.console.ask("desk.channel.verify", cid)
    assert office.thread(cid).peer.is_verified


def test_a_file_goes_both_ways_whole(office: Practice, welcome) -> None:
    page = welcome("Cora Finch")
    page.say("I have a letter")
    page.attach("letter.pdf", "application/pdf", PDF)
    cid = office.conversation(page.invite)
    page.until_state("letter.pdf", "at_desk")
    thread = office.console.until(
        "desk.channel.thread", lambda one: any(each.is_here for each in one.files.values()), cid
    )
    ((event, info),) = thread.files.items()
    assert (info.name, info.media_type, info.size) == ("letter.pdf", "application/pdf", len(PDF))
    assert office.console.ask("desk.channel.attachment", event) == PDF
    answer = PDF.replace(b"letter", b"answer")
    sent = office.console.ask("desk.channel.attach", cid, "answer.pdf", answer)
    page.until_shown("answer.pdf")
    until_delivery(office, cid, sent, Delivery.READ)
    got = page.visitor.download(page.bubble("answer.pdf").locator("button.file-do:visible").click)
    assert got.read_bytes() == answer


def test_a_file_that_the_gateway_lost_is_not_called_at_the_desk_and_goes_again(office: Practice, welcome) -> None:
    page = welcome("Jon Reed")
    page.say("I have a letter")
    page.until_state("I have a letter", "at_desk")
    cid = office.conversation(page.invite)
    office.console.close()
    try:
        page.attach("letter.pdf", "application/pdf", PDF)
        page.until_state("letter.pdf", "sent")
        lose_files(office)
    finally:
        office.console.start()
    page.until_state("letter.pdf", "at_desk")
    files = office.thread(cid).files
    here = [event for event, info in files.items() if info.is_here]
    assert [office.console.ask("desk.channel.attachment", event) for event in here] == [PDF]


def lose_files(office: Practice) -> None:
    """Take every piece of every attachment from the disk of the gateway, which goes on as if nothing were."""
    with closing(sqlite3.connect(office.mailbox, timeout=30)) as database, database:
        assert database.execute("DELETE FROM chunk").rowcount > 0
        database.execute("DELETE FROM blob")


def test_a_browser_that_was_closed_comes_back_to_the_same_thread(office: Practice, visitors, tmp_path: Path) -> None:
    invite = office.invite("Dora Lind")
    visitor = visitors(profile=tmp_path / "browser")
    page = PatientPage(visitor, invite.link)
    page.agree()
    page.say("I will be back")
    cid = office.conversation(invite)
    page.until_state("I will be back", "at_desk")
    visitor.close()
    office.reply(cid, "We are here.")
    again = PatientPage(visitors(profile=tmp_path / "browser"), invite.link)
    again.until_shown("We are here.")
    again.say("So am I.")
    again.until_state("So am I.", "at_desk")
    assert [row[:2] for row in again.rows()] == [("me", "I will be back"), ("desk", "We are here."), ("me", "So am I.")]
    assert [text for _, text in office.texts(cid)] == ["I will be back", "We are here.", "So am I."]


def test_what_is_written_offline_is_kept_and_goes_out_once_and_in_order(office: Practice, welcome) -> None:
    page = welcome("Emil Roe")
    page.visitor.excuse("ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket connection")
    page.say("First")
    cid = office.conversation(page.invite)
    page.until_state("First", "at_desk")
    page.visitor.go_offline()
    office.patient_side.go_down()
    said = [f"While away {number}" for number in range(5)]
    for text in said:
        page.say(text)
        assert ("me", text, "waiting") in page.rows()
    office.reply(cid, "Are you there?")
    office.patient_side.go_down(False)
    page.visitor.go_offline(False)
    page.until_state(said[-1], "at_desk")
    page.until_shown("Are you there?")
    office.until_said(cid, "First", *said)
    assert [text for who, text, _ in page.rows() if who == "me"] == ["First", *said]


def test_no_proposal_is_made_from_the_moment_the_assistant_is_refused(office: Practice, welcome) -> None:
    page = welcome("Fay Oster")
    page.say(QUESTION)
    cid = office.conversation(page.invite)
    office.console.until("desk.channel.may_propose", lambda may: may is True, cid)
    page.turn_assistant()
    office.console.until("desk.channel.may_propose", lambda may: may is False, cid)
    with pytest.raises(Exception, match="proposal"):
        office.console.ask("propose", cid)
    assert office.thread(cid).peer.assistant_allowed is False
    page.turn_assistant()
    office.console.until("desk.channel.may_propose", lambda may: may is True, cid)


def test_somebody_who_never_wanted_the_assistant_gets_none(office: Practice, welcome) -> None:
    page = welcome("Gil Marsh", assistant=False)
    page.say(QUESTION)
    cid = office.conversation(page.invite)
    page.until_state(QUESTION, "at_desk")
    assert office.console.ask("desk.channel.may_propose", cid) is False
    with pytest.raises(Exception, match="proposal"):
        office.console.ask("propose", cid)
    office.reply(cid, "A person wrote this.")
    page.until_shown("A person wrote this.")


def test_what_comes_while_the_desk_is_closed_is_marked_as_early(office: Practice, visitors) -> None:
    invite = office.invite("Hana Brook")
    office.console.close()
    try:
        page = PatientPage(visitors(), invite.link)
        page.agree()
        page.say("Nobody there?")
        page.say("Then I write more.")
        page.until_state("Then I write more.", "sent")
    finally:
        office.console.start()
    page.until_state("Then I write more.", "at_desk")
    cid = office.conversation(invite)
    office.until_said(cid, "Nobody there?", "Then I write more.")
    early = office.thread(cid).early
    assert len(early) >= 1
    page.say("And once more.")
    page.until_state("And once more.", "at_desk")
    assert office.thread(cid).early == early


def test_after_a_day_new_keys_take_over_and_nothing_is_lost(office: Practice, welcome) -> None:
    page = welcome("Ines Vale")
    page.say("Day one")
    cid = office.conversation(page.invite)
    page.until_state("Day one", "at_desk")
    number, before = page.safety_number(), generations(office)
    office.console.ask("move_clock", 25 * 3_600_000)  # the last test of this file: the clock stays there
    page.say("Day two")
    page.until_state("Day two", "at_desk")
    page.wait(lambda: generations(office) - before, lambda new: len(new) == 1, "a new generation")
    office.reply(cid, "Good morning again")
    page.until_shown("Good morning again")
    page.say("Still here")
    page.until_state("Still here", "at_desk")
    office.until_said(cid, "Day one", "Day two", "Still here")
    assert office.thread(cid).peer.safety_number == number == page.safety_number()


def generations(office: Practice) -> set[bytes]:
    """The generations that frames on the wire of patients name: all that anybody between can tell of a key change."""
    messages = [message for one in office.patient_side.carried for message in one.messages()[0]]
    puts = [decode_request(message) for message in messages if message[:1] == b"\x01"]
    envelopes = [read_envelope(put.frame) for put in puts if isinstance(put, Put)]
    return {envelope.generation for envelope in envelopes if envelope.type is FrameType.FRAME}
