"""The whole engine in Chromium, against a gateway in memory and a real desk session."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.channel.kinds import Kind
from tests.unit.patient.engine.offices import INVITATION, Office
from tests.unit.patient.engine.post_office import Desk, PostOffice, now_ms
from tests.unit.patient.engine.static_files import serving

pytestmark = pytest.mark.loopback
LIMIT_MS = 15_000
OPEN = "async () => { window.engine = await (await import('/engine/engine.mjs')).Engine.open(); }"

UNTIL = """(limit) => new Promise((done) => {
  const timer = setTimeout(() => finish(null), limit);
  const stop = engine.subscribe((state) => { if (CONDITION) queueMicrotask(() => finish(state)); });
  function finish(result) { clearTimeout(timer); stop(); done(result); }
})"""


@dataclass
class Tab:
    """One tab of the patient's browser."""

    page: Any
    base: str

    def arrive(self, fragment: str = "") -> "Tab":
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}/c{fragment}")
        self.page.evaluate(OPEN)
        return self

    @property
    def state(self) -> Any:
        return self.page.evaluate("engine.state")

    def act(self, name: str, *args: Any) -> Any:
        return self.page.evaluate("([name, args]) => engine[name](...args)", [name, list(args)])

    def consent(self, *, assistant: bool = True) -> None:
        self.act("consent", {"assistant": assistant, "language": "en", "shown": "what stood there"})

    def until(self, condition: str) -> Any:
        """Wait until the JavaScript ``condition`` on ``state`` holds; return the state."""
        state = self.page.evaluate(UNTIL.replace("CONDITION", condition), LIMIT_MS)
        assert state is not None, f"never: {condition}; {self.state}"
        return state

    def texts(self) -> list[tuple[str, str]]:
        return [(message["text"], message["state"]) for message in self.state["messages"]]


@dataclass
class World:
    """A gateway with a desk, and browsers."""

    post: PostOffice
    base: str
    new_context: Callable[[], Any]
    context: Any

    def tab(self, context: Any = None) -> Tab:
        return Tab((context or self.context).new_page(), self.base)

    @property
    def link(self) -> str:
        return "#" + INVITATION.link("https://host").split("#")[1]

    def talking(self) -> Tab:
        """A conversation that stands."""
        tab = self.tab().arrive(self.link)
        tab.consent()
        tab.until("state.connection === 'online'")
        tab.act("send", "first")
        tab.until("state.messages[0]?.state === 'at_desk'")
        return tab


@pytest.fixture
def world(chromium: Any) -> Iterator[World]:
    post = PostOffice(Desk(Office(now_s=now_ms() // 1000)))
    contexts: list[Any] = []

    def new_context() -> Any:
        contexts.append(chromium.new_context())
        return contexts[-1]

    with serving(post) as base:
        yield World(post, base, new_context, new_context())
        for context in contexts:
            context.close()


def test_a_person_reads_the_notice_agrees_and_the_first_words_reach_the_desk(world: World) -> None:
    tab = world.tab().arrive(world.link)
    state = tab.state
    assert (state["stage"], state["office"]["name"], state["notice_version"]) == ("notice", "Practice at the Mill", 3)
    assert tab.page.evaluate("location.href").endswith("/c"), "the secret has left the address bar"
    assert world.post.claim is None, "reading the notice uses nothing up"
    assert world.post.frames == []
    tab.consent()
    tab.act("send", "¿Puedo ir hoy?")
    state = tab.until("state.messages[0]?.state === 'at_desk'")
    assert world.post.desk.texts == ["¿Puedo ir hoy?"]
    assert state["stage"] == "chat"
    assert len(state["safety"]) == 47
    assert world.post.desk.session is not None
    assert state["safety"] == world.post.desk.session.safety_number
    assert world.post.desk.receipt is not None


def test_an_answer_is_shown_and_its_reading_is_told(world: World) -> None:
    tab = world.talking()
    world.post.say(Kind.TEXT, {"text": "Yes, at four."})
    state = tab.until("state.messages.length === 2")
    assert (state["messages"][1]["mine"], state["messages"][1]["text"]) == (False, "Yes, at four.")
    tab.act("read_up_to", state["messages"][1]["id"])
    tab.act("read_up_to", state["messages"][1]["id"])
    tab.act("send", "thank you")
    tab.until("state.messages[2]?.state === 'at_desk'")
    assert [kind for kind, _ in world.post.desk.heard] == ["text", "read", "text"]
    assert world.post.desk.refused == []
    assert world.post.desk.alarms == []
