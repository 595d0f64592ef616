"""Every real screen for everybody: axe-core finds nothing, the keyboard suffices, and Spanish is Spanish throughout."""

import pytest

from tests.browser.axe import assert_accessible
from tests.support.channel_practice import Practice
from tests.support.patient_page import PatientPage, words

pytestmark = pytest.mark.loopback

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)
LOOKS = [
    {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    {"color_scheme": "dark", "viewport": {"width": 360, "height": 640}, "reduced_motion": "reduce"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["light desktop", "dark phone"])
def test_axe_core_finds_nothing_on_any_screen(office: Practice, visitors, look) -> None:
    invite = office.invite("Ada Quill")
    page = PatientPage(visitors(**look), invite.link)
    page.heading("notice.title")
    assert_accessible(page.page, "the notice")
    page.agree()
    assert_accessible(page.page, "an empty conversation")
    page.say("Good morning")
    page.attach("picture.png", "image/png", PNG)
    page.until_state("picture.png", "at_desk")
    office.reply(office.conversation(invite), "Good morning to you")
    page.until_shown("Good morning to you")
    assert_accessible(page.page, "a conversation")
    for name in (
        None,
        "settings.title",
        "notice.again",
        "receipt.title",
        "safety.title",
        "pin.set",
        "end.title",
        "erase.title",
        "forget.title",
    ):
        page.menu(*([] if name is None else [name]))
        assert_accessible(page.page, f"the sheet {name or 'menu.title'}")
        page.close_sheet()
    page.menu("end.title").get_by_role("button", name=page.t("end.do")).click()
    page.page.get_by_text(page.t("ended.title")).wait_for()
    assert_accessible(page.page, "a conversation that ended")
    second = PatientPage(visitors(**look), invite.link)
    second.heading("problem.used.title")
    assert_accessible(second.page, "a used link")


def test_somebody_with_a_keyboard_alone_gets_from_the_link_to_an_answer(office: Practice, visitors) -> None:
    invite = office.invite("Ben Tidewell")
    page = PatientPage(visitors(), invite.link)
    page.heading("notice.title")
    go_to(page, page.t("notice.agree_with"))
    page.page.keyboard.press("Enter")
    page.page.locator("#writing").wait_for()
    go_to(page, "writing")
    page.page.keyboard.type("Only keys here")
    page.page.keyboard.press("Control+Enter")
    page.until_state("Only keys here", "at_desk")
    go_to(page, page.t("menu.title"))
    page.page.keyboard.press("Enter")
    page.page.locator(".sheet").wait_for()
    page.page.keyboard.press("Escape")
    page.page.locator(".sheet").wait_for(state="detached")
    go_to(page, page.t("assistant.is_on"))
    page.page.keyboard.press("Space")
    cid = office.conversation(invite)
    office.console.until("desk.channel.may_propose", lambda may: may is False, cid)


def test_in_spanish_nothing_is_english(office: Practice, visitors) -> None:
    invite = office.invite("Inés Valle", "es")
    page = PatientPage(visitors(locale="es-ES"), invite.link, "es")
    page.heading("notice.title")
    assert page.page.locator("html").get_attribute("lang") == "es"
    english = {text for key, text in words("en").items() if text != words("es").get(key) and len(text) > 12}
    screens = [page.page.locator("body").inner_text()]
    page.agree()
    page.say("¿A qué hora abren?")
    cid = office.conversation(invite)
    page.until_state("¿A qué hora abren?", "at_desk")
    office.reply(cid, "A las ocho.")
    page.until_shown("A las ocho.")
    page.menu()
    screens.append(page.page.locator("body").inner_text())
    found = [text for text in english for screen in screens if text in screen]
    assert found == []
    assert office.thread(cid).peer.language == "es"


def go_to(page: PatientPage, wanted: str, *, limit: int = 60) -> None:
    """Press Tab until the focus is on the element with this id, name or text."""
    look = """() => { const one = document.activeElement;
        return [one.id, one.getAttribute("aria-label") ?? "", one.innerText ?? ""]; }"""
    for _ in range(limit):
        found = page.page.evaluate(look)
        if found[0] == wanted or wanted in found[1] or wanted in found[2][:400]:
            return
        page.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")
