"""Gateways that lie, drip, hang and flood, over a real connection: a code, no crash, no change, and another try."""

import itertools
import socket
import time

import pytest
from wsproto.events import AcceptConnection, Message, Ping, Request

from app.domain.post import MAX_REPLY_BYTES, No, NoCode, Ok, Pushed, decode_request, encode
from app.domain.post_sign_in import DeskSignIn
from tests.support.linking import linked_console
from tests.support.lying_gateways import Accepted, Behave, lying_gateway
from tests.support.post import make_frame

pytestmark = pytest.mark.loopback

WHO = DeskSignIn(bytes(32), bytes(range(32)))
HASTE = {"ping_s": 0.2, "silent_s": 1.0, "answer_s": 0.8}


def end_of(behave: Behave, **times: float) -> str:
    """Return the code with which a connection to such a gateway ended; the console survived and tried again."""
    with lying_gateway(behave) as lying, linked_console(lying.host, lying.port, WHO, times=HASTE | times) as console:
        code: str = console.wait_for(lambda one: one.get("state") in {"waiting", "refused"})["code"]
        seen = len(console.told)
        console.order("retry")
        console.wait_for_state("dialling", since=seen)
        assert console.frames == []
        assert console.look()["internet"] == []
    return code


def close_at_once(_accepted: Accepted) -> None:
    return


def say_nothing(accepted: Accepted) -> None:
    accepted.wait_for_end()


def send_headers_without_end(accepted: Accepted) -> None:
    accepted.socket.sendall(b"HTTP/1.1 101 Switching Protocols\r\n")
    for number in itertools.count():
        accepted.socket.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def drip_headers(accepted: Accepted) -> None:
    for byte in itertools.cycle(b"HTTP/1.1 101 Switching Protocols\r\nX: y\r\n"):
        accepted.socket.sendall(bytes((byte,)))
        time.sleep(0.05)


def drip_a_message(accepted: Accepted) -> None:
    accepted.let_in()
    accepted.socket.sendall(b"\x82\x7e\xff\xff")
    while True:
        accepted.socket.sendall(b"x")
        time.sleep(0.05)


def speak_garbage(accepted: Accepted) -> None:
    accepted.socket.sendall(b"\x16\x03\x01 no gateway\r\n\r\n" * 100)
    accepted.wait_for_end()


def be_a_web_page(accepted: Accepted) -> None:
    accepted.next_of(Request)
    accepted.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    accepted.wait_for_end()


def never_answer_the_sign_in(accepted: Accepted) -> None:
    accepted.next_of(Request)
    accepted.send(AcceptConnection())
    accepted.wait_for_end()


def let_in_and_hang(accepted: Accepted) -> None:
    accepted.let_in()
    time.sleep(30)


def send_a_message_of_no_kind(accepted: Accepted) -> None:
    accepted.let_in()
    accepted.post(b"\xff" * 100)
    accepted.wait_for_end()


def send_a_message_without_end(accepted: Accepted) -> None:
    accepted.let_in()
    accepted.send(Message(data=bytes(1000), message_finished=False))
    for _ in range(0, 4 * MAX_REPLY_BYTES, 65_536):
        accepted.send(Message(data=bytes(65_536), message_finished=False))
    accepted.wait_for_end()


def answer_nothing(accepted: Accepted) -> None:
    accepted.let_in()
    while True:
        accepted.next_of(Ping)


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (close_at_once, "closed"),
        (say_nothing, "silent"),
        (send_headers_without_end, "not_a_gateway"),
        (drip_headers, "silent"),
        (drip_a_message, "silent"),
        (speak_garbage, "not_a_gateway"),
        (be_a_web_page, "not_a_gateway"),
        (never_answer_the_sign_in, "silent"),
        (let_in_and_hang, "silent"),
        (send_a_message_of_no_kind, "malformed"),
        (send_a_message_without_end, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_hostile_gateway_gets_a_code_and_nothing_else(behave: Behave, code: str) -> None:
    is_before_sign_in = behave in {say_nothing, drip_headers, never_answer_the_sign_in}
    assert end_of(behave, **({"sign_in_s": 0.4} if is_before_sign_in else {})) == code


def test_when_a_request_is_never_answered_then_its_future_fails_and_the_link_dials_anew() -> None:
    with (
        lying_gateway(answer_nothing) as lying,
        linked_console(lying.host, lying.port, WHO, times=HASTE) as console,
    ):
        console.wait_for_state("on")
        with pytest.raises(LookupError, match="link_down no_answer"):
            console.ask("put", bytes(16), make_frame())
        assert console.wait_for_state("waiting")["code"] == "no_answer"
        assert lying.accepted >= 1


def test_answers_that_nobody_asked_for_change_nothing_and_wrong_ones_end_it() -> None:
    def lie(accepted: Accepted) -> None:
        accepted.let_in()
        accepted.post(encode(Ok(999)))
        accepted.post(encode(No(998, NoCode.FULL)))
        asked = decode_request(accepted.next_message())
        accepted.post(encode(Ok(asked.req, b"not a seq")))
        accepted.wait_for_end()

    with lying_gateway(lie) as lying, linked_console(lying.host, lying.port, WHO) as console:
        console.wait_for_state("on")
        with pytest.raises(LookupError, match=r"^malformed"):
            console.ask("put", bytes(16), make_frame())
        assert console.wait_for_state("waiting")["code"] == "malformed"


def test_holdings_that_never_end_or_are_none_are_refused() -> None:
    def lie(accepted: Accepted) -> None:
        accepted.let_in()
        page = b'{"v":1,"now_ms":1,"more":true,"closed":0,"disk_bytes":0,"mailboxes":[]}'
        while True:
            accepted.post(encode(Ok(decode_request(accepted.next_message()).req, page)))

    with lying_gateway(lie) as lying, linked_console(lying.host, lying.port, WHO) as console:
        console.wait_for_state("on")
        with pytest.raises(LookupError, match=r"^malformed"):
            console.ask("holdings")


def test_a_flood_of_frames_reaches_the_desk_in_order_and_no_memory_is_lost() -> None:
    address, frames = bytes(16), [make_frame(number, size=3) for number in range(256)]

    def flood(accepted: Accepted) -> None:
        accepted.let_in()
        for seq, frame in enumerate(frames):
            accepted.post(encode(Pushed(address, seq, frame)))
        accepted.wait_for_end()

    with lying_gateway(flood) as lying, linked_console(lying.host, lying.port, WHO) as console:
        console.wait_for(lambda one: "frame" in one and one["frame"][1] == len(frames) - 1)
        assert [frame for _, _, frame in console.frames] == [frame.hex() for frame in frames]


def test_a_connection_whose_other_end_vanished_is_noticed_and_replaced() -> None:
    """Half open: no reset, no end, no answer; the network swallowed the other side."""
    honest = itertools.count()

    def vanish_once(accepted: Accepted) -> None:
        accepted.let_in()
        if next(honest) == 0:
            time.sleep(30)
        answer_pings(accepted)

    def answer_pings(accepted: Accepted) -> None:
        while True:
            accepted.next_of(Ping)

    with lying_gateway(vanish_once) as lying, linked_console(lying.host, lying.port, WHO, times=HASTE) as console:
        console.wait_for_state("on")
        seen = len(console.told)
        assert console.wait_for_state("waiting")["code"] == "silent"
        console.wait_for_state("on", since=seen)
        assert lying.accepted >= 2


def test_a_network_that_flaps_is_dialled_with_growing_delays_and_never_twice_at_once() -> None:
    def drop(accepted: Accepted) -> None:
        accepted.let_in()
        accepted.socket.shutdown(socket.SHUT_RDWR)

    with lying_gateway(drop) as lying, linked_console(lying.host, lying.port, WHO) as console:
        seen = 0
        for _ in range(4):
            console.wait_for_state("on", since=seen)
            seen = console.told.index(console.wait_for_state("waiting", since=seen), seen) + 1
        phases = [one["state"] for one in console.told if "state" in one]
    assert lying.accepted <= phases.count("dialling")
    assert all(pair != ("dialling", "dialling") for pair in itertools.pairwise(phases))
