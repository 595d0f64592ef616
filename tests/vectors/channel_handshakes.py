"""Vectors of handshakes: by invitation, at the open door, and the one that follows a generation."""

from typing import Any

from nacl.bindings import crypto_scalarmult_base

from app.channel.digests import digest
from app.channel.hello import WITH_PSK, WITHOUT_PSK, prologue
from app.channel.kinds import Kind
from app.channel.noise import HandshakeState
from app.channel.padding import unpad
from app.channel.patient_session import PatientSession
from app.crypto.derive import derive_key
from app.domain.post_sizes import HEADER_BYTES
from tests.support.channel import NOW_MS, FixedRandom, Office, Pair, fixed

DAY_MS = 86_400_000


def handshakes(office: Office) -> dict[str, Any]:
    pair = Pair.acquainted()
    door = Pair.acquainted(open_door=True)
    return {
        "office": office.id,
        "now_ms": NOW_MS,
        "admin": office.admin.public,
        "desk": office.desk_id,
        "desk_sign_seed": fixed("desk sign"),
        "roster_json": office.roster.data.decode(),
        "roster_sig": office.roster.signature,
        "invitation": _first(Pair.strangers()),
        "open_door": _first(Pair.strangers(open_door=True)),
        "renewal": _renewed(pair),
        "renewal_open_door": _renewed(door),
    }


def _first(pair: Pair) -> dict[str, Any]:
    return _handshake(pair, pair.patient, ("Good morning, is the practice open on Friday?",), pair.patient.state.psk)


def _renewed(pair: Pair) -> dict[str, Any]:
    current = pair.patient.line.current
    assert current is not None
    pair.now_ms += DAY_MS
    found = _handshake(pair, pair.patient, (), current.resume_psk)
    return {"root_before": current.root, **found}


def _handshake(pair: Pair, before: PatientSession, texts: tuple[str, ...], psk: bytes | None) -> dict[str, Any]:
    """Make a handshake by the sessions, and once more by Noise alone; both must give the same bytes."""
    pair.random = FixedRandom("hello")
    items = []
    for text in texts:
        pair.patient, item = pair.patient.compose(Kind.TEXT, {"text": text}, pair.now_ms, random=pair.random)
        items.append(item)
    e_patient, e_desk = fixed("ephemeral of the patient"), fixed("ephemeral of the desk")
    consent = pair.receipt() if texts else None
    pair.patient, hello = pair.patient.hello(items=items, receipt=consent, random=lambda _: e_patient)
    pair.random = lambda _: e_desk
    answer = pair.answer(hello).frame
    pair.patient = pair.patient.accept(answer, pair.now_ms)
    generation = pair.patient.line.current
    assert generation is not None
    state, office = before.state, pair.office
    pattern = WITHOUT_PSK if psk is None else WITH_PSK
    start = prologue(office.id, pair.invitation.address, digest("card", office.cards[-1][0].data))
    common = {"prologue": start, "psk": () if psk is None else psk}
    box = office.cards[-1][1]
    first = HandshakeState(
        pattern,
        is_initiator=True,
        static=state.static,
        remote_static=crypto_scalarmult_base(box),
        random=lambda _: e_patient,
        **common,
    )
    second = HandshakeState(pattern, is_initiator=False, static=box, random=lambda _: e_desk, **common)
    hello_plain = second.read(hello[HEADER_BYTES:])
    hello_hash = second.payload_hash
    assert first.write(hello_plain) == hello[HEADER_BYTES:]
    answer_plain = first.read(answer[HEADER_BYTES:])
    assert second.write(answer_plain) == answer[HEADER_BYTES:]
    keys = first.split()
    assert second.split() == keys
    assert derive_key(b"".join(keys), "root", first.hash) == generation.root
    return {
        "pattern": pattern,
        "address": pair.invitation.address,
        "card_digest": digest("card", office.cards[-1][0].data),
        "prologue": start,
        "psk": psk or b"",
        "patient_static_secret": state.static,
        "patient_static": crypto_scalarmult_base(state.static),
        "patient_sign_seed": state.seed,
        "verify": before.signer.public,
        "patient_ephemeral_secret": e_patient,
        "box_secret": box,
        "box": crypto_scalarmult_base(box),
        "desk_ephemeral_secret": e_desk,
        "hello_payload_hash": hello_hash,
        "hello_payload_signature": unpad(hello_plain)[:64],
        "hello_payload_json": unpad(hello_plain)[64:].decode(),
        "hello": hello,
        "answer_payload_hash": first.payload_hash,
        "answer_payload_signature": unpad(answer_plain)[:64],
        "answer_payload_json": unpad(answer_plain)[64:].decode(),
        "answer": answer,
        "hash": first.hash,
        "k1": keys[0],
        "k2": keys[1],
        "root": generation.root,
        "generation": generation.name,
        "resume_psk": generation.resume_psk,
        "safety_number": pair.patient.safety_number,
    }
