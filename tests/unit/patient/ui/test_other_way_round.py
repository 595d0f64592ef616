"""A language that is written from right to left, as one would be added: a table of words, and its name in one list.

The words are the English ones in Hebrew letters, a third longer, so nobody has to read them to see what was left out.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.axe import assert_accessible
from tests.support.page_server import PAGE, serving
from tests.unit.patient.ui.conftest import HERE, Visit
from tests.unit.patient.ui.screens import SCREENS
from tests.unit.patient.ui.test_screens import NARROW, overflowing

pytestmark = pytest.mark.loopback

LANGUAGE = "he"
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבגדהוזחטיכלמנסעפצקרשתאבגד")
LOOK = json.dumps({"language": LANGUAGE, "size": "largest"})
STATES = ["no_link", "used", "notice", "locked", "empty", "chat", "files", "alarm_gap", "ended"]
LINE_OF = "(selector) => { const box = document.querySelector(selector).getBoundingClientRect(); return box.left; }"
ORDER = """(element, text) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const node = (function find() { const next = walker.nextNode(); return next.data.includes(text) ? next : find(); })();
  const from = node.data.indexOf(text);
  return [...text].map((_, at) => {
    const range = document.createRange();
    range.setStart(node, from + at);
    range.setEnd(node, from + at + 1);
    return range.getBoundingClientRect().left;
  });
}"""  # where each letter stands


def turned(text: str) -> str:
    """Return an English text in other letters, a third longer; placeholders stay."""
    words = text.lower().split(" ")
    return " ".join(word if "{" in word else word.translate(LETTERS) + "אב" * (len(word) > 4) for word in words)


@pytest.fixture(scope="module")
def turned_base() -> Iterator[str]:
    """The address of a page that has this language."""
    table = json.loads((PAGE / "texts/en.json").read_text(encoding="utf-8"))
    pack = {key: turned(text) for key, text in table.items()} | {"page.dir": "rtl"}
    listed = (PAGE / "ui/words.mjs").read_text(encoding="utf-8")
    assert listed.count('["en", "es"]') == 1
    bodies = {
        "/engine/engine.mjs": (HERE / "mock_engine.mjs").read_bytes(),
        "/ui/words.mjs": listed.replace('["en", "es"]', f'["en", "es", "{LANGUAGE}"]').encode(),
        f"/texts/{LANGUAGE}.json": json.dumps(pack, ensure_ascii=False).encode(),
        f"/phrases/clinic.{LANGUAGE}.json": (PAGE / "phrases/clinic.en.json").read_bytes(),
    }
    with serving(folders={"test": HERE}, bodies=bodies) as server:
        yield server.base


def opened(page: Any, base: str, name: str) -> Any:
    """Bring a page to a state of the mock, in this language; screens behind a press are the tests' own business."""
    state = {**SCREENS[name].state, "languages": ["en", LANGUAGE]}
    page.add_init_script(f"sessionStorage.setItem('mock', {json.dumps(json.dumps(state))})")
    page.goto(f"{base}/c")
    page.locator(f"#page[data-stage='{state.get('stage', 'notice')}']").wait_for()
    return page


@pytest.mark.parametrize("name", STATES)
def test_every_word_is_turned_and_nothing_runs_beside_the_screen(visit: Visit, turned_base: str, name: str) -> None:
    page = opened(visit(viewport=NARROW, look=LOOK), turned_base, name)
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == (LANGUAGE, "rtl")
    english = json.loads((PAGE / "texts/en.json").read_text(encoding="utf-8")).values()
    seen = page.locator("body").inner_text()
    assert [text for text in english if len(text) > 8 and text in seen] == []
    assert overflowing(page) == []
    assert_accessible(page, name)


def test_sides_change_places_and_numbers_do_not(visit: Visit, turned_base: str) -> None:
    page = opened(visit(look=json.dumps({"language": LANGUAGE})), turned_base, "chat")
    left = {each: page.evaluate(LINE_OF, each) for each in (".brand", ".leave", "button.send", ".composer .round")}
    assert left[".brand"] > left[".leave"]
    assert left[".composer .round"] > left["button.send"]
    boxes = [page.locator(f".bubble.{side} .bubble-box").first.bounding_box() for side in ("is-mine", "is-theirs")]
    mine, theirs = boxes
    assert mine["x"] < theirs["x"], "who writes stands at the end of the line, here on the left"
    assert theirs["x"] + theirs["width"] > mine["x"] + mine["width"]
    assert page.locator(".strip-number").get_attribute("dir") == "ltr"


def test_sheets_and_arrows_follow(visit: Visit, turned_base: str) -> None:
    page = opened(visit(viewport=NARROW, look=LOOK), turned_base, "chat")
    page.locator(".top .round").click()
    page.locator(".sheet .menu-row").nth(3).click()
    back, close = (page.locator(f".sheet-bar .round:{place}-child").bounding_box() for place in ("first", "last"))
    assert back["x"] > close["x"], "back is where the line begins"
    flipped = page.locator(".sheet-bar .icon-directed").first.evaluate("(each) => getComputedStyle(each).transform")
    assert flipped == "matrix(-1, 0, 0, 1, 0, 0)"
    assert overflowing(page) == []
    assert_accessible(page, "a sheet")


def test_a_telephone_number_and_a_size_read_from_left_to_right(visit: Visit, turned_base: str) -> None:
    page = opened(visit(look=json.dumps({"language": LANGUAGE})), turned_base, "alarm_gap")
    page.locator(".alarm button").click()
    button = page.locator(".sheet a.button")
    assert "+1 555 010 0142" in button.inner_text()
    assert button.evaluate(ORDER, "+1 555 010 0142") == sorted(button.evaluate(ORDER, "+1 555 010 0142"))
    size = page.locator(".file-size").first
    assert size.evaluate(ORDER, "2.1 MB") == sorted(size.evaluate(ORDER, "2.1 MB"))


def test_a_person_chooses_it_by_its_own_name(visit: Visit, turned_base: str) -> None:
    page = opened(visit(), turned_base, "notice")
    page.locator(".top .round").click()
    page.locator(".option", has_text="עברית").click()
    page.locator("html[dir='rtl']").wait_for()
    page.reload()
    page.locator("html[dir='rtl'][lang='he']").wait_for()
