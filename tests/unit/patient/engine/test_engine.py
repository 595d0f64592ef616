"""The whole engine in Chromium, against a gateway in memory and a real desk session."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.channel.attachments import open_file, seal_file
from app.channel.invitation import Invitation
from app.channel.kinds import Kind
from app.channel.receipts import countersign
from app.channel.received import Alarm
from app.domain.post_sizes import read_envelope
from app.domain.strict_json import from_base64
from tests.browser.waiting import PATIENCE_MS, until
from tests.support.channel import Office as AnotherOffice
from tests.unit.patient.engine.conftest import serving_engine
from tests.unit.patient.engine.offices import INVITATION, Office
from tests.unit.patient.engine.post_office import Desk, PostOffice, now_ms

pytestmark = pytest.mark.loopback
OPEN = "async () => { window.engine = await (await import('/engine/engine.mjs')).Engine.open(); }"

READ_ALL = """async () => {
  const open = indexedDB.open('vestibule');
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const found = [];
  for (const name of database.objectStoreNames) {
    const all = database.transaction(name).objectStore(name).getAll();
    await new Promise((done) => { all.onsuccess = done; });
    found.push(...all.result.map((each) => new TextDecoder('latin1').decode(each.wrapped ?? each)));
  }
  database.close();
  return found;
}"""
SNAPSHOT = """async () => {
  const open = indexedDB.open('vestibule');
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  window.copy = {};
  for (const name of ['locks', 'records']) {
    const store = database.transaction(name).objectStore(name);
    const asked = [store.getAllKeys(), store.getAll()];
    await new Promise((done) => { asked[1].onsuccess = done; });
    window.copy[name] = asked.map((each) => each.result);
  }
  database.close();
}"""
RESTORE = """async () => {
  engine.close();
  const open = indexedDB.open('vestibule');
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  for (const name of ['locks', 'records']) {
    const transaction = database.transaction(name, 'readwrite');
    const store = transaction.objectStore(name);
    store.clear();
    const [keys, values] = window.copy[name];
    keys.forEach((key, index) => (name === 'locks' ? store.put(values[index]) : store.put(values[index], key)));
    await new Promise((done) => { transaction.oncomplete = done; });
  }
  database.close();
}"""
ATTACH = """(size) => {
  const bytes = new Uint8Array(size).map((_, i) => (i * i) % 251);
  return engine.attach(new File([bytes], 'a/b.png', { type: 'image/png' }));
}"""
FETCH = """async (id) => {
  const blob = await engine.fetch(id);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return [blob.type, blob.size, [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')];
}"""
FILE = {"name": "a_b.png", "type": "image/png", "size": 0, "progress": 1, "is_lost": False, "is_asked": False}
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
        state = self.page.evaluate(UNTIL.replace("CONDITION", condition), PATIENCE_MS)
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

    def tab(self, now_ms: int | None = None, *, context: Any = None) -> Tab:
        """Return a new tab; with ``now_ms`` its clock stands still, so that no wait ends while a test is at work."""
        page = (context or self.context).new_page()
        if now_ms is not None:
            page.clock.set_fixed_time(now_ms)
        return Tab(page, self.base)

    def goes_away(self, tab: Tab) -> None:
        """Take the gateway away until ``post.is_down`` is false again."""
        self.post.is_down = True
        self.post.cut()
        tab.until("state.connection !== 'online'")

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

    with serving_engine(post) as server:
        yield World(post, server.base, new_context, new_context())
        for context in contexts:
            context.close()


def a_second_generation_stands(tab: Tab, desk: Desk) -> None:
    """The page begins it by itself, after its next look at the office's papers."""
    until(tab.page, lambda: desk.first_frames >= 2, "a second generation")
    assert desk.first_frames == 2


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


def test_a_second_browser_with_the_same_link_gets_nothing(world: World) -> None:
    world.talking()
    stranger = world.tab(context=world.new_context()).arrive(world.link)
    assert (stranger.state["stage"], stranger.state["messages"]) == ("used", [])


def test_a_link_that_the_office_took_back_says_so(world: World) -> None:
    world.post.is_closed = True
    assert world.tab().arrive(world.link).state["stage"] == "revoked"


@pytest.mark.parametrize("fragment", ["", "#1.x.y.z", "#2.a.b.c", "#"])
def test_without_a_whole_link_there_is_no_conversation(world: World, fragment: str) -> None:
    assert world.tab().arrive(fragment).state["stage"] == "no_link"


def test_the_papers_of_another_office_are_refused(world: World) -> None:
    other = INVITATION.link("https://host").split("#")[1].rsplit(".", 1)[0] + "." + "A" * 27
    state = world.tab().arrive("#" + other).state
    assert (state["stage"], state["reason"]) == ("refused", "office")


def test_each_answer_that_is_read_is_told_once(world: World) -> None:
    tab = world.talking()
    for n in range(3):
        world.post.say(Kind.TEXT, {"text": f"answer {n}"})
        identity = tab.until(f"state.messages.length === {n + 2}")["messages"][-1]["id"]
        tab.act("read_up_to", identity)
        tab.act("read_up_to", identity)
    tab.act("send", "all read")
    tab.until("state.messages.at(-1).state === 'at_desk'")
    assert [kind for kind, _ in world.post.desk.heard] == ["text", "read", "read", "read", "text"]


@pytest.mark.parametrize("by_link", [True, False])
def test_after_a_restart_the_same_link_or_the_bare_address_lead_back(world: World, *, by_link: bool) -> None:
    world.talking().page.close()
    again = world.tab().arrive(world.link if by_link else "")
    again.until("state.connection === 'online'")
    assert again.texts() == [("first", "at_desk")]
    again.act("send", "again")
    again.until("state.messages.length === 2 && state.messages[1].state === 'at_desk'")
    assert world.post.desk.texts == ["first", "again"]
    assert world.post.desk.refused == []
    assert world.post.desk.alarms == []


def test_what_is_written_while_the_gateway_is_gone_arrives_later_once_and_in_order(world: World) -> None:
    tab = world.talking()
    world.goes_away(tab)
    for n in range(5):
        tab.act("send", f"offline {n}")
    assert [state for _, state in tab.texts()] == ["at_desk", *["waiting"] * 5]
    tab.page.close()
    world.post.is_down = False
    again = world.tab().arrive()
    again.until("state.messages.every((message) => message.state === 'at_desk')")
    assert world.post.desk.texts == ["first", *(f"offline {n}" for n in range(5))]


def test_when_the_line_breaks_before_the_answer_the_same_bytes_go_again(world: World) -> None:
    tab = world.talking()
    before = len(world.post.frames)
    world.post.loses_answers = True
    tab.act("send", "once only")
    tab.until("state.connection !== 'online'")
    world.post.loses_answers = False
    tab.until("state.messages[1].state === 'at_desk'")
    assert world.post.desk.texts == ["first", "once only"]
    assert world.post.desk.alarms == []
    assert len(world.post.frames) > before


def test_a_line_that_fell_silent_is_given_up_and_the_same_bytes_go_again(world: World) -> None:
    world.talking().page.close()
    tab = world.tab()
    tab.page.clock.install()
    tab.arrive()
    tab.until("state.connection === 'online'")
    world.post.is_silent = True
    tab.act("send", "into the silence")
    tab.page.clock.run_for(30_000)
    assert tab.state["connection"] == "online", "slow is not dead"
    tab.page.clock.run_for(45_000)
    world.post.is_silent = False
    tab.page.clock.run_for(5_000)
    tab.until("state.messages[1].state === 'at_desk'")
    assert world.post.desk.texts == ["first", "into the silence"]


def test_early_texts_wait_for_an_office_that_is_closed(world: World) -> None:
    world.post.desk.is_away = True
    tab = world.tab().arrive(world.link)
    tab.consent()
    for n in range(12):
        tab.act("send", f"early {n}")
    tab.until("state.messages.filter((message) => message.state === 'sent').length === 7")
    tab.page.close()
    tab = world.tab().arrive()
    world.post.desk_comes_back()
    tab.until("state.messages.every((message) => message.state === 'at_desk')")
    assert sorted(world.post.desk.texts) == sorted(f"early {n}" for n in range(12))
    assert world.post.desk.refused == []


def test_messages_from_the_desk_while_the_page_was_closed_are_there_once(world: World) -> None:
    tab = world.talking()
    tab.page.close()
    for n in range(3):
        world.post.say(Kind.TEXT, {"text": f"answer {n}"})
    again = world.tab().arrive()
    again.until("state.messages.length === 4")
    assert [text for text, _ in again.texts()] == ["first", "answer 0", "answer 1", "answer 2"]
    again.page.close()
    third = world.tab().arrive()
    third.until("state.connection === 'online'")
    until(third.page, lambda: world.post.to_patient == {}, "TAKEN lets the gateway delete them")
    assert len(third.texts()) == 4


def test_the_assistant_is_turned_off_and_on(world: World) -> None:
    tab = world.talking()
    assert tab.state["assistant"] is True
    tab.act("set_assistant", False)
    state = tab.until("state.messages[1]?.state === 'at_desk'")
    assert (state["assistant"], state["messages"][1]["kind"]) == (False, "event")
    tab.act("set_assistant", True)
    tab.until("state.messages[2]?.state === 'at_desk'")
    assert world.post.desk.heard[-2:] == [("withdraw", {}), ("assistant", {"on": True})]


def test_the_receipt_is_countersigned_and_checked_without_a_network(world: World) -> None:
    tab = world.talking()
    signed, desk = world.post.desk.receipt, world.post.desk.office.desk()
    checked = tab.act("receipt_check")
    assert (checked["ok"], checked["is_countersigned"]) == (True, False)
    world.post.say(Kind.RECEIPT, countersign(signed, desk.signer))
    tab.until("state.receipt.countersigned !== null")
    tab.page.context.set_offline(True)
    checked = tab.act("receipt_check")
    assert (checked["ok"], checked["is_signed"], checked["is_countersigned"]) == (True, True, True)
    assert checked["receipt"]["language"] == "en"


def test_a_pin_locks_the_conversation_and_wrong_tries_must_wait(world: World) -> None:
    tab = world.talking()
    assert tab.page.evaluate("engine.set_pin('12345').catch((error) => error.code)") == "pin"
    tab.act("set_pin", "correct horse")
    assert tab.state["has_pin"] is True
    tab.page.close()
    at_ms = now_ms()
    tab = world.tab(at_ms).arrive()
    assert (tab.state["stage"], tab.state["messages"]) == ("locked", [])
    results = [tab.act("unlock", f"wrong {n}") for n in range(5)]
    assert [result["ok"] for result in results] == [False] * 5
    assert results[-1]["wait_ms"] > 10_000
    assert tab.act("unlock", "correct horse")["ok"] is False, "too early, right or wrong"
    tab.page.close()
    tab = world.tab(at_ms).arrive()
    assert tab.act("unlock", "correct horse")["ok"] is False, "a reload gives no try back"


def test_a_pin_opens_the_conversation_again(world: World) -> None:
    tab = world.talking()
    tab.act("set_pin", "correct horse")
    tab.page.close()
    tab = world.tab().arrive()
    assert tab.act("unlock", "correct horse")["ok"] is True
    tab.until("state.connection === 'online'")
    assert tab.texts() == [("first", "at_desk")]
    tab.act("set_pin", None)
    tab.page.close()
    assert world.tab().arrive().state["stage"] == "chat"


def test_nothing_of_a_conversation_lies_open_in_the_browser(world: World) -> None:
    tab = world.talking()
    tab.act("send", "canary in clear")
    tab.until("state.messages[1]?.state === 'at_desk'")
    kept = tab.page.evaluate(READ_ALL)
    assert len(kept) > 4
    assert not [text for text in kept if "canary" in text]
    assert tab.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_two_tabs_that_open_a_fresh_link_together_share_one_conversation(world: World) -> None:
    tabs = [world.tab(), world.tab()]
    for tab in tabs:
        tab.page.goto(f"{world.base}/c{world.link}")
        tab.page.evaluate("() => { window.opening = import('/engine/engine.mjs').then((it) => it.Engine.open()); }")
    for tab in tabs:
        tab.page.evaluate("async () => { window.engine = await window.opening; }")
        assert tab.state["stage"] == "notice"
    tabs[1].consent()
    tabs[0].act("send", "from the other")
    for tab in tabs:
        tab.until("state.messages[0]?.state === 'at_desk'")
        tab.page.close()
    again = world.tab().arrive(world.link)
    assert again.texts() == [("from the other", "at_desk")]


def test_somebody_who_forgot_the_pin_can_still_delete_what_is_here(world: World) -> None:
    first = world.talking()
    first.act("set_pin", "correct horse")
    second = world.tab().arrive()
    assert second.state["stage"] == "locked"
    second.act("forget")
    assert second.state["stage"] == "no_link"
    first.until("state.stage === 'no_link'")
    assert second.page.evaluate(READ_ALL) == []


def test_unsent_words_survive_a_reload_and_go_with_the_message(world: World) -> None:
    tab = world.talking()
    tab.act("set_draft", "half a sent")
    tab.page.close()
    tab = world.tab().arrive()
    assert tab.state["draft"] == "half a sent"
    tab.act("send", "half a sentence")
    tab.page.close()
    assert world.tab().arrive().state["draft"] == ""


def test_a_link_that_the_gateway_has_not_heard_of_yet_is_not_called_taken_back(world: World) -> None:
    other = Invitation(b"o" * 16, b"x" * 32, INVITATION.fingerprint)
    state = world.tab().arrive("#" + other.link("https://host").split("#")[1]).state
    assert (state["stage"], state["reason"]) == ("refused", "unknown")


def test_a_link_that_goes_while_the_notice_is_read_says_so_at_the_next_look(world: World) -> None:
    tab = world.tab().arrive(world.link)
    assert tab.state["stage"] == "notice"
    world.post.is_closed = True
    for _ in range(2):
        tab.page.reload()
        tab.page.evaluate(OPEN)
        assert tab.state["stage"] == "revoked"
    assert tab.page.evaluate(READ_ALL) == []


def test_texts_of_hellos_that_no_desk_could_open_travel_again_in_frames(world: World) -> None:
    world.post.desk.is_away = True
    tab = world.tab().arrive(world.link)
    tab.consent()
    for n in range(3):
        tab.act("send", f"early {n}")
    tab.until("state.messages.filter((message) => message.state === 'sent').length === 3")
    del world.post.frames[:-1]
    world.post.desk_comes_back()
    tab.until("state.messages.every((message) => message.state === 'at_desk')")
    assert sorted(world.post.desk.texts) == ["early 0", "early 1", "early 2"]
    assert [text for text, _ in tab.texts()] == ["early 0", "early 1", "early 2"]
    assert world.post.desk.receipt is None, "it stood in the first hello, which the gateway lost"
    world.goes_away(tab)
    world.post.is_down = False
    tab.act("send", "and now")
    tab.until("state.messages.every((message) => message.state === 'at_desk')")
    assert world.post.desk.receipt is not None, "the consent goes again until a desk names it"


def test_when_the_office_could_not_be_reached_the_same_tab_may_try_again(world: World) -> None:
    world.post.document = lambda: b"not yet"
    tab = world.tab().arrive(world.link)
    assert (tab.state["stage"], tab.state["reason"]) == ("refused", "malformed")
    assert "#" not in tab.page.evaluate("location.href")
    world.post.document = None
    tab.page.reload()
    tab.page.evaluate(OPEN)
    assert tab.state["stage"] == "notice"
    tab.consent()
    assert tab.page.evaluate("history.state") is None


def test_without_a_link_the_page_still_knows_whose_it_is(world: World) -> None:
    assert world.tab().arrive("#1.x.y.z").state["office"]["phone"] == "+353 1 555 0100"
    wrong = INVITATION.link("https://host").split("#")[1].rsplit(".", 1)[0] + "." + "A" * 27
    assert world.tab().arrive("#" + wrong).state["office"] is None, "not when it is another's page than the link says"


def test_only_what_arrived_has_been_read(world: World) -> None:
    tab = world.talking()
    world.post.holds_back = 1
    tab.act("send", "kept back by the gateway")
    tab.until("state.messages[1]?.state === 'sent'")
    third = tab.act("send", "arrived")
    tab.until("state.messages[2]?.state === 'sent'")
    world.post.say(Kind.READ, {"up_to": from_base64(third)})
    state = tab.until("state.messages[2].state === 'read'")
    assert [message["state"] for message in state["messages"]] == ["read", "sent", "read"]


def test_a_second_tab_follows_and_takes_over(world: World) -> None:
    first = world.talking()
    second = world.tab().arrive()
    second.until("state.connection === 'online'")
    assert len(world.post.lines) == 1, "one tab holds the line"
    second.act("send", "from the second")
    for tab in (first, second):
        tab.until("state.messages[1]?.state === 'at_desk'")
    world.post.say(Kind.TEXT, {"text": "to both"})
    for tab in (first, second):
        tab.until("state.messages[2]?.text === 'to both'")
    first.page.close()
    second.act("send", "alone")
    second.until("state.messages[3]?.state === 'at_desk'")
    assert world.post.desk.texts == ["first", "from the second", "alone"]
    assert world.post.desk.alarms == []


@pytest.mark.parametrize("size", [1, 70_000, 300_000])
def test_attachments_go_both_ways(world: World, size: int) -> None:
    tab = world.talking()
    tab.page.evaluate(ATTACH, size)
    state = tab.until("state.messages[1]?.state === 'at_desk'")
    assert state["messages"][1]["file"] == FILE | {"size": size}
    kind, content = world.post.desk.heard[-1]
    data = bytes(i * i % 251 for i in range(size))
    pieces = [world.post.blobs[content["blob"], n][1] for n in range(content["chunks"])]
    assert kind == "file"
    assert open_file(content, pieces) == data
    sealed = seal_file(data[::-1])
    for n, piece in enumerate(sealed.chunks):
        world.post.blobs[sealed.blob, n] = (len(sealed.chunks), piece)
    world.post.say(Kind.FILE, sealed.content("scan.html", "text/html"))
    identity = tab.until("state.messages.length === 3")["messages"][2]["id"]
    expected = ["application/octet-stream", size, hashlib.sha256(data[::-1]).hexdigest()]
    assert tab.page.evaluate(FETCH, identity) == expected
    world.post.blobs.clear()
    assert tab.page.evaluate(FETCH, identity) == expected, "kept here, sealed"


def test_a_file_is_at_the_desk_when_the_desk_says_so_and_not_before(world: World) -> None:
    tab = world.talking()
    world.post.desk.is_slow_with_files = True
    tab.page.evaluate(ATTACH, 70_000)
    tab.until("state.messages[1]?.state === 'sent'")
    after = tab.act("send", "after the file")
    tab.until("state.messages[2].state === 'at_desk'")
    world.post.say(Kind.READ, {"up_to": from_base64(after)})
    state = tab.until("state.messages[2].state === 'read'")
    assert state["messages"][1]["state"] == "sent", "whoever read the words about it need not have the file"
    world.post.answer_files()
    tab.until("state.messages[1].state === 'read'")


def test_a_file_that_the_gateway_lost_goes_again_by_itself_in_its_place(world: World) -> None:
    tab = world.talking()
    world.post.desk.is_slow_with_files = True
    tab.page.evaluate(ATTACH, 70_000)
    tab.until("state.messages[1]?.state === 'sent'")
    tab.act("send", "after the file")
    tab.until("state.messages[2].state === 'at_desk'")
    world.post.blobs.clear()
    world.post.desk.is_slow_with_files = False
    world.post.answer_files()
    tab.until("state.messages[1].state === 'at_desk'")
    assert [message["kind"] for message in tab.state["messages"]] == ["text", "file", "text"]
    (_, first), (_, second) = [each for each in world.post.desk.heard if each[0] == "file"]
    assert first["blob"] != second["blob"]
    assert first["key"] != second["key"]
    assert tab.page.evaluate(FETCH, tab.state["messages"][1]["id"])[1] == 70_000, (
        "it can be looked at here all the same"
    )


def test_a_file_that_is_lost_again_and_again_waits_for_a_wish(world: World) -> None:
    tab = world.talking()
    world.post.desk.has_file = lambda _file: False
    tab.page.evaluate(ATTACH, 1_000)
    state = tab.until("state.messages[1]?.file.is_lost")
    assert state["messages"][1]["state"] == "waiting"
    assert len([kind for kind, _ in world.post.desk.heard if kind == "file"]) == 4, "three times by itself"
    world.post.desk.has_file = lambda _file: True
    tab.act("send_again", state["messages"][1]["id"])
    state = tab.until("state.messages[1].state === 'at_desk'")
    assert state["messages"][1]["file"] == FILE | {"size": 1_000}


def test_a_file_of_the_desk_is_said_to_be_here_once_it_is(world: World) -> None:
    tab = world.talking()
    sealed = seal_file(b"for you")
    world.post.blobs[sealed.blob, 0] = (1, sealed.chunks[0])
    world.post.say(Kind.FILE, sealed.content("how.pdf", "application/pdf"))
    identity = tab.until("state.messages.length === 2")["messages"][1]["id"]
    assert "fetched" not in [kind for kind, _ in world.post.desk.heard], "nobody wished to have it yet"
    tab.page.evaluate(FETCH, identity)
    tab.page.evaluate(FETCH, identity)
    tab.act("send", "thank you")
    tab.until("state.messages[2]?.state === 'at_desk'")
    assert world.post.desk.heard[1:] == [("fetched", {"id": from_base64(identity)}), ("text", {"text": "thank you"})]


@pytest.mark.parametrize("is_there", [False, True], ids=["gone", "other bytes"])
def test_a_file_of_the_desk_that_cannot_be_had_is_asked_for_once(world: World, *, is_there: bool) -> None:
    tab = world.talking()
    sealed = seal_file(b"for you")
    if is_there:
        world.post.blobs[sealed.blob, 0] = (1, seal_file(b"another").chunks[0])
    file = sealed.content("how.pdf", "application/pdf")
    world.post.say(Kind.FILE, file)
    identity = tab.until("state.messages.length === 2")["messages"][1]["id"]
    for _ in range(2):
        assert tab.page.evaluate("(id) => engine.fetch(id).then(() => null, ({ code }) => code)", identity) == "asked"
    tab.until("state.messages[1].file.is_asked")
    until(tab.page, lambda: ("missing", {"id": from_base64(identity)}) in world.post.desk.heard, "it is asked for")
    world.post.blobs[sealed.blob, 0] = (1, sealed.chunks[0])
    with world.post.guard:
        desk = world.post.desk
        desk.session, again = desk.session.send(Kind.FILE, file, now_ms(), message_id=from_base64(identity))
        world.post.push(again.frame)
    tab.until("!state.messages[1].file.is_asked")
    assert tab.page.evaluate(FETCH, identity)[1] == len(b"for you")
    tab.act("send", "thank you")
    tab.until("state.messages[2]?.state === 'at_desk'")
    assert [kind for kind, _ in desk.heard] == ["text", "missing", "fetched", "text"]


def test_a_broken_upload_starts_again_under_a_new_key(world: World) -> None:
    tab = world.talking()
    world.goes_away(tab)
    tab.page.evaluate(ATTACH, 300_000)
    world.post.breaks_at = 3
    world.post.is_down = False
    tab.until("state.messages[1]?.file.progress > 0 && state.connection !== 'online'")
    broken = {blob for blob, _ in world.post.blobs}
    tab.page.close()
    world.post.is_down = False
    tab = world.tab().arrive()
    tab.until("state.messages[1]?.state === 'at_desk'")
    content = world.post.desk.heard[-1][1]
    assert len(broken) == 1
    assert content["blob"] not in broken
    assert world.post.dropped == [*broken], "what was begun takes no room at the gateway"


def test_a_lost_frame_is_told_after_thirty_seconds_and_forgotten_when_it_comes(world: World) -> None:
    tab = world.talking()
    tab.page.close()
    tab = world.tab()
    tab.page.clock.install()
    tab.arrive()
    lost = world.post.desk.say(Kind.TEXT, {"text": "held back"})
    world.post.say(Kind.TEXT, {"text": "second"})
    tab.until("state.messages.length === 2")
    assert tab.state["alarm"] is None
    tab.page.clock.run_for(45_000)
    tab.until("state.alarm === 'gap'")
    world.post.push(lost)
    tab.until("state.messages.length === 3")
    assert [text for text, _ in tab.texts()] == ["first", "held back", "second"], "in the order of the desk"
    tab.until("state.alarm === null")


def test_a_message_that_a_speaking_desk_does_not_have_is_told_and_forgotten_when_it_arrives(world: World) -> None:
    world.talking().page.close()
    tab = world.tab()
    tab.page.clock.install()
    tab.arrive()
    tab.until("state.connection === 'online'")
    world.post.holds_back = 1
    tab.act("send", "kept back")
    tab.until("state.messages[1].state === 'sent'")
    tab.page.clock.run_for(45_000)
    world.post.say(Kind.TEXT, {"text": "are you there?"})
    tab.until("state.messages.length === 3")
    assert tab.state["alarm"] is None, "it may have been on its way"
    tab.page.clock.run_for(45_000)
    tab.until("state.alarm === 'withheld'")
    world.post.desk_comes_back()
    tab.until("state.messages.find((message) => message.text === 'kept back').state === 'at_desk'")
    tab.until("state.alarm === null")


def test_a_desk_that_says_nothing_may_be_closed_and_alarms_nobody(world: World) -> None:
    world.talking().page.close()
    tab = world.tab()
    tab.page.clock.install()
    tab.arrive()
    tab.until("state.connection === 'online'")
    world.post.desk.is_away = True
    tab.act("send", "good night")
    tab.until("state.messages[1].state === 'sent'")
    for _ in range(3):
        tab.page.clock.run_for(60_000)
    assert tab.state["alarm"] is None


def test_what_a_hostile_gateway_sends_changes_nothing(world: World) -> None:
    tab = world.talking()
    before = tab.texts()
    good = world.post.desk.say(Kind.TEXT, {"text": "good"})
    for place in (0, 1, 5, 20, 37, 60, 100, len(good) - 1):
        world.post.push(good[:place] + bytes((good[place] ^ 1,)) + good[place + 1 :])
    world.post.push(world.post.frames[0])
    world.post.push(bytes(len(good)))
    world.post.push(good)
    tab.until("state.messages.length > 1")
    assert tab.texts() == [*before, ("good", "at_desk")], "what came before it was dropped"
    world.post.push(good)
    world.post.say(Kind.TEXT, {"text": "after the replay"})
    tab.until("state.messages.at(-1).text === 'after the replay'")
    assert len(tab.texts()) == 3, "a replay shows nothing twice"


def test_a_text_that_no_frame_can_hold_is_refused_before_it_is_kept(world: World) -> None:
    tab = world.talking()
    refusal = "(text) => engine.send(text).then(() => null, (error) => error.code)"
    assert tab.page.evaluate(refusal, "") == "schema"
    assert tab.page.evaluate(refusal, "a" * 12_001) == "schema"
    assert tab.page.evaluate(refusal, '"' * 12_000) == "too_long"
    assert tab.page.evaluate(refusal, "a" * 12_000) is None
    tab.until("state.messages.length === 2 && state.messages[1].state === 'at_desk'")


def test_a_profile_that_was_put_back_uses_no_key_twice_and_the_desk_notices(world: World) -> None:
    tab = world.talking()
    tab.page.evaluate(SNAPSHOT)
    tab.act("send", "before the copy was put back")
    tab.until("state.messages[1]?.state === 'at_desk'")
    tab.page.evaluate(RESTORE)
    tab.page.evaluate(OPEN)
    tab.until("state.connection === 'online'")
    assert tab.texts() == [("first", "at_desk")]
    tab.act("send", "another history")
    tab.until("state.messages.at(-1).state === 'at_desk'")
    places = [(read_envelope(frame).chain, read_envelope(frame).number) for frame in world.post.frames]
    assert len(set(places)) == len(places)
    assert Alarm.FORK in world.post.desk.alarms


def test_two_histories_of_one_desk_raise_the_alarm_and_a_new_generation(world: World) -> None:
    tab = world.talking()
    desk = world.post.desk
    assert desk.session is not None
    clone = desk.session.fresh_chain()
    world.post.say(Kind.TEXT, {"text": "mine"})
    _, sealed = clone.send(Kind.TEXT, {"text": "the other's"}, now_ms())
    world.post.push(sealed.frame)
    tab.until("state.alarm === 'fork'")
    tab.act("send", "after")
    tab.until("state.messages.at(-1).state === 'at_desk'")
    tab.act("dismiss_alarm")
    assert tab.until("state.alarm === null")["stage"] == "chat"
    a_second_generation_stands(tab, desk)


def test_the_desk_asks_for_a_new_generation_and_nothing_is_lost(world: World) -> None:
    tab = world.talking()
    world.post.desk.office = world.post.desk.office.with_next_card()
    world.post.say(Kind.RENEW, {})
    tab.act("send", "meanwhile")
    tab.until("state.messages.every((message) => message.state === 'at_desk')")
    a_second_generation_stands(tab, world.post.desk)
    world.post.say(Kind.TEXT, {"text": "under new keys"})
    tab.until("state.messages.at(-1).text === 'under new keys'")
    assert world.post.desk.refused == []


def test_papers_of_another_office_later_block_sending(world: World) -> None:
    first = world.talking()
    first.page.close()
    other = AnotherOffice()
    other.renew_card(now_ms() // 1_000)
    world.post.document = other.document_json
    tab = world.tab().arrive()
    tab.until("state.alarm === 'changed'")
    tab.act("send", "to whom?")
    assert tab.until("state.messages.length === 2")["messages"][1]["state"] == "waiting"
    world.post.document = None
    tab.until("state.messages[1].state === 'at_desk'")
    assert tab.state["alarm"] is None


def test_ending_is_told_and_the_words_stay_readable(world: World) -> None:
    tab = world.talking()
    tab.act("end")
    state = tab.until("state.stage === 'ended' && state.messages[1].state === 'at_desk'")
    assert state["messages"][0]["text"] == "first"
    assert world.post.desk.heard[-1] == ("end", {})


def test_the_desk_ends_the_conversation(world: World) -> None:
    tab = world.talking()
    world.post.say(Kind.END, {})
    assert tab.until("state.stage === 'ended'")["messages"][1]["text"] == "ended_by_desk"


def test_deletion_is_asked_for_and_then_nothing_is_left_here(world: World) -> None:
    tab = world.talking()
    tab.act("ask_erase")
    assert tab.until("state.is_erase_asked && state.messages[1].state === 'at_desk'")["stage"] == "chat"
    world.post.say(Kind.ERASED, {})
    assert tab.until("state.stage === 'erased'")["messages"] == []
    assert tab.page.evaluate(READ_ALL) == []


def test_forgetting_leaves_nothing_in_any_tab(world: World) -> None:
    first = world.talking()
    second = world.tab().arrive()
    second.act("forget")
    first.until("state.stage === 'no_link'")
    assert second.page.evaluate(READ_ALL) == []


def test_a_visitor_comes_through_the_open_door(world: World) -> None:
    office = Office(now_s=now_ms() // 1000, open_door=True)
    world.post.desk.office = office
    tab = world.tab()
    tab.page.goto(f"{world.base}/")
    tab.page.evaluate(OPEN)
    assert tab.state["stage"] == "notice"
    tab.consent(assistant=False)
    tab.act("send", "hello?")
    tab.until("state.messages[0]?.state === 'at_desk'")
    assert world.post.desk.texts == ["hello?"]
    assert tab.state["assistant"] is False


def test_a_browser_that_may_not_run_webassembly_is_told_so(world: World) -> None:
    tab = world.tab()
    tab.page.add_init_script("WebAssembly.instantiate = () => Promise.reject(new Error('policy'))")
    tab.arrive(world.link)
    assert (tab.state["stage"], tab.state["reason"]) == ("refused", "browser")


def test_when_nothing_can_be_kept_nothing_is_sent(world: World) -> None:
    tab = world.talking()
    before = len(world.post.frames)
    tab.page.evaluate("() => { engine.vault.write = () => Promise.reject(Object.assign(new Error('store'))); }")
    assert tab.page.evaluate("engine.send('lost').then(() => null, () => 'failed')") == "failed"
    assert len(world.post.frames) == before
    assert tab.texts() == [("first", "at_desk")]
