"""The vectors of the channel, byte for byte, in the browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)

from app.channel.digests import digest
from app.domain.strict_json import to_base64
from tests.unit.patient.engine.conftest import Page

pytestmark = pytest.mark.loopback
FOLDER = Path(__file__).parents[3] / "vectors"


def load(name: str) -> Any:
    return json.loads((FOLDER / "channel" / f"{name}.json").read_text())


def unhex(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("vector", json.loads((FOLDER / "noise" / "cacophony_ik.json").read_text())["vectors"])
def test_the_published_noise_vectors(page: Page, vector: dict[str, Any]) -> None:
    psks = vector.get("init_psks") or []
    first, second = vector["messages"][:2]
    found = page.call(
        "noise",
        prologue=unhex(vector["init_prologue"]),
        own=unhex(vector["init_static"]),
        remote=unhex(vector["init_remote_static"]),
        psk=unhex(psks[0]) if psks else None,
        ephemeral=unhex(vector["init_ephemeral"]),
        payload=unhex(first["payload"]),
        answer=unhex(second["ciphertext"]),
    )
    assert found["message"] == unhex(first["ciphertext"])
    assert found["payload"] == unhex(second["payload"])
    assert found["hash"] == unhex(vector["handshake_hash"])


def test_keys_and_digests(page: Page) -> None:
    found = load("derivations")
    for case in found["D"]:
        parts = [unhex(part) for part in case["parts"]]
        assert page.call("digest", label=case["label"], parts=parts) == unhex(case["digest"])
    for case in found["K"]:
        given = {"key": unhex(case["key"]), "label": case["label"], "parts": [unhex(part) for part in case["parts"]]}
        assert page.call("derive", **given) == unhex(case["derived"])
    root, chain = unhex(found["chains"]["root"]), unhex(found["chains"]["chain"])
    assert page.call("resume_psk", root=root) == unhex(found["chains"]["resume_psk"])
    for case in found["chains"]["roles"]:
        wanted = [unhex(key) for key in case["message_keys"]]
        assert page.call("message_keys", root=root, role=case["role"], chain=chain, count=len(wanted)) == wanted


def test_an_invitation(page: Page) -> None:
    found = load("invitation")
    fragment = found["link"].partition("#")[2]
    read = page.call("invitation", fragment=fragment, office=unhex(found["office"]))
    assert (read["inviteId"], read["address"]) == (unhex(found["invite_id"]), unhex(found["address"]))
    assert (read["token"], read["psk"]) == (unhex(found["token"]), unhex(found["psk"]))
    assert read["names"] is True
    assert read["again"] == fragment
    broken = [link.partition("#")[2] for link in found["refused"] if link.startswith("https://")]
    calls = [("invitation", {"fragment": each, "office": unhex(found["office"])}) for each in broken]
    assert page.call_all(calls) == [{"refused": "link"}] * len(calls)


def test_documents_are_taken_or_refused_with_their_codes(page: Page) -> None:
    found = load("documents")
    calls = []
    for case in found["cases"]:
        seen = case["seen"]
        kept = {"certificateSeq": seen["certificate_seq"], "cardSeq": seen["card_seq"]}
        given = {
            "document": unhex(case["json_hex"]),
            "now_s": case["now_s"],
            "office": unhex(case["expected_office"]),
            "seen": {**kept, "cardDigest": unhex(seen["card_digest"])} if seen["card_digest"] else None,
        }
        calls.append(("office", given))
    results = [result.get("refused", "ok") for result in page.call_all(calls)]
    named = [(case["name"], result) for case, result in zip(found["cases"], results, strict=True)]
    assert named == [(case["name"], case["result"]) for case in found["cases"]]


def test_roster_entries_are_taken_or_refused_with_their_codes(page: Page) -> None:
    found = load("documents")
    office = {"office": unhex(found["office"]), "admin": unhex(found["keys"]["admin"])}
    for case in found["roster_cases"]:
        given = {"json": unhex(case["json_hex"]), "sig": unhex(case["sig"]), **office}
        result = page.call("roster", **given, now_s=case["now_s"], least_epoch=case["least_epoch"])
        assert (case["name"], result.get("refused", "ok")) == (case["name"], case["result"])


def test_bodies_are_read_or_refused(page: Page) -> None:
    cases = load("bodies")
    calls = [("body", {"json": unhex(case["json_hex"]), "is_from_desk": case["role"] == "desk"}) for case in cases]
    results = page.call_all(calls)
    named = [(case["name"], "refused" not in result) for case, result in zip(cases, results, strict=True)]
    assert named == [(case["name"], case["is_read"]) for case in cases]


def test_padding(page: Page) -> None:
    found = load("padding")
    classes = found["classes"]
    for case in found["padded"]:
        padded = page.call("pad", plain=b"\x80" * case["length"], classes=classes)
        assert len(padded) == case["class"]
        assert page.call("unpad", padded=padded, classes=classes) == b"\x80" * case["length"]
    example = found["example"]
    assert page.call("pad", plain=unhex(example["plain"]), classes=classes) == unhex(example["padded"])
    assert page.call("pad", plain=bytes(found["too_long"]), classes=classes) == {"refused": "too_long"}
    calls = [("unpad", {"padded": unhex(each), "classes": classes}) for each in found["refused"]]
    assert page.call_all(calls) == [{"refused": "padding"}] * len(calls)


@pytest.mark.parametrize("name", ["invitation", "open_door", "renewal", "renewal_open_door"])
def test_handshakes(page: Page, name: str) -> None:
    found = load("handshakes")
    case = found[name]
    payload = json.loads(case["hello_payload_json"])
    prologue = unhex(case["prologue"])
    assert prologue[:43] == b"vestibule/1" + unhex(found["office"])
    office = {"officeId": unhex(found["office"]), "cardDigest": prologue[-32:], "admin": unhex(found["admin"])}
    made = page.call(
        "handshake",
        office={**office, "card": {"boxes": [unhex(case["box"])]}},
        now_ms=found["now_ms"],
        own=unhex(case["patient_static_secret"]),
        seed=unhex(case["patient_sign_seed"]),
        ephemeral=unhex(case["patient_ephemeral_secret"]),
        address=unhex(case["address"]),
        psk=unhex(case["psk"]) or None,
        receipt=payload["receipt"],
        items=payload["texts"],
        answer=unhex(case["answer"]),
    )
    assert made["hello"] == unhex(case["hello"])
    assert made["generation"] == {
        "id": unhex(case["generation"]),
        "h": unhex(case["hash"]),
        "root": unhex(case["root"]),
    }
    assert made["resume"] == unhex(case["resume_psk"])
    assert made["desk"]["id"] == unhex(found["desk"])


def test_frames_of_both_sides_are_made_and_opened_byte_for_byte(page: Page) -> None:
    found = load("frames")
    generation = {"id": unhex(found["generation"]), "h": unhex(found["hash"]), "root": unhex(found["root"])}
    place = {"address": unhex(found["address"]), "generation": generation}
    for case in found["frames"]:
        side = found[case["role"]]
        is_desk = case["role"] == "desk"
        body = case["body_json"].encode()
        again = page.call("write_body", json=body, is_from_desk=is_desk)
        assert again == body
        frame = page.call(
            "seal_frame",
            **place,
            role=case["role"],
            chain=unhex(case["chain"]),
            number=case["number"],
            sender=unhex(side["sender"]),
            seed=unhex(side["seed"]),
            body=body,
            nonce=unhex(case["nonce"]),
        )
        assert frame == unhex(case["frame"])
        key = unhex(side["sign" if is_desk else "verify"])
        opened = page.call("open_frame", **place, role=case["role"], frame=frame, key=key)
        assert (opened["body"], opened["is_signed"], opened["message"]) == (body, True, unhex(case["signed"]))
        assert opened["sender"] == unhex(side["sender"])


def test_frames_that_do_not_open_are_refused_with_their_codes(page: Page) -> None:
    found = load("frames")
    generation = {"id": unhex(found["generation"]), "h": unhex(found["hash"]), "root": unhex(found["root"])}
    place = {"address": unhex(found["address"]), "generation": generation, "key": unhex(found["patient"]["verify"])}
    for case in found["refused"]:
        if case["code"] in {"header", "sealed", "padding"}:
            result = page.call("open_frame", **place, role="patient", frame=unhex(case["frame"]))
            assert (case["name"], result) == (case["name"], {"refused": case["code"]})


def test_the_receipt(page: Page) -> None:
    found = load("receipt")
    fields = json.loads(found["receipt_json"])
    given = {
        "office": unhex(found["office"]),
        "notice": {"b64": fields["notice"]},
        "noticeVersion": fields["notice_version"],
        "language": fields["language"],
        "shown": found["shown_text"],
        "assistant": fields["assistant"],
        "address": unhex(found["address"]),
        "atMs": fields["at_ms"],
    }
    receipt = page.call("receipt", given=given, seed=unhex(found["patient_seed"]))
    assert receipt == {"receipt": to_base64(found["receipt_json"].encode()), "sig": to_base64(unhex(found["sig"]))}
    assert page.call("signed", receipt=receipt, key=unhex(found["verify"])) is True
    assert page.call("signed", receipt={**receipt, "sig": to_base64(bytes(64))}, key=unhex(found["verify"])) is False
    counter = found["countersigned"]
    sig, key = to_base64(unhex(counter["sig"])), unhex(counter["desk_sign"])
    assert page.call("countersigned", receipt=receipt, sig=sig, key=key) is True
    assert page.call("countersigned", receipt=receipt, sig=sig, key=unhex(found["verify"])) is False


def test_the_safety_number(page: Page) -> None:
    for case in load("safety"):
        number = page.call(
            "safety",
            root=unhex(case["root"]),
            patientStatic=unhex(case["static"]),
            patientVerify=unhex(case["verify"]),
            address=unhex(case["address"]),
        )
        assert number == case["digits"]


def test_attachments(page: Page) -> None:
    for case in load("attachments")["files"]:
        if "chunks" not in case:
            continue
        data = bytes(i * i % 251 for i in range(case["size"]))
        sealed = page.call("seal_file", file=data)
        opened = {"key": sealed["key"], "digest": sealed["digest"], "size": len(data), "chunks": sealed["chunks"]}
        assert sealed["digest"] == unhex(case["digest"])
        assert sealed["chunks"] == len(case["chunks"])
        assert page.call("open_file", file=opened, pieces=sealed["pieces"]) == data
        for wrong in ("digest", "size"):
            other = bytes(32) if wrong == "digest" else len(data) - 1
            refused = page.call("open_file", file={**opened, wrong: other}, pieces=sealed["pieces"])
            assert refused == {"refused": "file"}
        pieces = _sealed(data, unhex(case["key"]), len(case["chunks"]))
        assert [digest("chunk", piece) for piece in pieces] == [unhex(name) for name in case["chunks"]]
        assert page.call("open_file", file={**opened, "key": unhex(case["key"])}, pieces=pieces) == data


def _sealed(data: bytes, key: bytes, count: int) -> list[bytes]:
    """Seal under a fixed header: a stream that is begun for pulling stands as one that is begun for pushing."""
    state = crypto_secretstream_xchacha20poly1305_state()
    crypto_secretstream_xchacha20poly1305_init_pull(state, key[32:], key[:32])
    filled = data.ljust(count * 65_536, b"\0")
    return [
        crypto_secretstream_xchacha20poly1305_push(
            state, filled[n * 65_536 : (n + 1) * 65_536], tag=3 if n == count - 1 else 0
        )
        for n in range(count)
    ]
