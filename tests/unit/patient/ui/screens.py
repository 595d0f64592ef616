"""Every screen of the page, and how a test gets to it: a state of the mock engine, then what a person does there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_NOON_MS = 1_795_000_000_000


def _message(
    number: int, text: str, *, mine: bool = False, minutes: int = 0, state: str = "read", **more: Any
) -> dict[str, Any]:
    kind = more.pop("kind", "text")
    at_ms = _NOON_MS + minutes * 60_000
    return {"id": f"m{number}", "mine": mine, "kind": kind, "text": text, "at_ms": at_ms, "state": state, **more}


THREAD = [
    _message(1, "Good morning. I need to move my visit on Thursday. Is Friday possible?", mine=True),
    _message(2, "Thank you for your message. We are closed now and read it on Monday at 8:00.", minutes=1, kind="away"),
    _message(
        3, "Good morning! Friday at 10:40 or at 15:20 is free with Dr. Lindqvist.\nWhich one suits you?", minutes=300
    ),
    _message(4, "10:40 please", mine=True, minutes=304),
    _message(5, "Here is my insurance card", mine=True, minutes=305),
    _message(
        6,
        "",
        mine=True,
        minutes=306,
        kind="file",
        state="at_desk",
        file={"name": "insurance-card-front.jpg", "type": "image/jpeg", "size": 2_140_000, "progress": 1},
    ),
    _message(
        7,
        "",
        minutes=1500,
        kind="file",
        file={"name": "how-to-prepare.pdf", "type": "application/pdf", "size": 340_000, "progress": 0},
    ),
    _message(8, "Please read this before Friday.", minutes=1501),
    _message(9, "assistant_off", mine=True, minutes=1505, kind="event"),
    _message(
        10, "Thank you. One more question: do I have to come without breakfast?", mine=True, minutes=1506, state="sent"
    ),
    _message(11, "And may I bring my daughter?", mine=True, minutes=1507, state="waiting"),
]


def _file(number: int, name: str, media_type: str, **more: Any) -> dict[str, Any]:
    mine, state = more.pop("mine", True), more.pop("state", "waiting")
    file = {"name": name, "type": media_type, "size": 2_140_000, "progress": 1, **more}
    return _message(number, "", mine=mine, minutes=1600 + number, kind="file", state=state, file=file)


FILES = [
    _message(20, "Here are the papers", mine=True, minutes=1600),
    _file(21, "referral-letter-from-the-eye-clinic-page-1-of-2.pdf", "application/pdf", progress=0.4),
    _file(22, "insurance-card-front.jpg", "image/jpeg", state="sent"),
    _file(23, "insurance-card-back.jpg", "image/jpeg", is_lost=True),
    _file(24, "how-to-prepare.pdf", "application/pdf", mine=False, is_asked=True),
    _file(25, "map-of-the-building.png", "image/png", mine=False, progress=0),
]
CHAT: Mapping[str, Any] = {
    "stage": "chat",
    "assistant": True,
    "messages": THREAD,
    "safety": "01234 56789 13579 24680 11223 34455 66778 89900",
    "receipt": {"receipt": "cmVjZWlwdA", "sig": "c2ln", "countersigned": "Y28"},
}
ALARMS = ("gap", "withheld", "fork", "changed")


@dataclass(frozen=True, slots=True)
class Screen:
    """``state`` of the mock at the start; ``act`` is done on the page afterwards."""

    state: Mapping[str, Any]
    act: Callable[[Any], None] = field(default=lambda page: None)


def menu(row: str) -> Callable[[Any], None]:
    """Open the menu and choose a row by its English words."""

    def act(page: Any) -> None:
        page.get_by_role("button", name="Menu").click()
        page.locator(".sheet .menu-row", has_text=row).click()
        page.locator(".sheet-title").wait_for()

    return act


def write(text: str) -> Callable[[Any], None]:
    """Write a message and send it."""

    def act(page: Any) -> None:
        page.locator("#writing").fill(text)
        page.locator("button.send").click()
        page.locator(".sheet").wait_for()

    return act


def told(page: Any) -> None:
    """Ask what an alarm means."""
    page.locator(".alarm button").click()
    page.locator(".sheet").wait_for()


def unlock(pin: str) -> Callable[[Any], None]:
    """Type a PIN."""

    def act(page: Any) -> None:
        page.locator("#pin").fill(pin)
        page.locator("#pin").press("Enter")

    return act


def _problem(stage: str, reason: str | None = None, **more: Any) -> Screen:
    return Screen({"stage": stage, "reason": reason, **more})


SCREENS: Mapping[str, Screen] = {
    "loading": Screen({"open_ms": 60_000}),
    "no_link": _problem("no_link", office=None),
    "broken": _problem("no_link", "link", office=None),
    "forgotten": _problem("no_link", "forgotten", office=None),
    "used": _problem("used", "claimed"),
    "expired": _problem("expired", "expired"),
    "revoked": _problem("revoked", "closed"),
    "down": _problem("refused", "down", office=None),
    "refused": _problem("refused", "signature", office=None),
    "later": _problem("refused", "unknown"),
    "erased": _problem("erased", office=None),
    "notice": Screen({}),
    "notice_law": Screen({"office": "law"}),
    "locked": Screen({"stage": "locked", "has_pin": True}),
    "wrong_pin": Screen(
        {"stage": "locked", "has_pin": True},
        unlock("111111"),
    ),
    "empty": Screen({**CHAT, "messages": []}),
    "chat": Screen(CHAT),
    "files": Screen({**CHAT, "messages": FILES}),
    "offline": Screen(
        {**CHAT, "connection": "offline"}, lambda page: page.locator(".banner:not(.is-changed)").wait_for()
    ),
    **{f"alarm_{kind}": Screen({**CHAT, "alarm": kind}) for kind in ALARMS},
    **{f"alarm_{kind}_told": Screen({**CHAT, "alarm": kind}, told) for kind in ALARMS},
    "changed": Screen({**CHAT, "notice_version": 4}, lambda page: page.get_by_role("button", name="Read it").click()),
    "ended": Screen({**CHAT, "stage": "ended"}),
    "menu": Screen(CHAT, lambda page: page.get_by_role("button", name="Menu").click()),
    "settings": Screen(CHAT, menu("Text, colors")),
    "settings_early": Screen({}, lambda page: page.locator(".top .round").click()),
    "safety": Screen(CHAT, menu("Safety number")),
    "receipt": Screen(CHAT, menu("What you agreed to")),
    "told": Screen(CHAT, menu("What you were told")),
    "pin": Screen(CHAT, menu("Set a PIN")),
    "end": Screen(CHAT, menu("End this chat")),
    "erase": Screen(CHAT, menu("Ask for deletion")),
    "forget": Screen(CHAT, menu("Forget on this device")),
    "urgent": Screen(CHAT, write("my chest really hurts and I feel dizzy")),
    "urgent_suicide": Screen(CHAT, write("I want to kill myself")),
    "urgent_law": Screen({**CHAT, "office": "law"}, write("my son was arrested")),
    "too_long": Screen(CHAT, lambda page: page.locator("#writing").fill("Long words. " * 340)),
}


def opened(page: Any, base: str, name: str) -> Any:
    """Bring a browser's page to a screen."""
    screen = SCREENS[name]
    page.add_init_script(f"sessionStorage.setItem('mock', {json.dumps(json.dumps(screen.state))})")
    page.goto(f"{base}/c")
    page.locator("h1").wait_for()
    if name != "loading":
        page.locator(f"#page[data-stage='{screen.state.get('stage', 'notice')}']").wait_for()
    screen.act(page)
    return page
