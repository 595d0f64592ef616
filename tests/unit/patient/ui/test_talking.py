"""What a person does on the page: agrees, writes, is warned, changes their mind, leaves."""

import json
from typing import Any

import pytest

from tests.browser.waiting import let_pass, until
from tests.unit.patient.ui.conftest import Visit
from tests.unit.patient.ui.screens import CHAT, opened

pytestmark = pytest.mark.loopback

FIELD = "#writing"
TWICE_AT_ONCE = """() => {
  const press = () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  press();
  press();
}"""


def calls(page: Any, name: str) -> list[list[Any]]:
    """Return what the page asked of the engine under this name."""
    return [rest for called, *rest in page.evaluate("mock.calls") if called == name]


def until_called(page: Any, name: str) -> None:
    """Wait until the page has asked this of the engine."""
    until(page, lambda: calls(page, name), name)


def tab_to(page: Any, selector: str, most: int = 40) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({json.dumps(selector)})"):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_by_keyboard_alone_from_the_notice_to_a_sent_message(visit: Visit, base: str) -> None:
    page = opened(visit(viewport={"width": 1280, "height": 800}, is_mobile=False, has_touch=False), base, "notice")
    tab_to(page, ".choice:nth-child(2)")
    page.keyboard.press("Enter")
    page.locator("#page[data-stage='chat']").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1", "a screen reader begins at the heading"
    tab_to(page, FIELD)
    page.keyboard.type("May I come on Friday?")
    page.keyboard.press("Control+Enter")
    page.locator(".bubble.is-mine", has_text="May I come on Friday?").wait_for()
    assert page.evaluate("document.activeElement.id") == "writing"
    assert page.locator(FIELD).input_value() == ""
    assert calls(page, "send") == [["May I come on Friday?"]]


@pytest.mark.parametrize(("place", "assistant"), [(0, True), (1, False)])
def test_consent_keeps_what_stood_on_the_screen(visit: Visit, base: str, place: int, assistant: bool) -> None:
    page = opened(visit(), base, "notice")
    on_screen = page.locator(".notice").inner_text()
    page.locator(".choice").nth(place).click()
    page.locator("#page[data-stage='chat']").wait_for()
    ((given,),) = calls(page, "consent")
    assert (given["assistant"], given["language"]) == (assistant, "en")
    lines = given["shown"].split("\n")
    assert len(lines) > 15
    assert [line for line in lines if line not in on_screen] == []


def test_both_ways_to_agree_are_equally_large_and_stand_in_one_row(visit: Visit, base: str) -> None:
    page = opened(visit(viewport={"width": 320, "height": 640}), base, "notice")
    one, other = (page.locator(".choice").nth(place) for place in (0, 1))
    style = "(each) => { const s = getComputedStyle(each); return [s.backgroundColor, s.borderColor, s.fontSize]; }"
    assert one.evaluate(style) == other.evaluate(style)
    first, second = one.bounding_box(), other.bounding_box()
    assert (first["y"], first["height"]) == (second["y"], second["height"])
    assert first["width"] == pytest.approx(second["width"], abs=1)


def test_nothing_can_be_written_before_consent(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "notice")
    assert page.locator("textarea").count() == 0
    page.evaluate("mock.fails = 'consent'")
    page.locator(".choice").first.click()
    page.locator(".failed", has_text="Nothing was sent").wait_for()
    assert page.locator("textarea").count() == 0
    assert page.locator(".choice").first.is_enabled()


def test_a_changed_notice_is_agreed_to_again(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "changed")
    page.locator(".sheet .choice").last.click()
    page.locator(".sheet").wait_for(state="detached")
    page.locator(".is-changed").wait_for(state="hidden")
    ((given,),) = calls(page, "consent")
    assert given["assistant"] is False
    assert given["shown"].endswith("Version 4 of this text.")


def test_a_notice_that_stayed_asks_nothing(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    until_called(page, "receipt_check")
    let_pass(page, 0)
    assert page.locator(".is-changed").is_hidden()


def test_one_tap_turns_the_assistant_off_as_it_was_turned_on(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    page.locator("button.assistant").click()
    page.locator("button.assistant[data-on='false']").wait_for()
    assert calls(page, "set_assistant") == [[False]]
    assert page.locator(".event").last.inner_text().startswith("You turned the assistant off")


def test_a_double_press_sends_once(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    page.locator(FIELD).fill("once")
    page.evaluate(
        "document.querySelector('.composer form').requestSubmit(); document.querySelector('form').requestSubmit()"
    )
    page.locator(".bubble.is-mine", has_text="once").wait_for()
    page.locator("button.send:enabled").wait_for()
    assert calls(page, "send") == [["once"]]


def test_words_that_could_not_be_kept_stay_in_the_field(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    page.evaluate("mock.fails = 'send'")
    page.locator(FIELD).fill("do not lose me")
    page.locator("button.send").click()
    page.locator(".failed", has_text="still here").wait_for()
    assert page.locator(FIELD).input_value() == "do not lose me"


def test_a_warning_comes_before_sending_and_keeps_nobody_from_it(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "urgent")
    assert calls(page, "send") == []
    assert page.locator(".big-call").get_attribute("href") == "tel:911"
    page.get_by_role("button", name="Back to my message").click()
    assert page.locator(FIELD).input_value() == "my chest really hurts and I feel dizzy"
    assert page.evaluate("document.activeElement.id") == "writing"
    page.locator("button.send").click()
    page.get_by_role("button", name="Send my message too").click()
    page.locator(".bubble.is-mine", has_text="my chest really hurts").wait_for()
    assert len(calls(page, "send")) == 1


def test_somebody_in_despair_is_given_the_number_of_a_person_who_listens(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "urgent_suicide")
    assert [each.get_attribute("href") for each in page.locator(".big-call").all()] == ["tel:988", "tel:911"]


def test_the_way_out_clears_the_screen_and_leaves_nothing_to_go_back_to(visit: Visit, base: str) -> None:
    page = visit()
    page.goto(f"{base}/test/start.html")
    opened(page, base, "menu")
    page.get_by_role("button", name="Leave this page at once").click()
    page.wait_for_url("about:blank")
    assert page.title() == ""
    page.go_back()
    assert page.url.endswith("/test/start.html"), "the chat is not in the history of this tab"


def test_escape_twice_leaves_from_anywhere_and_once_does_not(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    page.locator(FIELD).fill("half a thought")
    for _ in range(2):
        page.keyboard.press("Escape")
        let_pass(page, 800)
    assert "/c" in page.url
    page.evaluate(TWICE_AT_ONCE)  # two presses from here could be far apart on a slow machine
    page.wait_for_url("about:blank")


def test_the_unsent_words_are_handed_to_the_engine_and_come_back(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    page.locator(FIELD).fill("half a thought")
    until(page, lambda: ["half a thought"] in calls(page, "set_draft"), "the words are kept")
    page.add_init_script(
        f"sessionStorage.setItem('mock', {json.dumps(json.dumps({**CHAT, 'draft': 'half a thought'}))})"
    )
    page.reload()
    page.locator(FIELD).wait_for()
    assert page.locator(FIELD).input_value() == "half a thought"


def test_sheets_keep_the_number_and_the_way_out_in_reach_and_give_the_focus_back(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    button = page.get_by_role("button", name="Menu")
    button.focus()
    stood = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    page.locator(".sheet").wait_for()
    assert page.locator(".composer").evaluate("(each) => each.inert")
    assert page.locator(".strip-number").bounding_box()["y"] < page.locator(".sheet").bounding_box()["y"]
    tab_to(page, ".leave")
    page.keyboard.press("Escape")
    page.locator(".sheet").wait_for(state="detached")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Menu"
    assert page.evaluate("scrollY") == stood
    assert page.locator("[inert]").count() == 0


def test_what_arrives_is_said_once_and_reading_it_is_told(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    told = page.locator("[role=status]")
    assert told.inner_text() == "", "nothing is read aloud at the start"
    page.evaluate(
        "mock.add({id: 'n1', mine: false, kind: 'text', text: '<b>Yes</b>, do.', at_ms: Date.now(), state: 'read'})"
    )
    until(page, lambda: told.inner_text() == "New message: <b>Yes</b>, do.", "it is said")
    assert page.locator(".bubble-text").last.inner_text() == "<b>Yes</b>, do.", "text stays text"
    until(page, lambda: calls(page, "read_up_to")[-1] == ["n1"], "it is told as read")


def test_nothing_is_told_as_read_while_the_person_reads_further_up(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    until_called(page, "read_up_to")  # the page went to its end by itself
    let_pass(page, 0)
    page.evaluate("scrollTo(0, 0)")
    let_pass(page, 0)
    page.evaluate("mock.add({id: 'n1', mine: false, kind: 'text', text: 'new', at_ms: Date.now(), state: 'read'})")
    page.locator(".newer").wait_for()
    assert ["n1"] not in calls(page, "read_up_to")
    page.locator(".newer").click()
    page.locator(".newer").wait_for(state="hidden")
    until(page, lambda: calls(page, "read_up_to")[-1] == ["n1"], "it is told as read")


@pytest.mark.parametrize(
    ("screen", "button", "name"),
    [
        ("end", "End chat", "end"),
        ("erase", "Ask to delete", "ask_erase"),
        ("forget", "Forget everything here", "forget"),
    ],
)
def test_an_end_says_what_happens_before_it_happens(
    visit: Visit, base: str, screen: str, button: str, name: str
) -> None:
    page = opened(visit(), base, screen)
    assert page.locator(".facts li").count() >= 3
    assert calls(page, name) == []
    page.get_by_role("button", name=button, exact=True).click()
    page.locator(".sheet").wait_for(state="detached")
    assert calls(page, name) == [[]]


def test_forgetting_counts_what_would_be_lost(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "forget")
    assert "1 message has not left yet" in page.locator(".facts").inner_text()


def test_a_pin_is_asked_for_twice_and_must_be_long_enough(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "pin")
    for first, second, words in [("123", "123", "at least 6"), ("123456", "123457", "not the same")]:
        page.locator("#pin-new").fill(first)
        page.locator("#pin-again").fill(second)
        page.get_by_role("button", name="Set PIN").click()
        assert words in page.locator("#pin-new-problem").inner_text()
    page.locator("#pin-again").fill("123456")
    page.get_by_role("button", name="Set PIN").click()
    page.locator(".sheet").wait_for(state="detached")
    assert calls(page, "set_pin") == [["123456"]]


def test_the_right_pin_opens_and_a_wrong_one_says_how_long_to_wait(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "locked")
    page.evaluate("mock.pins.wait_ms = 1500")
    page.locator("#pin").fill("000000")
    page.keyboard.press("Enter")
    page.locator(".failed", has_text="wait 2 seconds").wait_for()
    page.locator("form button:enabled").wait_for()
    page.locator("#pin").fill("654321")
    page.keyboard.press("Enter")
    page.locator("#page[data-stage='chat']").wait_for()


def test_a_file_is_looked_at_before_it_is_sent_and_others_are_refused(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a picture or PDF").click()
    chooser.value.set_files({"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    page.locator(".sheet", has_text="letter.pdf").wait_for()
    assert calls(page, "attach") == []
    page.get_by_role("button", name="Send file").click()
    page.locator(".bubble progress:not([hidden])").wait_for()
    assert calls(page, "attach") == [["letter.pdf", 8]]
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a picture or PDF").click()
    chooser.value.set_files({"name": "x.html", "mimeType": "text/html", "buffer": b"<script>"})
    page.locator(".sheet", has_text="You can send pictures").wait_for()


def test_a_file_that_was_lost_goes_again_with_one_press(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "files")
    bubble = page.locator(".bubble", has_text="insurance-card-back.jpg")
    assert bubble.locator("[role=alert]").inner_text() == "This file did not get to the desk."
    assert page.get_by_role("button", name="Send it again").count() == 1
    tab_to(page, ".is-mine .file-do:not([hidden])")
    bubble.get_by_role("button", name="Send it again").focus()
    page.keyboard.press("Enter")
    until_called(page, "send_again")
    assert calls(page, "send_again") == [["m23"]]
    until(page, lambda: page.evaluate("document.activeElement.id") == "writing", "the focus is not lost with the row")


def test_a_file_that_is_not_there_any_more_says_that_it_was_asked_for(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "files")
    bubble = page.locator(".bubble", has_text="how-to-prepare.pdf")
    assert "was asked to send it again" in bubble.inner_text()
    assert bubble.get_by_role("button").count() == 0
    page.evaluate(
        "mock.set({messages: mock.state.messages.map((each) => "
        "each.id === 'm24' ? { ...each, file: { ...each.file, is_asked: false } } : each)})"
    )
    bubble.get_by_role("button", name="Save file").wait_for()
    assert "asked" not in bubble.inner_text()


def test_the_language_changes_in_place_and_keeps_what_was_typed(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "chat")
    page.locator(FIELD).fill("hello")
    page.get_by_role("button", name="Menu").click()
    page.locator(".menu-row", has_text="Text, colors").click()
    page.locator(".option", has_text="Español").click()
    page.locator(".sheet-title", has_text="Texto, colores").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(FIELD).input_value() == "hello"
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.evaluate("document.cookie") == ""


def test_the_largest_text_and_dark_colours_stay_after_a_reload(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "settings_early")
    page.locator(".option", has_text="Largest").click()
    page.locator(".option", has_text="Dark").click()
    page.reload()
    page.locator("h1").wait_for()
    kept = page.evaluate("[document.documentElement.dataset.size, document.documentElement.dataset.scheme]")
    assert kept == ["largest", "dark"]
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(26, 24, 21)"
