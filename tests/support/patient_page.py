"""The patient page as a person uses it: buttons by their names in the page's own texts, so in any language."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.visitor import Visitor
from tests.browser.waiting import PATIENCE_MS
from tests.support.channel_consoles import T, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TEXTS = Path(__file__).resolve().parents[2] / "resources" / "patient" / "texts"
Row = tuple[str, str, str]


@cache
def words(language: str) -> dict[str, str]:
    """Return the page's table of words."""
    table: dict[str, str] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return table


class PatientPage:
    """One person on the page of one link."""

    def __init__(self, visitor: Visitor, link: str, language: str = "en") -> None:
        self.visitor = visitor
        self.language = language
        self.page: Page = visitor.open(link)

    def t(self, key: str, **values: str) -> str:
        """Return the page's words for a key."""
        text = words(self.language)[key]
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    # -- what it does -------------------------------------------------------------------------------------------

    def agree(self, *, assistant: bool = True) -> None:
        """Consent, with the assistant or without."""
        key = "notice.agree_with" if assistant else "notice.agree_without"
        self.page.locator("button.choice", has_text=self.t(key)).click()
        self.page.locator("#writing").wait_for()

    def say(self, text: str) -> None:
        """Write and send."""
        self.page.locator("#writing").fill(text)
        self.page.locator("button.send").click()
        self.bubble(text).wait_for()

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Choose a file and send it."""
        with self.page.expect_file_chooser() as waiting:
            self.button("file.attach").click()
        waiting.value.set_files({"name": name, "mimeType": media_type, "buffer": data})
        self.button("file.send").click()
        self.page.locator(".sheet").wait_for(state="detached")

    def turn_assistant(self) -> None:
        """Switch the assistant off or on, under the place where one writes."""
        self.page.locator("button.assistant").click()

    def menu(self, *keys: str) -> "Locator":
        """Open the menu and follow it; return the sheet that is open then."""
        self.button("menu.title").click()
        for key in keys:
            self.page.locator(".sheet button.menu-row", has_text=self.t(key)).click()
        return self.page.locator(".sheet")

    def close_sheet(self) -> None:
        """Close what is open."""
        self.button("sheet.close").click()

    def button(self, key: str) -> "Locator":
        """Return the button with this name."""
        return self.page.get_by_role("button", name=self.t(key), exact=True)

    # -- what stands there --------------------------------------------------------------------------------------

    def bubble(self, text: str) -> "Locator":
        """Return the message with this text."""
        return self.page.locator("li.bubble", has_text=text)

    def rows(self) -> list[Row]:
        """Who, what and how far: ``("me", "Good morning", "read")``; files and away texts too, events left out."""
        found = self.page.evaluate(
            """() => [...document.querySelectorAll("li.bubble")].map((row) => [
                row.classList.contains("is-mine") ? "me" : row.classList.contains("is-away") ? "away" : "desk",
                (row.querySelector(".bubble-text") ?? row.querySelector(".file-name")).textContent,
                row.querySelector(".bubble-foot").dataset.state ?? ""])"""
        )
        return [(who, text, state) for who, text, state in found]

    def events(self) -> list[str]:
        """What happened, in words."""
        return self.page.locator("li.event").all_text_contents()

    def until(self, is_good: Callable[[list[Row]], bool]) -> list[Row]:
        """Wait until the thread is as it should be."""
        return self.wait(self.rows, is_good, "the thread on the page")

    def until_state(self, text: str, state: str) -> None:
        """Wait until a message of ours has come so far."""
        self.until(lambda rows: ("me", text, state) in rows)

    def until_shown(self, text: str) -> None:
        """Wait until the desk's text is there."""
        self.bubble(text).wait_for()

    def alarm(self) -> str | None:
        """Which alarm the page shows just now: "gap", "withheld", "fork", "changed"."""
        found = self.page.locator(".alarm:not([hidden])")
        return found.get_attribute("data-kind") if found.count() else None

    def until_alarm(self, kind: str | None) -> None:
        """Wait until the page shows this alarm, or none any more."""
        self.wait(self.alarm, lambda found: found == kind, f"the alarm {kind}")

    def until_said_aloud(self, key: str) -> None:
        """Wait until a screen reader was given these words."""
        told = self.page.locator("[role=status]")
        self.wait(told.inner_text, lambda text: self.t(key) in text, f"the words of {key}")

    def wait(self, look: Callable[[], T], is_good: Callable[[T], bool], what: str) -> T:
        """Look again while the page goes on."""

        def looked() -> T:
            self.page.wait_for_timeout(10)
            return look()

        return wait_for(looked, is_good, what=what, limit_s=PATIENCE_MS / 1_000)

    def heading(self, key: str) -> "Locator":
        """Return the heading with these words, once it is there."""
        found = self.page.get_by_role("heading", name=self.t(key), level=1)
        found.wait_for()
        return found

    def safety_number(self) -> str:
        """Read the number off its sheet."""
        sheet = self.menu("safety.title")
        found = sheet.locator("ol.safety li span[aria-hidden]").all_text_contents()
        self.close_sheet()
        return " ".join(found)
