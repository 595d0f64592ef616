"""One smoke of the whole page in Firefox: another engine of JavaScript, of WebAssembly, of style, of storage."""

from pathlib import Path

import pytest

from app.channel.kinds import Kind
from tests.browser.firefox import firefox
from tests.support.page_server import serving
from tests.unit.patient.engine.offices import INVITATION, Office
from tests.unit.patient.engine.post_office import Desk, PostOffice, now_ms

pytestmark = pytest.mark.loopback

LINK = "/c#" + INVITATION.link("https://host").split("#")[1]
MINE = "document.querySelector('.bubble.is-mine .bubble-foot')?.dataset.state"


def test_from_the_link_to_an_answer_that_was_read_and_back_after_a_reload(tmp_path: Path) -> None:
    post = PostOffice(Desk(Office(now_s=now_ms() // 1_000)))
    with serving(post) as server, firefox(tmp_path / "profile") as browser:
        browser.open(server.base + LINK)
        browser.until("document.querySelector('.choice')")
        assert browser.evaluate("location.hash") == "", "the secret has left the address bar"
        browser.evaluate("document.querySelector('.choice').focus()")
        browser.press("\ue007")
        browser.until("document.querySelector('#writing')")
        browser.evaluate("document.querySelector('#writing').focus()")
        browser.press("May I come on Friday?")
        browser.evaluate("document.querySelector('.composer form').requestSubmit()")
        browser.until(f"{MINE} === 'at_desk'")
        post.say(Kind.TEXT, {"text": "Yes, at four."})
        browser.until("document.querySelector('.bubble.is-theirs')?.innerText.includes('Yes, at four.')")
        browser.open(f"{server.base}/c")
        browser.until("document.querySelectorAll('.bubble').length === 2")
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert browser.evaluate(wide) is False
    assert post.desk.texts == ["May I come on Friday?"]
    assert "read" in [kind for kind, _ in post.desk.heard]
