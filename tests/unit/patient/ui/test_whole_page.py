"""The page as it ships, with its real engine, against a gateway in memory and a real desk session."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.channel.attachments import seal_file
from app.channel.kinds import Kind
from tests.browser.axe import assert_accessible
from tests.browser.waiting import until
from tests.support.page_server import serving
from tests.unit.patient.engine.offices import INVITATION, Office
from tests.unit.patient.engine.post_office import Desk, PostOffice, now_ms
from tests.unit.patient.ui.conftest import Visit

pytestmark = pytest.mark.loopback

LINK = "/c#" + INVITATION.link("https://host").split("#")[1]
FIELD = "#writing"
KEPT = """async () => {
  const open = indexedDB.open('vestibule');
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const records = database.transaction('records').objectStore('records');
  const [keys, values] = [records.getAllKeys(), records.getAll()];
  await new Promise((done) => { values.onsuccess = done; });
  database.close();
  return values.result[keys.result.findIndex((key) => key[1] === 'unsent')]?.join('') ?? '';
}"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def post() -> PostOffice:
    """A gateway with a desk behind it."""
    return PostOffice(Desk(Office(now_s=now_ms() // 1000)))


@pytest.fixture
def real(post: PostOffice) -> Iterator[str]:
    """The address of the page whose engine speaks to this gateway."""
    with serving(post) as server:
        yield server.base


def agreed(visit: Visit, real: str) -> Any:
    """A person who opened the link and agreed."""
    page = visit()
    page.goto(real + LINK)
    page.locator(".choice").first.click()
    page.locator(FIELD).wait_for()
    return page


def say(page: Any, text: str) -> None:
    page.locator(FIELD).fill(text)
    page.locator("button.send").click()


def until_kept(page: Any, before: str) -> None:
    """Wait until the words in the field lie sealed in this browser."""
    until(page, lambda: page.evaluate(KEPT) != before, "the unsent words are kept")


def until_state(page: Any, text: str, state: str) -> None:
    bubble = page.locator(".bubble.is-mine", has_text=text)
    bubble.locator(f".bubble-foot[data-state='{state}']").wait_for()


def test_from_the_link_to_an_answer_that_was_read(visit: Visit, real: str, post: PostOffice) -> None:
    page = agreed(visit, real)
    assert page.url.endswith("/c"), "the secret has left the address bar"
    say(page, "May I come on Friday?")
    until_state(page, "May I come on Friday?", "at_desk")
    post.say(Kind.TEXT, {"text": "Yes, at four."})
    page.locator(".bubble.is-theirs", has_text="Yes, at four.").wait_for()
    say(page, "Thank you")
    until_state(page, "Thank you", "at_desk")
    assert post.desk.texts == ["May I come on Friday?", "Thank you"]
    assert "read" in [kind for kind, _ in post.desk.heard]
    assert_accessible(page)


def test_the_safety_number_on_the_screen_is_the_one_at_the_desk(visit: Visit, real: str, post: PostOffice) -> None:
    page = agreed(visit, real)
    say(page, "hello")
    until_state(page, "hello", "at_desk")
    page.locator(".top .round").click()
    page.locator(".menu-row", has_text="Safety number").click()
    shown = page.locator(".safety li span[aria-hidden]").all_inner_texts()
    assert post.desk.session is not None
    assert " ".join(shown) == post.desk.session.safety_number


def test_the_receipt_is_checked_on_the_screen(visit: Visit, real: str) -> None:
    page = agreed(visit, real)
    page.locator(".top .round").click()
    page.locator(".menu-row", has_text="What you agreed to").click()
    page.locator(".mark.is-right", has_text="Your signature is right").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as file").click()
    assert saved.value.suggested_filename == "consent-receipt.json"


def test_unsent_words_and_sent_ones_are_there_after_a_reload(visit: Visit, real: str) -> None:
    page = agreed(visit, real)
    say(page, "first")
    until_state(page, "first", "at_desk")
    kept = page.evaluate(KEPT)
    page.locator(FIELD).fill("half a thought")
    until_kept(page, kept)
    page.reload()
    page.locator(".bubble.is-mine", has_text="first").wait_for()
    assert page.locator(FIELD).input_value() == "half a thought"


def test_a_picture_goes_out_and_a_paper_comes_in(visit: Visit, real: str, post: PostOffice) -> None:
    page = agreed(visit, real)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a picture or PDF").click()
    chooser.value.set_files({"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " * 9000})
    page.get_by_role("button", name="Send file").click()
    until_state(page, "letter.pdf", "at_desk")
    for name, media_type, data in [("how.pdf", "application/pdf", b"%PDF-1.4 how to"), ("map.png", "image/png", PNG)]:
        sealed = seal_file(data)
        for place, piece in enumerate(sealed.chunks):
            post.blobs[sealed.blob, place] = (len(sealed.chunks), piece)
        post.say(Kind.FILE, sealed.content(name, media_type))
    with page.expect_download() as saved:
        page.locator(".bubble.is-theirs", has_text="how.pdf").get_by_role("button", name="Save file").click()
    assert (saved.value.suggested_filename, Path(saved.value.path()).read_bytes()) == ("how.pdf", b"%PDF-1.4 how to")
    picture = page.locator(".bubble.is-theirs", has_text="map.png")
    assert picture.locator("img").count() == 0, "nothing opens by itself"
    picture.get_by_role("button", name="Show picture").click()
    picture.locator("img").wait_for()
    picture.get_by_role("button", name="Look closer").click()
    page.locator(".sheet img.full").wait_for()


def test_two_histories_of_the_desk_are_told_until_the_person_has_seen_it(
    visit: Visit, real: str, post: PostOffice
) -> None:
    page = agreed(visit, real)
    say(page, "hello")
    until_state(page, "hello", "at_desk")
    assert post.desk.session is not None
    clone = post.desk.session.fresh_chain()
    post.say(Kind.TEXT, {"text": "mine"})
    post.push(clone.send(Kind.TEXT, {"text": "the other's"}, now_ms())[1].frame)
    page.locator(".alarm[data-kind='fork']").wait_for()
    page.get_by_role("button", name="What to do").click()
    page.get_by_role("button", name="I have seen this").click()
    page.locator(".alarm").wait_for(state="hidden")
    page.reload()
    page.locator(".bubble", has_text="the other's").wait_for()
    assert page.locator(".alarm:not([hidden])").count() == 0


def test_a_pin_locks_the_page_and_opens_it(visit: Visit, real: str) -> None:
    page = agreed(visit, real)
    say(page, "mine")
    until_state(page, "mine", "at_desk")
    page.locator(".top .round").click()
    page.locator(".menu-row", has_text="Set a PIN").click()
    page.locator("#pin-new").fill("246810")
    page.locator("#pin-again").fill("246810")
    page.get_by_role("button", name="Set PIN").click()
    page.locator(".sheet").wait_for(state="detached")
    page.reload()
    page.locator("#pin").fill("000000")
    page.keyboard.press("Enter")
    page.locator(".failed", has_text="not the PIN").wait_for()
    assert page.get_by_text("mine", exact=True).count() == 0
    page.locator("#pin").fill("246810")
    page.keyboard.press("Enter")
    page.locator(".bubble.is-mine", has_text="mine").wait_for()


def test_forgetting_leaves_nothing_and_says_so(visit: Visit, real: str) -> None:
    page = agreed(visit, real)
    say(page, "gone soon")
    until_state(page, "gone soon", "at_desk")
    page.locator(".top .round").click()
    page.locator(".menu-row", has_text="Forget on this device").click()
    page.get_by_role("button", name="Forget everything here").click()
    page.get_by_role("heading", name="Forgotten on this device").wait_for()
    page.reload()
    page.get_by_role("heading", name="You need your link").wait_for()


def test_a_stranger_with_the_same_link_is_told_that_it_was_used(visit: Visit, real: str) -> None:
    agreed(visit, real)
    stranger = visit()
    stranger.goto(real + LINK)
    stranger.get_by_role("heading", name="This link was used already").wait_for()
    assert stranger.locator(".call-us a").get_attribute("href").startswith("tel:")
