"""One connection whose child was taken over, crashed or never came up: a code, every future settled, nothing left."""

import sys
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from app.channel.link.errors import LinkDownError
from app.channel.link.life import Life
from app.channel.link.protocol import FROM_CHILD, TO_CHILD, encoded
from app.channel.link.records import LinkTimes
from app.domain.channel import GatewayPlace
from app.domain.post import Ok, Pushed, Put, encode, seq_of
from app.domain.post_sign_in import DeskSignIn
from app.isolation.child import Fate, SupervisedChild
from app.isolation.orders import Grants
from tests.support.post import make_frame

PLACE = GatewayPlace("127.0.0.1", 1, "", is_tls=False)
WHO = DeskSignIn(bytes(32), bytes(32))
HASTE = LinkTimes(start_s=0.3, sign_in_s=0.2, answer_s=0.3)
UP = "send(2, {'landlock_abi': 1}); send(40, {'now_ms': 1}); "
PUSHED = encoded(encode(Pushed(bytes(16), 1, make_frame())))


class ScriptedChild(SupervisedChild):
    """Misbehaves in place of the confined start."""

    def __init__(self, script: str) -> None:
        super().__init__("link", entry="app.none", grants=Grants(), to_child=TO_CHILD, from_child=FROM_CHILD)
        self._script = script

    def _command(self) -> list[str]:
        head = (
            "import json, struct, sys, time\n"
            "def send(kind, body):\n"
            "    raw = json.dumps(body).encode()\n"
            "    sys.stdout.buffer.write(struct.pack('>IB', len(raw) + 1, kind) + raw)\n"
            "    sys.stdout.buffer.flush()\n"
        )
        return [sys.executable, "-I", "-S", "-c", head + self._script]


def live(script: str, *, frames: list[Any] | None = None) -> tuple[str, SupervisedChild, "Future[int]"]:
    """Return (code of the end, the child, what became of a request that was sent once it was on)."""
    child, future = ScriptedChild(script), Future[int]()
    asked: list[bool] = []

    def on_contact(is_on: bool) -> None:
        if is_on and not asked:
            asked.append(is_on)
            threading.Thread(target=life.ask, args=(Put(0, bytes(16), make_frame()), seq_of, future)).start()

    taken: list[Any] = [] if frames is None else frames
    life = Life(child, HASTE, lambda *one: taken.append(one), on_contact)
    code = life.run(PLACE, WHO)
    if life.on_since_s is None:
        life.ask(Put(0, bytes(16), make_frame()), seq_of, future)
    assert isinstance(future.exception(10), LinkDownError)
    return code, child, future


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("send(4, {'code': 'unresolved'})", "unresolved"),
        ("send(3, {'code': 'landlock_missing'})", "not_confined"),
        ("pass", "worker_died"),
        ("sys.exit(3)", "worker_died"),
        ("time.sleep(60)", "worker_died"),
        ("send(2, {'landlock_abi': 1}); time.sleep(60)", "worker_died"),
        ("send(40, {'now_ms': 1})", "not_confined"),
        (UP + "send(43, {'code': 'closed'})", "closed"),
        (UP + "send(43, {'code': 'a code of its own'})", "worker_died"),
        (UP + "send(41, {'message': 'no base64'})", "worker_died"),
        (UP + "send(41, {'message': 'AAAA'})", "worker_died"),
        (UP + f"send(41, {{'message': {PUSHED[:-8]!r}}})", "worker_died"),
        (UP + "send(99, {})", "worker_died"),
        (UP + "send(40, {'now_ms': -1})", "worker_died"),
        (UP + "sys.stdout.buffer.write(b'\\xff' * 100); sys.stdout.buffer.flush(); time.sleep(60)", "worker_died"),
        (UP + "time.sleep(60)", "no_answer"),
        (UP + "[send(42, {}) for _ in range(1000)]; time.sleep(60)", "no_answer"),
    ],
)
def test_whatever_the_child_does_there_is_a_code_and_no_child_is_left(script: str, code: str) -> None:
    found, child, future = live(script)
    assert found == code
    assert child.close().fate is not Fate.LINGERING
    assert future.exception(0).code == "link_down"  # type: ignore[union-attr]


def test_a_child_that_says_twice_that_it_is_on_changes_nothing() -> None:
    code, _, _ = live(UP + "send(40, {'now_ms': 2}); time.sleep(0.1); send(43, {'code': 'busy'})")
    assert code == "busy"


def test_frames_reach_the_desk_and_answers_to_nothing_do_not() -> None:
    stray = encoded(encode(Ok(77)))
    frames: list[Any] = []
    script = (
        f"{UP}send(41, {{'message': {stray!r}}}); send(41, {{'message': {PUSHED!r}}}); send(43, {{'code': 'closed'}})"
    )
    code, _, _ = live(script, frames=frames)
    assert (code, [(address, seq) for address, seq, _ in frames]) == ("closed", [(bytes(16), 1)])


def test_a_life_can_be_ended_from_any_thread_though_its_child_hangs_with_a_full_pipe() -> None:
    """The child reads nothing; requests fill its pipe, and the writing thread waits in it."""
    child = ScriptedChild(UP + "time.sleep(60)")
    is_on = threading.Event()
    life = Life(child, LinkTimes(), lambda *_one: None, lambda on: is_on.set() if on else None)
    ended: list[str] = []
    running = threading.Thread(target=lambda: ended.append(life.run(PLACE, WHO)))
    running.start()
    assert is_on.wait(20)
    futures = [Future[int]() for _ in range(100)]
    for future in futures:
        life.ask(Put(0, bytes(16), make_frame(size=3)), seq_of, future)
    life.end()
    running.join(20)
    assert ended
    assert all(isinstance(future.exception(0), LinkDownError) for future in futures)
