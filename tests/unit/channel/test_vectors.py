"""Our own vectors: made again they are the same, and a reading of the specification without our code agrees with them.

What recomputes them here stands on hashlib and PyNaCl's primitives alone, so that a mistake in ``app.channel`` cannot
hide in its own vectors.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_scalarmult_base,
)
from nacl.signing import SigningKey, VerifyKey

from app.channel.bodies import read_body
from app.channel.documents import OfficeDocument, SeenOffice
from app.channel.errors import DocumentRefusedError, LinkFormatError
from app.channel.invitation import Invitation
from app.channel.kinds import Role
from app.channel.noise import HandshakeState
from app.channel.padding import unpad
from app.channel.roster import open_roster_entry
from app.channel.signing import Signed
from tests.vectors import make_channel

FOLDER = Path(make_channel.__file__).parent / "channel"
VERSION = b"vestibule/1"


def vector(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def unhex(text: str) -> bytes:
    return bytes.fromhex(text)


def row(label: str, parts: list[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (VERSION, label.encode(), *parts))


def d(label: str, *parts: bytes) -> bytes:
    return hashlib.blake2b(row(label, list(parts)), digest_size=32).digest()


def k(key: bytes, label: str, *parts: bytes) -> bytes:
    return hashlib.blake2b(row(label, list(parts)), digest_size=32, key=key).digest()


@pytest.mark.parametrize("name", list(make_channel.MAKERS))
def test_the_files_are_what_the_script_makes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == make_channel.made(name)


def test_there_is_no_file_that_nothing_makes() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(make_channel.MAKERS)


def test_derivations_follow_the_rows_of_the_specification() -> None:
    found = vector("derivations")
    for one in found["D"]:
        assert d(one["label"], *map(unhex, one["parts"])).hex() == one["digest"]
    for one in found["K"]:
        assert k(unhex(one["key"]), one["label"], *map(unhex, one["parts"])).hex() == one["derived"]
    chains = found["chains"]
    for one in chains["roles"]:
        key = k(unhex(chains["root"]), "chain", one["role"].encode(), unhex(chains["chain"]))
        for wanted, message in zip(one["chain_keys"], [*one["message_keys"], None], strict=True):
            assert key.hex() == wanted
            assert message is None or k(key, "m").hex() == message
            key = k(key, "c")


def test_an_invitation_gives_address_token_and_psk() -> None:
    found = vector("invitation")
    secret, invite_id = unhex(found["secret"]), unhex(found["invite_id"])
    made = Invitation.parse(found["link"])
    assert (made.invite_id, made.secret) == (invite_id, secret)
    assert made.fingerprint.hex() == found["fp20"] == found["office"][:40]
    assert made.address.hex() == k(secret, "address", invite_id).hex()[:32] == found["address"]
    assert made.token.hex() == k(secret, "token", invite_id).hex() == found["token"]
    assert d("token", made.token).hex() == found["token_hash"]
    assert made.psk(unhex(found["office"])).hex() == k(secret, "invite", invite_id, unhex(found["office"])).hex()
    assert made.psk(unhex(found["office"])).hex() == found["psk"]
    for link in found["refused"]:
        with pytest.raises(LinkFormatError):
            Invitation.parse(link)


def test_documents_are_signed_as_the_specification_says() -> None:
    found = vector("documents")
    keys = found["keys"]
    root, admin = VerifyKey(unhex(keys["root"])), VerifyKey(unhex(keys["admin"]))
    root.verify(d("admin certificate", found["certificate_json"].encode()), unhex(found["certificate_sig"]))
    admin.verify(d("card", found["card_json"].encode()), unhex(found["card_sig"]))
    admin.verify(d("roster", found["roster_json"].encode()), unhex(found["roster_sig"]))
    assert d("office", unhex(keys["root"])).hex() == found["office"]
    assert d("card", found["card_json"].encode()).hex() == found["card_digest"]
    assert found["card_name"] == found["card_digest"][:32]
    assert d("notice", found["notice_json"].encode()).hex() == found["notice_digest"]


@pytest.mark.parametrize("case", vector("documents")["cases"], ids=lambda case: case["name"])
def test_a_document_is_taken_or_refused_with_its_code(case: dict[str, Any]) -> None:
    seen = SeenOffice(case["seen"]["certificate_seq"], case["seen"]["card_seq"], unhex(case["seen"]["card_digest"]))
    try:
        OfficeDocument.open(unhex(case["json_hex"]), unhex(case["expected_office"]), now_s=case["now_s"], seen=seen)
        result = "ok"
    except DocumentRefusedError as refused:
        result = refused.code
    assert result == case["result"]


def test_only_the_honest_documents_are_taken() -> None:
    assert {case["name"] for case in vector("documents")["cases"] if case["result"] == "ok"} == {
        "the first card",
        "by its fingerprint",
        "the same card again",
        "the next card",
        "a card in its last second",
        "a card from a day ahead",
    }


@pytest.mark.parametrize("case", vector("documents")["roster_cases"], ids=lambda case: case["name"])
def test_a_roster_entry_is_taken_or_refused_with_its_code(case: dict[str, Any]) -> None:
    found = vector("documents")
    signed = Signed(unhex(case["json_hex"]), unhex(case["sig"]))
    office, admin = unhex(found["office"]), unhex(found["keys"]["admin"])
    try:
        open_roster_entry(signed, office, admin, now_s=case["now_s"], least_epoch=case["least_epoch"])
        result = "ok"
    except DocumentRefusedError as refused:
        result = refused.code
    assert result == case["result"]


@pytest.mark.parametrize("name", ["invitation", "open_door", "renewal", "renewal_open_door"])
def test_a_handshake_gives_its_bytes_and_its_root(name: str) -> None:
    found = vector("handshakes")
    one = found[name]
    psk, patient, desk = unhex(one["psk"]), unhex(one["patient_ephemeral_secret"]), unhex(one["desk_ephemeral_secret"])
    common: dict[str, Any] = {"prologue": unhex(one["prologue"]), "psk": psk or ()}
    initiator = HandshakeState(
        one["pattern"],
        is_initiator=True,
        static=unhex(one["patient_static_secret"]),
        remote_static=unhex(one["box"]),
        random=lambda _: patient,
        **common,
    )
    box = unhex(one["box_secret"])
    responder = HandshakeState(one["pattern"], is_initiator=False, static=box, random=lambda _: desk, **common)
    hello, answer = unhex(one["hello"]), unhex(one["answer"])
    payload = responder.read(hello[38:])
    assert initiator.write(payload) == hello[38:]
    assert responder.payload_hash.hex() == one["hello_payload_hash"]
    plain = unpad(payload)
    assert plain == unhex(one["hello_payload_signature"]) + one["hello_payload_json"].encode()
    message = d("hello payload", unhex(one["hello_payload_hash"]), plain[64:])
    VerifyKey(unhex(one["verify"])).verify(message, plain[:64])
    payload = initiator.read(answer[38:])
    assert responder.write(payload) == answer[38:]
    plain = unpad(payload)
    assert plain == unhex(one["answer_payload_signature"]) + one["answer_payload_json"].encode()
    message = d("answer payload", unhex(one["answer_payload_hash"]), plain[64:])
    SigningKey(unhex(found["desk_sign_seed"])).verify_key.verify(message, plain[:64])
    assert initiator.hash.hex() == responder.hash.hex() == one["hash"]
    assert [key.hex() for key in initiator.split()] == [one["k1"], one["k2"]]


@pytest.mark.parametrize("name", ["invitation", "open_door", "renewal", "renewal_open_door"])
def test_what_surrounds_a_handshake_follows_the_specification(name: str) -> None:
    found = vector("handshakes")
    one = found[name]
    card = one["card_digest"]
    assert (card == vector("documents")["card_digest"]) is ("open_door" not in name)
    assert one["prologue"] == VERSION.hex() + found["office"] + one["address"] + card
    hello, answer = unhex(one["hello"]), unhex(one["answer"])
    ephemeral = crypto_scalarmult_base(unhex(one["patient_ephemeral_secret"]))
    chain = d("hello", ephemeral)[:16].hex()
    assert hello[:38].hex() == "0101" + card[:32] + chain + "00000000"
    assert answer[:38].hex() == "0102" + card[:32] + chain + "00000001"
    assert hello[38:70] == ephemeral
    root = k(unhex(one["k1"]) + unhex(one["k2"]), "root", unhex(one["hash"]))
    assert root.hex() == one["root"]
    assert one["generation"] == one["hash"][:32]
    assert k(root, "resume").hex() == one["resume_psk"]
    if "root_before" in one:
        assert k(unhex(one["root_before"]), "resume").hex() == one["psk"]


@pytest.mark.parametrize("number", range(20))
def test_a_frame_gives_its_bytes_from_the_root(number: int) -> None:
    found = vector("frames")
    one = found["frames"][number]
    chain_key = k(unhex(found["root"]), "chain", one["role"].encode(), unhex(one["chain"]))
    for _ in range(one["number"]):
        chain_key = k(chain_key, "c")
    assert chain_key.hex() == one["chain_key"]
    key = k(chain_key, "m")
    header = b"\1\3" + unhex(found["generation"]) + unhex(one["chain"]) + one["number"].to_bytes(4, "big")
    aad = unhex(found["address"]) + bytes([one["role"] == "desk"]) + header
    assert aad.hex() == one["aad"]
    side = found[one["role"]]
    body = one["body_json"].encode()
    message = d("msg", unhex(found["hash"]), aad, unhex(side["sender"]), body)
    assert message.hex() == one["signed"]
    signature = SigningKey(unhex(side["seed"])).sign(message).signature
    assert signature.hex() == one["signature"]
    plain = unhex(side["sender"]) + signature + body + b"\x80"
    padded = plain.ljust(next(size for size in (256, 1_024, 4_096, 16_384) if len(plain) <= size), b"\0")
    assert len(padded) == one["padded_length"]
    nonce = unhex(one["nonce"])
    frame = header + nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(padded, aad, nonce, key)
    assert frame.hex() == one["frame"]
    assert d("frame", frame)[:16].hex() == one["digest"]
    assert crypto_aead_xchacha20poly1305_ietf_decrypt(frame[62:], aad, nonce, key) == padded
    assert json.loads(body)["content"] == one["content"]


def test_every_kind_of_each_side_has_its_frame_and_acks_are_small() -> None:
    found = vector("frames")
    assert len(found["frames"]) == 24
    assert {one["padded_length"] for one in found["frames"] if one["kind"] in {"ack", "read"}} == {256}
    assert d("sender", unhex(found["patient"]["verify"]))[:16].hex() == found["patient"]["sender"]


def test_frames_of_one_sender_name_the_one_before() -> None:
    frames = vector("frames")["frames"]
    for role in ("patient", "desk"):
        mine = [one for one in frames if one["role"] == role]
        for before, after in pairwise(mine):
            prev = json.loads(after["body_json"])["prev"]
            assert hashlib.blake2b(row("frame", [unhex(before["frame"])]), digest_size=32).digest()[:16] == (
                urlsafe_b64decode(prev + "==")
            )


@pytest.mark.parametrize("case", vector("bodies"), ids=lambda case: f"{case['role']}: {case['name']}")
def test_a_body_is_read_or_refused(case: dict[str, Any]) -> None:
    data, role = unhex(case["json_hex"]), Role(case["role"])
    if case["is_read"]:
        read_body(data, role)
        return
    with pytest.raises(ValueError):
        read_body(data, role)


def test_a_receipt_is_signed_and_countersigned() -> None:
    found = vector("receipt")
    data, sig = found["receipt_json"].encode(), unhex(found["sig"])
    VerifyKey(unhex(found["verify"])).verify(d("receipt", data), sig)
    assert d("shown", found["shown_text"].encode()).hex() == found["shown"]
    counter = found["countersigned"]
    assert counter["receipt"] == d("receipt", data).hex()
    message = d("receipt countersigned", data, sig)
    VerifyKey(unhex(counter["desk_sign"])).verify(message, unhex(counter["sig"]))


def test_a_safety_number_is_eight_groups_of_the_digest() -> None:
    for one in vector("safety"):
        found = d("safety", *(unhex(one[name]) for name in ("root", "static", "verify", "address")))
        groups = [f"{int.from_bytes(found[i : i + 4], 'big') % 100_000:05d}" for i in range(0, 32, 4)]
        assert one["digits"] == " ".join(groups)


def test_padding_ends_in_one_mark_and_zeros() -> None:
    found = vector("padding")
    assert unpad(unhex(found["example"]["padded"])) == unhex(found["example"]["plain"])
    for data in found["refused"]:
        with pytest.raises(ValueError, match="not padded"):
            unpad(unhex(data))
