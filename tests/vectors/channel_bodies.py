"""Vectors of strictness: bodies that are read and bodies that are not, byte by byte."""

import json
from typing import Any

from app.channel.bodies import read_body
from app.channel.kinds import Role
from app.domain.strict_json import to_base64
from tests.support.channel import NOW_MS, Office, fixed

ID = to_base64(fixed("a message", 16))
CHAIN = to_base64(fixed("a chain", 16))
GOOD: dict[str, Any] = {
    "id": ID,
    "prev": "",
    "seen": {CHAIN: 3},
    "clock": 1,
    "at_ms": NOW_MS,
    "kind": "text",
    "content": {"text": "hi"},
}


def _json(**changed: object) -> bytes:
    return json.dumps(GOOD | changed, ensure_ascii=False).encode()


def _raw(old: str, new: str) -> bytes:
    return json.dumps(GOOD).replace(old, new).encode()


def _text(text: str) -> bytes:
    return _json(content={"text": text})


def accepted() -> list[tuple[str, str, bytes]]:
    file = {
        "blob": ID,
        "key": to_base64(bytes(56)),
        "digest": to_base64(bytes(32)),
        "size": 65_537,
        "chunks": 2,
        "name": "scan.pdf",
        "type": "application/pdf",
    }
    return [
        ("patient", "as written", _json()),
        ("patient", "white space and another order", json.dumps(dict(reversed(GOOD.items())), indent=2).encode()),
        ("patient", "escapes", _raw('"hi"', '"\\u00e9\\ud83d\\ude42\\n"')),
        ("patient", "eight chains seen", _json(seen={to_base64(bytes([n] * 16)): 4_095 for n in range(8)})),
        ("patient", "nothing seen", _json(seen={})),
        ("patient", "the largest whole numbers", _json(clock=2**53 - 1, at_ms=2**53 - 1)),
        ("patient", "the longest text", _text("a" * 12_000)),
        ("desk", "an ack of a desk", _json(kind="ack", content={"desks": 64})),
        ("patient", "an ack of a patient", _json(kind="ack", content={})),
        ("patient", "a file", _json(kind="file", content=file)),
        ("patient", "a truth value", _json(kind="assistant", content={"on": True})),
    ]


def refused() -> list[tuple[str, str, bytes]]:
    file = {
        "blob": ID,
        "key": to_base64(bytes(56)),
        "digest": to_base64(bytes(32)),
        "size": 8,
        "chunks": 1,
        "name": "scan.pdf",
        "type": "application/pdf",
    }
    good = _json()

    def of_file(**changed: object) -> bytes:
        return _json(kind="file", content=file | changed)

    return [
        ("patient", "nothing", b""),
        ("patient", "an array", b"[]"),
        ("patient", "a byte-order mark", b"\xef\xbb\xbf" + good),
        ("patient", "not UTF-8", good.replace(b"hi", b"\xff\xfe")),
        ("patient", "UTF-8 of a surrogate", good.replace(b"hi", b"\xed\xa0\x80")),
        ("patient", "an overlong form", good.replace(b"hi", b"\xc0\xaf")),
        ("patient", "UTF-16", json.dumps(GOOD).encode("utf-16")),
        ("patient", "a lone surrogate", _raw('"hi"', '"\\ud800"')),
        ("patient", "a lone low surrogate", _raw('"hi"', '"a\\udc00"')),
        ("patient", "a lone surrogate in a key", _raw(f'"{CHAIN}"', '"\\ud800"')),
        ("patient", "a key twice", good[:-1] + b',"clock":1}'),
        ("patient", "an escaped key twice", good[:-1] + b',"cl\\u006fck":1}'),
        ("patient", "a key twice inside", _raw('{"text": "hi"}', '{"text":"hi","text":"ho"}')),
        ("patient", "a chain twice", _raw(f'{{"{CHAIN}": 3}}', f'{{"{CHAIN}":3,"{CHAIN}":4}}')),
        ("patient", "an unknown key", _json(more=1)),
        ("patient", "an unknown key inside", _json(content={"text": "hi", "more": 1})),
        ("patient", "a prototype", _raw('{"text": "hi"}', '{"text":"hi","__proto__":{}}')),
        ("patient", "a missing key", json.dumps({k: v for k, v in GOOD.items() if k != "prev"}).encode()),
        ("patient", "something behind", good + b"{}"),
        ("patient", "a comma at the end", good[:-1] + b",}"),
        ("patient", "a comment", good + b"//"),
        ("patient", "single quotes", good.replace(b'"', b"'")),
        ("patient", "a raw line break in a string", good.replace(b"hi", b"h\ni")),
        ("patient", "not a number", _raw('"clock": 1', '"clock": NaN')),
        ("patient", "infinity", _raw('"clock": 1', '"clock": Infinity')),
        ("patient", "a fraction", _raw('"clock": 1', '"clock": 1.0')),
        ("patient", "an exponent", _raw('"clock": 1', '"clock": 1e2')),
        ("patient", "a negative number", _raw('"clock": 1', '"clock": -1')),
        ("patient", "a leading zero", _raw('"clock": 1', '"clock": 01')),
        ("patient", "a plus", _raw('"clock": 1', '"clock": +1')),
        ("patient", "a hexadecimal number", _raw('"clock": 1', '"clock": 0x1')),
        ("patient", "a number just too large", _json(clock=2**53)),
        ("patient", "a huge number", _raw('"clock": 1', '"clock": 1' + "0" * 400)),
        ("patient", "a number as a string", _json(clock="1")),
        ("patient", "a truth value as a number", _json(clock=True)),
        ("patient", "null", _json(clock=None)),
        ("patient", "an id too short", _json(id=to_base64(bytes(15)))),
        ("patient", "an id with stray bits", _json(id="A" * 21 + "B")),
        ("patient", "an id with padding", _json(id=ID + "==")),
        ("patient", "an id in the other alphabet", _json(id="+" + ID[1:])),
        ("patient", "a line break in an id", _json(id=ID[:-1] + "\n")),
        ("patient", "a name before it of 32 bytes", _json(prev=to_base64(bytes(32)))),
        ("patient", "nine chains seen", _json(seen={to_base64(bytes([n] * 16)): 1 for n in range(9)})),
        ("patient", "a number seen beyond the last", _json(seen={CHAIN: 4_096})),
        ("patient", "seen as a list", _json(seen=[])),
        ("patient", "a kind unknown", _json(kind="sing", content={})),
        ("patient", "a kind that is no string", _json(kind=1)),
        ("patient", "a kind of the other side", _json(kind="away")),
        ("desk", "a kind of the patient", _json(kind="consent", content={})),
        ("desk", "an ack of no desk", _json(kind="ack", content={"desks": 0})),
        ("desk", "an ack without its number", _json(kind="ack", content={})),
        ("patient", "content as a list", _json(content=[])),
        ("patient", "content as null", _json(content=None)),
        ("patient", "an empty text", _text("")),
        ("patient", "a text too long", _text("a" * 12_001)),
        ("patient", "a text too long in bytes", _text("é" * 6_001)),
        ("patient", "a zero character", _raw('"hi"', '"\\u0000"')),
        ("patient", "a switch that is a number", _json(kind="assistant", content={"on": 1})),
        ("patient", "a deep nesting", _raw('{"text": "hi"}', '{"a":' * 3_000 + "1" + "}" * 3_000)),
        ("patient", "a deep list", b"[" * 15_000),
        ("patient", "a file too large", of_file(size=26_214_401, chunks=400)),
        ("patient", "a file of nothing", of_file(size=0)),
        ("patient", "a file with more chunks than it needs", of_file(chunks=2)),
        ("patient", "a file with chunks of no class", of_file(size=3 * 65_536, chunks=3)),
        ("patient", "a file name with a slash", of_file(name="../x")),
        ("patient", "a file name with a backslash", of_file(name="..\\x")),
        ("patient", "a file name with a line break", of_file(name="a\nb")),
        ("patient", "a file name too long", of_file(name="a" * 256)),
        ("patient", "a file type without a slash", of_file(type="pdf")),
        ("patient", "a file type in capitals", of_file(type="image/PNG")),
    ]


def bodies(_office: Office) -> list[dict[str, Any]]:
    found = []
    for is_read, rows in ((True, accepted()), (False, refused())):
        for role, name, data in rows:
            assert _is_read(data, Role(role)) is is_read, name
            found.append({"name": name, "role": role, "is_read": is_read, "json_hex": data})
    return found


def _is_read(data: bytes, role: Role) -> bool:
    try:
        read_body(data, role)
    except ValueError:
        return False
    return True
