"""Vectors of the small parts: derivations, invitation, padding, attachments, receipt, safety number."""

from typing import Any

from app.channel.attachments import seal_file
from app.channel.chains import first_key, message_key, next_key
from app.channel.digests import digest, token_hash
from app.channel.issuing import notice_digest
from app.channel.kinds import Role
from app.channel.padding import pad
from app.channel.receipts import Receipt, countersign, shown_digest
from app.channel.safety import safety_number
from app.channel.signing import Signer
from app.crypto.derive import derive_key
from app.domain.post_sizes import PLAIN_CLASSES
from tests.support.channel import NOW_MS, SHOWN, FixedRandom, Office, fixed


def derivations(_office: Office) -> dict[str, Any]:
    rows = [("token", [fixed("a token")]), ("shown", ["señal".encode()]), ("empty", []), ("two", [b"", b"ab"])]
    root, chain = fixed("a root"), fixed("a chain", 16)
    chains = []
    for role in Role:
        first = first_key(root, role, chain)
        chains.append(
            {
                "role": role.value,
                "chain_keys": [first, next_key(first), next_key(next_key(first))],
                "message_keys": [message_key(first), message_key(next_key(first))],
            }
        )
    return {
        "D": [{"label": label, "parts": parts, "digest": digest(label, *parts)} for label, parts in rows],
        "K": [
            {
                "key": fixed("a key", size),
                "label": label,
                "parts": parts,
                "derived": derive_key(fixed("a key", size), label, *parts),
            }
            for size, (label, parts) in zip((16, 32, 64, 32), rows, strict=True)
        ],
        "chains": {"root": root, "chain": chain, "resume_psk": derive_key(root, "resume"), "roles": chains},
    }


def invitation(office: Office) -> dict[str, Any]:
    made = office.invite()
    return {
        "office": office.id,
        "invite_id": made.invite_id,
        "secret": made.secret,
        "fp20": made.fingerprint,
        "link": made.link("https://desk.example.org"),
        "address": made.address,
        "token": made.token,
        "token_hash": token_hash(made.token),
        "psk": made.psk(office.id),
        "refused": _broken_links(made.link("https://desk.example.org")),
    }


def _broken_links(link: str) -> list[str]:
    before, _, after = link.partition("#1.")
    one, two, three = after.split(".")
    return [
        "",
        before,
        f"{before}#{after}",
        f"{before}#2.{after}",
        f"{before}#1.{one}.{two}",
        f"{before}#1.{one}.{two}.{three}.",
        f"{before}#1.{one[:-1]}.{two}.{three}",
        f"{before}#1.{one}.{two}=.{three}",
        f"{before}#1.{one}.{two[:-1]}+.{three}",
        f"{before}#1.{one[:-1]}_.{two}.{three}",
        f"{link}#",
        f"ftp{link.removeprefix('https')}",
    ]


def padding(_office: Office) -> dict[str, Any]:
    lengths = [0, 1, 254, 255, 256, 1_022, 1_023, 1_024, 4_095, 16_383]
    return {
        "classes": list(PLAIN_CLASSES),
        "padded": [{"length": size, "class": len(pad(bytes(size)))} for size in lengths],
        "example": {"plain": b"ab\x80", "padded": pad(b"ab\x80")},
        "too_long": 16_384,
        "refused": [bytes(256), b"\x01".ljust(256, b"\0"), b"\x80\x01".ljust(256, b"\0"), b"a" * 256],
    }


def attachments(_office: Office) -> dict[str, Any]:
    return {
        "rule": "byte i of a file is i*i mod 251; each sealed chunk is named by D('chunk', chunk)",
        "files": [_file(size) for size in (1, 65_536, 65_537, 200_000)],
    }


def _file(size: int) -> dict[str, Any]:
    sealed = seal_file(bytes(i * i % 251 for i in range(size)), random=FixedRandom(f"file {size}"))
    return {
        "size": size,
        "blob": sealed.blob,
        "key": sealed.key,
        "digest": sealed.digest,
        "chunks": [digest("chunk", chunk) for chunk in sealed.chunks],
        "first_bytes": sealed.chunks[0][:64],
    }


def receipt(office: Office) -> dict[str, Any]:
    patient = Signer(fixed("patient sign"))
    address = office.invite().address
    consent = Receipt(office.id, notice_digest(office.notice_data), 1, "en", shown_digest(SHOWN), True, address, NOW_MS)
    signed = consent.sign(patient)
    content = countersign(signed, office.desk_key)
    return {
        "patient_seed": fixed("patient sign"),
        "verify": patient.public,
        "office": office.id,
        "address": address,
        "shown_text": SHOWN,
        "shown": consent.shown,
        "receipt_json": signed.data.decode(),
        "sig": signed.signature,
        "countersigned": {"desk_sign": office.desk_key.public, "receipt": content["receipt"], "sig": content["sig"]},
    }


def safety(office: Office) -> list[dict[str, Any]]:
    cases = [(fixed("static"), fixed("verify"), fixed("address", 16)), (bytes(32), bytes(32), bytes(16))]
    return [
        {
            "root": office.root.public,
            "static": static,
            "verify": verify,
            "address": address,
            "digits": safety_number(office.root.public, static, verify, address),
        }
        for static, verify, address in cases
    ]
