"""The same conversation as it is in the field: https and wss, ended by the gateway itself or by nginx before it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error

from app.domain.channel import Delivery, LinkPhase
from app.domain.ids import EventId
from tests.end_to_end.channel.conftest import HOURS
from tests.support.patient_page import PatientPage
from tests.support.secure_practice import SecurePractice, secure_practice

pytestmark = pytest.mark.loopback

QUESTION = "When are you open on Mondays?"
PDF = b"%PDF-1.4\n" + b"a scan of an invented letter " * 6_000 + b"\n%%EOF\n"
_TLS_HANDSHAKE = 0x16


@pytest.fixture(scope="module", params=["certificate files", "behind nginx"])
def secure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecurePractice]:
    """A practice whose gateway is reached over TLS only."""
    behind_nginx = request.param == "behind nginx"
    with secure_practice(tmp_path_factory.mktemp("secure"), behind_nginx=behind_nginx) as made:
        made.console.ask("desk.conversations.approve_article", HOURS)
        yield made


def test_from_an_invitation_to_an_approved_reply_that_was_read(
    secure: SecurePractice, visitors, tmp_path: Path
) -> None:
    invite = secure.invite("Ada Quill")
    assert invite.link.startswith("https://127.0.0.1:")
    page = PatientPage(visitors(profile=tmp_path / "browser", **secure.browser), invite.link)
    page.heading("notice.title")
    page.agree(assistant=True)
    page.say(QUESTION)
    cid = secure.conversation(invite)
    page.until_state(QUESTION, "at_desk")
    proposal = secure.console.ask("propose", cid)
    event = secure.console.ask("approve", cid, proposal)
    page.until_shown(proposal.text)
    secure.console.until(
        "desk.channel.thread", lambda thread: thread.delivery.get(EventId(event)) is Delivery.READ, cid
    )
    page.attach("letter.pdf", "application/pdf", PDF)
    page.until_state("letter.pdf", "at_desk")
    secure.console.ask("desk.conversations.mark_seen", cid)
    page.until_state("letter.pdf", "read")
    assert page.page.evaluate("[isSecureContext, location.protocol]") == [True, "https:"]
    for wire in secure.wires:
        assert wire.carried
        assert all(one.up[:1] in (b"", bytes([_TLS_HANDSHAKE])) for one in wire.carried), "something went in the clear"


def test_a_browser_that_does_not_know_the_key_sends_nothing(secure: SecurePractice, visitors) -> None:
    visitor = visitors()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        visitor.open(secure.invite("Ben Tidewell").link)


def test_a_link_that_does_not_know_the_authority_signs_in_nowhere(secure: SecurePractice) -> None:
    """It is the certificate that lets the link in: without the authority's file the very same gateway is refused."""
    given = secure.gateway_place
    secure.console.ask("desk.channel.turn_off")
    secure.console.ask("desk.channel.turn_on", type(given)(given.host, given.port, given.page_url, is_tls=True))
    secure.console.until("desk.channel.status", lambda status: status.code == "certificate")
    secure.console.ask("desk.channel.turn_off")
    secure.console.ask("desk.channel.turn_on", given)
    secure.console.until("desk.channel.status", lambda status: status.phase is LinkPhase.ON)
