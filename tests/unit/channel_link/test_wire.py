"""The desk's side of the wire against a gateway that is kind, slow or hostile: events and codes, no exception."""

import json
import random

import pytest
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, Pong, RejectConnection

from app.channel.link.errors import LinkCode
from app.channel.link.secure import client_context
from app.channel.link.trust import is_loopback
from app.channel.link.wire import Alive, Arrived, Ended, SignedInEvent, Wire
from app.domain.post import MAX_REPLY_BYTES, No, NoCode, Ok, Pushed, Put, decode_request, encode
from app.domain.post_sign_in import DeskSignIn, SignInCode, decode_sign_in
from tests.support.certificates import make_certificate
from tests.support.hostile_gateway import MemoryGateway, welcome
from tests.support.post import make_frame

_WHO = DeskSignIn(bytes(32), bytes(range(32)))
_ADDRESS = b"a" * 16
_PUSHED = encode(Pushed(_ADDRESS, 7, make_frame()))


@pytest.fixture
def wire() -> Wire:
    return Wire("127.0.0.1", 8470, None, _WHO)


@pytest.fixture
def gateway(wire) -> MemoryGateway:
    return MemoryGateway(wire)


def test_it_asks_signs_in_and_hands_messages_over(wire, gateway):
    assert welcome(gateway) == [SignedInEvent(5)]
    assert gateway.heard[0].target == "/ws"
    assert gateway.heard[0].host == "127.0.0.1:8470"
    assert gateway.heard[0].extensions == []
    assert [decode_sign_in(text) for text in gateway.texts()] == [_WHO]
    assert gateway.say(Message(data=_PUSHED)) == [Arrived(_PUSHED)]
    request = Put(3, _ADDRESS, make_frame())
    wire.post(encode(request))
    gateway.run()
    assert [decode_request(raw) for raw in gateway.messages()] == [request]


def test_over_tls_it_is_the_same(tmp_path):
    certificate = make_certificate(tmp_path, "gateway.example")
    wire = Wire("gateway.example", 443, client_context(certificate.chain.read_text()), _WHO)
    gateway = MemoryGateway(wire, certificate)
    assert welcome(gateway) == [SignedInEvent(5)]
    big = encode(Ok(1, bytes(200_000)))
    assert gateway.say(Message(data=big)) == [Arrived(big)]
    assert gateway.heard[0].host == "gateway.example:443"


@pytest.mark.parametrize("step", [1, 2, 3, 7, 50])
def test_bytes_may_come_in_any_pieces(wire, gateway, step):
    welcome(gateway)
    raw = gateway._socket.send(Message(data=_PUSHED)) + gateway._socket.send(Ping()) + gateway._socket.send(Pong())
    found = gateway.say_raw(raw, range(step, len(raw), step))
    assert found == [Arrived(_PUSHED), Alive(), Alive()]


def test_a_message_in_fragments_is_one_message(wire, gateway):
    welcome(gateway)
    pieces = [_PUSHED[:100], _PUSHED[100:101], _PUSHED[101:]]
    found = []
    for number, piece in enumerate(pieces):
        found += gateway.say(Message(data=piece, message_finished=number == 2))
    assert found == [Arrived(_PUSHED)]


def test_pings_go_both_ways(wire, gateway):
    wire.ping()
    welcome(gateway)
    assert gateway.say(Ping(payload=b"x")) == [Alive()]
    gateway.run()
    wire.ping()
    gateway.run()
    assert [type(event).__name__ for event in gateway.heard[-2:]] == ["Pong", "Ping"]


@pytest.mark.parametrize("code", SignInCode)
def test_every_refusal_has_its_code(gateway, code):
    found = welcome(gateway, json.dumps({"v": 1, "ok": False, "code": code.value}))
    assert found == [Ended(LinkCode(f"sign_in_{code.value}"))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", LinkCode.MALFORMED),
        ("{}", LinkCode.MALFORMED),
        ('{"v":1,"ok":true}', LinkCode.MALFORMED),
        ('{"v":1,"ok":true,"now_ms":1,"now_ms":2}', LinkCode.MALFORMED),
        ('{"v":1,"ok":false,"code":"please"}', LinkCode.MALFORMED),
        (" " * 2_000, LinkCode.TOO_LARGE),
    ],
)
def test_a_malformed_answer_to_the_sign_in_ends_it(gateway, text, code):
    assert welcome(gateway, text) == [Ended(code)]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("a second text", LinkCode.MALFORMED),
        (b"", LinkCode.MALFORMED),
        (b"\x01" + bytes(40), LinkCode.MALFORMED),
        (_PUSHED[:30], LinkCode.MALFORMED),
        (bytes((129,)) + bytes(MAX_REPLY_BYTES), LinkCode.TOO_LARGE),
        (encode(No(1, NoCode.DISK))[:-1] + b"\x63", LinkCode.MALFORMED),
    ],
    ids=["text", "empty", "a client's op", "short", "long", "unknown code"],
)
def test_what_is_no_message_ends_it(gateway, message, code):
    welcome(gateway)
    assert gateway.say(Message(data=message)) == [Ended(code)]


def test_a_message_before_the_answer_ends_it(gateway):
    gateway.accept()
    assert gateway.say(Message(data=_PUSHED)) == [Ended(LinkCode.MALFORMED)]


def test_an_endless_message_ends_before_it_fills_the_memory(gateway):
    welcome(gateway)
    found = []
    for _ in range(20):
        found += gateway.say(Message(data=bytes(60_000), message_finished=False))
    assert found == [Ended(LinkCode.TOO_LARGE)]
    assert len(gateway._wire._message) <= MAX_REPLY_BYTES + 60_000


@pytest.mark.parametrize(
    ("code", "link_code"),
    [
        (1000, LinkCode.CLOSED),
        (1001, LinkCode.CLOSED),
        (1009, LinkCode.TOO_LARGE),
        (1013, LinkCode.BUSY),
        (4000, LinkCode.CLOSED),
    ],
)
def test_the_gateways_goodbye_is_understood_and_answered(gateway, code, link_code):
    welcome(gateway)
    assert gateway.say(CloseConnection(code=code)) == [Ended(link_code)]
    gateway.run()
    assert isinstance(gateway.heard[-1], CloseConnection)


def test_the_end_of_the_network_is_an_end_and_after_it_comes_nothing(wire, gateway):
    welcome(gateway)
    assert wire.receive(b"") == [Ended(LinkCode.CLOSED)]
    assert wire.receive(b"more") == []
    assert wire.receive(b"") == []
    with pytest.raises(RuntimeError):
        wire.post(b"x")


def test_our_own_goodbye_is_said(wire, gateway):
    welcome(gateway)
    wire.close()
    gateway.run()
    assert gateway.heard[-1] == CloseConnection(code=1000, reason="")
    assert not wire.is_open


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", LinkCode.NOT_A_GATEWAY),
        (
            b"HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n",
            LinkCode.NOT_A_GATEWAY,
        ),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", LinkCode.BUSY),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            LinkCode.NOT_A_GATEWAY,
        ),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n", LinkCode.NOT_A_GATEWAY),
        (b"HTTP/1.1 101 X\r\n" + b"A: b\r\n" * 20_000, LinkCode.NOT_A_GATEWAY),
        (b"\0" * 100_000, LinkCode.NOT_A_GATEWAY),
    ],
    ids=["page", "redirect", "bad gateway", "no key", "ssh", "endless headers", "zeros"],
)
def test_what_is_no_gateway_is_told(wire, answer, code):
    assert wire.receive(answer)[-1:] == [Ended(code)]


def test_a_gateway_that_forces_an_extension_or_a_protocol_is_refused(wire, gateway):
    gateway.run()
    accept = gateway._socket.send(AcceptConnection())
    forced = accept.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
    assert wire.receive(forced) == [Ended(LinkCode.NOT_A_GATEWAY)]


def test_a_refused_upgrade_is_told(gateway):
    gateway.run()
    assert gateway.say(RejectConnection(status_code=403)) == [Ended(LinkCode.NOT_A_GATEWAY)]


@pytest.mark.parametrize("host", ["192.0.2.1", "gateway.example", "localhost.example", "127.0.0.1.example", "::2"])
def test_without_tls_it_speaks_to_this_machine_only(host):
    assert not is_loopback(host)
    with pytest.raises(ValueError, match="without TLS"):
        Wire(host, 80, None, _WHO)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_loopback_is_this_machine(host):
    assert is_loopback(host)
    assert b"Host: " in Wire(host, 80, None, _WHO).to_send()


def test_neither_a_token_nor_a_frame_is_ever_printed(wire, gateway):
    welcome(gateway)
    assert repr(wire) == "<Wire open>"
    assert "raw" not in repr(Arrived(_PUSHED))


@pytest.mark.parametrize("seed", range(8))
def test_a_hostile_gateway_gets_an_end_and_never_an_exception(seed):
    chance = random.Random(seed)
    for _ in range(250):
        wire = Wire("127.0.0.1", 1, None, _WHO)
        gateway = MemoryGateway(wire)
        if chance.random() < 0.8:
            welcome(gateway)
        raw = bytearray(gateway._socket.send(Message(data=_PUSHED)) if wire.is_open else chance.randbytes(60))
        for _ in range(chance.randrange(1, 6)):
            raw[chance.randrange(min(len(raw), 40))] = chance.randrange(256)
        sent = bytes(raw) + chance.randbytes(chance.randrange(200))
        events = []
        for start in range(0, len(sent), 37):
            events += wire.receive(sent[start : start + 37])
        events += wire.receive(b"")
        assert sum(isinstance(event, Ended) for event in events) == 1
        assert isinstance(events[-1], Ended)
