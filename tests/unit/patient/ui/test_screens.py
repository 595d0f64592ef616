"""Each screen once, looked at from all sides: axe-core in light and dark, a finger, 320 pixels, the largest text."""

from typing import Any

import pytest

from tests.browser.axe import assert_accessible
from tests.browser.waiting import let_pass
from tests.unit.patient.ui.conftest import Visit
from tests.unit.patient.ui.screens import SCREENS, opened

pytestmark = pytest.mark.loopback

NARROW = {"width": 320, "height": 640}
LANDSCAPE = {"width": 640, "height": 360}
SIDES = (("x", "width"), ("y", "height"))
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %
SPANISH = [
    "notice",
    "notice_law",
    "used",
    "locked",
    "chat",
    "files",
    "alarm_withheld",
    "alarm_fork_told",
    "ended",
    "urgent_law",
]
OVERFLOWING = """() => {
  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest('.unseen, .skip');
  const found = [...document.querySelectorAll('body *')].filter((element) => {
    const box = element.getBoundingClientRect();
    return seen(element) && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
  });
  const cut = [...document.querySelectorAll('button, a, p, span, h1, h2, h3, li, dd, dt, label')].filter((element) => {
    const { overflow, clipPath } = getComputedStyle(element);
    return seen(element) && overflow === 'hidden' && clipPath === 'none'
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 3);
  });
  return [...found, ...cut].map(({ tagName, className, textContent }) => `${tagName}.${className}: ${textContent}`);
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('button, a, input, textarea, summary')]
  .filter((element) => element.checkVisibility() && !element.matches('.skip, p > a.call, li > a.call'))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([element, box]) => `${element.tagName}.${element.className} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_accessible_and_fits(visit: Visit, base: str, name: str) -> None:
    page = opened(visit(reduced_motion="reduce"), base, name)
    assert_accessible(page, f"{name}, light")
    assert page.evaluate(SMALL_TARGETS) == [], "too small for a finger"
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, f"{name}, dark")
    page.set_viewport_size(NARROW)
    assert overflowing(page) == [], "320 pixels"
    page.evaluate("document.documentElement.dataset.size = 'largest'")
    assert overflowing(page) == [], "320 pixels, the largest text"


@pytest.mark.parametrize("name", SPANISH)
def test_spanish_words_fit_as_well(visit: Visit, base: str, name: str) -> None:
    look = '{"language":"es","size":"largest"}'
    page = opened(visit(viewport=NARROW, look=look), base, name)
    assert page.locator("html").get_attribute("lang") == "es"
    assert overflowing(page) == []


@pytest.mark.parametrize("name", ["notice", "chat", "menu", "safety", "urgent"])
def test_the_other_way_round_nothing_runs_beside_the_screen_either(visit: Visit, base: str, name: str) -> None:
    page = opened(visit(viewport=NARROW), base, name)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert overflowing(page) == []
    names = page.locator(".brand").bounding_box()
    assert names["x"] > page.locator(".leave").bounding_box()["x"], "the name stands at the beginning of the line"


@pytest.mark.parametrize("name", ["notice", "chat", "safety", "urgent"])
def test_at_400_percent_the_number_stays_and_leaves_room(visit: Visit, base: str, name: str) -> None:
    page = opened(visit(viewport=ZOOMED, has_touch=False, is_mobile=False), base, name)
    assert overflowing(page) == []
    page.mouse.wheel(0, 400)
    let_pass(page, 0)
    strip = page.locator(".strip").bounding_box()
    assert strip["y"] >= -1
    assert strip["y"] + strip["height"] < ZOOMED["height"] / 2


@pytest.mark.parametrize(
    "size", [ZOOMED, LANDSCAPE, {"width": 683, "height": 384}], ids=["400 %", "on its side", "200 %"]
)
@pytest.mark.parametrize("name", ["notice", "chat", "menu"])
def test_on_a_low_screen_the_way_out_stays_and_covers_nothing(visit: Visit, base: str, name: str, size: Any) -> None:
    page = opened(visit(viewport=size, has_touch=False, is_mobile=False), base, name)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    let_pass(page, 0)
    leave = page.locator(".leave").bounding_box()
    assert leave["y"] >= 0
    assert leave["y"] + leave["height"] < size["height"] / 2
    assert leave["x"] + leave["width"] <= size["width"]
    for other in (".strip-number", ".strip-text", ".top .round"):
        assert not overlap(leave, page.locator(other).bounding_box()), other
    page.evaluate("scrollTo(0, 0)")
    let_pass(page, 0)
    assert not overlap(page.locator(".leave").bounding_box(), page.locator(".top .round").bounding_box())


def overlap(one: Any, other: Any) -> bool:
    """Return whether two boxes share a place."""
    return all(one[at] < other[at] + other[long] and other[at] < one[at] + one[long] for at, long in SIDES)


def test_the_checks_see_what_they_look_for(visit: Visit, base: str) -> None:
    page = opened(visit(), base, "notice")
    page.evaluate("document.querySelector('.card').append(new Image())")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)
    page.evaluate("document.querySelector('.card h1').textContent = 'x'.repeat(200)")
    page.evaluate("document.querySelector('.card h1').style.overflowWrap = 'normal'")
    page.evaluate("document.querySelector('.leave').style.minBlockSize = '20px'")
    assert overflowing(page)
    assert page.evaluate(SMALL_TARGETS)


def test_without_scripts_the_page_says_why_and_whom_to_call(visit: Visit, base: str) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{base}/c")
    assert page.get_by_role("heading", name="This page needs JavaScript").is_visible()
    assert page.get_by_role("heading", name="Esta página necesita JavaScript").is_visible()
    assert "911" in page.locator("main").inner_text()


def overflowing(page: Any) -> list[str]:
    """Return what stands beside the screen or is cut off, and the page itself when it scrolls sideways."""
    found: list[str] = page.evaluate(OVERFLOWING)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["the page scrolls sideways"] if wide else [])]
